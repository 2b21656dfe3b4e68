"""Full texts: what is refused, matched, attached, not retrieved, found; pages as pictures."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.app.desk_review import DOCUMENTS, copy_practice, opened, processes
from tests.extraction.bare_pdf import bare_pdf, shown
from tests.extraction.building import typeset

from tamis.app.full_text.full_texts import FullTexts
from tamis.app.full_text.page_process import Limits, PageProcesses
from tamis.app.full_text.views import Upload
from tamis.domain.canonical import sha256_hex
from tamis.domain.errors import BadInput, Conflict, NotFound
from tamis.extraction import read_layer

A, B = "p-ann", "p-bob"
ALDER = (DOCUMENTS / "alder2019.pdf").read_bytes()


@pytest.fixture
def texts(tmp_path: Path) -> Iterator[FullTexts]:
    with opened(copy_practice(tmp_path / "review")) as (live, pages):
        yield FullTexts(live, pages, processes())


def offer(texts: FullTexts, name: str, data: bytes) -> tuple[str, tuple[str, ...], str]:
    (one,) = texts.offer([Upload(name=name, data=data)])
    return one.outcome, tuple(c.key for c in one.candidates), " ".join(one.reasons)


# ------------------------------------------------------------------ what is no full text
@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "empty"),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "web page"),
        (b"PK\x03\x04" + b"\0" * 60, "ZIP"),
        (ALDER[:4000], "damaged"),
        (bare_pdf(shown("locked"), password="secret"), "password"),
        (b"%PDF-1.7\n" + b"garbage " * 400 + b"\n%%EOF", "damaged"),
    ],
)
def test_what_is_no_whole_pdf_is_refused_with_what_it_is(
    texts: FullTexts, data: bytes, what: str
) -> None:
    (one,) = texts.offer([Upload(name="../../etc/smith.pdf", data=data)])
    assert one.outcome == "refused"
    assert what in " ".join(one.reasons)
    assert one.remedy
    assert not (texts._live.root / ".tamis" / "uploads").exists()


# ------------------------------------------------------------------ matching
def test_a_paper_is_matched_by_doi_and_title(texts: FullTexts) -> None:
    data = ALDER + b"\n%saved again\n%%EOF"
    outcome, keys, why = offer(texts, "download (3).pdf", data)
    assert (outcome, keys[0]) == ("automatic", "alder2019-article")
    assert "DOI" in why
    assert "title" in why


def test_the_very_document_is_known(texts: FullTexts) -> None:
    (one,) = texts.offer([Upload(name="x.pdf", data=ALDER)])
    assert (one.outcome, one.attached_to) == ("attached", ("alder2019-article",))


def test_a_stranger_is_matched_to_nothing(texts: FullTexts) -> None:
    pdf = typeset("= On the making of cheese\nBrie is soft. " + "Milk is white. " * 40)
    assert offer(texts, "cheese.pdf", pdf)[:2] == ("none", ())


def test_several_at_once_keep_their_order(texts: FullTexts) -> None:
    files = [Upload(name=p.name, data=p.read_bytes()) for p in sorted(DOCUMENTS.iterdir())]
    files.insert(1, Upload(name="page.pdf", data=b"<html>"))
    found = texts.offer(files)
    assert [one.name for one in found] == [one.name for one in files]
    assert [one.outcome for one in found].count("attached") == 4


# ------------------------------------------------------------------ attaching
def wanted(texts: FullTexts) -> str:
    """Return a report that was let through and that nobody linked."""
    return next(row.target for row in texts.waiting(A) if not row.report)


def test_linking_and_attaching_are_one_step(texts: FullTexts) -> None:
    pdf = typeset("= An unknown paper\nSomething.")
    (one,) = texts.offer([Upload(name="x.pdf", data=pdf)])
    key = wanted(texts)
    link = texts.proposal(key)
    assert link.design == ""
    with pytest.raises(BadInput, match="not linked"):
        texts.attach(A, one.document, key)
    with pytest.raises(BadInput, match="design"):
        texts.attach(A, one.document, key, link=link)
    assert wanted(texts) == key
    events = texts.attach(A, one.document, key, link=replace(link, design="randomised"))
    assert [event.kind for event in events] == ["reports_linked.v1", "document_attached.v1"]
    row = next(row for row in texts.waiting(B) if row.target == link.report)
    assert (row.status, row.study) == ("here", link.study)
    assert texts._live.review.document(f"documents/{link.report}.pdf") == (one.document, pdf)
    with pytest.raises(Conflict):
        texts.attach(A, one.document, link.report)


def test_one_document_may_serve_two_reports(texts: FullTexts) -> None:
    document = sha256_hex(ALDER)
    (event,) = texts.attach(A, document, "alder2019-abstract")
    assert event.body is not None
    assert event.body["file"] == "documents/alder2019.pdf"
    with pytest.raises(NotFound, match="upload"):
        texts.attach(A, "0" * 64, "alder2019-abstract")
    with pytest.raises(BadInput):
        texts.attach(A, "../../etc/passwd", "alder2019-abstract")


def test_names_of_uploads_never_become_paths(texts: FullTexts) -> None:
    pdf = typeset("= A supplement\nTables.")
    (one,) = texts.offer([Upload(name="../../../x/..\\evil.pdf", data=pdf)])
    (event,) = texts.attach(A, one.document, "alder2019-article", role="supplement")
    assert event.body is not None
    assert event.body["file"] == "documents/alder2019-article-supplement.pdf"
    with pytest.raises(BadInput):
        texts.attach(A, one.document, "birch2020-article", role="../x")


def test_not_retrieved_is_a_state_and_shown_to_the_one_who_said_so(texts: FullTexts) -> None:
    key = wanted(texts)
    with pytest.raises(BadInput, match="tried"):
        texts.not_retrieved(A, key, tried=" ")
    event = texts.not_retrieved(A, key, tried="library and author, no answer")
    assert event.body is not None
    assert event.body["decision"] == "not-retrieved"
    mine = next(row for row in texts.waiting(A) if row.target == key)
    assert (mine.status, mine.tried) == ("not-retrieved", "library and author, no answer")
    theirs = next(row for row in texts.waiting(B) if row.target == key)
    assert (theirs.status, theirs.tried) == ("wanted", "")


def test_slugs_are_proposed_from_author_and_year_and_never_taken_twice(texts: FullTexts) -> None:
    known = set(texts._live.state.links)
    for row in texts.waiting(A):
        link = texts.proposal(row.target)
        if not row.report:
            assert link.report not in known
            assert link.study not in {x.study for x in texts._live.state.links.values()}
    with pytest.raises(NotFound):
        texts.proposal("nothing:0")


# ------------------------------------------------------------------ reading
def test_words_are_found_across_line_ends(texts: FullTexts) -> None:
    found = texts.search(sha256_hex(ALDER), "MEAN difference -0.63 g/24 h")
    assert [hit.page for hit in found] == [2]
    layer = read_layer(ALDER)
    hit = found[0]
    assert layer.page(2).text[hit.start : hit.end] == hit.text
    assert "\n" in hit.text
    assert texts.search(sha256_hex(ALDER), "unicorn") == ()
    assert texts.search(sha256_hex(ALDER), "  ") == ()


def test_a_page_is_drawn_once_and_found_again(texts: FullTexts) -> None:
    pages, document = texts._pages, sha256_hex(ALDER)
    first = pages.picture(document, 1, scale="1.5")
    wide, high = struct.unpack(">II", first[16:24])
    assert (wide, high) == (976, 1293)
    begin = first.index(b"IDAT")
    (size,) = struct.unpack(">I", first[begin - 4 : begin])
    assert len(zlib.decompress(first[begin + 4 : begin + 4 + size])) == high * (wide * 3 + 1)
    texts._processes.close()  # nobody is there to draw
    (texts._live.root / "documents" / "alder2019.pdf").unlink()
    assert pages.picture(document, 1, scale="1.5") == first
    with pytest.raises(NotFound, match="not here"):
        pages.picture(document, 2)
    for page, scale in ((1, "9"), (0, "1"), (-1, "2")):
        with pytest.raises(BadInput):
            pages.picture(document, page, scale=scale)
    with pytest.raises(NotFound, match="not attached"):
        pages.picture("0" * 64, 1)


def test_a_view_has_the_text_in_runs_and_passages_have_boxes(texts: FullTexts) -> None:
    document = sha256_hex(ALDER)
    view = texts._pages.view(document, 1)
    text = read_layer(ALDER).page(1).text
    assert (view.pages, view.page_class) == (2, "text")
    assert all(text[run.start : run.end] == run.text for run in view.runs)
    covered = {i for run in view.runs for i in range(run.start, run.end)}
    assert not [c for i, c in enumerate(text) if i not in covered and not c.isspace()]
    for run in view.runs:
        assert 0 <= run.box.left <= run.box.left + run.box.width <= 100.001
        assert 0 <= run.box.top <= run.box.top + run.box.height <= 100.001
    start = text.index("Velorimab 300 mg in")
    assert len(texts._pages.boxes(document, 1, start, start + 155)) >= 3


# ------------------------------------------------------------------ hostile files
def test_a_child_that_takes_too_long_is_replaced() -> None:
    made = PageProcesses(size=1)
    assert made.read_layer(ALDER).pages
    child = made._free.get()
    assert child is not None
    child._limits = Limits(seconds=0)  # whatever it does now takes longer than that
    made._free.put(child)
    with pytest.raises(BadInput, match="took longer than"):
        made.read_layer(ALDER, name="slow.pdf")
    assert made.read_layer(ALDER).pages
    made.close()


def test_a_child_that_dies_is_one_clear_error_and_replaced() -> None:
    made = PageProcesses(size=1)
    assert made.read_layer(ALDER).pages
    child = made._free.get()
    assert child is not None
    child._process.kill()
    made._free.put(child)
    child._process.wait()
    assert made.read_layer(ALDER).pages
    made.close()


def test_a_child_has_only_the_memory_it_is_given() -> None:
    pytest.importorskip("resource", reason="this system has no such limit")
    made = PageProcesses(Limits(memory=150_000_000), size=1)
    big = bare_pdf(shown("big")).replace(b"[0 0 600 800]", b"[0 0 9e3 9e3]")
    with pytest.raises(BadInput, match=r"memory|broke down|cannot be drawn"):
        made.render_page(big, 1, scale="2")
    made.close()


def test_too_many_pages_are_refused() -> None:
    made = PageProcesses(Limits(pages=1), size=1)
    with pytest.raises(BadInput, match="more than 1"):
        made.read_layer(ALDER)
    made.close()


def test_a_huge_page_is_drawn_small() -> None:
    made = PageProcesses(size=1)
    big = bare_pdf(shown("big")).replace(b"[0 0 600 800]", b"[0 0 9e4 9e4]")
    drawn = made.render_page(big, 1, scale="2")
    assert drawn.width * drawn.height <= 16_100_000
    made.close()


def test_metadata_is_read_in_the_child() -> None:
    made = PageProcesses(size=1)
    pdf = typeset("text", setup='#set document(title: "A title of doi:10.5555/meta")')
    assert any("10.5555/meta" in text for text in made.metadata(pdf))
    made.close()
