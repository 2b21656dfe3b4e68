"""What other defensible analyses would have said: share of statements that change, and a curve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tamis.domain.multiverse import MultiverseResult, SpecificationResult
from tamis.domain.question import Outcome
from tamis.report.book import Book
from tamis.report.phrase import NBSP, Mark, Phrase, Piece, join, say
from tamis.report.scale import Axis
from tamis.report.sections.multiverse_numbers import (
    ALL,
    NONE,
    STATEMENTS,
    Scale,
    axes_of,
    count,
    drawn,
    interval,
    option_words,
    printed,
    scale_of,
    share,
)
from tamis.report.sections.plain_summary import languages
from tamis.report.specification_curve import (
    CurveFigure,
    CurvePoint,
    Line,
    curve_axis,
    lay_curve,
)
from tamis.report.view import Cell, Column, Row, Table, columns, row

__all__ = ["MultiverseView", "multiverses"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MultiverseView:
    """One question, ready for its template."""

    id: str
    title: Piece
    headline: Phrase
    chinese: Phrase | None
    lines: tuple[Piece, ...]
    figure: CurveFigure | None
    desc: str
    caption: Piece
    by_choice: Table | None
    table: Table | None


def multiverses(book: Book) -> tuple[MultiverseView, ...]:
    """Return what is printed of each multiverse."""
    return tuple(_view(book, one) for one in book.content.multiverses)


def _view(book: Book, found: MultiverseResult) -> MultiverseView:
    count(book, found, ALL, found.asked, "planned analyses")
    outcome = book.content.protocol.outcome(found.base.outcome)
    scale = scale_of(book, found, outcome)
    shown = drawn(found)
    axes = axes_of(found)
    return MultiverseView(
        id=f"multiverse-{found.plan.id}",
        title=book.text(found.plan.title or found.plan.id, "label"),
        headline=_headline(book, found),
        chinese=_chinese(book, found) if "zh" in languages(book) else None,
        lines=tuple(_lines(book, found, scale)),
        figure=_figure(book, found, shown, axes, scale) if shown else None,
        desc="Each column is one analysis. The same analyses stand below as a table, in the same "
        "order.",
        caption=_caption(book, found, outcome, scale, len(shown) < len(found.kept)),
        by_choice=_by_choice(book, found, axes),
        table=_table(book, found, shown, scale) if shown else None,
    )


def _headline(book: Book, found: MultiverseResult) -> Phrase:
    if not found.computed:
        return say("None of the planned analyses could be made.")
    return say(
        f"{{n}} of {{m}} analyses ({{share}}{NBSP}%) come to another statement than the primary "
        "one.",
        n=count(book, found, "differing", found.differing, "analyses with another statement"),
        m=count(book, found, "computed", found.computed, "analyses that have a result"),
        share=share(book, found),
    )


def _chinese(book: Book, found: MultiverseResult) -> Phrase | None:
    if not found.computed:
        return None
    return say(
        f"在 {{m}} 种合理的分析中，{{n}} 种（{{share}}{NBSP}%）得出与主要分析不同的陈述。",
        n=count(book, found, "differing", found.differing, "analyses with another statement"),
        m=count(book, found, "computed", found.computed, "analyses that have a result"),
        share=share(book, found),
    )


def _lines(book: Book, found: MultiverseResult, scale: Scale) -> list[Piece]:
    first = found.first
    lines: list[Piece] = []
    if first.absolute is not None:
        lines.append(
            say("Primary analysis: {what}. Its statement: {said}.", what=_named(book, found, first),
                said=STATEMENTS[first.statement])
        )  # fmt: skip
    if found.differing:
        lines.append(_statements(book, found))
    coincide = found.asked - found.distinct
    if coincide:
        lines.append(
            say("{asked} were planned; {same} of them are the same analysis of the same rows as "
                "another and are counted once.",
                asked=count(book, found, ALL, found.asked, "planned analyses"),
                same=count(book, found, "coinciding", coincide,
                            "analyses that coincide with another"))
        )  # fmt: skip
    lines += _refused(book, found)
    lines += [
        say("Not in the data {data}: {study} ({why}).", data=book.lit(data, "identifier"),
            study=book.names.study(study), why=why)
        for data, study, why in found.left_out
    ]  # fmt: skip
    if found.plan.reason:
        lines.append(say("Why these: {r}", r=book.lit(found.plan.reason, "quote")))
    return lines


def _statements(book: Book, found: MultiverseResult) -> Phrase:
    counts = {
        key: sum(one.statement == key for one in found.kept) for key in STATEMENTS
    }  # fmt: skip
    return say("Statements: {parts}.", parts=join([
        say("{word} in {n}", word=STATEMENTS[key], n=count(
            book, found, f"statement-{key}", n, "analyses with this statement"))
        for key, n in counts.items() if n
    ]))  # fmt: skip


def _refused(book: Book, found: MultiverseResult) -> list[Piece]:
    """Count and name the refused analyses, one line a reason."""
    reasons: dict[str, list[SpecificationResult]] = {}
    for one in found.refused:
        reasons.setdefault(one.refused, []).append(one)
    return [
        say("Refused, {n}: {why}. {names}.",
            n=count(book, found, f"refused-{nth + 1}", len(ones), "refused analyses"),
            why=why.rstrip("."), names=join([_named(book, found, one) for one in ones], "; "))
        for nth, (why, ones) in enumerate(reasons.items())
    ]  # fmt: skip


def _named(book: Book, found: MultiverseResult, one: SpecificationResult) -> Phrase:
    """Return an analysis by the options in which it differs from others."""
    told = [
        option_words(book, axis, one.option(axis))
        for axis, _ in axes_of(found)
        if one.option(axis) != NONE
    ]
    return join(told or ["the only one"])


def _caption(
    book: Book, found: MultiverseResult, outcome: Outcome | None, scale: Scale, thinned: bool
) -> Piece:
    important: Piece = "; no smallest important difference is declared"
    small = _smallest(outcome)
    if small is not None:
        important = say(
            "; the shaded band ends at the smallest important difference ({value} {unit})",
            value=book.lit(small[0], "setting"), unit=book.lit(small[1], "label"),
        )  # fmt: skip
    left = say(" Only some are drawn, evenly chosen; multiverse.csv has all.") if thinned else ""
    return say(
        "{title}: analyses sorted by estimate, {unit}, with {level} intervals, and the choices of "
        "each below{band}. The column in grey is the primary one. A triangle that points up says "
        "better by an important difference, down worse, a square little or no difference, a ring "
        "cannot tell.{left}",
        title=book.text(found.plan.title or found.plan.id, "label"),
        unit=book.lit(scale.unit, "label") if scale.unit else "differences",
        level=book.level(0.95), band=important, left=left,
    )  # fmt: skip


def _smallest(outcome: Outcome | None) -> tuple[str, str] | None:
    marks = {mark.size: mark for mark in outcome.thresholds} if outcome else {}
    mark = marks.get("small") or marks.get("mid")
    return (mark.value, mark.unit) if mark else None


def _figure(
    book: Book,
    found: MultiverseResult,
    shown: Sequence[SpecificationResult],
    axes: Sequence[tuple[str, tuple[str, ...]]],
    scale: Scale,
) -> CurveFigure:
    lines: list[Line] = []
    place: dict[tuple[str, str], int] = {}
    for axis, options in axes:
        lines.append(Line(words=book.lit(axis, "label"), head=True))
        for option in options:
            place[axis, option] = len(lines)
            lines.append(Line(words=option_words(book, axis, option)))
    points = [
        CurvePoint(
            estimate=numbers[0], low=numbers[1], high=numbers[2], statement=one.statement,
            primary=one.id == found.primary,
            marked=frozenset(place[pair] for pair in one.options if pair in place),
        )
        for one in shown
        if (numbers := printed(one, scale))
    ]  # fmt: skip
    upright = curve_axis([n for p in points for n in (p.low, p.high)])
    return lay_curve(points, lines, scale=upright, marks=_marks(book, found, upright),
                     important=scale.important)  # fmt: skip


def _marks(book: Book, found: MultiverseResult, upright: Axis) -> list[Piece]:
    return [
        Mark(
            book.number(
                f"axis:multiverse-{found.plan.id}#mark.{place + 1}", value, digits=upright.digits,
                inputs=[found.base.id],
                rule="round number on the axis that holds all intervals of the figure",
                what="mark on the axis of a figure",
            )
        )
        for place, value in enumerate(upright.marks)
    ]  # fmt: skip


def _by_choice(
    book: Book, found: MultiverseResult, axes: Sequence[tuple[str, tuple[str, ...]]]
) -> Table | None:
    """Return how many analyses of each option come to another statement; ``None`` if none does."""
    if not axes or not found.differing:
        return None
    rows = []
    for axis, options in axes:
        for option in options:
            mine = [one for one in found.kept if one.option(axis) == option]
            name = f"{axis}-{option}".replace(" ", "-").replace(":", "-").replace("#", "-")
            other = sum(one.statement != found.first.statement for one in mine)
            rows.append(
                row(
                    book.lit(axis, "label"),
                    option_words(book, axis, option),
                    Cell(piece=count(book, found, f"{name}.n", len(mine),
                                      "analyses with this choice"), number=True),
                    Cell(piece=count(book, found, f"{name}.other", other,
                                      "analyses with this choice and another statement"),
                         number=True),
                )
            )  # fmt: skip
    return Table(
        id=f"table-choices-{found.plan.id}",
        caption="Analyses by choice, and how many come to another statement than the primary one",
        columns=columns("Axis", "Choice", Column(piece="Analyses", number=True),
                        Column(piece="Another statement", number=True)),
        rows=tuple(rows),
    )  # fmt: skip


def _table(
    book: Book, found: MultiverseResult, shown: Sequence[SpecificationResult], scale: Scale
) -> Table:
    head = say("Difference, {unit} ({level} interval)", level=book.level(0.95),
               unit=book.lit(scale.unit, "label") if scale.unit else "in units")  # fmt: skip
    return Table(
        id=f"table-multiverse-{found.plan.id}",
        caption=say("{title}: every analysis of the figure, from the lowest estimate",
                    title=book.text(found.plan.title or found.plan.id, "label")),
        columns=columns("Analysis", Column(piece=head, number=True), "Statement"),
        rows=tuple(_row(book, found, same, scale) for same in _alike(found, shown)),
    )  # fmt: skip


def _alike(
    found: MultiverseResult, shown: Sequence[SpecificationResult]
) -> list[list[SpecificationResult]]:
    """Return the analyses, those of the same data that come to the same numbers together."""
    groups: dict[object, list[SpecificationResult]] = {}
    for one in shown:
        numbers = tuple(f"{number:.9g}" for number in one.absolute or ())
        key = "primary" if one.id == found.primary else (one.inputs, numbers)
        groups.setdefault(key, []).append(one)
    return list(groups.values())


def _row(
    book: Book, found: MultiverseResult, same: Sequence[SpecificationResult], scale: Scale
) -> Row:
    one = same[0]
    said = STATEMENTS[one.statement]
    return row(
        join([_named(book, found, each) for each in same], "; likewise "),
        Cell(piece=interval(book, found, one, scale), number=True),
        say("{said} (primary)", said=said) if one.id == found.primary else said,
    )
