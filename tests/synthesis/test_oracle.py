"""The product against R: a trimmed set that ships, and the whole development set where it is."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from validation.causes import CAUSES, UNEXPLAINED
from validation.compare import LOOSE, Tally, compare, pairs, tolerance, why
from validation.early_stop import Model, Unproven, zeroin
from validation.solve import FAMILIES, NotCoveredYet, Refused, solve

from tamis.synthesis.tau2 import estimate_tau2

VALIDATION = Path(__file__).parents[2] / "validation"
SHIPPED = [VALIDATION / engine / "reference.json" for engine in ("metafor", "meta", "bayesmeta")]
CASES = {
    case["id"]: case for file in SHIPPED for case in json.loads(file.read_text("utf-8"))["cases"]
}

#: Families in which every number agrees at the tolerance of the oracle.
WHOLE = ("convert", "escalc", "mh", "permutest", "peto", "rma.uni.tight")

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
    assert found.cases >= 2
    assert found.differ == []


@pytest.mark.needs("bench")
@pytest.mark.parametrize("family", STOPS)
def test_what_differs_is_the_early_stop_of_the_oracle(tallies, family: str) -> None:
    """Every tau2 that differs lies within the oracle's stop, or beyond its clipped search."""
    found = tallies[family]
    assert found.agree / found.total > 0.88
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
    full = [line for line in differ if "/WS upper: None against 36.7" in line]
    beside = [line for line in differ if "EDGE_prop_zero/ciprop/WSCC lower: None" in line]
    assert (len(full), len(beside)) == (2, 3)
    assert len(differ) == 5


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
    assert len(refused) <= 15


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


#: Of what differs, every so many numbers of a family have their cause computed (all: ``compare``).
EVERY = 29


@pytest.mark.needs("bench")
def test_what_differs_has_its_cause_by_computation(tallies: dict[str, Tally]) -> None:
    """Of every family a sample; of the mixed models all, whose causes are the oracle's own."""
    found = {
        family: [why(one) for one in tally.differences[::EVERY]]
        for family, tally in tallies.items()
        if family not in ("glmm", "bayes")
    }
    causes = {name for names in found.values() for name in names}
    assert UNEXPLAINED not in causes
    assert causes <= set(CAUSES)
    assert {"peer-stopped-early", "peer-limit-stopped-early", "peer-search-clipped"} <= causes
    glmm = [why(one) for one in tallies["glmm"].differences if one.name.startswith("QE")]
    assert Counter(glmm) == {"peer-contradicts-itself": 2, "peer-wald-of-no-difference": 1}


@pytest.mark.needs("bench")
def test_numbers_agree_under_the_stopping_rules_of_the_oracle(tallies: dict[str, Tally]) -> None:
    """What is neither the same nor typed is counted: at most five in a thousand."""
    agree = sum(tally.agree for tally in tallies.values())
    total = sum(tally.total for tally in tallies.values())
    assert agree / total > 0.99
    differ = [one for tally in tallies.values() for one in tally.differences]
    stopped = sum(why(one) == "peer-stopped-early" for one in differ[::EVERY]) * EVERY
    assert (agree + stopped) / total > 0.995


#: Of the families made with the engine's default control, every so many cases.
SOME = 7


@pytest.mark.needs("bench")
def test_printed_numbers_agree_where_the_product_stops_as_the_engine_does(bench: Path) -> None:
    """With ``stopping="metafor"`` nothing but typed causes is left of what differs."""
    data = json.loads(gzip.decompress((bench / "stats" / "oracle_dev.json.gz").read_bytes()))
    cases = [case for case in data["cases"] if case["family"] in LOOSE][::SOME]
    found = compare(cases, rule="metafor")
    assert sum(tally.total for tally in found.values()) > 4000
    differ = {line.split(": ")[0] for tally in found.values() for line in tally.differ}
    assert {one.split("/")[0] for one in differ} <= {"nielweise2007", "EDGE_k3_homog"}
    assert not [one for one in differ if "/confint/" in one or "/rma/" in one]


def test_a_stopped_answer_may_not_be_the_better_one() -> None:
    """The proof of an early stop fails where the oracle's tau2 is nearer to the maximum."""
    y, v = np.array([0.1, 0.9, 0.4, 0.2]), np.array([0.02, 0.03, 0.05, 0.02])
    one = Model(y, v, np.ones((4, 1)))
    best = float(estimate_tau2("REML", y[None], v[None])[0])
    one.hold("REML", best + 1e-5, best)
    with pytest.raises(Unproven):
        one.hold("REML", best, best + 1e-2)


@pytest.mark.parametrize("case", ["bcg/RR/tight/REML/z", "bcg/RR/tight/PM/knha"])
@pytest.mark.parametrize("name", ["beta", "se", "tau2", "tau2_qp_lb", "tau2_qp_ub"])
def test_a_number_that_is_wrong_has_no_cause(case: str, name: str) -> None:
    """A made-up difference is not explained away."""
    wrong = json.loads(json.dumps(CASES[case]))
    if name not in wrong["outputs"]:
        name = "pval"
    wrong["outputs"][name] *= 1.01
    (one,) = compare([wrong])["rma.uni.tight"].differences
    assert why(one) == UNEXPLAINED


def test_zeroin_finds_a_root_to_its_width() -> None:
    assert zeroin(lambda x: x**3 - 2, 0.0, 100.0, 1e-12) == pytest.approx(2 ** (1 / 3), abs=1e-11)
