"""Appraisal, certainty and claims as pages ask for them: what is seen, what becomes an event."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tamis import examples
from tamis.app.appraise.answers import Given, accept_proposals, save_answers
from tamis.app.appraise.blinding import AppraisalSight
from tamis.app.appraise.compare import compare_result, open_results, settle_place
from tamis.app.appraise.passages import _sentence
from tamis.app.appraise.view import Appraisals
from tamis.app.grading.claims_edit import ClaimDesk, ClaimDraft
from tamis.app.grading.ground import Grounds
from tamis.app.grading.view import Ratings
from tamis.app.judgement.grade import grade_review
from tamis.app.live import LiveReview
from tamis.appraisal import TOOLS
from tamis.domain.errors import BadInput, RuleBroken

PRACTICE = Path(examples.__file__).parent / "practice" / "review"
UNIT = ("rob2:adherence", "alder2019/response/m6")
LOW = {
    "1.1": "Y", "1.2": "Y", "1.3": "N", "2.1": "N", "2.2": "N", "2.3": "NA", "2.4": "N",
    "2.5": "N", "3.1": "Y", "4.1": "N", "4.2": "N", "4.3": "N", "5.1": "Y", "5.2": "N", "5.3": "N",
}  # fmt: skip


@pytest.fixture
def live(tmp_path: Path) -> LiveReview:
    shutil.copytree(PRACTICE, tmp_path / "practice")
    return LiveReview(tmp_path / "practice")


def finish(live: LiveReview, person: str, **other: str) -> None:
    given = {place: Given(answer=answer) for place, answer in {**LOW, **other}.items()}
    save_answers(live, person, *UNIT, given)
    accept_proposals(live, person, *UNIT)


def test_finished_is_every_question_and_the_whole(live: LiveReview) -> None:
    save_answers(live, "p-x", *UNIT, {q: Given(answer=a) for q, a in LOW.items()})
    assert AppraisalSight(live.state, TOOLS).finished(UNIT) == frozenset()
    accept_proposals(live, "p-x", *UNIT)
    assert AppraisalSight(live.state, TOOLS).finished(UNIT) == {"p-x"}
    save_answers(live, "p-x", *UNIT, {"2.1": Given(answer="Y")})  # leads to 2.3
    assert AppraisalSight(live.state, TOOLS).finished(UNIT) == frozenset()


def test_who_may_see_whom(live: LiveReview) -> None:
    finish(live, "p-x")
    save_answers(live, "p-y", *UNIT, {"1.1": Given(answer="N")})
    sight = AppraisalSight(live.state, TOOLS)
    assert sight.may_see("p-y", UNIT) == {"p-y"}
    assert sight.may_see("p-x", UNIT) == {"p-x"}
    assert sight.may_see("p-z", UNIT) == {"p-z"}
    assert {a.assessor for a in sight.visible("p-y").appraisals.values()
            if (a.tool, a.result) == UNIT} == {"p-y"}  # fmt: skip
    with pytest.raises(RuleBroken):
        compare_result(live, "p-z", *UNIT)
    finish(live, "p-y")
    sight = AppraisalSight(live.state, TOOLS)
    for viewer in ("p-x", "p-y", "p-z"):
        assert sight.comparable(viewer, UNIT) == ("p-x", "p-y")
    with pytest.raises(RuleBroken):
        save_answers(live, "p-z", *UNIT, {"1.1": Given(answer="Y")})


def test_opening_needs_a_reason_and_ends_blinded_appraising(live: LiveReview) -> None:
    finish(live, "p-x")
    with pytest.raises(BadInput):
        open_results(live, "p-z", [UNIT], why=" ")
    open_results(live, "p-z", [UNIT], why="nobody else will")
    assert AppraisalSight(live.state, TOOLS).may_see("p-z", UNIT) == {"p-x", "p-z"}
    assert live.part(Appraisals).form("p-z", *UNIT).locked
    with pytest.raises(RuleBroken):
        save_answers(live, "p-z", *UNIT, {"1.1": Given(answer="Y")})


def test_a_consensus_names_what_it_settles(live: LiveReview) -> None:
    finish(live, "p-x")
    finish(live, "p-y", **{"1.1": "N"})
    before = compare_result(live, "p-z", *UNIT)
    assert [one.id for one in before.places if one.state == "open"] == ["1.1", "D1", "overall"]
    event = settle_place(live, "p-z", *UNIT, place="1.1", word="Y", reason="the paper says so")
    assert len((event.body or {})["settles"]) == 2
    after = compare_result(live, "p-z", *UNIT)
    assert next(one for one in after.places if one.id == "1.1").state == "settled"
    with pytest.raises(BadInput):
        settle_place(live, "p-z", *UNIT, place="2.6", word="Y", reason="not reached")


def test_the_ground_of_who_sees_all_is_that_of_the_report(live: LiveReview) -> None:
    from tamis.app.building.assemble import assemble

    content = assemble(live.review, live.protocol, write=False).content
    ground = live.part(Grounds).of("p-rev-a")
    assert ground.sealed_results == 0
    assert ground.syntheses == content.syntheses
    assert ground.appraisals == content.appraisals
    assert live.part(Grounds).of("p-rev-a") is ground
    graded = grade_review(
        ground.protocol, syntheses=ground.syntheses, appraisals=ground.appraisals,
        extraction=ground.extraction, studies=ground.studies,
        judgements=tuple(live.state.certainty.values()), notes=ground.notes,
    )  # fmt: skip
    assert graded.rows == content.findings_rows


def test_proposals_do_not_depend_on_sealed_appraisals(live: LiveReview) -> None:
    before = live.part(Ratings).body("p-z", "response-rct")
    finish(live, "p-x", **{"1.2": "N"})
    after = live.part(Ratings).body("p-z", "response-rct")
    assert [d.message for d in after.domains] == [d.message for d in before.domains]
    assert after.sealed_results == before.sealed_results + 1


def test_statements_are_provisional_until_all_is_decided(live: LiveReview) -> None:
    view = live.part(Ratings).body("p-rev-a", "response-rct")
    assert not view.provisional
    assert {one.lang for one in view.statements} == {"en", "zh"}


def test_a_claim_keeps_what_the_form_does_not_know(live: LiveReview) -> None:
    path = live.root / "claims.toml"
    path.write_text(
        '# by hand\n[[claim]]\nid = "a"\nlang = "en"\ntext = "It helps."\n'
        'source = { kind = "lay", span = [3, 9] }\n',
        encoding="utf-8",
    )
    desk = live.part(ClaimDesk)
    draft = ClaimDraft(id="a", lang="en", text="It may help.", kind="lay", numbers="3|months|")
    desk.put("p-x", draft, old="a")
    (claim,) = desk.shown("p-x").claims
    assert (claim.text, claim.span, claim.numbers[0].unit) == ("It may help.", (3, 9), "months")
    assert path.read_text(encoding="utf-8").startswith("# by hand")


def test_a_claims_file_is_put_back_when_it_cannot_be_adopted(live: LiveReview) -> None:
    desk = live.part(ClaimDesk)
    toml = live.root / "review.toml"
    live.protocol  # noqa: B018 - read before the file is spoilt
    text = toml.read_text(encoding="utf-8")
    toml.write_text(text.replace('randomised = "rob2:assignment"', 'randomised = "no-tool"'),
                    encoding="utf-8")  # fmt: skip
    with pytest.raises(BadInput):
        desk.put("p-x", ClaimDraft(id="a", lang="en", text="It helps."))
    assert not (live.root / "claims.toml").exists()


def test_a_sentence_is_cut_out_of_its_page() -> None:
    text = "One thing. They were randomised\nby telephone. Another."
    assert _sentence(text, 20, 30) == "They were randomised by telephone."
