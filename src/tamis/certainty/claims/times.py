"""Times in a sentence: the visits they are, and whether a value is of that time or up to it.

"At 6 months" is a visit; "within 12 months" is anybody up to then; "followed for 12 months" and
"a 12-month course" are no time of a value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tamis.certainty.claims.context import Context
from tamis.certainty.claims.measures_named import TIME_TO, measures_named
from tamis.certainty.claims.numbers import Number

__all__ = ["Time", "follow_up", "months_of", "times_named"]

#: Unit of a text -> months; the first letters decide.
_MONTHS: Mapping[str, float] = {
    "month": 1.0, "week": 12 / 52, "day": 12 / 365.25, "year": 12.0,
    "月": 1.0, "周": 12 / 52, "天": 12 / 365.25, "日": 12 / 365.25, "年": 12.0,
}  # fmt: skip
_NEAR = 0.03

#: Words before a time and behind it -> what it makes of a value; the first that fits counts.
_FRAMES: Mapping[str, tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...]] = {
    "en": (
        ("", re.compile(
            r"(?:\bfollow(?:ed|[\s-]?up)?\b(?:\W+(?!at\b)\w+){0,4}?\W+(?:for|of|over|to)|\bfor|\bevery|\baged?|"
            r"\blast(?:s|ed|ing)|\bduration\s+of|\btreated\s+for|\bof\s+about)"
            r"\s+(?:a\s+|the\s+|about\s+|at\s+least\s+|(?:mean|median)\s+(?:of\s+)?|up\s+to\s+)*$",
            re.IGNORECASE), re.compile("")),
        ("ever", re.compile(
            r"\b(?:within|during|over|throughout|up\s+to|until|in|by)\s+(?:the\s+)?(?:first\s+)?"
            r"(?:about\s+)?$", re.IGNORECASE), re.compile("")),
        ("point", re.compile(r"\b(?:at|after)\s+(?:the\s+)?(?:about\s+)?$", re.IGNORECASE),
         re.compile("")),
        ("", re.compile(""), re.compile(
            r"^[\s-]*(?:of\s+(?:age|treatment|follow)|old\b|follow[\s-]?up\b|trial|study|series|"
            r"course|period|treatment|programme|program|intervals?)", re.IGNORECASE)),
    ),
    "zh": (
        ("", re.compile(r"(?:随访(?:了|时间|期)?(?:为|至|共|达|约)?|为期|每隔?|历时|持续|年龄|病程|"
                        r"疗程(?:为)?|平均|中位)\s*$"), re.compile("")),
        ("", re.compile(""), re.compile(r"^\s*(?:岁|的?(?:试验|研究|疗程|病程))")),
        ("ever", re.compile(""), re.compile(r"^\s*(?:之内|以内|内|期间|随访期间|里)")),
        ("point", re.compile(""), re.compile(r"^\s*(?:时|后|末|的?随访时|访视)")),
        ("", re.compile(""), re.compile(r"^\s*的?随访")),
    ),
}  # fmt: skip
_NO_VISIT = ""

_START = {
    "en": re.compile(
        r"\b(?:at|before|on|from)\s+(?:the\s+)?(?:baseline|entry|enrolment|enrollment|start|outset|"
        r"beginning)\b|\b(?:at|before|prior\s+to)\s+(?:the\s+)?(?:first\s+)?"
        r"(?:treatment|therapy|infusion|transplant\w*)\b(?!\s+(?:group|arm))|"
        r"\bbaseline\s+(?:of|values?|levels?|scores?|was|were)\b|\binitially\b|"
        r"\bpre-?treatment\b", re.IGNORECASE),
    "zh": re.compile(r"基线(?!特征|资料|表|调查)|(?:治疗|输注|移植|用药|入组)前(?:的|为|时|平均)?|"
                     r"入组时|开始时|起初|最初"),
}  # fmt: skip
#: Times in a list before the one with the unit: "3, 6 and 12 months", 第 3、6 个月.
_LISTED = re.compile(r"((?:\d+(?:\.\d+)?\s*(?:,\s*and|,|and|or|、|，|和|及)\s*)+)$")
_FOLLOWED = re.compile(r"\bfollow(?:ed|[\s-]?up)\b|随访", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Time:
    """A time of a value: where it stands, the visits it is, and ``point``, ``ever`` or empty."""

    start: int
    visits: frozenset[str]
    sense: str = ""


def months_of(number: Number) -> float | None:
    """Return a time in months; ``None`` where its unit is none of time.

    Examples
    --------
    >>> from decimal import Decimal
    >>> months_of(Number(start=0, end=8, kind="months", value=Decimal(52), unit="weeks"))
    12.0
    """
    size = _MONTHS.get(number.unit.lower().rstrip("s"))
    return None if size is None else float(number.value) * size


def follow_up(context: Context, number: Number) -> bool:
    """Tell whether a time is how long people were followed."""
    return number.kind == "months" and _sense(context, number) is None and bool(
        _FOLLOWED.search(context.sentence.text)
    )  # fmt: skip


def times_named(context: Context) -> tuple[Time, ...]:
    """Return the times that values of a sentence may be of, in order."""
    found = [*_by_number(context), *_start_named(context)]
    return tuple(sorted(found, key=lambda time: time.start))


def _by_number(context: Context) -> Iterator[Time]:
    for number in context.numbers:
        at = months_of(number) if number.kind == "months" else None
        sense = _sense(context, number) if at is not None else None
        if at is None or sense is None or (not sense and _waits(context)):
            continue
        for start, more in _before(context, number):
            months = more * _MONTHS[number.unit.lower().rstrip("s")]
            yield Time(start=start, visits=_visits(context, months), sense=sense)
        yield Time(start=number.start, visits=_visits(context, at), sense=sense)


def _waits(context: Context) -> bool:
    """Tell whether a sentence tells how long something took."""
    return any(m.id.startswith(TIME_TO) for m in measures_named(context))


def _before(context: Context, number: Number) -> Iterator[tuple[int, float]]:
    """Yield the times of a list before the one that has the unit, with their places."""
    listed = _LISTED.search(context.span(0, number.start))
    if listed is not None:
        for m in re.finditer(r"\d+(?:\.\d+)?", listed[1]):
            yield listed.start(1) + m.start(), float(m[0])


def _visits(context: Context, months: float) -> frozenset[str]:
    near = max(0.04, months * _NEAR)
    return frozenset(v for v, at in context.known.months.items() if abs(at - months) <= near)


def _start_named(context: Context) -> Iterator[Time]:
    first = frozenset(v for v, at in context.known.months.items() if at == 0)
    for m in _START[context.lang].finditer(context.sentence.text):
        yield Time(start=m.start(), visits=first, sense="point")


def _sense(context: Context, number: Number) -> str | None:
    """Return ``point``, ``ever`` or empty; ``None`` where a time is no time of a value."""
    text = context.sentence.text
    before, after = text[: number.start], text[number.end :]
    if re.match(r"[（(]?第|month|week|day|year", context.span(number.start, number.end), re.I):
        return "point"
    for sense, ahead, behind in _FRAMES[context.lang]:
        if ahead.search(before) and behind.match(after):
            return sense or None
    return ""
