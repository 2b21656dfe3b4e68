"""Risk of bias in the browser: answers, proposals, reasons, sealed until two have finished."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.web.conftest import INPUTS, Look, Workbench, unmasked

from tamis.domain.ids import slugify
from tamis.web.words import words

EN, ZH = words("en"), words("zh")
#: A result that nobody has appraised with this tool.
FRESH = "/appraisal/rob2:adherence/alder2019/response/m6"
UNIT = ("rob2:adherence", "alder2019/response/m6")
#: Answers that make every domain low.
LOW = {
    "1.1": "Y", "1.2": "Y", "1.3": "N", "2.1": "N", "2.2": "N", "2.3": "NA", "2.4": "N",
    "2.5": "N", "3.1": "Y", "4.1": "N", "4.2": "N", "4.3": "N", "5.1": "Y", "5.2": "N", "5.3": "N",
}  # fmt: skip
HIGH = {**LOW, "1.2": "N", "1.1": "N"}


def form_of(answers: dict[str, str], **more: str) -> dict[str, str]:
    return {**{f"answer.{q}": a for q, a in answers.items()}, **more}


def rows(bench: Workbench, person: str) -> dict[str, str]:
    return {
        row.question: row.judgement or row.answer
        for row in bench.live.state.appraisals.values()
        if (row.tool, row.result) == UNIT and row.assessor == person
    }


def finish(bench: Workbench, person: str, answers: dict[str, str], **more: str) -> None:
    bench.become(person)
    done = bench.post(f"{FRESH}/accept", form_of(answers, **more))
    assert done.status_code == 303, done.text


def test_the_overview_has_lights_with_words(practice: Workbench) -> None:
    practice.become("p-rev-a")
    page = practice.get("/appraisal").text
    assert 'class="light-sign" aria-hidden="true">+</span>' in page
    assert EN["appraisal.stage_agreed"] in page
    assert EN["appraisal.stage_waiting"] in page
    assert "some concerns" in page


def test_answers_are_events_and_unchanged_ones_write_nothing(practice: Workbench) -> None:
    practice.become("p-rev-a")
    before = practice.live.state.count
    form = form_of({"1.1": "Y", "1.2": "PY"}, **{"support.1.1": "by computer", "anchor.1.1": "p 1"})
    assert practice.post(FRESH, form).status_code == 303
    assert practice.live.state.count == before + 2
    practice.post(FRESH, form)
    assert practice.live.state.count == before + 2
    practice.post(FRESH, {**form, "support.1.1": "by a computer"})
    assert practice.live.state.count == before + 3
    last = [r for r in practice.live.state.appraisals.values() if r.question == "1.1"][-1]
    assert (last.support, last.anchor, last.assessor) == ("by a computer", "p 1", "p-rev-a")


def test_the_proposal_is_live_with_its_rule(practice: Workbench) -> None:
    practice.become("p-rev-a")
    answer = practice.post(
        FRESH, form_of({"1.1": "Y", "1.2": "N", "1.3": "N"}), headers={"HX-Request-Type": "partial"}
    )
    assert answer.status_code == 200
    assert "<html" not in answer.text
    part = answer.text.partition('id="proposal-D1"')[2].partition("</p>")[0]
    assert "high" in part
    assert "D1.1#1" in part
    assert "D1" not in rows(practice, "p-rev-a")


def test_an_answer_that_is_no_longer_reached_is_left_out(practice: Workbench) -> None:
    practice.become("p-rev-a")
    practice.post(FRESH, form_of({"4.1": "Y", "4.2": "N", "4.3": "N"}))
    assert "4.3" not in rows(practice, "p-rev-a")


def test_a_judgement_otherwise_than_proposed_needs_a_reason(practice: Workbench) -> None:
    practice.become("p-rev-a")
    form = form_of({"1.1": "Y", "1.2": "Y", "1.3": "N"}, **{"judgement.D1": "H"})
    answer = practice.post(FRESH, form)
    assert answer.status_code == 422
    assert EN["appraisal.reason_missing"] in answer.text.replace("&#39;", "'")
    said = rows(practice, "p-rev-a")
    assert "D1" not in said
    assert said["1.1"] == "Y"
    practice.post(FRESH, {**form, "reason.D1": "one centre opened the envelopes"})
    assert rows(practice, "p-rev-a")["D1"] == "H"
    assert EN["appraisal.overridden"] in practice.get(FRESH).text


def test_a_proposal_taken_over_gives_its_rule_as_reason(practice: Workbench) -> None:
    finish(practice, "p-rev-a", LOW)
    said = rows(practice, "p-rev-a")
    assert said["overall"] == "L"
    reasons = {r.question: r.reason for r in practice.live.state.appraisals.values()
               if (r.tool, r.result) == UNIT}  # fmt: skip
    assert reasons["D1"].startswith("As proposed (D1.1#6")
    before = practice.live.state.count
    practice.post(f"{FRESH}/accept", form_of(LOW))
    assert practice.live.state.count == before
    form = form_of(LOW, **{"judgement.D1": "H", "reason.D1": reasons["D1"]})
    assert practice.post(FRESH, form).status_code == 422
    assert rows(practice, "p-rev-a")["D1"] == "L"


@pytest.mark.parametrize(
    "form",
    [
        {"answer.1.1": "<script>"},
        {"answer.99.9": "Y"},
        {"judgement.D1": "../../x", "reason.D1": "x"},
        {"answer.1.1": "Y", "support.1.1": "x" * 4001},
    ],
)
def test_bad_input_is_told_and_nothing_is_written(
    practice: Workbench, form: dict[str, str]
) -> None:
    practice.become("p-rev-a")
    before = practice.live.state.count
    answer = practice.post(FRESH, form)
    assert answer.status_code == 422
    assert EN["base.notice_error"] in answer.text
    assert "<script>&#34;" not in answer.text
    assert practice.live.state.count == before


@pytest.mark.parametrize(
    "path",
    [
        "/appraisal/no-tool/alder2019/response/m6",
        "/appraisal/rob2:assignment/nobody/response/m6",
        "/appraisal/rob2:assignment/alder2019/nothing/m6",
        "/appraisal/rob2:assignment/alder2019/-/-",
        "/appraisal/rob2:assignment/%2e%2e/response/m6/passages?q=x",
    ],
)
def test_an_unknown_tool_or_result_is_refused_with_words(practice: Workbench, path: str) -> None:
    answer = practice.get(path)
    assert answer.status_code in (404, 422)
    assert EN["base.notice_error"] in answer.text


def test_hostile_words_are_text(practice: Workbench) -> None:
    practice.become("p-rev-a")
    practice.post(
        FRESH, form_of({"1.1": "Y"}, **{"support.1.1": "</textarea><script>x()</script>"})
    )
    page = practice.get(FRESH).text
    assert "<script>x()" not in page
    assert "&lt;script&gt;x()" in page


def test_nothing_that_another_said_is_in_any_answer_before_both_have_finished(
    practice: Workbench,
) -> None:
    paths = ("/appraisal", FRESH, f"{FRESH}/compare", "/appraisal/agreement", f"{FRESH}/passages",
             "/certainty", "/certainty/response-rct", "/claims")  # fmt: skip

    def pages(viewer: str) -> list[str]:
        practice.become(viewer)
        return [unmasked(practice.get(path).text) for path in paths]

    def seen(answers: dict[str, str], secret: str) -> dict[str, list[str]]:
        finish(practice, "p-rev-a", answers, **{
            "support.1.1": secret, "judgement.overall": "H", "reason.overall": secret,
        })  # fmt: skip
        return {who: pages(who) for who in ("p-rev-b", "p-new")}

    practice.become("p-rev-b")
    practice.post(FRESH, form_of({"1.1": "PY"}))
    first, second = seen(LOW, "secret word"), seen(HIGH, "other secret")
    assert first == second
    assert not any(
        "secret" in page for each in (first, second) for p in each.values() for page in p
    )
    practice.become("p-rev-b")
    assert practice.get(f"{FRESH}/compare").status_code == 409
    assert practice.post(f"{FRESH}/open", {"why": "to look"}).status_code == 422


def test_two_who_have_finished_are_compared_and_settled(practice: Workbench) -> None:
    finish(practice, "p-rev-a", LOW)
    finish(practice, "p-rev-b", HIGH)
    page = practice.get(f"{FRESH}/compare").text
    assert EN["appraisal.differs"] in page
    practice.become("p-rev-c")
    locked = practice.get(FRESH).text
    assert EN["appraisal.locked"] in locked
    assert practice.post(FRESH, form_of({"1.1": "Y"})).status_code in (409, 422)
    assert not rows(practice, "p-rev-c")
    for form in ({"word": "N", "reason": ""}, {"word": "", "reason": "x"}, {"word": "??"}):
        refused = practice.post(f"{FRESH}/settle", {"place": "1.1", **form})
        assert refused.status_code == 422
    assert not [s for s in practice.live.state.appraisal_settlements.values() if s.tool == UNIT[0]]
    for place, word in (("1.1", "Y"), ("1.2", "Y"), ("D1", "L"), ("overall", "L")):
        form = {"place": place, "word": word, "reason": "the paper says so"}
        assert practice.post(f"{FRESH}/settle", form).status_code == 303
    settled = [s for s in practice.live.state.appraisal_settlements.values() if s.tool == UNIT[0]]
    assert [s.question for s in settled] == ["1.1", "1.2", "D1", "overall"]
    assert all(len(s.settles) == 2 for s in settled)
    assert EN["appraisal.stage_agreed"] in practice.get(f"{FRESH}/compare").text
    practice.become("p-rev-b")
    practice.post(FRESH, form_of({"1.1": "PN"}))
    assert EN["appraisal.reopened"] in practice.get(f"{FRESH}/compare").text


def test_a_question_that_the_consensus_does_not_reach_is_not_settled(practice: Workbench) -> None:
    finish(practice, "p-rev-a", LOW)
    finish(practice, "p-rev-b", LOW)
    form = {"place": "2.6", "word": "Y", "reason": "because"}
    assert practice.post(f"{FRESH}/settle", form).status_code in (409, 422)


def test_sealed_appraisals_are_opened_with_a_reason_that_is_recorded(practice: Workbench) -> None:
    practice.become("p-ann")
    assert practice.post("/appraisal/open", {"why": " "}).status_code == 422
    assert EN["appraisal.stage_sealed"] in practice.get("/appraisal").text
    assert practice.post("/appraisal/open", {"why": "one assessor only"}).status_code == 303
    page = practice.get("/appraisal").text
    assert EN["appraisal.stage_single"] in page
    notes = [n for n in practice.live.state.notes.values() if n.topic == "appraisal-opened"]
    assert len(notes) == 9
    assert {n.by for n in notes} == {"p-ann"}
    one = "/appraisal/rob2:assignment/alder2019/death/m12.ever"
    assert practice.post(one, form_of({"1.1": "Y"})).status_code == 422
    assert practice.post("/appraisal/open", {"why": "again"}).status_code == 422


def test_passages_come_from_the_attached_documents(practice: Workbench) -> None:
    shutil.copytree(INPUTS / "documents", practice.folder / "documents", dirs_exist_ok=True)
    page = practice.get(f"{FRESH}/passages?q=random").text
    assert 'data-place="alder2019.pdf, page ' in page
    assert EN["appraisal.nothing_found"] in practice.get(f"{FRESH}/passages?q=zzzz").text


def test_a_missing_document_is_named(practice: Workbench) -> None:
    shutil.rmtree(practice.folder / "documents", ignore_errors=True)
    page = practice.get(f"{FRESH}/passages?q=random").text
    assert EN["appraisal.document_missing"].format(file="alder2019.pdf") in page


def test_the_users_own_wording_is_shown_with_its_licence(practice: Workbench) -> None:
    (practice.folder / "wording").mkdir()
    (practice.folder / "wording" / "rob2-adherence-2019-08-22-en.toml").write_text(
        'tool = "rob2:adherence"\nversion = "2019-08-22"\nlang = "en"\nlicence = "as loaded"\n'
        'source = "https://www.riskofbias.info"\n[q]\n"1.1" = "(the official first question)"\n',
        encoding="utf-8",
    )
    page = practice.get(FRESH).text
    assert "(the official first question)" in page
    assert "as loaded" in page


def test_empty_states_say_what_to_do(screening: Workbench) -> None:
    assert EN["appraisal.no_studies_text"] in screening.get("/appraisal").text
    assert EN["appraisal.no_agreement"] in screening.get("/appraisal/agreement").text


def test_words_of_tools_are_keyed_by_themselves() -> None:
    for key, text in EN.items():
        if key.startswith("tools."):
            assert key == f"tools.{slugify(text).replace('-', '_')}"


def test_chinese(practice: Workbench) -> None:
    page = practice.get(FRESH, headers={"accept-language": "zh-CN"}).text
    assert ZH["appraisal.judge_domain"] in page
    assert ZH["tools.sequence_of_allocation_was_random"] in page


@pytest.mark.needs("chromium")
@pytest.mark.parametrize(("language", "dark", "width"), [("en", True, 1440), ("zh-CN", False, 390)])
def test_a_person_appraises_by_keys_alone(
    practice: Workbench,
    serve_folder: Callable[[Path], str],
    look: Callable[..., Look],
    language: str,
    dark: bool,
    width: int,
) -> None:
    shutil.copytree(INPUTS / "documents", practice.folder / "documents", dirs_exist_ok=True)
    seen = look(serve_folder(practice.folder.parent), language=language, dark=dark, width=1440)
    page = seen.go("/r/practice/appraisal/rob2:adherence/alder2019/response/m6")
    proposal = page.locator("#proposal-D1 .light")
    page.keyboard.press("2")  # nobody went to a question: a stray key answers nothing
    for key in "m1m1m4":
        page.keyboard.press(key)
    proposal.wait_for()
    told = ZH if language == "zh-CN" else EN
    assert told["tools.low"] in proposal.inner_text()
    page.keyboard.press("t")
    page.keyboard.type("1 2 3: words, no answers")
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    page.wait_for_selector("#judge-D1 input:checked")
    page.set_viewport_size({"width": width, "height": 900})
    assert seen.violations() == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for path in ("", "/agreement", "/rob2:assignment/alder2019/response/m6/compare"):
        seen.go(f"/r/practice/appraisal{path}")
        assert seen.violations() == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    assert seen.complaints == []
    practice.live.refresh()
    said = rows(practice, "p-rev-a")
    assert (said["1.1"], said["1.2"], said["1.3"], said["D1"]) == ("Y", "Y", "N", "L")


def test_an_answer_is_taken_back(practice: Workbench) -> None:
    practice.become("p-new")
    path = "/appraisal/rob2:adherence/alder2019/response/m6"
    practice.post(path, {"answer.1.1": "Y", "answer.1.2": "PY"})
    asked = f"{path}?"
    before = practice.get(asked).text
    assert re.search(r'name="answer\.1\.1" value="Y" checked', before)
    sent = {"answer.1.1": "Y", "answer.1.2": "PY", "clear": "1.1"}
    assert practice.post(path, sent).status_code == 303
    after = practice.get(asked).text
    assert not re.search(r'name="answer\.1\.1" value="[A-Z]+" checked', after)
    assert re.search(r'name="answer\.1\.2" value="PY" checked', after)
    mine = [row for row in practice.live.state.appraisals.values() if row.assessor == "p-new"]
    assert [(row.question, row.answer) for row in mine] == [("1.2", "PY")]
    # ... and again: what is open already is not written a second time
    count = practice.live.state.count
    practice.post(path, sent | {"answer.1.1": ""})
    assert practice.live.state.count == count
    assert practice.post(path, {"clear": "9.9"}).status_code == 422
