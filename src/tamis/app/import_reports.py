"""What was imported, as a page shows it: each file with its report, each source with counts."""

from __future__ import annotations

from dataclasses import dataclass

from tamis.app.imports import DOUBTS
from tamis.app.live import LiveReview
from tamis.domain.question import Source
from tamis.domain.records import ParsedFile, RefusedPart, Repair

__all__ = ["SHOWN", "FileReport", "ImportsView", "Kept", "SourceCount", "imports_view", "report_of"]

#: Repairs of one file that a page shows; the others are counted.
SHOWN = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class FileReport:
    """What reading one file found. ``doubts`` are the repairs after which something may be missing.

    ``repaired`` and ``refused`` are the first ``SHOWN`` of each; ``more`` counts the others.
    """

    format: str
    database: str
    encoding: str
    records: int
    doubts: tuple[Repair, ...]
    repaired: tuple[Repair, ...]
    refused: tuple[RefusedPart, ...]
    more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCount:
    """One source: what its platform printed against what came in; ``None`` where not known."""

    source: Source
    files: int
    records: int

    @property
    def difference(self) -> int | None:
        """Records that came in minus hits that were printed."""
        hits = self.source.hits
        return None if hits is None or not self.files else self.records - hits


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A file of the review."""

    name: str
    source: str
    at: str
    report: FileReport


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportsView:
    """Every source with its counts, every file with its report."""

    sources: tuple[SourceCount, ...]
    files: tuple[Kept, ...]
    records: int


def imports_view(live: LiveReview) -> ImportsView:
    """Return what was imported so far."""
    with live.locked():
        batches = tuple(live.state.batches.values())
        by_hash = {parsed.sha256: parsed for parsed in live.library.files}
        return ImportsView(
            sources=tuple(
                SourceCount(
                    source=source,
                    files=sum(b.source == source.id for b in batches),
                    records=sum(b.records for b in batches if b.source == source.id),
                )
                for source in live.protocol.sources
            ),
            files=tuple(
                Kept(name=b.file, source=b.source, at=b.at, report=report_of(by_hash[b.sha256]))
                for b in batches
            ),
            records=len(live.library.records),
        )


def report_of(parsed: ParsedFile) -> FileReport:
    """Return what reading a file found."""
    beyond = max(len(parsed.repaired) - SHOWN, 0) + max(len(parsed.refused) - SHOWN, 0)
    return FileReport(
        format=parsed.format,
        database=parsed.database,
        encoding=parsed.encoding,
        records=len(parsed.records),
        doubts=tuple(r for r in parsed.repaired if r.code in DOUBTS),
        repaired=parsed.repaired[:SHOWN],
        refused=parsed.refused[:SHOWN],
        more=beyond,
    )
