"""What was imported, as a page shows it: each file with its report, each source with counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tamis.app.live import LiveReview
from tamis.app.review import read_outside
from tamis.domain.question import Source
from tamis.domain.records import ParsedFile, RefusedPart, Repair
from tamis.formats.lexed import DOUBTS
from tamis.formats.report import FileFacts, facts_of

__all__ = [
    "SHOWN",
    "Facts",
    "FileReport",
    "ImportsView",
    "Kept",
    "SourceCount",
    "facts_of_file",
    "imports_view",
    "report_in",
    "report_of",
]

#: Repairs of one file that a page shows; the others are counted.
SHOWN = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class FileReport:
    """What reading one file found. ``doubts`` are the repairs after which something may be missing.

    ``repaired`` and ``refused`` are the first ``SHOWN`` of each; ``more`` counts the others.
    ``facts`` are what can be counted in the file.
    """

    format: str
    database: str
    encoding: str
    records: int
    doubts: tuple[Repair, ...]
    repaired: tuple[Repair, ...]
    refused: tuple[RefusedPart, ...]
    more: int
    facts: FileFacts


class Facts:
    """The facts about the files of one review, counted once a file.

    Parameters
    ----------
    live
        The open review.
    """

    def __init__(self, live: LiveReview) -> None:
        self._live = live
        self._known: dict[str, FileFacts] = {}

    def of(self, parsed: ParsedFile, data: Callable[[], bytes]) -> FileFacts:
        """Return the facts about a file; ``data`` gives its bytes if they are needed."""
        with self._live.locked():
            if parsed.sha256 not in self._known:
                self._known[parsed.sha256] = facts_of(data(), parsed)
            return self._known[parsed.sha256]


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
                Kept(
                    name=b.file, source=b.source, at=b.at, report=report_in(live, by_hash[b.sha256])
                )
                for b in batches
            ),
            records=len(live.library.records),
        )


def report_in(live: LiveReview, parsed: ParsedFile) -> FileReport:
    """Return what reading a file found that is in the review."""
    with live.locked():
        file = live.state.batches[parsed.sha256].file
        facts = live.part(Facts).of(parsed, partial(live.review.read_bytes, file))
    return report_of(parsed, facts)


def facts_of_file(path: Path, parsed: ParsedFile) -> FileFacts:
    """Return the facts about a file that a person named on the command line."""
    return facts_of(read_outside(path), parsed)


def report_of(parsed: ParsedFile, facts: FileFacts) -> FileReport:
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
        facts=facts,
    )
