"""Clusters that follow people's decisions: only what a decision can touch is computed anew.

Two records can only ever be joined through a path of ``same`` pairs. So a decision about a pair
touches nothing beyond what such paths reach from its two records, before or after it; the rest of
100,000 records stands as it is. The result is the one of ``clusters.cluster`` on everything.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from tamis.dedupe.clusters import check_named, cluster
from tamis.domain.records import Cluster, PairDecision

__all__ = ["Clustering"]

PairIds = tuple[str, str]


class Clustering:
    """The clusters of some records under decisions of rules and of people.

    Parameters
    ----------
    record_ids
        Every record of the review, once.
    pairs
        Decisions of rules, one a pair.
    decided
        Decisions of people; of two on one pair the later in the sequence counts.

    Attributes
    ----------
    clusters
        Cluster id -> cluster, sorted by id. Another object whenever it changes, never altered.
    of
        Record id -> its cluster; as ``clusters``.

    Raises
    ------
    BadInput, NotFound
        As ``cluster``.

    Examples
    --------
    >>> same = [PairDecision(a="x:1", b="x:2", decision="same", rule="same-pmid")]
    >>> found = Clustering(["x:1", "x:2", "x:3"], same)
    >>> found.take([PairDecision(a="x:1", b="x:2", decision="different", rule="p-rev-a")])
    True
    >>> list(found.clusters)
    ['x:1', 'x:2', 'x:3']
    """

    def __init__(
        self,
        record_ids: Iterable[str],
        pairs: Iterable[PairDecision],
        decided: Iterable[PairDecision] = (),
    ) -> None:
        self._rules: dict[str, dict[PairIds, PairDecision]] = defaultdict(dict)
        self._people: dict[str, dict[PairIds, PairDecision]] = defaultdict(dict)
        pairs, decided = tuple(pairs), tuple(decided)
        for said in pairs:
            _note(self._rules, said)
        for said in decided:
            _note(self._people, said)
        found = cluster(record_ids, pairs, decided)
        self._ids = [c.records[0] for c in found]
        self._found = list(found)
        self._publish({record: c for c in found for record in c.records})

    def take(self, decided: Iterable[PairDecision]) -> bool:
        """Follow new decisions of people; tells whether any cluster is another one now.

        Raises
        ------
        NotFound
            When a decision names a record that is not among the records.
        """
        decided = tuple(decided)
        check_named(self.of, ((said.a, said.b) for said in decided))
        for said in decided:
            _note(self._people, said)
        touched = self._reached({name for said in decided for name in (said.a, said.b)})
        rules, people = _within(self._rules, touched), _within(self._people, touched)
        now = cluster(touched, rules, people)
        before = {self.of[name].records for name in touched}
        if before == {c.records for c in now}:
            return False
        for records in before:
            at = bisect_left(self._ids, records[0])
            del self._ids[at], self._found[at]
        for one in now:
            at = bisect_left(self._ids, one.records[0])
            self._ids.insert(at, one.records[0])
            self._found.insert(at, one)
        self._publish({**self.of, **{record: c for c in now for record in c.records}})
        return True

    def _publish(self, of: dict[str, Cluster]) -> None:
        self.of: Mapping[str, Cluster] = MappingProxyType(of)
        self.clusters: Mapping[str, Cluster] = MappingProxyType(
            dict(zip(self._ids, self._found, strict=True))
        )

    def _reached(self, names: set[str]) -> list[str]:
        """Return what paths of *same* pairs reach from some records, sorted."""
        found, waiting = set(names), list(names)
        while waiting:
            name = waiting.pop()
            people = self._people.get(name, {})
            for pair, said in {**self._rules.get(name, {}), **people}.items():
                if said.decision != "same":
                    continue
                for other in pair:
                    if other not in found:
                        found.add(other)
                        waiting.append(other)
        return sorted(found)


def _within(
    said: Mapping[str, Mapping[PairIds, PairDecision]], names: Iterable[str]
) -> list[PairDecision]:
    """Return the decisions whose two records are both among some, one a pair."""
    inside = set(names)
    return [
        word
        for name in inside
        for (a, b), word in said.get(name, {}).items()
        if a == name and b in inside
    ]


def _note(table: dict[str, dict[PairIds, PairDecision]], said: PairDecision) -> None:
    for name in (said.a, said.b):
        table[name][said.a, said.b] = said
