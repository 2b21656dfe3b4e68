"""How the sources share their records: what each gave, what was counted once, what it alone has.

Every count is the size of a set of record ids. Of a report that several records describe, one
record stands for it and the others count as removed: within a source when that source gave the
report more than once, across sources when the one record that a source is left with is not the one
that stands. Which of two sources is left with the record follows from the order of the ids and
says nothing of the sources; ``only`` and ``shared`` do not depend on it.

Source: PRISMA 2020 (Page MJ et al., BMJ 2021;372:n71), item 16a; PRISMA-S (Rethlefsen ML et al.,
Syst Rev 2021;10:39), item 16.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from tamis.domain.records import Batch, Cluster
from tamis.report.content import ReportContent

__all__ = ["Overlap", "Share", "overlap", "source_ids"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Sets of record ids of one source, each sorted.

    ``records`` = ``within`` + ``across`` + ``standing``, and ``records`` without ``within`` =
    ``only`` + ``shared``. The ids in ``only`` and ``shared`` are those of the records of this
    source that describe one report each.
    """

    source: str
    records: tuple[str, ...]
    within: tuple[str, ...]
    across: tuple[str, ...]
    standing: tuple[str, ...]
    only: tuple[str, ...]
    shared: tuple[str, ...]

    @property
    def reports(self) -> tuple[str, ...]:
        """One record id a report that the source has."""
        return tuple(sorted((*self.only, *self.shared)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """The shares of all sources, and the reports as the records that stand for them."""

    shares: tuple[Share, ...]
    only: tuple[str, ...]
    shared: tuple[str, ...]

    def together(self, part: str) -> tuple[str, ...]:
        """Return the ids of one part (``within``, ``across``, ``standing``, ...) of all sources."""
        return tuple(sorted(chain.from_iterable(getattr(s, part) for s in self.shares)))


def source_ids(batches: Iterable[Batch]) -> dict[str, str]:
    """Return the source of every imported file, by the first twelve digits of its hash."""
    return {batch.sha256[:12]: batch.source for batch in batches}


def overlap(content: ReportContent) -> Overlap:
    """Return what the sources share; sources in the protocol's order, unknown ones last.

    A record that no cluster holds counts as a report of its own.

    Examples
    --------
    >>> from tamis.domain.question import Protocol, Question, ReviewHead
    >>> from tamis.domain.records import Record
    >>> question = Question(population="", intervention="", comparator="", outcomes="", designs="")
    >>> batches = tuple(Batch(source=s, file="", sha256=s * 64, format="ris", records=2, at="",
    ...                       event="") for s in "ab")
    >>> names = [f"{s * 12}:{n}" for s in "ab" for n in (0, 9)]
    >>> content = ReportContent(
    ...     protocol=Protocol(head=ReviewHead(id="r", title="A review"), question=question),
    ...     date="", batches=batches, records={n: Record(id=n, raw=()) for n in names},
    ...     clusters=(Cluster(records=tuple(names[:3])), Cluster(records=(names[3],))))
    >>> [(s.source, len(s.records), len(s.within), len(s.across), len(s.only), len(s.shared))
    ...  for s in overlap(content).shares]
    [('a', 2, 1, 0, 0, 1), ('b', 2, 0, 1, 1, 1)]
    """
    of = source_ids(content.batches)
    found: dict[str, dict[str, list[str]]] = {s.id: defaultdict(list) for s in
                                              content.protocol.sources}  # fmt: skip
    only: list[str] = []
    shared: list[str] = []
    for cluster in _all_clusters(content):
        by_source: dict[str, list[str]] = defaultdict(list)
        for name in sorted(cluster.records):
            by_source[of.get(name.partition(":")[0], "")].append(name)
        alone = len(by_source) == 1
        (only if alone else shared).append(cluster.primary)
        for source, names in by_source.items():
            parts = found.setdefault(source, defaultdict(list))
            parts["records"] += names
            parts["within"] += names[1:]
            parts["standing" if names[0] == cluster.primary else "across"].append(names[0])
            parts["only" if alone else "shared"].append(names[0])
    return Overlap(
        shares=tuple(_share(source, parts) for source, parts in found.items()),
        only=tuple(sorted(only)),
        shared=tuple(sorted(shared)),
    )


def _all_clusters(content: ReportContent) -> Iterator[Cluster]:
    """Yield the clusters, and the records that stand in none as clusters of their own."""
    held: set[str] = set()
    for cluster in sorted(content.clusters, key=lambda c: c.primary):
        held.update(cluster.records)
        yield cluster
    for name in sorted(set(content.records) - held):
        yield Cluster(records=(name,))


def _share(source: str, parts: dict[str, list[str]]) -> Share:
    ids = {
        name: tuple(sorted(parts.get(name, ())))
        for name in ("records", "within", "across", "standing", "only", "shared")
    }
    return Share(source=source, **ids)
