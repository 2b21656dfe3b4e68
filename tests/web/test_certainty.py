"""Certainty in the browser: proposals accepted or overruled, statements live with thresholds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.web.conftest import Look, Workbench

from tamis.app.grading.view import DomainRated, Ratings
from tamis.web.words import words

EN, ZH = words("en"), words("zh")
BODY = "/certainty/response-rct"
PART = {"HX-Request-Type": "partial"}


def decided(bench: Workbench, domain: str) -> tuple[int, str, str]:
    found = [j for j in bench.live.state.certainty.values()
             if (j.body, j.domain) == ("response-rct", domain)]  # fmt: skip
    return found[-1].change, found[-1].reason, found[-1].by


def domain(bench: Workbench, name: str = "imprecision") -> DomainRated:
    view = bench.live.part(Ratings).body("p-ann", "response-rct")
    return next(one for one in view.domains if one.id == name)


def test_the_summary_of_findings_has_numbers_levels_and_statements(practice: Workbench) -> None:
    page = practice.get("/certainty").text
    assert "RR 1.54 (0.77 – 3.09)" in page
    assert "⊕⊕◯◯" in page
    assert "Velorimab may increase response" in page
    chinese = practice.get("/certainty", headers={"accept-language": "zh-CN"}).text
    assert ZH["certainty.summary"] in chinese
    assert "维洛单抗可能提高应答率" in chinese


def test_a_body_shows_rule_numbers_and_both_statements(practice: Workbench) -> None:
    page = practice.get(BODY).text
    assert f"<code>{domain(practice, 'inconsistency').rule}</code>" in page
    assert "τ² 0.0138" in page
    assert "Velorimab may increase response" in page
    assert "维洛单抗可能提高应答率" in page
    assert "340" in page


def test_the_proposal_is_accepted_with_its_rule_as_reason(practice: Workbench) -> None:
    known = domain(practice)
    assert known.proposal in (-2, -3)
    answer = practice.post(BODY, {"domain": "imprecision", "accept": str(known.proposal)})
    assert answer.status_code == 303
    change, reason, by = decided(practice, "imprecision")
    assert (change, by) == (known.proposal, "p-ann")
    assert reason == " ".join(known.message.split())
    before = practice.live.state.count
    practice.post(BODY, {"domain": "imprecision", "accept": str(known.proposal)})
    assert practice.live.state.count == before
    page = practice.get(BODY).text
    assert "The evidence is very uncertain about the effect of velorimab on response" in page


def test_another_decision_needs_a_reason(practice: Workbench) -> None:
    before = practice.live.state.count
    other = next(c for c in (-2, -3) if c != domain(practice).proposal)
    form = {"domain": "imprecision", "change": str(other)}
    refused = practice.post(BODY, form)
    assert refused.status_code == 422
    assert EN["base.notice_error"] in refused.text
    assert practice.live.state.count == before
    fragment = practice.post(BODY, {**form, "reason": "<script>x()</script> wide"}, headers=PART)
    assert fragment.status_code == 200
    assert "<html" not in fragment.text
    assert "<script>x()" not in fragment.text
    assert decided(practice, "imprecision")[0] == other
    assert "very low certainty" in fragment.text


@pytest.mark.parametrize(
    "form",
    [
        {"domain": "imprecision", "change": "+1", "reason": "x"},
        {"domain": "imprecision", "change": "many", "reason": "x"},
        {"domain": "<script>", "change": "0", "reason": "x"},
        {"domain": "imprecision"},
        {"domain": "imprecision", "change": "-1", "reason": "x" * 4001},
    ],
)
def test_what_grade_has_not_is_refused(practice: Workbench, form: dict[str, str]) -> None:
    before = practice.live.state.count
    answer = practice.post(BODY, form)
    assert answer.status_code == 422
    assert "<script>&#39;" not in answer.text
    assert practice.live.state.count == before


def test_thresholds_change_the_statement_and_write_nothing(practice: Workbench) -> None:
    before = practice.live.state.count
    tried = practice.get(f"{BODY}?small=10&moderate=20&large=30").text
    assert "may result in a large increase in response" in tried
    assert EN["certainty.tried"] in tried
    crossed = practice.get(f"{BODY}?small=30&moderate=20&large=10")
    assert crossed.status_code == 422
    assert "crossed" in crossed.text
    assert practice.get(f"{BODY}?small=x&moderate=1&large=2").status_code == 422
    assert practice.live.state.count == before
    assert practice.get("/certainty/../review.toml").status_code == 404
    assert practice.get("/certainty/no-such-body").status_code == 404


def test_what_is_sealed_is_left_out_and_said(practice: Workbench) -> None:
    page = practice.get("/certainty").text
    assert EN["certainty.sealed_results"].format(n=9) in page
    practice.become("p-rev-a")
    page = practice.get("/certainty").text
    assert EN["certainty.sealed_results"].format(n=9) not in page


def test_readings_of_others_are_left_out_until_one_has_sealed(practice: Workbench) -> None:
    practice.become("p-rev-b")
    own = {v.cell.study for v in practice.live.state.values.values() if v.extractor == "p-rev-b"}
    others = {v.cell.study for v in practice.live.state.values.values() if v.extractor != "p-rev-b"}
    page = practice.get("/certainty").text
    said = EN["certainty.sealed_studies"].partition("{")[0]
    assert (said in page) == bool(own & others)


def test_empty_states_say_what_to_do(tmp_path: Path, bench_of: Callable[..., Workbench]) -> None:
    from tests.web.fresh_review import start

    start(tmp_path)
    assert EN["certainty.none"] in bench_of(tmp_path, "fresh").get("/certainty").text


def test_without_values_nothing_is_proposed(screening: Workbench) -> None:
    assert EN["certainty.unreported"] in screening.get("/certainty").text
    page = screening.get(BODY).text
    assert EN["certainty.nothing_proposed"] in page
    assert "No study" in page


@pytest.mark.needs("chromium")
@pytest.mark.parametrize(("language", "dark", "width"), [("en", True, 1440), ("zh-CN", False, 390)])
def test_a_body_is_rated_by_keys_alone(
    practice: Workbench,
    serve_folder: Callable[[Path], str],
    look: Callable[..., Look],
    language: str,
    dark: bool,
    width: int,
) -> None:
    seen = look(serve_folder(practice.folder.parent), language=language, dark=dark)
    page = seen.go(f"/r/practice{BODY}")
    for _ in range(4):
        page.keyboard.press("j")
    assert page.evaluate("document.querySelector('.armed').id") == "domain-imprecision"
    page.keyboard.press("a")
    page.wait_for_function(
        "text => document.querySelector('.statements').innerText.includes(text)",
        arg="The evidence is very uncertain",
    )
    page.fill("#thresholds [name=small]", "1")
    page.wait_for_selector("#rating .tag.warning")
    page.set_viewport_size({"width": width, "height": 900})
    assert seen.violations() == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    seen.go("/r/practice/certainty")
    assert seen.violations() == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert seen.complaints == []
    practice.live.refresh()
    assert decided(practice, "imprecision")[0] == domain(practice).proposal
