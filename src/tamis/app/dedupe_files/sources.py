"""How many records and reports each source brought: what the flow diagram of PRISMA asks for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from tamis.domain.records import Cluster, ParsedFile

__all__ = ["SourceCount", "counted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCount:
    """One source: records it gave, reports they are, and reports that no other source has.

    ``removed`` are records that another record stands for, whatever source that one is from:
    ``within`` those that stand beside one of the same source, ``across`` the others.
    """

    name: str
    files: tuple[str, ...]
    records: int
    reports: int
    alone: int
    removed: int
    within: int = 0

    @property
    def across(self) -> int:
        """The records that only a record of another source stands for."""
        return self.removed - self.within

    def as_dict(self) -> dict[str, object]:
        """Return the counts for JSON."""
        return {**asdict(self), "across": self.across}


def counted(parsed: Sequence[ParsedFile], clusters: Iterable[Cluster]) -> tuple[SourceCount, ...]:
    """Return the counts by database; a file that names none counts under its own name.

    Examples
    --------
    >>> from tamis.domain.records import Record
    >>> a = ParsedFile(name="a.ris", sha256="", format="ris", database="Scopus", encoding="utf-8",
    ...                records=(Record(id="a:0", raw=()), Record(id="a:1", raw=())))
    >>> b = ParsedFile(name="b.ris", sha256="", format="ris", database="", encoding="utf-8",
    ...                records=(Record(id="b:0", raw=()),))
    >>> some = [Cluster(records=("a:0", "b:0")), Cluster(records=("a:1",))]
    >>> [(c.name, c.records, c.reports, c.alone, c.removed) for c in counted([a, b], some)]
    [('Scopus', 2, 2, 1, 0), ('b.ris', 1, 1, 0, 1)]
    """
    source_of = {
        record.id: file.database or file.name.rpartition("/")[2].rpartition("\\")[2]
        for file in parsed
        for record in file.records
    }
    names = dict.fromkeys(source_of.values())
    files: dict[str, dict[str, None]] = {name: {} for name in names}
    for file in parsed:
        for record in file.records:
            files[source_of[record.id]][file.name] = None
    records = dict.fromkeys(names, 0)
    reports, alone, removed, within = (dict(records) for _ in range(4))
    for cluster in clusters:
        sources = dict.fromkeys(source_of[name] for name in cluster.records)
        for name in cluster.records:
            within[source_of[name]] += 1
            records[source_of[name]] += 1
            removed[source_of[name]] += name != cluster.primary
        for source in sources:
            within[source] -= 1
            reports[source] += 1
            alone[source] += len(sources) == 1
    return tuple(
        SourceCount(
            name=name, files=tuple(files[name]), records=records[name], reports=reports[name],
            alone=alone[name], removed=removed[name], within=within[name],
        )
        for name in names
    )  # fmt: skip
