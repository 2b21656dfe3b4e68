"""Rows of the summary of findings: comparative, single-arm, not reported, not decided."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from string import Formatter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.certainty.bodies import (
    DENG,
    DENG_SLEDAI,
    body,
    counts,
    evidence,
    outcome,
    plan,
    share,
    single_arm,
    studies,
    thresholds,
)

from tamis.certainty import DOMAINS, RowNames, findings_row, rate, unreported_row
from tamis.domain.decisions import CertaintyJudgement
from tamis.domain.grading import FindingsRow
from tamis.domain.results import Synthesis, Trajectory, TrajectoryPoint
from tamis.domain.values import Cell, CitationAnchor, Value

NAMES = RowNames(
    interventions={"en": "MSC", "zh": "MSC"},
    comparators={"en": "placebo", "zh": "安慰剂"},
    months={"baseline": 0.0, "m3": 3.0, "m6": 6.0, "m12": 12.0},
)
BACKGROUND = (("en", "standard treatment"), ("zh", "标准治疗"))


def decided(of, total: int | None):
    """A rating with every domain decided so that the level moves by ``total`` (None: open)."""
    if total is None:
        return rate(of.body, [])
    rows = [
        CertaintyJudgement(event=f"p-a.00000001/{i}", outcome=of.body.outcome, body=of.body.id,
                           domain=name, change=0, reason="", by="p-a")
        for i, name in enumerate(DOMAINS)
    ]  # fmt: skip
    changes = {"risk-of-bias": max(total, -1), "imprecision": min(0, total + 1)}
    rows = [replace(row, change=changes.get(row.domain, 0), reason="because") for row in rows]
    return rate(of.body, rows)


def row_of(of, total: int | None = -3) -> FindingsRow:
    return findings_row(of, decided(of, total), names=NAMES)


TRIAL = evidence([DENG], measure="RD", body=body(background=BACKGROUND))


# ------------------------------------------------------------------ the worked conclusion
def test_the_worked_conclusion_in_english() -> None:
    found = row_of(TRIAL).conclusion("en")
    assert found is not None
    assert found.text == (
        "One trial, 18 people: remission in 9 of 12 given MSC and in 5 of 6 given placebo, both "
        "with standard treatment (this trial only). Whether MSC adds anything is very uncertain "
        "(very low certainty, ⊕◯◯◯)."
    )
    assert found.strength == 1


def test_the_worked_conclusion_in_chinese() -> None:
    found = row_of(TRIAL).conclusion("zh")
    assert found is not None
    assert found.text == (
        "一项试验，共 18 人：在标准治疗基础上，MSC 组 12 人中 9 人缓解，安慰剂组 6 人中 5 人缓解"
        "（仅限本试验）。MSC 是否带来额外作用，证据非常不确定（极低确定性，⊕◯◯◯）。"
    )


def test_the_counts_lead_back_to_their_values() -> None:
    found = row_of(TRIAL).conclusion("en")
    assert found is not None
    inputs = {n.slot: n.inputs for n in found.numbers}
    assert inputs["c_e"] == DENG.inputs[:1]
    assert inputs["c_m"] == DENG.inputs[1:2]
    assert inputs["c_f"] == DENG.inputs[2:3]
    assert inputs["c_n"] == DENG.inputs


def test_a_harm_does_not_ask_what_is_added() -> None:
    death = outcome(id="death", better="lower", harm=True, verbs=(), events=(("en", "death"),
                    ("zh", "死亡")), names=(("en", ("death",)), ("zh", ("死亡",))))  # fmt: skip
    made = evidence([counts("deng2017", 1, 12, 0, 6)], measure="RD", of=death,
                    body=body(background=BACKGROUND))  # fmt: skip
    found = row_of(made)
    assert found.conclusion("en").text.endswith(
        "(this trial only). The evidence is very uncertain about the effect of MSC on death (very "
        "low certainty, ⊕◯◯◯)."
    )
    assert (found.measure, found.estimate) == ("RD", pytest.approx(1 / 12))


def test_at_other_levels_the_informative_statement_follows_the_counts() -> None:
    found = row_of(TRIAL, -1).conclusion("en")
    assert found is not None
    assert "MSC likely results in little to no difference" in found.text
    assert found.strength == 3


def test_several_trials_and_large_ones_have_no_such_conclusion() -> None:
    two = evidence([counts("a", 3, 20, 9, 20), counts("b", 4, 20, 9, 20)])
    large = evidence([counts("a", 30, 200, 60, 200)])
    for made in (two, large):
        row = row_of(made)
        assert row.conclusions == ()
        assert row.conclusion("en") == row.statement("en")


# ------------------------------------------------------------------ comparative rows
def test_a_row_holds_what_a_reader_needs() -> None:
    row = row_of(TRIAL)
    assert (row.measure, row.participants, row.level, row.symbols) == ("RR", 18, 1, "⊕◯◯◯")
    assert row.estimate == pytest.approx(0.9)
    assert row.participants_inputs == (DENG.inputs[1], DENG.inputs[3])
    assert (row.size, row.size_source) == ("trivial", "source of small")
    assert row.difference == pytest.approx(-1 / 12)
    assert [a.only for a in row.absolutes] == ["this trial only"]
    assert {w.rule for w in row.warnings} == {"baseline-risk-small"}
    assert row.status == "confirmed"


def test_before_every_domain_is_decided_nothing_is_stated() -> None:
    row = findings_row(TRIAL, decided(TRIAL, None), names=NAMES, proposed_level=1)
    assert (row.level, row.status, row.statements, row.conclusions) == (None, "proposed", (), ())
    assert row.proposed_level == 1
    assert row.estimate == pytest.approx(0.9)


def test_without_thresholds_the_size_is_not_named_and_a_warning_stands() -> None:
    made = evidence([DENG], measure="RD", of=outcome(thresholds=()))
    row = row_of(made, -2)
    assert (row.size, row.size_source) == ("unsized", "")
    assert "unsized" in {w.rule for w in row.warnings}
    assert (
        "is not established: the interval (0.52 to 1.85) includes both" in row.statement("en").text
    )


def test_means_are_sized_in_units_of_the_scale() -> None:
    sledai = outcome(id="sledai", kind="continuous", unit="points", better="lower", verbs=(),
                     thresholds=thresholds("2.64", "4", "8", unit="points"))  # fmt: skip
    row = row_of(evidence([DENG_SLEDAI], measure="MD", of=sledai), -2)
    assert (row.size, row.difference, row.absolutes) == ("small", -3.0, ())
    assert row.statement("en").text.startswith("MSC may reduce renal remission slightly")


def test_words_of_a_demonstration_travel_with_the_size() -> None:
    words = "set for the demonstration, not sourced"
    given_ = tuple(replace(t, source=words) for t in thresholds("100", "150", "250"))
    assert (
        row_of(evidence([DENG], measure="RD", of=outcome(thresholds=given_))).size_source == words
    )


def test_an_effect_that_cannot_be_estimated_says_so() -> None:
    made = evidence([DENG], measure="RD")
    empty = replace(made, synthesis=replace(made.synthesis, single=()), risk_difference=None,
                    difference_intervals=())  # fmt: skip
    row = row_of(empty)
    assert row.statement("en").text == "An effect of MSC on renal remission could not be estimated."
    assert row.statement("zh").level is None


# ------------------------------------------------------------------ not reported
def test_an_outcome_nobody_reported_has_its_row() -> None:
    row = unreported_row(outcome(harm=True), names=NAMES)
    assert (row.reported, row.harm, row.level, row.status) == (False, True, None, "not reported")
    assert row.statement("zh").text == "未发现关于肾脏缓解率的证据。"


def test_a_planned_body_without_data_is_not_reported() -> None:
    made = replace(TRIAL, synthesis=None)
    row = row_of(made, None)
    assert (row.reported, row.body, row.design) == (False, "remission-rct", "randomised")


# ------------------------------------------------------------------ single arms
def value(study: str, visit: str, statistic: str, printed: str, n: int = 1) -> Value:
    return Value(
        id=f"v:{study}/remission/{visit}/all/{statistic}#{n}",
        cell=Cell(study=study, outcome="remission", visit=visit, arm="all", estimand="follow-up"),
        statistic=statistic,
        printed=printed,
        number=Decimal(printed),
        unit="g/24h",
        source=CitationAnchor(citation="x", location="y", status="abstract or table read"),
        status="abstract or table read",
    )


def series(study: str, statistic: str, unit: str, *points: tuple[str, float, str]) -> Trajectory:
    return Trajectory(
        study=study,
        outcome="remission",
        arm="all",
        unit=unit,
        statistic=statistic,
        points=tuple(
            TrajectoryPoint(visit=v, months=m,
                            value=value(study, v, statistic, printed) if printed else None)
            for v, m, printed in points
        ),
    )  # fmt: skip


def test_one_study_without_comparison_is_told_and_claims_nothing() -> None:
    row = row_of(single_arm([share("gu2014", 49, 81)]), 0)
    assert row.statement("en").text == (
        "In one single-arm study remission was seen in 49 of 81 participants at some time within "
        "12 months; without a comparison group this says nothing certain about the effect of MSC "
        "(very low certainty, ⊕◯◯◯)."
    )
    assert row.statement("zh").text == (
        "在一项无对照研究中，81 例中 12 个月内曾有 49 例缓解；由于没有对照组，无法确定这是否由 MSC "
        "所致（极低确定性，⊕◯◯◯）。"
    )
    assert (row.size, row.single_arm, row.participants) == ("observed", True, 81)


def test_different_definitions_are_listed_and_never_merged() -> None:
    one = single_arm([share("gu2014", 49, 81)])
    other = replace(
        one.single_arms[0],
        plan=plan(id="ranjbar", kind="single-arm", measure="PR", method="one-study",
                  estimand="best-by", visit="m3", designs=("single-arm",), arms=("all", "")),
        rows=(share("ranjbar2022", 7, 9),),
    )  # fmt: skip
    again = replace(
        other, plan=replace(other.plan, id="gu-series", kind="series"), rows=(),
        trajectories=(series("gu2014", "percent", "%", ("m3", 3, "41"), ("m12", 12, "44")),),
    )  # fmt: skip
    made = replace(one, single_arms=(one.single_arms[0], other, again),
                   studies=studies(("gu2014", "ranjbar2022"), "single-arm"))  # fmt: skip
    row = row_of(made, 0)
    text = row.statement("en").text
    assert "49 of 81" in text
    assert "in the same study remission was seen in 44 % of the participants at 12 months" in text
    assert "in another single-arm study remission was seen in 7 of 9 participants at best" in text
    assert "56 of 90" not in text
    assert len([s for s in row.observed if s.lang == "en"]) == 3
    assert row.participants == 90
    slots = [n.slot for s in row.statements if s.lang == "en" for n in s.numbers]
    assert len(slots) == len(set(slots))


def test_one_definition_in_several_studies_is_a_range() -> None:
    made = single_arm([share("a", 10, 40), share("b", 15, 50)], method="GLMM", estimand="point")
    text = row_of(made, 0).statement("en").text
    assert text.startswith(
        "In 2 single-arm studies (90 participants) remission was seen in 25 % to 30 % of them at "
        "12 months;"
    )


def test_a_change_is_what_was_seen_with_its_unit_and_its_gap() -> None:
    seen = series("ranjbar2022", "median", "mg/24h", ("baseline", 0, "1800"), ("m3", 3, "1020"),
                  ("m12", 12, ""))  # fmt: skip
    row = row_of(single_arm(trajectories=[seen]), 0)
    assert row.statement("en").text.startswith(
        "In one single-arm study median renal remission fell from 1800 to 1020 mg per day between "
        "baseline and month 3, and no number is printed for later visits;"
    )
    assert (
        "由基线的 1800 降至 3 个月时的 1020 mg/日，此后各次随访未见数值" in row.statement("zh").text
    )


def test_a_unit_with_a_number_in_it_is_not_told() -> None:
    seen = series("x", "mean", "mL/min/1.73 m2", ("baseline", 0, "60"), ("m3", 3, "61"))
    assert row_of(single_arm(trajectories=[seen]), 0).statements == ()


def test_a_series_without_numbers_says_nothing() -> None:
    seen = series("x", "mean", "g", ("baseline", 0, ""), ("m3", 3, ""))
    assert row_of(single_arm(trajectories=[seen]), 0).statements == ()


NEVER = ("reduc", "improv", "effective", "increas", "降低", "有效", "改善", "提高")


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 50), st.integers(1, 50), st.sampled_from(["ever", "point", "best-by"]),
       st.sampled_from([0, 1]))  # fmt: skip
def test_no_verb_of_effect_without_a_comparison(events, n, estimand, up) -> None:
    made = single_arm([share("x", min(events, n), n)], estimand=estimand)
    made = replace(made, body=replace(made.body, start_level=1 + up))
    row = row_of(made, 0)
    for one in (*row.statements, *row.observed):
        assert one.strength == 1
        assert not any(word in one.text for word in NEVER)
        plain = "".join(words for words, *_ in Formatter().parse(one.pattern))
        assert not any(char.isdigit() for char in plain)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 30), st.integers(1, 30), st.integers(0, 30), st.integers(1, 30),
       st.integers(-3, 0), st.booleans())  # fmt: skip
def test_no_row_says_more_than_its_level(a, m, c, n, total, sized) -> None:
    about = outcome() if sized else outcome(thresholds=())
    made = evidence([counts("x", min(a, m), m, min(c, n), n)], measure="RD", of=about)
    row = row_of(made, total)
    for one in (*row.statements, *row.conclusions):
        assert one.strength <= row.level
        assert one.column == "not-established" or sized or row.interval is not None
        if one.column == "not-established":
            assert one.strength == 1


def test_a_synthesis_value_is_never_changed() -> None:
    made = single_arm([share("gu2014", 49, 81)])
    before: Synthesis = made.single_arms[0]
    row_of(made, 0)
    assert made.single_arms[0] == before
