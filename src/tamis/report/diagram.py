"""Layout of a PRISMA 2020 flow diagram: boxes with wrapped lines of real text, and arrows.

Only geometry is decided here. What the boxes say comes from ``sections.selection``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tamis.domain.quantities import Literal, Quantity
from tamis.report.digits import has_digit
from tamis.report.phrase import Attr, Mark, Phrase, Piece, in_figure, plain, say

__all__ = ["Diagram", "Entry", "Line", "Node", "Stage", "lay_out"]

#: Pixels of the drawing. The text is 12.5 px; a line of it holds about ``CHARS`` characters.
LEFT, RIGHT, WIDE, GAP, TOP = 34, 392, 326, 28, 8
LINE, PAD, CHARS = 17, 9, 47

#: Height that one letter of a phase's name needs in its band.
BAND = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line of a box: a label and its count, or words where the count is unknown."""

    label: Piece
    count: Piece | None = None
    part: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One step of the diagram: its main box, and what leaves the flow there."""

    name: str
    main: tuple[Entry, ...]
    aside: tuple[Entry, ...] = ()
    waiting: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of text at a place in the drawing."""

    x: Attr
    y: Attr
    piece: Piece
    part: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A box and its lines; ``waiting`` boxes hold what is not decided yet."""

    x: Attr
    y: Attr
    width: Attr
    height: Attr
    lines: tuple[Line, ...]
    waiting: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """The name of a phase at the left edge."""

    y: Attr
    height: Attr
    middle: Attr
    turn: Attr
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagram:
    """A finished drawing: sizes, boxes, arrows and phase bands."""

    id: str
    title: str
    desc: str
    view: Attr
    nodes: tuple[Node, ...]
    arrows: tuple[Attr, ...]
    bands: tuple[Band, ...]


def lay_out(name: str, title: str, desc: str, stages: Sequence[Stage]) -> Diagram:
    """Place the boxes of the stages one under the other.

    Parameters
    ----------
    name
        Id of the drawing in the page.
    title, desc
        Name and description for readers who do not see it; words without digits.
    stages
        From identification to inclusion; stages of one ``name`` share a band.
    """
    nodes: list[Node] = []
    arrows: list[Attr] = []
    tops: list[tuple[str, int, int]] = []
    y = TOP
    for place, stage in enumerate(stages):
        main = _node(LEFT, y, stage.main)
        height = _height(stage.main)
        nodes.append(main)
        right = y
        for entries, waiting in ((stage.aside, False), (stage.waiting, True)):
            if entries:
                nodes.append(_node(RIGHT, right, entries, waiting=waiting))
                middle = right + min(_height(entries), height) // 2
                middle = min(middle, y + height - 6)
                arrows.append(_across(middle if right == y else right + 14))
                right += _height(entries) + 8
        bottom = max(y + height, right - 8)
        if [s.name for s in stages].count(stage.name) == 1:
            bottom = max(bottom, y + BAND * len(stage.name))
        tops.append((stage.name, y, bottom))
        if place < len(stages) - 1:
            arrows.append(_down(y + height, bottom + GAP))
        y = bottom + GAP
    return Diagram(
        id=name,
        title=title,
        desc=desc,
        view=Attr(f"0 0 {RIGHT + WIDE + 2} {y - GAP + TOP}"),
        nodes=tuple(nodes),
        arrows=tuple(arrows),
        bands=tuple(_bands(tops)),
    )


def _across(y: int) -> Attr:
    return Attr(f"M{LEFT + WIDE} {y}H{RIGHT}")


def _down(top: int, bottom: int) -> Attr:
    return Attr(f"M{LEFT + WIDE // 2} {top}V{bottom}")


def _bands(tops: Sequence[tuple[str, int, int]]) -> Iterable[Band]:
    names = list(dict.fromkeys(name for name, _, _ in tops))
    for name in names:
        mine = [(top, bottom) for other, top, bottom in tops if other == name]
        top, bottom = mine[0][0], mine[-1][1]
        middle = (top + bottom) // 2
        yield Band(
            y=Attr(str(top)),
            height=Attr(str(bottom - top)),
            middle=Attr(str(middle)),
            turn=Attr(f"rotate(-90 12 {middle})"),
            name=name,
        )


def _lines(entry: Entry) -> list[Phrase]:
    wrapped = _wrap(_words(entry.label), CHARS - (2 if entry.part else 0))
    if entry.count is None:
        return wrapped
    known = isinstance(entry.count, Quantity) and entry.count.value is not None
    tail = say(" (n = {n})" if known else ": {n}", n=entry.count)
    last = wrapped[-1]
    if len(plain(last)) + len(plain(tail)) <= CHARS:
        return [*wrapped[:-1], Phrase((*last.pieces, *tail.pieces))]
    if known:
        return [*wrapped, Phrase(tail.pieces)]
    return [*wrapped[:-1], Phrase((*last.pieces, ":")), say("{n}", n=entry.count)]


def _height(entries: Sequence[Entry]) -> int:
    return 2 * PAD + LINE * sum(len(_lines(entry)) for entry in entries) - 3


def _node(x: int, y: int, entries: Sequence[Entry], *, waiting: bool = False) -> Node:
    lines: list[Line] = []
    at = y + PAD + 10
    for entry in entries:
        for place, piece in enumerate(_lines(entry)):
            indent = 12 if entry.part else (0 if place == 0 else 8)
            lines.append(
                Line(
                    x=Attr(str(x + 10 + indent)),
                    y=Attr(str(at)),
                    piece=in_figure(piece),
                    part=entry.part,
                )
            )
            at += LINE
    return Node(
        x=Attr(str(x)),
        y=Attr(str(y)),
        width=Attr(str(WIDE)),
        height=Attr(str(_height(entries))),
        lines=tuple(lines),
        waiting=waiting,
    )


def _words(label: Piece) -> list[Piece]:
    """Split a label into words; a literal whose numbers stand alone is not torn apart."""
    match label:
        case str():
            return list(label.split())
        case Literal(text=text):
            words = text.split()
            if any(has_digit(word) and not any(c.isalpha() for c in word) for word in words):
                return [Mark(label)]
            kind = label.kind
            return [Mark(Literal(text=w, kind=kind)) if has_digit(w) else w for w in words]
        case Phrase(pieces):
            return [word for piece in pieces for word in _words(piece)]
        case _:
            return [label]


def _wrap(words: Sequence[Piece], width: int) -> list[Phrase]:
    lines: list[list[Piece]] = [[]]
    used = 0
    for word in words:
        size = len(plain(word))
        if used and used + 1 + size > width:
            lines.append([])
            used = 0
        if used:
            lines[-1].append(" ")
            used += 1
        lines[-1].append(word)
        used += size
    return [Phrase(tuple(line)) for line in lines]
