"""Sentences made of words, quantities and literals: what templates print.

A ``Phrase`` never holds a digit of its own. Words come from patterns in the code, numbers come as
``Quantity``, texts of the review that may hold digits come as ``Literal``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from string import Formatter

from tamis.domain.errors import BadInput
from tamis.domain.quantities import Literal, Quantity
from tamis.report.digits import has_digit

__all__ = [
    "NBSP", "Attr", "Link", "Mark", "Phrase", "Piece", "counted", "distinct", "in_figure", "join",
    "links_in", "plain", "quantities_in", "say", "sentence",
]  # fmt: skip

NBSP = "\N{NO-BREAK SPACE}"

_FORMATTER = Formatter()


@dataclass(frozen=True, slots=True)
class Attr:
    """A number or an id for an attribute (geometry, ``id``, ``href``), never for text."""

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Mark:
    """A quantity or literal without a link: inside a figure, or where its own entry stands."""

    piece: Quantity | Literal
    tag: str = "tspan"


@dataclass(frozen=True, slots=True)
class Link:
    """A piece that leads somewhere: a place in the page (``#…``) or an address.

    ``needs`` names the quantity whose entry it leads to, so that the entry is written.
    """

    piece: str | Literal
    href: str
    needs: str = ""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Pieces that are printed one after another."""

    pieces: tuple[Piece, ...]

    def __bool__(self) -> bool:
        return bool(self.pieces)


Piece = str | Quantity | Literal | Mark | Link | Phrase


def say(pattern: str, /, **pieces: Piece) -> Phrase:
    """Fill a pattern of words with named pieces.

    Raises
    ------
    BadInput
        When the pattern itself holds a digit.

    Examples
    --------
    >>> from tamis.domain.quantities import Literal
    >>> plain(say("{who} screened every record.", who=Literal(text="Reviewer A", kind="label")))
    'Reviewer A screened every record.'
    """
    parts: list[Piece] = []
    for words, name, _, _ in _FORMATTER.parse(pattern):
        if has_digit(words):
            raise BadInput(f"a number is typed into the sentence {pattern!r}", "make it a quantity")
        if words:
            parts.append(words)
        if name is not None:
            parts.append(pieces[name])
    return Phrase(tuple(parts))


def sentence(*parts: str) -> str:
    """Return parts as sentences: a capital first, a full stop last.

    Examples
    --------
    >>> sentence("look again", "is it a rate?", "")
    'Look again. Is it a rate?'
    """
    made = []
    for part in (text.strip() for text in parts):
        if part:
            first = part.split()[0]
            start = part if has_digit(first) else part[:1].upper() + part[1:]
            made.append(start if start[-1] in ".?!。？！" else f"{start}.")
    return " ".join(made)


def join(pieces: Iterable[Piece], between: str = ", ", last: str = "") -> Phrase:
    """Join pieces as a list; ``last`` (" and ") stands before the last one.

    Examples
    --------
    >>> plain(join(["a", "b", "c"], ", ", " and "))
    'a, b and c'
    """
    items = list(pieces)
    parts: list[Piece] = []
    for place, item in enumerate(items):
        if place:
            parts.append(last if last and place == len(items) - 1 else between)
        parts.append(item)
    return Phrase(tuple(parts))


def plain(piece: Piece) -> str:
    """Return the text that a reader sees.

    Examples
    --------
    >>> plain(Phrase(("a", Phrase(("b",)))))
    'ab'
    """
    match piece:
        case Phrase(pieces):
            return "".join(plain(part) for part in pieces)
        case Mark(inner) | Link(inner):
            return str(inner)
        case _:
            return str(piece)


def quantities_in(piece: Piece) -> Iterator[Quantity]:
    """Yield the quantities that a piece prints, in order.

    Examples
    --------
    >>> list(quantities_in(Phrase(("words", Phrase(())))))
    []
    """
    match piece:
        case Phrase(pieces):
            for part in pieces:
                yield from quantities_in(part)
        case Quantity():
            yield piece
        case Mark(Quantity() as inner):
            yield inner
        case _:
            return


def in_figure(piece: Piece) -> Piece:
    """Return a piece as it may stand in a drawing: literals without an element of their own.

    Examples
    --------
    >>> in_figure(Literal(text="Gu 2014", kind="label"))
    Mark(piece=Literal(text='Gu 2014', kind='label'), tag='tspan')
    """
    match piece:
        case Literal():
            return Mark(piece)
        case Link(inner):
            return in_figure(inner)
        case Phrase(pieces):
            return Phrase(tuple(in_figure(part) for part in pieces))
        case _:
            return piece


def links_in(piece: Piece) -> Iterator[str]:
    """Yield the ids of quantities that a piece links to by another name."""
    match piece:
        case Phrase(pieces):
            for part in pieces:
                yield from links_in(part)
        case Link(needs=needs) if needs:
            yield needs
        case _:
            return


def counted(number: Quantity, one: str, many: str) -> Phrase:
    r"""Return a count with its noun in the right number.

    Examples
    --------
    >>> plain(counted(Quantity(id="a:b#n", value=1, inputs=("x",), rule="r"), "study", "studies"))
    '1\xa0study'
    """
    return Phrase((number, NBSP, one if number.value == 1 else many))


def distinct(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """Return the pieces that read differently, the first of each.

    Examples
    --------
    >>> distinct(["a", "b", "a"])
    ('a', 'b')
    """
    found: dict[str, Piece] = {}
    for piece in pieces:
        found.setdefault(plain(piece), piece)
    return tuple(found.values())
