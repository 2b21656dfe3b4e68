"""What a figure is drawn from: one shape for a table's analysis and for a planned synthesis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tamis.domain.errors import BadInput
from tamis.domain.results import (
    EffectRow,
    PooledResult,
    Refusal,
    SingleResult,
    StudyEffect,
    Synthesis,
)
from tamis.report.measures import setting
from tamis.synthesis import MEASURES, MetaResult, MetaSettings, PoolSettings, effect_rows
from tamis.synthesis.measures import Measure
from tamis.synthesis.regression.model import RegressionResult
from tamis.synthesis.requested import Subgroups

__all__ = ["Given", "Result", "given"]

#: What can be drawn.
Result = MetaResult | Synthesis


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A result to be drawn; ``groups`` names the subgroup of each study, or is empty."""

    kind: Measure
    method: str
    level: str
    studies: tuple[StudyEffect, ...]
    rows: tuple[object, ...]
    pooled: PooledResult | None
    single: tuple[SingleResult, ...]
    refused: Refusal | None
    settings: Mapping[str, str] = field(default_factory=dict)
    groups: tuple[str, ...] = ()
    subgroups: Subgroups | Refusal | None = None
    regression: RegressionResult | Refusal | None = None
    also: Mapping[str, object] = field(default_factory=dict)

    @property
    def log(self) -> bool:
        """Whether the axis is logarithmic."""
        return self.kind.scale == "log"

    @property
    def label(self) -> str:
        """The measure in words, as it is shown: without the scale on which it was analysed."""
        own = self.kind.scale in ("identity", "log") and self.kind.null is not None
        return self.kind.label if own else self.kind.label.partition(" (")[0]

    @property
    def heading(self) -> str:
        """The same with a capital letter."""
        return self.label[:1].upper() + self.label[1:]

    @property
    def percent(self) -> str:
        """The level of confidence as it is printed."""
        return f"{float(self.level) * 100:g}%"

    def effects(self, needed: int, what: str) -> tuple[EffectRow, ...]:
        """Return the effects with their variances on the analysis scale.

        Raises
        ------
        BadInput
            When fewer than needed have a standard error.
        """
        found = effect_rows(self.studies)
        if len(found) >= needed:
            return found
        remedy = "give more studies, or another figure"
        if len(self.studies) >= needed:
            remedy = "choose a measure with standard errors (PLO for proportions)"
        raise BadInput(
            f"{what} needs {needed} studies with a standard error, and there are {len(found)}",
            remedy,
        )

    def pooling(self) -> PoolSettings:
        """Return the settings of what is computed beside the pool: always inverse variance."""
        return MetaSettings(
            method=self.method if self.method != "one-study" else "REML",
            test=setting(self.settings, "test", "auto"),
            level=self.level,
        ).beside()


def given(result: Result) -> Given:
    """Return a result in the shape that figures are drawn from.

    Raises
    ------
    BadInput
        For anything that is no result, and for one without studies.
    """
    if isinstance(result, MetaResult):
        made = Given(
            kind=_kind(result.measure), method=result.method,
            level=setting(result.settings, "level", "0.95"), studies=result.studies,
            rows=result.rows, pooled=result.pooled, single=result.single, refused=result.refused,
            settings=result.settings, groups=result.groups, subgroups=result.subgroups,
            regression=result.regression, also=result.also,
        )  # fmt: skip
    elif isinstance(result, Synthesis):
        made = Given(
            kind=_kind(result.effects[0].measure if result.effects else result.plan.measure),
            method=result.pooled.method if result.pooled else result.plan.method,
            level=setting(result.settings, "level", "0.95"), studies=result.effects,
            rows=result.rows, pooled=result.pooled, single=result.single, refused=result.refusal,
            settings=result.settings,
        )  # fmt: skip
    else:
        raise BadInput(f"{type(result).__name__} cannot be drawn", "give what meta_analyse returns")
    if not made.studies:
        raise BadInput("there is no study to draw", "give a table with one study or more")
    return made


def _kind(name: str) -> Measure:
    return MEASURES.get(name) or Measure(name=name, label=name, rows="any", null=None)
