"""Mantel-Haenszel and Peto: empty cells without correction, tests of association, laws."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamis.domain.results import BinaryRow, PooledResult, Refusal
from tamis.synthesis import (
    StrataFit,
    association_test,
    conditional,
    fit_strata,
    homogeneity_tests,
    pool_tables,
)


def tables(*counts: tuple[int, int, int, int]) -> list[BinaryRow]:
    return [
        BinaryRow(study=str(at), events_1=a, n_1=m, events_2=c, n_2=n)
        for at, (a, m, c, n) in enumerate(counts)
    ]


#: Two tables without any event and two with one empty cell.
SPARSE = tables((0, 20, 2, 20), (0, 15, 0, 15), (3, 40, 5, 41), (1, 25, 0, 24), (0, 30, 4, 60))

#: Two tables in which everybody had the event.
FULL = tables((20, 20, 19, 20), (18, 18, 18, 18), (10, 12, 6, 12))


def shown(rows: list[BinaryRow], measure: str, method: str = "MH") -> PooledResult:
    found = pool_tables(rows, measure=measure, method=method)
    assert isinstance(found, PooledResult)
    return found


def test_sparse_tables_where_logistic_mixed_models_of_others_fail() -> None:
    odds, peto = shown(SPARSE, "OR"), shown(SPARSE, "OR", "PETO")
    assert (odds.y, odds.se) == pytest.approx((-0.92925, 0.61910), abs=1e-5)
    assert (peto.y, peto.se) == pytest.approx((-0.81683, 0.54068), abs=1e-5)


def test_a_table_in_which_everybody_had_the_event_stays_in_the_risk_ratio() -> None:
    """Policy: Mantel-Haenszel keeps it for RR (it says the risks are alike)."""
    assert shown(FULL, "RR").y != pytest.approx(shown([FULL[0], FULL[2]], "RR").y)
    assert shown(FULL, "OR").y == pytest.approx(shown([FULL[0], FULL[2]], "OR").y)


def test_a_common_effect_has_no_tau2() -> None:
    found = shown(SPARSE, "RD")
    assert found.tau2 is None
    assert found.pi_low is None
    assert found.interval_method == "Wald"


@pytest.mark.parametrize(
    ("rows", "measure", "method", "rule"),
    [
        ([], "OR", "MH", "no-data"),
        (FULL[:1], "OR", "MH", "one-study"),
        (tables((0, 5, 0, 5), (0, 9, 0, 8)), "OR", "MH", "no-information"),
        (tables((0, 5, 0, 5), (0, 9, 0, 8)), "OR", "PETO", "no-information"),
        (tables((1, 5, 0, 5), (2, 9, 0, 8)), "RR", "MH", "no-information"),
        (FULL, "SMD", "MH", "method-does-not-fit-measure"),
        (FULL, "RD", "PETO", "method-does-not-fit-measure"),
    ],
)
def test_refusals_say_why(rows, measure, method, rule) -> None:
    found = pool_tables(rows, measure=measure, method=method)
    assert isinstance(found, Refusal)
    assert found.rule == rule
    assert not any(letter.isdigit() for letter in found.message)


def test_no_information_about_association() -> None:
    assert association_test(tables((0, 5, 0, 5))) is None
    assert homogeneity_tests(tables((0, 5, 0, 5), (0, 3, 0, 3))) == {}
    assert homogeneity_tests(tables((5, 20, 9, 21)))["tarone"][2] is None


cell = st.integers(1, 30)
table = st.tuples(cell, cell, cell, cell).map(lambda t: (t[0], t[0] + t[1], t[2], t[2] + t[3]))
several = st.lists(table, min_size=2, max_size=6)


@given(several, st.sampled_from(["RR", "OR", "RD"]))
def test_copies_of_one_table_give_its_own_effect(counts, measure: str) -> None:
    first = counts[0]
    a, m, c, n = first
    own = {
        "RR": math.log((a / m) / (c / n)),
        "OR": math.log(a * (n - c) / ((m - a) * c)),
        "RD": a / m - c / n,
    }
    found = fit_strata(tables(first, first, first), measure=measure, method="MH")
    assert isinstance(found, StrataFit)
    assert found.y == pytest.approx(own[measure], abs=1e-9)
    assert found.q == pytest.approx(0, abs=1e-9)


@given(several, st.sampled_from([("RR", "MH"), ("OR", "MH"), ("RD", "MH"), ("OR", "PETO")]))
def test_swapping_the_arms_and_shuffling(counts, how: tuple[str, str]) -> None:
    measure, method = how
    here = fit_strata(tables(*counts), measure=measure, method=method)
    other = [(c, n, a, m) for a, m, c, n in reversed(counts)]
    there = fit_strata(tables(*other), measure=measure, method=method)
    assert isinstance(here, StrataFit)
    assert isinstance(there, StrataFit)
    assert (there.y, there.se) == pytest.approx((-here.y, here.se), rel=1e-9, abs=1e-10)
    assert here.low <= here.y <= here.high
    assert 0 <= here.p <= 1


@given(several)
def test_homogeneity_of_copies(counts) -> None:
    found = homogeneity_tests(tables(counts[0], counts[0]))
    for chi, df, p in found.values():
        assert chi == pytest.approx(0, abs=1e-8)
        assert df == 1
        assert p == pytest.approx(1, abs=1e-3)


@given(table)
def test_the_association_test_is_the_hypergeometric_one(counts) -> None:
    a, m, c, n = counts
    found = association_test(tables(counts), correct=False)
    assert found is not None
    law = conditional(a, m, c, n)
    p = law._probabilities(0.0)
    mean = float((p * law.support).sum())
    variance = float((p * (law.support - mean) ** 2).sum())
    assert found[0] == pytest.approx((a - mean) ** 2 / variance, rel=1e-9, abs=1e-12)
