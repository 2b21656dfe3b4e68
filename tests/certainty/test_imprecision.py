"""Imprecision: the interval against thresholds or the null, and the information size."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.certainty.bodies import (
    DENG,
    DENG_SLEDAI,
    counts,
    evidence,
    of,
    outcome,
    thresholds,
)

from tamis.certainty import DOMAINS, propose
from tamis.domain.results import Interval


# ------------------------------------------------------------------ imprecision
def continuous(low: float, estimate: float, high: float, n: int = 4000):
    """A mean difference with a chosen interval; thresholds 2.64, 4 and 8 points."""
    row = replace(DENG_SLEDAI, n_1=n // 2, n_2=n // 2, sd_1=10.0, sd_2=10.0)
    about = outcome(kind="continuous", unit="points", better="lower",
                    thresholds=thresholds("2.64", "4", "8", unit="points"))  # fmt: skip
    made = evidence([row], measure="MD", of=about)
    single = replace(
        made.synthesis.single[0],
        estimate=estimate,
        intervals=(Interval(low=low, high=high, method="z"),),
    )
    return replace(made, synthesis=replace(made.synthesis, single=(single,)))


@pytest.mark.parametrize(
    ("limits", "expected", "rule"),
    [
        ((-3.9, -3.2, -2.7), 0, "imprecision-none-crossed"),
        ((-4.0, -3.2, -2.64), 0, "imprecision-none-crossed"),
        ((-4.1, -3.2, -2.7), -1, "imprecision-one-threshold"),
        ((-5.0, -3.2, -1.0), -2, "imprecision-appreciably"),
        ((-9.0, -3.2, 1.0), -2, "imprecision-appreciably"),
        ((-3.0, 0.0, 3.0), -2, "imprecision-benefit-and-harm"),
        ((-11.4, -3.0, 5.4), -2, "imprecision-benefit-and-harm"),
        ((-8.0, 0.0, 8.0), -3, "imprecision-any-conclusion"),
        ((-2.0, -0.1, 2.0), 0, "imprecision-none-crossed"),
    ],
)
def test_the_interval_against_the_thresholds(limits, expected: int, rule: str) -> None:
    found = of(continuous(*limits), "imprecision")
    assert (found.change, found.rule) == (expected, rule)
    assert "95 %" in found.message


def test_the_worked_trial_fits_nearly_any_conclusion() -> None:
    """Remission: 397 fewer to 345 more per 1,000, thresholds 100, 150, 250; 18 people."""
    found = of(evidence([DENG], measure="RD"), "imprecision")
    assert (found.change, found.rule) == (-3, "imprecision-any-conclusion")
    assert "397 fewer per 1,000 to 345 more per 1,000" in found.message
    assert "the body has 18" in found.message


def test_eighteen_people_are_far_below_the_information_size() -> None:
    """Two levels at least, whatever the thresholds say."""
    near = outcome(thresholds=thresholds("10", "600", "900"))
    found = of(evidence([DENG], measure="RD", of=near), "imprecision")
    assert found.change <= -2
    assert "far from met" in found.message


def test_the_change_of_sledai_in_the_trial() -> None:
    """−11.4 to 5.4 points (Welch): an important benefit and an important harm."""
    about = outcome(kind="continuous", unit="points", better="lower",
                    thresholds=thresholds("2.64", "4", "8", unit="points"))  # fmt: skip
    found = of(evidence([DENG_SLEDAI], measure="MD", of=about), "imprecision")
    assert (found.change, found.rule) == (-2, "imprecision-benefit-and-harm")
    assert "402 people; the body has 18" in found.message


@pytest.mark.parametrize(
    ("n", "expected", "rule"),
    [
        (4000, 0, "imprecision-none-crossed"),
        (402, 0, "imprecision-none-crossed"),
        (400, -1, "imprecision-below-size"),
        (202, -1, "imprecision-below-size"),
        (200, -2, "imprecision-far-below-size"),
    ],
)
def test_a_large_effect_is_held_against_the_information_size(n, expected, rule) -> None:
    made = continuous(-9.9, -9.0, -8.1, n)
    spread = tuple(replace(row, sd_1=10.0, sd_2=10.0) for row in made.synthesis.rows)
    made = replace(made, synthesis=replace(made.synthesis, rows=spread))
    found = of(made, "imprecision")
    assert (found.change, found.rule) == (expected, rule)


def test_a_precise_effect_that_is_not_large_needs_no_size() -> None:
    assert of(continuous(-3.9, -3.2, -2.7, 20), "imprecision").change == 0


NULL = outcome(thresholds=())


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([counts(s, 500 + i, 5000, 700, 5000) for i, s in enumerate("abcd")], 0),
        ([counts("a", 3000, 5000, 3010, 5000), counts("b", 3010, 5000, 3000, 5000)], -1),
        ([counts("a", 3, 40, 4, 40), counts("b", 4, 40, 3, 40)], -3),
    ],
)
def test_without_thresholds_the_null_and_the_rough_guide(rows, expected: int) -> None:
    found = of(evidence(rows, of=NULL), "imprecision")
    assert found.change == expected
    assert "no thresholds given" in found.message


def test_an_effect_that_cannot_be_estimated_proposes_nothing() -> None:
    made = evidence([DENG], measure="RD")
    empty = replace(made, synthesis=replace(made.synthesis, single=()))
    assert of(empty, "imprecision").change is None


# ------------------------------------------------------------------ laws
LIMIT = st.floats(-20, 20)


@settings(max_examples=80, deadline=None)
@given(LIMIT, LIMIT, st.floats(0, 5), st.floats(0, 5), st.sampled_from([20, 300, 4000]))
def test_a_wider_interval_never_proposes_less_imprecision(one, other, below, above, n) -> None:
    low, high = sorted((one, other))
    middle = (low + high) / 2
    narrow = of(continuous(low, middle, high, n), "imprecision").change
    wide = of(continuous(low - below, middle, high + above, n), "imprecision").change
    assert wide <= narrow


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 40), st.integers(1, 40), st.integers(0, 40), st.integers(1, 40),
       st.sampled_from(["RD", "RR", "OR"]), st.booleans())  # fmt: skip
def test_proposals_are_always_allowed_changes(a, m, c, n, measure, given_thresholds) -> None:
    about = outcome() if given_thresholds else NULL
    made = evidence([counts("x", min(a, m), m, min(c, n), n)], measure=measure, of=about)
    for one in propose(made):
        assert one.change is None or one.change in DOMAINS[one.domain].changes
