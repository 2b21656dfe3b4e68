"""The related reports of an open review, as people see them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tamis.app.live import LiveReview
from tamis.app.related_reports import TRUST
from tamis.app.stated_relations import statements_of
from tamis.dedupe import (
    KINDS,
    STATED,
    Link,
    ReportLink,
    Statement,
    between_reports,
    reads_of,
    related,
)
from tamis.domain.records import Record

__all__ = ["Known", "Related", "RelatedDesk", "RelatedReports"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What one link is known from: a rule and what it reads, or the words of a record."""

    rule: str
    reads: str
    record: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """Two related reports, each by one of its records; ``reports`` are their ids.

    ``directed``: it is known that ``one`` is the erratum, comment or preprint of the two.
    ``bears``: the link bears on trust and one of the two is a report of an included study.
    ``merged``: both stand in one report although a rule or a record says that they are two.
    """

    kind: str
    directed: bool
    one: Record
    other: Record
    sources: tuple[str, str]
    reports: tuple[str, str]
    known: tuple[Known, ...]
    bears: bool
    merged: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedReports:
    """Related reports of one kind or of all, and how many there are of each kind."""

    items: tuple[Related, ...]
    kinds: Mapping[str, int]
    total: int


class RelatedDesk:
    """The related reports of one open review.

    Parameters
    ----------
    live
        The open review; what records state is read once, links whenever the reports are others.
    """

    def __init__(self, live: LiveReview) -> None:
        self._live = live
        self._stated: tuple[object, tuple[Statement, ...]] | None = None
        self._links: tuple[tuple[int, int], tuple[ReportLink, ...]] | None = None

    def related(self, kind: str = "") -> RelatedReports:
        """Return the related reports, of one kind or of all.

        What bears on an included study and what stands in one report all the same comes first;
        then the kinds in the order of ``dedupe.KINDS``.
        """
        with self._live.locked():
            links, inside = self.links(), self._included()
            items = [self._shown(link, inside) for link in links if kind in ("", link.kind)]
            kinds = Counter(link.kind for link in links)
            return RelatedReports(
                items=tuple(sorted(items, key=lambda one: not (one.bears or one.merged))),
                kinds={name: kinds[name] for name in KINDS if kinds[name]},
                total=len(links),
            )

    def links(self) -> tuple[ReportLink, ...]:
        """Return the links between the reports as they stand now."""
        with self._live.locked():
            basis = self._live.grouping, len(self._live.state.pairs)
            if self._links is None or self._links[0] != basis:
                found = related(
                    self._live.pairs,
                    self._live.state.pairs.values(),
                    records=self._live.library.records.values(),
                    stated=self._statements(),
                )
                self._links = basis, between_reports(found, self._live.clusters.values())
            return self._links[1]

    def _statements(self) -> tuple[Statement, ...]:
        records = self._live.library.records
        if self._stated is None or self._stated[0] is not records:
            self._stated = records, tuple(statements_of(records.values()))
        return self._stated[1]

    def _included(self) -> frozenset[str]:
        """Return the records of the reports that were linked to included studies."""
        of = self._live.cluster_of
        return frozenset(
            name
            for link in self._live.state.links.values()
            if link.role == "included"
            for record in link.records
            if record in of
            for name in of[record].records
        )

    def _shown(self, link: ReportLink, included: frozenset[str]) -> Related:
        records = self._live.library.records
        return Related(
            kind=link.kind,
            directed=link.directed,
            one=records[link.one],
            other=records[link.other],
            sources=(self._source(link.one), self._source(link.other)),
            reports=(self._live.cluster_of[link.one].id, self._live.cluster_of[link.other].id),
            known=_known_from(link.links),
            bears=link.kind in TRUST and not included.isdisjoint((link.one, link.other)),
            merged=link.merged,
        )

    def _source(self, record: str) -> str:
        import12 = record.partition(":")[0]
        batches = self._live.state.batches
        batch = next((b for s, b in batches.items() if s[:12] == import12), None)
        source = self._live.protocol.source(batch.source) if batch else None
        return source.database if source else ""


def _known_from(links: Sequence[Link]) -> tuple[Known, ...]:
    """Return what links are known from, each thing once."""
    found: dict[Known, None] = {}
    for link in links:
        if link.rule != STATED:
            found[Known(rule=link.rule, reads=reads_of(link.rule), record="", words="")] = None
        for record, words in link.said:
            found[Known(rule=STATED, reads="", record=record, words=words)] = None
    return tuple(found)
