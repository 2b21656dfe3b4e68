"""Extraction in the browser: values from the PDF, corrections, sealing, comparison; no leaks."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.app.desk_review import DOCUMENTS, RESPONSE, copy_practice
from tests.web.conftest import Look, Workbench, unmasked
from tests.web.test_full_texts import with_room

from tamis.domain.canonical import sha256_hex
from tamis.domain.values import PassageAnchor
from tamis.web.words import words

EN, ZH = words("en"), words("zh")
ALDER = sha256_hex((DOCUMENTS / "alder2019.pdf").read_bytes())
STUDY = "/extraction/alder2019"
CELL = "velorimab/response/m6/point/events"
N_CELL = "velorimab/response/m6/point/n"
DEATHS = "velorimab/death/m12/ever/events"
PLACE = {"document": ALDER, "page": str(RESPONSE.page), "sheet": "results"}
CHOSEN = {
    "passage_document": ALDER,
    "passage_page": str(RESPONSE.page),
    "start": str(RESPONSE.start),
    "end": str(RESPONSE.end),
}
CITED = {"source": "citation", "citation": "doi:10.5555/x", "status": "registry"}


@pytest.fixture
def bench(tmp_path: Path, bench_of: Callable[..., Workbench]) -> Workbench:
    """The practice review with its papers; nobody called p-ann or p-bob extracted anything."""
    copy_practice(tmp_path / "practice")
    return with_room(bench_of(tmp_path, "practice"))


def record(bench: Workbench, cell: str, number: str, **more: str) -> Any:
    form = {"cell": cell, "number": number, **PLACE, **CHOSEN, **more}
    return bench.post(f"{STUDY}/record", form)


def own(bench: Workbench, person: str = "p-ann") -> list[Any]:
    state = bench.live.state
    every = [*state.values.values(), *state.looked_for.values()]
    return [v for v in every if v.extractor == person and v.cell.study == "alder2019"]


def test_the_chooser_shows_one_s_own_progress(bench: Workbench) -> None:
    page = bench.get("/extraction").text
    assert "Alder 2019" in page
    assert EN["extraction.stage_open"] in page


def test_without_studies_the_chooser_says_what_to_do(screening: Workbench) -> None:
    with_room(screening)
    assert EN["extraction.none_text"] in screening.get("/extraction").text


def test_a_selected_passage_becomes_a_value_with_its_anchor(bench: Workbench) -> None:
    answer = record(bench, CELL, "27", unit="participants", denominator="48")
    assert answer.status_code == 303, answer.text
    (value,) = own(bench)
    assert (value.printed, value.denominator, value.extractor) == ("27", "48", "p-ann")
    assert isinstance(value.source, PassageAnchor)
    assert value.source.quote == "27 of 48 participants (56.3%)"
    page = bench.get(answer.headers["location"].removeprefix("/r/practice")).text
    assert '<rect class="value"' in page
    assert "27 of 48 participants" in page


def test_a_candidate_of_the_page_is_listed_and_accepted(bench: Workbench) -> None:
    query = f"?sheet=results&cell={CELL}&document={ALDER}&page={RESPONSE.page}"
    page = bench.get(STUDY + query).text
    offers = re.findall(r'name="offer" value="([^"]+)"', page)
    key = next(o for o in offers if o.split(":")[1] == str(RESPONSE.start))
    answer = bench.post(f"{STUDY}/accept", {"cell": CELL, "offer": key, **PLACE})
    assert answer.status_code == 303, answer.text
    assert {v.statistic: v.printed for v in own(bench)} == {
        "events": "27", "n": "48", "percent": "56.3",
    }  # fmt: skip


def test_looked_for_says_where_and_is_no_zero(bench: Workbench) -> None:
    form = {"cell": DEATHS, "source": "sought", **PLACE}
    before = bench.live.state.count
    refused = bench.post(f"{STUDY}/record", {**form, "where": " "})
    assert refused.status_code == 422
    assert bench.live.state.count == before
    done = bench.post(f"{STUDY}/record", {**form, "where": "text, tables"})
    assert done.status_code == 303
    (sought,) = own(bench)
    assert sought.where == "text, tables"


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": "many"}, {"number": ""}, {"start": "", "end": ""}, {"cell": "x"},
        {"cell": "velorimab/nothing/m6/point/events"}, {"passage_document": "0" * 64},
        {"source": "citation"}, {"start": "999998", "end": "999999"}, {"sheet": "none"},
    ],
)  # fmt: skip
def test_bad_input_is_refused_with_words_and_nothing_written(
    bench: Workbench, wrong: dict[str, str]
) -> None:
    before = bench.live.state.count
    form = {"cell": CELL, "number": "27", **PLACE, **CHOSEN, **wrong}
    answer = bench.post(f"{STUDY}/record", form)
    assert answer.status_code in (404, 422)
    assert EN["base.notice_error"] in answer.text
    assert bench.live.state.count == before


def test_what_was_typed_is_kept_and_is_text(bench: Workbench) -> None:
    evil = "<script>alert(1)</script>"
    page = record(bench, CELL, evil, note=evil, start="", end="").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_an_own_value_is_corrected_and_the_old_one_stays_in_the_log(bench: Workbench) -> None:
    record(bench, CELL, "72", denominator="48")
    (wrong,) = own(bench)
    page = bench.get(f"{STUDY}?sheet=results&cell={CELL}").text
    assert wrong.event in page
    assert 'class="notice error"' in page  # 72 of 48: the rules say so at once
    answer = record(bench, CELL, "27", denominator="48", event=wrong.event, source="same")
    assert answer.status_code == 303, answer.text
    (value,) = own(bench)
    assert (value.printed, value.id) == ("27", wrong.id)
    assert value.source == wrong.source
    assert wrong.event in {event.id for event in bench.live.review.events()}


def test_a_conversion_is_offered_with_its_formula_and_recorded(bench: Workbench) -> None:
    base = "velorimab/proteinuria/m6/follow-up"
    for statistic, number in (("mean", "1.6"), ("se", "0.2"), ("n", "48")):
        assert record(bench, f"{base}/{statistic}", number, **CITED).status_code == 303
    page = bench.get(f"{STUDY}?sheet=results&cell={base}/mean").text
    (offer,) = re.findall(r'name="conversion" value="([^"]+)"', page)
    form = {"cell": f"{base}/mean", "conversion": offer, **PLACE}
    assert bench.post(f"{STUDY}/convert", form).status_code == 303
    made = next(v for v in own(bench) if v.statistic == "sd")
    assert made.status == "derived"
    assert "48" in made.source.formula


def test_trajectories_are_drawn_with_what_is_being_typed(bench: Workbench) -> None:
    cell = "velorimab/proteinuria/{}/follow-up/mean"
    record(bench, cell.format("baseline"), "3.1", **CITED)
    drawn = bench.get(f"{STUDY}/plot?cell={cell.format('m6')}&number=1.6").text
    assert drawn.count("<circle") == 1 or "1.6" in drawn
    assert "6: 1.6" in drawn
    assert len(own(bench)) == 1


def test_form_answers_and_arms(bench: Workbench) -> None:
    assert EN["extraction.no_arms"] in bench.get(f"{STUDY}?sheet=tidier").text
    assert bench.post(f"{STUDY}/arms", {"arm": "Bad Name!", "sheet": "arms"}).status_code == 422
    assert bench.post(f"{STUDY}/arms", {"arm": "velorimab", "sheet": "arms"}).status_code == 303
    cell = "velorimab/arm-role/baseline/point/text"
    assert cell in bench.get(f"{STUDY}?sheet=arms").text.replace("%2F", "/")
    form = {"cell": cell, "number": "experimental", "sheet": "arms", "source": "judged"}
    assert bench.post(f"{STUDY}/record", form).status_code == 303
    assert own(bench)[0].printed == "experimental"


def test_sealing_takes_something_and_can_be_taken_back(bench: Workbench) -> None:
    assert bench.post(f"{STUDY}/seal").status_code == 422
    record(bench, CELL, "27", denominator="48")
    assert bench.post(f"{STUDY}/seal").status_code == 303
    assert EN["extraction.sealed_waiting"] in bench.get(STUDY).text
    assert record(bench, N_CELL, "48").status_code == 422
    assert bench.get(f"{STUDY}/compare").status_code == 409
    bench.post(f"{STUDY}/unseal")
    assert 'id="seal-title"' in bench.get(STUDY).text
    assert record(bench, N_CELL, "48").status_code == 303


PATHS = (
    "/extraction", STUDY, f"{STUDY}?sheet=results&cell={CELL}", f"{STUDY}/plot?cell={CELL}",
    f"{STUDY}/compare", "/extraction/agreement", f"/documents/{ALDER}?page={RESPONSE.page}",
    f"{STUDY}?sheet=tidier", "/full-texts",
)  # fmt: skip


def test_nothing_of_another_s_unsealed_values_is_in_any_answer(bench: Workbench) -> None:
    record(bench, CELL, "27", denominator="48")

    def seen(sealed: bool, *numbers: str) -> list[str]:
        bench.become("p-bob")
        for number in numbers:
            record(bench, CELL if not own(bench, "p-bob") else N_CELL, number, denominator="",
                   note="secret word", passage_document="", **CITED)  # fmt: skip
        if sealed:
            bench.post(f"{STUDY}/seal")
        bench.become("p-ann")
        return [unmasked(bench.get(path).text) for path in PATHS]

    nothing, some, more = seen(False), seen(False, "13"), seen(True, "41")
    assert {v.printed for v in own(bench, "p-bob")} == {"13", "41"}
    assert nothing == some == more
    assert not any("secret word" in page for page in nothing)


def sealed_by_two(bench: Workbench) -> None:
    for person, number in (("p-bob", "28"), ("p-ann", "27")):
        bench.become(person)
        record(bench, CELL, number, denominator="48")
        bench.post(f"{STUDY}/seal")


def test_two_readings_are_compared_and_settled_with_a_reason(bench: Workbench) -> None:
    sealed_by_two(bench)
    page = bench.get(f"{STUDY}/compare").text
    assert page.count("<mark>27 of 48 participants (56.3%)</mark>") == 2
    key = re.findall(r'name="key" value="([^"]+)"', page)[0]
    form = {"key": key, "chosen": "a", "reason": ""}
    assert bench.post(f"{STUDY}/settle", form).status_code == 422
    assert bench.post(f"{STUDY}/settle", {**form, "chosen": "z"}).status_code == 422
    done = bench.post(f"{STUDY}/settle", {**form, "reason": "a slip"})
    assert done.status_code == 303, done.text
    ours = {v.event for who in ("p-ann", "p-bob") for v in own(bench, who)}
    (settled,) = [s for s in bench.live.state.value_settlements.values() if s.chosen in ours]
    assert settled.reason == "a slip"
    assert EN["extraction.nothing_open"] in bench.get(f"{STUDY}/compare").text
    rates = bench.get("/extraction/agreement").text
    assert EN["extraction.kind_counts"] in rates


def test_neither_is_settled_with_a_third_reading(bench: Workbench) -> None:
    sealed_by_two(bench)
    page = bench.get(f"{STUDY}/compare").text
    key = re.findall(r'name="key" value="([^"]+)"', page)[0]
    form = {"key": key, "chosen": "n", "reason": "the table says so", "number": "26"}
    assert bench.post(f"{STUDY}/settle", {**form, "source": "citation"}).status_code == 422
    answer = bench.post(f"{STUDY}/settle", {**form, "source": "b", "denominator": "48"})
    assert answer.status_code == 303, answer.text
    assert EN["extraction.third"] in bench.get(f"{STUDY}/compare").text


def test_an_unknown_study_or_form_is_refused(bench: Workbench) -> None:
    assert bench.get("/extraction/nothing").status_code == 404
    assert bench.get(f"{STUDY}?sheet=nothing").status_code == 422
    assert bench.get(f"{STUDY}?page=nonsense&at=x&start=-5").status_code == 200


def _opened(page: Any, cell: str) -> None:
    page.wait_for_selector(f"#cell-title[data-cell='{cell}']")


def _selects(page: Any) -> None:
    """Record a field from words selected in the text of the page, then correct it."""
    page.keyboard.press("n")  # the first open field of the first form: a text
    _opened(page, "all/design-as-stated/baseline/point/text")
    if page.locator(".work-tabs").is_visible():  # one of paper and form at a time
        page.keyboard.press("p")
        assert page.locator(".work-panel").is_hidden()
    page.keyboard.press("/")
    page.keyboard.type("double-blind")
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.activeElement.closest('.hits li')")
    page.keyboard.press("t")
    page.wait_for_function("() => document.activeElement.id === 'page-text'")
    for _ in range(12):
        page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.activeElement.id === 'number'")
    assert page.locator("#number").input_value()
    page.keyboard.press("Enter")
    page.wait_for_selector("#work .answer .quote")
    page.wait_for_function("() => document.activeElement.id !== 'number'")
    page.keyboard.press("e")
    page.wait_for_function("() => document.activeElement.id === 'number'")
    page.keyboard.press("End")
    page.keyboard.type(" trial")
    page.keyboard.press("Enter")
    page.wait_for_function(
        "() => document.querySelector('.answer .printed').innerText.endsWith(' trial')"
    )


@pytest.mark.needs("chromium")
@pytest.mark.parametrize(("language", "dark", "width"), [("en", False, 1440), ("zh-CN", True, 390)])
def test_a_person_extracts_by_keys_alone(
    bench: Workbench,
    serve_folder: Callable[[Path], str],
    look: Callable[..., Look],
    language: str,
    dark: bool,
    width: int,
) -> None:
    address = serve_folder(bench.folder.parent)
    seen = look(address, language=language, dark=dark, width=width)
    page = seen.page
    page.context.add_cookies([{"name": "tamis-person", "value": "p-new", "url": address}])
    seen.go("/r/practice/extraction")
    assert not seen.violations()
    page.keyboard.press("1")
    page.wait_for_selector("#work")
    page.wait_for_load_state("networkidle")
    _selects(page)
    seen.go(f"/r/practice{STUDY}?sheet=results&cell={CELL}&document={ALDER}&page={RESPONSE.page}")
    page.wait_for_selector("[data-key='1'][name=offer]")
    assert not seen.violations()
    page.keyboard.press("1")
    page.wait_for_selector("#work .answer")
    seen.go(f"/r/practice{STUDY}?sheet=results&cell={DEATHS}")
    page.keyboard.press("w")
    page.keyboard.type("text and tables")
    page.keyboard.press("Enter")
    page.wait_for_selector("#work .answer")
    page.wait_for_function("() => document.activeElement.name !== 'where'")
    assert not seen.violations()
    assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")
    page.keyboard.press("S")
    page.wait_for_selector(".notice.info")
    assert not seen.complaints
    bench.live.refresh()
    mine = own(bench, "p-new")
    assert {v.statistic for v in mine} >= {"text", "events"}
    assert any(hasattr(v, "where") for v in mine)


@pytest.mark.needs("chromium")
def test_a_difference_is_settled_by_keys_alone(
    bench: Workbench, serve_folder: Callable[[Path], str], look: Callable[..., Look]
) -> None:
    sealed_by_two(bench)
    address = serve_folder(bench.folder.parent)
    seen = look(address)
    page = seen.page
    page.context.add_cookies([{"name": "tamis-person", "value": "p-ann", "url": address}])
    seen.go(f"/r/practice{STUDY}/compare")
    assert not seen.violations()
    page.keyboard.press("n")
    page.wait_for_function("() => document.getElementById('third').open")
    page.evaluate("() => document.activeElement.blur()")
    page.keyboard.press("b")
    page.wait_for_function("() => document.activeElement.id === 'reason'")
    page.keyboard.type("a slip")
    page.keyboard.press("Enter")
    page.wait_for_selector(".empty")
    bench.live.refresh()
    told = [s.reason for s in bench.live.state.value_settlements.values()]
    assert "a slip" in told
    seen.go("/r/practice/extraction/agreement")
    assert not seen.violations()
    assert not seen.complaints


def test_a_field_is_found_by_some_of_its_words(bench: Workbench) -> None:
    record(bench, CELL, "27", denominator="48")

    def found(words: str, **more: str) -> str:
        page = bench.get(STUDY, params={"find": words, **more})
        assert page.status_code == 200, words
        return re.search(r'data-cell="([^"]+)"', page.text)[1]  # type: ignore[index]

    assert found("response m6 velorimab events") == CELL
    assert found("应答率 m6 事件人数") == CELL
    assert found("RESP m6 vel n") == N_CELL
    assert found("design") == "all/design-as-stated/baseline/point/text"
    after = found("design", cell="all/design-as-stated/baseline/point/text")
    assert after != "all/design-as-stated/baseline/point/text"
    nothing = bench.get(STUDY, params={"find": "<script>alert(1)</script>"})
    assert nothing.status_code == 422
    assert EN["base.notice_error"] in nothing.text
    assert "<script>alert" not in nothing.text
    assert bench.get(STUDY, params={"find": "   "}).status_code == 422


def test_the_arms_of_a_visit_stand_in_one_table(bench: Workbench) -> None:
    for arm in ("velorimab", "placebo"):
        bench.post(f"{STUDY}/arms", {"arm": arm, "sheet": "results"})
    page = bench.get(f"{STUDY}?sheet=results").text
    (heading,) = re.findall(r"<summary>Per arm: response / m6 ", page)
    table = page.partition(heading)[2].partition("</table>")[0]
    assert re.findall(r'<tr><th scope="row">(\w+)</th>', table) == ["velorimab", "placebo"]
