"""Agreement of two raters against printed figures, a numerical oracle, and its laws."""

from __future__ import annotations

from itertools import product
from math import isclose, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamis.agreement import agree
from tamis.domain.errors import BadInput
from tamis.domain.results import AgreementResult

TWO = ("include", "exclude")
THREE = ("include", "maybe", "exclude")


def rated(rows: list[list[int]], categories: tuple[str, ...]) -> AgreementResult:
    """Return the agreement of a table of counts; rows are rater 1."""
    pairs = [
        (a, b)
        for a, row in zip(categories, rows, strict=True)
        for b, count in zip(categories, row, strict=True)
        for _ in range(count)
    ]
    return agree(pairs, subject="x", rater_1="p-a", rater_2="p-b", categories=categories)


def shown(number: float | None, digits: int) -> str:
    assert number is not None
    return f"{number:.{digits}f}"


# ---------------------------------------------------------------- printed figures
def test_the_golden_two_by_two_table_to_all_printed_digits() -> None:
    found = rated([[20, 5], [10, 15]], TWO)
    assert found.n == 50
    assert shown(found.percent, 2) == "0.70"
    assert shown(found.kappa, 4) == "0.4000"
    assert shown(found.kappa_se, 6) == "0.126996"
    assert found.kappa_ci is not None
    assert [shown(end, 4) for end in found.kappa_ci] == ["0.1511", "0.6489"]
    assert shown(found.ac1, 4) == "0.4059"
    assert shown(found.pabak, 3) == "0.400"
    assert (shown(found.positive, 3), shown(found.negative, 3)) == ("0.727", "0.667")


def test_the_prevalence_paradox_to_all_printed_digits() -> None:
    found = rated([[4, 3], [3, 990]], TWO)
    assert shown(found.percent, 3) == "0.994"
    assert (shown(found.kappa, 6), shown(found.kappa_se, 6)) == ("0.568407", "0.158862")
    assert shown(found.ac1, 6) == "0.993915"
    assert shown(found.pabak, 3) == "0.988"


def test_the_example_of_the_paper_that_gave_the_standard_error() -> None:
    """Fleiss, Cohen and Everitt 1969, table 1: proportions of 200 ratings in three classes.

    Printed there: kappa .429 and, for a confidence interval, a variance of .002885.
    """
    found = rated([[106, 10, 4], [22, 28, 10], [2, 12, 6]], THREE)
    assert found.n == 200
    assert shown(found.kappa, 3) == "0.429"
    assert found.kappa_se is not None
    assert shown(found.kappa_se**2, 6) == "0.002885"


def test_three_categories_worked_by_hand() -> None:
    """By chance .5*.6 + .3*.2 + .2*.2 = .40, observed .70: kappa .3/.6; pi .55 .25 .20."""
    found = rated([[40, 5, 5], [15, 15, 0], [5, 0, 15]], THREE)
    assert (found.percent, found.kappa) == (0.7, 0.5)
    chance = (0.55 * 0.45 + 0.25 * 0.75 + 0.20 * 0.80) / 2
    assert found.ac1 is not None
    assert isclose(found.ac1, (0.7 - chance) / (1 - chance))
    assert found.pabak is not None
    assert isclose(found.pabak, (3 * 0.7 - 1) / 2)
    assert (found.positive, found.negative) == (None, None)


def test_wilsons_interval_of_the_observed_agreement() -> None:
    """35 of 50: centre (0.7 + z²/100) / (1 + z²/50), worked with z = 1.959964."""
    found = rated([[20, 5], [10, 15]], TWO)
    assert found.percent_ci is not None
    assert [shown(end, 4) for end in found.percent_ci] == ["0.5625", "0.8090"]


# ---------------------------------------------------------------- an oracle by another road
def by_delta_method(rows: list[list[int]]) -> float:
    """Standard error of kappa from its numerical gradient under multinomial sampling."""
    counts = np.array(rows, dtype=float)
    n = counts.sum()

    def kappa(p: np.ndarray) -> float:
        expected = p.sum(1) @ p.sum(0)
        return float((np.trace(p) - expected) / (1 - expected))

    p = counts / n
    gradient = np.zeros_like(p)
    step = 1e-5
    for cell in product(range(len(p)), repeat=2):
        nudge = np.zeros_like(p)
        nudge[cell] = step
        gradient[cell] = (kappa(p + nudge) - kappa(p - nudge)) / (2 * step)
    variance = (p * gradient**2).sum() - (p * gradient).sum() ** 2
    return sqrt(max(0.0, float(variance)) / n)


@pytest.mark.parametrize(
    ("rows", "categories"),
    [
        ([[20, 5], [10, 15]], TWO),
        ([[4, 3], [3, 990]], TWO),
        ([[106, 10, 4], [22, 28, 10], [2, 12, 6]], THREE),
        ([[40, 5, 5], [15, 15, 0], [5, 0, 15]], THREE),
        ([[1, 9, 2], [8, 0, 3], [0, 7, 1]], THREE),
    ],
)
def test_the_standard_error_agrees_with_the_delta_method(
    rows: list[list[int]], categories: tuple[str, ...]
) -> None:
    found = rated(rows, categories)
    assert found.kappa_se is not None
    assert isclose(found.kappa_se, by_delta_method(rows), rel_tol=1e-6)


# ---------------------------------------------------------------- what cannot be estimated
def test_nothing_rated_is_not_estimable_and_never_zero() -> None:
    found = rated([[0, 0], [0, 0]], TWO)
    assert found.n == 0
    figures = (
        found.percent, found.percent_ci, found.kappa, found.kappa_se, found.kappa_ci, found.ac1,
        found.pabak, found.positive, found.negative,
    )  # fmt: skip
    assert set(figures) == {None}


@pytest.mark.parametrize("rows", [[[0, 1], [0, 0]], [[1, 0], [0, 0]], [[0, 0], [0, 1]]])
def test_one_thing_rated_leaves_kappa_not_estimable(rows: list[list[int]]) -> None:
    found = rated(rows, TWO)
    assert (found.n, found.kappa, found.kappa_se, found.kappa_ci) == (1, None, None, None)
    assert found.percent is not None
    pairs = [("include", "exclude")]
    weighted = agree(pairs, subject="x", rater_1="a", rater_2="b", categories=TWO, ordered=True)
    assert weighted.kappa_weighted is None


@pytest.mark.parametrize(
    ("rows", "kappa"), [([[0, 5], [0, 0]], 0.0), ([[7, 3], [0, 0]], 0.0), ([[0, 5], [5, 0]], -1.0)]
)
def test_a_variance_that_says_nothing_gives_no_interval(
    rows: list[list[int]], kappa: float
) -> None:
    """One rater used one category only, or the two never agreed: "0.00 to 0.00" is no precision."""
    found = rated(rows, TWO)
    assert (found.kappa, found.kappa_se, found.kappa_ci) == (kappa, None, None)


def test_one_category_alone_leaves_kappa_not_estimable() -> None:
    found = rated([[0, 0], [0, 30]], TWO)
    assert (found.kappa, found.kappa_se, found.kappa_ci) == (None, None, None)
    assert (found.percent, found.ac1, found.pabak) == (1.0, 1.0, 1.0)
    assert (found.positive, found.negative) == (None, 1.0)
    assert found.percent_ci is not None
    assert found.percent_ci[1] == 1.0


def test_perfect_agreement_has_a_standard_error_of_exactly_zero() -> None:
    for rows, categories in (([[7, 0], [0, 11]], TWO), ([[3, 0, 0], [0, 7, 0], [0, 0, 1]], THREE)):
        found = rated(rows, categories)
        assert (found.kappa, found.kappa_se, found.kappa_ci) == (1.0, 0.0, (1.0, 1.0))


def test_total_disagreement() -> None:
    found = rated([[0, 10], [10, 0]], TWO)
    assert (found.percent, found.kappa, found.pabak, found.positive) == (0.0, -1.0, -1.0, 0.0)
    assert found.percent_ci is not None
    assert found.percent_ci[0] == 0.0


# ---------------------------------------------------------------- laws
CELLS = st.integers(0, 40)
TABLES = st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=3, max_size=3)


@given(TABLES)
def test_exchanging_the_raters_changes_no_figure(rows: list[list[int]]) -> None:
    there = rated(rows, THREE)
    back = rated([list(column) for column in zip(*rows, strict=True)], THREE)
    for field in ("percent", "percent_ci", "kappa", "kappa_se", "kappa_ci", "ac1", "pabak"):
        assert getattr(there, field) == getattr(back, field)


@given(TABLES, st.permutations(THREE))
def test_the_order_of_categories_changes_no_figure(rows: list[list[int]], order: list[str]) -> None:
    there = rated(rows, THREE)
    places = [THREE.index(name) for name in order]
    back = rated([[rows[i][j] for j in places] for i in places], tuple(order))
    for field in ("percent", "kappa", "kappa_se", "ac1", "pabak"):
        assert getattr(there, field) == getattr(back, field)


@given(TABLES)
def test_figures_stay_in_their_bounds(rows: list[list[int]]) -> None:
    found = rated(rows, THREE)
    assert found.n == sum(map(sum, rows)) == sum(count for _, _, count in found.table)
    assert len(found.table) == 9
    for figure in (found.kappa, found.ac1, found.pabak):
        assert figure is None or -1 <= figure <= 1
    if found.percent is not None:
        assert found.percent_ci is not None
        assert 0 <= found.percent_ci[0] <= found.percent <= found.percent_ci[1] <= 1


@given(TABLES, st.integers(2, 5))
def test_more_of_the_same_narrows_the_interval_and_moves_nothing(
    rows: list[list[int]], times: int
) -> None:
    once = rated(rows, THREE)
    more = rated([[times * count for count in row] for row in rows], THREE)
    assert (once.percent, once.ac1) == (more.percent, more.ac1)
    if once.n > 1:
        assert once.kappa == more.kappa
    if once.kappa_se is not None:
        assert more.kappa_se is not None
        assert isclose(more.kappa_se * sqrt(times), once.kappa_se, abs_tol=1e-12)


# ---------------------------------------------------------------- refusals
@pytest.mark.parametrize("categories", [(), ("include",), ("include", "include")])
def test_fewer_than_two_categories_are_refused(categories: tuple[str, ...]) -> None:
    with pytest.raises(BadInput, match="declare at least two"):
        agree([], subject="x", rater_1="a", rater_2="b", categories=categories)


def test_a_rating_that_was_not_declared_is_refused() -> None:
    with pytest.raises(BadInput, match="'perhaps' is not declared"):
        agree([("include", "perhaps")], subject="x", rater_1="a", rater_2="b", categories=TWO)


def test_subject_raters_and_inputs_travel_with_the_figures() -> None:
    found = agree([], subject="titles", rater_1="p-a", rater_2="p-b", categories=TWO, inputs=["e"])
    assert (found.subject, found.rater_1, found.rater_2, found.inputs) == (
        "titles", "p-a", "p-b", ("e",),
    )  # fmt: skip


# ------------------------------------------------------------------ weighted kappa
def weighted(rows: list[list[int]], categories: tuple[str, ...]) -> float | None:
    pairs = [
        (a, b)
        for a, row in zip(categories, rows, strict=True)
        for b, count in zip(categories, row, strict=True)
        for _ in range(count)
    ]
    return agree(pairs, subject="x", rater_1="p-a", rater_2="p-b", categories=categories,
                 ordered=True).kappa_weighted  # fmt: skip


def test_weighted_kappa_worked_by_hand() -> None:
    """Counts 10 2 1 / 3 8 2 / 1 3 10 of 40.

    Disagreement seen: (2 + 3 + 2 + 3) + 2 (1 + 1) = 14. By chance, rows 13 13 14 and columns
    14 13 13: (13·13 + 13·14 + 13·13 + 14·13 + 2 (13·13 + 14·14)) / 40 = 1432 / 40 = 35.8.
    """
    found = weighted([[10, 2, 1], [3, 8, 2], [1, 3, 10]], THREE)
    assert found is not None
    assert isclose(found, 1 - 14 / 35.8, rel_tol=1e-12)


@given(st.lists(st.lists(st.integers(0, 9), min_size=2, max_size=2), min_size=2, max_size=2))
def test_of_two_categories_weighted_is_plain(rows: list[list[int]]) -> None:
    assert weighted(rows, TWO) == rated(rows, TWO).kappa


def test_weights_are_for_ordered_categories_and_unknown_stays_none() -> None:
    assert rated([[1, 0], [0, 1]], TWO).kappa_weighted is None
    assert weighted([[0, 0], [0, 0]], TWO) is None
    assert weighted([[5, 0], [0, 0]], TWO) is None
    assert weighted([[5, 0, 0], [0, 3, 0], [0, 0, 2]], THREE) == 1
