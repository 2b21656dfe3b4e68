"""The Word file, the PDF and the figures of a report: what they hold and how they are made."""

from __future__ import annotations

import csv
import io
import re
import shutil
import struct
import subprocess
import zipfile
from dataclasses import replace
from functools import cache
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from lxml import html as lxml_html
from pypdfium2 import raw
from tests.report.pages import sample_report

from tamis.report.digits import digit_runs
from tamis.report.documents import DocumentSet, Imprint, faces_in, make_documents
from tamis.report.documents.docx import write_docx
from tamis.report.documents.expected import PAPER, expected
from tamis.report.documents.pdf import write_pdf
from tamis.report.documents.reading import LEFT_OUT, SILENT, read_tree
from tamis.report.documents.tree import (
    Block,
    Cell,
    Code,
    Listing,
    Paragraph,
    Row,
    Run,
    Table,
    Tree,
    as_lines,
    headings,
    plain,
    tables,
    walk,
)
from tamis.report.documents.typesetting import Typesetter
from tamis.report.documents.widths import columns, ems, soften
from tamis.report.documents.word_table import is_landscape
from tamis.store.fonts import MachineFonts

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"

#: Places that stand before the first part: in another order, and told twice.
OUTSIDE = ("title", "contents")

IMPRINT = Imprint(
    title="A drug for a disease", date="2026-01-23T10:00:00.000Z", authors=("Ann Author", "王伟")
)


@cache
def made() -> DocumentSet:
    """Return the documents of the sample, set without any font of this machine."""
    return make_documents(sample_report(), IMPRINT)


def part(data: bytes, name: str = "word/document.xml") -> etree._Element:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return etree.fromstring(archive.read(name))


def pdf_pages(data: bytes) -> list[str]:
    with pdfium.PdfDocument(data) as document:
        return [page.get_textpage().get_text_range() for page in document]


def paragraph(text: str, **look: object) -> Paragraph:
    return Paragraph(content=(Run(text=text, **look),))  # type: ignore[arg-type]  # looks of a run


def tree_of(*blocks: Block) -> Tree:
    return Tree(title=(Run(text="A drug"),), language="en", blocks=blocks)


def letters(text: str) -> str:
    """Return a text without spaces and without what only breaks lines."""
    return re.sub(r"[\s\u00a0\u200b\u202f\ufffe\x02]+", "", text)


# ---------------------------------------------------------------- the tree
def test_the_tree_holds_every_digit_of_the_page_in_its_order() -> None:
    root = lxml_html.document_fromstring(sample_report().html)
    for element in [e for e in root.iter() if isinstance(e.tag, str)]:
        classes = set((element.get("class") or "").split())
        drawn = element.tag in ("title", "desc") and element.getparent() is not None
        if element.tag in SILENT or classes & LEFT_OUT or drawn:
            element.drop_tree()
    seen = [t[a:b] for t in root.find(".//main").itertext() for a, b in digit_runs(t)]
    tokens = expected(read_tree(sample_report().html), PAPER)
    told = [t.run for t in tokens if not t.numbering and t.place not in OUTSIDE]
    assert len(seen) > 300
    assert told == seen


def test_what_is_left_out_is_said() -> None:
    said = ["in quantities.csv", "values.csv"]
    for read in (
        letters("".join(pdf_pages(made().pdf))),
        letters("".join(part(made().docx).itertext())),
    ):
        assert all(letters(words) in read for words in said)
    names = {table.name for table in tables(read_tree(sample_report().html))}
    assert names
    hidden = lxml_html.document_fromstring(sample_report().html).find_class("screen-only")
    assert not any(names & {e.get("id") for e in block.iter()} for block in hidden)


# ---------------------------------------------------------------- law 7
def test_the_same_report_gives_the_same_bytes() -> None:
    again = make_documents(sample_report(), IMPRINT)
    assert again.docx == made().docx
    assert again.pdf == made().pdf
    assert again.figures == made().figures


def test_nothing_in_the_word_file_bears_the_time_of_its_making() -> None:
    with zipfile.ZipFile(io.BytesIO(made().docx)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = archive.read("docProps/core.xml").decode()
    assert core.count("2026-01-23T10:00:00Z") == 2
    assert "A drug for a disease" in core
    assert "Ann Author; 王伟" in core


# ---------------------------------------------------------------- the summary of findings
def findings() -> Table:
    return next(t for t in tables(read_tree(sample_report().html)) if "sof" in t.styles)


def test_a_summary_of_findings_stands_upright_and_without_bullets() -> None:
    table = findings()
    assert not is_landscape(table)
    assert is_landscape(replace(table, styles=tuple(s for s in table.styles if s != "sof")))
    said = [b for row in as_lines(table).rows for cell in row.cells for b in walk(cell.blocks)]
    assert said
    assert not any(isinstance(block, Listing) for block in said)
    texts = [plain(b.content) for b in walk((table,)) if isinstance(b, Paragraph)]
    lines = [plain(b.content) for b in walk((as_lines(table),)) if isinstance(b, Paragraph)]
    assert lines == texts, "nothing is lost and the order stays"


def test_limits_that_hold_together_have_the_room_they_need() -> None:
    limits = "(0.0000020\N{NO-BREAK SPACE}to\N{NO-BREAK SPACE}93752; x"
    cells = [Cell(blocks=(Paragraph(content=(Run(text=text),)),)) for text in (limits, "a " * 400)]
    row = Row(cells=tuple(cells))
    table = Table(name="", number=0, caption=(), columns=2, head=(), rows=(row,))
    made = columns(table, 40.0)
    assert made.shares[0] >= ems("(0.0000020\N{NO-BREAK SPACE}to\N{NO-BREAK SPACE}93752;")


# ---------------------------------------------------------------- the Word file
def test_headings_captions_and_heads_of_tables_are_real() -> None:
    body = part(made().docx)
    styles = [s.get(f"{W}val") for s in body.iter(f"{W}pStyle")]
    assert {"Title", "Heading1", "Heading2", "Heading3", "Caption", "TOC1", "TOC2"} <= set(styles)
    fields = [f.text or "" for f in body.iter(f"{W}instrText")]
    numbered = [t for t in tables(read_tree(sample_report().html)) if t.number]
    assert sum("SEQ Table" in f for f in fields) == len(numbered)
    listed = headings(read_tree(sample_report().html))
    assert sum("PAGEREF" in f for f in fields) == len(listed), "contents with numbers of pages"
    assert not any("TOC \\o" in f for f in fields), "LibreOffice fills no number within one"
    for table in body.iter(f"{W}tbl"):
        first = table.find(f"{W}tr")
        assert first is not None
        assert first.find(f"{W}trPr/{W}tblHeader") is not None
        assert table.find(f"{W}tblGrid") is not None


def test_every_named_style_is_there() -> None:
    with zipfile.ZipFile(io.BytesIO(made().docx)) as archive:
        styles = etree.fromstring(archive.read("word/styles.xml"))
    known = {s.get(f"{W}styleId") for s in styles.iter(f"{W}style")}
    body = part(made().docx)
    used = {e.get(f"{W}val") for kind in ("pStyle", "rStyle", "tblStyle")
            for e in body.iter(f"{W}{kind}")}  # fmt: skip
    assert used <= known


def test_every_link_and_reference_leads_somewhere() -> None:
    body = part(made().docx)
    marks = [b.get(f"{W}name") or "" for b in body.iter(f"{W}bookmarkStart")]
    assert len(marks) == len(set(marks))
    anchors = {h.get(f"{W}anchor") for h in body.iter(f"{W}hyperlink")} - {None}
    assert anchors
    assert anchors <= set(marks)
    fields = (f.text or "" for f in body.iter(f"{W}instrText"))
    asked = {m[1] for f in fields if (m := re.match(r" REF (\w+)", f))}
    assert asked <= set(marks)


def test_numbers_are_runs_of_a_style_of_their_own() -> None:
    style = f"{W}rPr/{W}rStyle[@{W}val='Number']"
    numbers = [run for run in part(made().docx).iter(f"{W}r") if run.find(style) is not None]
    assert len(numbers) > 50
    known = {str(quantity) for quantity in sample_report().quantities.values()}
    assert {"".join(run.itertext()) for run in numbers} <= known


def test_drawings_have_words_beside_them() -> None:
    drawn = list(part(made().docx).iter(DRAWN))
    assert drawn
    assert all((d.get("descr") or "").strip() for d in drawn)
    assert len({d.get("id") for d in drawn}) == len(drawn)


def test_a_wide_table_turns_the_page_and_the_text_after_it_turns_back() -> None:
    cells = tuple(Cell(blocks=(paragraph(f"column of words {n}"),)) for n in "abcdefgh")
    table = Table(name="t", number=1, caption=(Run(text="Wide"),), columns=8,
                  head=(Row(cells=cells),), rows=(Row(cells=cells),), styles=("wide",))  # fmt: skip
    body = part(write_docx(tree_of(paragraph("before"), table, paragraph("after")), IMPRINT, {}))
    sizes = [s.get(f"{W}orient") for s in body.iter(f"{W}pgSz")]
    assert sizes == [None, "landscape", None]


def test_chinese_in_word_asks_for_a_chinese_font() -> None:
    tree = tree_of(paragraph("狼疮性肾炎 12 例", language="zh"))
    data = write_docx(tree, IMPRINT, {})
    run = next(r for r in part(data).iter(f"{W}r") if "狼疮性肾炎" in "".join(r.itertext()))
    assert run.find(f"{W}rPr/{W}lang").get(f"{W}eastAsia") == "zh-CN"
    normal = part(data, "word/styles.xml").find(f"{W}style[@{W}styleId='Normal']")
    assert normal.find(f".//{W}rFonts").get(f"{W}eastAsia") == "SimSun"


def test_libreoffice_opens_the_word_file(tmp_path: Path) -> None:
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("needs LibreOffice: install Debian's 'libreoffice-writer-nogui'")
    (tmp_path / "report.docx").write_bytes(made().docx)
    home = (tmp_path / "home").as_uri()
    subprocess.run(
        [office, f"-env:UserInstallation={home}", "--headless", "--convert-to", "pdf",
         "--outdir", str(tmp_path), str(tmp_path / "report.docx")],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    read = letters("".join(pdf_pages((tmp_path / "report.pdf").read_bytes())))
    tree = read_tree(sample_report().html)
    for table in tables(tree)[:20]:
        caption = "".join(r.text for r in table.caption if isinstance(r, Run))
        assert letters(f"Table {table.number}. {caption}") in read


# ---------------------------------------------------------------- the PDF
def test_the_pdf_is_tagged_titled_and_archivable() -> None:
    data = made().pdf
    with pdfium.PdfDocument(data) as document:
        assert raw.FPDFCatalog_IsTagged(document.raw)
        assert document.get_metadata_dict()["Title"] == "A drug for a disease"
        assert document.get_metadata_dict()["CreationDate"].startswith("D:20260123")
        outline = [b.get_title() for b in document.get_toc()]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in data
    assert b"<pdfaid:part>2</pdfaid:part>" in data
    assert any("Methods" in title for title in outline)
    assert made().findings[0].rule == "no-chinese-font" or not made().findings


def test_the_head_of_a_long_table_stands_on_each_page() -> None:
    def line(*texts: str) -> Row:
        return Row(cells=tuple(Cell(blocks=(paragraph(text),)) for text in texts))

    head = line("Study", "95 % CI")
    rows = tuple(line(f"Study {n}", f"{n} to {n + 7}") for n in range(150))
    table = Table(
        name="t", number=1, caption=(Run(text="Long"),), columns=2, head=(head,), rows=rows
    )
    pages = pdf_pages(write_pdf(tree_of(table), IMPRINT).data)
    with_rows = [page for page in pages if " to " in page]
    assert len(with_rows) > 2
    assert all("95 % CI" in page for page in with_rows)


def test_the_text_cannot_become_markup() -> None:
    odd = '#set page(fill: red) "quoted" \\ $x$ *b* _i_ <label> @ref // no [x] `raw`'
    table = Table(name="t", number=1, caption=(Run(text=odd),), columns=1, head=(),
                  rows=(Row(cells=(Cell(blocks=(paragraph(odd),)),)),))  # fmt: skip
    code = Code(content=(Run(text="#1 one\n  two ``` three", code=True),))
    pages = pdf_pages(write_pdf(tree_of(paragraph(odd), table, code), IMPRINT).data)
    read = letters("".join(pages))
    assert read.count(letters(odd)) == 3
    assert letters("#1 one two ``` three") in read


def test_without_a_font_for_chinese_the_pdf_says_so() -> None:
    tree = tree_of(paragraph("狼疮性肾炎 12 例", language="zh"))
    done = write_pdf(tree, IMPRINT)
    assert [f.rule for f in done.findings] == ["no-chinese-font"]
    assert "fonts-noto-cjk" in done.findings[0].suggestion
    assert "□" in pdf_pages(done.data)[0]
    assert "12" in pdf_pages(done.data)[0]


@pytest.mark.parametrize("odd", ["😀", "\ue123", "བོད་ཡིག"])
def test_letters_that_no_font_has_cost_the_standard_and_not_the_file(odd: str) -> None:
    done = write_pdf(tree_of(paragraph(f"a smile {odd} and 12 words")), IMPRINT)
    assert [f.rule for f in done.findings] == ["letters-without-font"]
    assert "12" in pdf_pages(done.data)[0]


@pytest.mark.needs("cjk")
def test_chinese_is_set_with_a_font_of_the_machine() -> None:
    faces = faces_in(MachineFonts().find("zh"))
    assert faces.chinese
    words = "间充质干细胞治疗狼疮性肾炎：证据质量极低（18 人）。"
    tree = tree_of(paragraph(words, language="zh"), paragraph("An author: 王伟 2019"))
    done = write_pdf(tree, IMPRINT, typesetter=Typesetter.of(faces))
    assert not done.findings
    assert letters(words) in letters(pdf_pages(done.data)[0])
    with pdfium.PdfDocument(done.data) as document:
        page = document[0].render(scale=1).to_numpy()
    assert page.std() > 1


def test_a_folder_without_fonts_gives_no_face(tmp_path: Path) -> None:
    assert MachineFonts(folders=(str(tmp_path),)).find("zh") == ()
    assert MachineFonts(folders=(str(tmp_path / "none"),)).find("zh") == ()
    assert faces_in((str(tmp_path),)).chinese == ""


def test_the_best_font_is_taken_first(tmp_path: Path) -> None:
    for name in ("a/wqy-zenhei.ttc", "b/NotoSansCJK-Regular.ttc", "c/NotoSerifCJK-Regular.ttc"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_bytes(b"font")
    assert MachineFonts(folders=(str(tmp_path),)).find("zh") == (str(tmp_path / "c"),)
    assert MachineFonts(folders=(str(tmp_path),)).find("tlh") == ()


# ---------------------------------------------------------------- the figures
def test_each_figure_is_there_three_times_and_listed() -> None:
    files = made().figures
    rows = list(csv.DictReader(io.StringIO(files["figures.csv"].decode())))
    assert len(rows) == len({row["name"] for row in rows})
    assert {row["name"].split("-")[0] for row in rows} >= {"flow", "forest", "plot"}
    for row in rows:
        assert row["text alternative"]
        for kind in ("svg", "png", "pdf"):
            assert f"{row['name']}.{kind}" in files


def test_a_figure_holds_real_text_and_fits_its_formats() -> None:
    files = made().figures
    for name, data in files.items():
        stem, _, kind = name.rpartition(".")
        svg = etree.fromstring(files[f"{stem}.svg"]) if f"{stem}.svg" in files else None
        if kind == "svg":
            assert svg is not None
            said = "".join("".join(t.itertext()) for t in svg.iter("{*}text"))
            assert said.strip()
            assert not {e.get("class") for e in svg.iter() if isinstance(e.tag, str)} - {None}
        elif kind == "png":
            assert data[:8] == b"\x89PNG\r\n\x1a\n"
            width = struct.unpack(">I", data[16:20])[0]
            assert svg is not None
            assert width == pytest.approx(float(svg.get("width")) * 300 / 96, abs=2)
        elif kind == "pdf":
            assert len(pdf_pages(data)) == 1


def test_a_forest_plot_stands_alone_with_its_table() -> None:
    files = made().figures
    name = next(n for n in sorted(files) if n.startswith("forest-") and n.endswith(".csv"))
    rows = list(csv.reader(io.StringIO(files[name].decode())))
    svg = letters("".join(etree.fromstring(files[name.replace(".csv", ".svg")]).itertext()))
    for row in rows:
        for cell in row:
            assert letters(cell) in svg or not cell


# ---------------------------------------------------------------- widths
@given(st.text(st.sampled_from("ab12./_-:,中 "), max_size=60))
def test_a_number_is_never_broken(text: str) -> None:
    soft = soften(text)
    assert soft.replace("\u200b", "") == text
    assert [soft[a:b] for a, b in digit_runs(soft)] == [text[a:b] for a, b in digit_runs(text)]


@given(st.lists(st.integers(0, 200), min_size=1, max_size=8), st.floats(10, 90))
def test_columns_fill_the_page_and_no_more(lengths: list[int], room: float) -> None:
    cells = tuple(Cell(blocks=(paragraph("word " * n),)) for n in lengths)
    table = Table(name="t", number=1, caption=(), columns=len(cells), head=(),
                  rows=(Row(cells=cells),))  # fmt: skip
    found = columns(table, room)
    assert all(share > 0 for share in found.shares)
    assert sum(found.shares) <= room + 1e-6
    if not found.natural:
        assert sum(found.shares) == pytest.approx(room)
