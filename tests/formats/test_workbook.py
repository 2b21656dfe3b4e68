"""Workbooks: the sheet with citations, cells as a person sees them, no trap sprung."""

from __future__ import annotations

import zipfile
from contextlib import suppress
from io import BytesIO
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tamis.domain.errors import BadInput
from tamis.formats import read_citations

NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
ROWS = [
    ["SEARCH QUERY", "sieve"],
    [],
    ["Title", "Author Names", "Publication Year", "Volume", "DOI", "Date", "Medline PMID", "Pages"],
    ["A fine sieve & more", "Mouse M.; Duck D.", 2019, 4, "10.1000/S", 43525, 30529964, "5-9"],
    ["Second", "", 2020, 12.5, "", 43525.5, "", ""],
]  # fmt: skip


def column(at: int) -> str:
    return chr(ord("A") + at)


def cell(at: int, row: int, value: object, *, shared: list[str]) -> str:
    place = f'r="{column(at)}{row}"'
    if isinstance(value, str):
        if at % 2:
            return f'<c {place} t="inlineStr"><is><t>{escape(value)}</t></is></c>'
        shared.append(value)
        return f'<c {place} t="s"><v>{len(shared) - 1}</v></c>'
    style = ' s="1"' if at == 5 else ""
    return f"<c {place}{style}><v>{float(value):.15g}</v></c>"


def workbook(rows: list[list[object]], *, head: str = "", extra: int = 0) -> bytes:
    shared: list[str] = []
    lines = []
    for number, row in enumerate(rows, 1):
        cells = "".join(cell(at, number, v, shared=shared) for at, v in enumerate(row) if v != "")
        lines.append(f'<row r="{number}">{cells}</row>' if cells else "")
    sheet = f"{head}<worksheet {NS}><sheetData>{''.join(lines)}</sheetData></worksheet>"
    strings = "".join(
        f"<si><r><t>{escape(t[:2])}</t></r><r><t>{escape(t[2:])}</t></r><rPh><t>x</t></rPh></si>"
        for t in shared
    )
    styles = (
        f'<styleSheet {NS}><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>'
    )
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", f"<workbook {NS}/>")
        archive.writestr("xl/worksheets/sheet1.xml", f"<worksheet {NS}><sheetData/></worksheet>")
        archive.writestr("xl/worksheets/sheet2.xml", sheet)
        archive.writestr("xl/sharedStrings.xml", f"<sst {NS}>{strings}</sst>")
        archive.writestr("xl/styles.xml", styles)
        if extra:
            archive.writestr("xl/media/image1.png", b"\0" * extra)
    return out.getvalue()


def test_the_sheet_with_citations_is_read() -> None:
    parsed = read_citations(workbook(ROWS), name="a.xlsx")
    first, second = parsed.records
    assert (parsed.format, parsed.encoding) == ("xlsx", "xlsx")
    assert first.title == "A fine sieve & more"
    assert first.authors == ("Mouse, M.", "Duck, D.")
    assert (first.year, first.volume, first.doi, first.pmid) == (2019, "4", "10.1000/s", "30529964")
    assert (first.id, second.id) == (f"{parsed.sha256[:12]}:4", f"{parsed.sha256[:12]}:5")
    assert parsed.lines == (4, 5)
    assert ("Date", "2019-03-01") in first.raw
    assert ("Date", "2019-03-01 12:00") in second.raw
    assert ("Volume", "12.5") in second.raw
    assert [part.code for part in parsed.refused] == ["before-header"]


def test_a_workbook_without_citations_is_refused_with_what_it_has() -> None:
    rows: list[list[object]] = [["DOI", "Year", "Colour"], ["10.1000/s", 2020, "red"]]
    with pytest.raises(BadInput, match=r"no sheet .* DOI, Year, Colour"):
        read_citations(workbook(rows), name="a.xlsx")


@pytest.mark.parametrize(
    "head", ['<!DOCTYPE x [<!ENTITY a "b">]>', '<!DOCTYPE x SYSTEM "file:///etc/passwd">']
)
def test_a_document_type_is_refused(head: str) -> None:
    with pytest.raises(BadInput, match="broken"):
        read_citations(workbook(ROWS, head=head), name="a.xlsx")


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(BadInput, match="far more"):
        read_citations(workbook(ROWS, extra=20_000_000), name="a.xlsx")


def test_a_broken_workbook_is_refused() -> None:
    data = workbook(ROWS)
    for broken in (data[:-200], data[:400] + b"\0" * 200 + data[600:]):
        with pytest.raises(BadInput):
            read_citations(broken, name="a.xlsx")


def test_a_zip_of_something_else_stays_refused() -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.ris", "TY  - JOUR")
    with pytest.raises(BadInput, match="zip archive"):
        read_citations(out.getvalue(), name="a.zip")


def packed(parts: dict[str, bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def sheet(rows: str) -> bytes:
    head = '<row r="1"><c r="A1" t="str"><v>Title</v></c><c r="B1" t="str"><v>Volume</v></c>'
    return f"<worksheet {NS}><sheetData>{head}</row>{rows}</sheetData></worksheet>".encode()


FIRST = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("1E5", "100000"),
        ("12.300000000000001", "12.3"),
        ("1.5E-5", "0.000015"),
        ("12345678901234567890", "12345678901234567890"),
        ("1E400", "1E400"),
        ("NaN", "NaN"),
    ],
)
def test_a_number_is_read_as_it_is_shown(stored: str, shown: str) -> None:
    row = f'<row r="2"><c t="str"><f>A9</f><v>A</v></c><c><v>{stored}</v></c></row>'
    (record,) = read_citations(packed({FIRST: sheet(row)}), name="a.xlsx").records
    assert record.raw == (("Title", "A"), ("Volume", shown))


def test_cells_left_out_at_the_end_of_a_row_are_no_fault() -> None:
    rows: list[list[object]] = [["Title", "Year", "DOI"], ["A", 2020, ""], ["B", 2021, "10.1000/b"]]
    parsed = read_citations(workbook(rows), name="a.xlsx")
    assert [record.title for record in parsed.records] == ["A", "B"]
    assert parsed.repaired == ()


def test_an_id_stands_once_whatever_the_rows_call_themselves() -> None:
    rows = "".join(
        f'<row r="2"><c t="str"><v>{title}</v></c><c><v>1</v></c></row>' for title in "AB"
    )
    parsed = read_citations(packed({FIRST: sheet(rows)}), name="a.xlsx")
    assert [record.offset for record in parsed.records] == [2, 3]


def test_the_first_sheet_is_the_one_that_the_workbook_shows_first() -> None:
    row = '<row r="2"><c t="str"><v>{}</v></c><c><v>1</v></c></row>'
    rel = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    parts = {
        FIRST: sheet(row.format("Made first")),
        "xl/worksheets/sheet2.xml": sheet(row.format("Shown first")),
        "xl/workbook.xml": f"<workbook {NS} {rel}><sheets><sheet r:id='b'/><sheet r:id='a'/>"
        "</sheets></workbook>".encode(),
        "xl/_rels/workbook.xml.rels": b"<Relationships><Relationship Id='a' "
        b"Target='worksheets/sheet1.xml'/><Relationship Id='b' "
        b"Target='/xl/worksheets/sheet2.xml'/></Relationships>",
    }
    record, _ = read_citations(packed(parts), name="a.xlsx").records
    assert record.title == "Shown first"


@pytest.mark.parametrize(
    "data",
    [
        sheet("").decode().encode("utf-16"),
        b'<?xml version="1.0" encoding="UTF-7"?>' + sheet(""),
        sheet('<row r="2"><c r="XFD2" t="str"><v>far away</v></c></row>'),
        sheet("")[:-5],
    ],
)
def test_what_is_strange_in_a_sheet_is_refused(data: bytes) -> None:
    with pytest.raises(BadInput, match="workbook is broken"):
        read_citations(packed({FIRST: data}), name="a.xlsx")


WHOLE = workbook(ROWS)
PUT = [b"", b"9", b"-", b"e999", b"99999999999", b"<", b'"', b"x", b"<!--c-->", b"\xff"]


@settings(max_examples=150)
@given(at=st.integers(0, len(WHOLE) - 1), byte=st.integers(0, 255))
def test_a_byte_that_is_changed_raises_only_our_own_error(at: int, byte: int) -> None:
    with suppress(BadInput):
        read_citations(WHOLE[:at] + bytes([byte]) + WHOLE[at + 1 :], name="a.xlsx")


@settings(max_examples=150)
@given(part=st.sampled_from(sorted(parts_of(WHOLE))), at=st.integers(0, 900),
       put=st.sampled_from(PUT), drop=st.integers(0, 2))  # fmt: skip
def test_a_part_that_is_changed_raises_only_our_own_error(
    part: str, at: int, put: bytes, drop: int
) -> None:
    parts = parts_of(WHOLE)
    parts[part] = parts[part][:at] + put + parts[part][at + drop :]
    with suppress(BadInput):
        parsed = read_citations(packed(parts), name="a.xlsx")
        assert len({record.id for record in parsed.records}) == len(parsed.records)


def test_characters_that_xml_cannot_hold_are_read_as_excel_writes_them() -> None:
    rows = [*ROWS[:3], ["Line_x000D_ end and _x005F_x0041_", "Mouse M.", 2019, 4, "", "", "", ""]]
    (record,) = read_citations(workbook(rows), name="a.xlsx").records
    assert record.title == "Line end and _x0041_"


def test_every_sheet_with_citations_is_read_and_said() -> None:
    row = '<row r="2"><c t="str"><v>{}</v></c><c><v>1</v></c></row>'
    parts = {
        FIRST: sheet(row.format("On the first")),
        "xl/worksheets/sheet2.xml": sheet(row.format("On the second")),
    }
    parsed = read_citations(packed(parts), name="a.xlsx")
    assert [record.title for record in parsed.records] == ["On the first", "On the second"]
    assert [record.offset for record in parsed.records] == [2, 10_000_002]
    assert [mended.code for mended in parsed.repaired] == ["further-sheet"]
