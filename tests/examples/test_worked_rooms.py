"""What the stages make of the worked review's inputs, each room asked by itself."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache

import pytest
from tests.examples.worked import WHO, cluster_of, papers, protocol, rows, values

from tamis.appraisal import appraise
from tamis.certainty import rate
from tamis.domain.decisions import AppraisalAnswer, CertaintyJudgement, Vote
from tamis.domain.records import Cluster, Study
from tamis.domain.results import Synthesis
from tamis.domain.values import Extraction, LookedFor, Value
from tamis.extraction import check_values
from tamis.screening import screen
from tamis.synthesis import synthesise


@cache
def extraction() -> Extraction:
    return Extraction(
        values=tuple(v for v in values().values() if isinstance(v, Value)),
        looked_for=tuple(v for v in values().values() if isinstance(v, LookedFor)),
    )


@cache
def syntheses() -> dict[str, Synthesis]:
    studies = {
        row["study"]: Study(
            id=row["study"], label=row["label"], design=row["design"], role=row["role"]
        )
        for row in rows("links")
    }
    return {
        plan.id: synthesise(plan, extraction(), tuple(studies.values()), protocol().visits)
        for plan in protocol().syntheses
    }


def test_screening_ends_with_six_reports_and_no_conflict() -> None:
    clusters = [Cluster(records=tuple(sorted(names))) for names in papers().values()]
    votes = [
        Vote(
            event=f"{WHO}.00000000/{i}",
            stage=row["stage"],
            records=tuple(sorted(cluster_of(row["record_id"]))),
            reviewer=row["reviewer"],
            decision=row["decision"],
            reason=row["reason"],
            criteria=tuple(json.loads(row["criteria"] or "{}").items()),
            at=row["at"],
        )
        for i, row in enumerate(rows("votes"), 1)
    ]
    done = screen(clusters, votes, (), rules=protocol().screening, criteria=protocol().criteria)
    assert not done.conflicts()
    assert len(done.included()) == 6
    assert Counter((s.stage, s.state) for s in done.states) == {
        ("title-abstract", "in"): 24,
        ("title-abstract", "out"): 79,
        ("full-text", "in"): 6,
        ("full-text", "out"): 18,
    }


def test_every_planned_synthesis_is_carried_out_or_says_why_not() -> None:
    refused = {name: s.refusal.rule for name, s in syntheses().items() if s.refusal}
    assert refused == {
        "wider-death-12-months": "definitions-not-stated",
        "wider-clinical-remission-wang2018": "no-data",
    }
    assert not any(s.pooled for s in syntheses().values()), "nothing here may be pooled"
    left_out = {name: s.left_out for name, s in syntheses().items() if s.left_out}
    assert set(left_out) == {"wider-clinical-remission-wang2018"}


@pytest.mark.parametrize(
    ("name", "estimate", "low", "high"),
    [
        ("remission-rct", -0.083333, -0.396957, 0.344941),
        ("complete-remission-rct", -0.083333, -0.467383, 0.32555),
        ("death-rct", 0.083333, -0.31296, 0.35388),
        ("proteinuria-change-rct", -0.7, -2.163234, 0.763234),
        ("proteinuria-follow-up-rct", -2.1, -4.924436, 0.724436),
        ("sledai-change-rct", -3, -11.384506, 5.384506),
        ("creatinine-change-rct", 12, -14.398461, 38.398461),
    ],
)
def test_the_trial_alone(name: str, estimate: float, low: float, high: float) -> None:
    (first,) = [s for s in syntheses()[name].single if s.measure in ("RD", "MD")]
    assert first.estimate == pytest.approx(estimate, abs=1e-5)
    assert first.intervals[0].low == pytest.approx(low, abs=1e-4)
    assert first.intervals[0].high == pytest.approx(high, abs=1e-4)


def test_words_stand_in_the_series_where_no_number_was_printed() -> None:
    (rebound,) = syntheses()["proteinuria-series-ranjbar"].trajectories
    shown = {p.visit: p.value.printed if p.value else "" for p in rebound.points}
    assert shown == {"baseline": "1800", "m1": "1020", "m3": "", "m6": "", "m12": ""}
    (words,) = [p.words.printed for p in rebound.points if p.words]
    assert words.startswith("rises after month 1")
    (gu,) = syntheses()["remission-series-gu"].trajectories
    assert [p.value.printed for p in gu.points if p.value] == ["41", "45", "44"]


def test_the_rules_notice_the_oddities_that_were_kept() -> None:
    found = check_values(extraction())
    (error,) = [f for f in found if f.severity == "error"]
    assert error.rule == "dose.power", "Barbado 2018: 9e7 and, in a secondary table, 9e8"
    assert {f.subject for f in found if f.rule == "pct.grim"} == {
        "v:gu2014/complete-remission/m3/all/percent",
        "v:gu2014/complete-remission/m6/all/percent",
        "v:gu2014/renal-remission/m6/all/percent",
    }
    assert any("clinical-remission/m60" in f.subject for f in found if f.rule == "pct.denominator")


def test_every_graded_body_is_confirmed_as_very_low() -> None:
    judged = [
        CertaintyJudgement(
            event=f"{WHO}.00000000/{i}",
            outcome=row["outcome"],
            body=row["body"],
            domain=row["domain"],
            change=int(row["decision"]),
            reason=row["reason"],
            by=row["by"],
            at=row["at"],
        )
        for i, row in enumerate(rows("grades"), 1)
    ]
    ratings = {body.id: rate(body, judged) for body in protocol().bodies}
    assert ratings.pop("flare-rct").status == "not judged"
    assert {rating.level for rating in ratings.values()} == {1}
    assert {rating.status for rating in ratings.values()} == {"confirmed"}


def test_the_appraisals_are_complete() -> None:
    answers = [
        AppraisalAnswer(
            event=f"{WHO}.00000000/{i}",
            tool=row["tool"],
            version=row["version"],
            result=row["result"],
            assessor=row["assessor"],
            question=row["question"],
            answer=row["answer"],
            support=row["support"],
            anchor=row["anchor"],
            judgement=row["judgement"],
            reason=row["reason"],
        )
        for i, row in enumerate(rows("appraisals"), 1)
    ]
    done = appraise("jbi-case-series", answers)
    assert [a.study for a in done] == ["gu2014", "barbado2018", "ranjbar2022"]
    assert all(a.complete and a.judgement == "not judged" for a in done)
    trial = appraise("rob2:assignment", answers)
    assert {a.study for a in trial} == {"deng2017"}
    assert all(a.complete for a in trial)
    for one in trial:
        assert not one.overridden
        assert not any(domain.overridden for domain in one.domains)
    words = {a.result.split("/")[1]: a.judgement for a in trial}
    assert {outcome for outcome, word in words.items() if word == "H"} == {
        "proteinuria", "sledai", "creatinine",
    }  # fmt: skip
    assert set(words.values()) == {"S", "H"}
