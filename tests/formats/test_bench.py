"""Every real export of the bench folder: counts as stated, nothing lost, ids where they must be."""

import csv
import os
import random
from collections import Counter
from pathlib import Path

import pytest
from tests.formats.laws import check

from tamis.formats import read_citations, write_citations

FOLDER = Path(os.environ.get("TAMIS_BENCH", Path(__file__).parents[2] / "../shared/bench"))
MANIFEST = FOLDER / "formats" / "MANIFEST.csv"
#: Format in the manifest → the format that it is read as.
READ = {
    "ris": "ris", "nbib": "nbib", "csv": "csv", "tsv": "csv", "xlsx": "xlsx", "bibtex": "bibtex",
    "refer": "refer", "ovid-tagged": "ovid", "wos-tagged": "wos", "refworks-tagged": "refworks",
    "pubmed-xml": "pubmed-xml", "mods-xml": "mods",
}  # fmt: skip
#: Formats made of lines, of which each is to be found again.
LINES = frozenset({"ris", "nbib", "csv", "tsv"})
SWEEP = os.environ.get("HYPOTHESIS_PROFILE") == "sweep"
MUTATIONS = 10_000 if SWEEP else 500


def rows() -> list[dict[str, str]]:
    if not MANIFEST.is_file():
        return []
    lines = MANIFEST.read_text("utf-8").splitlines()
    return [row for row in csv.DictReader(lines) if row["format"] in READ]


def read(file: str):
    data = (FOLDER / "formats" / file).read_bytes()
    return data, read_citations(data, name=file)


pytestmark = pytest.mark.needs("bench")


def test_the_bench_is_there():
    assert len(rows()) == 215


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["file"])
def test_a_real_export_is_read_whole(row):
    data, parsed = read(row["file"])
    assert parsed.format == READ[row["format"]]
    assert len(parsed.records) == int(row["expected_count"])
    if row["format"] in LINES:
        check(data, parsed)


#: What is put into a record of a real file; none of it begins a record.
PUT = (b"", b'"', b"{", b"}", b"<", b">", b"&", b"\n", b"\r", b",", b";", b"\0", b"\xff",
       "é".encode(), b"  ", b"@", b"-", b"ER", b"%", b"\\", b"=", b"]]>")  # fmt: skip


def test_a_fault_inside_one_record_costs_no_other_record():
    """Random faults in real files: never another error than ours, never a neighbour lost."""
    drawn = random.Random(20_261_123 if not SWEEP else None)
    files = []
    for row in rows():
        data, parsed = read(row["file"])
        if len(data) < 60_000 and len(parsed.records) > 2 and parsed.format != "xlsx":
            files.append((row["file"], data, parsed))
    assert len(files) > 40
    for _ in range(MUTATIONS):
        name, data, parsed = drawn.choice(files)
        hurt = drawn.randrange(len(parsed.records) - 1)
        begin, end = (record.offset for record in parsed.records[hurt : hurt + 2])
        if end - begin < 80:
            continue
        at = drawn.randrange(begin + 30, end - 40)
        put, drop = drawn.choice(PUT), drawn.randrange(4)
        again = read_citations(data[:at] + put + data[at + drop :], name=name)
        left = Counter(record.title for record in again.records)
        left.subtract(r.title for n, r in enumerate(parsed.records) if n not in (hurt, hurt + 1))
        assert min(left.values()) >= 0, (name, at, put, drop)


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["file"])
def test_a_real_export_survives_the_round_trip(row):
    _, parsed = read(row["file"])
    names = ("title", "authors", "year", "journal", "volume", "issue", "pages", "doi", "pmid")
    want = [[getattr(record, name) for name in (*names, "abstract")] for record in parsed.records]
    for fmt in ("ris", "csv"):
        back = read_citations(write_citations(parsed.records, fmt), name=fmt).records
        assert [[getattr(record, name) for name in (*names, "abstract")] for record in back] == want


@pytest.mark.parametrize(
    ("part", "field", "begins", "count"),
    [
        ("embase/citation-file-formatting___baseline_embase.ris", "source_id", "L", 10),
        ("embase/citation-file-formatting___baseline_embase.ris", "pmid", "", 10),
        ("embase/citation-file-formatting___baseline_embase.ris", "doi", "10.", 10),
        ("cochrane/citation-file-formatting___baseline_cochrane_refman.ris", "source_id", "CN-", 3),
        ("cochrane/citation-file-formatting___baseline_cochrane_refman.ris", "pmid", "", 3),
        ("ebsco_cinahl/citation-file-formatting___baseline_cinahl.ris", "doi", "10.", 9),
        ("scopus/citation-file-formatting___baseline_scopus.ris", "source_id", "2-s2.0-", 10),
        ("wos/ASySD__wos_test.ris", "source_id", "WOS:", 50),
        ("wos/CiteSource__WoS_79.ris", "source_id", "WOS:", 79),
    ],
)
def test_ids_are_found(part, field, begins, count):
    _, parsed = read(part)
    held = [getattr(record, field) for record in parsed.records]
    assert sum(bool(value) and value.startswith(begins) for value in held) == count
