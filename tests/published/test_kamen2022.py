"""Kamen et al. 2022, Lupus Science & Medicine 9:e000704, abstract: phase I, six people."""

from tamis.domain.results import ProportionRow, SingleResult
from tamis.synthesis import one_study


def test_the_printed_interval_of_sri4_is_the_exact_one() -> None:
    """SRI-4 in 5 of 6: 83.3 %, 95 % CI 35.9 to 99.6."""
    single = one_study(ProportionRow(study="kamen2022", events=5, n=6), "PR")
    assert isinstance(single, SingleResult)
    assert single.estimate is not None
    exact = single.intervals[0]
    assert exact.method == "Clopper-Pearson exact"
    printed = [round(100 * x, 1) for x in (single.estimate, exact.low, exact.high)]
    assert printed == [83.3, 35.9, 99.6]
