"""Full texts in the browser: files come in, are matched and attached; the reader; not retrieved."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.app.desk_review import DOCUMENTS, copy_practice, processes
from tests.web.conftest import Look, Workbench

from tamis.app.reading.room import ReadingRoom
from tamis.domain.canonical import sha256_hex
from tamis.web.words import words

EN, ZH = words("en"), words("zh")
ALDER = (DOCUMENTS / "alder2019.pdf").read_bytes()
SHA = sha256_hex(ALDER)


def with_room(bench: Workbench) -> Workbench:
    """Let a workbench read PDFs in the process that all tests share."""
    app: Any = bench.client.app
    app.framework.state.reading = ReadingRoom(processes())
    return bench


@pytest.fixture
def read(tmp_path: Path, bench_of: Callable[..., Workbench]) -> Workbench:
    """The practice review with its papers."""
    copy_practice(tmp_path / "practice")
    return with_room(bench_of(tmp_path, "practice"))


@pytest.fixture
def through(screening: Workbench) -> Workbench:
    """A review in which two people let one report through at title and abstract."""
    with_room(screening)
    clusters = screening.live.clusters
    records = screening.live.library.records
    chosen = next(
        c for c in clusters.values()
        if any("elorimab" in records[r].title and records[r].authors[0].startswith("Alder")
               for r in c.records if records[r].authors)
    )  # fmt: skip
    for person in ("p-rev-a", "p-rev-b"):
        screening.become(person)
        answer = screening.post(f"/screen/title-abstract/{chosen.id}/vote", {"decision": "include"})
        assert answer.status_code == 303
    screening.become("p-rev-a")
    return screening


def send(bench: Workbench, *files: tuple[str, bytes]) -> Any:
    return bench.post("/full-texts", files=[("files", (name, data)) for name, data in files])


def kinds(bench: Workbench) -> list[str]:
    return [event.kind for event in bench.live.review.events()]


def target_of(bench: Workbench) -> str:
    (one,) = bench.client.app.framework.state.reading.full_texts(bench.live).waiting("p-rev-a")  # type: ignore[attr-defined]
    found: str = one.target
    return found


def test_nothing_let_through_says_what_to_do(screening: Workbench) -> None:
    with_room(screening)
    assert EN["full_texts.none_text"] in screening.get("/full-texts").text


def test_a_file_is_matched_and_attached_with_a_link_to_its_study(through: Workbench) -> None:
    assert send(through, ("alder.pdf", ALDER)).status_code == 303
    page = through.get("/full-texts").text
    assert "alder.pdf" in page
    assert "document_attached.v1" not in kinds(through)
    target = target_of(through)
    form = through.get(f"/full-texts/attach?document={SHA}&target={target}").text
    assert 'name="study" value="alder2019"' in form
    told = {"document": SHA, "target": target, "study": "alder-a", "report": "alder-a-article"}
    refused = through.post("/full-texts/attach", {**told, "design": ""})
    assert refused.status_code == 422
    assert 'value="alder-a"' in refused.text  # what was typed is kept
    assert "reports_linked.v1" not in kinds(through)
    done = through.post("/full-texts/attach", {**told, "design": "randomised"})
    assert done.status_code == 303, done.text
    (link,) = through.live.state.documents.values()
    assert (link.sha256, link.report, link.pages) == (SHA, "alder-a-article", 2)
    assert (through.folder / link.file).read_bytes() == ALDER
    assert f"/documents/{SHA}" in through.get("/full-texts").text


def test_another_file_of_a_report_that_was_linked_since_still_finds_it(through: Workbench) -> None:
    other = (DOCUMENTS / "alder2019.pdf").read_bytes() + b"\n% another copy\n"
    send(through, ("alder.pdf", ALDER), ("again.pdf", other))
    old = target_of(through)
    told = {"document": SHA, "target": old, "study": "alder2019", "report": "alder2019-article"}
    assert through.post("/full-texts/attach", {**told, "design": "randomised"}).status_code == 303
    page = through.get("/full-texts").text
    (href,) = re.findall(r'href="/r/screening/full-texts/attach\?([^"]+)"', page)
    assert "target=alder2019-article" in href
    second = {"document": sha256_hex(other), "target": old}
    assert through.post("/full-texts/attach", second).status_code == 303
    assert {one.report for one in through.live.state.documents.values()} == {"alder2019-article"}


def test_files_that_wait_survive_a_restart(
    through: Workbench, bench_of: Callable[..., Workbench]
) -> None:
    def started_again() -> Workbench:
        return with_room(bench_of(through.folder.parent, through.name, "p-rev-a"))

    send(through, ("alder.pdf", ALDER))
    again = started_again()
    assert "alder.pdf" in again.get("/full-texts").text
    again.become("p-somebody-else")
    assert "alder.pdf" not in again.get("/full-texts").text
    again.become("p-rev-a")
    again.post("/full-texts/drop", {"document": SHA})
    assert "alder.pdf" not in started_again().get("/full-texts").text


def test_what_is_no_pdf_is_refused_with_what_it_is(through: Workbench) -> None:
    answer = send(through, ("page.pdf", b"<!doctype html><title>Log in</title>"), ("none.pdf", b""))
    assert answer.status_code == 422
    assert answer.text.count(EN["full_texts.outcome_refused"]) == 2
    assert "web page" in answer.text
    assert "document_attached.v1" not in kinds(through)
    assert send(through).status_code == 422


def test_hostile_names_and_packed_files(through: Workbench) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("../../<script>alert(1)</script>.pdf", ALDER)
    answer = send(through, ("../x.zip", packed.getvalue()))
    assert answer.status_code == 303
    page = through.get("/full-texts").text
    assert "<script>alert" not in page
    assert not list(through.folder.parent.glob("*.pdf"))
    bad = {"document": "../../etc/passwd", "target": target_of(through), "design": "randomised"}
    assert through.post("/full-texts/attach", bad).status_code == 422
    evil = {"document": SHA, "target": target_of(through), "design": "randomised"}
    answer = through.post("/full-texts/attach", {**evil, "report": "../../x", "study": "a"})
    assert answer.status_code == 422
    assert "document_attached.v1" not in kinds(through)


def test_the_same_file_again_says_that_it_is_attached(read: Workbench) -> None:
    send(read, ("copy.pdf", ALDER))
    page = read.get("/full-texts").text
    assert EN["full_texts.outcome_attached"] in page
    read.post("/full-texts/drop", {"document": SHA})
    assert "copy.pdf" not in read.get("/full-texts").text


def test_not_retrieved_is_recorded_with_what_was_tried_and_when(through: Workbench) -> None:
    target = target_of(through)
    before = through.live.state.count
    for form in ({"tried": " "}, {"tried": "library", "on": "yesterday"}):
        answer = through.post("/full-texts/not-retrieved", {"target": target, **form})
        assert answer.status_code == 422
    assert 'value="library"' in answer.text
    assert through.live.state.count == before
    form = {"target": target, "tried": "asked the author", "on": "2026-01-05"}
    assert through.post("/full-texts/not-retrieved", form).status_code == 303
    vote = [v for v in through.live.state.votes.values() if v.stage == "full-text"][0]  # noqa: RUF015
    assert (vote.decision, vote.reason) == ("not-retrieved", "asked the author (2026-01-05)")
    assert "asked the author" in through.get("/full-texts").text


def test_another_person_learns_nothing_of_what_one_tried(through: Workbench) -> None:
    through.post("/full-texts/not-retrieved", {"target": target_of(through), "tried": "secret way"})
    through.become("p-rev-b")
    page = through.get("/full-texts").text
    assert "secret way" not in page
    assert f"{EN['full_texts.state_not_retrieved']}</span>" not in page


def test_the_reader_shows_picture_text_and_places(read: Workbench) -> None:
    page = read.get(f"/documents/{SHA}?page=2").text
    assert f"/documents/{SHA}/2.png?scale=1" in page
    assert 'data-start="0"' in page
    found = read.get(f"/documents/{SHA}?page=2&q=27 of 48&at=0").text
    assert '<rect class="hit"' in found
    assert EN["full_texts.found"].format(n=0) in read.get(f"/documents/{SHA}?q=zzzz").text
    picture = read.get(f"/documents/{SHA}/1.png")
    assert picture.headers["content-type"] == "image/png"
    assert picture.content.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("path", "status"),
    [("?page=99", 404), ("?scale=7", 422), ("/1.png?scale=99", 422), ("/99.png", 422)],
)
def test_a_page_that_is_none_is_refused_with_words(read: Workbench, path: str, status: int) -> None:
    assert read.get(f"/documents/{SHA}{path}").status_code == status


def test_a_document_of_another_review_is_not_found(read: Workbench) -> None:
    assert read.get(f"/documents/{'0' * 64}").status_code == 404
    assert read.get("/documents/..%2F..%2Freview.toml").status_code == 404


@pytest.mark.needs("chromium")
@pytest.mark.parametrize(("language", "dark", "width"), [("en", False, 1440), ("zh-CN", True, 390)])
def test_a_person_reads_by_keys_alone(
    read: Workbench,
    serve_folder: Callable[[Path], str],
    look: Callable[..., Look],
    language: str,
    dark: bool,
    width: int,
) -> None:
    address = serve_folder(read.folder.parent)
    seen = look(address, language=language, dark=dark, width=width)
    page = seen.go("/r/practice/full-texts")
    assert not seen.violations()
    page = seen.go(f"/r/practice/documents/{SHA}")
    page.keyboard.press("]")
    page.wait_for_selector("#reader[data-page='2']")
    page.keyboard.press("+")
    page.wait_for_selector(".scale-1-5")
    page.keyboard.press("/")
    page.keyboard.type("27 of 48")
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.activeElement.closest('.hits li')")
    page.keyboard.press("t")
    page.wait_for_function("() => document.activeElement.id === 'page-text'")
    page.evaluate(
        "() => document.addEventListener('tamis:selected',"
        " e => { if (e.detail.asked) window.told = e.detail; })"
    )
    for _ in range(6):
        page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_function("() => window.told")
    told = page.evaluate("() => window.told")
    assert (told["start"], told["end"], len(told["quote"])) == (0, 6, 6)
    assert not seen.violations()
    assert not seen.complaints
    assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")
