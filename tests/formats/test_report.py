"""The report of an import: facts that can be checked against the file."""

import gzip

import pytest
from hypothesis import given
from tests.formats.files import NBIB_LINES, RIS_LINES, table_files, tagged_files

from tamis.domain.errors import BadInput
from tamis.formats import READERS, WRITERS, read_citations, write_citations
from tamis.formats.report import FILLED, facts_of

RIS = (
    b"TY  - JOUR\nTI  - A sieve\nAB  - Text.\nC1  - Rome\nER  - \n\n"
    b"TY  - JOUR\nTI  - Another\nPY  - 2020\nER  - \n"
)


def facts(data, name="a"):
    return facts_of(data, read_citations(data, name=name))


@pytest.mark.parametrize(
    ("end", "name"),
    [(b"\n", "LF"), (b"\r\n", "CRLF"), (b"\r", "CR")],
)
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
def test_ends_of_lines_and_byte_order_marks_are_told(end, name, codec):
    data = RIS.replace(b"\n", end).decode().encode(codec)
    assert facts(data).line_ends == name
    assert facts(data).byte_order_mark == (codec != "utf-8")
    assert facts(data).bytes == len(data)
    assert facts(data + "Ω".encode(codec)).encoding_guessed is False


def test_mixed_ends_of_lines_are_mixed():
    assert facts(RIS.replace(b"\n", b"\r\n", 1)).line_ends == "mixed"


def test_a_guessed_encoding_is_said():
    found = facts(RIS.replace(b"Rome", b"Ren\xe9e"))
    assert found.encoding_guessed
    assert found.repairs == {"encoding-guessed": 1}


def test_shares_are_of_all_records_and_rounded_down():
    found = facts(RIS + b"\n" + RIS.replace(b"AB  - Text.", b"N1  - x").replace(b"sieve", b"net"))
    assert found.filled == {"abstract": 1, "doi": 0, "year": 2, "authors": 0}
    assert [found.share(field) for field in FILLED] == [25, 0, 50, 0]
    empty = facts(b"title,year,doi\n")
    assert (empty.records, empty.share("doi")) == (0, None)
    assert [code for code, _ in empty.remarks] == ["no-records"]


def test_a_file_without_any_abstract_is_warned_of():
    bare = RIS.replace(b"AB  - Text.\n", b"")
    assert [code for code, _ in facts(bare).remarks] == ["no-abstracts"]
    assert facts(RIS).remarks == ()


def test_exact_copies_are_counted_and_other_records_are_none():
    found = facts(RIS + b"\n" + RIS)
    assert (found.records, found.copies) == (4, 2)
    assert "2 of the records" in dict(found.remarks)["exact-copies"]
    assert facts(RIS + b"\n" + RIS.replace(b"2020", b"2021")).copies == 1


def test_what_is_no_record_is_counted_by_kind():
    found = facts(b"Provider: x\n" + RIS)
    assert (found.refused, found.set_aside) == (1, {"export-furniture": 1})


@pytest.mark.parametrize(
    ("data", "unmapped"),
    [
        (RIS, {"C1": 1}),
        # JF and JO, T1 and TI: each is understood, also where the other stands beside it
        (b"TY  - JOUR\nT1  - A\nTI  - A\nJF  - J\nJO  - J\nZZ  - z\nER  - \n", {"ZZ": 1}),
        (b"TY  - JOUR\nTI  - A\nC5  - 123\nER  - \n", {"C5": 1}),
        (b"TY  - JOUR\nTI  - A\nC5  - 123\nDB  - Embase\nER  - \n", {}),
        (b"PMID- 1\nTI  - A\nFAU - B, C\nAU  - B C\nPL  - Rome\n", {"PL": 1}),
        (b"title,year,shelf\nA,2020,7\nB,2021,\n", {"shelf": 1}),
        (b"@article{k, title={A}, shelf={7}, year={2020}}", {"shelf": 1}),
        (b'[{"title": "A", "author": [{"family": "B"}], "shelf": [1, 2]}]', {"shelf": 1}),
    ],
)
def test_tags_that_no_field_holds_are_told(data, unmapped):
    assert facts(data).unmapped == unmapped


def test_a_workbook_is_told_of_too():
    records = read_citations(RIS, name="a").records
    data = write_citations(records, "xlsx")
    assert "xlsx" in READERS
    found = facts(data)
    assert (found.format, found.records, found.line_ends) == ("xlsx", 2, "none")
    assert found.unmapped == {}


def test_a_packed_file_is_looked_into():
    packed = gzip.compress(RIS, mtime=0)
    found = facts(packed)
    assert (found.line_ends, found.bytes, found.records) == ("LF", len(packed), 2)


@pytest.mark.parametrize("fmt", list(WRITERS))
def test_the_facts_are_the_same_however_often_they_are_asked(fmt):
    data = write_citations(read_citations(RIS, name="a").records, fmt)
    assert facts(data) == facts(data)
    assert facts(data).as_dict()["records"] == 2


@given(tagged_files(RIS_LINES, "TY  - JOUR") | tagged_files(NBIB_LINES, "PMID- 1") | table_files())
def test_every_file_that_is_read_has_facts(data):
    try:
        parsed = read_citations(data, name="a")
    except BadInput:
        return
    found = facts_of(data, parsed)
    assert found.records == len(parsed.records)
    assert sum(found.repairs.values()) == len(parsed.repaired)
    assert sum(found.set_aside.values()) == found.refused == len(parsed.refused)
    assert all(0 <= count <= found.records for count in found.filled.values())
    assert all(0 < count <= found.records for count in found.unmapped.values())
    assert 0 <= found.copies <= max(found.records - 1, 0)
