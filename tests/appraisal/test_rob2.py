"""RoB 2 over every reachable path: hashes, counts and samples of ``validation/appraisal``."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from functools import cache
from itertools import product
from pathlib import Path

import pytest
from tests.appraisal.making import domain_of, representatives, worsened

from tamis.appraisal import TOOLS, canonical, missing, overall, propose, reached
from tamis.domain.errors import BadInput

GOLDEN = json.loads(
    (Path(__file__).parents[2] / "validation" / "appraisal" / "rob2_paths.json").read_text("utf-8")
)
ASSIGNMENT = TOOLS["rob2:assignment"]

#: Domain of the golden file -> form of the tool, and the domain there.
PLACES = {
    "D1": ("rob2:assignment", "D1"),
    "D2-assignment": ("rob2:assignment", "D2a"),
    "D2-adherence": ("rob2:adherence", "D2b"),
    "D3": ("rob2:adherence", "D3"),
    "D4": ("rob2:assignment", "D4"),
    "D5": ("rob2:adherence", "D5"),
}
#: The first sixteen digits as published with the rules.
HASHES = {
    "D1": "609d35e16faf9c43",
    "D2-assignment": "529db8d0d4854aa5",
    "D2-adherence": "5fd1b0f9884133ba",
    "D3": "98a264bbc7ed7dc5",
    "D4": "7d789c7623b1f571",
    "D5": "f815a9330db58ded",
}


@cache
def hashed(name: str) -> bytes:
    key, domain = PLACES[name]
    return canonical(TOOLS[key], domain_of(TOOLS[key], domain))


def test_the_golden_file_is_whole() -> None:
    assert {row["domain"]: row["sha256"][:16] for row in GOLDEN["domains"]} == HASHES
    assert sum(row["paths"] for row in GOLDEN["domains"]) == GOLDEN["total_paths"] == 35_118
    assert sum(len(row["sample"]) for row in GOLDEN["domains"]) == 360


@pytest.mark.parametrize("facts", GOLDEN["domains"], ids=lambda facts: facts["domain"])
def test_every_path_agrees(facts: dict) -> None:
    text = hashed(facts["domain"])
    lines = text.decode("ascii").split("\n")
    assert hashlib.sha256(text).hexdigest() == facts["sha256"]
    assert (len(lines), len(text)) == (facts["paths"], facts["bytes_hashed"])
    assert (lines[0], lines[-1]) == (facts["first_line"], facts["last_line"])
    counts = Counter(line.rpartition("=")[2] for line in lines)
    assert counts == {"L": facts["low"], "S": facts["some_concerns"], "H": facts["high"]}


@pytest.mark.parametrize("facts", GOLDEN["domains"], ids=lambda facts: facts["domain"])
def test_every_sample_agrees(facts: dict) -> None:
    key, name = PLACES[facts["domain"]]
    tool, domain = TOOLS[key], domain_of(TOOLS[key], name)
    assert [question.id for question in domain.questions] == facts["questions"]
    for sample in facts["sample"]:
        said = dict(zip(facts["questions"], sample["answers"], strict=True))
        answers = {q: a for q, a in said.items() if q in reached(tool, said)}
        assert all(said[q] == "NA" for q in said if q not in answers)
        found = propose(tool, domain, answers)
        assert found is not None
        assert found.judgement == sample["judgement"], sample


def test_the_whole_over_all_combinations() -> None:
    names = [domain.id for domain in ASSIGNMENT.domains]
    plain, ticked = Counter(), Counter()
    for words in product("LSH", repeat=5):
        judged = dict(zip(names, words, strict=True))
        plain[overall(ASSIGNMENT, judged).judgement] += 1
        ticked[overall(ASSIGNMENT, judged, ticks=["several-some-concerns"]).judgement] += 1
    facts = GOLDEN["overall"]["without_human_tick"]
    assert plain == {"L": facts["low"], "S": facts["some_concerns"], "H": facts["high"]}
    facts = GOLDEN["overall"]["with_human_tick_wherever_any_S"]
    assert ticked == {"L": facts["low"], "H": facts["high"]}


def test_a_tick_is_named_in_the_reasons_where_it_decided() -> None:
    judged = dict.fromkeys(("D1", "D2a", "D3", "D4", "D5"), "S")
    found = overall(ASSIGNMENT, judged, ticks=["several-some-concerns"])
    assert found.because[-1] == ("several-some-concerns", "yes")
    with pytest.raises(BadInput, match="use several-some-concerns"):
        overall(ASSIGNMENT, judged, ticks=["several"])


@pytest.mark.parametrize("name", list(PLACES))
def test_more_bias_never_gives_a_better_judgement(name: str) -> None:
    """The strong law, without exception: see ``validation/appraisal/README.md``."""
    key, domain_name = PLACES[name]
    tool, domain = TOOLS[key], domain_of(TOOLS[key], domain_name)
    steps = 0
    for answers in representatives(tool, domain):
        here = propose(tool, domain, answers)
        for worse in worsened(tool, domain, answers):
            there = propose(tool, domain, worse)
            assert tool.scale.index(there.judgement) >= tool.scale.index(here.judgement)
            steps += 1
    assert steps > 60


@pytest.mark.parametrize("name", list(PLACES))
def test_probably_counts_as_surely(name: str) -> None:
    """Every path gives what it gives with Y for PY and N for PN."""
    plain = {"PY": "Y", "PN": "N"}
    judged = dict(line.split("=") for line in hashed(name).decode().split("\n"))
    for said, word in judged.items():
        assert judged[",".join(plain.get(a, a) for a in said.split(","))] == word


def test_an_unfinished_domain_proposes_nothing_and_lists_what_is_missing() -> None:
    domain = domain_of(ASSIGNMENT, "D3")
    assert propose(ASSIGNMENT, domain, {}) is None
    assert missing(ASSIGNMENT, domain, {}) == ("3.1",)
    assert missing(ASSIGNMENT, domain, {"3.1": "N"}) == ("3.2",)
    assert propose(ASSIGNMENT, domain, {"3.1": "N", "3.2": "N", "3.3": "NI"}) is None
    assert overall(ASSIGNMENT, {"D1": "L"}) is None


def test_a_proposal_names_what_decided() -> None:
    domain = domain_of(ASSIGNMENT, "D3")
    found = propose(ASSIGNMENT, domain, {"3.1": "N", "3.2": "N", "3.3": "Y", "3.4": "N"})
    assert (found.judgement, found.rule) == ("S", "D3.1#4")
    assert found.because == (("3.1", "N"), ("3.2", "N"), ("3.3", "Y"), ("3.4", "N"))
    found = propose(ASSIGNMENT, domain_of(ASSIGNMENT, "D1"), {"1.1": "Y", "1.2": "N", "1.3": "N"})
    assert found.because == (("1.2", "N"),)


def test_a_domain_of_two_parts_names_the_worse_part() -> None:
    domain = domain_of(ASSIGNMENT, "D2a")
    said = {"2.1": "Y", "2.2": "N", "2.3": "NI", "2.6": "N", "2.7": "Y"}
    found = propose(ASSIGNMENT, domain, said)
    assert found.judgement == "H"
    assert [question for question, _ in found.because] == ["2.6", "2.7"]
