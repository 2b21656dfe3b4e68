"""The number-to-source index (appendix H): for every quantity printed, the way back.

An entry shows the number, what it is, the rule that made it with its settings, and what it rests
on. A value shows its quote on its page, or its citation with place and status. An input that leads
nowhere stops the report.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tamis.domain.errors import BadInput
from tamis.domain.quantities import Quantity
from tamis.domain.values import CitationAnchor, Derivation, PassageAnchor, Value
from tamis.report.book import Book
from tamis.report.engine import anchor_id
from tamis.report.inputs import InputLine, Resolver
from tamis.report.names import unit_words
from tamis.report.phrase import Attr, Mark, Phrase, Piece, links_in, plain, quantities_in, say
from tamis.report.sources import citation, page_of

__all__ = ["Entry", "SourceView", "trails"]


#: More inputs than this are not printed one by one: they stand in the data beside the report.
MANY = 2000

ELSEWHERE: tuple[tuple[Piece, tuple[Piece, ...]], ...] = (
    ("Too many to print", ("they are listed in quantities.csv, which goes with this report",)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceView:
    """Where a value was read: rows of (name, words), and the quote if there is one."""

    quote: Piece | None
    rows: tuple[tuple[str, Piece], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of the index."""

    anchor: Attr
    number: Piece
    unit: Piece
    what: Piece
    name: Piece
    rule: Piece
    settings: tuple[tuple[Piece, Piece], ...]
    source: SourceView | None
    inputs: tuple[InputLine, ...]
    groups: tuple[tuple[Piece, tuple[Piece, ...]], ...]

    def pieces(self) -> Iterator[Piece]:
        """Yield everything the entry prints."""
        yield from (self.number, self.unit, self.what)
        for line in self.inputs:
            yield line.piece
        for _, pieces in self.groups:
            yield from pieces
        if self.source is not None:
            for _, words in self.source.rows:
                yield words


def trails(book: Book) -> tuple[Entry, ...]:
    """Return one entry for every quantity printed so far, and for all they rest on.

    Raises
    ------
    BadInput
        When a quantity rests on something that is nowhere in the review.
    """
    resolver = Resolver(book)
    done: dict[str, Entry] = {}
    todo = sorted(book.printed)
    while todo:
        name = todo.pop()
        if name in done:
            continue
        entry = _entry(book, resolver, name)
        done[name] = entry
        for piece in entry.pieces():
            todo.extend(quantity.id for quantity in quantities_in(piece))
            todo.extend(links_in(piece))
    return tuple(done[name] for name in sorted(done))


def _entry(book: Book, resolver: Resolver, name: str) -> Entry:
    quantity = book.known(name)
    if quantity is None:
        raise BadInput(f"the quantity {name} was never entered", "make it with the book")
    value = book.values.get(name.removesuffix("#printed"))
    many = len(quantity.inputs) > MANY
    shown = () if many else quantity.inputs
    lines = [resolver.line(item, quantity) for item in shown if not _self(item, value)]
    return Entry(
        anchor=Attr(anchor_id(name)),
        number=Mark(quantity, tag="b"),
        unit=_unit(book, quantity),
        what=book.what(name),
        name=book.lit(name, "identifier"),
        rule=book.lit(quantity.rule, "setting"),
        settings=tuple(
            (book.lit(k, "identifier"), book.text(v, "setting", "–"))
            for k, v in sorted(quantity.settings.items())
        ),
        source=_source(book, value) if value is not None else None,
        inputs=tuple(line for line in lines if line.group is None),
        groups=ELSEWHERE if many else _grouped(lines),
    )


def _grouped(lines: Sequence[InputLine]) -> tuple[tuple[Piece, tuple[Piece, ...]], ...]:
    found: dict[str, tuple[Piece, list[Piece]]] = {}
    for line in lines:
        if line.group is not None:
            found.setdefault(plain(line.group), (line.group, []))[1].append(line.piece)
    return tuple((name, tuple(pieces)) for name, pieces in found.values())


def _self(item: str, value: Value | None) -> bool:
    return value is not None and item == value.id


def _unit(book: Book, quantity: Quantity) -> Piece:
    return book.text(unit_words(quantity.unit), "label", "") if quantity.unit else ""


def _source(book: Book, value: Value) -> SourceView:
    quote: Piece | None = None
    rows: list[tuple[str, Piece]] = []
    match value.source:
        case PassageAnchor() as anchor:
            quote = book.lit(anchor.quote, "quote")
            rows.append(("Document", book.document_name(anchor.document)))
            rows.append(("Page", page_of(book, value, anchor)))
            rows.append(("Hash of the file", book.lit(anchor.document[:12], "identifier")))
        case CitationAnchor() as cited:
            rows.append(("Citation", citation(book, cited.citation)))
            rows.append(("Place", book.text(cited.location, "citation")))
        case Derivation() as derived:
            rows.append(("Formula", book.lit(derived.formula, "quote")))
            if derived.citation:
                rows.append(("Citation", citation(book, derived.citation)))
    rows.append(("Status", value.status))
    if value.denominator:
        rows.append(("Denominator", book.lit(value.denominator, "definition")))
    if value.note:
        rows.append(("Note", book.lit(value.note, "quote")))
    rows += _event(book, value)
    return SourceView(quote=quote, rows=tuple(rows))


def _event(book: Book, value: Value) -> list[tuple[str, Piece]]:
    mark = book.content.events.get(value.event)
    who = mark.actor if mark else value.extractor
    words: Phrase | Piece = book.names.person(who) if who else "not stated"
    if mark:
        words = say("{who}, {day}", who=words, day=book.day(mark.at))
    rows: list[tuple[str, Piece]] = [("Recorded by", words)]
    if value.event:
        rows.append(("Event", book.lit(value.event, "identifier")))
    return rows
