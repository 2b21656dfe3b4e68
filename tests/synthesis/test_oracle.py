"""The product against R: a trimmed set that ships, and the whole development set where it is."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest
from validation.compare import Tally, compare, pairs, tolerance
from validation.solve import FAMILIES, NotCoveredYet, Refused, solve

SHIPPED = Path(__file__).parents[2] / "validation" / "metafor" / "reference.json"
CASES = {case["id"]: case for case in json.loads(SHIPPED.read_text("utf-8"))["cases"]}

#: Families in which every number agrees at the tolerance of the oracle.
WHOLE = ("escalc", "meta.bias", "mh", "peto", "rma.uni.tight")

#: Families whose oracle stops early: absolute step of tau2 at which it does (its README).
STOPS = {"rma.uni": 1.3e-4, "tau2-ci": 1.3e-4, "meta.metabin": 1.3e-4, "meta.metacont": 1.3e-4,
         "meta.metaprop": 1.3e-4}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_shipped_case(case: str) -> None:
    held = CASES[case]
    tally = compare([held])[held["family"]]
    assert tally.cases == 1
    assert tally.total > 0
    assert tally.differ == []


@pytest.fixture(scope="module")
def tallies(bench: Path) -> dict[str, Tally]:
    data = json.loads(gzip.decompress((bench / "stats" / "oracle_dev.json.gz").read_bytes()))
    return compare([case for case in data["cases"] if case["family"] in FAMILIES])


@pytest.mark.needs("bench")
@pytest.mark.parametrize("family", WHOLE)
def test_every_number_of_a_family_agrees(tallies: dict[str, Tally], family: str) -> None:
    found = tallies[family]
    assert found.cases >= 15
    assert found.differ == []


@pytest.mark.needs("bench")
@pytest.mark.parametrize("family", STOPS)
def test_what_differs_is_the_early_stop_of_the_oracle(tallies, family: str) -> None:
    """Every tau2 that differs lies within the oracle's stop, or beyond its clipped search."""
    found = tallies[family]
    assert found.agree / found.total > 0.89
    for line in found.differ:
        told = re.match(r"(\S+) (\S+): (\S+) against (\S+)$", line)
        assert told is not None
        name, ours, theirs = told[2], float(told[3]), float(told[4])
        if name in ("tau2", "tau2_lo", "tau2_up", "QP.tau2"):
            clipped = theirs >= 99.999 and ours > theirs
            assert clipped or abs(ours - theirs) <= STOPS[family], line


@pytest.mark.needs("bench")
def test_wilson_of_full_studies_ends_at_one(tallies: dict[str, Tally]) -> None:
    """The oracle prints logit(1 − 1e-16) there; the limit is 1, whose logit does not exist."""
    differ = tallies["meta.ciprop"].differ
    assert all("/WS upper: None against 36.7" in line for line in differ)


@pytest.mark.needs("bench")
def test_mixed_models_differ_only_where_the_oracle_contradicts_itself(tallies) -> None:
    """Estimates and variances all agree; standard errors of UM.RS differ by less than 1.5 %."""
    found = tallies["glmm"]
    assert found.cases >= 84
    assert len(found.differ) <= 19
    for line in found.differ:
        told = re.match(r"(\S+) (\S+): (\S+) against (\S+)$", line)
        assert told is not None
        case, name, ours, theirs = told.groups()
        if name == "QE_Wld":
            assert case == "EDGE_k3_homog/rma.glmm-OR/CM.EL/EE"
            assert float(theirs) < 0.005
            continue
        assert case.endswith("/UM.RS/ML"), line
        assert name in ("se", "pval", "ci_lb", "ci_ub", "QE_LRT"), line
        if name == "se":
            assert float(ours) == pytest.approx(float(theirs), rel=0.015)


@pytest.mark.needs("bench")
def test_what_is_refused_has_its_reason(tallies: dict[str, Tally]) -> None:
    """One study is not pooled; two are not tested; equal precision hangs together with nothing."""
    refused = [line for tally in tallies.values() for line in tally.refused]
    rules = {line.split(": ")[1] for line in refused}
    assert rules == {
        "one-study", "too-few-for-asymmetry", "no-spread-of-precision", "trimming-does-not-settle",
    }  # fmt: skip
    assert len(refused) <= 12


def test_what_is_not_covered_says_so() -> None:
    for family, inputs, call in (
        ("nma", {}, ""),
        ("escalc", {"measure": "OX"}, ""),
        ("glmm", {}, "rma.glmm(measure='IRD', model='UM.FS', method='ML')"),
        ("rve", {}, ""),
    ):
        with pytest.raises(NotCoveredYet, match=r"\w"):
            solve(family, inputs, call)


def test_what_is_refused_says_so() -> None:
    with pytest.raises(Refused, match="nothing-to-model"):
        solve("glmm", {"xi": [0, 0], "ni": [3, 4]}, "rma.glmm(measure='PLO', method='ML')")


def test_the_comparison_itself_can_fail() -> None:
    held = dict(next(iter(CASES.values())))
    held["outputs"] = {
        key: [x + 1 if isinstance(x, float) else x for x in value]
        if isinstance(value, list)
        else value + 1
        for key, value in held["outputs"].items()
        if value is not None
    }
    assert compare([held])[held["family"]].differ
    assert list(pairs({"a": [1, 2]}, {"a": [1, None], "b": 3})) == [("a", 1, 1), ("a", 2, None)]
    assert tolerance("rma.uni.tight", "rma(yi,vi,method='DL')")[0] == 1e-8
