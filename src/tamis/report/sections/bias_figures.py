"""Risk of bias as figures: traffic lights by result and domain, bars that sum them up.

One panel a tool, edition and variant: tools never share an axis of columns. A person's judgement
is a filled light; what the rules propose and nobody judged is an outline. Domains whose name
begins with "applicability" (QUADAS-2) stand apart and enter no bar.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tamis.domain.summaries import AppraisalSummary
from tamis.report.book import Book
from tamis.report.phrase import Phrase, Piece, plain, say
from tamis.report.sections.bias import result_words, settled
from tamis.report.sections.bias_bars import BarsFigure, bias_bars
from tamis.report.sections.bias_words import (
    OPEN,
    heads_of,
    light,
    light_of,
    named,
    tool_words,
    word_of,
    words_used,
)
from tamis.report.sources import citation
from tamis.report.traffic import Head, Key, Light, LightRow, TrafficLight, lay_lights
from tamis.report.view import Table, columns, row

__all__ = ["LightsFigure", "Panel", "bias_panels"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LightsFigure:
    """A traffic-light figure with its caption and description."""

    id: str
    light: TrafficLight
    desc: str
    caption: Piece


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """Everything shown of one tool; ``table`` says the figure in words."""

    id: str
    figure: LightsFigure
    table: Table
    bars: tuple[BarsFigure, ...]
    notes: tuple[Piece, ...]


def bias_panels(book: Book) -> tuple[Panel, ...]:
    """Return one panel for every tool, edition and variant that judges domains."""
    groups: dict[tuple[str, str, str], list[AppraisalSummary]] = {}
    for one in settled(book.content.appraisals):
        if one.domains:
            groups.setdefault((one.tool, one.version, one.variant), []).append(one)
    return tuple(_panel(book, "-".join(filter(None, key)), groups[key]) for key in sorted(groups))


def _panel(book: Book, name: str, rows: Sequence[AppraisalSummary]) -> Panel:
    ordered = sorted(rows, key=lambda a: (plain(result_words(book, a.result)), a.assessor))
    heads = heads_of(book, ordered)
    several = any(a.role == "assessor" for a in ordered)
    placed = [
        LightRow(
            label=_row_words(book, a, several=several),
            lights=tuple(light_of(book, a, head) for head in heads),
        )
        for a in ordered
    ]
    shown = [light for item in placed for light in item.lights]
    figure = LightsFigure(
        id=f"bias-{name}",
        light=lay_lights(heads, placed, _keys(book, ordered, shown)),
        desc="Rows are results, columns are domains. The same judgements stand below in words.",
        caption=say("Risk of bias of each result by {tool}.", tool=tool_words(book, ordered[0])),
    )
    return Panel(
        id=f"panel-{name}",
        figure=figure,
        table=_table(book, name, ordered, heads, placed),
        bars=tuple(bias_bars(book, name, ordered, heads)),
        notes=tuple(_notes(book, ordered, several=several)),
    )


def _row_words(book: Book, one: AppraisalSummary, *, several: bool) -> Phrase:
    words = result_words(book, one.result)
    if several and one.role == "assessor":
        return say("{result} ({who})", result=words, who=book.names.person(one.assessor))
    return words


def _keys(book: Book, rows: Sequence[AppraisalSummary], shown: Sequence[Light]) -> tuple[Key, ...]:
    keys = [Key(light=light(book, w), words=word_of(book, w)) for w in words_used(rows)]
    states = {light.state for light in shown}
    if "proposed" in states:
        keys.append(
            Key(light=Light(state="proposed", sign="+"), words="proposed by the rules, not judged")
        )
    if "open" in states:
        keys.append(Key(light=Light(state="open"), words=OPEN))
    if "absent" in states:
        keys.append(Key(light=Light(state="absent"), words="no such domain for this result"))
    if any(light.overridden for light in shown):
        keys.append(
            Key(
                light=Light(state="open", overridden=True),
                words="marked: judged otherwise than the rules propose",
            )
        )
    return tuple(keys)


def _table(
    book: Book,
    name: str,
    rows: Sequence[AppraisalSummary],
    heads: Sequence[Head],
    placed: Sequence[LightRow],
) -> Table:
    return Table(
        id=f"table-lights-{name}",
        caption=say("Risk of bias by {tool}, in words", tool=tool_words(book, rows[0])),
        columns=columns("Result", *(named(head) for head in heads)),
        rows=tuple(row(item.label, *(light.words for light in item.lights)) for item in placed),
    )


def _notes(book: Book, rows: Sequence[AppraisalSummary], *, several: bool) -> Iterator[Piece]:
    first = rows[0]
    if first.status == "provisional":
        yield say(
            "Provisional: {tool} is transcribed here from a secondary source and was not compared "
            "row by row with its official document.",
            tool=book.lit(first.tool_name, "label"),
        )
    if first.url:
        yield say("Tool: {url}.", url=citation(book, first.url))
    if several:
        yield (
            "Where two assessors differ, or have not both finished, and nobody has settled it, "
            "each has a row; the bars count such a result once, and what is not settled as not "
            "judged."
        )
    for one in rows:
        for domain in (*one.domains, *([one.overall] if one.overall else [])):
            if domain.overridden and domain.proposal and domain.judgement:
                yield say(
                    "{result}, {domain}: the rules propose {p}, judged {j}{why}",
                    result=result_words(book, one.result),
                    domain=book.lit(domain.label or domain.id, "label"),
                    p=word_of(book, domain.proposal),
                    j=word_of(book, domain.judgement),
                    why=say(": {r}", r=book.lit(domain.reason, "quote")) if domain.reason else ".",
                )
