"""What a quantity rests on, in words: values, other quantities, records, events, studies."""

from __future__ import annotations

from dataclasses import dataclass

from tamis.domain.errors import BadInput
from tamis.domain.quantities import Quantity
from tamis.domain.values import PassageAnchor, Value
from tamis.report.book import Book
from tamis.report.content import ReportContent
from tamis.report.engine import anchor_id
from tamis.report.names import unit_words
from tamis.report.phrase import Link, Piece, say
from tamis.report.sources import short_source

__all__ = ["LISTED", "InputLine", "Resolver", "resolvable"]

#: Up to so many values are written out with number and source; more are named and linked.
LISTED = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class InputLine:
    """One input. Those with a ``group`` (records, events, studies) stand in a row under it."""

    piece: Piece
    group: Piece | None = None


def resolvable(book: Book, name: str) -> bool:
    """Tell whether an id names something in the content that a trail may lead to.

    Quantities are not asked for: which of them exist depends on what was written before.
    """
    content = book.content
    return (
        name in book.values
        or name in content.records
        or name in content.events
        or name == content.protocol.head.id
        or any(name == s.id for s in content.studies)
        or any(name == s.id for s in content.protocol.sources)
        or any(name == item.id for item in content.extraction.looked_for)
        or name in _plain_ids(content)
    )


def _plain_ids(content: ReportContent) -> frozenset[str]:
    """Return the ids of the parts of a review that a trail names without a place of their own."""
    return frozenset(
        (
            *(r.id for s in content.studies for r in s.reports),
            *(b.id for b in content.protocol.bodies),
            *(s.plan.id for s in content.syntheses),
            *(d.sha256 for d in content.documents),
            *(b.sha256 for b in content.batches),
            *(m.id for m in content.protocol.team),
        )
    )


class Resolver:
    """Finds what an input id names; built once a report."""

    def __init__(self, book: Book) -> None:
        content = book.content
        self._book = book
        self._looked_for = {item.id: item for item in content.extraction.looked_for}
        self._sources = {s.id for s in content.protocol.sources}
        self._studies = {s.id for s in content.studies}
        self._plain = _plain_ids(content)

    def line(self, name: str, asked_by: Quantity) -> InputLine:
        """Return the words for one input.

        Raises
        ------
        BadInput
            When nothing in the review has that id: a trail must not end in the air.
        """
        book = self._book
        known = book.known(name)
        if name in book.values and len(asked_by.inputs) > LISTED:
            return InputLine(piece=self._linked(book.values[name]), group="Values")
        if known is not None:
            return InputLine(piece=say("{n}{unit}: {what}", n=known, unit=_unit(book, known),
                                       what=book.what(name)))  # fmt: skip
        if name in book.values:
            return InputLine(piece=self._value(book.values[name]))
        short = self._short(name)
        if short is None:
            raise BadInput(
                f"the quantity {asked_by.id} rests on {name!r}, which is nowhere in the review",
                "give the event, record, value or study that the number was made from",
            )
        return short

    def _linked(self, value: Value) -> Piece:
        """Return a value's id, leading to its own entry; words have no entry."""
        label = self._book.lit(value.id, "identifier")
        shown = self._book.value(value)
        if isinstance(shown, Quantity):
            return Link(label, f"#{anchor_id(shown.id)}", needs=shown.id)
        return label

    def _value(self, value: Value) -> Piece:
        book = self._book
        shown = book.value(value)
        quote: Piece = ""
        if isinstance(value.source, PassageAnchor):
            quote = say(" “{q}”", q=book.lit(value.source.quote, "quote"))
        return say(
            "{n}{unit}: {what}; {source}{quote} ({status})",
            n=shown,
            unit=say(" {u}", u=book.lit(unit_words(value.unit), "label"))
            if value.unit and value.statistic != "text"
            else "",
            what=book.names.value(value),
            source=short_source(book, value),
            quote=quote,
            status=value.status,
        )

    def _short(self, name: str) -> InputLine | None:
        book = self._book
        mark = book.content.events.get(name)
        found: tuple[Piece, Piece] | None = None
        if name in book.content.records:
            link = Link(book.lit(name, "identifier"), f"#{anchor_id(name, 'r')}")
            found = (link, "Records")
        elif mark is not None:
            group = say("Events ({kind}, {who}, {day})", kind=_kind_words(mark.kind),
                        who=book.names.person(mark.actor), day=book.day(mark.at))  # fmt: skip
            found = (book.lit(name, "identifier"), group)
        elif name in self._studies:
            found = (book.names.study(name), "Studies")
        elif name in self._sources:
            found = (book.names.source(name), "Sources")
        elif name in self._looked_for:
            found = (book.lit(name, "identifier"), "Looked for and not found")
        elif name == book.content.protocol.head.id:
            found = ("the log as a whole", "This review")
        elif name in self._plain:
            found = (book.lit(name, "identifier"), "Parts of the review")
        return InputLine(piece=found[0], group=found[1]) if found else None


def _unit(book: Book, quantity: Quantity) -> Piece:
    return say(" {u}", u=book.lit(unit_words(quantity.unit), "label")) if quantity.unit else ""


def _kind_words(kind: str) -> str:
    """Return ``value_recorded.v1`` as "value recorded"."""
    return kind.partition(".")[0].replace("_", " ")
