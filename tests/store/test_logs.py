"""What all three logs do alike: append, read, refuse, redact, absorb, follow."""

from __future__ import annotations

import pytest
from tests.store.logs import NewLogs
from tests.store.making import created, lines, note, vote

from tamis.domain.errors import BadInput, ChainBroken, Conflict, NotFound, RuleBroken
from tamis.domain.events import Draft
from tamis.domain.process import check
from tamis.domain.state import fold


def test_an_event_is_there_when_append_returns(new_logs: NewLogs) -> None:
    (log,) = new_logs(1)
    (first,) = log.append([created()])
    (second,) = log.append([vote(1)])
    assert (first.id, second.id) == ("p-chair.9f3c12ab/1", "p-rev-a.9f3c12ab/1")
    assert lines(log.read()) == {first.line, second.line}
    assert second.seen == {"p-chair.9f3c12ab": (1, first.hash[:12])}
    assert log.verify() == ()


def test_events_of_one_call_keep_their_order_across_chains(new_logs: NewLogs) -> None:
    (log,) = new_logs(1)
    same = "2026-11-22T10:00:00.000Z"
    drafts = [
        vote(1, actor=actor, decision=decision, at=same)
        for actor, decision in [("p-z", "include"), ("p-a", "exclude"), ("p-z", "maybe")]
    ]
    log.append(drafts)
    votes = fold(log.read()).votes.values()
    assert [vote.decision for vote in votes] == ["include", "exclude", "maybe"]


def test_reading_behind_a_place(new_logs: NewLogs) -> None:
    (log,) = new_logs(1)
    log.append([created(), *(vote(n) for n in range(5))])
    found = [event.id for event in log.read({"p-rev-a.9f3c12ab": 3, "p-chair.9f3c12ab": 1})]
    assert found == ["p-rev-a.9f3c12ab/4", "p-rev-a.9f3c12ab/5"]
    assert [e.seq for e in log.read({"p-chair.9f3c12ab": 1, "p-rev-a.9f3c12ab": 5})] == []


def test_nothing_is_written_of_a_call_that_the_guard_refuses(new_logs: NewLogs) -> None:
    (log,) = new_logs(1)
    log.append([created()])
    state = fold(log.read())
    engine = Draft(actor="e-x-1", kind="screened.v1", subject="x", body=vote(1).body)
    with pytest.raises(RuleBroken, match="not this actor"):
        log.append([note("fine"), engine], guard=lambda draft: check(state, draft))
    assert len(list(log.read())) == 1


def test_the_guard_sees_the_log_as_it_is_when_nobody_else_can_write(new_logs: NewLogs) -> None:
    (log,) = new_logs(1)
    log.append([created()])
    counted = []
    log.append([vote(1)], guard=lambda draft: counted.append(len(list(log.read()))))
    assert counted == [1]


def test_a_draft_that_is_none_is_refused(new_logs: NewLogs) -> None:
    (log,) = new_logs(1)
    with pytest.raises(BadInput, match="not known"):
        log.append([Draft(actor="p-a", kind="screend.v1", subject="x", body={})])
    with pytest.raises(BadInput, match="malformed"):
        log.append([vote(1, at="yesterday")])
    assert log.append([]) == ()
    assert list(log.read()) == []


def test_redacting_keeps_the_chain(new_logs: NewLogs) -> None:
    (log,) = new_logs(1)
    log.append([created(), note("Dr Who said so"), note("fine")])
    before = {event.id: event.hash for event in log.read()}
    said = log.redact("p-rev-a.9f3c12ab/1", why="names a person", by="p-chair")
    assert said.kind == "redacted.v1"
    events = {event.id: event for event in log.read()}
    gone = events["p-rev-a.9f3c12ab/1"]
    assert (gone.body, gone.redacted) == (None, "names a person")
    assert {name: events[name].hash for name in before} == before
    assert "Who" not in "".join(event.line for event in events.values())
    assert fold(log.read()).redacted == {"p-rev-a.9f3c12ab/1": "names a person"}
    assert log.verify() == ()
    log.append([note("and on it goes")])
    assert log.verify() == ()


@pytest.mark.parametrize("why", ['"quoted"', "back\\slash", "NUL \0 and \n", "中文 😀"])
def test_any_reason_is_kept_as_it_was_given(new_logs: NewLogs, why: str) -> None:
    (log,) = new_logs(1)
    log.append([note("a name")])
    log.redact("p-rev-a.9f3c12ab/1", why=why, by="p-chair")
    assert fold(log.read()).redacted == {"p-rev-a.9f3c12ab/1": why}
    assert log.verify() == ()


def test_redacting_twice_says_it_once(new_logs: NewLogs) -> None:
    (log,) = new_logs(1)
    log.append([note("a name")])
    first = log.redact("p-rev-a.9f3c12ab/1", why="a name", by="p-chair")
    again = log.redact("p-rev-a.9f3c12ab/1", why="another reason", by="p-chair")
    assert again.line == first.line
    assert log.verify() == ()


def test_a_redaction_is_refused_for_what_is_not_there_or_must_stay(new_logs: NewLogs) -> None:
    (log,) = new_logs(1)
    log.append([note("a name")])
    with pytest.raises(NotFound):
        log.redact("p-rev-a.9f3c12ab/2", why="x", by="p-chair")
    with pytest.raises(BadInput, match="no event id"):
        log.redact("p-rev-a", why="x", by="p-chair")
    with pytest.raises(BadInput, match="no reason"):
        log.redact("p-rev-a.9f3c12ab/1", why=" ", by="p-chair")
    said = log.redact("p-rev-a.9f3c12ab/1", why="a name", by="p-chair")
    with pytest.raises(BadInput, match="records a redaction"):
        log.redact(said.id, why="x", by="p-chair")
    assert len(list(log.read())) == 2


def test_absorbing_takes_over_what_is_new_and_what_was_redacted(new_logs: NewLogs) -> None:
    ours, theirs = new_logs(2)
    ours.append([created(), note("a name")])
    assert len(theirs.absorb(ours.read())) == 2
    theirs.append([vote(1, actor="p-rev-b")])
    theirs.redact("p-rev-a.9f3c12ab/1", why="a name", by="p-rev-b")
    new = ours.absorb(theirs.read())
    assert [event.id for event in new] == ["p-rev-b.77aa01cd/1", "p-rev-b.77aa01cd/2"]
    assert lines(ours.read()) == lines(theirs.read())
    assert ours.absorb(theirs.read()) == ()
    assert ours.verify() == ()


def test_a_fork_of_one_chain_names_both_events(new_logs: NewLogs) -> None:
    ours, other = new_logs(2)
    other.replica = ours.replica  # a copied installation
    ours.append([created()])
    other.absorb(ours.read())
    (mine,) = ours.append([vote(1)])
    (theirs,) = other.append([vote(2)])
    with pytest.raises(Conflict) as caught:
        ours.absorb(other.read())
    assert mine.hash[:12] in caught.value.problem
    assert theirs.hash[:12] in caught.value.problem
    assert "p-rev-a.9f3c12ab/1" in caught.value.problem
    assert len(list(ours.read())) == 2


def test_a_gap_is_not_absorbed(new_logs: NewLogs) -> None:
    ours, other = new_logs(2)
    events = other.append([vote(n) for n in range(3)])
    with pytest.raises(ChainBroken, match="does not follow"):
        ours.absorb(events[1:])
    assert list(ours.read()) == []


def test_following_yields_what_is_new(new_logs: NewLogs) -> None:
    (log,) = new_logs(1)
    log.append([created(), vote(1)])
    first = {fresh.chain: fresh for fresh in log.since({})}
    assert {chain: len(f.events) for chain, f in first.items()} == {
        "p-chair.9f3c12ab": 1,
        "p-rev-a.9f3c12ab": 1,
    }
    log.append([vote(2), vote(3)])
    marks = {chain: fresh.mark for chain, fresh in first.items()}
    second = [fresh for fresh in log.since(marks) if fresh.events]
    assert [(f.chain, [e.seq for e in f.events], f.whole) for f in second] == [
        ("p-rev-a.9f3c12ab", [2, 3], False)
    ]
    assert second[0].mark.seq == 3


def test_following_shows_a_redaction_of_what_was_known(new_logs: NewLogs) -> None:
    (log,) = new_logs(1)
    log.append([note("a name"), note("fine")])
    marks = {fresh.chain: fresh.mark for fresh in log.since({})}
    log.redact("p-rev-a.9f3c12ab/1", why="a name", by="p-chair")  # the first event of this chain
    fresh = {fresh.chain: fresh for fresh in log.since(marks) if fresh.events}
    assert fresh["p-rev-a.9f3c12ab"].whole
    assert fresh["p-rev-a.9f3c12ab"].events[0].body is None


def test_following_a_chain_that_is_gone(new_logs: NewLogs) -> None:
    log, other = new_logs(2)
    other.append([created()])
    marks = {fresh.chain: fresh.mark for fresh in other.since({})}
    with pytest.raises(ChainBroken, match="gone"):
        list(log.since(marks))
