"""State is ``fold(events)``: a function of the set, in an order that time decides only last."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.making import AT, BODIES, REPLICA, Chains, draft, written
from tests.yardstick import cpu_seconds

from tamis.domain.decisions import Settlement, Vote
from tamis.domain.errors import ChainBroken
from tamis.domain.events import Event, redact_line, seen_entry
from tamis.domain.kinds import KINDS
from tamis.domain.ordering import in_order
from tamis.domain.state import _APPLY, ReviewState, advance, fold, latest
from tamis.domain.values import LookedFor, Value

R0 = "9f3c12ab9f3c:0"
EARLY, LATE = "2020-01-01T00:00:00.000Z", "2030-01-01T00:00:00.000Z"


def shown(state: ReviewState) -> dict[str, Any]:
    """Return everything a state holds, with the order of what is ordered."""
    told = {item.name: getattr(state, item.name) for item in fields(state)}
    return {k: list(v.items()) if isinstance(v, dict) else v for k, v in told.items()}


# ------------------------------------------------------------------ interleaving
@st.composite
def logs(draw: Callable[..., Any]) -> list[Event]:
    """Draw what several people and an engine wrote, seeing more or less of each other."""
    chains = Chains()
    kinds = st.sampled_from(sorted(BODIES))
    for _ in range(draw(st.integers(1, 14))):
        kind = draw(kinds)
        people = ["e-dedupe-1"] if kind == "engine_ran.v1" else ["p-ann", "p-bob", "p-cy"]
        actor = draw(st.sampled_from(people))
        replica = draw(st.sampled_from([REPLICA, "00000001"]))
        own = f"{actor}.{replica}"
        others = [e for e in chains.events if e.chain != own]
        seen_events = draw(st.lists(st.sampled_from(others), max_size=2)) if others else []
        known = [e.id for e in chains.events]
        gone = draw(st.lists(st.sampled_from(known), max_size=2, unique=True)) if known else []
        chains.write(
            draft(kind, actor=actor, subject=draw(st.sampled_from("abc")), supersedes=gone),
            at=draw(st.sampled_from([EARLY, AT, LATE])),
            replica=replica,
            seen={e.chain: seen_entry(e) for e in seen_events},
        )
    return chains.events


@given(logs(), st.integers(0, 2**32))
def test_folding_does_not_depend_on_how_chains_interleave(events: list[Event], seed: int) -> None:
    shuffled = list(events)
    Random(seed).shuffle(shuffled)
    assert in_order(shuffled) == in_order(events)
    assert shown(fold(shuffled)) == shown(fold(events))


@given(logs(), st.integers(0, 2**32))
def test_merging_two_copies_is_set_union(events: list[Event], seed: int) -> None:
    random = Random(seed)
    one = [e for e in events if random.random() < 0.7]
    two = [e for e in events if e not in one or random.random() < 0.5]
    random.shuffle(two)
    whole = shown(fold(events))
    assert shown(fold([*one, *two])) == whole
    assert shown(fold([*two, *one, *one])) == whole


@given(logs())
def test_nothing_is_lost_and_nothing_comes_before_what_it_needs(events: list[Event]) -> None:
    place = {event.id: n for n, event in enumerate(in_order(events))}
    assert set(place) == {event.id for event in events}
    for event in events:
        if event.seq > 1:
            assert place[f"{event.chain}/{event.seq - 1}"] < place[event.id]
        for chain, (seq, _) in event.seen.items():
            assert place[f"{chain}/{seq}"] < place[event.id]
        for name in event.supersedes:
            assert place[name] < place[event.id]


@given(logs())
def test_counts_and_heads_tell_the_whole_log(events: list[Event]) -> None:
    state = fold(events)
    assert state.count == len(events)
    for chain in {event.chain for event in events}:
        last = max((e for e in events if e.chain == chain), key=lambda e: e.seq)
        assert state.heads[chain] == (last.seq, last.hash)


@given(logs())
def test_one_by_one_is_the_same_where_nothing_is_superseded(events: list[Event]) -> None:
    if any(event.supersedes for event in events):
        return
    state = ReviewState()
    for event in in_order(events):
        advance(state, event)
    assert shown(state) == shown(fold(events))


def test_the_head_of_a_chain_is_its_highest_event() -> None:
    first, second = written(draft("note_added"), draft("note_added"))
    state = fold([first, second])
    advance(state, first)
    assert state.heads[first.chain] == (2, second.hash)


# ------------------------------------------------------------------ order
def test_supersedes_comes_before_time() -> None:
    chains = Chains()
    first = chains.write(draft("note_added"), at=LATE)
    second = chains.write(
        draft("note_added", actor="p-bob", supersedes=[first.id]), at=EARLY, seen={}
    )
    assert in_order([second, first]) == [first, second]


def test_what_was_seen_comes_before_time() -> None:
    chains = Chains()
    first = chains.write(draft("note_added"), at=LATE)
    second = chains.write(
        draft("note_added", actor="p-bob"), at=EARLY, seen={first.chain: seen_entry(first)}
    )
    assert in_order([second, first]) == [first, second]


def test_a_chain_keeps_its_own_order_whatever_its_clock_says() -> None:
    chains = Chains()
    events = [chains.write(draft("note_added"), at=at) for at in (LATE, AT, EARLY)]
    assert in_order(reversed(events)) == events


def test_time_decides_between_events_that_know_nothing_of_each_other() -> None:
    chains = Chains()
    late = chains.write(draft("note_added", actor="p-ann"), at=LATE, seen={})
    early = chains.write(draft("note_added", actor="p-bob"), at=EARLY, seen={})
    assert in_order([late, early]) == [early, late]


def test_at_one_moment_the_actor_then_the_replica_decides() -> None:
    chains = Chains()
    bob = chains.write(draft("note_added", actor="p-bob"), seen={})
    ann_2 = chains.write(draft("note_added"), replica="ffffffff", seen={})
    ann_1 = chains.write(draft("note_added"), replica="00000000", seen={})
    assert in_order([bob, ann_2, ann_1]) == [ann_1, ann_2, bob]


def test_a_forged_circle_loses_nothing_and_has_one_order() -> None:
    chains = Chains()
    ann = chains.write(draft("note_added"), seen={"p-bob.9f3c12ab": (1, "0" * 12)}, at=LATE)
    bob = chains.write(draft("note_added", actor="p-bob"), seen={ann.chain: seen_entry(ann)})
    assert in_order([ann, bob]) == in_order([bob, ann]) == [bob, ann]
    assert fold([ann, bob]).count == 2


def test_an_event_that_names_what_is_not_here_waits_for_nothing() -> None:
    chains = Chains()
    alone = chains.write(
        draft("note_added", supersedes=["p-zoe.9f3c12ab/9"]),
        seen={"p-zoe.9f3c12ab": (9, "0" * 12)},
    )
    assert fold([alone]).count == 1


# ------------------------------------------------------------------ copies and forks
def test_a_forked_chain_is_refused_by_name() -> None:
    (one,) = written(draft("note_added", topic="a"))
    (two,) = written(draft("note_added", topic="b"))
    for pair in ([one, two], [two, one]):
        with pytest.raises(ChainBroken, match=r"p-ann\.9f3c12ab/1"):
            fold(pair)


def test_an_event_redacted_in_one_copy_is_redacted_in_the_union() -> None:
    (whole,) = written(draft("note_added"))
    gone = redact_line(whole, why="a name")
    for copies in ([whole, gone], [gone, whole], [gone, whole, gone]):
        state = fold(copies)
        assert state.redacted == {whole.id: "a name"}
        assert not state.notes
        assert state.count == 1


def test_two_reasons_for_one_redaction_give_one_state() -> None:
    (whole,) = written(draft("note_added"))
    one, two = redact_line(whole, why="a"), redact_line(whole, why="b")
    assert shown(fold([one, two])) == shown(fold([two, one]))


# ------------------------------------------------------------------ what each kind changes
#: kind -> where in the state it shows.
SHOWS: dict[str, Callable[[ReviewState], Any]] = {
    "review_created.v1": lambda s: s.id,
    "protocol_amended.v1": lambda s: s.amendments,
    "source_searched.v1": lambda s: s.searched,
    "batch_imported.v1": lambda s: s.batches,
    "engine_ran.v1": lambda s: s.engine_runs,
    "pair_decided.v1": lambda s: s.pairs,
    "screened.v1": lambda s: s.votes,
    "conflict_settled.v1": lambda s: s.settlements,
    "reports_linked.v1": lambda s: s.links,
    "document_attached.v1": lambda s: s.documents,
    "value_recorded.v1": lambda s: s.values,
    "values_settled.v1": lambda s: s.value_settlements,
    "appraised.v1": lambda s: s.appraisals,
    "appraisal_settled.v1": lambda s: s.appraisal_settlements,
    "certainty_judged.v1": lambda s: s.certainty,
    "note_added.v1": lambda s: s.notes,
    "member_changed.v1": lambda s: s.members,
    "sealed.v1": lambda s: s.seals,
}


def test_every_kind_the_fold_reads_is_tested() -> None:
    assert set(SHOWS) == set(_APPLY)


@pytest.mark.parametrize("kind", sorted(SHOWS))
def test_it_shows_is_superseded_and_can_be_redacted(kind: str) -> None:
    (event,) = written(draft(kind))
    assert SHOWS[kind](fold([event]))
    corrected = written(draft(kind), draft("note_added", supersedes=[event.id], topic="undo"))
    state = fold(corrected)
    assert state.superseded == {event.id}
    shows = SHOWS[kind](state)
    assert not shows or kind == "note_added.v1"
    assert event.id not in shows
    gone = fold([redact_line(event, why="a name")])
    assert not SHOWS[kind](gone)
    assert gone.redacted == {event.id: "a name"}
    assert gone.heads == fold([event]).heads


@pytest.mark.parametrize("kind", sorted(KINDS.by_name))
def test_no_kind_stops_the_fold(kind: str) -> None:
    assert fold(written(draft(kind))).count == 1


def test_a_kind_from_a_later_version_is_kept_and_changes_nothing() -> None:
    (event,) = written(draft("note_added"))
    later = Event(
        actor="p-ann", replica=REPLICA, seq=2, at=AT, kind="weighed.v1", subject="x",
        body={"a": 1}, body_sha256="", prev=event.hash, hash="f" * 64,
    )  # fmt: skip
    state = fold([event, later])
    assert state.count == 2
    assert list(state.notes) == [event.id]


def test_a_vote_and_a_settlement_say_what_the_event_said() -> None:
    events = written(draft("review_created"), draft("screened"), draft("conflict_settled"))
    state = fold(events)
    vote, settlement = events[1], events[2]
    assert state.votes[vote.id] == Vote(
        event=vote.id,
        stage="title-abstract",
        records=(R0, "9f3c12ab9f3c:120"),
        reviewer="p-ann",
        decision="include",
        criteria=(("population", "met"),),
        at=AT,
    )
    assert state.settlements[settlement.id] == Settlement(
        event=settlement.id,
        stage="title-abstract",
        records=(R0,),
        settles=("p-ann.9f3c12ab/3",),
        decision="exclude",
        reason="population",
        by="p-ann",
        at=AT,
    )


def test_values_and_looked_fors_are_kept_apart() -> None:
    sought = draft("value_recorded", anchor_kind="looked-for", number="", statistic="sd")
    events = written(draft("value_recorded"), sought)
    state = fold(events)
    assert isinstance(state.values[events[0].id], Value)
    assert isinstance(state.looked_for[events[1].id], LookedFor)
    assert state.values[events[0].id].extractor == "p-ann"


def test_a_pair_is_one_pair_whichever_record_is_named_first() -> None:
    a, b = BODIES["pair_decided.v1"]["a"], BODIES["pair_decided.v1"]["b"]
    state = fold(written(draft("pair_decided"), draft("pair_decided", a=b, b=a, decision="unsure")))
    assert [p.decision for p in state.pairs.values()] == ["unsure"]


def test_the_first_creation_names_the_review() -> None:
    state = fold(written(draft("review_created"), draft("review_created", id="second")))
    assert state.id == "trial"
    assert state.exists


def test_the_newest_amendment_of_a_file_is_found() -> None:
    texts = ["one", "two"]
    state = fold(written(*(draft("protocol_amended", text=text) for text in texts)))
    found = latest(state.amendments, "review.toml")
    assert found is not None
    assert found.text == "two"
    assert latest(state.amendments, "claims.toml") is None


def test_the_reports_date_is_that_of_the_last_human_statement() -> None:
    chains = Chains()
    chains.write(draft("note_added"), at="2026-01-01T00:00:00.000Z")
    chains.write(draft("engine_ran"), at="2026-02-01T00:00:00.000Z")
    for kind in ("sealed", "redacted", "member_changed"):
        chains.write(draft(kind), at="2026-03-01T00:00:00.000Z")
    assert fold(chains.events).last_human_at == "2026-01-01T00:00:00.000Z"


def test_a_consensus_of_exclusion_shuts_the_way_to_the_full_text() -> None:
    include = draft("screened", records=[R0])
    exclude = draft("conflict_settled", settles=["p-ann.9f3c12ab/1"])
    assert fold(written(include)).is_let_through(R0)
    assert not fold(written(include, exclude)).is_let_through(R0)


# ------------------------------------------------------------------ size
MEASURE = """
import time
from tests.domain.making import many_votes
from tamis.domain.state import fold
events = many_votes(200_000)
started = time.process_time()
state = fold(events)
print(len(state.votes), time.process_time() - started)
"""


def test_two_hundred_thousand_events_fold_in_under_five_seconds(repository: Path) -> None:
    """In a process of its own, because measuring coverage slows the fold threefold."""

    def measure() -> float:
        done = subprocess.run(
            [sys.executable, "-c", MEASURE],
            cwd=repository, capture_output=True, text=True, check=True, timeout=600,
        )  # fmt: skip
        votes, seconds = done.stdout.split()
        assert int(votes) == 200_000
        return float(seconds)

    assert cpu_seconds(measure, limit=5) <= 5
