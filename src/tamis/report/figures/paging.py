"""A sheet of rows as one drawing, and as pages where it is longer than one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tamis.report.documents.sheet import Drawing, Line, Sheet, draw, height_of, widths_of
from tamis.report.figures.figure import clean

__all__ = ["DENSE", "Block", "Item", "paged"]

#: Pixels: the longest drawing that stays on one page (A4 with margins), least height of a row.
LONGEST, LEAST = 1060.0, 18.0

#: Space above and below the text of a row.
DENSE = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A row of a figure; one that is ``kept`` stays on a page with the row after it.

    ``again`` is set above the row where a page begins with it: the heading of its block.
    """

    line: Line
    kept: bool = False
    again: Line | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A figure before it is drawn: its frame, its rows, and the axis that every page needs."""

    frame: Sheet
    items: tuple[Item, ...]
    foot: Line


def paged(block: Block) -> tuple[Drawing, tuple[str, ...]]:
    """Return the whole, and its pages; none where the whole is a page.

    Examples
    --------
    >>> from tamis.report.documents.sheet import Place
    >>> line = Line(places=(Place(lines=("a",)),), least=18)
    >>> frame = Sheet(title="t", columns=1, head=(), body=(), id="f", desc="d")
    >>> whole, pages = paged(Block(frame=frame, items=(Item(line=line),) * 90, foot=line))
    >>> whole.height > 2000, len(pages)
    (True, 3)
    """
    lines = [item.line for item in block.items]
    frame = replace(
        block.frame,
        widths=tuple(widths_of((*block.frame.head, *lines, block.foot), block.frame.columns)),
    )
    whole = draw(replace(frame, body=(*lines, block.foot)))
    whole = replace(whole, svg=clean(whole.svg))
    if whole.height <= LONGEST:
        return whole, ()
    fixed = whole.height - sum(height_of(line) for line in lines)
    parts = list(_parts(block.items, LONGEST - fixed))
    pages = []
    for place, part in enumerate(parts, start=1):
        words = f"{frame.desc} Part {place} of {len(parts)}."
        last = place == len(parts)
        pages.append(
            draw(
                replace(
                    frame, body=(*part, block.foot), desc=words,
                    notes=frame.notes if last else (f"Part {place} of {len(parts)}.",),
                )
            ).svg
        )  # fmt: skip
    return whole, tuple(map(clean, pages))


def _parts(items: Sequence[Item], room: float) -> Iterator[tuple[Line, ...]]:
    """Yield as many rows as fit, never breaking behind a row that is kept with the next."""
    part: list[Item] = []
    for item in items:
        if part and _height([*part, item]) > room:
            held: list[Item] = []
            while len(part) > 1 and part[-1].kept:
                held.insert(0, part.pop())
            yield tuple(one.line for one in part)
            first = (held or [item])[0].again
            part = [*([Item(line=first, kept=True)] if first is not None else []), *held]
        part.append(item)
    yield tuple(one.line for one in part)


def _height(items: Sequence[Item]) -> float:
    return sum(height_of(item.line) for item in items)
