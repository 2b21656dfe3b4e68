"""Records as a workbook for Excel and LibreOffice: one sheet, text cells only, no formulas.

The table is that of :mod:`tamis.formats.writers.csv`, its shield against formulas too: a table is
often saved on as CSV. The same records make the same bytes: the archive's dates are fixed. Lost on
the way: what is beyond the 32,767 characters that a cell of Excel holds, and raw fields.

Source: ECMA-376 part 1 (SpreadsheetML), parts 18.3.1.4 (cells) and 22.9.2.19 (escaped characters).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from io import BytesIO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from tamis.domain.errors import BadInput
from tamis.domain.records import Record
from tamis.formats.writers.carried import Partly
from tamis.formats.writers.csv import CARRIES, CELLS, shield
from tamis.formats.writers.endnote import ILLEGAL

__all__ = ["CARRIES", "PARTLY", "write_xlsx"]

#: Characters of a cell and rows of a sheet that Excel opens.
CELL = 32_767
ROWS = 1_048_576


def _is_too_long(of: Callable[[Record], str], record: Record) -> bool:
    return len(shield(of(record))) > CELL


PARTLY: Partly = {
    field: (f"what is beyond {CELL:,} characters", partial(_is_too_long, of))
    for field, of in CELLS
    if field in CARRIES
}

#: Text that a reader of workbooks would decode as a character.
ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml"

#: Every part of the archive but the sheet.
PARTS: tuple[tuple[str, str], ...] = (
    (
        "[Content_Types].xml",
        f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{MIME}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{MIME}.worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{MIME}.styles+xml"/></Types>',
    ),
    (
        "_rels/.rels",
        f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    ),
    (
        "xl/workbook.xml",
        f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="citations" sheetId="1" r:id="rId1"/></sheets></workbook>',
    ),
    (
        "xl/_rels/workbook.xml.rels",
        f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" '
        f'Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>',
    ),
    (
        "xl/styles.xml",  # the one cell format is number format 49: text
        f'<styleSheet xmlns="{MAIN}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/>'
        '</font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill>'
        '<patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/>'
        '<right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf '
        'numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="2"><xf '
        'numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="49" fontId="0" '
        'fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
        "</styleSheet>",
    ),
)


def write_xlsx(records: Sequence[Record]) -> bytes:
    """Return the records as one workbook.

    Raises
    ------
    BadInput
        When there are more records than a sheet has rows.

    Examples
    --------
    >>> record = Record(id="9f3c12ab9f3c:0", raw=(), title="=1+1")
    >>> write_xlsx([record])[:2], write_xlsx([record]) == write_xlsx([record])
    (b'PK', True)
    """
    if len(records) >= ROWS:
        raise BadInput(
            f"a sheet holds {ROWS - 1:,} records, and these are {len(records):,}",
            "write them as csv",
        )
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        for name, content in PARTS:
            _add(archive, name, [HEAD, content])
        _add(archive, "xl/worksheets/sheet1.xml", _sheet(records))
    return packed.getvalue()


def _add(archive: ZipFile, name: str, pieces: Iterable[str]) -> None:
    entry = ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    entry.compress_type = ZIP_DEFLATED
    entry.create_system = 0  # the same archive on every system
    with archive.open(entry, "w") as part:
        for piece in pieces:
            part.write(piece.encode("utf-8"))


def _sheet(records: Sequence[Record]) -> Iterable[str]:
    yield (
        f'{HEAD}<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0"><pane '
        'ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView>'
        "</sheetViews><sheetData>"
    )
    yield _row(1, [name for name, _ in CELLS])
    for number, record in enumerate(records, 2):
        yield _row(number, [of(record) for _, of in CELLS])
    yield "</sheetData></worksheet>"


def _row(number: int, texts: Sequence[str]) -> str:
    cells = "".join(
        f'<c r="{chr(ord("A") + at)}{number}" s="1" t="inlineStr"><is>'
        f'<t xml:space="preserve">{_shown(text)}</t></is></c>'
        for at, text in enumerate(texts)
        if text
    )
    return f'<row r="{number}">{cells}</row>'


def _shown(text: str) -> str:
    bare = ILLEGAL.sub("", shield(text))[:CELL]
    return escape(ESCAPED.sub("_x005F_", bare)).replace("\r", "&#xD;")
