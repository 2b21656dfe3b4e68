"""The frame of every page: language, theme, name, errors, keys; no complaint in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.web.conftest import PRACTICE, Look, Workbench

from tamis.web.words import LANGUAGES, words

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
