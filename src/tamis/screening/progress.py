"""How fast somebody screens, and how long the rest takes; nothing is said on thin ground."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

__all__ = ["ENOUGH", "LONGEST_GAP", "Pace", "pace_of"]

#: A longer gap between two votes is a break, in seconds.
LONGEST_GAP = 5 * 60.0

#: Fewer records than this say nothing about a pace.
ENOUGH = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How long a person takes: median seconds a record, over how many records."""

    median_seconds: float
    records: int

    def expected(self, left: int) -> float:
        """Return the seconds that so many records take at this pace."""
        return left * self.median_seconds


def pace_of(moments: Sequence[float]) -> Pace | None:
    """Return the pace of votes cast at these moments; ``None``: not enough yet.

    Parameters
    ----------
    moments
        Seconds, in any order. The time before the first vote is not known, so *k* votes tell of
        *k* - 1 records at most.

    Notes
    -----
    Gaps over five minutes are breaks and are left out. Votes recorded at the same moment (from a
    table) tell of no pace and are left out, too.

    Examples
    --------
    >>> pace_of([0, 10, 20]) is None
    True
    >>> pace_of([10.0 * n for n in range(11)])
    Pace(median_seconds=10.0, records=10)
    """
    ordered = sorted(moments)
    gaps = [later - before for before, later in pairwise(ordered)]
    worked = [gap for gap in gaps if 0 < gap <= LONGEST_GAP]
    if len(worked) < ENOUGH:
        return None
    return Pace(median_seconds=median(worked), records=len(worked))
