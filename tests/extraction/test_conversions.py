"""Conversions: golden numbers, their formulas, refusals, and what is never computed."""

from __future__ import annotations

import math
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tamis.domain.errors import BadInput
from tamis.domain.results import Refusal
from tamis.extraction.conversions import (
    CONVERSIONS,
    Arm,
    Converted,
    Given,
    change_grid,
    combine,
    convert,
    convert_unit,
    possible,
)


def given_of(**printed: str) -> dict[str, Given]:
    return {name: Given(printed=text, id=f"v:{name}") for name, text in printed.items()}


def made(name: str, **printed: str) -> dict[str, Converted]:
    found = convert(name, given_of(**printed))
    assert not isinstance(found, Refusal), found
    return {one.statistic: one for one in found}


def refused(name: str, **printed: str) -> str:
    found = convert(name, given_of(**printed))
    assert isinstance(found, Refusal)
    return found.message


def test_an_sd_from_a_standard_error_shows_its_arithmetic() -> None:
    sd = made("sd.from-se", se="0.14", n="34")["sd"]
    assert sd.printed == "0.816"
    assert sd.derivation.formula == "SD = SE × √n = 0.14 × √34 = 0.816"
    assert sd.derivation.inputs == ("v:se", "v:n")


def test_limits_of_a_mean_are_t_limits_in_small_samples() -> None:
    """Handbook 6.5.2.2: 25 people, 95 % interval 30.0 to 34.2, t on 24 degrees of freedom."""
    small = made("sd.from-limits", ci_low="30.0", ci_high="34.2", n="25")["sd"]
    assert small.number == pytest.approx(5 * 4.2 / (2 * 2.0639), rel=1e-4)
    large = made("sd.from-limits", ci_low="30.0", ci_high="34.2", n="100")["sd"]
    assert large.number == pytest.approx(10 * 4.2 / 3.92, rel=1e-4)
    assert len(small.warnings) == 2
    assert len(large.warnings) == 1


def test_the_interval_of_the_practice_difference_gives_its_standard_error() -> None:
    se = made("se.from-limits", estimate="−0.63", ci_low="−1.04", ci_high="−0.22")["se"]
    assert se.number == pytest.approx(0.82 / 3.92, rel=1e-4)


#: min, q1, median, q3, max, n -> mean, SD worked out by hand from the published weights.
FIVE = [
    ("mean-sd.from-quartiles", {"q1": "4", "median": "6", "q3": "8", "n": "30"}, 6.0,
     4 / (2 * stats.norm.ppf(22.375 / 30.25))),
    ("mean-sd.from-quartiles", {"q1": "3", "median": "5.5", "q3": "9", "n": "45"},
     (0.7 + 0.39 / 45) * 6 + (0.3 - 0.39 / 45) * 5.5, 6 / (2 * stats.norm.ppf(33.625 / 45.25))),
    ("mean-sd.from-range", {"min": "1", "median": "7", "max": "18", "n": "20"},
     4 / (4 + 20**0.75) * 9.5 + (1 - 4 / (4 + 20**0.75)) * 7,
     17 / (2 * stats.norm.ppf(19.625 / 20.25))),
]  # fmt: skip


@pytest.mark.parametrize(("name", "printed", "mean", "sd"), FIVE)
def test_means_and_sds_from_medians(
    name: str, printed: dict[str, str], mean: float, sd: float
) -> None:
    found = made(name, **printed)
    assert found["mean"].number == pytest.approx(mean, rel=1e-12)
    assert found["sd"].number == pytest.approx(sd, rel=1e-12)
    assert "normal" in found["sd"].warnings[0]


def test_a_normal_sample_comes_back_from_its_quantiles() -> None:
    """Large n: quartiles and expected range of N(50, 10) give 50 and 10 again."""
    n = 400
    quartile = 10 * stats.norm.ppf(0.75)
    reach = 10 * stats.norm.ppf((n - 0.375) / (n + 0.25))
    found = made(
        "mean-sd.from-five", n=str(n), median="50", q1=f"{50 - quartile:.4f}",
        q3=f"{50 + quartile:.4f}", min=f"{50 - reach:.4f}", max=f"{50 + reach:.4f}",
    )  # fmt: skip
    assert found["mean"].number == pytest.approx(50, abs=1e-3)
    assert found["sd"].number == pytest.approx(10, rel=5e-3)


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("mean-sd.from-five",
         {"min": "10", "q1": "14", "median": "19", "q3": "26", "max": "50", "n": "80"}),
        ("mean-sd.from-five",
         {"min": "0.1", "q1": "0.5", "median": "0.9", "q3": "2.1", "max": "9", "n": "25"}),
    ],
)  # fmt: skip
def test_skewed_samples_fail_the_gate(name: str, printed: dict[str, str]) -> None:
    """Rows 4 and 5 of the reference's golden table fail it on the raw scale."""
    assert "skewed" in refused(name, **printed)


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("mean-sd.from-five",
         {"min": "2", "q1": "4", "median": "6", "q3": "8", "max": "14", "n": "30"}),
        ("mean-sd.from-quartiles", {"q1": "3", "median": "5.5", "q3": "9", "n": "45"}),
        ("mean-sd.from-range", {"min": "1", "median": "7", "max": "18", "n": "20"}),
        ("mean-sd.from-quartiles", {"q1": "12", "median": "15", "q3": "18.5", "n": "200"}),
    ],
)  # fmt: skip
def test_the_other_rows_pass_the_gate(name: str, printed: dict[str, str]) -> None:
    assert set(made(name, **printed)) == {"mean", "sd"}


def test_the_sd_of_a_change_needs_a_correlation() -> None:
    """Handbook 6.5.2.8: SDs 4.0 and 4.4 with r .78 give 2.8."""
    sd = made("sd.of-change", sd_baseline="4.0", sd_final="4.4", r="0.78")["sd"]
    assert sd.number == pytest.approx(math.sqrt(16 + 19.36 - 2 * 0.78 * 4 * 4.4))
    assert round(sd.number, 1) == 2.8
    assert "sd.of-change" not in [row.id for row in possible(["sd_baseline", "sd_final"])]
    assert "between" in refused("sd.of-change", sd_baseline="4", sd_final="4", r="1.2")


def test_a_count_only_where_one_fits() -> None:
    assert made("events.from-percent", percent="60.5", n="81")["events"].printed == "49"
    assert "all round" in refused("events.from-percent", percent="60", n="300")
    assert "no count" in refused("events.from-percent", percent="50", n="81")
    assert "cut off" in refused("events.from-percent", percent="18", n="81")
    assert made("events.from-percent", percent="0.0", n="40")["events"].printed == "0"


@pytest.mark.parametrize(
    ("outcome", "unit", "to", "printed", "wanted"),
    [
        ("serum-creatinine", "mg/dL", "µmol/L", "0.9", "79.6"),
        ("creatinine", "umol/L", "mg/dl", "80", "0.90"),
        ("albumin", "g/dL", "g/L", "3.25", "32.50"),
        ("c3", "mg/dL", "g/L", "85", "0.85"),
        ("bun", "mg/dL", "mmol/L", "20", "7.14"),
        ("upcr", "mg/mg", "mg/mmol", "1.5", "169.7"),
    ],
)
def test_units_by_the_table(outcome: str, unit: str, to: str, printed: str, wanted: str) -> None:
    found = convert_unit(
        Given(printed=printed), statistic="mean", outcome=outcome, unit=unit, to=to
    )
    assert float(found.printed) == pytest.approx(float(wanted), rel=6e-3)
    assert printed in found.derivation.formula


def test_24_hour_protein_is_never_made_a_ratio() -> None:
    with pytest.raises(BadInput, match="no factor"):
        convert_unit(
            Given(printed="2.1"), statistic="mean", outcome="proteinuria", unit="g/24h", to="mg/mg"
        )


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("sd.from-se", {"se": "-1", "n": "10"}),
        ("sd.from-se", {"se": "<0.001", "n": "10"}),
        ("sd.from-se", {"se": "1", "n": "2.5"}),
        ("sd.from-se", {"se": "1"}),
        ("nothing", {"se": "1"}),
        ("mean-sd.from-quartiles", {"q1": "9", "median": "5", "q3": "3", "n": "9"}),
        ("sd.from-limits", {"ci_low": "3", "ci_high": "1", "n": "9"}),
        ("events.from-percent", {"percent": "101", "n": "9"}),
    ],
)
def test_what_cannot_be_is_refused(name: str, printed: dict[str, str]) -> None:
    with pytest.raises(BadInput):
        convert(name, given_of(**printed))


def test_few_people_are_no_sample() -> None:
    assert "people" in refused("mean-sd.from-range", min="1", median="2", max="3", n="4")
    assert "one person" in refused("sd.from-se", se="1", n="1")


_NUMBER = st.decimals(min_value=-1000, max_value=1000, places=2).map(str)
_N = st.integers(1, 500).map(str)


@given(five=st.tuples(*[_NUMBER] * 5), n=_N, r=st.sampled_from(["0.5", "-1", "1"]))
def test_whatever_is_given_it_answers_or_refuses(five: tuple[str, ...], n: str, r: str) -> None:
    names = ("min", "q1", "median", "q3", "max")
    ordered = dict(zip(names, sorted(five, key=float), strict=True))
    numbers = {**ordered, "n": n, "r": r, "se": ordered["max"].lstrip("-"), "percent": "12.5"}
    numbers |= {"sd_baseline": "1.5", "sd_final": five[0].lstrip("-"), "estimate": five[1]}
    numbers |= {"ci_low": ordered["min"], "ci_high": ordered["max"], "sd": five[2].lstrip("-")}
    numbers |= {"t": five[3], "f": five[4], "p": "0.04", "n1": n, "n2": "7", "mean": five[0]}
    numbers |= {"o_minus_e": five[1], "v": five[2], "deaths": n, "direction": "-1"}
    for row in CONVERSIONS:
        found = convert(row.id, given_of(**{need: numbers[need] for need in row.needs}))
        if isinstance(found, Refusal):
            assert found.message
            continue
        assert tuple(one.statistic for one in found) == row.gives
        for one in found:
            assert math.isfinite(one.number)
            assert one.statistic not in ("sd", "se") or one.number >= 0
            assert one.derivation.formula.endswith(one.printed)


# ------------------------------------------------------------------ tests, ratios, groups
def test_a_standard_error_from_p_t_and_f_is_the_same() -> None:
    """Handbook 6.5.2.3: difference 3.8, 25 and 22 people, p 0.008, so t 2.78 and SE 1.37."""
    of_p = made("se-sd.from-p", estimate="3.8", p="0.008", n1="25", n2="22")
    assert of_p["se"].number == pytest.approx(1.37, abs=0.005)
    assert of_p["sd"].number == pytest.approx(4.69, abs=0.02)
    t = repr(3.8 / of_p["se"].number)
    of_t = made("se-sd.from-t", estimate="3.8", t=t, n1="25", n2="22")
    of_f = made("se-sd.from-f", estimate="3.8", f=repr(float(t) ** 2), n1="25", n2="22")
    for other in (of_t, of_f):
        assert other["sd"].number == pytest.approx(of_p["sd"].number)
    large = made("se.from-p", estimate="3.8", p="0.008")["se"]
    assert large.number == pytest.approx(3.8 / stats.norm.isf(0.004))
    assert "different signs" in refused("se-sd.from-t", estimate="3", t="-2", n1="9", n2="9")
    assert "p value of 0" in refused("se.from-p", estimate="3", p="0")


def test_ratios_are_converted_on_the_log_scale() -> None:
    """Golden: metafor's ``conv.wald`` (reference page, section 2)."""
    odds = made("log.from-limits", estimate="0.86", ci_low="0.21", ci_high="3.55")
    assert odds["log_estimate"].number == pytest.approx(-0.150823, abs=1e-6)
    assert odds["log_se"].number ** 2 == pytest.approx(0.520329, abs=1e-6)
    assert made("log.from-p", estimate="0.47", p="0.02")["log_se"].number ** 2 == pytest.approx(
        0.105334, abs=1e-6
    )
    assert "above zero" in refused("log.from-limits", estimate="0.1", ci_low="-1", ci_high="1")
    assert "outside its interval" in refused(
        "log.from-limits", estimate="4", ci_low="0.5", ci_high="2"
    )


def test_a_skewed_sample_on_the_log_scale() -> None:
    """Higgins 2008: mean and SD of the logarithms give the raw ones back."""
    found = made("log.from-raw", mean="2.1", sd="2.7")
    mean, sd = found["log_mean"].number, found["log_sd"].number
    assert math.exp(mean + sd**2 / 2) == pytest.approx(2.1)
    assert math.sqrt(math.expm1(sd**2)) * 2.1 == pytest.approx(2.7)


def test_hazard_ratios_from_the_log_rank_test() -> None:
    """Tierney 2007: V = D n1 n2 / N^2, a quarter of the events in a balanced trial."""
    found = made("hr.from-log-rank", p="0.05", deaths="40", n1="50", n2="50", direction="-1")
    assert found["log_se"].number == pytest.approx(1 / math.sqrt(10))
    assert found["log_estimate"].number == pytest.approx(-1.959964 / math.sqrt(10), abs=1e-6)
    score = made("hr.from-score", o_minus_e="-6.2", v="10")
    assert score["log_estimate"].number == pytest.approx(-0.62)


def test_a_correlation_from_three_sds_and_back() -> None:
    change = made("sd.of-change", sd_baseline="3.0", sd_final="2.0", r="0.6")["sd"]
    r = made("r.from-sds", sd_baseline="3.0", sd_final="2.0", sd=repr(change.number))["r"]
    assert r.number == pytest.approx(0.6)
    assert "no correlation" in refused("r.from-sds", sd_baseline="3", sd_final="2", sd="9")
    grid = change_grid(Given(printed="3.0"), Given(printed="2.0"))
    assert [r for r, _ in grid] == ["0", "0.3", "0.5", "0.7", "0.9"]
    spreads = [one.number for _, one in grid if isinstance(one, Converted)]
    assert spreads == sorted(spreads, reverse=True)


@given(
    st.lists(st.lists(st.floats(-50, 50), min_size=2, max_size=9), min_size=1, max_size=4),
)
def test_combined_arms_are_the_arm_of_all_their_people(groups: list[list[float]]) -> None:
    def arm(people: list[float]) -> Arm:
        return Arm(n=len(people), mean=statistics.fmean(people), sd=statistics.stdev(people))

    whole, combined = arm([one for some in groups for one in some]), combine([*map(arm, groups)])
    assert combined.n == whole.n
    assert combined.mean == pytest.approx(whole.mean, abs=1e-9)
    assert combined.sd == pytest.approx(whole.sd, abs=1e-6)


def test_one_person_has_no_spread_and_two_without_one_are_refused() -> None:
    both = combine([Arm(n=1, mean=3.0, sd=None), Arm(n=1, mean=5.0, sd=None)])
    assert (both.n, both.mean) == (2, 4.0)
    assert both.sd == pytest.approx(math.sqrt(2))
    for arms in ([], [Arm(n=2, mean=1.0, sd=None)], [Arm(n=0, mean=1.0, sd=1.0)]):
        with pytest.raises(BadInput):
            combine(arms)
