"""Citations: records as sources gave them, the reports they describe, the studies behind them."""

from __future__ import annotations

from dataclasses import dataclass, field

from tamis.domain.errors import BadInput

__all__ = [
    "Batch",
    "Cluster",
    "PairDecision",
    "ParsedFile",
    "Record",
    "RefusedPart",
    "Repair",
    "Report",
    "Strategy",
    "Study",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One citation as one source gave it. Immutable; ``raw`` keeps every field in file order."""

    id: str
    raw: tuple[tuple[str, str], ...]
    source_id: str = ""
    database: str = ""
    type: str = ""
    title: str = ""
    authors: tuple[str, ...] = ()
    year: int | None = None
    journal: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    doi: str = ""
    pmid: str = ""
    issn: str = ""
    abstract: str = ""
    language: str = ""
    keywords: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()

    @property
    def import12(self) -> str:
        """First 12 digits of the hash of the import file."""
        return self.id.partition(":")[0]

    @property
    def offset(self) -> int:
        """Byte offset (row number for tables) of the record in its import file."""
        return int(self.id.partition(":")[2])


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """Something a parser mended while reading, said so that a librarian can check it."""

    line: int
    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedPart:
    """A part of an import file that holds no record; it is shown and never silently skipped."""

    line: int
    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFile:
    """What a citation file holds; ``lines`` are the lines on which its records begin."""

    name: str
    sha256: str
    format: str
    database: str
    encoding: str
    records: tuple[Record, ...]
    repaired: tuple[Repair, ...] = ()
    refused: tuple[RefusedPart, ...] = ()
    lines: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Strategy:
    """One search strategy, kept exactly as run (bytes), with its lines for display."""

    source: str
    name: str
    sha256: str
    text: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """One import of one export file from one source."""

    source: str
    file: str
    sha256: str
    format: str
    records: int
    at: str
    event: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PairDecision:
    """Whether two records are the same report, by which named rule or by whom."""

    a: str
    b: str
    decision: str
    rule: str

    def __post_init__(self) -> None:
        if self.decision not in ("same", "different", "unsure"):
            raise BadInput(
                f"{self.decision!r} is no pair decision", "use same, different or unsure"
            )
        if self.a >= self.b:
            raise BadInput(
                f"the pair {self.a}, {self.b} is not sorted", "name the smaller id first"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """The records that are one report: a view computed from pair decisions, never a deletion."""

    records: tuple[str, ...]

    @property
    def id(self) -> str:
        """The smallest record id in the cluster."""
        return min(self.records)

    @property
    def primary(self) -> str:
        """The record that is screened; the others count as duplicates removed."""
        return min(self.records)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One document about a study, and the records that cite it."""

    id: str
    study: str
    records: tuple[str, ...]
    kind: str = "article"


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """One investigation.

    ``role`` is ``included``, ``wider`` (sensitivity layer) or ``published-review``.
    """

    id: str
    label: str
    design: str
    role: str = "included"
    reports: tuple[Report, ...] = field(default_factory=tuple)
