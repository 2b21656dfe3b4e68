"""What single-arm studies saw (grading.md A10).

Without a comparison group there is no effect: no verb of effect, no range over definitions. Each
study, definition and estimand is told by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from tamis.certainty.evidence import BodyEvidence
from tamis.certainty.statements import StatementWords, ending
from tamis.certainty.wording import capital, escaped, put, spaced
from tamis.domain.grading import Statement, StatementNumber
from tamis.domain.results import ProportionRow, Synthesis, Trajectory, TrajectoryPoint
from tamis.domain.values import Value

__all__ = ["Told", "observed", "together"]

#: How often a study was named before -> how it is named now.
NAMED: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "en": {
            "first": "in one {design}",
            "other": "in another {design}",
            "same": "in the same study",
        },
        "zh": {"first": "在一项{design}中", "other": "在另一项{design}中", "same": "在同一研究中"},
    }
)

DESIGNS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "single-arm": ("single-arm study", "无对照研究"),
        "case-series": ("case series", "病例系列"),
    }
)

#: Estimand -> words of time.
TIMES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "en": {
            "ever": " at some time within {t} months",
            "best-by": " at best within {t} months",
            "point": " at {t} months",
        },
        "zh": {"ever": "{t} 个月内曾有", "best-by": "{t} 个月内最佳时有", "point": "{t} 个月时有"},
    }
)

#: What is told of a share, of several studies, of a share at a visit, of a change of values.
TOLD: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "en": {
            "count": " {event} was seen in {e} of {n} participants{time}",
            "range": "in {k} single-arm studies ({n} participants) {event} was seen in {low} % to "
            "{high} % of them{time}",
            "percent": " {event} was seen in {v} % of the participants{time}",
            "change": " {statistic}{O} {verb} from {a} to {b}{unit} between baseline and month {t}",
            "gap": ", and no number is printed for later visits",
        },
        "zh": {
            "count": "，{n} 例中{time} {e} 例{event}",
            "range": "在 {k} 项无对照研究（共 {n} 例）中，{time} {low}% 至 {high}% 的患者{event}",
            "percent": "，{time} {v}% 的患者{event}",
            "change": "，{O}{statistic}由基线的 {a} {verb} {t} 个月时的 {b}{unit}",
            "gap": "，此后各次随访未见数值",
        },
    }
)

#: Statistic of a series -> its words.
STATISTICS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "en": {"mean": "mean ", "median": "median "},
        "zh": {"mean": "均值", "median": "中位数"},
    }
)

#: Sign of a change -> its verb: what was seen, not what was done.
VERBS: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {"en": ("fell", "stayed", "rose"), "zh": ("降至", "保持至", "升至")}
)

ALONE: Mapping[str, str] = MappingProxyType(
    {
        "en": "without a comparison group this says nothing certain about the effect of {X}",
        "zh": "由于没有对照组，无法确定这是否由{X}所致",
    }
)

JOIN: Mapping[str, str] = MappingProxyType({"en": "; ", "zh": "；"})

RULE = "as counted in the study"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One thing that one study saw: words after the study's name, numbers, which study."""

    study: str
    pattern: str
    numbers: tuple[StatementNumber, ...]
    whole: bool = False


def observed(
    evidence: BodyEvidence,
    words: StatementWords,
    *,
    level: int,
    months: Mapping[str, float],
) -> tuple[Statement, ...]:
    """Return one statement for each study, definition and estimand of a single-arm body.

    Parameters
    ----------
    evidence
        The body; its ``single_arms`` are told in their order.
    words
        Names in the language of the statements.
    level
        Certainty of the body.
    months
        Months from baseline of each visit.
    """
    told = _all(evidence, words, months)
    designs = {study.id: study.design for study in evidence.studies}
    return tuple(_closed(_sentence([one], words, designs), [one], words, level) for one in told)


def together(
    evidence: BodyEvidence,
    words: StatementWords,
    *,
    level: int,
    months: Mapping[str, float],
) -> Statement | None:
    """Return all of them as one statement, listed and not merged; ``None`` if nothing was seen."""
    told = _all(evidence, words, months)
    if not told:
        return None
    designs = {study.id: study.design for study in evidence.studies}
    return _closed(_sentence(told, words, designs), told, words, level)


def _number(slot: str, value: float, digits: int, inputs: Iterable[str]) -> StatementNumber:
    return StatementNumber(slot=slot, value=value, digits=digits, inputs=tuple(inputs), rule=RULE)


# --- what was seen ---------------------------------------------------------------------------


def _all(
    evidence: BodyEvidence, words: StatementWords, months: Mapping[str, float]
) -> tuple[Told, ...]:
    found: list[Told] = []
    for one in evidence.single_arms:
        found += _of_rows(evidence, one, words, months, start=len(found))
        for trajectory in one.trajectories:
            told = _of_trajectory(evidence, trajectory, words, place=len(found))
            if told is not None:
                found.append(told)
    order = list(dict.fromkeys(one.study for one in found))
    return tuple(sorted(found, key=lambda one: order.index(one.study)))


def _event(evidence: BodyEvidence, words: StatementWords) -> str:
    given = dict(evidence.outcome.events).get(words.lang, "")
    return given or (f"出现{words.outcome}" if words.lang == "zh" else words.outcome)


def _time(estimand: str, words: StatementWords, slot: str, *, known: bool) -> str:
    if not known:
        return "有" if words.lang == "zh" else ""
    times = TIMES[words.lang]
    return times.get(estimand, times["point"]).replace("{t}", f"{{{slot}}}")


def _of_rows(
    evidence: BodyEvidence,
    one: Synthesis,
    words: StatementWords,
    months: Mapping[str, float],
    *,
    start: int,
) -> list[Told]:
    rows = [row for row in one.rows if isinstance(row, ProportionRow)]
    when = months.get(one.plan.visit)
    if len(rows) > 1 and one.plan.method != "one-study":
        return [_range(evidence, one, rows, words, when=when, place=start)]
    told = []
    for place, row in enumerate(rows, start=start):
        slots = {name: f"{name}_{place}" for name in ("e", "n", "t")}
        time = _time(one.plan.estimand, words, slots["t"], known=when is not None)
        pattern = put(
            TOLD[words.lang]["count"],
            event=escaped(_event(evidence, words)),
            time=time,
            e=f"{{{slots['e']}}}",
            n=f"{{{slots['n']}}}",
        )
        numbers = [
            _number(slots["e"], row.events, 0, row.inputs[:1] or (row.study,)),
            _number(slots["n"], row.n, 0, row.inputs[1:2] or row.inputs or (row.study,)),
            *_when(slots["t"], when, row.inputs or (row.study,)),
        ]
        told.append(Told(study=row.study, pattern=pattern, numbers=tuple(numbers)))
    return told


def _range(
    evidence: BodyEvidence,
    one: Synthesis,
    rows: Sequence[ProportionRow],
    words: StatementWords,
    *,
    when: float | None,
    place: int,
) -> Told:
    slots = {name: f"{name}_{place}" for name in ("k", "n", "low", "high", "t")}
    pattern = put(
        TOLD[words.lang]["range"],
        event=escaped(_event(evidence, words)),
        time=_time(one.plan.estimand, words, slots["t"], known=when is not None),
        **{name: f"{{{slot}}}" for name, slot in slots.items() if name != "t"},
    )
    inputs = tuple(name for row in rows for name in row.inputs) or (one.plan.id,)
    shares = [100 * row.events / row.n for row in rows if row.n]
    numbers = (
        _number(slots["k"], len(rows), 0, inputs),
        _number(slots["n"], sum(row.n for row in rows), 0, inputs),
        _number(slots["low"], min(shares), 0, inputs),
        _number(slots["high"], max(shares), 0, inputs),
        *_when(slots["t"], when, inputs),
    )
    return Told(study="", pattern=pattern, numbers=numbers, whole=True)


def _when(slot: str, when: float | None, inputs: Iterable[str]) -> tuple[StatementNumber, ...]:
    if when is None:
        return ()
    return (_number(slot, when, 0 if float(when).is_integer() else 1, inputs),)


def _of_trajectory(
    evidence: BodyEvidence, one: Trajectory, words: StatementWords, *, place: int
) -> Told | None:
    """Tell the last share of a series, or its change from baseline; ``None`` without numbers."""
    points = [p for p in one.points if p.value is not None and p.value.number is not None]
    gap = bool(points) and any(p.months > points[-1].months for p in one.points)
    if one.statistic in ("percent", "events") and points:
        return _share(evidence, one, points[-1], words, place)
    if one.statistic not in STATISTICS[words.lang] or len(points) < 2 or points[0].months != 0:
        return None
    first, last = points[0].value, points[-1].value
    if first is None or last is None:
        return None
    unit = _unit(one.unit, words.lang)
    if unit is None:
        return None
    a, b = _float(first), _float(last)
    slots = {name: f"{name}_{place}" for name in ("a", "b", "t")}
    pattern = put(
        TOLD[words.lang]["change"],
        O=escaped(words.outcome),
        statistic=STATISTICS[words.lang][one.statistic],
        verb=VERBS[words.lang][(b > a) - (b < a) + 1],
        unit=unit,
        **{name: f"{{{slot}}}" for name, slot in slots.items()},
    )
    numbers = (
        _number(slots["a"], a, _digits(first), (first.id,)),
        _number(slots["b"], b, _digits(last), (last.id,)),
        *_when(slots["t"], points[-1].months, (last.id,)),
    )
    if gap:
        pattern += TOLD[words.lang]["gap"]
    return Told(study=one.study, pattern=pattern, numbers=numbers)


def _unit(unit: str, lang: str) -> str | None:
    """Return a unit in words; ``None`` where it holds a digit that is no length of a day.

    A number without its unit would mislead where studies differ in it, so it is not told at all.
    """
    day = " per day" if lang == "en" else "/日"
    said = re.sub(r"/\s*24\s*h\b", day, unit)
    if any(char.isdigit() for char in said):
        return None
    return f" {escaped(said)}" if said else ""


def _share(
    evidence: BodyEvidence,
    one: Trajectory,
    point: TrajectoryPoint,
    words: StatementWords,
    place: int,
) -> Told | None:
    value, n = point.value, point.n
    if value is None:
        return None
    slots = {name: f"{name}_{place}" for name in ("v", "e", "n", "t")}
    known = n is not None and n.number is not None
    if one.statistic == "events" and not known:
        return None
    kind, slot = ("count", "e") if one.statistic == "events" else ("percent", "v")
    pattern = put(
        TOLD[words.lang][kind],
        event=escaped(_event(evidence, words)),
        time=_time("point", words, slots["t"], known=True),
        **{name: f"{{{slots[name]}}}" for name in (slot, "n")},
    )
    numbers = [_number(slots[slot], _float(value), _digits(value), (value.id,))]
    if n is not None and kind == "count":
        numbers.append(_number(slots["n"], _float(n), 0, (n.id,)))
    numbers += _when(slots["t"], point.months, (value.id,))
    return Told(study=one.study, pattern=pattern, numbers=tuple(numbers))


def _float(value: Value) -> float:
    return float(value.number) if value.number is not None else float("nan")


def _digits(value: Value) -> int:
    if value.number is None:
        return 0
    exponent = value.number.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


# --- sentences -------------------------------------------------------------------------------


def _sentence(told: Sequence[Told], words: StatementWords, designs: Mapping[str, str]) -> str:
    seen: dict[str, None] = {}
    parts = []
    for one in told:
        if one.whole:
            parts.append(one.pattern)
            continue
        kind = "same" if one.study in seen else "other" if seen else "first"
        seen.setdefault(one.study)
        design = DESIGNS.get(designs.get(one.study, ""), DESIGNS["single-arm"])
        name = NAMED[words.lang][kind].replace("{design}", design[words.lang == "zh"])
        parts.append(name + one.pattern)
    alone = put(ALONE[words.lang], X=escaped(words.intervention))
    return JOIN[words.lang].join((*parts, alone))


def _closed(sentence: str, told: Sequence[Told], words: StatementWords, level: int) -> Statement:
    pattern = spaced(sentence) if words.lang == "zh" else capital(sentence)
    return Statement(
        lang=words.lang,
        pattern=pattern,
        strength=1,
        size="observed",
        column="observed",
        level=level,
        ending=ending(words.lang, level),
        numbers=tuple(number for one in told for number in one.numbers),
    )
