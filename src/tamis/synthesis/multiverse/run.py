"""Running a multiverse: families of analyses are computed once and shared.

Effects once for each (data, measure, rule for empty cells), tau2 once for each estimator of these,
intervals from that. Specifications are not sampled and depend on each other: there is no p value
over them and no average of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from types import MappingProxyType

import numpy as np

from tamis.domain.errors import BadInput
from tamis.domain.results import BinaryRow, EffectRow, Refusal, SynthesisRow
from tamis.synthesis.bayes import bayes
from tamis.synthesis.effect_sizes import effect_rows, effects
from tamis.synthesis.many import Many, fit_many
from tamis.synthesis.measures import measure_of
from tamis.synthesis.multiverse.absolute import absolute_of
from tamis.synthesis.multiverse.axes import AxisShare, axis_shares
from tamis.synthesis.multiverse.listed import jsonable, listed
from tamis.synthesis.multiverse.specification import (
    DataSet,
    Options,
    Outcome,
    Specification,
    Thresholds,
    absolute_statement,
    identity,
    statement_of,
)
from tamis.synthesis.scales import back
from tamis.synthesis.settings import EffectSettings, PoolSettings
from tamis.synthesis.small_sample import one_study
from tamis.synthesis.strata import METHODS, pool_tables

__all__ = ["ALONE", "NONE", "Multiverse", "multiverse"]

#: The estimator of one study by itself, and the option of an axis that does not apply.
ALONE, NONE = "one study", "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Multiverse:
    """All specifications of a question and what they come to.

    ``distinct`` specifications remain when those that coincide are counted once; ``differing`` is
    how many of these make another statement than the primary one (refused ones are counted apart).
    ``share`` is differing over the distinct ones that could be computed.
    """

    specifications: tuple[Specification, ...]
    primary: str
    asked: int
    distinct: int
    refused: int
    differing: int
    share: float | None
    statements: Mapping[str, int]
    range: tuple[float, float] | None
    axes: tuple[AxisShare, ...]

    @property
    def share_changed(self) -> float | None:
        """Share of the computed distinct specifications with another statement than the primary."""
        return self.share

    def table(self) -> tuple[Mapping[str, object], ...]:
        """Return one mapping a specification: its options, result, statement and id."""
        return tuple(listed(one, primary=self.primary) for one in self.specifications)

    def to_dict(self) -> dict[str, object]:
        """Return plain JSON values: the counts, the axes and every specification."""
        return {
            "asked": self.asked,
            "distinct": self.distinct,
            "refused": self.refused,
            "differing": self.differing,
            "share_changed": self.share,
            "statements": dict(self.statements),
            "range": None if self.range is None else [jsonable(end) for end in self.range],
            "axes": [
                {"axis": one.axis, "options": list(one.options), "variance": one.variance,
                 "turns": one.turns, "pairs": one.pairs}
                for one in self.axes
            ],
            "specifications": [
                {key: jsonable(cell) for key, cell in row.items()} for row in self.table()
            ],
        }  # fmt: skip

    def primary_outcome(self) -> Outcome:
        """Return what the primary specification came to."""
        return next(one.outcome for one in self.specifications if one.id == self.primary)


def multiverse(
    data: Sequence[DataSet],
    options: Options,
    thresholds: Thresholds,
    *,
    primary: Mapping[str, str] | None = None,
) -> Multiverse:
    """Run every specification.

    Parameters
    ----------
    data
        The data sets; their options are the data axes.
    options
        The axes of analysis.
    thresholds
        What a statement is judged by.
    primary
        The options of the primary specification, fixed beforehand: one of every axis (data axes,
        ``measure``, ``estimator``, ``interval``, ``zero cells``). Left out, it is the first one:
        the first data set with the first option of every axis.

    Raises
    ------
    BadInput
        When the data sets have different axes, or the primary specification is not among them.

    Examples
    --------
    >>> rows = tuple(BinaryRow(study=s, events_1=a, n_1=20, events_2=c, n_2=20)
    ...              for s, a, c in (("x", 3, 8), ("y", 2, 9), ("z", 4, 7)))
    >>> found = multiverse(
    ...     [DataSet(rows=rows, options={"set": "all"}),
    ...      DataSet(rows=rows[:2], options={"set": "without z"})],
    ...     Options(measures=("RR", "OR"), intervals=("z", "adhoc")),
    ...     Thresholds(better="lower"),
    ...     primary={"set": "all", "measure": "RR", "estimator": "REML", "interval": "adhoc",
    ...              "zero cells": "only0"})
    >>> found.asked, found.distinct, found.differing
    (8, 8, 4)
    """
    _check(data)
    ran = _Run(thresholds)
    made: list[Specification] = []
    first: dict[object, str] = {}
    for chosen, at, analysis in _all(data, options):
        name, rows = identity(chosen), data[at].rows
        barred = data[at].refused
        key = (at,) if barred or not rows else ran.key(rows, analysis)
        made.append(
            Specification(
                id=name,
                options=MappingProxyType(chosen),
                outcome=_barred(rows, barred) if barred else ran.outcome(rows, analysis),
                same_as=first.get(key, ""),
                inputs=tuple(dict.fromkeys(one for row in rows for one in row.inputs)),
            )
        )
        first.setdefault(key, name)
    wanted = made[0].id if primary is None and made else identity(primary or {})
    if all(one.id != wanted for one in made):
        raise BadInput(
            "the primary specification is none of the multiverse",
            f"give one option of each axis: {', '.join(made[0].options) if made else 'none'}",
        )
    return _summary(made, wanted)


@dataclass(frozen=True, slots=True)
class _Analysis:
    measure: str
    estimator: str
    interval: str
    zero_cells: str


def _check(data: Sequence[DataSet]) -> None:
    if not data:
        raise BadInput("a multiverse needs data", "give one data set at least")
    axes = {tuple(sorted(one.options)) for one in data}
    if len(axes) > 1:
        raise BadInput("the data sets have different axes", "give every one an option of each axis")


def _barred(rows: Sequence[SynthesisRow], why: str) -> Outcome:
    return Outcome(statement="refused", k=len(rows), refused=why)


def _all(
    data: Sequence[DataSet], options: Options
) -> Iterator[tuple[dict[str, str], int, _Analysis]]:
    """Yield every specification, without options that do not apply."""
    for at, one in enumerate(data):
        if options.alone and len(one.rows) < 2:
            for chosen in _alone_choices(one, options):
                yield dict(one.options) | _named(chosen), at, chosen
            continue
        for measure, estimator, interval, zero in product(
            options.measures, options.estimators, options.intervals, options.zero_cells
        ):
            if not _applies(one.rows, measure, estimator, interval, options):
                continue
            chosen = _Analysis(measure, estimator, interval, zero)
            yield dict(one.options) | _named(chosen), at, chosen


def _named(one: _Analysis) -> dict[str, str]:
    return {
        "measure": one.measure, "estimator": one.estimator, "interval": one.interval,
        "zero cells": one.zero_cells,
    }  # fmt: skip


def _alone_choices(data: DataSet, options: Options) -> Iterator[_Analysis]:
    """Yield the analyses of one study: each measure with the wanted intervals that it has."""
    if data.refused or not data.rows:
        yield _Analysis(options.measures[0], NONE, NONE, NONE)
        return
    for measure in options.measures:
        done = one_study(data.rows[0], measure)
        has = () if isinstance(done, Refusal) else tuple(i.method for i in done.intervals)
        for method in [name for name in options.alone if name in has] or [NONE]:
            yield _Analysis(measure, ALONE, method, NONE)


def _applies(
    rows: Sequence[SynthesisRow], measure: str, estimator: str, interval: str, options: Options
) -> bool:
    if estimator in METHODS:
        counts = all(isinstance(row, BinaryRow) for row in rows)
        fits = measure in ("RR", "OR", "RD") if estimator == "MH" else measure == "OR"
        return counts and fits and interval == _wald(options)
    if estimator == "FE":
        return interval == _wald(options)
    return interval != "bayes" or estimator == "REML"


def _wald(options: Options) -> str:
    """Return the interval under which methods with one interval only are listed."""
    return "z" if "z" in options.intervals else options.intervals[0]


class _Run:
    """Caches of one run: effects and pools are computed once and shared."""

    def __init__(self, thresholds: Thresholds) -> None:
        self._thresholds = thresholds
        self._effects: dict[object, tuple[EffectRow, ...]] = {}
        self._outcomes: dict[object, Outcome] = {}

    def key(self, rows: Sequence[SynthesisRow], analysis: _Analysis) -> object:
        """Return what makes an analysis the same as another: sorted rows and the method in use."""
        held = tuple(sorted(map(_row_key, rows)))
        if len(rows) == 1:
            return held, analysis.measure, analysis.interval if analysis.estimator == ALONE else ""
        tables = analysis.estimator in METHODS
        matters = not tables and any(_has_zero(row) for row in rows)
        zero = analysis.zero_cells if matters or analysis.zero_cells == "all" else ""
        interval = "" if tables or analysis.estimator == "FE" else analysis.interval
        return held, analysis.measure, analysis.estimator, interval, zero

    def outcome(self, rows: Sequence[SynthesisRow], analysis: _Analysis) -> Outcome:
        """Return what an analysis of rows comes to."""
        key = self.key(rows, analysis)
        if key not in self._outcomes:
            self._outcomes[key] = self._compute(rows, analysis)
        return self._outcomes[key]

    def _compute(self, rows: Sequence[SynthesisRow], analysis: _Analysis) -> Outcome:
        try:
            found = _estimate(self, rows, analysis)
        except BadInput as error:
            found = error.problem
        if isinstance(found, str):
            return Outcome(statement="refused", k=len(rows), refused=found)
        k, *shown = found
        three = (shown[0], shown[1], shown[2])
        made = Outcome(statement="refused", k=k, estimate=three[0], low=three[1], high=three[2])
        if self._thresholds.absolute is None:
            stated = statement_of(analysis.measure, three[1], three[2], self._thresholds)
            return replace(made, statement=stated)
        turned = absolute_of(analysis.measure, rows, three)
        if isinstance(turned, str):
            return replace(made, refused=turned)
        stated = absolute_statement(turned, self._thresholds)
        return replace(made, statement=stated, absolute=turned)

    def effects(self, rows: Sequence[SynthesisRow], analysis: _Analysis) -> tuple[EffectRow, ...]:
        """Return the effects of rows, computed once."""
        key = tuple(map(_row_key, rows)), analysis.measure, analysis.zero_cells
        if key not in self._effects:
            settings = EffectSettings(zero_cells=analysis.zero_cells)
            self._effects[key] = effect_rows(effects(analysis.measure, rows, settings=settings))
        return self._effects[key]


Found = tuple[int, float, float, float]


def _estimate(run: _Run, rows: Sequence[SynthesisRow], analysis: _Analysis) -> Found | str:
    """Return k, estimate and limits on the shown scale, or why there are none."""
    if not rows:
        return "no study gives data"
    if len(rows) == 1:
        method = analysis.interval if analysis.estimator == ALONE else ""
        return _alone(rows[0], analysis.measure, method)
    if analysis.estimator in METHODS:
        return _by_tables(rows, analysis)
    held = run.effects(rows, analysis)
    if len(held) < 2:
        return "fewer than two studies have an effect that can be computed"
    scale = measure_of(analysis.measure).scale
    return (
        _bayesian(held, scale) if analysis.interval == "bayes" else _pooled(held, analysis, scale)
    )


def _by_tables(rows: Sequence[SynthesisRow], analysis: _Analysis) -> Found | str:
    tables = [row for row in rows if isinstance(row, BinaryRow)]
    done = pool_tables(tables, measure=analysis.measure, method=analysis.estimator)
    if isinstance(done, Refusal):
        return done.message
    return done.k, done.estimate, done.ci_low, done.ci_high


def _alone(row: SynthesisRow, measure: str, method: str) -> Found | str:
    """Read one study by its small-sample method, whatever the estimator; the first by default."""
    done = one_study(row, measure)
    if isinstance(done, Refusal):
        return done.message
    if done.estimate is None:
        return "the effect of the only study is not defined"
    if method == NONE:
        return f"one {measure} alone has none of the intervals that are asked for"
    found = next((one for one in done.intervals if one.method == method), done.intervals[0])
    return 1, done.estimate, found.low, found.high


def _bayesian(held: Sequence[EffectRow], scale: str) -> Found | str:
    done = bayes(held, shrinkage=False)
    if isinstance(done, Refusal):
        return done.message
    return (
        len(held), back(scale, done.mu.median), back(scale, done.mu.low), back(scale, done.mu.high)
    )  # fmt: skip


def _pooled(held: Sequence[EffectRow], analysis: _Analysis, scale: str) -> Found:
    y = np.array([[row.y for row in held]], dtype=np.float64)
    v = np.array([[row.v for row in held]], dtype=np.float64)
    test = "z" if analysis.estimator == "FE" else analysis.interval
    done: Many = fit_many(y, v, PoolSettings(method=analysis.estimator, test=test))
    ends = (float(done.mu[0]), float(done.low[0]), float(done.high[0]))
    return len(held), back(scale, ends[0]), back(scale, ends[1]), back(scale, ends[2])


def _row_key(row: SynthesisRow) -> tuple[object, ...]:
    """Return the numbers of a row, without its study's name and its inputs' ids."""
    skipped = ("study", "inputs")
    numbers = (getattr(row, name) for name in row.__slots__ if name not in skipped)
    return (type(row).__name__, *numbers)


def _has_zero(row: SynthesisRow) -> bool:
    if not isinstance(row, BinaryRow):
        return False
    return 0 in (row.events_1, row.events_2, row.n_1 - row.events_1, row.n_2 - row.events_2)


def _summary(made: Sequence[Specification], primary: str) -> Multiverse:
    distinct = [one for one in made if not one.same_as]
    computed = [one for one in distinct if one.outcome.statement != "refused"]
    stated = next(one.outcome.statement for one in made if one.id == primary)
    differing = sum(one.outcome.statement != stated for one in computed)
    estimates = [one.outcome.estimate for one in computed if one.outcome.estimate is not None]
    counts: dict[str, int] = {}
    for one in distinct:
        counts[one.outcome.statement] = counts.get(one.outcome.statement, 0) + 1
    return Multiverse(
        specifications=tuple(made),
        primary=primary,
        asked=len(made),
        distinct=len(distinct),
        refused=len(distinct) - len(computed),
        differing=differing,
        share=differing / len(computed) if computed else None,
        statements=MappingProxyType(counts),
        range=(min(estimates), max(estimates)) if estimates else None,
        axes=axis_shares(made),
    )
