"""``meta_analyse``: a table, a measure and settings give one result that a program can read."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from tamis.domain.results import (
    BinaryRow,
    Finding,
    Interval,
    PooledResult,
    ProportionRow,
    Refusal,
    SingleResult,
    StudyEffect,
    SynthesisRow,
)
from tamis.synthesis.effect_sizes import effect_rows, effects
from tamis.synthesis.inverse_variance import NO_DATA, fit_rows, pooled_of
from tamis.synthesis.measures import Measure, measure_of
from tamis.synthesis.pooled import zero_cell_warning
from tamis.synthesis.proportions import pool_proportions
from tamis.synthesis.scales import forth
from tamis.synthesis.settings import EffectSettings, PoolSettings, ProportionSettings
from tamis.synthesis.shares import clopper_pearson
from tamis.synthesis.small_sample import effect_of_single, one_study
from tamis.synthesis.strata import METHODS, pool_tables
from tamis.synthesis.table import TableRow, read_rows

__all__ = ["MetaResult", "MetaSettings", "meta_analyse"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MetaSettings:
    """Settings of ``meta_analyse``.

    Parameters
    ----------
    method
        An estimator of tau2 or ``FE``; ``MH`` or ``PETO`` for counts; ``GLMM`` for proportions
        (its default: other methods pool transformed proportions).
    test, prediction, level
        As in ``PoolSettings``.
    effects
        How effect sizes are computed.
    """

    method: str = "REML"
    test: str = "auto"
    prediction: str = "V"
    level: str = "0.95"
    effects: EffectSettings = field(default_factory=EffectSettings)

    def pooling(self) -> PoolSettings:
        """Return the settings of an inverse-variance pool, checked."""
        return PoolSettings(
            method=self.method, test=self.test, prediction=self.prediction, level=self.level
        )

    def as_dict(self) -> dict[str, str]:
        """Return the settings as texts."""
        own = {name: getattr(self, name) for name in ("method", "test", "prediction", "level")}
        return own | {f"effects.{name}": text for name, text in self.effects.as_dict().items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class MetaResult:
    """What ``tamis meta`` prints.

    ``pooled`` is set from two studies on, ``single`` for one (then nothing is pooled), and
    ``refused`` says why there is neither.
    """

    measure: str
    method: str
    k: int
    studies: tuple[StudyEffect, ...] = ()
    pooled: PooledResult | None = None
    single: tuple[SingleResult, ...] = ()
    refused: Refusal | None = None
    warnings: tuple[Finding, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """Return the result as plain JSON values (contracts, section 5).

        ``estimate``, ``ci_*`` and ``pi_*`` are on the scale that is shown; the same on the
        analysis scale carry its name (``log_estimate``, ``logit_ci_low``, …), and ``se`` is on
        that scale. Unknown is null; an infinite limit is the text "Infinity".
        """
        kind = measure_of(self.measure)
        shown = _pooled_json(self.pooled) if self.pooled else _single_json(self.single)
        scale = "logit" if self.pooled and self.pooled.method.startswith("GLMM") else kind.scale
        named = _named(self.pooled, scale) if self.pooled else {}
        body: dict[str, object] = {
            "measure": self.measure,
            "method": self.method,
            "k": self.k,
            "scale": "raw" if scale == "identity" else scale,
            **shown,
            **named,
            "weights": [one.weight for one in self.studies],
            "studies": [_study_json(one) for one in self.studies],
            "warnings": [
                {"rule": one.rule, "severity": one.severity, "message": one.message}
                for one in self.warnings
            ],
            "settings": dict(self.settings),
        }
        if self.single:
            body["one_study"] = [_one_json(one) for one in self.single]
        if self.refused:
            body["refused"] = {"rule": self.refused.rule, "message": self.refused.message}
        return {key: _plain(value) for key, value in body.items()}


def meta_analyse(
    rows: Sequence[TableRow],
    *,
    measure: str,
    settings: MetaSettings | None = None,
    name: str = "table",
) -> MetaResult:
    """Analyse a plain table of studies.

    Parameters
    ----------
    rows
        One mapping a study. Columns: ``events1 n1 events2 n2``, ``mean1 sd1 n1 mean2 sd2 n2``,
        ``yi`` with ``vi`` or ``sei``, or ``events n``; ``study`` names it.
    measure
        RR, OR, RD, AS, PETO, MD, SMD, PR (and PLO, PLN, PAS), HR or GEN. ``yi`` of a ratio is
        its logarithm.
    settings
        Method, interval, level, zero cells. One study is read alone whatever the method.
    name
        Name of the table in error messages.

    Returns
    -------
    MetaResult
        With ``as_json``.

    Raises
    ------
    BadInput
        For missing columns, empty cells, counts that cannot be: with file, line and column.

    Examples
    --------
    >>> table = [{"study": "a", "events1": 9, "n1": 12, "events2": 5, "n2": 6}]
    >>> done = meta_analyse(table, measure="RD").as_json()
    >>> done["k"], done["method"], round(done["estimate"], 3), round(done["ci_low"], 3)
    (1, 'one-study', -0.083, -0.397)
    """
    settings = settings or MetaSettings()
    found = read_rows(rows, measure=measure, name=name)
    chosen = _Chosen(measure_of(measure), found, settings)
    if not found:
        return chosen.result(refused=NO_DATA)
    if len(found) == 1:
        return _alone(chosen)
    if settings.method in METHODS:
        return _by_tables(chosen)
    counts = [row for row in found if isinstance(row, ProportionRow)]
    if len(counts) == len(found) and (settings.method == "GLMM" or measure == "PR"):
        return _by_model(chosen, counts)
    return _by_variance(chosen)


@dataclass(frozen=True, slots=True)
class _Chosen:
    kind: Measure
    rows: tuple[SynthesisRow, ...]
    settings: MetaSettings

    def result(
        self,
        *,
        method: str = "",
        studies: tuple[StudyEffect, ...] = (),
        pooled: PooledResult | None = None,
        single: tuple[SingleResult, ...] = (),
        refused: Refusal | None = None,
        warnings: tuple[Finding, ...] = (),
    ) -> MetaResult:
        return MetaResult(
            measure=self.kind.name,
            method=method or self.settings.method,
            k=len(self.rows),
            studies=studies,
            pooled=pooled,
            single=single,
            refused=refused,
            warnings=warnings,
            settings=self.settings.as_dict(),
        )


def _alone(chosen: _Chosen) -> MetaResult:
    row, level = chosen.rows[0], chosen.settings.level
    name = "PR" if isinstance(row, ProportionRow) else chosen.kind.name
    found = one_study(row, name, level=level)
    if isinstance(found, Refusal) and found.rule == "no-single-study-method":
        given = effect_rows(effects(name, [row], settings=chosen.settings.effects))
        found = one_study(given[0], name, level=level) if given else found
    if isinstance(found, Refusal):
        return chosen.result(method="one-study", refused=found)
    said = Finding(
        rule="one-study",
        severity="note",
        subject=name,
        message="One study: nothing is pooled, and the variance between studies is not estimable.",
    )
    return chosen.result(
        method="one-study",
        studies=(effect_of_single(found),),
        single=(found,),
        warnings=(said, *found.warnings),
    )


def _by_tables(chosen: _Chosen) -> MetaResult:
    method, level = chosen.settings.method, chosen.settings.level
    tables = [row for row in chosen.rows if isinstance(row, BinaryRow)]
    studies = effects(chosen.kind.name, chosen.rows, settings=chosen.settings.effects)
    if len(tables) < len(chosen.rows):
        message = f"The method {method} needs the counts of both arms."
        refused = Refusal(rule="method-does-not-fit-measure", message=message)
        return chosen.result(studies=studies, refused=refused)
    done = pool_tables(tables, measure=chosen.kind.name, method=method, level=level)
    if isinstance(done, Refusal):
        return chosen.result(studies=studies, refused=done)
    return chosen.result(studies=studies, pooled=done, warnings=done.warnings)


def _by_model(chosen: _Chosen, rows: Sequence[ProportionRow]) -> MetaResult:
    level = chosen.settings.level
    prediction = chosen.settings.prediction
    kinds = ProportionSettings(
        level=level, prediction=prediction if prediction in ("V", "S", "none") else "V"
    )
    done = pool_proportions(rows, settings=kinds)
    studies = tuple(_exact(row, level) for row in rows)
    if isinstance(done, Refusal):
        return chosen.result(method="GLMM", studies=studies, refused=done)
    return chosen.result(method="GLMM", studies=studies, pooled=done, warnings=done.warnings)


def _exact(row: ProportionRow, level: str) -> StudyEffect:
    interval = clopper_pearson(row.events, row.n, level=level)
    return StudyEffect(
        study=row.study,
        measure="PR",
        y=None,
        se=None,
        estimate=row.events / row.n,
        low=interval.low,
        high=interval.high,
        interval_method=interval.method,
    )


def _by_variance(chosen: _Chosen) -> MetaResult:
    pooling = chosen.settings.pooling()
    found = effects(chosen.kind.name, chosen.rows, settings=chosen.settings.effects)
    done = fit_rows(effect_rows(found), settings=pooling)
    dropped = tuple(
        Finding(
            rule="not-estimable",
            severity="warning",
            subject=one.study,
            message="The effect of this study cannot be computed, so it is not in the pool.",
        )
        for one in found
        if one.y is None
    )
    if isinstance(done, Refusal):
        return chosen.result(studies=found, refused=done, warnings=dropped)
    weights = iter(done.weights)
    studies = tuple(one if one.y is None else replace(one, weight=next(weights)) for one in found)
    pooled = pooled_of(done, chosen.kind.name, pooling)
    corrected = tuple(one.study for one in found if one.corrected)
    if corrected:
        dropped += (zero_cell_warning(chosen.kind.name, corrected),)
    return chosen.result(studies=studies, pooled=pooled, warnings=pooled.warnings + dropped)


#: Fields of a result on the scale that is shown, with the names that the contract gives them.
_SHOWN = {
    "estimate": "estimate", "se": "se", "ci_low": "ci_low", "ci_high": "ci_high",
    "interval_method": "interval_method", "statistic": "statistic", "df": "df", "p": "p",
    "tau2": "tau2", "tau2_ci": "tau2_ci", "i2": "i2", "i2_ci": "i2_ci", "h2": "h2", "q": "q",
    "q_df": "q_df", "q_p": "q_p", "pi_low": "pi_low", "pi_high": "pi_high",
    "pi_method": "pi_method",
}  # fmt: skip


def _pooled_json(pooled: PooledResult) -> dict[str, object]:
    shown = {name: getattr(pooled, field_name) for name, field_name in _SHOWN.items()}
    return shown | {"intervals": [_interval_json(one) for one in pooled.alternatives]}


def _single_json(singles: Sequence[SingleResult]) -> dict[str, object]:
    empty: dict[str, object] = dict.fromkeys(_SHOWN)
    if not singles:
        return empty
    one = singles[0]
    return empty | {
        "estimate": one.estimate,
        "se": one.se,
        "ci_low": one.intervals[0].low,
        "ci_high": one.intervals[0].high,
        "interval_method": one.intervals[0].method,
        "df": one.df,
        "p": one.p.get(one.p_method),
        "intervals": [_interval_json(other) for other in one.intervals[1:]],
    }


def _one_json(one: SingleResult) -> dict[str, object]:
    return {
        "measure": one.measure,
        "estimate": _plain(one.estimate),
        "intervals": [_interval_json(interval) for interval in one.intervals],
        "p": dict(one.p),
        "p_method": one.p_method,
    }


def _interval_json(one: Interval) -> dict[str, object]:
    return {"method": one.method, "low": _plain(one.low), "high": _plain(one.high)}


def _named(pooled: PooledResult, scale: str) -> dict[str, object]:
    """Return the numbers of the analysis scale under its name, where it is not the shown one."""
    if scale == "identity":
        return {}
    prediction = {
        f"{scale}_{name}": None if shown is None else forth(scale, shown)
        for name, shown in (("pi_low", pooled.pi_low), ("pi_high", pooled.pi_high))
    }
    return {
        f"{scale}_estimate": pooled.y,
        f"{scale}_se": pooled.se,
        f"{scale}_ci_low": pooled.y_low,
        f"{scale}_ci_high": pooled.y_high,
        **prediction,
    }


def _study_json(one: StudyEffect) -> dict[str, object]:
    names = ("study", "y", "se", "estimate", "low", "high", "interval_method", "weight",
             "corrected")  # fmt: skip
    return {name: _plain(getattr(one, name)) for name in names}


def _plain(value: object) -> object:
    """Return a value that JSON can hold: no infinities, tuples as lists."""
    if isinstance(value, float) and math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return [_plain(item) for item in value] if isinstance(value, tuple) else value
