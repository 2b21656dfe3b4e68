"""Every format that is written: what it carries comes back the same, what it drops is said."""

import io
import re
import zipfile
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.formats.files import canonical_records

from tamis.domain.errors import BadInput
from tamis.domain.records import Record
from tamis.formats import WRITERS, read_citations, write_citations
from tamis.formats.cleaning import clean, clean_abstract, clean_title
from tamis.formats.names import people
from tamis.formats.writers.carried import CANONICAL, is_filled
from tamis.formats.writing import SUFFIXES, TABLE, lost

#: Format that is written → name under which it is read, where that is another one.
READ_AS = {"asreview": "csv"}
#: Formats that cannot say that the kind is unknown; they are read as "other".
NO_UNKNOWN_KIND = ("ris", "bibtex", "endnote-xml")

#: Text that some format would take for its own.
AWKWARD = st.sampled_from(
    [
        "{", "}", "{{x}}", "\\", "a\\textbf", "$x_1$", "50% & more", "#1", "~", "^2", "''", "``",
        "--", "---", "=1+1", "+1", "-1", "@x", "'=1", '"quoted"', '""', "a,b;", "ER  -", "ER  - ",
        "TY  - JOUR", "PMID- 1", "@article{x,", "</record>", "]]>", "<x>", "a < b", "&", "&#",
        "\u4e2d\u6587\u6458\u8981", "\u00e9\u00df\u00f8", "\u2013", "\u03b1", "A and B", "and",
        "|", "[1]", ":", "1E5", "007", "10.1234", "https:", "tamis:", "\U0001f9ea",
    ]
)  # fmt: skip
WORDS = st.lists(AWKWARD | st.text("abcXYZ09 ", min_size=1, max_size=5), min_size=1, max_size=5)


def steady(rule):
    return WORDS.map(" ".join).map(rule).filter(lambda text: rule(text) == text)


@st.composite
def awkward_records(draw):
    """A record as a reader hands it on, with text that is hard for one format or another."""
    record = draw(canonical_records())
    keyword = steady(clean).filter(lambda text: text and ";" not in text and "*" not in text)
    lines = st.lists(steady(clean), max_size=3).map("\n".join).map(clean_abstract)
    name = steady(lambda text: re.sub("[{}]", "", clean(text)))
    name = name.map(lambda text: next(iter(people([text])), ""))
    named = draw(st.lists(name.filter(lambda n: n and people([n]) == (n,)), max_size=2))
    return replace(
        record,
        title=draw(steady(clean_title)),
        journal=draw(steady(clean)),
        abstract=draw(lines.filter(lambda text: clean_abstract(text) == text)),
        # no one's name holds a brace, and BibTeX counts even escaped ones
        authors=(*(n for n in record.authors if not re.search("[{}]", n)), *named),
        keywords=tuple(dict.fromkeys(draw(st.lists(keyword, max_size=3)))),
        database=draw(st.sampled_from(["", "PubMed", "Scopus", "CAB Abstracts"])),
    )


def read_name(fmt):
    return READ_AS.get(fmt, fmt)


def read_back(records, fmt):
    parsed = read_citations(write_citations(records, fmt), name="x")
    assert parsed.format == read_name(fmt)
    assert not parsed.refused
    return parsed.records


def kept(record, writer):
    """Return what must come back: all that the format carries and of which it drops no part."""
    fields = {
        field: getattr(record, field)
        for field in CANONICAL
        if field in writer.carries
        and not (field in writer.partly and writer.partly[field][1](record))
    }
    if writer.name in NO_UNKNOWN_KIND and not record.type:
        fields["type"] = "other"
    if writer.name == "nbib" and not record.source_id:
        fields["source_id"] = record.pmid  # PubMed's own id is what it calls the record
    return fields


@pytest.mark.parametrize("writer", TABLE, ids=lambda writer: writer.name)
@settings(max_examples=30)
@given(records=st.lists(awkward_records(), min_size=1, max_size=2))
def test_what_a_format_carries_comes_back_the_same(writer, records):
    back = read_back(records, writer.name)
    assert len(back) == len(records)
    for record, other in zip(records, back, strict=True):
        wanted = kept(record, writer)
        assert {field: getattr(other, field) for field in wanted} == wanted


@pytest.mark.parametrize("writer", TABLE, ids=lambda writer: writer.name)
def test_what_is_said_to_be_lost_is_what_is_lost(writer):
    record = Record(
        id="0123456789ab:7",
        raw=(),
        source_id="2-s2.0-1",
        database="Scopus",
        type="review",
        title="A sieve",
        authors=("Mouse, Minnie",),
        year=2020,
        journal="Sieves",
        volume="1",
        issue="2",
        pages="3-4",
        doi="10.1234/a",
        pmid="123",
        issn="9999-9994",
        abstract="One.\nTwo.",
        language="English",
        keywords=("mesh",),
        urls=("https://a.example.org/1", "https://a.example.org/2"),
    )
    assert all(is_filled(record, field) for field in CANONICAL)
    (back,) = read_back([record], writer.name)
    differs = {field for field in CANONICAL if getattr(back, field) != getattr(record, field)}
    said = lost([record, replace(record, id="0123456789ab:9")], writer.name)
    assert {loss.field for loss in said} == differs
    assert all(loss.records == 2 and loss.what for loss in said)


@pytest.mark.parametrize("writer", TABLE, ids=lambda writer: writer.name)
def test_a_writer_says_what_it_carries(writer):
    assert writer.carries <= set(CANONICAL)
    assert set(writer.partly) <= writer.carries
    assert lost([Record(id="0123456789ab:7", raw=(), title="A")], writer.name) == ()


def test_ends_of_file_names_mean_one_format_each():
    suffixes = [suffix for writer in TABLE for suffix in writer.suffixes]
    assert len(set(suffixes)) == len(suffixes) == len(SUFFIXES)
    assert set(SUFFIXES.values()) == set(WRITERS) - {"asreview"}
    with pytest.raises(BadInput, match="no format that is written"):
        lost([], "endnote")


def test_a_workbook_holds_text_only_and_its_bytes_never_change():
    record = Record(id="0123456789ab:7", raw=(), title="=1+1", year=2020, volume="007")
    data = write_citations([record], "xlsx")
    assert data == write_citations([record], "xlsx")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        for name in archive.namelist():
            etree.fromstring(archive.read(name))
        sheet = etree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
    names = {etree.QName(element).localname for element in sheet.iter()}
    assert not names & {"f", "v"}
    cells = [cell for cell in sheet.iter() if etree.QName(cell).localname == "c"]
    assert {cell.get("t") for cell in cells} == {"inlineStr"}
    assert {"'=1+1", "2020", "007"} <= {"".join(cell.itertext()) for cell in cells}


def test_a_cell_of_a_workbook_is_cut_where_excel_ends_and_that_is_said():
    record = Record(id="0123456789ab:7", raw=(), title="A", abstract="a" * 40_000)
    (loss,) = lost([record, replace(record, abstract="short")], "xlsx")
    assert (loss.field, loss.records) == ("abstract", 1)
    with zipfile.ZipFile(io.BytesIO(write_citations([record], "xlsx"))) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert max(map(len, re.findall("a+", sheet))) == 32_767


def test_asreview_gets_labels_only_where_the_file_says_them():
    record = Record(id="0123456789ab:7", raw=(("label_included", "1"),), title="A")
    other = replace(record, raw=(("label_included", "maybe"),))
    header, first, second = write_citations([record, other], "asreview").decode().splitlines()
    assert header == "title,abstract,authors,keywords,doi,year,url,included,tamis_id"
    assert (first.split(",")[7], second.split(",")[7]) == ("1", "")
    assert "included" not in write_citations([other], "asreview").decode().splitlines()[0]


@pytest.mark.parametrize(
    ("database", "source_id", "said"),
    [("PubMed", "123", False), ("PubMed", "887", True), ("Scopus", "887", False)],
)
def test_endnote_xml_never_makes_a_pmid_of_another_number(database, source_id, said):
    record = Record(
        id="0123456789ab:7", raw=(), title="A", source_id=source_id, pmid="123", database=database
    )
    (back,) = read_back([record], "endnote-xml")
    assert back.pmid == "123"
    assert back.source_id == ("" if said else source_id)
    assert [loss.field for loss in lost([record], "endnote-xml")] == ["source_id"] * said


@pytest.mark.parametrize(
    ("name", "short"),
    [("Mouse, Minnie", "Mouse M"), ("Mouse, MM", "Mouse MM"), ("van Dijk, A.-B.", "van Dijk AB")],
)
def test_pubmed_format_holds_the_short_name_too(name, short):
    record = Record(id="0123456789ab:7", raw=(), title="A", authors=(name, "Sieve Group"))
    text = write_citations([record], "nbib").decode()
    assert f"AU  - {short}\n" in text
    assert "CN  - Sieve Group\n" in text
