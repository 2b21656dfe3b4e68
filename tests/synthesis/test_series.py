"""Values per visit: sorted, with words and gaps, nothing interpolated, nothing tested."""

from __future__ import annotations

import pytest

from tamis.domain.errors import BadInput
from tamis.domain.question import SynthesisPlan, Visit
from tamis.domain.records import Study
from tamis.domain.results import Trajectory
from tamis.domain.values import Extraction
from tamis.synthesis import synthesise

GU = Study(id="gu2014", label="Gu 2014", design="single-arm")
RANJBAR = Study(id="ranjbar2022", label="Ranjbar 2022", design="single-arm")
VISITS = tuple(
    Visit(id=name, label=name, months=months)
    for name, months in (
        ("m12", "12"),
        ("baseline", "0"),
        ("m1", "1"),
        ("m3", "3"),
        ("m6", "6"),
    )
)


def plan(**changed) -> SynthesisPlan:
    base = {
        "id": "remission-series",
        "outcome": "remission",
        "estimand": "point",
        "visit": "",
        "designs": ("single-arm",),
        "measure": "none",
        "method": "series",
        "kind": "series",
    }
    return SynthesisPlan(**(base | changed))


def shown(values, looked_for=(), studies=(GU,), **changed):
    extraction = Extraction(values=tuple(values), looked_for=tuple(looked_for))
    return synthesise(plan(**changed), extraction, studies, VISITS)


def points(trajectory: Trajectory) -> list[tuple[str, str]]:
    return [
        (p.visit, p.value.printed if p.value else p.words.printed if p.words else "not reported")
        for p in trajectory.points
    ]


def test_remission_per_visit_in_the_order_of_the_months(value) -> None:
    values = [
        value("gu2014", "all", "percent", percent, visit=visit, unit="percent")
        for visit, percent in (("m12", "44"), ("m3", "41"), ("m6", "45"))
    ]
    found = shown(values)
    (only,) = found.trajectories
    assert points(only) == [("m3", "41"), ("m6", "45"), ("m12", "44")]
    assert [p.months for p in only.points] == [3.0, 6.0, 12.0]
    assert (only.statistic, only.unit, only.arm) == ("percent", "percent", "all")
    assert found.pooled is None
    assert found.effects == ()
    assert found.refusal is None


def test_a_rebound_keeps_its_words(value) -> None:
    options = {"outcome": "proteinuria", "estimand": "follow-up", "unit": "mg/24h"}
    values = [
        value("ranjbar2022", "all", "median", "1800", visit="baseline", **options),
        value("ranjbar2022", "all", "median", "1020", visit="m1", **options),
        value("ranjbar2022", "all", "n", "9", visit="m1", **options),
        value("ranjbar2022", "all", "text", "rises again", visit="m3", **(options | {"unit": ""})),
    ]
    found = shown(values, studies=(RANJBAR,), outcome="proteinuria", estimand="follow-up")
    (only,) = found.trajectories
    assert points(only) == [("baseline", "1800"), ("m1", "1020"), ("m3", "rises again")]
    assert only.points[1].n is not None
    assert only.points[2].value is None


def test_what_was_looked_for_is_a_gap_and_no_zero(value, looked_for) -> None:
    found = shown(
        [value("gu2014", "all", "percent", "41", visit="m3")],
        [looked_for("gu2014", "all", "percent", visit="m6")],
    )
    (only,) = found.trajectories
    assert points(only) == [("m3", "41"), ("m6", "not reported")]
    assert only.points[1].value is None
    assert only.points[1].words is None


def test_a_visit_with_a_number_has_no_gap_beside_it(value, looked_for) -> None:
    found = shown(
        [value("gu2014", "all", "percent", "41", visit="m3")],
        [looked_for("gu2014", "all", "events", visit="m3")],
    )
    assert points(found.trajectories[0]) == [("m3", "41")]


def test_only_gaps_or_words(looked_for, value) -> None:
    found = shown([], [looked_for("gu2014", "all", "percent", visit="m6")])
    assert points(found.trajectories[0]) == [("m6", "not reported")]
    words = shown([value("gu2014", "all", "text", "stayed lower", visit="m6")])
    assert (words.trajectories[0].statistic, points(words.trajectories[0])) == (
        "text",
        [("m6", "stayed lower")],
    )


def test_mean_with_its_spread(means) -> None:
    values = means("gu2014", "all", 4.48, 2.6, 81, visit="baseline")
    (only,) = shown(values).trajectories
    (point,) = only.points
    assert point.spread is not None
    assert point.spread.printed == "2.6"
    assert point.n is not None


def test_arms_units_and_statistics_are_never_mixed(value) -> None:
    values = [
        value("gu2014", "b", "mean", "3", visit="m3", unit="g/24h"),
        value("gu2014", "a", "mean", "3", visit="m3", unit="g/24h"),
        value("gu2014", "a", "mean", "900", visit="m6", unit="mg/24h"),
        value("gu2014", "a", "median", "2", visit="m12", unit="g/24h"),
    ]
    found = shown(values).trajectories
    assert [(t.arm, t.statistic, t.unit, points(t)) for t in found] == [
        ("a", "mean", "g/24h", [("m3", "3")]),
        ("a", "mean", "mg/24h", [("m6", "900")]),
        ("a", "median", "g/24h", [("m12", "2")]),
        ("b", "mean", "g/24h", [("m3", "3")]),
    ]
    named = shown(values, arms=("b", ""), statistic="mean").trajectories
    assert [t.arm for t in named] == ["b"]


def test_the_statistic_of_the_plan_comes_first(value) -> None:
    values = [
        value("gu2014", "all", "mean", "15.4", visit="baseline"),
        value("gu2014", "all", "median", "16", visit="baseline"),
    ]
    assert points(shown(values).trajectories[0]) == [("baseline", "15.4")]
    assert points(shown(values, statistic="median").trajectories[0]) == [("baseline", "16")]


def test_what_is_not_shown_is_said(value) -> None:
    values = [
        value("gu2014", "all", "mean", "13.1", visit="baseline", status="unverified"),
        value("gu2014", "all", "mean", "5.5", visit="m9"),
        value("gu2014", "all", "mean", "6.0", visit="m6"),
    ]
    found = shown(values, studies=(GU, RANJBAR))
    assert points(found.trajectories[0]) == [("m6", "6.0")]
    assert found.left_out == (
        ("gu2014", "a value is unverified: not for a primary synthesis"),
        ("gu2014", "a value stands at a visit that the protocol does not declare"),
        ("ranjbar2022", "nothing is extracted for this outcome and estimand"),
    )
    wider = shown(values, layer="sensitivity")
    assert points(wider.trajectories[0]) == [("baseline", "13.1"), ("m6", "6.0")]


def test_an_empty_series_is_a_refusal() -> None:
    found = shown([])
    assert found.refusal is not None
    assert found.refusal.rule == "no-data"


@pytest.mark.parametrize("months", ["six", "", "nan", "inf"])
def test_months_that_are_no_number_are_refused(months: str) -> None:
    visits = (Visit(id="m6", label="month 6", months=months),)
    with pytest.raises(BadInput, match="m6"):
        synthesise(plan(), Extraction(), (GU,), visits)
