"""The report in a real browser: trails, keyboard, paper, no network, no script, accessibility.

What a click or a key does is waited for, and for so long that only a page that never does it fails.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from tests.report.pages import sample_report

pytestmark = pytest.mark.needs("chromium")

ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip

#: How long anything may take on the slowest machine (milliseconds).
PATIENCE = 120_000
expect.set_options(timeout=PATIENCE)

RESULT = '#results-controlled ~ article .headline [data-q="syn:remission-rct/rd#estimate"]'
VALUE = '.headline [data-q="v:trial2017/remission/m6.best-by/dq/events#printed"]'


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    path: Path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_bytes(sample_report().html)
    return path.as_uri()


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=chromium, args=list(ARGUMENTS), timeout=PATIENCE
        )
        yield launched
        launched.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1400, "height": 900})
    made.set_default_timeout(PATIENCE)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext, address: str) -> Page:
    opened = context.new_page()
    opened.goto(address)
    return opened


def test_nothing_is_asked_of_the_network_and_nothing_is_complained_of(
    context: BrowserContext, address: str
) -> None:
    asked: list[str] = []
    said: list[str] = []
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(address)
    page.locator(VALUE).first.click()
    expect(page.locator("dialog#trail")).to_be_visible()
    assert asked == [address]
    assert said == []


def test_a_click_on_a_number_shows_its_trail_with_the_quote(page: Page) -> None:
    number = page.locator(VALUE).first
    number.click()
    dialog = page.locator("dialog#trail")
    expect(dialog).to_be_visible()
    text = dialog.inner_text()
    assert "Remission was reached by 9 of 12 patients (75 %)" in text
    assert "documents/trial-2017.pdf" in text
    assert "passage read" in text
    assert page.locator("#trail-body [id]").count() == 0, "the copy repeats no id"
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(number, "the focus comes back").to_be_focused()


def test_a_result_leads_to_its_rows_and_back(page: Page) -> None:
    page.locator(RESULT).first.click()
    body = page.locator("#trail-body")
    expect(body).to_contain_text("risk difference")
    expect(body).to_contain_text("9 of 12 patients")
    body.locator('[data-q="v:trial2017/remission/m6.best-by/dq/events#printed"]').click()
    expect(body).to_contain_text("Remission was reached by 9 of 12 patients")
    page.locator("#trail-back").click()
    expect(body).to_contain_text("risk difference")
    expect(page.locator("#trail-back")).to_be_hidden()
    page.locator("#trail-link").click()
    expect(page.locator("dialog#trail")).to_be_hidden()
    expect(page).to_have_url(re.compile("#t-"))


def test_everything_works_by_keyboard(page: Page) -> None:
    page.keyboard.press("Tab")
    expect(page.locator("a.skip")).to_be_focused()
    page.locator(VALUE).first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("dialog#trail")).to_be_visible()
    expect(page.locator("#trail-close")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("dialog#trail")).to_be_hidden()


def test_a_number_inside_a_figure_opens_its_trail_too(page: Page) -> None:
    _click(page, "figure.flow svg a.q")
    expect(page.locator("#trail-body")).to_contain_text("Records identified")
    page.keyboard.press("Escape")
    expect(page.locator("dialog#trail")).to_be_hidden()
    _click(page, "figure.plot tspan[data-q]")
    expect(page.locator("#trail-body")).to_contain_text("mark on the axis")


def _click(page: Page, selector: str) -> None:
    """Click where a piece of a drawing really is; its box is not that of the text around it."""
    x, y = page.locator(selector).first.evaluate(
        """e => { e.scrollIntoView({block: 'center'}); const r = e.getBoundingClientRect();
                  return [r.x + r.width / 2, r.y + r.height / 2]; }"""
    )
    page.mouse.click(x, y)


def test_every_number_opens_its_own_entry(page: Page) -> None:
    wrong = page.evaluate(
        """() => [...document.querySelectorAll('a.q')].filter((link) => {
             const entry = document.querySelector(link.getAttribute('href'));
             const own = entry && entry.querySelector('.t-n [data-q]');
             return !own || own.dataset.q !== link.getAttribute('data-q')
               || own.textContent !== link.textContent;
           }).length"""
    )
    assert wrong == 0


def test_without_script_a_number_is_a_link_to_its_entry(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(address)
    assert not page.locator("dialog#trail").is_visible()
    page.locator(VALUE).first.click()
    expect(page).to_have_url(re.compile("#t-"))
    name = page.url.partition("#")[2]
    entry = page.locator(f'[id="{name}"]')
    assert "Remission was reached by 9 of 12 patients" in entry.inner_text()
    expect(entry, "the browser has gone to it").to_be_in_viewport()
    box = entry.bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 900, "and shows its beginning"
    page.locator("summary").first.click()
    context.close()


def test_the_page_prints_whole(page: Page, tmp_path: Path) -> None:
    paper = tmp_path / "report.pdf"
    page.pdf(path=paper, format="A4", print_background=True)
    pdfium = pytest.importorskip("pypdfium2")
    document = pdfium.PdfDocument(paper)
    text = " ".join(p.get_textpage().get_text_range() for p in document)
    flat = " ".join(text.split())
    assert "Of these" not in flat
    assert "Flow of this review, box by box" in flat, "what is folded is unfolded on paper"
    assert "From number to source" in flat
    assert "protein below 0.3 g/24 h and stable function" in flat
    assert "Skip to the abstract" not in flat
    assert "The entries are not printed" in flat
    assert "Quote found again" not in flat, "the index stays on the screen"
    assert "Imported records, and where each one ended" not in flat
    assert "One trial, 18 people" in flat.replace("\u202f", " ")
    document.close()


def test_on_a_phone_the_title_stands_first_and_a_table_is_read_row_by_row(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    tops = page.evaluate(
        """() => ['#title', 'nav.contents', '#abstract']
             .map((s) => document.querySelector(s).getBoundingClientRect().top)"""
    )
    assert tops == sorted(tops)
    wide = page.evaluate(
        """() => [...document.querySelectorAll('.tw')]
             .filter((box) => box.scrollWidth > box.clientWidth + 1).map((box) => box.id)"""
    )
    assert wide == [], "no table has to be scrolled sideways"
    cell = page.locator("#summary-of-findings ~ .tw tbody td").nth(2)
    head = cell.evaluate("e => getComputedStyle(e, '::before').content")
    assert "Risk with the comparator" in head
    assert page.locator("#summary-of-findings ~ .tw table").first.get_attribute("role") == "table"


def test_a_cell_names_its_own_column_where_rows_are_joined(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    box = page.locator(".tw", has_text="Harms in studies with a comparator").first
    heads = (
        box.locator("tbody tr")
        .nth(1)
        .locator("> *")
        .evaluate_all("cells => cells.map((c) => c.dataset.head)")
    )
    assert heads == ["Study", "Arm", "Definition and time", "Result", "Read in"]


def test_axe_finds_no_violation(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_axe_finds_no_violation_on_a_narrow_screen(page: Page) -> None:
    _set_width(page, 390)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_axe_finds_no_violation_in_the_panel(page: Page) -> None:
    page.locator(VALUE).first.click()
    expect(page.locator("dialog#trail")).to_be_visible()
    found = Axe().run(page, context="#trail")
    assert found.violations_count == 0, found.generate_report()


def test_no_width_makes_the_page_scroll_sideways(page: Page) -> None:
    for width in (320, 390, 768, 1024, 1400, 2200):
        _set_width(page, width)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width


def _set_width(page: Page, width: int) -> None:
    """Make the window that wide, and wait until the page knows."""
    page.set_viewport_size({"width": width, "height": 800})
    page.wait_for_function("width => innerWidth === width", arg=width)
