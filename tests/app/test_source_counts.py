"""Counts by source: every record and every report is counted once, whatever the clusters are."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tamis.app.dedupe_files.sources import counted
from tamis.domain.records import Cluster, ParsedFile, Record

#: For each record: the file it is from, and the report it is.
PLACES = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 9)), max_size=25)
#: Two files name one database.
DATABASES = ("Scopus", "", "Scopus", "Embase")


@given(PLACES)
def test_sources_add_up_to_records_and_reports(places: list[tuple[int, int]]) -> None:
    files: list[list[Record]] = [[] for _ in DATABASES]
    reports: dict[int, list[str]] = {}
    for file, report in places:
        one = Record(id=f"{'abcd'[file]}:{len(files[file])}", raw=())
        files[file].append(one)
        reports.setdefault(report, []).append(one.id)
    parsed = [
        ParsedFile(name=f"{n}.ris", sha256="", format="ris", database=database, encoding="utf-8",
                   records=tuple(records))
        for n, (database, records) in enumerate(zip(DATABASES, files, strict=True))
    ]  # fmt: skip
    clusters = [Cluster(records=tuple(sorted(names))) for names in reports.values()]
    found = counted(parsed, clusters)
    assert sum(one.records for one in found) == len(places)
    assert sum(one.removed for one in found) == len(places) - len(clusters)
    assert sum(one.alone for one in found) <= len(clusters)
    for one in found:
        assert one.within == one.records - one.reports
        assert 0 <= one.across == one.removed - one.within <= one.reports
        assert one.alone <= one.reports
    held = {record.id: n for n, records in enumerate(files) for record in records}
    assert [one.records for one in found if one.name == "Scopus"] in ([], [
        sum(n in (0, 2) for n in held.values())
    ])  # fmt: skip
