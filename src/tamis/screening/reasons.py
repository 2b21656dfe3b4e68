"""Reasons of exclusion: one ordered list, the criteria; all given are kept, one is primary."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from tamis.domain.decisions import Vote
from tamis.domain.question import Criterion

__all__ = ["order_of", "ordered", "reasons_of"]

Rank = Mapping[str, tuple[int, str]]


def order_of(criteria: Sequence[Criterion]) -> Rank:
    """Return the rank of each criterion: its newest version's order, ties by id."""
    newest = {c.id: c for c in sorted(criteria, key=lambda c: c.version)}
    return {c.id: (c.order, c.id) for c in newest.values()}


def ordered(reasons: Iterable[str], rank: Rank) -> tuple[str, ...]:
    """Return the different reasons, first deciding reason first; unknown ones last, by name.

    Examples
    --------
    >>> ordered(["design", "other", "population"], {"population": (1, "p"), "design": (2, "d")})
    ('population', 'design', 'other')
    """
    different = {reason.strip() for reason in reasons} - {""}
    return tuple(sorted(different, key=lambda r: (r not in rank, rank.get(r, (0, r)))))


def reasons_of(votes: Iterable[Vote], rank: Rank) -> tuple[str, ...]:
    """Return the reasons of those who exclude.

    A vote that gives no reason but answers criteria one by one gives the first one *not met*.
    """
    return ordered((_reason(vote, rank) for vote in votes if vote.decision == "exclude"), rank)


def _reason(vote: Vote, rank: Rank) -> str:
    if vote.reason.strip():
        return vote.reason
    not_met = ordered((name for name, answer in vote.criteria if answer == "not met"), rank)
    return not_met[0] if not_met else ""
