"""The page of a copy: downloaded, worked on with the program elsewhere, and sent back."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.app.test_along import away, packed, vote
from tests.web.conftest import Look, Workbench
from tests.web.test_team import _invited, app, owner

from tamis.app.live import LiveReview
from tamis.store import unpack
from tamis.web.words import words

EN, ZH = words("en"), words("zh")

__all__ = ["app", "owner"]  # fixtures


def _send(bench: Workbench, data: bytes) -> str:
    files = {"file": ("copy.tamis.zip", data, "application/zip")}
    return str(bench.post("/along", files=files).text)


def test_a_copy_is_taken_and_brought_back(screening: Workbench, tmp_path: Path) -> None:
    page = screening.get("/along").text
    assert EN["along.take"] in page
    answer = screening.get("/along/copy.zip")
    assert answer.headers["content-disposition"].endswith('screening-p-rev-a.tamis.zip"')
    (tmp_path / "along.zip").write_bytes(answer.content)
    unpack(tmp_path / "along.zip", tmp_path / "laptop")
    laptop = LiveReview(tmp_path / "laptop")
    for cluster in list(laptop.clusters)[:3]:
        vote(laptop, "p-rev-a", cluster, "include", "")
    assert "Brought back: 3 verdicts" in _send(screening, packed(laptop))
    assert len(screening.live.state.votes) == 3
    assert EN["along.done_nothing"] in _send(screening, packed(laptop))


@pytest.mark.parametrize("data", [b"", b"no archive", b"PK\x03\x04 broken"])
def test_what_is_no_copy_is_refused_and_nothing_is_written(
    screening: Workbench, data: bytes
) -> None:
    before = screening.live.state.count
    files = {"file": ("../../<script>.zip", data, "application/zip")}
    answer = screening.post("/along", files=files)
    assert answer.status_code == 422
    assert EN["base.notice_error"] in answer.text
    assert "<script>." not in answer.text
    assert screening.live.state.count == before
    assert EN["along.nothing"] in screening.post("/along").text


def test_on_a_teams_server_one_brings_back_ones_own_work_only(
    app: object, owner: object, tmp_path: Path
) -> None:
    from tamis.web.application import Workbench as Served

    assert isinstance(app, Served)
    reviewer = _invited(app, owner, "reviewer", "Bo Reviewer")  # type: ignore[arg-type]
    data = reviewer.client.get("/r/practice/along/copy.zip").content
    (tmp_path / "along.zip").write_bytes(data)
    unpack(tmp_path / "along.zip", tmp_path / "laptop")
    laptop = LiveReview(tmp_path / "laptop")
    cluster = next(iter(laptop.clusters))
    vote(laptop, "p-bo-reviewer", cluster, "exclude", "")
    vote(laptop, "p-late", cluster, "exclude", "")
    token = reviewer.client.get("/r/practice/along").text.partition('name="csrf" value="')[2][:88]
    for who, status in (("p-late", 422), ("p-bo-reviewer", 200)):
        files = {"file": ("copy.zip", packed(laptop, who), "application/zip")}
        answer = reviewer.client.post("/r/practice/along", data={"csrf": token}, files=files)
        assert answer.status_code == status, answer.text
    votes = app.shelf.open("practice").state.votes.values()
    assert [v.reviewer for v in votes if v.reviewer == "p-bo-reviewer"] == ["p-bo-reviewer"]


@pytest.mark.needs("chromium")
@pytest.mark.parametrize(("language", "dark", "width"), [("en", False, 1440), ("zh-CN", True, 390)])
def test_the_page_is_clean_in_a_browser(
    screening: Workbench, serve_folder: Callable[..., str], look: Callable[..., Look],
    tmp_path: Path, language: str, dark: bool, width: int,
) -> None:  # fmt: skip
    laptop = away(screening, tmp_path)
    vote(laptop, "p-rev-a", next(iter(laptop.clusters)), "include", "")
    back = tmp_path / "back.zip"
    back.write_bytes(packed(laptop))
    folder = tmp_path / "served"
    shutil.copytree(screening.folder, folder / "screening")
    seen = look(serve_folder(folder), language=language, dark=dark, width=width)
    page = seen.go("/r/screening/along")
    assert seen.violations() == []
    page.set_input_files("input[type=file]", str(back))
    page.keyboard.press("b")
    page.wait_for_selector(".notice.good")
    assert seen.violations() == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert seen.complaints == []
