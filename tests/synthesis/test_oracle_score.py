"""Every engine by case: what agrees, and that nothing is left without a computed cause.

A sample of the cases in every run, all of them under ``make sweep``
(``python -m validation.solve`` prints the same table for a file).
"""

from __future__ import annotations

import gzip
import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from validation.causes import CAUSES, UNEXPLAINED
from validation.compare import Tally, compare
from validation.score import COLUMNS, score, verdict, verdicts

#: Of the cases of an engine every so many are looked at; all when the sweep asks.
EVERY = {"metafor": 9, "meta": 2, "bayesmeta": 1}
ALL = os.environ.get("HYPOTHESIS_PROFILE") == "sweep"

#: The least share that agrees once the oracle's own iterations are brought to their end.
LEAST = {"metafor": 0.995, "meta": 0.93, "bayesmeta": 0.9}


@pytest.fixture(scope="module")
def oracle(bench: Path) -> list[dict[str, Any]]:
    data = gzip.decompress((bench / "stats" / "oracle_dev.json.gz").read_bytes())
    cases: list[dict[str, Any]] = json.loads(data)["cases"]
    return cases


def totals(found: dict[str, Tally]) -> Counter[str]:
    return sum((verdicts(family, tally) for family, tally in found.items()), Counter())


@pytest.mark.needs("bench")
@pytest.mark.parametrize("engine", EVERY)
def test_cases_of_an_engine(oracle: list[dict[str, Any]], engine: str) -> None:
    own = [case for case in oracle if case["engine"].split()[0] == engine]
    assert len(own) >= 60
    seen = compare(own if ALL else own[:: EVERY[engine]])
    came = totals(seen)
    held = came.total() - came["later"]
    assert held >= 15
    assert came[UNEXPLAINED] == 0
    assert (came["agree"] + came["ended"]) / held >= LEAST[engine], score(seen)
    named = {
        name for tally in seen.values() for names in tally.by_case().values() for name in names
    }
    assert named <= set(CAUSES)


def test_a_case_without_a_computed_cause_is_counted() -> None:
    assert verdict(["peer-stopped-early", UNEXPLAINED]) == UNEXPLAINED
    assert verdict(["peer-stopped-early", "peer-search-clipped"]) == "ended"
    assert verdict(["peer-stopped-early", "peer-gave-up"]) == "typed"
    made = {"mh": Tally(cases=4), "nma": Tally()}
    made["mh"].not_covered["a method"] = 1
    made["mh"].refused.append("x: no-data")
    made["nma"].not_covered["the family"] = 5
    assert totals(made) == {"agree": 4, "typed": 1, "absent": 1, "later": 5}
    told = score(made)
    assert "As printed 4 agree (66.67%)" in told
    assert all(name in told.splitlines()[0] for name in COLUMNS)


@pytest.mark.needs("bench")
@pytest.mark.skipif(not ALL, reason="every cause is decided under make sweep only")
def test_all_engines_together(oracle: list[dict[str, Any]]) -> None:
    """At most five cases in a thousand differ, are refused or are not offered."""
    came = totals(compare(oracle))
    held = came.total() - came["later"]
    assert held > 7000
    assert came[UNEXPLAINED] == 0
    assert (came["agree"] + came["ended"]) / held >= 0.996
    printed = totals(compare(oracle, rule="metafor"))
    assert printed["agree"] / held >= 0.995
    assert printed[UNEXPLAINED] == 0
