"""Cells of a summary of findings: people, relative effect, risks per thousand, differences.

Every number is a quantity that rests on the values behind the row. A limit is printed as the room
``certainty`` gives it; nothing is clamped here.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from tamis.certainty import risk_with
from tamis.domain.grading import AbsoluteEffect, FindingsRow
from tamis.domain.quantities import Quantity
from tamis.domain.results import Interval
from tamis.report.book import Book
from tamis.report.corpus import literal
from tamis.report.measures import measure_of, printed_digits, ratio_digits
from tamis.report.names import unit_words
from tamis.report.phrase import NBSP, Phrase, Piece, counted, distinct, join, say
from tamis.report.sections.statements import row_key, to_rest_on

__all__ = ["baselines", "differences", "people", "relative"]

#: Of a pool of two studies every interval stands under its name.
TWO = 2

PER = literal("per 1,000", "label")

#: Short names of the measures, as the column of relative effects prints them.
SHORT = {"RR": "RR", "OR": "OR", "HR": "HR", "SMD": "SMD"}


def people(book: Book, found: FindingsRow) -> tuple[Piece, ...]:
    """Return participants, studies and design behind a row."""
    if not found.reported:
        return ("not reported",)
    key = row_key(found)
    parts: list[Piece] = []
    if found.participants is not None:
        parts.append(
            book.number(
                f"sof:{key}#participants", found.participants, digits=0,
                inputs=to_rest_on(book, found.participants_inputs, *found.studies),
                rule="sum of the participants behind the row",
                what=say("participants, {o}", o=book.names.outcome(found.outcome)),
            )
        )  # fmt: skip
    if found.studies:
        number = book.count(f"sof-studies:{key}", found.studies, "set of studies behind the row",
                            say("studies, {o}", o=book.names.outcome(found.outcome)))  # fmt: skip
        parts.append(counted(number, "study", "studies"))
    if found.design:
        parts.append(book.text(found.design, "label"))
    return tuple(parts) or ("not stated",)


def _quantity(
    book: Book,
    found: FindingsRow,
    name: str,
    value: float,
    *,
    digits: int,
    what: str,
    rule: str,
    inputs: Sequence[str] = (),
) -> Quantity:
    return book.number(
        f"sof:{row_key(found)}#{name}",
        value,
        digits=digits,
        inputs=to_rest_on(
            book, (*inputs, *found.estimate_inputs), *found.participants_inputs, *found.studies
        ),
        rule=rule,
        what=say("{w}, {o}", w=what, o=book.names.outcome(found.outcome)),
    )


def _effect(book: Book, found: FindingsRow, *, part: str = "") -> tuple[Piece, Piece | None] | None:
    """Return estimate and limits of a row on the scale of its measure."""
    if found.estimate is None:
        return None
    measure = measure_of(found.measure)
    digits = measure.digits
    if digits is None:
        digits = printed_digits(v for i in found.estimate_inputs if (v := book.values.get(i)))

    def one(name: str, value: float, what: str, rule: str) -> Quantity:
        printed = value * measure.times
        places = ratio_digits(printed) if measure.ratio else digits
        return _quantity(book, found, name, printed, digits=places, what=what, rule=rule)

    estimate = one("estimate", found.estimate, measure.name, measure.name)
    if found.interval is None:
        return estimate, None
    rule = f"{measure.name}, {found.interval.method}"
    low = one(f"low{part}", found.interval.low, f"{measure.name}, lower limit", rule)
    high = one(f"high{part}", found.interval.high, f"{measure.name}, upper limit", rule)
    return estimate, say(f"{{l}}{NBSP}to{NBSP}{{h}}", l=low, h=high)


def relative(book: Book, found: FindingsRow) -> tuple[Piece, ...]:
    """Return a relative effect with its interval, or why there is none."""
    short = SHORT.get(found.measure)
    effect = _effect(book, found) if short else None
    if not found.reported:
        return ("not reported",)
    if short is None:
        return ("not estimable",) if found.absolutes else ("–",)
    if effect is None or not math.isfinite(found.estimate or 0.0):
        return ("not estimable",)
    if found.interval is None or effect[1] is None:
        return (say("{s} {e}", s=short, e=effect[0]),)
    main = _named(book, effect[1], found.interval.method)
    return (say("{s} {e}", s=short, e=effect[0]), main, *_others(book, found))


def _named(book: Book, limits: Piece, method: str) -> Phrase:
    """Return limits with the name of their interval: "(0.52 to 1.85; Wald)"."""
    return say("({i}; {m})", i=limits, m=book.text(method, "setting"))


def beside(book: Book, found: FindingsRow) -> tuple[Interval, ...]:
    """Return the other intervals of a pool of two studies: none of them is read alone."""
    synthesis = next((s for s in book.content.syntheses if s.plan.id == found.synthesis), None)
    pooled = synthesis.pooled if synthesis is not None and found.synthesis else None
    if pooled is None or pooled.k != TWO or pooled.measure != found.measure:
        return ()
    same = found.interval is not None and found.interval.method == pooled.interval_method
    return pooled.alternatives if same else ()


def _others(book: Book, found: FindingsRow) -> list[Piece]:
    """Return each other interval of a pool of two on the scale of its measure, with its name."""
    lines: list[Piece] = []
    for nth, other in enumerate(beside(book, found)):
        effect = _effect(book, replace(found, interval=other), part=f".{nth + 2}")
        if effect is not None and effect[1] is not None:
            lines.append(_named(book, effect[1], other.method))
    return lines


def baselines(book: Book, found: FindingsRow) -> list[Piece]:
    """Return each risk with the comparator, with where it comes from."""
    if not found.reported:
        return ["not reported"]
    lines: list[Piece] = []
    for nth, one in enumerate(found.absolutes):
        number = _quantity(
            book, found, f"baseline.{nth + 1}", one.baseline * 1000, digits=0, inputs=one.inputs,
            what="risk with the comparator, per thousand people", rule="risk with the comparator",
        )  # fmt: skip
        lines.append(say("{n} {per}", n=number, per=PER))
        about = [book.text(t, "setting") for t in (one.label, one.source) if t.strip()]
        if one.only:
            about.append(one.only)
        if about:
            lines.append(join(distinct(about), "; "))
    return lines or ["–"]


def differences(book: Book, found: FindingsRow) -> list[Piece]:
    """Return each difference per thousand, its intervals named; a difference of means as such."""
    if not found.reported:
        return ["not reported"]
    lines: list[Piece] = []
    for nth, one in enumerate(found.absolutes):
        lines += _difference(book, found, one, nth)
    if not lines and found.measure in ("MD", "RD"):
        effect = _effect(book, found)
        if effect is not None:
            unit = measure_of(found.measure).unit or found.unit
            printed = say(" {u}", u=book.lit(unit_words(unit), "label")) if unit else ""
            lines.append(say("{e}{u}", e=effect[0], u=printed))
            if found.interval is not None and effect[1] is not None:
                lines.append(_named(book, effect[1], found.interval.method))
            lines += _others(book, found)
    return lines or ["not estimable"]


def _difference(book: Book, found: FindingsRow, one: AbsoluteEffect, nth: int) -> list[Piece]:
    if one.difference is None:
        return []
    part = f"difference.{nth + 1}"
    point = _signed(book, found, one, part, one.difference)
    if not one.intervals:
        return [say("{p} {per}", p=point, per=PER)]
    first, *others = one.intervals
    lines: list[Piece] = [
        say("{p} {per}", p=point, per=PER),
        say("({i}; {m})", i=_limits(book, found, one, part, first),
            m=book.text(first.method, "setting")),
    ]  # fmt: skip
    lines += [
        say("({i}; {m})", i=_limits(book, found, one, f"{part}.{place + 2}", other),
            m=book.text(other.method, "setting"))
        for place, other in enumerate(others)
    ]  # fmt: skip
    lines += _other_risks(book, found, one, part)
    if one.nnt is not None:
        lines.append(
            say("number needed to treat: {n}",
                n=_quantity(book, found, f"nnt.{nth + 1}", one.nnt, digits=0, inputs=one.inputs,
                            what="number needed to treat", rule="one over the risk difference"))
        )  # fmt: skip
    return lines


def _other_risks(book: Book, found: FindingsRow, one: AbsoluteEffect, part: str) -> Iterator[Piece]:
    """Yield differences of risks by the other intervals of a ratio of two studies."""
    if found.measure not in SHORT or not one.intervals[0].method.startswith("from the"):
        return
    for nth, other in enumerate(beside(book, found)):
        risks = [risk_with(found.measure, one.baseline, x) for x in (other.low, other.high)]
        if not all(0 <= risk <= 1 for risk in risks):
            continue
        low, high = sorted(risk - one.baseline for risk in risks)
        limits = replace(other, low=low, high=high)
        yield say(
            "({i}; from the {s} ({m}))",
            i=_limits(book, found, one, f"{part}.beside.{nth + 1}", limits),
            s=SHORT[found.measure],
            m=book.text(other.method, "setting"),
        )


def _limits(
    book: Book, found: FindingsRow, one: AbsoluteEffect, part: str, interval: Interval
) -> Phrase:
    return say(
        "{l} to {h}",
        l=_signed(book, found, one, f"{part}.low", interval.low),
        h=_signed(book, found, one, f"{part}.high", interval.high),
    )


def _signed(book: Book, found: FindingsRow, one: AbsoluteEffect, part: str, value: float) -> Phrase:
    """Return a difference of risks as "83 fewer": its size per thousand and its direction."""
    number = _quantity(
        book, found, part, abs(value) * 1000, digits=0, inputs=one.inputs,
        what="difference of risks, per thousand people", rule="difference of two risks",
    )  # fmt: skip
    return say(f"{{n}}{NBSP}{{way}}", n=number, way="fewer" if value < 0 else "more")
