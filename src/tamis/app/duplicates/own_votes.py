"""Which votes are on a record, found without looking at every vote of the review."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tamis.domain.decisions import Vote

__all__ = ["VotesOn"]


class VotesOn:
    """The votes of a state by record.

    Parameters
    ----------
    votes
        The votes of a state by event, in order; it may lose some later, which then do not count.

    Examples
    --------
    >>> vote = Vote(event="p-a.0/1", stage="title-abstract", records=("x:1", "x:2"),
    ...             reviewer="p-a", decision="maybe")
    >>> VotesOn({"p-a.0/1": vote}).of("p-a", ("x:2", "x:3"))
    (('title-abstract', 'maybe', 'x:2'),)
    """

    def __init__(self, votes: Mapping[str, Vote]) -> None:
        self._votes = votes
        self._on: dict[str, list[str]] = {}
        self.take(votes)

    def take(self, events: Iterable[str]) -> None:
        """Follow new events, by id; those that are no votes are passed over."""
        for event in events:
            vote = self._votes.get(event)
            for name in vote.records if vote else ():
                self._on.setdefault(name, []).append(event)

    def of(self, person: str, records: Iterable[str]) -> tuple[tuple[str, str, str], ...]:
        """Return a person's last votes on some records: stage, decision, record."""
        last: dict[tuple[str, str], str] = {}
        for name in records:
            for event in self._on.get(name, ()):
                vote = self._votes.get(event)
                if vote is not None and vote.reviewer == person:
                    last[vote.stage, name] = vote.decision
        return tuple((stage, decision, name) for (stage, name), decision in last.items())
