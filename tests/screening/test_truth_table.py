"""The truth table, written out by hand and whole: every vote of one, two or three people."""

from __future__ import annotations

from itertools import product

import pytest
from tests.screening.making import TEXTS, TITLES, WORDS, Ballots, clusters, run, state

from tamis.screening import STATES, Tally, state_of

#: Votes in any order; state when maybe counts as include; when it is a class of its own.
#: I include, M maybe, E exclude; "light" is a conflict to be discussed.
TABLE = """
I    in        in
M    in        in
E    out       out
II   in        in
IM   in        light
IE   conflict  conflict
MM   in        in
ME   conflict  conflict
EE   out       out
III  in        in
IIM  in        light
IIE  conflict  conflict
IMM  in        light
IME  conflict  conflict
IEE  conflict  conflict
MMM  in        in
MME  conflict  conflict
MEE  conflict  conflict
EEE  out       out
"""
ROWS = {votes: (include, own) for votes, include, own in map(str.split, TABLE.strip().split("\n"))}


def cast(votes: tuple[str, ...], n: int, maybe: str, stage: str = TITLES) -> tuple[str, bool]:
    """Let each person cast one vote, at full text after all included the title."""
    ballots = Ballots()
    if stage == TEXTS:
        for who in range(n):
            ballots.cast(f"r{who}", "I")
    for who, word in enumerate(votes):
        ballots.cast(f"r{who}", word, stage=stage)
    found = state(run(clusters("a"), ballots.votes, n=n, maybe=maybe), stage=stage)
    assert (found.votes, found.needed) == (len(votes), n)
    return found.state, found.light


CASES = [
    (votes, n, maybe, stage)
    for n in (1, 2, 3)
    for votes in product("IME", repeat=n)
    for maybe in ("include", "own-class")
    for stage in (TITLES, TEXTS)
]


@pytest.mark.parametrize(("votes", "n", "maybe", "stage"), CASES)
def test_every_complete_vote(votes: tuple[str, ...], n: int, maybe: str, stage: str) -> None:
    row = ROWS["".join(sorted(votes, key="IME".index))]
    wanted = row[maybe != "include"]
    assert cast(votes, n, maybe, stage) == (wanted.replace("light", "conflict"), wanted == "light")


def test_the_table_is_whole() -> None:
    assert len(CASES) == 2 * 2 * (3 + 9 + 27)
    assert set(ROWS) == {
        "".join(sorted(votes, key="IME".index))
        for n in (1, 2, 3) for votes in product("IME", repeat=n)
    }  # fmt: skip


@pytest.mark.parametrize("n", [1, 2, 3])
@pytest.mark.parametrize("maybe", ["include", "own-class"])
def test_too_few_votes_await_whatever_they_say(n: int, maybe: str) -> None:
    for k in range(n):
        for votes in product("IME", repeat=k):
            assert cast(votes, n, maybe) == ("awaiting", False)


@pytest.mark.parametrize("n", [1, 2, 3])
@pytest.mark.parametrize("maybe", ["include", "own-class"])
def test_a_full_text_that_nobody_got_is_not_retrieved_and_never_out(n: int, maybe: str) -> None:
    for votes in product("IMER", repeat=n):
        if "R" in votes:
            wanted = "not-retrieved" if set(votes) == {"R"} else "conflict"
            assert cast(votes, n, maybe, TEXTS) == (wanted, False)


def test_at_title_and_abstract_nothing_is_not_retrieved() -> None:
    """The process refuses to write such a vote; one that was written waits for a person."""
    assert cast(("R", "R"), 2, "include") == ("conflict", False)


def test_every_row_of_the_table_is_used_and_one_always_holds() -> None:
    seen = set()
    for stage, n, people, maybe in product(
        (TITLES, TEXTS), (1, 2, 3), range(4), ("include", "own-class")
    ):
        for size in range(1 << len(WORDS)):
            decisions = {w for bit, w in enumerate(WORDS.values()) if size >> bit & 1}
            tally = Tally(stage=stage, people=people, needed=n, decisions=frozenset(decisions),
                          maybe_counts_as=maybe)  # fmt: skip
            seen.add(state_of(tally).name)
    assert seen == {row.name for row in STATES}
    assert all(row.reads for row in STATES)
