"""Every oddity is read as REASONS.csv says; docs for people stand beside the files."""

import csv
from pathlib import Path

import pytest
from tests.formats.laws import check

from tamis.domain.errors import BadInput
from tamis.formats import read_citations
from tamis.formats.names import people

FOLDER = Path(__file__).parents[1] / "oddities"
ROWS = list(csv.DictReader((FOLDER / "REASONS.csv").read_text("utf-8").splitlines()))
GOOD = [row for row in ROWS if not row["error"]]
BAD = [row for row in ROWS if row["error"]]


def read(name: str):
    data = (FOLDER / name).read_bytes()
    return data, read_citations(data, name=name)


def test_each_file_has_its_row_and_reason():
    files = {path.name for path in FOLDER.iterdir()} - {"REASONS.csv", "README.md"}
    assert {row["file"] for row in ROWS} == {name for name in files if not name.startswith(".")}
    assert all(len(row["reason"]) > 10 for row in ROWS)


@pytest.mark.parametrize("row", GOOD, ids=lambda row: row["file"])
def test_oddity_is_read(row):
    data, parsed = read(row["file"])
    assert (parsed.format, parsed.database, parsed.encoding, len(parsed.records)) == (
        row["format"],
        row["database"],
        row["encoding"],
        int(row["records"]),
    )
    assert sorted({part.code for part in parsed.repaired}) == row["repaired"].split()
    assert [part.code for part in parsed.refused] == row["refused"].split()
    check(data, parsed)


@pytest.mark.parametrize("row", BAD, ids=lambda row: row["file"])
def test_bad_file_is_refused_with_place_and_remedy(row):
    with pytest.raises(BadInput, match=row["error"]) as caught:
        read(row["file"])
    assert caught.value.where is not None
    assert caught.value.where.file == row["file"]
    assert caught.value.where.line is not None
    assert caught.value.remedy


def only(name: str):
    (record,) = read(name)[1].records
    return record


def test_lone_cr_parts_fields():
    record = only("ris-lone-cr.ris")
    assert record.source_id == "WOS:000000000000001"
    assert [value for tag, value in record.raw if tag == "AD"] == [
        "Invented Univ, Dept A",
        "Invented Univ, Dept B",
    ]


def test_cut_record_is_kept_and_said_to_be_cut():
    _, parsed = read("ris-cut-off.ris")
    assert parsed.records[1].title == "A record that was cut in the mid"
    (mended,) = parsed.repaired
    assert (mended.line, "line 12" in mended.message) == (14, True)


@pytest.mark.parametrize(
    ("name", "titles"),
    [
        ("ris-utf-16.ris", ["Größe und Maß", "Zweiter Satz"]),
        ("ris-windows-1252.ris", ["René’s sieve – a naïve “trial”"]),
        ("ris-mixed-encodings.ris", ["Größenänderung über Jahre", "François"]),
        ("ris-old-mac.ris", ["One", "Two"]),
        ("ris-cr-cr-lf.ris", ["One", "Two"]),
        ("ris-concatenated.ris", ["One", "Two"]),
        ("ris-no-type.ris", ["Headless", "Whole"]),
        ("ris-one-blank.ris", ["Narrow"]),
        ("ris-markup.ris", ["R&D of Ca2+ sieves"]),
        ("ris-control-characters.ris", ["Bell and zero"]),
        ("csv-quoted-lines.csv", ['A "fine" sieve, mended', "Second"]),
        ("csv-unclosed-quote.csv", ['"Unclosed', "Closed, and whole", "Plain"]),
        ("csv-stray-quote.csv", ['The "fine" sieve, again', "Next"]),
        ("csv-divider-row.csv", ["One", "Two"]),
        ("nbib-lost-pmid.txt", ["First", "Second, without its first line"]),
    ],
)
def test_titles(name, titles):
    assert [record.title for record in read(name)[1].records] == titles


def test_encoding_repair_names_the_line():
    _, parsed = read("ris-mixed-encodings.ris")
    assert [mended.line for mended in parsed.repaired] == [14]
    with pytest.raises(BadInput) as caught:
        read("bad-cyrillic.ris")
    assert caught.value.where.line == 3


def test_offsets_are_bytes_of_the_file():
    for name, mark in (
        ("ris-utf-16.ris", "TY".encode("utf-16-le")),
        ("ris-mixed-encodings.ris", b"TY"),
        ("ris-windows-1252.ris", b"TY"),
        ("ris-concatenated.ris", b"TY"),
        ("ris-cr-cr-lf.ris", b"TY"),
        ("ris-ovid.ris", b"TY"),
        ("nbib-last-record.nbib", b"PMID"),
        ("csv-quoted-lines.csv", None),
    ):
        data, parsed = read(name)
        for record in parsed.records:
            assert mark is None or data[record.offset :].startswith(mark), name
    assert data[parsed.records[0].offset :].startswith(b'"A ""fine""')


def test_databases_tell_their_ids():
    central = only("ris-central.ris")
    assert (central.source_id, central.pmid, central.doi) == (
        "CN-09999999",
        "99999002",
        "10.1234/invented-2",
    )
    embase = only("ris-embase.ris")
    assert (embase.source_id, embase.pmid, embase.doi, embase.type) == (
        "L2099999999",
        "99999003",
        "10.1234/invented-4",
        "conference abstract",
    )
    scopus = only("ris-scopus.ris")
    assert (scopus.source_id, scopus.pmid, scopus.pages, scopus.issn) == (
        "2-s2.0-99999999999",
        "99999004",
        "2864",
        "9999-9994",
    )
    ebsco = only("ris-ebscohost.ris")
    assert (ebsco.source_id, ebsco.doi, ebsco.year, ebsco.abstract) == (
        "199999001",
        "10.1234/invented.3",
        2019,
        "Sieves were tried.",
    )


def test_ovid_gives_a_pmid_only_for_medline():
    first, second = read("ris-ovid.ris")[1].records
    assert (first.pmid, second.pmid) == ("99999001", "")
    assert ("NL", "J Invented Med") in first.raw
    assert second.source_id == "2000-00002-001"


def test_wrapped_lines_stay_in_their_field():
    record = only("ris-wrapped-abstract.ris")
    assert [tag for tag, _ in record.raw] == ["TY", "TI", "AB", "PY", "ER"]
    assert record.abstract.endswith("ER - positive tumours were not.\nA second paragraph.")


def test_endnote_values_on_untagged_lines():
    record = only("ris-endnote.ris")
    assert record.keywords == ("sieves", "granite", "dust")
    assert (record.abstract, record.volume, record.pages) == ("", "176", "52-58")


def test_unicode_line_separators_are_text():
    record = only("ris-unicode-breaks.ris")
    assert [tag for tag, _ in record.raw] == ["TY", "TI", "AB", "ER"]


def test_unknown_year_stays_unknown():
    empty, _ = read("ris-empty-record.ris")[1].records
    assert empty.year is None


def test_pubmed_format():
    record = read("nbib-last-record.nbib")[1].records[1]
    assert record.title == "A wrapped title about sieves that were invented for this file"
    assert record.authors == ("Amsel, Vera B", "Invented Study Group")
    assert (record.pages, record.doi, record.type, record.year) == (
        "1436-1439",
        "10.1234/invented.99999006",
        "erratum",
        2020,
    )
    assert record.keywords == ("Sieves/methods",)
    assert record.issn == "9999-9994"


def test_eric_has_no_pmid():
    record = read("nbib-eric.nbib")[1].records[0]
    assert (record.pmid, record.source_id, record.doi, record.issn) == (
        "",
        "EJ9999991",
        "10.1234/invented.7",
        "9999-9994",
    )


def test_tables_tell_their_fields():
    pubmed = only("csv-pubmed.csv")
    assert (pubmed.volume, pubmed.issue, pubmed.pages) == ("63", "2", "1036-1040")
    assert pubmed.authors == ("Amsel, VB", "Dohle, J")
    embase = only("csv-embase.csv")
    assert (embase.pages, embase.pmid, embase.source_id) == ("1436-1439", "99999011", "L999")
    assert embase.authors == ("Amsel, V.B.", "Dohle, J.")
    formula = only("csv-formula-cells.csv")
    assert (formula.issn, formula.year) == ("9999-9994", 2024)
    assert ("ISSN", '="99999994"') in formula.raw
    tabs = only("csv-tabs.txt")
    assert (tabs.authors, tabs.type) == (("Amsel, Vera", "Dohle, Jan"), "journal article")
    assert read("csv-divider-row.csv")[1].records[0].authors == ("Amsel, V.", "Dohle, J.")


def test_missing_title_column_names_line_and_known_columns():
    with pytest.raises(BadInput) as caught:
        read("bad-no-title.csv")
    assert caught.value.where.line == 1
    assert "id, author, year" in caught.value.problem
    assert "Article Title" in caught.value.remedy


@pytest.mark.parametrize(
    ("printed", "told"),
    [
        ("Ko and Kirsch and King", ("Ko", "Kirsch", "King")),
        ("van der Berg and de Boer", ("van der Berg", "de Boer")),
        ("Lu and Ramamurthy, K. (Ram)", ("Lu", "Ramamurthy, K. (Ram)")),
        ("Anderson A. B.van Dijk C.", ("Anderson, A. B.", "van Dijk, C.")),
        ("Wang J.Yan C.Wang Y.", ("Wang, J.", "Yan, C.", "Wang, Y.")),
        ("A.B.Smith", ("A.B.Smith",)),
        ("Food and Drug Administration", ("Food and Drug Administration",)),
        ("Centers for Disease Control and Prevention",
         ("Centers for Disease Control and Prevention",)),
        ("Bill and Melinda Gates Foundation", ("Bill and Melinda Gates Foundation",)),
    ],
)  # fmt: skip
def test_people_that_one_text_names_are_told_apart(printed: str, told: tuple[str, ...]) -> None:
    assert people([printed]) == told
