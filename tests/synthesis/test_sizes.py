"""Effect sizes of rates, correlations, pairs and ratios; the Freeman-Tukey scales."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import hyp2f1

from tamis.domain.errors import BadInput
from tamis.domain.results import (
    CorrelationRow,
    MeansRow,
    PairedArmsRow,
    PairedRow,
    ProportionRow,
    RateRow,
    SingleRateRow,
)
from tamis.synthesis import EffectSettings, effects
from tamis.synthesis.scales import SIZED, back, forth
from tamis.synthesis.sizes.correlations import unbiased
from tamis.synthesis.sizes.paired import correlation_of

#: Morris 2008, table 2: mean and SD before and after, n, correlation, treated then control.
MORRIS = (
    ((30.6, 15.0, 38.5, 11.6, 20), (23.1, 13.8, 19.7, 14.8, 20), 0.47),
    ((23.5, 3.1, 26.8, 4.1, 50), (24.9, 4.1, 25.3, 3.3, 42), 0.64),
    ((0.5, 0.1, 0.7, 0.1, 9), (0.6, 0.2, 0.6, 0.2, 9), 0.77),
    ((53.4, 14.5, 75.9, 4.4, 10), (55.7, 17.3, 60.7, 17.9, 11), 0.89),
    ((35.6, 4.7, 36.0, 4.6, 14), (34.8, 3.1, 33.4, 6.9, 14), 0.44),
)
EXPECTED = (
    (0.74205, 0.11379), (0.95236, 0.04264), (1.80541, 0.28331), (1.15139, 0.14578),
    (0.50504, 0.16668),
)  # fmt: skip


def pair(numbers: tuple[float, float, float, float, int], r: float) -> PairedRow:
    before, sd_before, after, sd_after, n = numbers
    return PairedRow(
        study="a", mean_1=after, sd_1=sd_before, mean_2=before, sd_2=sd_after, n=n, correlation=r
    )


def test_change_against_control_is_that_of_morris() -> None:
    rows = [PairedArmsRow(study="a", arm_1=pair(t, r), arm_2=pair(c, r)) for t, c, r in MORRIS]
    for one, (y, v) in zip(effects("PPC", rows), EXPECTED, strict=True):
        assert one.y is not None
        assert one.se is not None
        assert (round(one.y, 5), round(one.se**2, 5)) == (y, v)


@given(
    x1=st.integers(1, 500), t1=st.floats(0.5, 1e4), x2=st.integers(1, 500), t2=st.floats(0.5, 1e4)
)
def test_swapped_arms_turn_the_sign_of_a_rate(x1: int, t1: float, x2: int, t2: float) -> None:
    here = RateRow(study="a", events_1=x1, time_1=t1, events_2=x2, time_2=t2)
    there = RateRow(study="a", events_1=x2, time_1=t2, events_2=x1, time_2=t1)
    for measure in ("IRR", "IRD", "IRSD"):
        one, other = effects(measure, [here])[0], effects(measure, [there])[0]
        assert one.y == pytest.approx(-other.y, rel=1e-9, abs=1e-12)
        assert one.se == pytest.approx(other.se)


@given(
    m1=st.floats(0.1, 100), m2=st.floats(0.1, 100), s1=st.floats(0.1, 50), s2=st.floats(0.1, 50),
    n1=st.integers(3, 200), n2=st.integers(3, 200), factor=st.floats(0.01, 100),
)  # fmt: skip
def test_ratios_and_standardised_differences_have_no_unit(
    m1: float, m2: float, s1: float, s2: float, n1: int, n2: int, factor: float
) -> None:
    row = MeansRow(study="a", mean_1=m1, sd_1=s1, n_1=n1, mean_2=m2, sd_2=s2, n_2=n2)
    other = MeansRow(
        study="a", mean_1=m1 * factor, sd_1=s1 * factor, n_1=n1, mean_2=m2 * factor,
        sd_2=s2 * factor, n_2=n2,
    )  # fmt: skip
    for measure in ("SMD", "SMDH", "SMD1", "ROM", "VR", "CVR", "RPB", "RBIS", "D2ORL"):
        one, two = effects(measure, [row])[0], effects(measure, [other])[0]
        assert one.y == pytest.approx(two.y, rel=1e-7, abs=1e-9)
        assert one.se == pytest.approx(two.se, rel=1e-7)


def test_a_ratio_of_means_of_two_signs_is_not_defined() -> None:
    row = MeansRow(study="a", mean_1=-2, sd_1=1, n_1=10, mean_2=3, sd_2=1, n_2=10)
    for measure in ("ROM", "CVR"):
        assert effects(measure, [row])[0].y is None
    both = MeansRow(study="a", mean_1=-2, sd_1=1, n_1=10, mean_2=-3, sd_2=1, n_2=10)
    assert effects("ROM", [both])[0].estimate == pytest.approx(2 / 3, abs=0.02)


@pytest.mark.parametrize("correction", ["full", "sd", "none"])
def test_small_sample_terms_are_named(correction: str) -> None:
    row = MeansRow(study="a", mean_1=5, sd_1=2, n_1=6, mean_2=4, sd_2=1, n_2=8)
    settings = EffectSettings(correction=correction)
    rom, vr = (effects(m, [row], settings=settings)[0].y for m in ("ROM", "VR"))
    assert rom is not None
    assert vr is not None
    assert (rom != pytest.approx(math.log(5 / 4))) == (correction == "full")
    assert (vr != pytest.approx(math.log(2))) == (correction != "none")


@given(r=st.floats(-0.99, 0.99), n=st.integers(8, 400))
def test_unbiased_correlation_agrees_with_the_series(r: float, n: int) -> None:
    with np.errstate(invalid="ignore"):
        found = float(r * hyp2f1(0.5, 0.5, (n - 2) / 2, 1 - r * r))
    if not math.isnan(found):  # scipy gives NaN at n = 326, r = 0.05, and its like
        assert unbiased(r, n) == pytest.approx(found, rel=1e-9, abs=1e-14)
    assert abs(unbiased(r, n)) >= abs(r) or r == 0


def test_unbiased_correlation_where_scipy_has_none() -> None:
    assert unbiased(0.05, 326) == pytest.approx(0.0500775043245259, rel=1e-10)


def test_a_correlation_that_cannot_be_is_refused() -> None:
    with pytest.raises(BadInput, match=r"a: a correlation of 1\.2"):
        effects("ZCOR", [CorrelationRow(study="a", r=1.2, n=20)])
    assert effects("ZCOR", [CorrelationRow(study="a", r=0.3, n=3)])[0].y is None
    shown = effects("ZCOR", [CorrelationRow(study="a", r=0.3, n=40)])[0]
    assert shown.estimate == pytest.approx(0.3)


def test_freeman_tukey_only_on_request() -> None:
    row = ProportionRow(study="a", events=0, n=20)
    with pytest.raises(BadInput, match="not monotone"):
        effects("PFT", [row])
    done = effects("PFT", [row], settings=EffectSettings(freeman_tukey=True))[0]
    assert done.estimate == pytest.approx(0, abs=1e-12)


@given(x=st.integers(0, 60), more=st.integers(0, 60))
def test_sized_scales_go_there_and_back(x: int, more: int) -> None:
    n = max(1, x + more)
    share = x / n
    assert back("freeman-tukey", forth("freeman-tukey", share, n), n) == pytest.approx(
        share, abs=1e-7
    )
    rate = x / 7.0
    assert back("freeman-tukey-rate", forth("freeman-tukey-rate", rate, 7.0), 7.0) == pytest.approx(
        rate, abs=1e-7
    )


def test_a_sized_scale_without_its_size_says_so() -> None:
    for scale in SIZED:
        with pytest.raises(ValueError, match="needs the size"):
            back(scale, 0.5)


def test_rates_that_cannot_be_are_refused() -> None:
    with pytest.raises(BadInput, match="person-time above 0"):
        effects("IRLN", [SingleRateRow(study="a", events=3, time=0)])
    with pytest.raises(BadInput, match="events and person-time of one arm"):
        effects("IRLN", [ProportionRow(study="a", events=3, n=10)])


def test_a_correlation_that_three_sds_cannot_have() -> None:
    assert correlation_of(10, 10, 8) == pytest.approx(0.68)
    assert correlation_of(10, 10, 25) is None
    assert correlation_of(0, 10, 8) is None
