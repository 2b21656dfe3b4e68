"""Records side by side: which fields say the same, and where the merged reference has them from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tamis.app.dedupe_files.sources import SourceCount
from tamis.app.duplicates.word_diff import Piece, compared
from tamis.dedupe import RULES, VETOES, DedupeResult
from tamis.dedupe.merging import Merged, merged
from tamis.domain.records import Record
from tamis.report.merges import MergeCell, MergeGroup, MergeRow, MergesView

__all__ = ["view_of"]

#: Fields that are shown, in this order; an abstract is shown by its beginning.
SHOWN = ("title", "authors", "year", "journal", "volume", "issue", "pages", "doi", "pmid", "type",
         "abstract")  # fmt: skip
ABSTRACT = 240

READS = {rule.name: rule.reads for rule in RULES} | {veto.name: veto.reads for veto in VETOES}


def view_of(
    records: Mapping[str, Record], result: DedupeResult, counts: Sequence[SourceCount]
) -> MergesView:
    """Return what the page of merges shows of a run."""
    return MergesView(
        records=len(records),
        reports=len(result.clusters),
        policy=result.settings.policy,
        counts=[(c.name, c.records, c.removed, c.reports, c.alone) for c in counts],
        unsure=[_group([records[p.a], records[p.b]], [p.rule], None) for p in result.unsure],
        merges=list(_merges(records, result)),
    )


def _merges(records: Mapping[str, Record], result: DedupeResult) -> Iterator[MergeGroup]:
    rules: dict[str, dict[str, None]] = {}
    of = {name: cluster.id for cluster in result.clusters for name in cluster.records}
    for pair in result.pairs:
        if pair.decision == "same" and of[pair.a] == of[pair.b]:
            rules.setdefault(of[pair.a], {})[pair.rule] = None
    for cluster in result.clusters:
        if len(cluster.records) > 1:
            members = [records[name] for name in sorted(cluster.records)]
            yield _group(members, list(rules.get(cluster.id, ())), merged(members))


def _group(members: Sequence[Record], rules: Sequence[str], view: Merged | None) -> MergeGroup:
    return MergeGroup(
        title=view.record.title if view else members[0].title,
        records=tuple(members),
        because=tuple((rule, READS.get(rule, "")) for rule in rules),
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


def _against(text: str, first: str) -> tuple[Piece, ...]:
    """Return a text with what differs from the first that is told."""
    if not text:
        return ()
    return compared(text, first)[0] if text != first else ((text, False),)


def _text(record: Record, name: str) -> str:
    value = getattr(record, name)
    if isinstance(value, tuple):
        return "; ".join(value)
    text = "" if value is None else str(value)
    return f"{text[:ABSTRACT]}…" if name == "abstract" and len(text) > ABSTRACT else text
