"""Names, numbers and dialects, one case a rule."""

from io import BytesIO

import pytest

from tamis.domain.records import Record
from tamis.formats import (
    READERS,
    WRITERS,
    fields,
    fold_citations,
    one_file,
    read_citations,
    write_citations,
)
from tamis.formats.kinds import BIBTEX_TYPES, KIND_BY_WORD, RIS_TYPES, TYPE_WORDS, ris_type
from tamis.formats.lexed import REFUSALS, REPAIRS
from tamis.formats.names import people
from tamis.formats.tables.columns import COLUMNS, FIELD_OF
from tamis.formats.tables.table import lex_table


def ris(*lines: str):
    text = "\n".join(["TY  - JOUR", *lines, "ER  - ", ""])
    return read_citations(text.encode(), name="x.ris").records[0]


def test_the_tables_say_what_they_hold():
    assert {"ris", "nbib", "csv", "wos", "ovid", "refworks", "refer", "cnki"} <= set(READERS)
    assert {"ris", "csv", "bibtex"} <= set(WRITERS)
    assert all(len(text) > 20 for text in (*READERS.values(), *WRITERS.values()))


def test_every_word_of_a_table_means_one_thing():
    assert len(KIND_BY_WORD) == sum(len(words) for words in TYPE_WORDS.values())
    assert len(FIELD_OF) == sum(len(names) for names in COLUMNS.values())
    assert set(RIS_TYPES) | set(BIBTEX_TYPES) <= {*TYPE_WORDS, ""}
    assert all(KIND_BY_WORD.get(code.lower(), "other") for code in RIS_TYPES.values())
    assert not set(REPAIRS) & set(REFUSALS)


@pytest.mark.parametrize("kind", TYPE_WORDS)
def test_every_kind_can_be_written_as_ris(kind):
    assert len(ris_type(kind)) >= 3


def test_raw_keeps_repeated_empty_and_unknown_tags_in_order():
    record = ris("KW  - a", "ZZ  - unknown", "KW  - b", "SP  -", "KW  - c")
    assert record.raw == (
        ("TY", "JOUR"),
        ("KW", "a"),
        ("ZZ", "unknown"),
        ("KW", "b"),
        ("SP", ""),
        ("KW", "c"),
        ("ER", ""),
    )


@pytest.mark.parametrize(
    ("lines", "year"),
    [
        (["Y1  - 2016/09//"], 2016),
        (["PY  - 2016///"], 2016),
        (["PY  - 2019-2020//"], 2019),
        (["Y1  - 2019/05//Nov/Dec2019"], 2019),
        (["PY  - Start date: 20210101"], 2021),
        (["Y1  - 1-3 Aug. 2016"], 2016),
        (["DA  - JUN 15"], None),
        (["DA  - 2022//undefined"], 2022),
        (["PY  - 9999"], None),
        (["PY  - 0000"], None),
        (["PY  - 2017", "DA  - 2018/01/01"], 2017),
        (["Y1  - 2014", "DA  - 2015"], 2015),
        (["Y2  - 2024/08/09"], None),
    ],
)
def test_years(lines, year):
    assert ris(*lines, "TI  - x").year == year


@pytest.mark.parametrize(
    ("lines", "doi"),
    [
        (["DO  - http://dx.doi.org/10.1234/Abc"], "10.1234/abc"),
        (["DO  - 10.1016/S0027-9684(15)31340-7"], "10.1016/s0027-9684(15)31340-7"),
        (["L3  - 10.1234/a.b."], "10.1234/a.b"),
        (["M3  - doi: 10.1234/c"], "10.1234/c"),
        (["N1  - doi:10.1234/d"], "10.1234/d"),
        (["N1  - Erratum for: doi 10.1234/other."], ""),
        (["UR  - https://example.org/doi/abs/10.1234/e?journalCode=x"], "10.1234/e"),
        (["UR  - https://example.org/10.1234/not-marked"], ""),
        (["UR  - https://doi.org/10.1234/u", "DO  - 10.1234/first"], "10.1234/first"),
        (["DO  - pending"], ""),
    ],
)
def test_dois(lines, doi):
    assert ris(*lines, "TI  - x").doi == doi


@pytest.mark.parametrize(
    ("lines", "pmid"),
    [
        (["AN  - 99999001", "DB  - PubMed"], "99999001"),
        (["AN  - 99999001", "DB  - CINAHL"], ""),
        (["C5  - 99999001", "DB  - Embase"], "99999001"),
        (["C5  - 99999001"], ""),
        (["C2  - 99999001", "DB  - Scopus"], "99999001"),
        (["C2  - PMC99999"], ""),
        (["C3  - PUBMED 99999001,EMBASE 5"], "99999001"),
        (["C3  - Invented University"], ""),
        (["U1  - 99999001 [PMID]"], "99999001"),
        (["N1  - PMID: 99999001"], "99999001"),
        (["N1  - see PMID: 99999001"], ""),
        (["L2  - http://www.ncbi.nlm.nih.gov/pubmed/99999001"], "99999001"),
        (["ID  - 99999001"], ""),
    ],
)
def test_pmids_come_only_from_fields_that_mean_one(lines, pmid):
    assert ris(*lines, "TI  - x").pmid == pmid


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("Sun, Lingyun", ["Sun, Lingyun"]),
        ("Sun,L.", ["Sun, L."]),
        ("Sun LY", ["Sun, LY"]),
        ("Sun L.Y.", ["Sun, L.Y."]),
        ("Surname F M", ["Surname, F M"]),
        ("A. B. van Surname", ["van Surname, A. B."]),
        ("SURNAME, GIVEN", ["SURNAME, GIVEN"]),
        ("Zofia Imaginary", ["Zofia Imaginary"]),
        ("Invented Lupus Study Group", ["Invented Lupus Study Group"]),
        ("Department of Sieves and Dust", ["Department of Sieves and Dust"]),
        ("Sun, L. and Wang, D.", ["Sun, L.", "Wang, D."]),
        ("Sun L; Wang D", ["Sun, L", "Wang, D"]),
        ("Sun L, Wang D.", ["Sun, L", "Wang, D"]),
        ("Sun L.Y., Wang D.", ["Sun, L.Y.", "Wang, D."]),
        ("Sun, L.\n and Wang, D.\n", ["Sun, L.", "Wang, D."]),
        ("Wang, L; Wang, L", ["Wang, L", "Wang, L"]),
        ("Müller, Ä.; et al.", ["Müller, Ä."]),
        ("孙凌云", ["孙凌云"]),
        ("  ;  ", []),
    ],
)
def test_authors(value, names):
    assert list(people([value])) == names
    assert list(people(names)) == names


def test_both_author_tags_in_the_order_of_the_file():
    assert ris("A1  - One, A", "AU  - Two, B").authors == ("One, A", "Two, B")
    assert ris("AU  - One, A", "A1  - One, A").authors == ("One, A",)


@pytest.mark.parametrize("text", ["1436-9", "S33-8", "1-2, 3-4; 5", "pp. 52--58", "a-b", "e1", "-"])
def test_pages_are_settled_after_one_reading(text):
    assert fields.pages(fields.pages(text)) == fields.pages(text)


def test_raw_pages_stay_as_printed():
    record = ris("SP  - 1436", "EP  - 9", "TI  - x")
    assert record.pages == "1436-1439"
    assert ("EP", "9") in record.raw


def test_the_longer_journal_name_is_the_full_one():
    assert ris("JO  - J. Inv. Med.", "JF  - Journal of Inventions").journal == (
        "Journal of Inventions"
    )
    assert ris("JF  - J Inv", "JO  - Journal of Inventions").journal == "Journal of Inventions"
    assert ris("JA  - J Inv").journal == "J Inv"


def test_kinds_of_documents():
    assert ris("M3  - Erratum").type == "erratum"
    assert ris("M3  - Psychopharmacology [2580]").type == "journal article"
    text = b"TY  - Journal Article\nTI  - x\nER  - \n"
    assert read_citations(text, name="x").records[0].type == "journal article"
    text = b"TY  - XYZ\nTI  - x\nER  - \n"
    assert read_citations(text, name="x").records[0].type == ""


def test_a_mixed_file_has_no_one_database():
    text = "".join(
        f"TY  - JOUR\nTI  - x\nDB  - {name}\nER  - \n" for name in ("Scopus", "Embase", "PubMed")
    )
    parsed = read_citations(text.encode(), name="x")
    assert parsed.database == ""
    assert [record.database for record in parsed.records] == ["Scopus", "Embase", "PubMed"]


def test_a_table_may_name_its_title_in_many_ways():
    for name in ("Title", "Article Title", "TI", "Document Title", "PRIMARY_TITLE"):
        data = f"{name};Publication Year;DOI\nA, b;2020;10.1234/a\n".encode()
        record = read_citations(data, name="x").records[0]
        assert (record.title, record.year, record.doi) == ("A, b", 2020, "10.1234/a")


def test_the_format_is_decided_by_content():
    data = b"PMID- 99999001\nTI  - x\n"
    assert read_citations(data, name="export.ris").format == "nbib"
    data = b"Provider: x\n\nTY  - JOUR\nAB  - title,year,doi\nER  - \n"
    assert read_citations(data, name="export.csv").format == "ris"
    data = b'title,year,abstract\nx,2020,"\nTY  - JOUR"\n'
    assert read_citations(data, name="export.ris").format == "csv"


def test_line_numbers_are_those_of_an_editor():
    text = "TY  - JOUR\r\nAD  - a\rAN  - b\r\nER  - \r\nER  - \r\n"
    parsed = read_citations(text.encode(), name="x")
    assert [(mended.code, mended.line) for mended in parsed.repaired] == [
        ("empty-record", 1) if not parsed.records[0].source_id else ("extra-end", 4)
    ]


def test_fields_behind_the_last_end_line_go_to_its_record():
    parsed = read_citations(b"TY  - JOUR\nTI  - x\nER  - \nNL  - y", name="x")
    assert parsed.records[0].raw[-1] == ("NL", "y")
    assert [mended.code for mended in parsed.repaired] == ["tag-after-end"]


def test_fields_that_belong_to_no_record_are_shown():
    parsed = read_citations(b"TY  - JOUR\nTI  - x\nER  - \n\nC1  - y\nmore", name="x")
    assert [(part.line, part.code) for part in parsed.refused] == [
        (5, "outside-record"),
        (6, "outside-record"),
    ]
    assert "C1  - y" in parsed.refused[0].message


def test_a_table_is_read_from_its_header_only():
    assert lex_table("no header at all").records == ()
    parsed = read_citations(b"sep=;\ntitle;year;doi\nA;2020;\n", name="x")
    assert (len(parsed.records), parsed.refused[0].code) == (1, "before-header")


@pytest.mark.parametrize(
    "text",
    ["a group with n<p and another with n>p were compared", "if a<b and c>d", "5 <b 6> 7"],
)
def test_less_and_more_are_no_tags(text: str) -> None:
    (one,) = read_citations(
        f"TY  - JOUR\nTI  - {text}\nAB  - {text}\nER  - \n".encode(), name="x"
    ).records
    assert (one.title, one.abstract) == (text, text)


def test_a_star_within_a_keyword_is_part_of_it() -> None:
    data = b"TY  - JOUR\nTI  - A\nKW  - *Lupus/*genetics\nKW  - HLA-A*02:01\nER  - \n"
    assert read_citations(data, name="x").records[0].keywords == ("Lupus/genetics", "HLA-A*02:01")


def test_addresses_and_keywords_of_bibtex() -> None:
    data = rb"@article{a, title={T}, url={http://x.org/~y/{\~{}}z}, keywords={lupus,1,2-diol}}"
    one = read_citations(data, name="a.bib").records[0]
    assert one.urls == ("http://x.org/~y/~z",)
    assert one.keywords == ("lupus", "1,2-diol")


def test_tables_put_together_are_read_each_by_its_header() -> None:
    data = b'Title,Year,DOI\nTalc,2019,10.1000/a\nYear,Authors,Title\n2020,"Alder, J",Iodine\n'
    parsed = read_citations(data, name="a.csv")
    assert [(one.title, one.year, one.authors) for one in parsed.records] == [
        ("Talc", 2019, ()), ("Iodine", 2020, ("Alder, J",)),
    ]  # fmt: skip
    assert [part.code for part in parsed.refused] == ["further-header"]


def test_a_paper_called_title_is_no_header() -> None:
    data = b"Title,Year,DOI,Journal\nTitle,2019,10.1000/a,Lupus\nAbstract,2020,10.1000/b,Lupus\n"
    assert len(read_citations(data, name="a.csv").records) == 2


@pytest.mark.parametrize("cell", ["05-Jan", "Jun-12", "2020-06-01", "2020-06-01 00:00:00"])
def test_pages_that_a_spreadsheet_made_a_date_are_said(cell: str) -> None:
    parsed = read_citations(f"Title,Year,Pages\nTalc,2019,{cell}\n".encode(), name="a.csv")
    assert [mended.code for mended in parsed.repaired] == ["date-for-pages"]
    assert parsed.records[0].pages == cell


@pytest.mark.parametrize(
    ("cell", "pmid"),
    [("12345678.0", "12345678"), ("1.2345678E+7", "12345678"), ("1.23E+07", "")],
)
def test_numbers_as_a_spreadsheet_writes_them(cell: str, pmid: str) -> None:
    parsed = read_citations(f"Title,PMID,Volume\nTalc,{cell},12.0\n".encode(), name="a.csv")
    assert (parsed.records[0].pmid, parsed.records[0].volume) == (pmid, "12")


@pytest.mark.parametrize("kind", ["xml", "json"])
def test_a_set_that_does_not_end_is_said(kind: str) -> None:
    records = [Record(id=f"9f3c12ab9f3c:{n}", raw=(), title=f"T{n}") for n in range(3)]
    whole = write_citations(records, {"xml": "endnote-xml", "json": "csl-json"}[kind])
    end = {"xml": b"</records>", "json": b"]"}[kind]
    cut = whole[: whole.rindex(end)]
    assert read_citations(whole, name="a").repaired == ()
    parsed = read_citations(cut, name="a")
    assert len(parsed.records) == 3
    assert {mended.code for mended in parsed.repaired} <= {"cut-off", "unclosed-file"} != set()


def test_a_long_file_of_two_databases_is_of_none() -> None:
    one = "TY  - JOUR\nTI  - Talc {}\nDB  - {}\nER  - \n\n"
    data = "".join(one.format(n, "Embase" if n < 9 else "MEDLINE") for n in range(30)).encode()
    parts = fold_citations(BytesIO(data), lambda part: part, name="a.ris", block=200)
    assert len(parts) > 3
    assert one_file(parts).database == read_citations(data, name="a.ris").database == ""
