"""Laws of screening, on drawn votes, clusters and settlements."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from random import Random

from hypothesis import given
from hypothesis import strategies as st
from tests.screening.making import TEXTS, TITLES, WORDS, Ballots, clusters, run, settle

from tamis.domain.decisions import STAGES, Settlement, Vote
from tamis.domain.records import Cluster
from tamis.screening import Screening

TERMINAL = {"awaiting", "in", "out", "not-retrieved", "conflict", "second-look"}
#: Ways to part five records into reports.
PARTITIONS = (
    ("a", "b", "c", "d", "e"),
    ("ab", "cd", "e"),
    ("abc", "de"),
    ("ae", "bcd"),
    ("abcde",),
)
SEEN = ("a", "b", "c", "d", "e", "ab", "cd", "abc", "de", "ae", "z", "az")


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A review as it stands."""

    clusters: tuple[Cluster, ...]
    votes: tuple[Vote, ...]
    settlements: tuple[Settlement, ...]
    n: int
    maybe: str

    def run(self) -> Screening:
        return run(self.clusters, self.votes, self.settlements, n=self.n, maybe=self.maybe)


@st.composite
def reviews(draw: st.DrawFn, *, people: str = "pqrs", n: tuple[int, ...] = (1, 2, 3)) -> Drawn:
    ballots = Ballots()
    reasons = st.sampled_from(["", "design", "population"])
    cast = st.tuples(
        st.sampled_from(people), st.sampled_from("IIMER"), st.sampled_from(SEEN),
        st.sampled_from([TITLES, TITLES, TEXTS]), reasons,
    )  # fmt: skip
    for who, word, on, stage, reason in draw(st.lists(cast, max_size=14)):
        ballots.cast(who, word, on, stage=stage, reason=reason)
    events = [vote.event for vote in ballots.votes] or ["p-z.00000001/1"]
    settled = st.tuples(
        st.sampled_from("IER"), st.sets(st.sampled_from(events), max_size=3),
        st.sampled_from(SEEN), st.sampled_from(STAGES),
    )  # fmt: skip
    drawn = draw(st.lists(settled, max_size=2))
    return Drawn(
        clusters=clusters(*draw(st.sampled_from(PARTITIONS))),
        votes=tuple(ballots.votes),
        settlements=tuple(
            settle(number, word, sorted(named), on, stage=stage)
            for number, (word, named, on, stage) in enumerate(drawn, start=1)
        ),
        n=draw(st.sampled_from(n)),
        maybe=draw(st.sampled_from(["include", "own-class"])),
    )


@given(reviews())
def test_every_report_has_one_terminal_state_at_each_stage_it_has_reached(review: Drawn) -> None:
    found = review.run()
    counted = Counter((s.cluster, s.stage) for s in found.states)
    reached = {c.id for c in review.clusters}
    for stage in STAGES:
        assert {c for c, at in counted if at == stage} == reached
        reached = {s.cluster for s in found.at(stage) if s.state == "in"}
    assert set(counted.values()) <= {1}
    assert {s.state for s in found.states} <= TERMINAL
    assert set(found.included()) == reached


def interleaved(review: Drawn, chance: Random) -> list[Vote]:
    """Return the votes in another order that keeps the order of each person's votes."""
    queues = {who: [v for v in review.votes if v.reviewer == who]
              for who in {v.reviewer for v in review.votes}}  # fmt: skip
    order = [vote.reviewer for vote in review.votes]
    chance.shuffle(order)
    return [queues[who].pop(0) for who in order]


@given(reviews(people="pqr", n=(3,)), st.randoms(use_true_random=False))
def test_any_interleaving_of_the_needed_people_gives_the_same_state(
    review: Drawn, chance: Random
) -> None:
    other = run(review.clusters, interleaved(review, chance), review.settlements,
                n=review.n, maybe=review.maybe)  # fmt: skip
    assert _without_order(other) == _without_order(review.run())


def _without_order(found: Screening) -> list[object]:
    """The events of a state come in the order of the log; which they are must not change."""
    return [
        (s.cluster, s.stage, s.state, s.reason, s.reasons, s.votes, s.settled_by, s.reopened,
         s.light, sorted(s.events))
        for s in found.states
    ] + [found.extra, found.idle, found.unattached]  # fmt: skip


@given(reviews(), st.randoms(use_true_random=False))
def test_the_order_of_reports_does_not_matter(review: Drawn, chance: Random) -> None:
    shuffled = list(review.clusters)
    chance.shuffle(shuffled)
    again = run(shuffled, review.votes, review.settlements, n=review.n, maybe=review.maybe)
    assert again == review.run()


@given(reviews())
def test_no_vote_is_lost(review: Drawn) -> None:
    """A vote decides, or is extra, idle or unattached, or its own caster replaced it."""
    found = review.run()
    told = {*found.extra, *found.idle, *found.unattached}
    told |= {event for s in found.states for event in s.events}
    for place, vote in enumerate(review.votes):
        replaced = any(
            later.reviewer == vote.reviewer
            and later.stage == vote.stage
            and set(later.records) & set(vote.records)
            for later in review.votes[place + 1 :]
        )
        assert vote.event in told or replaced


@given(reviews())
def test_a_named_vote_that_changes_reopens_the_consensus(review: Drawn) -> None:
    found = review.run()
    by_event = {vote.event: vote for vote in review.votes}
    settlements = {s.event: s for s in review.settlements}
    for settled in (s for s in found.states if s.settled_by):
        for name in settlements[settled.settled_by].settles:
            old = by_event[name]
            word = "E" if old.decision == "include" else "I"
            ballots = Ballots()
            ballots.votes = list(review.votes)
            ballots.cast(old.reviewer[2:], word, _letters(old), stage=old.stage)
            after = run(review.clusters, ballots.votes, review.settlements,
                        n=review.n, maybe=review.maybe)  # fmt: skip
            now = after.state(settled.cluster, settled.stage)
            assert now is not None
            assert (now.state, now.reopened) == ("conflict", True)


def _letters(vote: Vote) -> str:
    return "".join(name.partition(":")[2] for name in vote.records)


@given(reviews())
def test_a_settled_report_says_by_what_and_only_excluded_reports_have_a_reason(
    review: Drawn,
) -> None:
    wanted = {s.event: {"include": "in", "exclude": "out"}.get(s.decision, s.decision)
              for s in review.settlements}  # fmt: skip
    for s in review.run().states:
        assert not s.settled_by or s.state == wanted[s.settled_by]
        assert s.state == "out" or not s.reason
        assert not (s.reopened and s.settled_by)
        assert not s.light or s.state == "conflict"


def test_the_letters_stand_for_every_decision() -> None:
    assert set(WORDS.values()) == {"include", "maybe", "exclude", "not-retrieved"}
