"""The frame of every page: language, theme, name, errors, keys; no complaint in a real browser."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.web.conftest import PRACTICE, Look, Workbench

from tamis.app.desk.desk import Desk
from tamis.domain.events import Draft
from tamis.web.own import own_words
from tamis.web.words import LANGUAGES, words

EN = words("en")

#: Pages that hang on no data of their own, by path below the review.
PAGES = ("",)


def test_both_languages_have_the_same_words() -> None:
    assert words("en").keys() == words("zh").keys()
    for key, text in words("en").items():
        names = {part.partition("}")[0] for part in text.split("{")[1:]}
        assert {part.partition("}")[0] for part in words("zh")[key].split("{")[1:]} == names, key


def test_a_folder_without_reviews_says_so(
    tmp_path: Path, bench_of: Callable[..., Workbench]
) -> None:
    page = bench_of(tmp_path, "none").client.get("/").text
    assert words("en")["home.empty"] in page


def test_a_review_alone_is_opened_at_once(bench_of: Callable[..., Workbench]) -> None:
    answer = bench_of(PRACTICE, "review").client.get("/", follow_redirects=False)
    assert answer.headers["location"] == "/r/review"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_browsers_language_is_spoken(practice: Workbench, language: str) -> None:
    page = practice.get(headers={"accept-language": language}).text
    assert words(language)["base.step_imports"] in page


def test_preferences_are_kept_and_bad_ones_passed_over(practice: Workbench) -> None:
    send = practice.client.post
    form = {"csrf": practice.token(), "language": "zh", "theme": "dark", "person": "Li Wei"}
    answer = send("/preferences", data={**form, "back": "/r/practice"}, follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/r/practice"
    page = practice.get().text
    assert words("zh")["base.step_imports"] in page
    assert 'data-theme="dark"' in page
    assert ">li-wei<" in page


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example", "/\\evil"])
def test_nobody_is_sent_elsewhere(practice: Workbench, back: str) -> None:
    form = {"csrf": practice.token(), "theme": "dark", "back": back}
    answer = practice.client.post("/preferences", data=form, follow_redirects=False)
    assert answer.headers["location"] == "/"


def test_an_unknown_review_is_a_page_that_says_what_to_do(practice: Workbench) -> None:
    answer = practice.client.get("/r/nothing")
    assert answer.status_code == 404
    assert "choose one of the list" in answer.text


def test_an_unknown_page_is_a_page(practice: Workbench) -> None:
    answer = practice.client.get("/nothing/at/all")
    assert answer.status_code == 404
    assert words("en")["failures.not_found"] in answer.text


@pytest.mark.needs("chromium")
@pytest.mark.parametrize(("language", "dark", "width"), [("en", False, 1440), ("zh-CN", True, 390)])
def test_pages_are_clean_in_a_browser(
    practice: Workbench,
    serve_folder: Callable[[Path], str],
    look: Callable[..., Look],
    language: str,
    dark: bool,
    width: int,
) -> None:
    seen = look(serve_folder(practice.folder.parent), language=language, dark=dark, width=width)
    for path in ("/", *(f"/r/practice{page}" for page in PAGES)):
        page = seen.go(path)
        assert seen.violations() == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert seen.complaints == []


@pytest.mark.needs("chromium")
def test_the_sheet_of_keys_opens_changes_a_key_and_forgets_it(
    practice: Workbench, serve_folder: Callable[[Path], str], look: Callable[..., Look]
) -> None:
    seen = look(serve_folder(practice.folder.parent))
    page = seen.go("/r/practice")
    page.keyboard.press("?")
    sheet = page.locator("#key-help")
    assert sheet.is_visible()
    assert seen.violations() == []
    change = sheet.get_by_role("button", name=f"change: {words('en')['overview.go']}")
    change.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("x")
    page.keyboard.press("Escape")
    page.keyboard.press("x")
    page.wait_for_url("**/results")


def test_a_key_has_one_meaning_on_a_page_and_among_the_pages_of_screening(
    screening: Workbench,
) -> None:
    """``v`` is one's votes and ``x`` the conflicts on every page of screening."""
    desk = screening.live.part(Desk)
    first = next(iter(screening.live.clusters))
    for person, decision in (("p-rev-a", "include"), ("p-rev-b", "exclude")):
        desk.vote(person, "title-abstract", first, decision)
    for path in (
        "", "/imports", "/screen/title-abstract", f"/screen/title-abstract/{first}",
        "/screen/title-abstract/list", "/screen/title-abstract/history",
        "/conflicts/title-abstract", f"/conflicts/title-abstract/{first}", "/full-texts",
        "/duplicates", "/agreement", "/along",
    ):  # fmt: skip
        page = screening.get(path).text
        found = re.findall(r'data-action="([^"]+)"[^>]* data-key="([^"]+)"', page)
        actions = {key: {action for action, other in found if other == key} for _, key in found}
        assert all(len(several) == 1 for several in actions.values()), (path, actions)
        if "/screen/" in path or "/conflicts/" in path:
            assert actions.get("v", {"history"}) == {"history"}, path
            assert actions.get("k", {"previous"}) == {"previous"}, path
            assert actions["x"] == {"conflicts"}, path


def test_shipped_reviews_are_said_in_chinese(practice: Workbench) -> None:
    zh = {"accept-language": "zh-CN"}
    for name in ("practice", "worked"):
        inputs = PRACTICE.parents[1] / name / "inputs" / "review.toml"
        head = tomllib.loads(inputs.read_text(encoding="utf-8"))["review"]
        assert words("en")[f"shipped.{name}_banner"] == head["banner"]
        assert words("en")[f"shipped.{name}_title"] == head["title"]
    english, chinese = practice.get("").text, practice.get("", headers=zh).text
    assert "Invented for practice." in english
    assert "Invented for practice." not in chinese
    assert words("zh")["shipped.practice_banner"] in chinese
    assert words("zh")["shipped.practice_title"] in practice.client.get("/", headers=zh).text


def test_a_reviews_own_names_are_those_of_the_pages_language(practice: Workbench) -> None:
    own = own_words(practice.live.protocol, "zh")
    assert [own(o.name) for o in practice.live.protocol.outcomes][:3] == [
        "应答率",
        "尿蛋白",
        "死亡",
    ]
    assert [own(v.label) for v in practice.live.protocol.visits] == [
        "基线", "第 3 个月", "第 6 个月", "第 12 个月",
    ]  # fmt: skip
    assert own("placebo") == "安慰剂"
    assert own("month 6 or later") == "month 6 or later"
    assert own_words(practice.live.protocol, "en")("死亡") == "死亡"


def test_a_finished_review_says_what_is_open_in_its_extraction(practice: Workbench) -> None:
    en = words("en")
    assert en["overview.left_one_reader"].format(n=4) in practice.get("").text
    assert en["overview.left_own"].format(n=2) not in practice.get("").text
    practice.become("p-rev-a")
    assert en["overview.left_own"].format(n=2) in practice.get("").text


def test_an_included_study_that_nobody_has_read_is_to_be_extracted(practice: Workbench) -> None:
    live = practice.live
    link = next(iter(live.state.links.values()))
    body = {
        "study": "unread2026", "report": "unread2026-article", "records": [], "label": "Unread",
        "design": link.design, "role": "included", "kind": "article",
    }  # fmt: skip
    live.record([Draft(actor="p-rev-a", kind="reports_linked.v1", subject="unread2026", body=body)])
    page = practice.get("").text
    assert words("en")["overview.stage_extraction"] in page
    assert 'href="/r/practice/extraction"' in page


def test_a_fault_of_the_program_is_a_page_in_the_frame_of_the_review(
    practice: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("tamis.web.routes.overview.overview_of", fails)
    monkeypatch.setattr(practice.client._transport, "raise_server_exceptions", False)
    page = practice.get("")
    assert page.status_code == 500
    assert EN["failures.broken"] in page.text
    assert f'href="/r/{practice.name}/protocol"' in page.text
    assert "content-security-policy" in page.headers
    assert "ZeroDivisionError" not in page.text


def test_the_page_of_an_error_leads_back_and_shows_what_was_typed(practice: Workbench) -> None:
    told = {"study": "<b>typed</b>", "password": "secret", "old": "secret"}
    came = {"referer": "http://127.0.0.1:8765/r/practice/screen/title-abstract/list?q=a"}
    lost = practice.post("/screen/full-text/nowhere:0/back", told, headers=came)
    assert lost.status_code == 404
    assert 'href="/r/practice/screen/title-abstract/list?q=a" data-back' in lost.text
    assert "&lt;b&gt;typed&lt;/b&gt;" in lost.text
    assert "secret" not in lost.text
    assert words("en")["base.step_protocol"] in lost.text  # in the frame of its review


@pytest.mark.parametrize("came", ["http://evil.example/x", "", "javascript:alert(1)", "//evil/x"])
def test_the_way_back_is_never_to_another_place(practice: Workbench, came: str) -> None:
    page = practice.get("/screen/full-text/nowhere:0", headers={"referer": came})
    assert page.status_code == 404
    assert "data-back" not in page.text
