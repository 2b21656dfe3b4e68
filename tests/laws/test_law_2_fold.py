"""Law 2: folding does not depend on how chains interleave; merging is set union; a consensus
names the verdicts it settles and reopens if one changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.store.logs import NewLogs
from tests.store.making import Step, created, draft_of, lines, play, vote, worlds

from tamis.domain.events import Draft, Event
from tamis.domain.ordering import in_order
from tamis.domain.question import ScreeningRules
from tamis.domain.records import Cluster
from tamis.domain.state import fold
from tamis.screening import screen

FEW = settings(
    max_examples=15,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@given(steps=worlds(copies=2), data=st.data())
@FEW
def test_the_state_is_the_same_however_the_chains_interleave(
    new_logs: NewLogs, steps: list[Step], data: st.DataObject
) -> None:
    logs = new_logs(2)
    play(steps, logs)
    logs[0].absorb(logs[1].read())
    events = list(logs[0].read())
    shuffled = data.draw(st.permutations(events))
    assert fold(shuffled) == fold(events)
    assert fold([*shuffled, *events]) == fold(events)  # an event is in a set once
    assert [e.id for e in in_order(shuffled)] == [e.id for e in in_order(events)]


@given(steps=worlds(copies=3))
@FEW
def test_merging_is_set_union(new_logs: NewLogs, steps: list[Step]) -> None:
    """Commutative, associative, idempotent; and nothing is in the union that was in neither."""
    logs = new_logs(3)
    play(steps, logs)
    a, b, c = (list(log.read()) for log in logs)
    union = lines([*a, *b, *c])
    ab, bc, all_of_them = new_logs(3)
    ab.absorb(a)
    ab.absorb(b)
    assert lines(ab.read()) == lines([*a, *b])
    bc.absorb(c)
    bc.absorb(b)
    assert lines(bc.read()) == lines([*b, *c])
    ab.absorb(bc.read())
    all_of_them.absorb(a)
    all_of_them.absorb(a)
    all_of_them.absorb([*c, *b])
    assert lines(ab.read()) == lines(all_of_them.read()) == union
    assert fold(ab.read()) == fold(all_of_them.read()) == fold([*a, *b, *c])
    assert ab.absorb(all_of_them.read()) == ()
    assert ab.verify() == all_of_them.verify() == ()


@given(steps=worlds(copies=2), picks=st.lists(st.integers(0, 40), max_size=3))
@FEW
def test_a_redaction_in_one_copy_is_one_in_the_union(
    new_logs: NewLogs, steps: list[Step], picks: list[int]
) -> None:
    logs = new_logs(2)
    play(steps, logs)
    logs[1].absorb(logs[0].read())
    for n, pick in enumerate(picks):
        names = sorted(e.id for e in logs[0].read() if e.kind != "redacted.v1")
        if names:
            name = names[pick % len(names)]
            logs[n % 2].redact(name, why=f"reason {n}", by="p-chair")
    one, other = new_logs(2)
    one.absorb(logs[0].read())
    one.absorb(logs[1].read())
    other.absorb(logs[1].read())
    other.absorb(logs[0].read())
    assert lines(one.read()) == lines(other.read())
    assert fold(one.read()) == fold([*logs[0].read(), *logs[1].read()])
    assert one.verify() == other.verify() == ()


@given(steps=worlds(copies=1, size=10), cut=st.integers(1, 4))
@FEW
def test_writing_together_or_one_by_one_tells_the_same(
    new_logs: NewLogs, steps: list[Step], cut: int
) -> None:
    """One call with many drafts, or many calls: the same decisions in the same order."""
    single, together = new_logs(2)
    plain = [s for s in steps if s.merges is None and s.corrects is None and not s.at]
    drafts = [draft_of(step, single) for step in plain]
    for draft in drafts:
        single.append([draft])
    for start in range(0, len(drafts), cut):
        together.append(drafts[start : start + cut])

    def told(log: Any) -> list[tuple[str, str, object]]:
        return [(e.actor, e.kind, e.body) for e in in_order(log.read())]

    assert told(single) == told(together)


# ---------------------------------------------------------------- consensus
RULES = ScreeningRules(reviewers_per_record=2)
RECORD = vote(1).body["records"][0]
CLUSTERS = (Cluster(records=(RECORD,)),)


def where(events: Sequence[Event]) -> tuple[str, bool]:
    state = fold(events)
    votes, settlements = tuple(state.votes.values()), tuple(state.settlements.values())
    screening = screen(CLUSTERS, votes, settlements, rules=RULES, criteria=())
    found = screening.state(RECORD, "title-abstract")
    assert found is not None
    return found.state, found.reopened


def consensus(*settles: Event) -> Draft:
    body = {
        "stage": "title-abstract",
        "records": [RECORD],
        "settles": [event.id for event in settles],
        "decision": "include",
        "reason": "talked it over",
    }
    return Draft(actor="p-chair", kind="conflict_settled.v1", subject="title-abstract", body=body)


def test_a_consensus_reopens_when_a_verdict_that_it_settles_changes(new_logs: NewLogs) -> None:
    desk, laptop = new_logs(2)
    desk.append([created()])
    (yes,) = desk.append([vote(1)])
    (no,) = desk.append([vote(1, actor="p-rev-b", decision="exclude")])
    assert where(list(desk.read())) == ("conflict", False)
    laptop.absorb(desk.read())
    desk.append([consensus(yes, no)])
    assert where(list(desk.read())) == ("in", False)
    # on another machine, not knowing of the consensus, one of the two thinks again
    changed = vote(1, actor="p-rev-b", decision="maybe", supersedes=(no.id,))
    laptop.append([changed])
    desk.absorb(laptop.read())
    laptop.absorb(desk.read())
    assert lines(desk.read()) == lines(laptop.read())
    state = fold(desk.read())
    (settlement,) = state.settlements.values()
    assert no.id in settlement.settles
    assert no.id not in state.votes
    assert where(list(desk.read())) == ("conflict", True)
    assert where(list(laptop.read())) == ("conflict", True)
