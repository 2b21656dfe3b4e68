"""Records side by side: which fields say the same, and where the merged reference has them from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tamis.app.dedupe_files.sources import SourceCount
from tamis.app.duplicates.word_diff import compared
from tamis.dedupe import DedupeResult
from tamis.dedupe.merging import Merged, merged
from tamis.domain.records import Cluster, Record
from tamis.report.merges import MergeCell, MergeGroup, MergeRow, MergesView

__all__ = ["Book"]

#: Fields that are shown, in this order; an abstract is shown by its beginning.
SHOWN = ("title", "authors", "year", "journal", "volume", "issue", "pages", "doi", "pmid", "type",
         "abstract")  # fmt: skip
ABSTRACT = 240


class Book:
    """Pages of merges: pairs for a person and counts on the first, so many merges on each.

    The merges whose records differ in the most fields come first.

    Parameters
    ----------
    records
        By id.
    result
        What the run found.
    counts
        By source.
    most
        Merges on one page.
    """

    def __init__(
        self, records: Mapping[str, Record], result: DedupeResult, counts: Sequence[SourceCount],
        *, most: int = 2_000,
    ) -> None:  # fmt: skip
        self._records, self._result, self._counts, self._most = records, result, counts, most
        self._rules = _rules(result)
        merges = (cluster for cluster in result.clusters if len(cluster.records) > 1)
        self._merges = sorted(merges, key=lambda one: (-self._differing(one), one.id))
        more = range(2, -(-len(self._merges) // most) + 1)
        self.pages = ("report.html", *(f"report-{number}.html" for number in more))

    def view(self, page: int) -> MergesView:
        """Return what a page shows; pages count from zero."""
        result, records, start = self._result, self._records, page * self._most
        unsure = () if page else result.unsure
        return MergesView(
            records=len(records),
            reports=len(result.clusters),
            policy=result.settings.policy,
            counts=[
                (c.name, c.records, c.within, c.across, c.reports, c.alone) for c in self._counts
            ],
            waiting=len(result.unsure),
            unsure=[_group([records[p.a], records[p.b]], [p.rule], None) for p in unsure],
            merged=len(self._merges),
            before=start,
            merges=[self._merge(one) for one in self._merges[start : start + self._most]],
            page=page,
            pages=self.pages,
        )

    def _members(self, cluster: Cluster) -> list[Record]:
        return [self._records[name] for name in sorted(cluster.records)]

    def _merge(self, cluster: Cluster) -> MergeGroup:
        members = self._members(cluster)
        return _group(members, list(self._rules.get(cluster.id, ())), merged(members))

    def _differing(self, cluster: Cluster) -> int:
        """Count the fields in which the records do not all say the same."""
        members = self._members(cluster)
        return sum(len({_text(one, name).casefold() for one in members}) > 1 for name in SHOWN)


def _rules(result: DedupeResult) -> dict[str, dict[str, None]]:
    """Return the rules that speak for each cluster."""
    of = {name: cluster.id for cluster in result.clusters for name in cluster.records}
    rules: dict[str, dict[str, None]] = {}
    for pair in result.pairs:
        if pair.decision == "same" and of[pair.a] == of[pair.b]:
            rules.setdefault(of[pair.a], {})[pair.rule] = None
    return rules


def _group(members: Sequence[Record], rules: Sequence[str], view: Merged | None) -> MergeGroup:
    return MergeGroup(
        title=view.record.title if view else members[0].title,
        records=tuple(members),
        because=tuple(rules),
        rows=tuple(_rows(members, view)),
    )


def _rows(members: Sequence[Record], view: Merged | None) -> Iterator[MergeRow]:
    for name in SHOWN:
        texts = [_text(record, name) for record in members]
        told = [text for text in texts if text]
        if not told:
            continue
        origin = view.origins.get(name, "") if view else ""
        yield MergeRow(
            name=name,
            same=len({text.casefold() for text in told}) == 1,
            cells=tuple(
                MergeCell(pieces=_against(text, told[0]), chosen=record.id == origin)
                for record, text in zip(members, texts, strict=True)
            ),
        )


def _against(text: str, first: str) -> tuple[tuple[str, str], ...]:
    """Return a text with what differs from the first that is told: added, and lacking."""
    if not text:
        return ()
    if text == first:
        return ((text, ""),)
    own, other = compared(text, first)
    lacking = [piece for piece, differs in other if differs and piece.strip()]
    told = [(piece, "adds" if differs else "") for piece, differs in own]
    return (*told, *((piece.strip(), "lacks") for piece in lacking))


def _text(record: Record, name: str) -> str:
    value = getattr(record, name)
    if isinstance(value, tuple):
        return "; ".join(value)
    text = "" if value is None else str(value)
    return f"{text[:ABSTRACT]}…" if name == "abstract" and len(text) > ABSTRACT else text
