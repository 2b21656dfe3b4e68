"""Bars that sum up risk of bias: every result once, or by the weights of a named synthesis."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from tamis.domain.results import StudyEffect, Synthesis
from tamis.domain.summaries import AppraisalSummary, BiasDomain, BiasWord
from tamis.report.book import Book
from tamis.report.phrase import NBSP, Piece, say
from tamis.report.sections.bias_words import (
    OPEN,
    anchor,
    appraised,
    domain_of,
    light,
    named,
    tool_words,
    word_of,
    words_used,
)
from tamis.report.traffic import Bar, Bars, Head, Key, Light, Share, lay_bars
from tamis.report.view import Cell, Column, Table, columns, row

__all__ = ["BarsFigure", "bias_bars"]

#: An appraisal (``None``: nobody appraised the study), its weight, what the weight rests on.
Part = tuple[AppraisalSummary | None, float, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class BarsFigure:
    """Stacked bars, and the same numbers as a table."""

    id: str
    bars: Bars
    caption: Piece
    table: Table


def bias_bars(
    book: Book, name: str, rows: Sequence[AppraisalSummary], heads: Sequence[Head]
) -> Iterator[BarsFigure]:
    """Yield the bars of a panel: every result once, then by the weights of each synthesis."""
    rows = _once(rows)
    shown = [head for head in heads if head.group != "applicability"]
    if len(rows) > 1:
        parts: list[Part] = [(one, 1.0, (anchor(book, one),)) for one in rows]
        n = book.number(
            f"bias:{name}/results#n",
            len(rows),
            digits=0,
            inputs=tuple(dict.fromkeys(anchor(book, one) for one in rows)),
            rule="number of results appraised with this tool",
            what="results appraised with this tool",
        )
        caption = say(
            "Share of the judgements by {tool}; every result counts once, unweighted ({n}).",
            tool=tool_words(book, rows[0]),
            n=say(f"n{NBSP}={NBSP}{{n}}", n=n),
        )
        yield _figure(book, f"{name}-unweighted", parts, shown, rows, caption)
    for synthesis in book.content.syntheses:
        weighted = _weights(synthesis, rows)
        if weighted is not None:
            caption = say(
                "Share of the judgements by {tool}, weighted by the weights of the synthesis "
                "{title} ({method}).",
                tool=tool_words(book, rows[0]),
                title=_title(book, synthesis),
                method=book.lit(synthesis.plan.method, "setting"),
            )
            parts = [(one, effect.weight or 0.0, effect.inputs or (effect.study,))
                     for effect, one in weighted]  # fmt: skip
            yield _figure(book, f"{name}-{synthesis.plan.id}", parts, shown, rows, caption)


def _once(rows: Sequence[AppraisalSummary]) -> tuple[AppraisalSummary, ...]:
    """Return one row a result: of assessors who differ only what both say stays judged."""
    by_result: dict[str, list[AppraisalSummary]] = {}
    for one in rows:
        by_result.setdefault(one.result, []).append(one)
    return tuple(_shared(held) for held in by_result.values())


def _shared(held: Sequence[AppraisalSummary]) -> AppraisalSummary:
    first, *others = held
    if not others:
        return first
    whole = [one.overall for one in held]
    return replace(
        first,
        domains=tuple(
            _alike([d for one in held for d in one.domains if d.id == domain.id])
            for domain in first.domains
        ),
        overall=_alike([one for one in whole if one is not None]) if any(whole) else None,
    )


def _alike(said: Sequence[BiasDomain]) -> BiasDomain:
    words = {one.judgement.id if one.judgement else "" for one in said}
    return said[0] if len(words) == 1 else replace(said[0], judgement=None)


def _title(book: Book, synthesis: Synthesis) -> Piece:
    plan = synthesis.plan
    return book.lit(plan.title, "label") if plan.title else book.lit(plan.id, "identifier")


def _weights(
    synthesis: Synthesis, rows: Sequence[AppraisalSummary]
) -> list[tuple[StudyEffect, AppraisalSummary | None]] | None:
    """Return the weighted studies of a synthesis with their appraisals; ``None`` if none fits."""
    effects = [e for e in synthesis.effects if e.weight is not None]
    found = [(e, appraised(rows, e.study, synthesis)) for e in effects]
    return found if len(effects) > 1 and any(one is not None for _, one in found) else None


def _figure(  # noqa: PLR0917 - what a figure is made of, spelled once
    book: Book,
    name: str,
    parts: Sequence[Part],
    heads: Sequence[Head],
    rows: Sequence[AppraisalSummary],
    caption: Piece,
) -> BarsFigure:
    words = words_used(rows)
    bars: list[Bar] = []
    table_rows = []
    used: set[str] = set()
    for head in heads:
        shares = _shares(book, name, head, parts, words)
        used.update(shares)
        bars.append(Bar(label=named(head), shares=tuple(shares.values())))
        cells = [Cell(piece=shares[w].number if w in shares else "–", number=True)
                 for w in (*(word.id for word in words), OPEN)]  # fmt: skip
        table_rows.append(row(named(head), *cells))
    keys = [Key(light=light(book, w), words=word_of(book, w)) for w in words if w.id in used]
    if OPEN in used:
        keys.append(Key(light=Light(state="open"), words=OPEN))
    heading = [Column(piece=word_of(book, w), number=True) for w in words]
    return BarsFigure(
        id=f"bars-{name}",
        bars=lay_bars(bars, keys),
        caption=caption,
        table=Table(
            id=f"table-bars-{name}",
            caption=caption,
            columns=columns("Domain", *heading, Column(piece=OPEN, number=True)),
            rows=tuple(table_rows),
        ),
    )


def _shares(
    book: Book, name: str, head: Head, parts: Sequence[Part], words: Sequence[BiasWord]
) -> Mapping[str, Share]:
    """Return the parts of one bar by judgement; results without the domain are left out."""
    weights: dict[str, float] = {}
    inputs: dict[str, list[str]] = {}
    for one, weight, because in parts:
        domain = domain_of(one, head) if one is not None else None
        if one is not None and domain is None:
            continue
        key = domain.judgement.id if domain and domain.judgement else OPEN
        weights[key] = weights.get(key, 0.0) + weight
        inputs.setdefault(key, []).extend(because)
    total = sum(weights.values())
    lights = {w.id: light(book, w) for w in words} | {OPEN: Light(state="open", words=OPEN)}
    counted = all(weight == 1.0 for _, weight, _ in parts)
    return {
        key: Share(
            light=lights[key],
            share=weights[key] / total,
            number=_number(book, f"{name}/{head.id}/{_slug(key)}", weights[key], total, inputs[key],
                           counted=counted),
        )
        for key in (*(w.id for w in words), OPEN)
        if key in weights and total > 0
    }  # fmt: skip


def _slug(key: str) -> str:
    return "-".join(key.split())


def _number(
    book: Book, name: str, weight: float, total: float, inputs: Sequence[str], *, counted: bool
) -> Piece:
    if counted:
        return book.number(
            f"bias:{name}#n",
            round(weight),
            digits=0,
            inputs=tuple(dict.fromkeys(inputs)),
            rule="number of results with this judgement",
            what="results with this judgement in a domain",
        )
    percent = book.number(
        f"bias:{name}#percent",
        100 * weight / total,
        digits=0,
        unit="%",
        inputs=tuple(dict.fromkeys(inputs)),
        rule="sum of the weights of the studies with this judgement",
        what="share of the weight with this judgement in a domain",
    )
    return say(f"{{p}}{NBSP}%", p=percent)
