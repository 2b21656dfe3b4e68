"""Computed results as quantities: estimates, limits, weights, with what they rest on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tamis.domain.quantities import Quantity
from tamis.domain.results import (
    BinaryRow,
    EffectRow,
    MeansRow,
    PooledResult,
    ProportionRow,
    SingleResult,
    StudyEffect,
    Synthesis,
    SynthesisRow,
)
from tamis.domain.values import Value
from tamis.report.book import Book
from tamis.report.measures import (
    Measure,
    measure_of,
    printed_digits,
    ratio_digits,
    setting,
    side_digits,
)
from tamis.report.phrase import NBSP, Phrase, Piece, say

__all__ = [
    "Shown", "cell_numbers", "effect_shown", "interval_phrase", "pooled_others", "pooled_shown",
    "single_shown", "with_interval",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An estimate with its limits, ready to print; ``drawn`` are the printed-scale numbers."""

    estimate: Quantity
    low: Quantity
    high: Quantity
    level: float
    method: str
    measure: Measure
    drawn: tuple[float | None, float | None, float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _How:
    """How a result was made: the interval's method and level, and the settings of the run."""

    method: str
    level: float
    settings: Mapping[str, str]


def cell_numbers(book: Book, plan: str, row: SynthesisRow) -> tuple[Quantity, ...]:
    """Return the numbers of a row in order: the extracted values where they are the same number."""
    match row:
        case BinaryRow():
            numbers: tuple[float, ...] = (row.events_1, row.n_1, row.events_2, row.n_2)
        case MeansRow():
            numbers = (row.mean_1, row.sd_1, row.n_1, row.mean_2, row.sd_2, row.n_2)
        case ProportionRow():
            numbers = (row.events, row.n)
        case EffectRow():
            numbers = (row.y, row.v)
    values = [book.values.get(name) for name in row.inputs]
    found: list[Quantity] = []
    for place, number in enumerate(numbers):
        value = values[place] if len(values) == len(numbers) else _same(values, number)
        printed = book.value(value) if value is not None and _is(value, number) else None
        if not isinstance(printed, Quantity):
            printed = book.number(
                f"row:{plan}/{row.study}#{place + 1}",
                number,
                digits=0 if float(number).is_integer() else 3,
                inputs=row.inputs or (row.study,),
                rule="number of the analysis row, made from the values named",
                what=say(
                    "number in the analysis row of {study}", study=book.names.study(row.study)
                ),
            )
        found.append(printed)
    return tuple(found)


def _is(value: Value, number: float) -> bool:
    return value.number is not None and float(value.number) == float(number)


def _same(values: Sequence[Value | None], number: float) -> Value | None:
    return next((v for v in values if v is not None and _is(v, number)), None)


def effect_shown(book: Book, synthesis: Synthesis, effect: StudyEffect, place: int) -> Shown | None:
    """Return one study's effect as printed, or ``None`` when there is none."""
    if effect.estimate is None:
        return None
    outcome = book.names.outcome(synthesis.plan.outcome)
    return _shown(
        book,
        f"effect:{synthesis.plan.id}/{effect.study}{'' if place == 0 else f'.{place + 1}'}",
        effect.measure,
        (effect.estimate, effect.low, effect.high),
        inputs=effect.inputs,
        how=_How(
            method=effect.interval_method, level=_level(synthesis), settings=synthesis.settings
        ),
        of=say("{outcome}, {study}", outcome=outcome, study=book.names.study(effect.study)),
    )


def single_shown(book: Book, synthesis: Synthesis, single: SingleResult, nth: int = 0) -> Shown:
    """Return the result of one study alone with its ``nth`` interval."""
    interval = single.intervals[nth] if len(single.intervals) > nth else None
    suffix = "" if nth == 0 else f".{nth + 1}"
    return _shown(
        book,
        f"syn:{synthesis.plan.id}/{single.measure.lower()}{suffix}",
        single.measure,
        (
            single.estimate,
            interval.low if interval else None,
            interval.high if interval else None,
        ),
        inputs=[name for row in synthesis.rows for name in row.inputs],
        how=_How(
            method=interval.method if interval else "no interval",
            level=interval.level if interval else 0.95,
            settings=synthesis.settings,
        ),
        of=book.names.outcome(synthesis.plan.outcome),
    )


def pooled_shown(book: Book, synthesis: Synthesis, pooled: PooledResult) -> Shown:
    """Return a pooled estimate with its interval."""
    return _shown(
        book,
        f"syn:{synthesis.plan.id}/{pooled.measure.lower()}.pooled",
        pooled.measure,
        (pooled.estimate, pooled.ci_low, pooled.ci_high),
        inputs=[name for effect in synthesis.effects for name in effect.inputs],
        how=_How(
            method=f"{pooled.method}, {pooled.interval_method}",
            level=_level(synthesis),
            settings=synthesis.settings,
        ),
        of=say("{outcome}, all studies", outcome=book.names.outcome(synthesis.plan.outcome)),
    )


def pooled_others(book: Book, synthesis: Synthesis, pooled: PooledResult) -> tuple[Shown, ...]:
    """Return a pooled estimate with each of its other intervals."""
    return tuple(
        _shown(
            book,
            f"syn:{synthesis.plan.id}/{pooled.measure.lower()}.pooled.{place + 2}",
            pooled.measure,
            (pooled.estimate, other.low, other.high),
            inputs=[name for effect in synthesis.effects for name in effect.inputs],
            how=_How(
                method=f"{pooled.method}, {other.method}",
                level=other.level,
                settings=synthesis.settings,
            ),
            of=say("{outcome}, all studies", outcome=book.names.outcome(synthesis.plan.outcome)),
        )
        for place, other in enumerate(pooled.alternatives)
    )


def _level(synthesis: Synthesis) -> float:
    return float(setting(synthesis.settings, "level", "0.95"))


def _shown(
    book: Book,
    name: str,
    measure_name: str,
    numbers: tuple[float | None, float | None, float | None],
    *,
    inputs: Iterable[str],
    how: _How,
    of: Piece,
) -> Shown:
    measure = measure_of(measure_name)
    inputs = tuple(dict.fromkeys(inputs))
    digits = measure.digits
    if digits is None:
        digits = printed_digits(v for i in inputs if (v := book.values.get(i)))
    drawn = tuple(None if n is None else n * measure.times for n in numbers)
    made = []
    for field, value in zip(("estimate", "low", "high"), drawn, strict=True):
        made.append(
            book.number(
                f"{name}#{field}",
                value,
                digits=_digits(measure, field, value, digits),
                unit=measure.unit,
                inputs=inputs,
                rule=measure.name if field == "estimate" else f"{measure.name}, {how.method}",
                settings=how.settings,
                what=say("{name}, {field}: {of}", name=measure.name, field=FIELDS[field], of=of),
            )
        )
    return Shown(
        estimate=made[0],
        low=made[1],
        high=made[2],
        level=how.level,
        method=how.method,
        measure=measure,
        drawn=(drawn[0], drawn[1], drawn[2]),
    )


def _digits(measure: Measure, field: str, value: float | None, digits: int) -> int:
    usual = ratio_digits(value) if measure.ratio else digits
    return usual if field == "estimate" else side_digits(value, usual, measure.null)


FIELDS = {"estimate": "estimate", "low": "lower limit", "high": "upper limit"}


def interval_phrase(book: Book, shown: Shown) -> Phrase:
    """Return the limits: "95 % CI −40 to 34"."""
    return say(
        "{level} CI {low} to {high}", level=book.level(shown.level), low=shown.low, high=shown.high
    )


def with_interval(shown: Shown) -> Piece:
    """Return estimate and limits for a table: "−8 (−40 to 34)"."""
    return say(f"{{e}} ({{low}}{NBSP}to{NBSP}{{high}})", e=shown.estimate, low=shown.low,
               high=shown.high)  # fmt: skip
