"""``meta_analyse``: a table, a measure and settings give one result that a program can read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from tamis.domain.results import (
    BinaryRow,
    CorrelationRow,
    Finding,
    PairedRow,
    PooledResult,
    ProportionRow,
    RateRow,
    Refusal,
    SingleRateRow,
    SingleResult,
    StudyEffect,
)
from tamis.synthesis.effect_sizes import effect_rows, effects, size_of
from tamis.synthesis.inverse_variance import NO_DATA, fit_rows, pooled_of
from tamis.synthesis.measures import Measure, measure_of
from tamis.synthesis.meta_json import (
    named,
    one_json,
    plain,
    pooled_json,
    single_json,
    study_json,
)
from tamis.synthesis.meta_settings import MetaSettings
from tamis.synthesis.mixed import ROWS, MixedSettings, pool_by_model
from tamis.synthesis.pooled import zero_cell_warning
from tamis.synthesis.proportions import pool_proportions
from tamis.synthesis.regression.model import RegressionResult
from tamis.synthesis.requested import (
    Subgroups,
    also_of,
    read_labels,
    read_moderators,
    regression_of,
    requested_json,
    subgroups_of,
)
from tamis.synthesis.settings import ProportionSettings
from tamis.synthesis.shares import clopper_pearson
from tamis.synthesis.small_sample import effect_of_single, one_study
from tamis.synthesis.strata import METHODS, pool_tables
from tamis.synthesis.table import CountedRow, read_rows
from tamis.synthesis.tabular import rows_of

__all__ = ["MetaResult", "MetaSettings", "meta_analyse"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MetaResult:
    """What ``tamis meta`` prints.

    ``pooled`` is set from two studies on, ``single`` for one (then nothing is pooled), and
    ``refused`` says why there is neither. ``rows`` are what it was computed from, and ``groups``
    the subgroup of each where subgroups were asked for.
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
    subgroups: Subgroups | Refusal | None = None
    regression: RegressionResult | Refusal | None = None
    also: Mapping[str, object] = field(default_factory=dict)
    rows: tuple[CountedRow, ...] = ()
    groups: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """Return the same as ``as_json``."""
        return self.as_json()

    def table(self) -> tuple[Mapping[str, object], ...]:
        """Return one mapping a study: name, effect, limits, weight."""
        return tuple(study_json(one) for one in self.studies)

    def as_json(self) -> dict[str, object]:
        """Return the result as plain JSON values (contracts, section 5).

        ``estimate``, ``ci_*`` and ``pi_*`` are on the scale that is shown; the same on the
        analysis scale carry its name (``log_estimate``, ``logit_ci_low``, …), and ``se`` is on
        that scale. Unknown is null; an infinite limit is the text "Infinity".
        """
        kind = measure_of(self.measure)
        shown = pooled_json(self.pooled) if self.pooled else single_json(self.single)
        shares = self.pooled is not None and self.pooled.measure == "PR"
        scale = "logit" if shares and self.method == "GLMM" else kind.scale
        own_scale = named(self.pooled, scale) if self.pooled else {}
        body: dict[str, object] = {
            "measure": self.measure,
            "method": self.method,
            "k": self.k,
            "scale": "raw" if scale == "identity" else scale,
            **shown,
            **own_scale,
            "weights": [one.weight for one in self.studies],
            "studies": [study_json(one) for one in self.studies],
            "warnings": [
                {
                    "rule": one.rule,
                    "severity": one.severity,
                    "message": one.message,
                    "because": list(one.because),
                }
                for one in self.warnings
            ],
            "settings": dict(self.settings),
        }
        if self.single:
            body["one_study"] = [one_json(one) for one in self.single]
        if self.refused:
            body["refused"] = {"rule": self.refused.rule, "message": self.refused.message}
        asked = {"subgroups": self.subgroups, "regression": self.regression}
        body |= {key: requested_json(value) for key, value in asked.items() if value is not None}
        if self.also:
            body["also"] = requested_json(self.also)
        return {key: plain(value) for key, value in body.items()}


def meta_analyse(
    rows: object = (),
    *,
    measure: str,
    settings: MetaSettings | None = None,
    name: str = "table",
    moderators: Sequence[str] | str = (),
    subgroups: str = "",
    also: Sequence[str] = (),
    **columns: Sequence[object],
) -> MetaResult:
    """Analyse a plain table of studies.

    Parameters
    ----------
    rows
        One mapping a study, a mapping of columns, or a data frame of pandas, polars or pyarrow.
        Columns: ``events1 n1 events2 n2``, ``mean1 sd1 n1 mean2 sd2 n2``,
        ``events1 time1 events2 time2``, ``yi`` with ``vi`` or ``sei``, ``events n``, or
        ``events time``; ``study`` names it.
    measure
        RR, OR, RD, AS, PETO, MD, SMD, PR (and PLO, PLN, PAS), IRR, IRLN, HR or GEN. ``yi`` of
        a ratio is its logarithm.
    settings
        Method, interval, level, zero cells. One study is read alone whatever the method.
    name
        Name of the table in error messages.
    moderators
        Columns of a meta-regression, or a formula (``"~ dose + design"``).
    subgroups
        A column whose values are pooled apart, with the test between them; a column called
        ``subgroup`` is taken without being named.
    also
        Any of leave-one-out, cumulative, influence, asymmetry, bayes; by inverse variance.
    **columns
        Arrays by name, instead of a table or beside it.

    Returns
    -------
    MetaResult
        With ``as_json``, ``to_dict`` and ``table``.

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
    table = rows_of(rows, columns)
    settings = settings or MetaSettings()
    found = read_rows(table, measure=measure, name=name)
    chosen = _Chosen(measure_of(measure), found, settings)
    groups = subgroups or ("subgroup" if table and "subgroup" in table[0] else "")
    asked = read_moderators(moderators, table, name=name) if moderators else None
    labels = read_labels(groups, table, name=name) if groups else ()
    done = _analysed(chosen)
    if not found or not (asked or labels or also):
        return done
    pooling = settings.beside()
    sizes = effects(measure, found, settings=settings.effects)
    kept = [at for at, one in enumerate(sizes) if one.y is not None]
    given = effect_rows(sizes)
    shown = [labels[at] for at in kept] if labels else []
    return replace(
        done,
        subgroups=subgroups_of(groups, shown, given, chosen.kind, pooling) if labels else None,
        regression=regression_of(asked, kept, given, pooling) if asked else None,
        also=also_of(also, given, chosen.kind, pooling),
        groups=tuple(labels),
    )


def _analysed(chosen: _Chosen) -> MetaResult:
    found, settings, measure = chosen.rows, chosen.settings, chosen.kind.name
    if not found:
        return chosen.result(refused=NO_DATA)
    if len(found) == 1:
        return _alone(chosen)
    if settings.method in METHODS:
        return _by_tables(chosen)
    if settings.method == "GLMM" and measure in ROWS:
        return _by_counts(chosen)
    counts = [row for row in found if isinstance(row, ProportionRow)]
    if len(counts) == len(found) and (settings.method == "GLMM" or measure == "PR"):
        return _by_model(chosen, counts)
    return _by_variance(chosen)


@dataclass(frozen=True, slots=True)
class _Chosen:
    kind: Measure
    rows: tuple[CountedRow, ...]
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
            rows=self.rows,
        )


_NO_COUNTS = Refusal(
    rule="method-does-not-fit-measure", message="A mixed model needs the counts of every study."
)

_NO_OWN_METHOD = Refusal(
    rule="no-single-study-method", message="One study: this measure has no method of its own."
)


def _alone(chosen: _Chosen) -> MetaResult:
    row, level = chosen.rows[0], chosen.settings.level
    name = "PR" if isinstance(row, ProportionRow) else chosen.kind.name
    found: SingleResult | Refusal = _NO_OWN_METHOD
    if not isinstance(row, RateRow | SingleRateRow | PairedRow | CorrelationRow):
        found = one_study(row, name, level=level)
    if isinstance(found, Refusal) and found.rule == _NO_OWN_METHOD.rule:
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
    return _done(chosen, done, studies)


def _by_counts(chosen: _Chosen) -> MetaResult:
    """Pool counts by a mixed model; the studies' own effects are for display."""
    measure, asked = chosen.kind.name, chosen.settings
    studies = effects(measure, chosen.rows, settings=asked.effects)
    counts = [row for row in chosen.rows if isinstance(row, ROWS[measure])]
    if len(counts) < len(chosen.rows):
        return chosen.result(studies=studies, refused=_NO_COUNTS)
    settings = MixedSettings(
        level=asked.level,
        test="t" if asked.test == "t" else "z",
        prediction=asked.prediction if asked.prediction in ("V", "S", "none") else "V",
    )
    done = pool_by_model(counts, measure=measure, model=asked.model, settings=settings)
    return _done(chosen, done, studies)


def _done(
    chosen: _Chosen, done: PooledResult | Refusal, studies: tuple[StudyEffect, ...]
) -> MetaResult:
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
    size = size_of(chosen.kind.scale, chosen.rows)
    pooled = pooled_of(done, chosen.kind.name, pooling, size=size)
    corrected = tuple(one.study for one in found if one.corrected)
    if corrected:
        dropped += (zero_cell_warning(chosen.kind.name, corrected),)
    return chosen.result(studies=studies, pooled=pooled, warnings=pooled.warnings + dropped)
