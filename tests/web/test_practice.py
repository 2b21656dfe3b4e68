"""The practice review screened in a real browser, by keys alone, by two people and an arbiter.

What is decided is what ``examples/practice/inputs`` holds; at the end the log says the same.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote

import pytest
from playwright.sync_api import Page
from tests.web.conftest import INPUTS, Look, Workbench

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.slow]

KEYS = {"include": "i", "maybe": "u", "exclude": "e", "not-retrieved": "r"}


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (INPUTS / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def _cluster(page: Page) -> str:
    """Return the report that is on the screen; empty when nothing waits."""
    form = page.locator("form.record")
    if not form.count():
        return ""
    found = re.search(r"/screen/[^/]+/([^/]+)/vote", form.get_attribute("action") or "")
    assert found
    return unquote(found[1])


def _vote(page: Page, decision: str, reason: str) -> None:
    """Press the key of a verdict: a reason's number where there is one."""
    before = _cluster(page)
    key = KEYS[decision]
    if reason:
        button = page.locator(f'button[name=reason][value="{reason}"]')
        key = button.get_attribute("data-key") or "Enter"  # the tenth reason has no key of its own
        button.focus()
    page.keyboard.press(key)
    page.wait_for_function(
        """before => {
            const form = document.querySelector("form.record");
            return !form || !decodeURIComponent(form.action).includes(before);
        }""",
        arg=before,
    )


def _screen(page: Page, go: Callable[[str], Any], stage: str, votes: dict[str, Any]) -> int:
    """Vote on all that waits; return how many reports there were."""
    go(f"/r/screening/screen/{stage}")
    count = 0
    while cluster := _cluster(page):
        _vote(page, *votes[cluster])
        count += 1
    return count


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_two_people_and_an_arbiter_screen_the_practice_review(
    screening: Workbench, serve_folder: Callable[..., str], look: Callable[..., Look], language: str
) -> None:
    address = serve_folder(screening.folder.parent)
    cluster_of = screening.live.cluster_of
    people: dict[str, Look] = {}
    for person in ("p-rev-a", "p-rev-b", "p-rev-c"):
        people[person] = look(address, language=language)
        people[person].page.context.add_cookies(
            [{"name": "tamis-person", "value": person, "url": address}]
        )
    for stage in ("title-abstract", "full-text"):
        for person in ("p-rev-a", "p-rev-b"):
            votes = {
                cluster_of[row["record_id"]].id: (row["decision"], row["reason"])
                for row in _rows(f"votes-{stage}")
                if row["reviewer"] == person
            }
            seen = people[person]
            assert _screen(seen.page, seen.go, stage, votes) == len(votes)
        seen = people["p-rev-c"]
        wanted = {
            cluster_of[row["record_id"]].id: (row["decision"], row["reason"])
            for row in _rows(f"consensus-{stage}")
        }
        while wanted:
            page = seen.go(f"/r/screening/conflicts/{stage}")
            assert page.locator("tbody tr").count() == len(wanted)
            page.keyboard.press("Enter")
            page.locator("form[action$=settle]").wait_for()
            page.wait_for_load_state("networkidle")
            decision, reason = wanted.pop(unquote(page.url.rpartition("/")[2]))
            page.keyboard.press("c")
            page.keyboard.type(reason)
            page.keyboard.press("Tab")
            with page.expect_response(re.compile("/settle$")) as answer:
                page.keyboard.press(KEYS[decision])
            assert answer.value.status == 303, page.locator("main").inner_text()
            page.wait_for_load_state("networkidle")
    for seen in people.values():
        assert seen.complaints == []
    screening.live.refresh()
    state = screening.live.state
    wrote = {(v.stage, v.reviewer, cluster_of[v.records[0]].id, v.decision, v.reason)
             for v in state.votes.values()}  # fmt: skip
    planned = {
        (row["stage"], row["reviewer"], cluster_of[row["record_id"]].id, row["decision"],
         row["reason"] if row["decision"] == "exclude" else "")
        for stage in ("title-abstract", "full-text")
        for row in _rows(f"votes-{stage}")
    }  # fmt: skip
    assert wrote == planned
    assert len(state.settlements) == sum(
        1 for stage in ("title-abstract", "full-text") for _ in _rows(f"consensus-{stage}")
    )
