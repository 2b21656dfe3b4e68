"""The order in which reports are offered: a sequence of cluster ids, the same for everybody.

A ranking is another such sequence: whoever makes one hands it to ``blocks`` like these. People
work through the same order, so the places of a block fill before the next is begun.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from tamis.domain.errors import BadInput
from tamis.screening.allocation import draw_number

__all__ = ["BLOCK", "ORDERS", "Placed", "arrange", "blocks"]

#: Reports in a block.
BLOCK = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """What an order looks at: the report, its place among the imports, its year if known."""

    cluster: str
    imported: int
    year: int | None = None


#: Name -> the key by which reports are sorted.
ORDERS: Mapping[str, Callable[[Placed, int], tuple[float, float]]] = MappingProxyType(
    {
        "random": lambda at, seed: (draw_number(seed, at.cluster), 0),
        "imported": lambda at, seed: (at.imported, 0),
        "newest": lambda at, seed: (-(at.year or 0), at.imported),
        "ranked": lambda at, seed: (draw_number(seed, at.cluster), 0),
    }
)


def arrange(reports: Sequence[Placed], order: str = "random", *, seed: int = 1) -> tuple[str, ...]:
    """Return the ids of the reports in an order.

    Parameters
    ----------
    order
        ``random`` (drawn by the seed; a report keeps its number when others join), ``imported``,
        ``newest`` (reports without a year last), or ``ranked``: drawn until a ranking is there,
        which takes the lead then.

    Examples
    --------
    >>> arrange([Placed(cluster="x:0", imported=0), Placed(cluster="x:1", imported=1, year=2020)],
    ...         "newest")
    ('x:1', 'x:0')
    """
    key = ORDERS.get(order)
    if key is None:
        raise BadInput(f"{order!r} is no order", f"use one of {', '.join(ORDERS)}")
    ordered = sorted(reports, key=lambda at: (*key(at, seed), at.cluster))
    return tuple(at.cluster for at in ordered)


def blocks(order: Sequence[str], size: int = BLOCK) -> tuple[tuple[str, ...], ...]:
    """Cut an order into blocks; the last may be shorter.

    Examples
    --------
    >>> blocks("abcde", 2)
    (('a', 'b'), ('c', 'd'), ('e',))
    """
    return tuple(tuple(order[at : at + size]) for at in range(0, len(order), size))
