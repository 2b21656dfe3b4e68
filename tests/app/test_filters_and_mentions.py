"""Filters that are kept, for oneself or the team; notes that name somebody, once unsealed."""

from __future__ import annotations

import pytest
from tests.app.desk_making import TITLES, make, rid

from tamis.domain.errors import BadInput, NotFound

A, B = "p-a", "p-b"


def test_a_private_filter_is_its_makers_alone_and_a_shared_one_everybodys() -> None:
    desk, _ = make()
    desk.remarks.save_filter(A, TITLES, "Lupus trials", "q=lupus&year=2003&bogus=1")
    desk.remarks.save_filter(A, TITLES, "Chinese", "language=zh", scope="team")
    mine = desk.remarks.filters(A, TITLES)
    assert [(f.name, f.query, f.mine) for f in mine] == [
        ("Chinese", "language=zh", True), ("Lupus trials", "q=lupus&year=2003", True),
    ]  # fmt: skip
    (shared,) = desk.remarks.filters(B, TITLES)
    assert (shared.name, shared.by, shared.mine) == ("Chinese", A, False)
    assert desk.remarks.filters(B, "full-text") == ()


def test_a_filter_is_replaced_and_removed_by_its_maker_only() -> None:
    desk, live = make()
    desk.remarks.save_filter(A, TITLES, "one", "q=first", scope="team")
    desk.remarks.save_filter(A, TITLES, "one", "q=second", scope="team")
    with pytest.raises(NotFound):
        desk.remarks.save_filter(B, TITLES, "one", "", scope="team")
    assert [f.query for f in desk.remarks.filters(B, TITLES)] == ["q=second"]
    live.refold()
    desk.remarks.save_filter(A, TITLES, "one", "", scope="team")
    assert desk.remarks.filters(B, TITLES) == ()


@pytest.mark.parametrize(
    ("name", "query", "scope"),
    [("", "q=x", "private"), ("n", "page=2", "private"), ("n", "q=x", "after-vote")],
)
def test_what_is_no_filter_is_refused(name: str, query: str, scope: str) -> None:
    desk, live = make()
    before = len(live.log)
    with pytest.raises(BadInput):
        desk.remarks.save_filter(A, TITLES, name, query, scope=scope)
    assert len(live.log) == before


def test_a_note_that_names_somebody_shows_when_both_have_voted() -> None:
    desk, _ = make()
    desk.vote(A, TITLES, rid(0), "include", note="@b please look at the dose")
    assert desk.remarks.mentions(B) == ()
    desk.vote(B, TITLES, rid(0), "include")
    (told,) = desk.remarks.mentions(B)
    assert (told.text, told.by, told.cluster) == ("@b please look at the dose", A, rid(0))
    assert desk.remarks.mentions(A) == ()


def test_in_a_conflict_the_note_has_no_name_until_the_consensus() -> None:
    desk, _ = make()
    desk.vote(A, TITLES, rid(0), "include", note="@b why not?")
    desk.vote(B, TITLES, rid(0), "exclude", reason="design")
    assert [(m.by, m.at) for m in desk.remarks.mentions(B)] == [("", "")]
    desk.settle("p-c", TITLES, rid(0), "include", reason="it is a trial")
    assert [m.by for m in desk.remarks.mentions(B)] == [A]


def test_private_and_team_notes_mention_nobody() -> None:
    desk, _ = make()
    for scope in ("private", "team"):
        desk.remarks.note(A, TITLES, rid(0), "@b look", scope=scope)
    desk.vote(A, TITLES, rid(0), "include")
    desk.vote(B, TITLES, rid(0), "include")
    assert desk.remarks.mentions(B) == ()
