"""The report in the browser: built in the background, opened, withheld while votes are sealed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.web.conftest import Look, Workbench, unmasked

from tamis.app.activity import activity_of
from tamis.app.desk.desk import Desk
from tamis.app.review import open_review
from tamis.domain.events import Draft
from tamis.domain.state import fold
from tamis.store import unpack
from tamis.web.words import words

EN = words("en")


def _build(bench: Workbench) -> None:
    """Build the report and wait until it is done."""
    assert bench.post("/results/build").status_code == 303
    job = bench.client.app.framework.state.jobs.get(f"build {bench.name}")  # type: ignore[attr-defined]
    assert job is not None
    job.thread.join()
    assert job.failed is None


def test_without_a_report_the_page_says_how_to_get_one(practice: Workbench) -> None:
    page = practice.get("/results").text
    assert EN["results.none"] in page
    assert practice.get("/results/report.html").status_code == 404
    assert practice.get("/results/nothing.exe").status_code == 404


@pytest.mark.slow
def test_the_report_is_built_and_handed_out(practice: Workbench) -> None:
    _build(practice)
    page = practice.get("/results").text
    for name in ("report.html", "report.docx", "report.pdf", "bundle.zip"):
        assert f"/results/{name}" in page
    report = practice.get("/results/report.html")
    assert report.text.startswith("<!DOCTYPE html>")
    assert "sandbox" in report.headers["content-security-policy"]
    assert practice.get("/results/report.pdf").content.startswith(b"%PDF")
    told = activity_of(practice.live, "p-reader", limit=10_000)
    assert {"value_recorded", "appraised", "screened"} <= {deed.what for deed in told}
    reasons = {c.id: c.text for c in practice.live.protocol.criteria}
    excluded = [deed.detail for deed in told if deed.detail.startswith("exclude · ")]
    assert excluded
    assert all(any(text in one for text in reasons.values()) for one in excluded)
    later = Draft(
        actor="p-ann", kind="note_added.v1", subject="x", body={"topic": "x", "fields": {}}
    )
    practice.live.record([later])
    assert EN["results.old"] in practice.get("/results").text
    practice.become("p-rev-a")
    practice.post("/screen/title-abstract/undo")
    assert EN["results.withheld"] in practice.get("/results").text


def test_a_report_is_withheld_while_a_verdict_is_sealed(screening: Workbench) -> None:
    desk = screening.live.part(Desk)
    card = desk.next("p-rev-b", "title-abstract")
    assert card is not None
    desk.vote("p-rev-b", "title-abstract", card.cluster, "include")
    assert EN["results.withheld"] in screening.get("/results").text
    assert screening.get("/results/report.html").status_code == 409
    screening.become("p-rev-b")
    assert EN["results.withheld"] in screening.get("/results").text  # whoever may still vote


def test_activity_tells_what_everybody_may_know_and_no_more(screening: Workbench) -> None:
    desk = screening.live.part(Desk)
    card = desk.next("p-rev-b", "title-abstract")
    assert card is not None
    before = unmasked(screening.get("/activity").text)
    desk.vote("p-rev-b", "title-abstract", card.cluster, "include", note="a secret")
    assert unmasked(screening.get("/activity").text) == before
    assert EN["results.kind_batch_imported"] in before
    screening.become("p-rev-b")
    assert EN["results.kind_screened"] in screening.get("/activity").text
    assert EN["results.nothing"] in screening.get("/activity?who=p-nobody").text
    assert EN["results.nothing"] in screening.get("/activity?since=2999-01-01").text


def test_what_is_unsealed_is_told_with_names(practice: Workbench) -> None:
    """The finished practice review hides nothing: its log reads as a whole."""
    live = practice.live
    told = activity_of(live, "p-reader", limit=10_000)
    kinds = {deed.what for deed in told}
    assert {"screened", "conflict_settled", "appraised"} <= kinds
    assert "value_recorded" not in kinds  # nobody has sealed a study, and there is no report yet
    private = {"note", "tag", "tag-word", "highlight", "filter", "recorded-for"}
    hidden = [e for e in live.review.events() if e.id not in {deed.event for deed in told}]
    assert all(
        (e.body or {}).get("topic") in private
        or e.kind in ("engine_ran.v1", "value_recorded.v1", "values_settled.v1", "appraised.v1")
        or (e.body or {}).get("topic", "").startswith("extraction")
        for e in hidden
    ), [e.kind for e in hidden]  # fmt: skip


@pytest.mark.needs("chromium")
def test_the_pages_are_clean_in_a_browser(
    practice: Workbench, serve_folder: Callable[..., str], look: Callable[..., Look]
) -> None:
    _build(practice)
    seen = look(serve_folder(practice.folder.parent), language="zh-CN", dark=True, width=390)
    page = seen.go("/r/practice/results/report.html")
    page.locator("main a.q, main [data-q]").first.click()
    page.locator("dialog[open]").wait_for()
    for path in ("/results", "/activity"):
        page = seen.go(f"/r/practice{path}")
        assert seen.violations() == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
    assert seen.complaints == []


def test_the_whole_review_is_taken_away_and_opens_elsewhere(
    practice: Workbench, tmp_path: Path
) -> None:
    done = practice.post("/export.zip")
    assert done.status_code == 200, done.text
    archive = tmp_path / "taken.zip"
    archive.write_bytes(done.content)
    unpack(archive, tmp_path / "taken")
    with open_review(tmp_path / "taken") as review:
        assert fold(review.events()) == fold(practice.live.review.events())
    assert not [n for n in practice.live.state.notes.values() if n.topic == "exported"]


def test_who_takes_sealed_verdicts_away_is_told_of(screening: Workbench) -> None:
    desk = screening.live.part(Desk)
    desk.vote("p-rev-b", "title-abstract", next(iter(screening.live.clusters)), "include")
    assert screening.post("/export.zip").status_code == 200
    (note,) = [n for n in screening.live.state.notes.values() if n.topic == "exported"]
    assert note.by == "p-rev-a"


def _compared(bench: Workbench, since: str) -> str:
    """Compare, wait until it is done, and return the page."""
    answer = bench.post("/results/changes", {"since": since})
    assert answer.status_code == 303
    job = bench.client.app.framework.state.jobs.get(f"changes {bench.name} {since}")  # type: ignore[attr-defined]
    assert job is not None
    job.thread.join()
    text: str = bench.get(answer.headers["location"].removeprefix(f"/r/{bench.name}")).text
    return text


def test_what_changed_since_a_day_is_computed_from_the_log(practice: Workbench) -> None:
    """Before the 20th of January nothing was rated; nothing is written by looking back."""
    before = len(practice.live.review.events())
    page = _compared(practice, "2026-01-20")
    assert "Velorimab may increase response (low certainty" in page
    assert EN["results.change_certainty"] in page
    assert EN["results.change_study"] not in page
    assert EN["results.same"] in _compared(practice, "2026-11-01")
    assert "there was no protocol" in _compared(practice, "2020-01-01")
    practice.live.refresh()
    assert len(practice.live.review.events()) == before


def test_what_changed_is_withheld_with_the_report(screening: Workbench) -> None:
    assert screening.post("/results/changes", {"since": "2026-01-01"}).status_code == 303
    page = screening.get("/results/changes?since=2026-01-01").text
    assert EN["results.withheld"] in page
