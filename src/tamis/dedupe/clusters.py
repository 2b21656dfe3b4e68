"""Last step: pair decisions become clusters, and no record is ever lost.

The law of this step. Let *forbidden* be the pairs that a person calls different, and the pairs
that a veto names (*different*, or *unsure* by a veto that asks) and no person has judged. Then

1. every record is in exactly one cluster, and the clusters together are the records;
2. no forbidden pair stands in one cluster, however many others would join it by transitivity;
3. what nothing forbids is joined: two clusters that are left with a ``same`` pair between them are
   kept apart by a forbidden pair between them;
4. the result depends on the sets of records and decisions, not on their order.

``same`` pairs are taken from strong to weak: people's first, then by the place of the rule in
``rules.RULES``, then by id. A join that would break (2) is refused, so the weaker of two
contradicting pairs gives way; ``DedupeResult.refused`` lists these for a person. A person's word on
a pair replaces every rule's word on it: ``same`` lifts a veto of that pair (and of no other),
``different`` is never overruled, ``unsure`` takes the pair out of both sets. When two people's
words contradict each other through a third record, ``different`` holds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from itertools import pairwise

from tamis.dedupe.rules import STRENGTH
from tamis.dedupe.vetoes import ASKING
from tamis.domain.errors import BadInput, NotFound
from tamis.domain.records import Cluster, PairDecision

__all__ = ["check_named", "cluster", "effective"]

PairIds = tuple[str, str]

#: People join before every rule.
_BY_PERSON = -1


def cluster(
    record_ids: Iterable[str], pairs: Iterable[PairDecision], decided: Iterable[PairDecision] = ()
) -> tuple[Cluster, ...]:
    """Return the clusters of the records under the rules' and the people's decisions.

    Parameters
    ----------
    record_ids
        Every record of the review, once.
    pairs
        Decisions of rules.
    decided
        Decisions of people; of two on one pair the later in the sequence counts.

    Returns
    -------
    tuple of Cluster
        Sorted by id; the ids of a cluster are sorted.

    Raises
    ------
    BadInput
        When a record id is given twice.
    NotFound
        When a decision names a record that is not among ``record_ids``.

    Examples
    --------
    >>> same = [PairDecision(a="x:1", b="x:2", decision="same", rule="same-pmid"),
    ...         PairDecision(a="x:2", b="x:3", decision="same", rule="same-column")]
    >>> [c.records for c in cluster(["x:1", "x:2", "x:3"], same)]
    [('x:1', 'x:2', 'x:3')]
    >>> never = [PairDecision(a="x:1", b="x:3", decision="different", rule="p-rev-a")]
    >>> [c.records for c in cluster(["x:1", "x:2", "x:3"], same, never)]
    [('x:1', 'x:2'), ('x:3',)]
    """
    ids = sorted(record_ids)
    joins, forbidden = effective(pairs, decided)
    _check(ids, [*joins, *forbidden])
    groups = _Groups(ids, forbidden)
    for a, b in joins:
        groups.join(a, b)
    return groups.clusters()


def effective(
    pairs: Iterable[PairDecision], decided: Iterable[PairDecision] = ()
) -> tuple[list[PairIds], list[PairIds]]:
    """Return the ``same`` pairs from strong to weak, and the forbidden pairs, sorted."""
    people = {(d.a, d.b): d.decision for d in decided}
    joins = [(_BY_PERSON, a, b) for (a, b), word in people.items() if word == "same"]
    forbidden = {pair for pair, word in people.items() if word == "different"}
    for pair in pairs:
        if (pair.a, pair.b) in people:
            continue
        if pair.decision == "same":
            joins.append((STRENGTH.get(pair.rule, len(STRENGTH)), pair.a, pair.b))
        elif pair.decision == "different" or pair.rule in ASKING:
            forbidden.add((pair.a, pair.b))
    return [(a, b) for _, a, b in sorted(joins)], sorted(forbidden)


def _check(ids: Sequence[str], named: Iterable[PairIds]) -> None:
    known = set(ids)
    if len(known) != len(ids):
        twice = next(a for a, b in pairwise(ids) if a == b)
        raise BadInput(f"the record {twice} is given twice", "give every record once")
    check_named(known, named)


def check_named(known: Container[str], named: Iterable[PairIds]) -> None:
    """Refuse decisions about records that are not there."""
    for pair in named:
        for name in pair:
            if name not in known:
                raise NotFound(
                    f"a pair decision names the record {name}, which is not among the records",
                    "import the file it stands in, or correct the id",
                )


class _Groups:
    """Disjoint sets that refuse to hold a forbidden pair."""

    def __init__(self, ids: Sequence[str], forbidden: Iterable[PairIds]) -> None:
        self._group = {name: name for name in ids}
        self._members = {name: [name] for name in ids}
        self._enemies: dict[str, set[str]] = defaultdict(set)
        for a, b in forbidden:
            self._enemies[a].add(b)
            self._enemies[b].add(a)

    def join(self, a: str, b: str) -> None:
        ours, theirs = self._group[a], self._group[b]
        if ours == theirs:
            return
        if len(self._members[ours]) < len(self._members[theirs]):
            ours, theirs = theirs, ours
        if any(self._group[x] == ours for m in self._members[theirs] for x in self._enemies[m]):
            return
        for member in self._members[theirs]:
            self._group[member] = ours
        self._members[ours] += self._members.pop(theirs)

    def clusters(self) -> tuple[Cluster, ...]:
        found = (tuple(sorted(members)) for members in self._members.values())
        return tuple(Cluster(records=records) for records in sorted(found))
