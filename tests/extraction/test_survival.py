"""Curves rebuilt into people: simulated trials, whose truth is known, and laws of the walk."""

from __future__ import annotations

from math import exp, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tamis.domain.errors import BadInput
from tamis.domain.results import Refusal
from tamis.extraction.conversions import (
    Curve,
    HazardRatio,
    Person,
    Reconstruction,
    hazard_ratio,
    reconstruct,
)


def simulated(seed: int, n: int, hazard: float, *, months: int = 24) -> Reconstruction:
    """Return people with exponential times, dropout, and an end of the study."""
    draw = np.random.default_rng(seed)
    event, dropout = draw.exponential(1 / hazard, n), draw.exponential(80, n)
    seen = np.minimum(np.minimum(event, dropout), months)
    people = tuple(
        Person(time=round(float(t), 3), event=bool(e))
        for t, e in zip(seen, event <= np.minimum(dropout, months), strict=True)
    )
    return Reconstruction(people=people, error=0.0, can_compare=True)


def printed(truth: Reconstruction, *, every: int = 6, months: int = 24) -> Curve:
    """Return what a paper prints of them: a point each half month to 3 digits, numbers at risk."""
    clicked = [at / 2 for at in range(1, 2 * months + 1)]
    return Curve(
        points=tuple((t, round(truth.survival(t), 3)) for t in clicked),
        at_risk=tuple(
            (float(t), sum(p.time >= t for p in truth.people)) for t in range(0, months, every)
        ),
        events=truth.events,
    )


@pytest.mark.parametrize("seed", range(12))
def test_simulated_trials_come_back(seed: int) -> None:
    """Bar of the house: curve within 0.01, log hazard ratio within 0.05 on average."""
    one, other = simulated(seed, 200, 0.06), simulated(seed + 100, 200, 0.04)
    mine, theirs = reconstruct(printed(one)), reconstruct(printed(other))
    assert max(mine.error, theirs.error) <= 0.01
    assert len(mine.people) == len(theirs.people) == 200
    assert mine.events == pytest.approx(one.events, rel=0.05)
    truth, found = hazard_ratio(one, other), hazard_ratio(mine, theirs)
    assert isinstance(truth, HazardRatio)
    assert isinstance(found, HazardRatio)
    assert found.log_estimate == pytest.approx(truth.log_estimate, abs=0.05)
    assert found.log_se == pytest.approx(truth.log_se, rel=0.05)


def test_the_cox_model_of_a_small_sample_by_hand() -> None:
    """Three deaths, no ties: the score is zero at the root of a polynomial."""
    one = Reconstruction(people=(Person(time=1, event=True), Person(time=4, event=True)),
                         error=0, can_compare=True)  # fmt: skip
    other = Reconstruction(people=(Person(time=2, event=True), Person(time=5, event=False)),
                           error=0, can_compare=True)  # fmt: skip
    found = hazard_ratio(one, other)
    assert isinstance(found, HazardRatio)
    w = exp(found.log_estimate)
    assert 2 - 2 * w / (2 * w + 2) - w / (w + 2) - w / (w + 1) == pytest.approx(0, abs=1e-9)


def test_ties_count_as_efron_counts_them() -> None:
    """Two deaths at once, one of each group: the second sees half of both gone."""
    both = tuple(Person(time=1, event=True) for _ in range(2))
    one = Reconstruction(people=both, error=0, can_compare=True)
    other = Reconstruction(people=(*both, Person(time=2, event=True)), error=0, can_compare=True)
    found = hazard_ratio(one, other)
    assert isinstance(found, HazardRatio)
    w = exp(found.log_estimate)
    score = 2 - sum((2 - j / 2) * w / ((2 - j / 2) * w + 3 - j / 2) for j in range(4))
    assert score == pytest.approx(0, abs=1e-9)


def test_without_a_table_the_curve_is_read_and_no_hazard_ratio() -> None:
    bare = reconstruct(Curve(points=((1, 0.9), (2, 0.7)), at_risk=((0, 50),)))
    assert bare.survival(2) == pytest.approx(0.7, abs=0.01)
    refused = hazard_ratio(bare, bare)
    assert isinstance(refused, Refusal)
    assert "numbers at risk" in refused.message
    none = reconstruct(Curve(points=((1, 1.0),), at_risk=((0, 5), (1, 5))))
    assert isinstance(hazard_ratio(none, none), Refusal)


@pytest.mark.parametrize(
    "curve",
    [
        Curve(points=((1, 0.9),), at_risk=()),
        Curve(points=((1, 0.9),), at_risk=((0, 5), (3, 6))),
        Curve(points=((1, 0.9),), at_risk=((0, 5), (0, 4))),
        Curve(points=((1, 1.2),), at_risk=((0, 5),)),
        Curve(points=((1, 0.9),), at_risk=((0, 5),), events=6),
    ],
)
def test_what_cannot_be_is_refused(curve: Curve) -> None:
    with pytest.raises(BadInput):
        reconstruct(curve)


shares = st.floats(0, 1).map(lambda share: round(share, 2))


@settings(max_examples=100)
@given(
    st.lists(st.tuples(st.integers(0, 20).map(float), shares), max_size=12),
    st.lists(st.integers(0, 30), min_size=1, max_size=5),
)
def test_whatever_is_clicked_nobody_is_lost(
    points: list[tuple[float, float]], counts: list[int]
) -> None:
    ordered = sorted(counts, reverse=True)
    if not ordered[0]:
        return
    table = tuple((4.0 * at, count) for at, count in enumerate(ordered))
    found = reconstruct(Curve(points=tuple(points), at_risk=table))
    assert len(found.people) == ordered[0]
    assert all(person.time >= 0 for person in found.people)
    assert 0 <= found.events <= ordered[0]


def test_the_reciprocal_of_swapped_arms() -> None:
    one, other = simulated(1, 80, 0.08), simulated(2, 60, 0.05)
    there, back = hazard_ratio(one, other), hazard_ratio(other, one)
    assert isinstance(there, HazardRatio)
    assert isinstance(back, HazardRatio)
    assert there.log_estimate == pytest.approx(-back.log_estimate, abs=1e-8)
    assert log(there.estimate) == pytest.approx(there.log_estimate)
