"""The use case: proposals beside decisions, rows, what is missing, departures without reason."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from tamis.app.judgement.grade import Graded, grade_review, overall_level, stray_grades
from tamis.app.protocol.protocol import parse_protocol
from tamis.certainty import DOMAINS
from tamis.domain.decisions import CertaintyJudgement, Note
from tamis.domain.errors import BadInput
from tamis.domain.records import Study
from tamis.domain.values import Cell, CitationAnchor, Extraction, Value
from tamis.synthesis import synthesise

TOML = """\
[review]
id = "demo"
title = "Does it work?"

[question]
population = "people"
intervention = "a drug"
comparator = "placebo"
outcomes = "remission, death"
designs = "trials"
concepts = { intervention = "drug", comparator = "placebo" }

[[concept]]
id = "drug"
kind = "intervention"
names = { en = ["velorimab"], zh = ["维洛单抗"] }

[[concept]]
id = "placebo"
kind = "comparator"
names = { en = ["placebo"], zh = ["安慰剂"] }

[[visit]]
id = "m6"
label = "month 6"
months = "6"

[[outcome]]
id = "remission"
name = "remission"
importance = "critical"
kind = "binary"
better = "higher"
names = { en = ["remission"], zh = ["缓解率"] }
verbs = { en = "increase/reduce", zh = "提高/降低" }

[[outcome.threshold]]
size = "small"
value = "100"
unit = "per 1,000"
source = "set for the test"

[[outcome.threshold]]
size = "moderate"
value = "150"
unit = "per 1,000"
source = "set for the test"

[[outcome.threshold]]
size = "large"
value = "250"
unit = "per 1,000"
source = "set for the test"

[[outcome]]
id = "death"
name = "death"
importance = "critical"
kind = "binary"
better = "lower"
harm = true

[[synthesis]]
id = "remission-rct"
outcome = "remission"
estimand = "point"
visit = "m6"
designs = ["randomised"]
measure = "RR"
method = "REML"
kind = "controlled"
arms = ["drug", "placebo"]

[[synthesis]]
id = "remission-series"
outcome = "remission"
estimand = "point"
visit = "m6"
designs = ["single-arm"]
measure = "PR"
method = "one-study"
kind = "single-arm"
arms = ["all", ""]

[[body]]
id = "remission-rct"
outcome = "remission"
designs = ["randomised"]
start_level = 4
synthesis = "remission-rct"

[[body]]
id = "remission-single-arm"
outcome = "remission"
designs = ["single-arm"]
start_level = 1
synthesis = "remission-series"
"""

COUNTS = {"alder": (("drug", 30, 60), ("placebo", 20, 60)),
          "birch": (("drug", 28, 55), ("placebo", 20, 56)),
          "cedar": (("drug", 33, 70), ("placebo", 24, 71)),
          "dogwood": (("all", 7, 31),)}  # fmt: skip


def value(study: str, outcome: str, arm: str, statistic: str, number: int) -> Value:
    return Value(
        id=f"v:{study}/{outcome}/m6/{arm}/{statistic}",
        cell=Cell(study=study, outcome=outcome, visit="m6", arm=arm, estimand="point",
                  definition="d"),
        statistic=statistic,
        printed=str(number),
        number=Decimal(number),
        unit="patients",
        source=CitationAnchor(citation="x", location="y", status="abstract or table read"),
        status="abstract or table read",
    )  # fmt: skip


VALUES = tuple(
    value(study, "remission", arm, statistic, number)
    for study, arms in COUNTS.items()
    for arm, events, n in arms
    for statistic, number in (("events", events), ("n", n))
)
STUDIES = tuple(
    Study(id=study, label=study.title(),
          design="single-arm" if study == "dogwood" else "randomised")
    for study in COUNTS
)  # fmt: skip


def decision(body: str, domain: str, change: int, reason: str = "because") -> CertaintyJudgement:
    return CertaintyJudgement(event=f"p-a.00000001/{body}{domain}", outcome="remission", body=body,
                              domain=domain, change=change, reason=reason, by="p-a")  # fmt: skip


def decisions(body: str, reason: str = "because", **changes: int) -> list[CertaintyJudgement]:
    return [
        decision(body, name, changes.get(name.replace("-", "_"), 0), reason) for name in DOMAINS
    ]


def grade(judgements=(), *, text: str = TOML, values=VALUES, notes=()) -> Graded:
    protocol = parse_protocol(text)
    extraction = Extraction(values=values)
    syntheses = tuple(
        synthesise(plan, extraction, STUDIES, protocol.visits) for plan in protocol.syntheses
    )
    return grade_review(
        protocol,
        syntheses=syntheses,
        appraisals=(),
        extraction=extraction,
        studies=STUDIES,
        judgements=judgements,
        notes=notes,
    )


def test_decisions_on_a_body_that_the_protocol_has_not_are_named() -> None:
    decided = CertaintyJudgement(
        event="p-a.00000001/9", outcome="remission", body="nobody", domain="imprecision",
        change=-1, reason="few people", by="p-a",
    )  # fmt: skip
    (found,) = stray_grades(parse_protocol(TOML), [decided])
    assert (found.rule, found.subject, found.because) == (
        "grade-of-no-body", "nobody", ("p-a.00000001/9",),
    )  # fmt: skip
    assert "remission-rct" in found.suggestion
    assert stray_grades(parse_protocol(TOML), [replace(decided, body="remission-rct")]) == ()


def test_proposals_stand_before_anybody_decided() -> None:
    found = grade()
    assert [r.body for r in found.ratings] == ["remission-rct", "remission-single-arm"]
    assert all(d.change is None and d.message for r in found.ratings for d in r.domains)
    assert [r.status for r in found.rows] == ["proposed", "proposed", "not reported"]
    assert all(not row.statements for row in found.rows if row.reported)
    assert found.overall is None


def test_a_decided_body_gets_its_level_statement_and_proposal_side_by_side() -> None:
    both = [*decisions("remission-rct", imprecision=-2), *decisions("remission-single-arm")]
    found = grade(both)
    first = found.rows[0]
    assert (first.level, first.label, found.overall) == (2, "low", 2)
    assert first.statement("en").text.startswith("Velorimab may ")
    assert first.statement("zh").text.startswith("维洛单抗可能")
    domain = next(d for d in found.ratings[0].domains if d.domain == "imprecision")
    assert (domain.change, domain.proposal is not None) == (-2, True)
    assert domain.rule.startswith("imprecision-")


def test_a_decision_that_departs_needs_a_reason() -> None:
    silent = grade(decisions("remission-rct", reason=""))
    departed = [f for f in silent.findings if f.rule == "departs-from-proposal"]
    assert departed
    assert departed[0].severity == "error"
    assert departed[0].expected != departed[0].got
    reasoned = grade(decisions("remission-rct", reason="the trials agree"))
    assert not [f for f in reasoned.findings if f.rule == "departs-from-proposal"]


def test_a_harm_without_a_body_is_not_reported_or_not_rated() -> None:
    death = grade().rows[-1]
    assert (death.outcome, death.reported, death.harm) == ("death", False, True)
    assert death.statement("en").text == "We found no evidence on death."
    seen = grade(values=(*VALUES, value("alder", "death", "drug", "events", 1)))
    row = seen.rows[-1]
    assert (row.reported, row.status, row.statements) == (True, "not judged", ())
    assert "outcome-not-rated" in {f.rule for f in seen.findings}


def test_data_without_a_synthesis_are_not_called_no_evidence() -> None:
    text = TOML.replace('synthesis = "remission-rct"', 'synthesis = ""')
    found = grade(text=text)
    row = next(r for r in found.rows if r.body == "remission-rct")
    assert (row.reported, row.statements) == (True, ())
    assert "body-without-synthesis" in {f.rule for f in found.findings}


def test_trials_registered_without_results_raise_suspicion() -> None:
    notes = (
        Note(event="e1", topic="registration", subject="nct1", by="p", at="",
             fields=(("number", "NCT00000001"), ("results", "none posted"))),
        Note(event="e2", topic="registration", subject="nct2", by="p", at="",
             fields=(("number", "NCT00000002"), ("results", "not known"))),
        Note(event="e3", topic="registration", subject="nct3", by="p", at="",
             fields=(("number", "NCT00000003"), ("results", "none"), ("study", "alder"))),
    )  # fmt: skip
    found = grade(notes=notes)
    domain = next(d for d in found.ratings[0].domains if d.domain == "publication-bias")
    assert (domain.proposal, domain.because) == (-1, ("e1",))
    assert "NCT00000001" in domain.message


def test_single_arms_and_trials_never_share_a_row() -> None:
    both = [*decisions("remission-rct"), *decisions("remission-single-arm")]
    rows = grade(both).rows
    assert [r.studies for r in rows[:2]] == [("alder", "birch", "cedar"), ("dogwood",)]
    assert rows[1].single_arm
    assert rows[1].estimate is None
    assert "7 of 31" in rows[1].statement("en").text


def test_a_share_is_not_told_again_beside_its_count() -> None:
    series = """
[[synthesis]]
id = "remission-course"
outcome = "remission"
estimand = "point"
visit = ""
designs = ["single-arm"]
measure = "none"
method = "series"
kind = "series"
statistic = "percent"
arms = ["all", ""]

[[body]]
id = "remission-rct\""""
    text = TOML.replace('\n[[body]]\nid = "remission-rct"', series, 1)
    percent = value("dogwood", "remission", "all", "percent", 23)
    rows = grade(decisions("remission-single-arm"), text=text, values=(*VALUES, percent)).rows
    told = next(r for r in rows if r.single_arm).statement("en").text
    assert "7 of 31" in told
    assert "in the same study" not in told
    without = tuple(v for v in VALUES if v.cell.study != "dogwood")
    alone = grade(decisions("remission-single-arm"), text=text, values=(*without, percent)).rows
    assert "23 %" in next(r for r in alone if r.single_arm).statement("en").text


def test_overall_is_the_lowest_of_what_carries_the_conclusion() -> None:
    rows = grade([*decisions("remission-rct"), *decisions("remission-single-arm")]).rows
    assert overall_level(rows) == rows[0].level == 4
    other = replace(rows[0], outcome="x", level=2)
    assert overall_level((*rows, other)) == 2
    assert overall_level((*rows, replace(other, level=None))) is None
    assert overall_level(rows[1:]) == 1


def test_verbs_that_cannot_stand_are_named_and_replaced() -> None:
    text = TOML.replace("increase/reduce", "improve/worsen")
    found = grade(decisions("remission-rct"), text=text)
    assert "verbs-unknown" in {f.rule for f in found.findings}
    assert "improve" not in found.rows[0].statement("en").text


def test_every_setting_is_handed_on() -> None:
    assert grade().settings["few_controls"] == "100"


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ('value = "100"', 'value = "200"', 37, "crossed"),
        ('value = "100"', 'value = "few"', 39, "no number"),
        ('size = "large"', 'size = "response"', 37, "no threshold large"),
        ('unit = "per 1,000"', 'unit = "g"', 37, "per 1,000"),
    ],
)
def test_thresholds_are_refused_with_their_line(old: str, new: str, line: int, says: str) -> None:
    text = TOML.replace(old, new) if "unit" in old else TOML.replace(old, new, 1)
    with pytest.raises(BadInput) as caught:
        parse_protocol(text)
    assert caught.value.where is not None
    assert caught.value.where.line == line
    assert says in str(caught.value)
