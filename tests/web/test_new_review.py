"""A review started on the first page."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.web.conftest import Look, Workbench
from tests.web.fresh_review import PUBMED

from tamis.app.live import LiveReview
from tamis.web.words import words

EN = words("en")


@pytest.fixture
def empty(tmp_path: Path, bench_of: Callable[..., Workbench]) -> Workbench:
    return bench_of(tmp_path, "none")


def begin(bench: Workbench, **form: str) -> Any:
    told = {"csrf": bench.token(), **form}
    return bench.client.post("/reviews", data=told, follow_redirects=False)


def test_a_review_begins_with_its_title_folder_and_language(
    empty: Workbench, tmp_path: Path
) -> None:
    answer = begin(empty, title="  Talc for “itch”: a\nreview ", name="", language="zh")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/r/talc-for-itch-a-review/imports"
    live = LiveReview(tmp_path / "talc-for-itch-a-review")
    assert live.protocol.head.title == "Talc for “itch”: a review"
    assert live.protocol.head.language == "zh"
    assert [e.kind for e in live.review.events()] == ["review_created.v1", "protocol_amended.v1"]
    assert {e.actor for e in live.review.events()} == {"p-ann"}
    assert empty.client.get(answer.headers["location"]).status_code == 200


def test_a_chinese_title_gets_a_numbered_folder(empty: Workbench, tmp_path: Path) -> None:
    for n, name in enumerate(("滑石粉治疗瘙痒", "乳膏治疗瘙痒"), 1):
        assert begin(empty, title=name).headers["location"] == f"/r/review-{n}/imports"
        assert LiveReview(tmp_path / f"review-{n}").protocol.head.title == name
    assert begin(empty, title="滑石粉治疗瘙痒", name="talc").status_code == 303
    assert LiveReview(tmp_path / "talc").protocol.head.title == "滑石粉治疗瘙痒"


def test_a_review_begins_with_its_files(empty: Workbench, tmp_path: Path) -> None:
    files = [("files", ("pubmed-export.ris", PUBMED))]
    told = {"csrf": empty.token(), "title": "Talc for itch"}
    answer = empty.client.post("/reviews", data=told, files=files, follow_redirects=False)
    assert answer.headers["location"] == "/r/talc-for-itch/imports#waiting"
    page = empty.client.get("/r/talc-for-itch/imports").text
    assert "pubmed-export.ris" in page
    assert re.search(r'name="database\.[0-9a-f]{64}"[^>]* value="PubMed"', page)


def test_a_file_that_cannot_be_read_begins_no_review(empty: Workbench, tmp_path: Path) -> None:
    files = [("files", ("a.ris", PUBMED)), ("files", ("paper.pdf", b"%PDF-1.7"))]
    told = {"csrf": empty.token(), "title": "Talc for itch", "name": "talc"}
    answer = empty.client.post("/reviews", data=told, files=files, follow_redirects=False)
    assert answer.status_code == 422
    assert "paper.pdf" in answer.text
    assert 'value="Talc for itch"' in answer.text
    assert 'value="talc"' in answer.text
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("", "x"),
        ("a" * 301, "x"),
        ("with \u202e mark", "x"),
        ("Talc", "../outside"),
        ("Talc", "a/b"),
        ("Talc", ".hidden"),
        ("Talc", "Upper Case"),
        ("Talc", "a" * 61),
        ("Talc", "<script>"),
    ],
)
def test_what_cannot_be_is_refused_with_what_was_typed(
    empty: Workbench, tmp_path: Path, title: str, name: str
) -> None:
    answer = begin(empty, title=title, name=name)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert "<script>'" not in answer.text
    assert list(tmp_path.iterdir()) == []


def test_a_language_that_is_none_is_refused(empty: Workbench, tmp_path: Path) -> None:
    assert begin(empty, title="Talc", language="xx").status_code == 422
    assert list(tmp_path.iterdir()) == []


def test_an_existing_name_is_refused(practice: Workbench) -> None:
    before = (practice.folder / "review.toml").read_bytes()
    answer = begin(practice, title="Talc", name="practice")
    assert answer.status_code == 422
    assert "there is something called" in answer.text
    assert 'value="Talc"' in answer.text
    assert (practice.folder / "review.toml").read_bytes() == before


def test_where_one_review_is_served_none_is_begun(
    practice: Workbench, bench_of: Callable[..., Workbench]
) -> None:
    alone = bench_of(practice.folder, "practice")
    token = {"csrf": alone.token()}
    answer = alone.client.post("/reviews", data={**token, "title": "Talc"})
    assert answer.status_code == 422
    assert not (practice.folder / "talc").exists()


def test_a_title_is_text(empty: Workbench) -> None:
    begin(empty, title='Talc "quoted" \\ <script>alert(1)</script>', name="talc")
    page = empty.client.get("/").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.needs("chromium")
@pytest.mark.parametrize(("language", "dark", "width"), [("en", False, 1440), ("zh-CN", True, 390)])
def test_the_folder_follows_the_title(
    tmp_path: Path,
    serve_folder: Callable[[Path], str],
    look: Callable[..., Look],
    language: str,
    dark: bool,
    width: int,
) -> None:
    seen = look(serve_folder(tmp_path), language=language, dark=dark, width=width)
    page = seen.go("/")
    assert seen.violations() == []
    page.fill("#new-review input[name=title]", "Talc for itch")
    assert page.input_value("#new-review input[name=name]") == "talc-for-itch"
    page.locator("#new-review button.primary").click()
    page.wait_for_url("**/r/talc-for-itch/imports")
    assert seen.violations() == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert seen.complaints == []
