"""Law 5 in the Word file and the PDF: a number that is changed, added, gone or moved is found."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.report.pages import sample_report
from tests.report.test_documents import IMPRINT, made

from tamis.domain.errors import BadInput
from tamis.domain.results import Finding
from tamis.report.build import Report
from tamis.report.documents import account_docx, account_pdf, count_docx_digits, count_pdf_digits
from tamis.report.documents.expected import Expected
from tamis.report.documents.matching import Shown, compare
from tamis.report.documents.pdf import write_pdf
from tamis.report.documents.reading import read_tree
from tamis.report.documents.tree import Block, Group, Paragraph, Run, Tree

RULES = {"number-changed", "orphan-digit", "number-missing"}


def rules(found: tuple[Finding, ...]) -> set[str]:
    return {f.rule for f in found}


# ---------------------------------------------------------------- unchanged
def test_the_documents_of_a_report_are_accounted_for() -> None:
    assert account_docx(made().docx, sample_report()) == ()
    assert account_pdf(made().pdf, sample_report()) == ()
    assert count_docx_digits(made().docx) > 300
    assert count_pdf_digits(made().pdf) > 300


def test_the_documents_of_another_report_are_not() -> None:
    html = sample_report().html
    number = re.search(rb'data-q="[^"]+" href="[^"]+">(\d+)<', html)
    assert number is not None
    changed = html[: number.start(1)] + b"987" + html[number.end(1) :]
    other: Report = replace(sample_report(), html=changed)
    assert "number-changed" in rules(account_docx(made().docx, other))
    assert "number-changed" in rules(account_pdf(made().pdf, other))


# ---------------------------------------------------------------- the Word file
def altered(change: Callable[[str], str], name: str = "word/document.xml") -> bytes:
    """Return the Word file with one of its parts changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made().docx)) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename == name:
                after = change(data.decode()).encode()
                assert after != data
                data = after
            new.writestr(entry, data)
        if name not in old.namelist():
            new.writestr(name, change(""))
    return out.getvalue()


def texts() -> list[tuple[int, int]]:
    with zipfile.ZipFile(io.BytesIO(made().docx)) as archive:
        xml = archive.read("word/document.xml").decode()
    return [m.span(1) for m in re.finditer(r"<w:t[^>]*>([^<]*\d[^<]*)</w:t>", xml)]


@settings(max_examples=12)
@given(st.integers(0, 10_000), st.integers(1, 9))
def test_any_changed_digit_of_the_word_file_is_found(which: int, by: int) -> None:
    spans = texts()
    start, end = spans[which % len(spans)]

    def change(xml: str) -> str:
        at = next(n for n in range(start, end) if xml[n].isdigit())
        digit = str((int(xml[at]) + by) % 10)
        return xml[:at] + digit + xml[at + 1 :]

    found = account_docx(altered(change), sample_report())
    assert rules(found) & RULES
    assert all(re.search(r"paragraph \d+", f.subject) or not f.got for f in found)


PARAGRAPH = "<w:p><w:r><w:t>All 4711 were cured.</w:t></w:r></w:p>"


def test_an_added_paragraph_with_a_number_is_found() -> None:
    done = account_docx(altered(lambda x: x.replace("<w:p>", PARAGRAPH + "<w:p>", 1)),
                        sample_report())  # fmt: skip
    assert [(f.rule, f.got) for f in done] == [("orphan-digit", "4711")]
    assert "paragraph 1" in done[0].subject


def test_words_may_be_added_to_the_word_file() -> None:
    words = PARAGRAPH.replace("4711", "who came")
    assert account_docx(altered(lambda x: x.replace("<w:p>", words + "<w:p>", 1)),
                        sample_report()) == ()  # fmt: skip


def test_a_number_that_is_gone_is_found() -> None:
    start, end = texts()[40]
    done = account_docx(altered(lambda x: x[:start] + x[end:]), sample_report())
    assert "number-missing" in rules(done)


def test_two_numbers_that_changed_places_are_found() -> None:
    def swap(xml: str) -> str:
        for (a, b), (c, d) in pairwise(texts()):
            one, other = xml[a:b], xml[c:d]
            if one.isdigit() and other.isdigit() and one != other:
                return xml[:a] + other + xml[b:c] + one + xml[d:]
        raise AssertionError("no two numbers stand side by side")

    assert rules(account_docx(altered(swap), sample_report())) & RULES


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("word/header1.xml", lambda x: x.replace("</w:hdr>", f"{PARAGRAPH}</w:hdr>")),
        ("word/footer1.xml", lambda x: x.replace(" PAGE ", " QUOTE ")),
        ("word/numbering.xml", lambda x: x.replace('w:val="%1."', 'w:val="7%1."')),
        ("word/comments.xml", lambda x: f"<w:comments xmlns:w='http://schemas.openxmlformats.org/"
         f"wordprocessingml/2006/main'>{PARAGRAPH}</w:comments>"),
    ],
)  # fmt: skip
def test_a_number_beside_the_text_is_found(name: str, change: Callable[[str], str]) -> None:
    done = account_docx(altered(change, name), sample_report())
    assert rules(done) == {"orphan-digit"}
    assert name in done[0].subject


def test_a_number_told_by_a_drawing_only_is_found() -> None:
    done = account_docx(altered(lambda x: x.replace('descr="', 'descr="9 of 12 ', 1)),
                        sample_report())  # fmt: skip
    assert [f.got for f in done] == ["9", "12"]


@pytest.mark.parametrize("data", [b"", b"PK", b"<html>", b"%PDF-1.7"])
def test_what_is_no_document_is_refused_with_a_remedy(data: bytes) -> None:
    for read in (account_docx, account_pdf):
        with pytest.raises(BadInput) as error:
            read(data, sample_report())
        assert error.value.remedy


# ---------------------------------------------------------------- the PDF
@dataclass
class Change:
    """Changes the first paragraph that fits, wherever it stands in the tree."""

    fits: Callable[[str], bool]
    text: Callable[[str], str]
    done: bool = False

    def tree(self, tree: Tree) -> Tree:
        return replace(tree, blocks=tuple(map(self.block, tree.blocks)))

    def block(self, block: Block) -> Block:
        if isinstance(block, Group):
            return replace(block, blocks=tuple(map(self.block, block.blocks)))
        if isinstance(block, Paragraph) and not self.done:
            for place, run in enumerate(block.content):
                if isinstance(run, Run) and self.fits(run.text):
                    self.done = True
                    new = replace(run, text=self.text(run.text))
                    content = (*block.content[:place], new, *block.content[place + 1 :])
                    return replace(block, content=content)
        return block


def set_anew(change: Change) -> bytes:
    tree = change.tree(read_tree(sample_report().html))
    assert change.done
    return write_pdf(tree, IMPRINT).data


def has_number(text: str) -> bool:
    return any(c.isdigit() for c in text)


def test_another_number_in_the_pdf_is_found_with_its_page() -> None:
    data = set_anew(Change(has_number, lambda t: re.sub(r"\d+", "4711", t, count=1)))
    done = account_pdf(data, sample_report())
    assert [(f.rule, f.got) for f in done] == [("number-changed", "4711")]
    assert re.search(r"page \d+", done[0].subject)


def test_an_added_number_in_the_pdf_is_found() -> None:
    data = set_anew(Change(lambda t: t.endswith("."), lambda t: f"{t} All 4711 were cured."))
    done = account_pdf(data, sample_report())
    assert [(f.rule, f.got) for f in done] == [("orphan-digit", "4711")]


def test_a_number_gone_from_the_pdf_is_found() -> None:
    data = set_anew(Change(has_number, lambda t: re.sub(r"\d+", "many", t, count=1)))
    assert rules(account_pdf(data, sample_report())) == {"number-missing"}


def test_a_page_with_another_number_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    from tamis.report.documents import pdf as room

    sheet = room.asset("report.typ")
    wrong = sheet.replace("counter(page).display()", "str(counter(page).get().first() + 40)")
    assert wrong != sheet
    monkeypatch.setattr(room, "asset", lambda _: wrong)
    data = write_pdf(read_tree(sample_report().html), IMPRINT).data
    assert "page-number" in rules(account_pdf(data, sample_report()))


def test_contents_that_name_another_page_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    from tamis.report.documents import pdf as room

    sheet = room.asset("report.typ")
    wrong = sheet.replace(
        "  show raw:",
        "  show outline.entry: it => link(it.element.location(), "
        "it.indented(it.prefix(), it.body() + [ 88]))\n  show raw:",
    )
    monkeypatch.setattr(room, "asset", lambda _: wrong)
    data = write_pdf(read_tree(sample_report().html), IMPRINT).data
    assert "page-number" in rules(account_pdf(data, sample_report()))


# ---------------------------------------------------------------- the comparison
RUNS = st.lists(st.sampled_from(["1", "2", "12", "95", "2017"]), min_size=1, max_size=60)


def seen(runs: list[str]) -> list[Shown]:
    return [Shown(run=run, place="page 1") for run in runs]


def due(runs: list[str]) -> list[Expected]:
    return [Expected(run=run, place="somewhere") for run in runs]


@given(RUNS)
def test_the_same_runs_have_no_finding(runs: list[str]) -> None:
    assert compare(seen(runs), due(runs), name="x") == []


@given(RUNS, RUNS)
def test_different_runs_always_have_a_finding(mine: list[str], theirs: list[str]) -> None:
    assert bool(compare(seen(mine), due(theirs), name="x")) == (mine != theirs)


@given(RUNS, st.data())
def test_one_changed_run_is_one_finding(runs: list[str], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(runs) - 1))
    changed = [*runs[:place], "4711", *runs[place + 1 :]]
    assert [(f.rule, f.got, f.expected) for f in compare(seen(changed), due(runs), name="x")] == [
        ("number-changed", "4711", runs[place])
    ]
