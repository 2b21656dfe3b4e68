"""Sizes by the point estimate; thresholds that are missing, crossed or in another unit."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.certainty.bodies import outcome, thresholds

from tamis.certainty import read_thresholds
from tamis.certainty.thresholds import SIZES
from tamis.domain.errors import BadInput
from tamis.domain.question import Threshold

#: Thresholds of the worked review and its one trial: outcome -> kind, unit, thresholds, and
#: (value, size) of estimate, lower and upper limit (Deng 2017; Newcombe or Welch).
APPLIED = {
    "renal-remission": ("binary", "per 1,000", ("100", "150", "250"),
                        ((-83.3, "trivial"), (-397.0, "large"), (344.9, "large"))),
    "complete-remission": ("binary", "per 1,000", ("100", "200", "300"),
                           ((-83.3, "trivial"), (-467.4, "large"), (325.6, "large"))),
    "death": ("binary", "per 1,000", ("10", "25", "50"),
              ((83.3, "large"), (-313.0, "large"), (353.9, "large"))),
    "serious-infection": ("binary", "per 1,000", ("10", "25", "50"),
                          ((166.7, "large"), (-241.6, "large"), (448.0, "large"))),
    "sledai": ("continuous", "points", ("2.64", "4", "8"),
               ((-3.0, "small"), (-11.385, "large"), (5.385, "moderate"))),
    "proteinuria": ("continuous", "g/24h", ("0.5", "1.0", "2.0"),
                    ((-0.7, "small"), (-2.163, "large"), (0.763, "small"))),
    "egfr": ("continuous", "mL/min", ("5", "10", "15"),
             ((-17.0, "large"), (-46.888, "large"), (12.888, "moderate"))),
    "creatinine": ("continuous", "umol/L", ("10", "20", "40"),
                   ((12.0, "small"), (-14.398, "small"), (38.398, "moderate"))),
}  # fmt: skip


@pytest.mark.parametrize("name", APPLIED)
def test_the_worked_trial_is_sized_as_the_evidence_says(name: str) -> None:
    kind, unit, values, expected = APPLIED[name]
    about = outcome(kind=kind, unit="" if kind == "binary" else unit,
                    thresholds=thresholds(*values, unit=unit))  # fmt: skip
    found = read_thresholds(about)
    assert found is not None
    scale = 1000 if kind == "binary" else 1
    assert [found.size(value / scale) for value, _ in expected] == [size for _, size in expected]


def test_a_mid_alone_gives_all_three() -> None:
    mid = Threshold(size="mid", value="2.64", unit="points", source="a paper")
    found = read_thresholds(outcome(kind="continuous", unit="points", thresholds=(mid,)))
    assert found is not None
    assert (found.small, found.moderate, found.large) == pytest.approx((2.64, 5.28, 7.92))
    assert found.from_mid
    assert found.source("small") == "a paper"
    assert "a paper" in found.source("large")


def test_a_response_threshold_is_never_a_size() -> None:
    response = Threshold(size="response", value="4", unit="points", source="SRI")
    assert read_thresholds(outcome(thresholds=(response,))) is None
    both = (*thresholds("2", "4", "8", unit="points"), response)
    found = read_thresholds(outcome(kind="continuous", unit="points", thresholds=both))
    assert found is not None
    assert found.size(4) == "moderate"


def test_no_thresholds_are_none() -> None:
    assert read_thresholds(outcome(thresholds=())) is None


def test_a_size_rests_on_its_own_source_and_trivial_on_small() -> None:
    found = read_thresholds(outcome())
    assert found is not None
    assert [found.source(size) for size in SIZES] == [
        "source of small", "source of small", "source of moderate", "source of large",
    ]  # fmt: skip
    assert found.points() == pytest.approx((-0.25, -0.15, -0.1, 0.1, 0.15, 0.25))


CROSSED = thresholds("200", "150", "250")
MISSING = thresholds("100", "150", "250")[:2]
NEGATIVE = thresholds("-100", "150", "250")
TWICE = (*thresholds("100", "150", "250"), thresholds("100", "150", "250")[0])
MIXED = (thresholds("100", "150", "250")[0], *thresholds("1", "15", "25", unit="%")[1:])


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (CROSSED, "crossed: small .200. is more than moderate"),
        (MISSING, "no threshold large"),
        (NEGATIVE, "above zero"),
        (thresholds("ten", "150", "250"), "above zero"),
        (TWICE, "stands twice"),
        (MIXED, "one unit"),
        (thresholds("1", "2", "3", unit="g"), "per 1,000"),
        ((*thresholds("1", "2", "3"), Threshold(size="mid", value="1", unit="per 1,000",
                                                source="s")), "mid alone"),
        ((Threshold(size="huge", value="1", unit="per 1,000", source="s"),), "use one of"),
    ],
)  # fmt: skip
def test_thresholds_that_cannot_be_are_refused(rows, says: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_thresholds(outcome(thresholds=rows))
    assert re.search(says, str(caught.value))


def test_another_unit_than_the_outcome_is_refused() -> None:
    about = outcome(
        kind="continuous", unit="g/24h", thresholds=thresholds("1", "2", "3", unit="mg")
    )
    with pytest.raises(BadInput, match="convert them"):
        read_thresholds(about)


@given(st.floats(-1, 1), st.floats(-1, 1))
def test_a_larger_effect_is_never_of_a_smaller_size(one: float, other: float) -> None:
    found = read_thresholds(outcome())
    assert found is not None
    small, large = sorted((one, other), key=abs)
    assert SIZES.index(found.size(small)) <= SIZES.index(found.size(large))
    assert found.size(one) == found.size(-one)


def test_equal_thresholds_are_not_crossed() -> None:
    found = read_thresholds(replace(outcome(), thresholds=thresholds("100", "100", "100")))
    assert found is not None
    assert found.size(0.1) == "large"
