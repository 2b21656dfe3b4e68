"""Absolute effects: the golden figures of the method, and limits that would leave 0 to 1."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.certainty.bodies import DENG, DENG_SLEDAI, body, counts, evidence, outcome

from tamis.certainty import Effect, absolute_effects, number_needed, per_thousand, risk_with
from tamis.domain.errors import BadInput
from tamis.domain.question import BaselineRisk
from tamis.domain.results import Interval
from tamis.synthesis import effects

SHARES = st.floats(0, 1)


@pytest.mark.parametrize(("measure", "expected"), [("RR", 100.0), ("OR", 111.1), ("HR", 105.6)])
def test_half_the_effect_at_a_risk_of_one_in_five(measure: str, expected: float) -> None:
    assert 1000 * risk_with(measure, 0.20, 0.5) == pytest.approx(expected, abs=0.05)


def test_raw_limits_of_the_worked_review_are_not_printed() -> None:
    """RR 0.900 (0.554 to 1.461), log interval: 462 and 1,217.5 per 1,000, so neither is printed."""
    wald = effects("RR", [DENG])[0]
    assert (wald.estimate, wald.low, wald.high) == pytest.approx((0.900, 0.554, 1.461), abs=5e-4)
    raw = [1000 * risk_with("RR", 5 / 6, limit) for limit in (wald.low, wald.high)]
    assert raw == pytest.approx([462.0, 1217.5], abs=0.1)
    made = evidence([DENG], measure="RR")
    single = made.synthesis.single[1]
    katz = Interval(low=wald.low, high=wald.high, method="Katz log")
    by_log = replace(made.synthesis, single=(replace(single, intervals=(katz,)),))
    found = absolute_effects(replace(made, synthesis=by_log))[0]
    assert [one.method for one in found.intervals] == [
        "Newcombe hybrid score", "Miettinen-Nurminen score",
    ]  # fmt: skip
    assert "limit-outside" in {finding.rule for finding in found.warnings}
    assert "Newcombe" in next(f.message for f in found.warnings if f.rule == "limit-outside")


@pytest.mark.parametrize("measure", ["RD", "RR"])
def test_the_worked_review_in_a_thousand_people(measure: str) -> None:
    """833 with placebo, 750 with MSC: 83 fewer; Newcombe 397 fewer to 345 more, Miettinen–Nurminen
    433 fewer to 378 more; this trial only, six controls."""
    found = absolute_effects(evidence([DENG], measure=measure))[0]
    assert per_thousand(found.baseline) == 833
    assert per_thousand(found.intervention) == 750
    assert per_thousand(found.difference) == -83
    limits = [(per_thousand(i.low), per_thousand(i.high)) for i in found.intervals]
    assert limits == [(-397, 345), (-433, 378)]
    assert (found.only, found.controls, found.nnt) == ("this trial only", 6, None)
    assert found.inputs[:2] == DENG.inputs[2:]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (counts("deng2017", 5, 12, 3, 6), (-83, (-467, 326), (-512, 366))),
        (counts("deng2017", 1, 12, 0, 6), (83, (-313, 354), (-335, 363))),
        (counts("deng2017", 2, 12, 0, 6), (167, (-242, 448), (-265, 457))),
        (counts("deng2017", 2, 12, 2, 6), (-167, (-552, 201), (-587, 230))),
    ],
)
def test_the_other_counts_of_the_trial(row, expected) -> None:
    """Complete remission, death, serious infection, patients with a serious event (deng_k1)."""
    for measure in ("RD", "RR"):
        found = absolute_effects(evidence([row], measure=measure))[0]
        assert per_thousand(found.difference) == expected[0]
    found = absolute_effects(evidence([row], measure="RD"))[0]
    limits = [(per_thousand(i.low), per_thousand(i.high)) for i in found.intervals]
    assert limits == list(expected[1:])


LARGE = [
    counts("a", 30, 200, 60, 200),
    counts("b", 25, 180, 50, 190),
    counts("c", 20, 150, 41, 150),
]


def test_several_trials_take_the_median_risk_and_lose_the_mark() -> None:
    found = absolute_effects(evidence(LARGE))[0]
    assert found.baseline == pytest.approx(41 / 150)
    assert (found.only, found.controls, found.warnings) == ("", 540, ())
    assert found.source == "median of the control groups"
    assert found.intervals[0].method.startswith("from the RR")
    assert found.nnt == pytest.approx(1 / abs(found.difference))


def test_few_controls_in_several_trials_are_these_trials_only() -> None:
    few = [counts("a", 3, 20, 9, 20), counts("b", 4, 20, 9, 20)]
    found = absolute_effects(evidence(few))[0]
    assert found.only == "these trials only"
    warning = found.warnings[0]
    assert warning.rule == "baseline-risk-small"
    assert "40 people" in warning.message
    assert "[[body.baseline]]" in warning.suggestion


def test_external_risks_stand_beside_the_observed_one_with_their_source() -> None:
    outside = (
        BaselineRisk(label="lower", risk="0.05", source="a register"),
        BaselineRisk(label="higher", risk="0.5", source="a cohort"),
    )
    found = absolute_effects(evidence(LARGE, body=body(baselines=outside)))
    assert [one.label for one in found] == ["observed", "lower", "higher"]
    assert [one.source for one in found[1:]] == ["a register", "a cohort"]
    assert all(one.controls is None and one.only == "" for one in found[1:])
    ratio = evidence(LARGE).effect.estimate
    assert found[1].intervention == pytest.approx(0.05 * ratio)


@pytest.mark.parametrize("risk", ["1.2", "-0.1", "often", "nan"])
def test_an_external_risk_that_is_no_share_is_refused(risk: str) -> None:
    outside = (BaselineRisk(label="x", risk=risk, source="s"),)
    with pytest.raises(BadInput, match="per 1"):
        absolute_effects(evidence(LARGE, body=body(baselines=outside)))


def test_an_effect_that_leaves_the_risks_of_a_group_is_not_printed() -> None:
    doubled = [counts("a", 80, 200, 40, 200), counts("b", 76, 200, 38, 200)]
    outside = (BaselineRisk(label="very high", risk="0.9", source="s"),)
    found = absolute_effects(evidence(doubled, body=body(baselines=outside)))[1]
    assert (found.intervention, found.difference, found.intervals) == (None, None, ())
    assert {f.rule for f in found.warnings} == {"risk-outside"}


def test_a_ratio_without_a_value_falls_back_to_the_risk_difference() -> None:
    none = counts("deng2017", 1, 12, 0, 6)
    found = absolute_effects(evidence([none], measure="RR"))[0]
    assert found.baseline == 0
    assert found.intervention == pytest.approx(1 / 12)
    assert found.intervals[0].method == "Newcombe hybrid score"


def test_means_have_no_absolute_effect_in_people() -> None:
    about = outcome(kind="continuous", unit="points", thresholds=())
    assert absolute_effects(evidence([DENG_SLEDAI], measure="MD", of=about)) == ()


@pytest.mark.parametrize(("measure", "baseline"), [("SMD", 0.2), ("RR", 1.2), ("RR", math.nan)])
def test_a_formula_that_does_not_apply_is_refused(measure: str, baseline: float) -> None:
    with pytest.raises(BadInput):
        risk_with(measure, baseline, 0.5)


def test_number_needed_only_off_the_null() -> None:
    assert number_needed(-0.05, Interval(low=-0.09, high=-0.01, method="z")) == pytest.approx(20)
    assert number_needed(-0.05, Interval(low=-0.09, high=0.0, method="z")) is None
    assert number_needed(-0.05, None) is None
    assert number_needed(0.0, Interval(low=0.1, high=0.2, method="z")) is None


@given(SHARES, st.floats(0, 50))
def test_odds_and_hazards_never_leave_the_shares(baseline: float, ratio: float) -> None:
    for measure in ("OR", "HR"):
        found = risk_with(measure, baseline, ratio)
        assert math.isnan(found) or -1e-12 <= found <= 1 + 1e-12


@given(st.integers(0, 30), st.integers(1, 30), st.integers(0, 30), st.integers(1, 30),
       st.sampled_from(["RD", "RR", "OR"]))  # fmt: skip
def test_no_limit_of_an_absolute_effect_lies_outside(a, m, c, n, measure) -> None:
    row = counts("x", min(a, m), m, min(c, n), n)
    for found in absolute_effects(evidence([row], measure=measure)):
        for risk in (found.baseline, found.intervention):
            assert risk is None or -1e-9 <= risk <= 1 + 1e-9
        for interval in found.intervals:
            assert -1 - 1e-9 <= interval.low <= interval.high <= 1 + 1e-9


@given(st.floats(-1, 1))
def test_people_are_whole_and_sides_mirror(share: float) -> None:
    assert per_thousand(share) == -per_thousand(-share)
    assert abs(per_thousand(share) - 1000 * share) <= 0.5 + 1e-6


def test_the_effect_knows_its_null() -> None:
    ratio = Effect(measure="RR", estimate=1.2, interval=Interval(low=1.1, high=1.3, method="z"))
    assert ratio.excludes_null
    assert not Effect(measure="MD", estimate=1.0, interval=None).excludes_null


def test_an_interval_that_no_difference_of_shares_can_have_is_not_printed() -> None:
    """Two small studies pooled by t: −1,008 to 1,384 per 1,000 says nothing that could be true."""
    made = evidence([DENG], measure="RD")
    far = Interval(low=-1.008, high=1.384, method="Hartung-Knapp with floor")
    found = absolute_effects(replace(made, difference_intervals=(far,)))[0]
    assert found.intervals == ()
    assert found.nnt is None
    assert "no-interval" in {finding.rule for finding in found.warnings}
