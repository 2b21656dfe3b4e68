"""Tables of what was imported, what repeats and what is related: a row a file, source, rule, link.

Unknown is an empty cell, never 0.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from tamis.dedupe import ReportLink, reads_of
from tamis.report.content import ReportContent
from tamis.report.csv_table import Cell, table
from tamis.report.flow import Flow
from tamis.report.overlap import overlap
from tamis.report.sections.imports import FIELDS, FileCounts, file_counts

__all__ = ["identification_files"]


def identification_files(content: ReportContent, flow: Flow) -> Mapping[str, Callable[[], bytes]]:
    """Return the makers of these files by name."""
    return {
        "imports.csv": lambda: _imports(content),
        "duplicates.csv": lambda: _duplicates(content),
        "dedupe-rules.csv": lambda: _rules(content),
        "related.csv": lambda: _related(content, flow),
    }


def _imports(content: ReportContent) -> bytes:
    header = ("file", "sha256", "source", "database", "platform", "imported_at", "format",
              "database_named", "encoding", "records", "repaired", "set_aside",
              *(f"with_{field}" for field in FIELDS), "exact_copies", "repaired_by_kind",
              "set_aside_by_kind")  # fmt: skip
    files = file_counts(content.batches, content.files, content.records)
    return table(header, (_file(content, one) for one in files))


def _file(content: ReportContent, one: FileCounts) -> tuple[Cell, ...]:
    source = content.protocol.source(one.batch.source)
    known = one.read is not None
    return (
        one.batch.file, one.batch.sha256, one.batch.source, source.database if source else "",
        source.platform if source else "", one.batch.at, one.batch.format,
        one.read.database if one.read else "", one.read.encoding if one.read else "",
        len(one.records), sum(one.repaired.values()) if known else None,
        sum(one.set_aside.values()) if known else None,
        *(len(one.filled[field]) for field in FIELDS), len(one.copies),
        json.dumps(one.repaired) if one.repaired else "",
        json.dumps(one.set_aside) if one.set_aside else "",
    )  # fmt: skip


def _duplicates(content: ReportContent) -> bytes:
    """Write one row a source; the sums of ``removed`` and ``left`` are those of the flow."""
    header = ("source", "database", "records", "removed_within", "removed_across", "removed",
              "left", "reports", "only_here", "shared")  # fmt: skip
    rows = []
    for share in overlap(content).shares:
        source = content.protocol.source(share.source)
        within, across = len(share.within), len(share.across)
        rows.append(
            (
                share.source, source.database if source else "", len(share.records), within,
                across, within + across, len(share.standing), len(share.reports),
                len(share.only), len(share.shared),
            )
        )  # fmt: skip
    return table(header, rows)


def _rules(content: ReportContent) -> bytes:
    header = ("decision", "by", "rule", "reads", "pairs")
    rules = Counter((p.decision, "rule", p.rule) for p in content.pairs)
    people = Counter((p.decision, "person", p.rule) for p in content.pairs_by_hand)
    return table(
        header,
        ((decision, by, rule, reads_of(rule, unknown=""), n)
         for (decision, by, rule), n in sorted((rules + people).items())),
    )  # fmt: skip


def _related(content: ReportContent, flow: Flow) -> bytes:
    header = ("kind", "directed", "one", "one_title", "other", "other_title", "one_ended_as",
              "other_ended_as", "merged", "rules", "stated_by", "words")  # fmt: skip
    ends = {
        name: flow.ends.get(cluster.primary, "")
        for cluster in content.clusters
        for name in cluster.records
    }
    return table(header, (r for link in content.related for r in _link(content, ends, link)))


def _link(
    content: ReportContent, ends: Mapping[str, str], link: ReportLink
) -> Iterator[tuple[Cell, ...]]:
    one, other = content.records.get(link.one), content.records.get(link.other)
    said = dict.fromkeys(said for each in link.links for said in each.said)
    yield (
        link.kind, "yes" if link.directed else "no", link.one, one.title if one else "",
        link.other, other.title if other else "", ends.get(link.one, ""),
        ends.get(link.other, ""), "yes" if link.merged else "no",
        ";".join(dict.fromkeys(each.rule for each in link.links)),
        ";".join(dict.fromkeys(record for record, _ in said)),
        " | ".join(dict.fromkeys(words for _, words in said if words)),
    )  # fmt: skip
