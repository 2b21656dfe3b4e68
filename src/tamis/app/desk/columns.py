"""Facets as columns: for every report of the order, which values of a facet it has.

A column of one value a report is an array of numbers; one of several (sources, tags) is a list of
pairs. Both answer two questions in well under a millisecond for 100,000 reports: which reports have
one of these values, and how often does each value occur among these reports.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from tamis.app.desk.text import Mask
from tamis.domain.records import Cluster, Record

__all__ = ["BANDS", "Column", "Pairs", "Singles", "fixed_columns", "rank_bands"]

#: How far down the ranking a report stands, and what that part of it is called.
BANDS = ((0.1, "first-tenth"), (0.25, "first-quarter"), (0.5, "first-half"), (1.0, "second-half"))

Numbers = npt.NDArray[np.int32]


class Column(Protocol):
    """One facet over all reports."""

    def mask(self, values: Iterable[str]) -> Mask:
        """Return which reports have one of the values."""
        ...

    def count(self, among: Mask) -> Mapping[str, int]:
        """Return how many of these reports have each value."""
        ...


class Singles:
    """A column with one value a report; the empty value is not counted.

    Examples
    --------
    >>> column = Singles(3)
    >>> column.set(0, "in"), column.set(2, "in")
    (None, None)
    >>> column.count(np.ones(3, dtype=bool)), column.mask(["in"]).tolist()
    ({'in': 2}, [True, False, True])
    """

    def __init__(self, size: int, values: Sequence[str] = ()) -> None:
        self._numbers: dict[str, int] = {"": 0}
        self._at: Numbers = np.zeros(size, dtype=np.int32)
        for place, value in enumerate(values):
            self.set(place, value)

    def set(self, place: int, value: str) -> None:
        """Give a report its value."""
        self._at[place] = self._numbers.setdefault(value, len(self._numbers))

    def fill(self, value: str) -> None:
        """Give every report the same value."""
        self._at[:] = self._numbers.setdefault(value, len(self._numbers))

    def mask(self, values: Iterable[str]) -> Mask:
        """Return which reports have one of the values."""
        wanted = [self._numbers[value] for value in values if value in self._numbers]
        found: Mask = np.isin(self._at, wanted)
        return found

    def count(self, among: Mask) -> Mapping[str, int]:
        """Return how many of these reports have each value."""
        counts = np.bincount(self._at[among], minlength=len(self._numbers))
        return {v: int(counts[n]) for v, n in self._numbers.items() if counts[n] and v}


class Pairs:
    """A column with any number of values a report.

    Examples
    --------
    >>> column = Pairs(3, [(0, "a"), (0, "b"), (2, "b")])
    >>> column.count(np.ones(3, dtype=bool)), column.mask(["b"]).tolist()
    ({'a': 1, 'b': 2}, [True, False, True])
    """

    def __init__(self, size: int, pairs: Iterable[tuple[int, str]]) -> None:
        self._size = size
        self._numbers: dict[str, int] = {}
        told = [
            (place, self._numbers.setdefault(value, len(self._numbers)))
            for place, value in dict.fromkeys(pairs)
        ]
        self._places: Numbers = np.array([place for place, _ in told], dtype=np.int32)
        self._values: Numbers = np.array([number for _, number in told], dtype=np.int32)

    def mask(self, values: Iterable[str]) -> Mask:
        """Return which reports have one of the values."""
        wanted = [self._numbers[value] for value in values if value in self._numbers]
        found = np.zeros(self._size, dtype=bool)
        found[self._places[np.isin(self._values, wanted)]] = True
        return found

    def count(self, among: Mask) -> Mapping[str, int]:
        """Return how many of these reports have each value."""
        counts = np.bincount(self._values[among[self._places]], minlength=len(self._numbers))
        return {v: int(counts[n]) for v, n in self._numbers.items() if counts[n]}


def rank_bands(size: int) -> Singles:
    """Return the column that tells how far down a ranking of so many reports each stands.

    Examples
    --------
    >>> rank_bands(20).count(np.ones(20, dtype=bool))
    {'first-tenth': 2, 'first-quarter': 3, 'first-half': 5, 'second-half': 10}
    """
    values = [next(name for share, name in BANDS if at < share * size) for at in range(size)]
    return Singles(size, values)


def fixed_columns(
    order: Sequence[str],
    clusters: Mapping[str, Cluster],
    records: Mapping[str, Record],
    source_of: Mapping[str, str],
) -> Mapping[str, Column]:
    """Return the columns that depend on the imported records alone.

    ``source_of`` gives the source of an import file by the first 12 digits of its hash.
    """
    size = len(order)
    held = [[records[r] for r in clusters[c].records if r in records] for c in order]
    return {
        "source": Pairs(
            size,
            ((at, source_of.get(r.import12, "")) for at, some in enumerate(held) for r in some),
        ),
        "year": Singles(size, [next((str(r.year) for r in some if r.year), "") for some in held]),
        "journal": Singles(
            size, [next((r.journal for r in some if r.journal), "") for some in held]
        ),
        "language": Singles(
            size, [next((r.language for r in some if r.language), "") for some in held]
        ),
        "type": Singles(size, [next((r.type for r in some if r.type), "") for some in held]),
        "abstract": Singles(
            size, ["yes" if any(r.abstract.strip() for r in some) else "no" for some in held]
        ),
    }
