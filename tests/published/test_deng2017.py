"""Deng et al. 2017, Ann Rheum Dis 76:1436: one trial, 12 against 6 people.

Counts from the abstract, means and SDs at six months from Table 2; 12 and 6 are the numbers
randomised. Expected numbers: statistics of one study alone, computed from the literature.
"""

from __future__ import annotations

import math

import pytest

from tamis.domain.results import BinaryRow, MeansRow, SingleResult
from tamis.synthesis import one_study

REMISSION = BinaryRow(study="deng2017", events_1=9, n_1=12, events_2=5, n_2=6)
DEATH = BinaryRow(study="deng2017", events_1=1, n_1=12, events_2=0, n_2=6)


def single(row: BinaryRow | MeansRow, measure: str) -> SingleResult:
    found = one_study(row, measure)
    assert isinstance(found, SingleResult)
    return found


def test_remission_is_shown_with_the_intervals_of_a_small_trial() -> None:
    rd, rr, ratio = (single(REMISSION, name) for name in ("RD", "RR", "OR"))
    assert [one.method for one in rd.intervals] == [
        "Newcombe hybrid score",
        "Miettinen-Nurminen score",
    ]
    assert rd.estimate == pytest.approx(-1 / 12)
    assert rr.estimate == pytest.approx(0.9)
    assert (rr.intervals[0].low, rr.intervals[0].high) == pytest.approx(
        (0.523286, 1.845029), abs=2e-6
    )
    assert ratio.estimate == pytest.approx(0.616366, abs=2e-6)
    assert rd.p["mid-p"] == pytest.approx(0.754902, abs=2e-6)
    assert rd.p["fisher"] == 1.0


def test_one_death_against_none_has_no_upper_limit_for_a_ratio() -> None:
    for measure in ("RR", "OR"):
        found = single(DEATH, measure)
        assert found.estimate == math.inf
        assert found.intervals[0].high == math.inf
        assert 0 < found.intervals[0].low < 1
        assert [one.rule for one in found.warnings] == ["empty-cell"]


@pytest.mark.parametrize(
    ("means", "expected"),
    [
        ((1.0, 1.0, 3.1, 2.7), (-2.1, 1.139444, 5.697210, -4.924436, 0.724436, 0.117503)),
        ((-2.1, 1.8, -1.4, 1.1), (-0.7, 0.686780, 15.071269, -2.163234, 0.763234, 0.324168)),
        ((-7, 16, -19, 25), (12, 11.202678, 7.121935, -14.398461, 38.398461, 0.319044)),
    ],
)
def test_welch(means: tuple[float, ...], expected: tuple[float, ...]) -> None:
    mean_1, sd_1, mean_2, sd_2 = means
    row = MeansRow(
        study="deng2017", mean_1=mean_1, sd_1=sd_1, n_1=12, mean_2=mean_2, sd_2=sd_2, n_2=6
    )
    found = single(row, "MD")
    first = found.intervals[0]
    got = (found.estimate, found.se, found.df, first.low, first.high, found.p["welch-t"])
    assert got == pytest.approx(expected, abs=2e-6)
