"""Records, pairs, clusters, decisions: what they refuse and what they compute."""

from __future__ import annotations

import inspect
from dataclasses import FrozenInstanceError, fields, is_dataclass
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tamis.domain
from tamis.domain.decisions import DECISIONS, STAGES, Vote
from tamis.domain.errors import BadInput
from tamis.domain.ids import record_id
from tamis.domain.question import Outcome, Protocol, Question, ReviewHead, Source
from tamis.domain.records import Cluster, PairDecision, Record


@given(st.from_regex(r"[0-9a-f]{64}", fullmatch=True), st.integers(0, 10**12))
def test_a_records_id_says_its_file_and_place(sha256: str, offset: int) -> None:
    record = Record(id=record_id(sha256, offset), raw=())
    assert record.import12 == sha256[:12]
    assert record.offset == offset


def test_a_record_is_never_edited() -> None:
    with pytest.raises(FrozenInstanceError):
        Record(id="a:0", raw=()).title = "better"


@pytest.mark.parametrize("decision", ["same", "different", "unsure"])
def test_a_pair_is_decided_in_one_of_three_words(decision: str) -> None:
    assert PairDecision(a="a:0", b="a:1", decision=decision, rule="doi").decision == decision


@pytest.mark.parametrize("decision", ["", "yes", "Same", "merge"])
def test_a_pair_in_other_words_is_refused(decision: str) -> None:
    with pytest.raises(BadInput, match="pair decision"):
        PairDecision(a="a:0", b="a:1", decision=decision, rule="doi")


@pytest.mark.parametrize(("a", "b"), [("a:1", "a:0"), ("a:0", "a:0")])
def test_a_pair_names_two_records_smaller_first(a: str, b: str) -> None:
    with pytest.raises(BadInput, match="not sorted"):
        PairDecision(a=a, b=b, decision="same", rule="doi")


@given(st.lists(st.from_regex(r"[0-9a-f]{12}:\d{1,3}", fullmatch=True), min_size=1, unique=True))
def test_a_cluster_is_named_by_its_smallest_record(names: list[str]) -> None:
    cluster = Cluster(records=tuple(names))
    assert cluster.id == cluster.primary == min(names)


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("decision", DECISIONS)
def test_a_vote_is_a_stage_and_a_decision(stage: str, decision: str) -> None:
    vote = Vote(event="e", stage=stage, records=("a:0",), reviewer="p-ann", decision=decision)
    assert vote.decision == decision


def test_a_vote_in_other_words_is_refused() -> None:
    with pytest.raises(BadInput, match="no decision"):
        Vote(event="e", stage=STAGES[0], records=("a:0",), reviewer="p-ann", decision="keep")
    with pytest.raises(BadInput, match="no screening stage"):
        Vote(event="e", stage="abstract", records=("a:0",), reviewer="p-ann", decision="include")


def test_a_protocol_finds_what_it_holds() -> None:
    outcome = Outcome(
        id="death", name="Death", importance="critical", kind="binary", better="lower"
    )
    source = Source(id="pubmed", database="MEDLINE", platform="PubMed")
    asked = Question(population="", intervention="", comparator="", outcomes="", designs="")
    protocol = Protocol(
        head=ReviewHead(id="r", title="R"), question=asked, outcomes=(outcome,), sources=(source,)
    )
    assert protocol.outcome("death") is outcome
    assert protocol.outcome("birth") is None
    assert protocol.source("pubmed") is source
    assert protocol.source("scopus") is None


def domain_dataclasses() -> list[type]:
    folder = str(Path(tamis.domain.__file__ or "").parent)
    modules = [import_module(f"tamis.domain.{m.name}") for m in iter_modules([folder])]
    found = {
        item
        for module in modules
        for _, item in inspect.getmembers(module, inspect.isclass)
        if is_dataclass(item) and item.__module__.startswith("tamis.domain")
    }
    return sorted(found, key=lambda item: f"{item.__module__}.{item.__qualname__}")


@pytest.mark.parametrize("item", domain_dataclasses(), ids=lambda item: item.__name__)
def test_every_noun_is_frozen_with_slots_and_keywords_only(item: type) -> None:
    parameters = item.__dataclass_params__
    assert "__slots__" in vars(item)
    if item.__name__ == "ReviewState":  # the one thing that grows, and only inside the fold
        assert not parameters.frozen
        return
    assert parameters.frozen
    assert all(field.kw_only for field in fields(item))
    assert item.__doc__
