"""What one person sees never depends on what another's sealed votes say.

Two reviews are made that differ only in the words of sealed votes (and in the sealed tags and notes
beside them); every method of the desk must give the viewer equal values. Where the places of a
record belong to named people, or each person has a place, not even the existence of a sealed vote
may show.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.app.desk_making import OWNER, TEXTS, TITLES, MemoryLive, make, rid

from tamis.app.desk.desk import Desk
from tamis.app.desk.views import Moment
from tamis.domain.errors import TamisError

A = "p-a"
COUNT = 5
NOBODY = frozenset[str]()
LATER = "2026-03-01T10:00:00.000Z"
#: A fifth of the usual number of examples: each plays two whole reviews through every method.
FEWER = settings(max_examples=max(2, settings.default.max_examples // 5))


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing that one person does; ``other`` is what they do instead in the second review."""

    who: str
    number: int
    word: str
    other: str
    reason: str
    other_reason: str
    answer: str
    other_answer: str
    extra: str
    stage: str = TITLES

    @property
    def key(self) -> tuple[str, int, str]:
        return self.who, self.number, self.stage


WORDS = st.sampled_from(["include", "exclude", "maybe"])
REASONS = st.sampled_from(["", "design", "population"])
ANSWERS = st.sampled_from(["met", "not met", "unclear"])


@st.composite
def stories(draw: st.DrawFn, people: str) -> list[Step]:
    """People vote, once each on a record and stage; at full text what came through."""
    places = st.tuples(
        st.sampled_from([f"p-{p}" for p in people]),
        st.integers(0, COUNT - 1),
        st.sampled_from([TITLES, TITLES, TEXTS]),
    )
    story = [
        Step(
            who=who, number=number, word=draw(WORDS), other=draw(WORDS), reason=draw(REASONS),
            other_reason=draw(REASONS), answer=draw(ANSWERS), other_answer=draw(ANSWERS),
            extra=draw(st.sampled_from(["", "", "tag", "private", "note"])), stage=stage,
        )
        for who, number, stage in draw(st.lists(places, unique=True, max_size=14))
    ]  # fmt: skip
    return sorted(story, key=lambda step: step.stage == TEXTS)


Secret = set[tuple[str, int, str]]


def sealed(story: Sequence[Step], *, needed: int, everybody: Sequence[str] = ()) -> Secret:
    """Return whose votes stay sealed for A at the end: too few people voted on the record."""
    voters: dict[tuple[int, str], set[str]] = {}
    for step in story:
        voters.setdefault((step.number, step.stage), set()).add(step.who)
    few = {place for place, who in voters.items() if len(who) < needed or not set(everybody) <= who}
    few |= {(number, TEXTS) for number, stage in few if stage == TITLES}
    return {s.key for s in story if s.who != A and (s.number, s.stage) in few}


def act(desk: Desk, live: MemoryLive, step: Step, *, differently: bool) -> None:
    """Do one step, at the same moment in both reviews."""
    at = f"2026-02-01T{step.number:02}:00:0{ord(step.who[-1]) % 10}.000Z"
    word = step.other if differently else step.word
    reason = (step.other_reason if differently else step.reason) if word == "exclude" else ""
    reason = reason or ("language" if word == "exclude" and step.stage == TEXTS else "")
    answers = {"design": step.other_answer if differently else step.answer}
    desk.vote(
        step.who,
        step.stage,
        rid(step.number),
        word,
        reason=reason,
        criteria=answers,
        moment=Moment(at=at),
    )
    live.moment, tail = at, "-other" if differently else ""
    if step.extra == "tag":
        desk.remarks.tag(step.who, step.stage, rid(step.number), f"word{tail}")
    elif step.extra == "private":
        desk.remarks.tag(step.who, step.stage, rid(step.number), f"mine{tail}", scope="private")
    elif step.extra == "note":
        desk.remarks.note(step.who, step.stage, rid(step.number), f"text{tail} @a @p-b")


def tried(call: object, *args: object, **more: object) -> object:
    """Return what a call gives, or how it is refused."""
    try:
        return call(*args, **more)  # type: ignore[operator]
    except TamisError as error:
        return type(error).__name__, error.problem, error.remedy


def everything(desk: Desk, viewer: str, roles: frozenset[str]) -> dict[str, object]:
    """Return all that the desk tells a viewer."""
    told: dict[str, object] = {
        "mentions": desk.remarks.mentions(viewer, roles=roles),
        "last": desk.last_vote(viewer), "history": desk.history(viewer),
        "conflicts": desk.conflicts(viewer, roles=roles), "rounds": desk.rounds(viewer),
        "words": desk.remarks.vocabulary(viewer), "groups": desk.remarks.groups(viewer),
        "csv": desk.decisions(viewer, roles=roles),
        "ris": desk.decisions(viewer, form="ris", roles=roles),
    }  # fmt: skip
    for stage in (TITLES, TEXTS):
        told[f"progress {stage}"] = desk.progress(viewer, stage, roles=roles)
        told[f"agreement {stage}"] = desk.agreement(viewer, stage, roles=roles)
        told[f"list {stage}"] = desk.listing(viewer, stage, roles=roles)
        for facet, value in (("state", "to-do"), ("state", "closed"), ("tag", "word")):
            found = tried(desk.listing, viewer, stage, facets={facet: [value]}, query="report",
                          roles=roles)  # fmt: skip
            told[f"list {stage} {facet} {value}"] = found
        for number in range(COUNT):
            at = f"{stage} {number}"
            told[f"card {at}"] = tried(desk.card, viewer, stage, rid(number), roles=roles)
            told[f"conflict {at}"] = tried(desk.conflict, viewer, stage, rid(number))
            told[f"open {at}"] = tried(desk.open_conflict, viewer, stage, rid(number), why="look")
        told[f"next {stage}"] = tried(desk.next, viewer, stage, roles=roles)
        for number in range(COUNT):  # what is refused must not tell either
            call = desk.vote
            told[f"vote {stage} {number}"] = _outcome(
                tried(
                    call,
                    viewer,
                    stage,
                    rid(number),
                    "exclude",
                    reason="design",
                    moment=Moment(at=LATER),
                )
            )
            told[f"withdraw {stage} {number}"] = tried(desk.withdraw, viewer, stage, rid(number))
    return told


def _outcome(found: object) -> object:
    """Leave out the state after a vote of one's own: by then the other's vote is unsealed."""
    return getattr(found, "vote", found)


def differences(one: dict[str, object], other: dict[str, object]) -> list[str]:
    return [name for name in one if one[name] != other[name]]


PAIRS = (("p-a", "p-b"), ("p-a", "p-c"), ("p-b", "p-c"))
TEAMS: dict[str, tuple[str, dict[str, object]]] = {
    "two": ("ab", {}),
    "any two of three": ("abc", {}),
    "three of three": ("abc", {"reviewers_per_record": 3}),
    "pairs": ("abc", {"allocation": "pairs", "pairs": PAIRS}),
    "rotating": ("abc", {"allocation": "rotating-pairs"}),
    "senior": ("abc", {"allocation": "senior", "seniors": ("p-b",)}),
    "everybody": ("abc", {"allocation": "all"}),
    "by stage": ("ab", {"blinding": "per-stage"}),
    "round": ("abc", {}),
    "reasons": ("ab", {"reason_conflicts": True, "maybe_counts_as": "own-class"}),
}


def begun(team: str) -> tuple[Desk, MemoryLive]:
    """Return the desk of a team; in a calibration round, everybody votes on three records."""
    people, rules = TEAMS[team]
    desk, live = make(COUNT, people=people, **rules)
    if team == "round":
        desk.open_round("p-o", TITLES, [f"p-{p}" for p in people], size=3, roles=OWNER)
    return desk, live


def played(
    story: Sequence[Step],
    secret: Secret,
    team: str,
    *,
    differently: bool,
    without: bool = False,
) -> Desk:
    desk, live = begun(team)
    for step in story:
        hidden = step.key in secret
        if hidden and without:
            continue
        try:
            act(desk, live, step, differently=differently and hidden)
        except TamisError:
            continue
    return desk


def story_and_secret(story: Sequence[Step], team: str) -> tuple[list[Step], Secret]:
    """Return what of a story the rules of a team take, and what of it stays sealed for A."""
    people, rules = TEAMS[team]
    desk, live = begun(team)
    taken = [step for step in story if tried(act, desk, live, step, differently=False) is None]
    needed = int(str(rules.get("reviewers_per_record", 2)))
    if rules.get("blinding") == "per-stage":
        return taken, by_stage(taken)
    secret = sealed(taken, needed=needed)
    if rules.get("allocation") == "all":
        mine = {(s.number, s.stage) for s in taken if s.who == A}
        closed = {(s.number, s.stage) for s in taken} - mine
        closed |= {(number, TEXTS) for number, stage in closed if stage == TITLES}
        secret |= {s.key for s in taken if s.who != A and (s.number, s.stage) in closed}
    if team == "round":
        drawn = set(desk.rounds(A)[0].clusters)
        inside = [s for s in taken if rid(s.number) in drawn and s.stage == TITLES]
        waiting = sealed(inside, needed=needed, everybody=[f"p-{p}" for p in people])
        numbers = {number for _, number, _ in waiting}
        secret |= waiting | {s.key for s in taken if s.number in numbers and s.who != A}
    return taken, secret


def by_stage(taken: Sequence[Step]) -> Secret:
    """Return what two people who are blinded by stage keep from A: all, until a stage has ended."""
    words: dict[str, dict[int, list[str]]] = {TITLES: {}, TEXTS: {}}
    for step in taken:
        words[step.stage].setdefault(step.number, []).append(step.word)
    titles, texts = words[TITLES], words[TEXTS]
    ended = all(len(titles.get(n, ())) == 2 for n in range(COUNT))
    through = [n for n, said in titles.items() if "exclude" not in said]
    both = ended and all(len(texts.get(n, ())) == 2 for n in through)
    running = {TITLES: not ended, TEXTS: not both}
    return {s.key for s in taken if s.who != A and running[s.stage]}


@pytest.mark.parametrize("team", list(TEAMS))
@pytest.mark.parametrize("roles", [NOBODY, OWNER], ids=["screener", "coordinator"])
def test_what_a_sealed_vote_says_shows_nowhere(team: str, roles: frozenset[str]) -> None:
    @FEWER
    @given(stories(TEAMS[team][0]))
    def law(story: list[Step]) -> None:
        taken, secret = story_and_secret(story, team)
        one = everything(played(taken, secret, team, differently=False), A, roles)
        other = everything(played(taken, secret, team, differently=True), A, roles)
        assert differences(one, other) == []

    law()


@pytest.mark.parametrize(
    "team", ["two", "three of three", "pairs", "rotating", "senior", "reasons"]
)
def test_that_a_sealed_vote_was_cast_shows_nowhere(team: str) -> None:
    @FEWER
    @given(stories(TEAMS[team][0]))
    def law(story: list[Step]) -> None:
        taken, secret = story_and_secret(story, team)
        one = everything(played(taken, secret, team, differently=False), A, NOBODY)
        other = everything(played(taken, secret, team, differently=False, without=True), A, NOBODY)
        assert differences(one, other) == []

    law()


def test_the_law_can_fail() -> None:
    """An unsealed vote that says something else does show."""
    steps = [
        Step(who=who, number=0, word="include", other="exclude", reason="", other_reason="design",
             answer="met", other_answer="not met", extra="tag")
        for who in (A, "p-b")
    ]  # fmt: skip
    secret = {("p-b", 0, TITLES)}
    one = everything(played(steps, secret, "two", differently=False), A, NOBODY)
    other = everything(played(steps, secret, "two", differently=True), A, NOBODY)
    found = differences(one, other)
    for name in ("conflicts", "words", "csv", "ris", f"card {TITLES} 0", f"list {TITLES}",
                 f"progress {TITLES}"):  # fmt: skip
        assert name in found


def test_a_vote_at_full_text_does_not_tell_a_coordinator_that_a_report_came_through() -> None:
    """Where everybody votes, who has not voted yet must not learn what the others said."""
    counts = []
    for word in ("include", "exclude"):
        desk, _ = make(COUNT, people="abc", allocation="all")
        for who, said in (("p-b", "include"), ("p-c", word)):
            desk.vote(who, TITLES, rid(2), said, reason="design" if said == "exclude" else "")
        tried(desk.vote, "p-b", TEXTS, rid(2), "include")
        counts.append(desk.progress(A, TEXTS, roles=OWNER))
    assert counts[0] == counts[1]
    assert [one.done for one in counts[0].people] == [0, 0, 0]
