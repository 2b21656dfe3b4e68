"""What is written is read back the same, in each format that holds it."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.formats.files import canonical_records

from tamis.domain.errors import BadInput
from tamis.domain.records import Record
from tamis.formats import WRITERS, read_citations, write_citations
from tamis.formats.writers.bibtex import bibtex_keys, escape_tex

KEPT = (
    *("source_id", "type", "title", "authors", "year", "journal", "volume", "issue", "pages"),
    *("doi", "pmid", "issn", "abstract", "language", "keywords", "urls"),
)


def same(record: Record) -> dict[str, object]:
    return {name: getattr(record, name) for name in KEPT}


@given(st.lists(canonical_records(), min_size=1, max_size=3))
@pytest.mark.parametrize("fmt", ["ris", "csv"])
def test_written_records_are_read_back(fmt, records):
    data = write_citations(records, fmt)
    parsed = read_citations(data, name=f"x.{fmt}")
    assert parsed.format == fmt
    expected = [same(record) for record in records]
    got = [same(record) for record in parsed.records]
    if fmt == "ris":  # RIS cannot say that the kind is unknown: GEN is read as "other"
        expected = [{**item, "type": item["type"] or "other"} for item in expected]
    assert got == expected


@given(st.lists(canonical_records(), min_size=1, max_size=3), st.sampled_from(["ris", "csv"]))
def test_reading_and_writing_again_changes_nothing(records, fmt):
    once = read_citations(write_citations(records, fmt), name="a").records
    twice = read_citations(write_citations(once, fmt), name="a").records
    assert [same(record) for record in once] == [same(record) for record in twice]


@pytest.mark.parametrize("fmt", ["ris", "csv"])
@pytest.mark.parametrize("database", ["PubMed", "Scopus", "EBSCOhost", "CENTRAL", "Embase", ""])
def test_the_database_and_ids_survive(fmt, database):
    record = Record(
        id="0123456789ab:7",
        raw=(),
        title="A sieve",
        source_id="2-s2.0-1",
        pmid="99999001",
        database=database,
        urls=("https://www.scopus.com/x?eid=2-s2.0-2",),
    )
    back = read_citations(write_citations([record], fmt), name="a").records[0]
    assert (back.source_id, back.pmid) == ("2-s2.0-1", "99999001")
    assert back.database == database


def test_the_number_a_manager_gave_never_becomes_a_pmid():
    record = Record(id="0123456789ab:7", raw=(), title="A", source_id="887", database="MEDLINE")
    (back,) = read_citations(write_citations([record], "ris"), name="a").records
    assert (back.source_id, back.pmid, back.database) == ("887", "", "MEDLINE")


def test_an_abstract_can_never_end_a_record():
    record = Record(
        id="0123456789ab:7",
        raw=(),
        type="journal article",
        title="A sieve",
        abstract="one\nER -\nTY - JOUR\nTI - Another\nER  -\nTY  - JOUR",
    )
    (back,) = read_citations(write_citations([record], "ris"), name="a").records
    assert back.abstract.split() == record.abstract.split()
    assert back.abstract.count("\n") == record.abstract.count("\n")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "'=1", "''+1", "'tis"])
def test_a_cell_can_never_be_run_as_a_formula(text):
    record = Record(id="0123456789ab:7", raw=(), title=text, journal="J", year=2020)
    data = write_citations([record], "csv").decode()
    assert not re.search(r"(?m)(?:^|,)\"?[=+\-@]", data.split("\n")[1])
    assert read_citations(data.encode(), name="a").records[0].title == text


def test_a_foreign_table_keeps_its_apostrophes():
    data = b"title,year,doi\n'=1,2020,10.1234/a\n"
    assert read_citations(data, name="a").records[0].title == "'=1"


@pytest.mark.parametrize("fmt", list(WRITERS))
def test_writing_is_deterministic_and_nothing_is_something(fmt):
    record = Record(id="0123456789ab:7", raw=(), title="A sieve")
    assert write_citations([record], fmt) == write_citations([record], fmt)
    assert isinstance(write_citations([], fmt), bytes)


def test_an_unknown_format_is_refused():
    with pytest.raises(BadInput, match="no format that is written"):
        write_citations([], "endnote")


TEX = {
    r"\textbackslash{}": "\\",
    r"\textasciitilde{}": "~",
    r"\textasciicircum{}": "^",
    **{f"\\{char}": char for char in "{}$&#%_"},
}


@given(st.text(max_size=40))
def test_tex_prints_what_was_meant(text):
    escaped = escape_tex(text)
    printed = re.sub(r"\\text[a-z]+\{\}|\\[{}$&#%_]", lambda found: TEX[found[0]], escaped)
    assert printed == " ".join(text.split())
    bare = re.sub(r"\\text[a-z]+\{\}|\\[{}$&#%_]", "", escaped)
    assert not set(bare) & set("\\{}$&#%_~^")


@given(st.lists(canonical_records(), max_size=4, unique_by=lambda record: record.id))
def test_bibtex_keys_are_unique_and_belong_to_the_record(records):
    keys = bibtex_keys(records)
    assert len(set(keys)) == len(records)
    assert all(re.fullmatch(r"[a-z0-9]+(-\d+)?", key) for key in keys)
    turned = dict(zip([r.id for r in records[::-1]], bibtex_keys(records[::-1]), strict=True))
    assert turned == dict(zip([r.id for r in records], keys, strict=True))


@given(canonical_records())
def test_a_bibtex_entry_is_balanced(record):
    text = write_citations([record], "bibtex").decode()
    bare = re.sub(r"\\[{}]", "", text)
    depth = 0
    for char in bare:
        depth += (char == "{") - (char == "}")
        assert depth >= 0
    assert depth == 0
    assert len(re.findall(r"(?m)^@", text)) == 1


def test_bibtex_says_where_a_chapter_stands():
    record = Record(id="0123456789ab:7", raw=(), title="A", journal="Sieves", type="book chapter")
    text = write_citations([record, replace(record, type="thesis")], "bibtex").decode()
    assert "booktitle = {Sieves}" in text
    assert "school = {Sieves}" in text
