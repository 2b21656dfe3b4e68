"""Two people screen: one after the other, blinded, with undo, conflicts and a list."""

from __future__ import annotations

import csv
import io

import pytest
from tests.app.desk_making import OWNER, TEXTS, TITLES, MemoryLive, make, rid

from tamis.app.desk import conflicts
from tamis.app.desk.desk import Desk
from tamis.domain.errors import BadInput, NotFound, RuleBroken
from tamis.domain.state import DocumentLink

A, B, C = "p-a", "p-b", "p-c"


# ---------------------------------------------------------------- one after the other
def test_a_person_goes_through_the_order_and_ends() -> None:
    desk, _ = make(3)
    seen = []
    while (card := desk.next(A, TITLES)) is not None:
        seen.append(card.cluster)
        desk.vote(A, TITLES, card.cluster, "include")
    assert seen == [rid(0), rid(1), rid(2)]


def test_a_card_names_what_comes_next() -> None:
    desk, _ = make(9)
    card = desk.next(A, TITLES)
    assert card is not None
    assert card.upcoming == tuple(rid(n) for n in range(1, 6))
    assert [c.id for c in card.criteria] == ["population", "design"]
    assert [(r.id, r.key) for r in card.reasons] == [("population", "1"), ("design", "2")]
    assert (card.state, card.may_vote, card.mine) == ("to-do", True, None)


def test_after_leaves_out_and_comes_round_again() -> None:
    desk, _ = make(3)
    assert [desk.next(A, TITLES, after=rid(n)).cluster for n in range(3)] == [
        rid(1), rid(2), rid(0)
    ]  # fmt: skip


def test_undo_brings_the_record_back() -> None:
    desk, live = make(3)
    for n in range(3):
        desk.vote(A, TITLES, rid(n), "include")
    last = desk.last_vote(A)
    assert last is not None
    assert (last.cluster, last.title) == (rid(2), "Report 2 on lupus")
    assert desk.next(A, TITLES) is None
    assert desk.withdraw(A, TITLES, rid(0)) == "to-do"
    card = desk.next(A, TITLES)
    assert card is not None
    assert card.cluster == rid(0)
    assert [v.cluster for v in desk.history(A)] == [rid(2), rid(1)]
    assert [e.kind for e in live.log].count("vote_withdrawn.v1") == 1
    with pytest.raises(NotFound):
        desk.withdraw(A, TITLES, rid(0))


def test_undoing_a_change_lets_the_earlier_vote_stand_again() -> None:
    desk, _ = make(1)
    desk.vote(A, TITLES, rid(0), "include")
    desk.vote(A, TITLES, rid(0), "exclude", reason="design")
    desk.withdraw(A, TITLES, rid(0))
    mine = desk.card(A, TITLES, rid(0)).mine
    assert mine is not None
    assert mine.decision == "include"


def test_the_same_vote_again_writes_nothing() -> None:
    desk, live = make(1)
    desk.vote(A, TITLES, rid(0), "exclude", reason="design")
    before = len(live.log)
    desk.vote(A, TITLES, rid(0), "exclude", reason="design")
    assert len(live.log) == before


def test_the_decision_follows_from_the_criteria() -> None:
    desk, _ = make(3)
    vote = desk.vote(
        A, TITLES, rid(0), criteria={"design": "not met", "population": "not met"}
    ).vote
    assert (vote.decision, vote.reason) == ("exclude", "population")
    vote = desk.vote(A, TITLES, rid(1), criteria={"design": "unclear", "population": "met"}).vote
    assert (vote.decision, vote.reason) == ("maybe", "")
    vote = desk.vote(A, TITLES, rid(2), "include", criteria={"design": "not met"}).vote
    assert (vote.decision, vote.reason) == ("include", "")


@pytest.mark.parametrize(
    ("decision", "reason", "criteria"),
    [("", "", {}), ("perhaps", "", {}), ("not-retrieved", "", {}), ("exclude", "colour", {}),
     ("include", "", {"colour": "met"}), ("include", "", {"design": "yes"})],
)  # fmt: skip
def test_words_that_are_not_known_are_refused(
    decision: str, reason: str, criteria: dict[str, str]
) -> None:
    desk, live = make(1)
    before = len(live.log)
    with pytest.raises(BadInput):
        desk.vote(A, TITLES, rid(0), decision, reason=reason, criteria=criteria)
    assert len(live.log) == before


def test_a_full_text_comes_when_both_let_it_through() -> None:
    desk, _ = make(2)
    for who in (A, B):
        assert desk.next(who, TEXTS) is None
        desk.vote(who, TITLES, rid(1), "include")
    card = desk.next(A, TEXTS)
    assert card is not None
    assert card.cluster == rid(1)
    assert desk.vote(A, TEXTS, rid(1), "not-retrieved").state == "waiting"
    assert desk.vote(B, TEXTS, rid(1), "not-retrieved").state == "not-retrieved"
    with pytest.raises(NotFound):
        desk.card(A, TEXTS, rid(0))


def test_a_record_that_enough_people_screened_is_not_offered_or_taken() -> None:
    desk, _ = make(1, people="abc")
    for who in (A, B):
        desk.vote(who, TITLES, rid(0), "include")
    assert desk.next(C, TITLES) is None
    assert desk.card(C, TITLES, rid(0)).state == "closed"
    with pytest.raises(RuleBroken):
        desk.vote(C, TITLES, rid(0), "exclude")


def test_two_at_once_never_get_the_same_place() -> None:
    desk, _ = make(3, people="abcd")
    offered = [desk.next(who, TITLES) for who in (A, B, C, "p-d")]
    assert [card.cluster for card in offered if card] == [rid(0), rid(0), rid(1), rid(1)]


def test_one_person_is_enough_where_the_protocol_says_so() -> None:
    desk, _ = make(2, people="a", reviewers_per_record=1, allocation="one")
    assert desk.vote(A, TITLES, rid(0), "exclude", reason="design").state == "out"
    assert desk.progress(A, TITLES).mine == {"out": 1, "to-do": 1}


def test_a_pair_screens_its_own() -> None:
    pairs = (("p-a", "p-b"), ("p-c", "p-d"))
    desk, _ = make(30, people="abcd", allocation="pairs", pairs=pairs)
    mine = {row.cluster for row in desk.listing(A, TITLES, facets={"state": ["to-do"]}).rows}
    theirs = {row.cluster for row in desk.listing(C, TITLES, facets={"state": ["to-do"]}).rows}
    assert mine
    assert theirs
    assert not mine & theirs
    assert len(mine | theirs) == 30
    with pytest.raises(RuleBroken):
        desk.vote(A, TITLES, min(theirs), "include")
    first = min(mine)
    desk.vote(A, TITLES, first, "include")
    people = {p.person: p for p in desk.progress("p-o", TITLES, roles=OWNER).people}
    assert (people[A].done, people[A].left) == (1, len(mine) - 1)
    assert (people[B].done, people[B].left) == (0, len(mine))
    assert people[C].left == len(theirs)
    assert desk.progress(A, TITLES).mine == {"others": len(theirs), "to-do": len(mine) - 1,
                                             "waiting": 1}  # fmt: skip


def test_reports_that_change_are_followed() -> None:
    desk, live = make(reports=[[0], [2]])
    desk.vote(A, TITLES, rid(0), "include")
    live.cluster_up([[0, 2]])
    card = desk.card(A, TITLES, rid(2))
    assert (card.cluster, card.records) == (rid(0), (rid(0), rid(2)))
    assert card.mine is not None
    assert desk.progress(A, TITLES).total == 1
    assert [row.cluster for row in desk.listing(A, TITLES, query="10.1/0 10.1/2").rows] == [rid(0)]


# ---------------------------------------------------------------- blinding
def test_others_votes_are_sealed_until_both_have_voted() -> None:
    desk, _ = make(1)
    desk.vote(B, TITLES, rid(0), "exclude", reason="design", note="a letter")
    card = desk.card(A, TITLES, rid(0))
    assert (card.state, card.others, card.notes) == ("to-do", (), ())
    assert desk.vote(A, TITLES, rid(0), "exclude", reason="population").state == "out"
    card = desk.card(A, TITLES, rid(0))
    assert [(v.reviewer, v.reason) for v in card.others] == [(B, "design")]
    assert [(n.by, n.text) for n in card.notes] == [(B, "a letter")]


def test_blinding_by_stage_lasts_until_it_is_closed() -> None:
    desk, _ = make(2, blinding="per-stage")
    for who in (A, B):
        desk.vote(who, TITLES, rid(0), "include")
    card = desk.card(A, TITLES, rid(0))
    assert (card.state, card.others) == ("waiting", ())
    assert desk.next(A, TEXTS) is None
    assert desk.progress(A, TEXTS).total == 0
    with pytest.raises(RuleBroken):
        desk.close_stage(A, TITLES, roles=frozenset())
    desk.close_stage(A, TITLES, roles=OWNER)
    assert [v.reviewer for v in desk.card(A, TITLES, rid(0)).others] == [B]
    assert desk.next(A, TEXTS) is not None
    assert desk.progress(A, TITLES).mine == {"in": 1, "to-do": 1}


def test_without_blinding_votes_are_seen_at_once() -> None:
    desk, _ = make(1, blinding="none")
    desk.vote(B, TITLES, rid(0), "include")
    assert [v.reviewer for v in desk.card(A, TITLES, rid(0)).others] == [B]


# ---------------------------------------------------------------- conflicts
def conflict(**rules: object) -> tuple[Desk, MemoryLive]:
    desk, live = make(2, people="abc", **rules)
    desk.vote(A, TITLES, rid(0), "include", criteria={"design": "met", "population": "met"})
    desk.vote(B, TITLES, rid(0), "exclude", criteria={"design": "not met", "population": "met"})
    return desk, live


def test_a_conflict_shows_sides_without_names_and_votes() -> None:
    desk, live = conflict()
    assert desk.card(A, TITLES, rid(0)).others == ()
    (view,) = desk.conflicts(C)
    assert [side.label for side in view.sides] == ["A", "B"]
    assert [side.vote for side in view.sides] == [None, None]
    assert view.criteria == ("design",)
    opened = desk.open_conflict(C, TITLES, rid(0), why="to settle it")
    assert sorted(side.vote.decision for side in opened.sides) == ["exclude", "include"]
    told = repr([side.vote for side in opened.sides])
    assert A not in told
    assert B not in told
    assert [side.vote for side in desk.conflict(A, TITLES, rid(0)).sides] == [None, None]
    last = live.log[-1]
    assert last.body["topic"] == "blinding-opened"
    assert last.body["fields"] == {"stage": TITLES, "why": "to settle it"}
    assert last.actor == C
    desk.open_conflict(A, TITLES, rid(0), why=" ")
    assert live.log[-1].body["fields"] == {"stage": TITLES}


def test_a_stage_that_is_none_is_refused_everywhere() -> None:
    desk, _ = conflict()
    for call in (desk.next, desk.progress, desk.agreement, desk.listing, desk.conflicts):
        with pytest.raises(BadInput):
            call(A, "titles")
    for call in (desk.card, desk.vote, desk.withdraw, desk.conflict):
        with pytest.raises(BadInput):
            call(A, "titles", rid(0))
    with pytest.raises(BadInput):
        desk.settle(C, "titles", rid(0), "include", reason="x")
    with pytest.raises(BadInput):
        desk.open_conflict(C, "titles", rid(0), why="x")
    with pytest.raises(BadInput):
        desk.remarks.tag(C, "titles", rid(0), "x")


def test_a_consensus_settles_it_and_reopens_when_a_vote_is_taken_back() -> None:
    desk, live = conflict()
    assert desk.settle(C, TITLES, rid(0), "include") == "in"
    assert live.log[-1].body["reason"] == ""
    assert desk.conflicts(C) == ()
    assert desk.progress(A, TITLES).settled == 1
    assert desk.card(C, TEXTS, rid(0)).state == "to-do"
    desk.withdraw(B, TITLES, rid(0))
    (view,) = desk.conflicts(A)
    assert view.reopened
    with pytest.raises(NotFound):
        desk.card(C, TEXTS, rid(0))


@pytest.mark.parametrize(
    ("decision", "reason", "words", "kept", "note"),
    [
        ("include", "", "the methods tell", "the methods tell", ""),
        ("exclude", "", "no trial at all", "", "no trial at all"),
        ("exclude", "design", "no trial at all", "design", "no trial at all"),
        ("exclude", "design", "", "design", ""),
    ],
)
def test_words_beside_a_reason_of_the_list_are_a_note(
    decision: str, reason: str, words: str, kept: str, note: str
) -> None:
    desk, live = conflict()
    desk.settle(C, TITLES, rid(0), decision, reason=reason, words=words)
    settled = [event.body for event in live.log if event.kind == "conflict_settled.v1"]
    assert [body["reason"] for body in settled] == [kept]
    notes = [e.body["fields"]["text"] for e in live.log if e.body.get("topic") == "note"]
    assert notes == ([note] if note else [])


@pytest.mark.parametrize(
    ("rule", "may"),
    [("anyone", {A, B, C}), ("voter", {A, B}), ("third", {C}), ("group", {B})],
)
def test_the_protocol_says_who_settles(rule: str, may: set[str]) -> None:
    desk, _ = conflict(settling=rule, settlers=(B,))
    assert {who for who in (A, B, C) if any(v.may_settle for v in desk.conflicts(who))} == may
    for who in {A, B, C} - may:
        with pytest.raises(RuleBroken):
            desk.settle(who, TITLES, rid(0), "include", reason="why not")


def test_conflicts_come_a_page_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conflicts, "PAGE", 2)
    desk, _ = make(3)
    for n in range(3):
        desk.vote(A, TITLES, rid(n), "include")
        desk.vote(B, TITLES, rid(n), "exclude", reason="design")
    pages = [desk.conflict_page(C, TITLES, n, roles=OWNER) for n in (1, 2, 9)]
    assert [(page.page, page.last, page.total) for page in pages] == [
        (1, 2, 3),
        (2, 2, 3),
        (2, 2, 3),
    ]
    shown = (*pages[0].views, *pages[1].views)
    assert shown == desk.conflicts(C, TITLES, roles=OWNER)
    told = desk.first_conflict(C, TITLES, lambda view: view.cluster != rid(0), roles=OWNER)
    assert told == rid(1)


def test_progress_follows_each_vote_and_its_withdrawal() -> None:
    """A report counts once for a person, however often they changed their mind."""
    desk, _ = make(3)
    desk.vote(A, TITLES, rid(0), "include")
    desk.vote(A, TITLES, rid(0), "exclude", reason="design")
    desk.vote(A, TITLES, rid(1), "include")
    people = {one.person: one.done for one in desk.progress(C, TITLES, roles=OWNER).people}
    assert people[A] == 2
    desk.withdraw(A, TITLES, rid(1))
    people = {one.person: one.done for one in desk.progress(C, TITLES, roles=OWNER).people}
    assert people[A] == 1


# ---------------------------------------------------------------- the list
def test_the_list_is_searched_narrowed_and_paged() -> None:
    desk, _ = make(40)
    for n in (0, 1, 2):
        desk.vote(A, TITLES, rid(n), "exclude" if n else "include", reason="design" if n else "")
    desk.vote(B, TITLES, rid(1), "exclude", reason="design")
    page = desk.listing(A, TITLES, per_page=7, page=2)
    assert [row.cluster for row in page.rows] == [rid(n) for n in range(7, 14)]
    assert (page.pages, page.found, page.total) == (6, 40, 40)
    assert desk.listing(A, TITLES, query="NUMBER 17 nephrite").rows[0].cluster == rid(17)
    assert desk.listing(A, TITLES, query='"number 17 nephrite"').found == 0
    assert desk.listing(A, TITLES, query="muller 10.1/3").found == 11
    facets = {f.name: f for f in desk.listing(A, TITLES).facets}
    assert dict(facets["mine"].values) == {"include": 1, "exclude": 2, "none": 37}
    assert dict(facets["state"].values) == {"waiting": 2, "out": 1, "to-do": 37}
    assert dict(facets["source"].values) == {"one": 20, "two": 20}
    assert facets["votes"].disabled
    assert facets["votes"].values == ()
    chosen = desk.listing(A, TITLES, facets={"mine": ["exclude", "include"], "source": ["one"]})
    assert [row.cluster for row in chosen.rows] == [rid(0), rid(2)]
    assert dict({f.name: f for f in chosen.facets}["source"].values) == {"one": 2, "two": 1}
    with pytest.raises(BadInput):
        desk.listing(A, TITLES, facets={"votes": ["1"]})
    assert desk.listing(A, TITLES, facets={"votes": ["1"]}, roles=OWNER).found == 2


def test_the_list_tells_which_reports_have_a_pdf_and_how_far_down_the_ranking_they_stand() -> None:
    desk, live = make(10, order="ranked")
    facets = {f.name: f for f in desk.listing(A, TITLES).facets}
    assert dict(facets["pdf"].values) == {"no": 10}
    assert "rank" not in facets
    live.state.documents["p-a.00000000/1"] = DocumentLink(
        event="p-a.00000000/1", report=rid(3), sha256="0" * 64, file="a.pdf", pages=1
    )
    assert [r.cluster for r in desk.listing(A, TITLES, facets={"pdf": ["yes"]}).rows] == [rid(3)]
    live.ranked = tuple(rid(n) for n in reversed(range(10)))
    live.refold()
    facets = {f.name: f for f in desk.listing(A, TITLES).facets}
    assert dict(facets["rank"].values) == {
        "first-tenth": 1, "first-quarter": 2, "first-half": 2, "second-half": 5,
    }  # fmt: skip
    first = desk.listing(A, TITLES, facets={"rank": ["first-tenth"]})
    assert [row.cluster for row in first.rows] == [rid(9)]


def test_the_list_keeps_in_step_with_the_log() -> None:
    desk, live = make(10)
    for n in range(10):
        desk.listing(A, TITLES)
        desk.vote(A, TITLES, rid(n), "include" if n % 2 else "exclude")
        desk.vote(B, TITLES, rid(n), "include")
        desk.listing(B, TEXTS)
    desk.withdraw(B, TITLES, rid(3))
    kept = [desk.listing(who, stage) for who in (A, B) for stage in (TITLES, TEXTS)]
    live.refold()
    assert kept == [desk.listing(who, stage) for who in (A, B) for stage in (TITLES, TEXTS)]
    assert [row.cluster for row in kept[1].rows] == [rid(n) for n in (1, 5, 7, 9)]


# ---------------------------------------------------------------- tags, notes, highlights
def test_tags_have_scopes_and_can_be_renamed_merged_and_deleted() -> None:
    desk, _ = make(2)
    says = desk.remarks
    says.tag(B, TITLES, rid(0), "odd", scope="private")
    says.tag(B, TITLES, rid(0), "childen")
    says.tag(B, TITLES, rid(0), "ongoing", scope="team")
    assert [t.word for t in desk.card(A, TITLES, rid(0)).tags] == ["ongoing"]
    assert says.vocabulary(A) == ("ongoing",)
    for who in (A, B):
        desk.vote(who, TITLES, rid(0), "include")
    assert [t.word for t in desk.card(A, TITLES, rid(0)).tags] == ["childen", "ongoing"]
    says.tag(A, TITLES, rid(0), "children")
    says.rename(A, "childen", "children")
    says.delete_word(A, "ongoing")
    assert {(t.word, t.by) for t in desk.card(A, TITLES, rid(0)).tags} == {
        ("children", A), ("children", B)
    }  # fmt: skip
    assert [r.tags for r in desk.listing(A, TITLES, facets={"tag": ["children"]}).rows] == [
        ("children",)
    ]
    says.untag(A, TITLES, rid(0), "children")
    assert [(t.word, t.by) for t in desk.card(A, TITLES, rid(0)).tags] == [("children", B)]
    with pytest.raises(NotFound):
        says.untag(A, TITLES, rid(0), "children")


def test_terms_are_marked_for_the_team_and_for_oneself() -> None:
    desk, _ = make(2)
    desk.remarks.set_terms(A, "population", ["lupus"], scope="team")
    desk.remarks.set_terms(A, "mine", ["report"])
    with pytest.raises(BadInput):
        desk.remarks.set_terms(A, "mine", ["/(a+)+/"])
    assert desk.card(A, TITLES, rid(1)).highlights["title"] == (
        (0, 6, "mine"), (12, 17, "population"),
    )  # fmt: skip
    assert desk.card(B, TITLES, rid(1)).highlights["title"] == ((12, 17, "population"),)
    desk.remarks.set_terms(B, "population", [], scope="team")
    assert [g.name for g in desk.remarks.groups(A)] == ["mine"]


# ---------------------------------------------------------------- how it goes
def test_progress_tells_a_pace_only_from_ten_records() -> None:
    desk, _ = make(20)
    for n in range(10):
        desk.vote(A, TITLES, rid(n), "exclude")
    mine = desk.progress(A, TITLES).me
    assert (mine.done, mine.left, mine.median_seconds, mine.seconds_left) == (10, 10, None, None)
    desk.vote(A, TITLES, rid(10), "exclude")
    mine = desk.progress(A, TITLES).me
    assert (mine.done, mine.left, mine.median_seconds, mine.seconds_left) == (11, 9, 60.0, 540.0)


def test_coordinators_see_votes_and_people_but_nobodys_pace() -> None:
    desk, _ = make(4)
    desk.vote(A, TITLES, rid(0), "include")
    desk.vote(B, TITLES, rid(0), "include")
    desk.vote(B, TITLES, rid(1), "include")
    seen = desk.progress("p-o", TITLES, roles=OWNER)
    assert seen.votes == {0: 2, 1: 1, 2: 1}
    assert seen.mine == {"in": 1, "to-do": 3}
    assert [(p.person, p.done, p.median_seconds) for p in seen.people] == [
        (A, 1, None),
        (B, 2, None),
    ]
    assert desk.progress(A, TITLES).votes is None
    assert desk.progress(A, TITLES).people == ()


def test_agreement_is_for_coordinators_while_the_stage_runs() -> None:
    desk, _ = make(3)
    for n, word in enumerate(("include", "exclude")):
        desk.vote(A, TITLES, rid(n), "include")
        desk.vote(B, TITLES, rid(n), word)
    desk.vote(B, TITLES, rid(2), "exclude")
    assert desk.agreement(A, TITLES).hidden
    (found,) = desk.agreement("p-o", TITLES, roles=OWNER).overall
    assert (found.n, found.percent) == (2, 0.5)
    desk.vote(A, TITLES, rid(2), "exclude")
    assert not desk.agreement(A, TITLES).hidden
    assert desk.agreement(A, TITLES).overall[0].n == 3


def test_a_calibration_round_is_screened_by_everybody_before_anything_is_shown() -> None:
    desk, _ = make(20, people="abc")
    round_ = desk.open_round("p-o", TITLES, [A, B, C], size=4, seed=3, roles=OWNER)
    assert (len(round_.clusters), round_.open) == (4, True)
    assert sum(c.startswith("1") for c in round_.clusters) == 2
    for who in (A, B):
        for _ in range(4):
            card = desk.next(who, TITLES)
            assert card is not None
            assert card.round == round_.id
            desk.vote(who, TITLES, card.cluster, "include")
    first = round_.clusters[0]
    assert desk.card(A, TITLES, first).others == ()
    assert desk.rounds(A)[0].agreement == ()
    for cluster in round_.clusters:
        desk.vote(C, TITLES, cluster, "exclude" if cluster == first else "include")
    view = desk.rounds(A)[0]
    assert [r.n for r in view.agreement] == [4, 4, 4]
    assert view.disagreements == (first,)
    assert not desk.close_round("p-o", round_.id, roles=OWNER).open
    card = desk.next(A, TITLES)
    assert card is not None
    assert card.round == ""


# ---------------------------------------------------------------- exports
def test_exports_hold_what_the_viewer_may_see() -> None:
    desk, _ = make(3)
    desk.vote(A, TITLES, rid(0), "exclude", reason="design")
    desk.vote(B, TITLES, rid(0), "exclude", reason="population")
    desk.vote(B, TITLES, rid(1), "include")
    desk.remarks.tag(A, TITLES, rid(1), "=children", scope="private")
    rows = list(csv.DictReader(io.StringIO(desk.decisions(A).decode("utf-8-sig"))))
    told = [(r["state"], r["reason"], r["p-a decision"], r["p-b reason"], r["tags"]) for r in rows]
    assert told == [
        ("out", "population", "exclude", "population", ""),
        ("to-do", "", "", "", "'=children"),
        ("to-do", "", "", "", ""),
    ]
    text = desk.decisions(A, form="ris").decode()
    assert "N1  - title-abstract: p-b exclude (population)\n" in text
    assert text.count("p-b") == 1
    assert "KW  - =children" in text
    with pytest.raises(BadInput):
        desk.decisions(A, form="docx")


def test_the_list_can_be_sorted() -> None:
    desk, _ = make(25)

    def first(sort: str) -> str:
        return desk.listing(A, TITLES, sort=sort).rows[0].cluster

    assert first("newest") == rid(19)
    assert [r.title for r in desk.listing(A, TITLES, sort="title", per_page=3).rows] == [
        "Report 0 on lupus", "Report 1 on lupus", "Report 10 on lupus",
    ]  # fmt: skip
    assert first("author") == rid(0)
    with pytest.raises(BadInput):
        first("colour")


def test_a_vote_on_records_that_were_parted_is_asked_again_on_both() -> None:
    desk, live = make(reports=[[0, 2]])
    for who in (A, B):
        desk.vote(who, TITLES, rid(0), "include")
    live.cluster_up([[0], [2]])
    offered = []
    while (card := desk.next(A, TITLES)) is not None:
        offered.append((card.cluster, card.state))
        desk.vote(A, TITLES, card.cluster, "exclude")
    assert sorted(offered) == [(rid(0), "second-look"), (rid(2), "second-look")]


def test_a_person_who_is_slow_is_not_sent_back_by_others() -> None:
    desk, _ = make(12, people="abc")
    for n in range(6):
        desk.vote(A, TITLES, rid(n), "include")
    assert desk.next(A, TITLES).cluster == rid(6)
    for n in range(6):
        desk.vote(B, TITLES, rid(n), "include")
        desk.vote(C, TITLES, rid(n + 6), "include")
    assert desk.next(A, TITLES).cluster == rid(6)
    desk.withdraw(B, TITLES, rid(0))
    assert desk.next(C, TITLES).cluster == rid(0)


def test_a_lease_ends() -> None:
    now = [0.0]
    desk, live = make(2, people="abc")
    desk = Desk(live, now=lambda: now[0])
    assert [desk.next(who, TITLES).cluster for who in (A, B, C)] == [rid(0), rid(0), rid(1)]
    assert desk.next(C, TITLES).cluster == rid(1)
    now[0] = 31 * 60.0
    assert desk.next(C, TITLES).cluster == rid(0)


def test_agreement_can_be_taken_away_as_a_table() -> None:
    desk, _ = make(4)
    for n, words in enumerate(("II", "IE", "EI", "EE")):
        for who, word in zip((A, B), words, strict=True):
            desk.vote(who, TITLES, rid(n), "include" if word == "I" else "exclude")
    (row,) = csv.DictReader(io.StringIO(desk.agreement_table(A, TITLES).decode("utf-8-sig")))
    assert list(row.values())[:6] == [A, B, "1", "1", "1", "1"]
    assert (row["Proportionate Agreement"], row["Yes Probability"]) == ("0.5000", "0.2500")
    assert (row["Random Agreement Probability"], row["Cohen's Kappa"]) == ("0.5000", "0.0000")


def test_a_sealed_tag_takes_no_unsealed_one_away() -> None:
    desk, _ = make(1)
    desk.remarks.tag(B, TITLES, rid(0), "children")
    for who in (A, B):
        desk.vote(who, TITLES, rid(0), "include")
    desk.vote(B, TEXTS, rid(0), "include")
    desk.remarks.tag(B, TEXTS, rid(0), "children")
    assert [t.word for t in desk.card(A, TEXTS, rid(0)).tags] == ["children"]
    assert [t.word for t in desk.card(B, TEXTS, rid(0)).tags] == ["children"]
    desk.remarks.untag(B, TEXTS, rid(0), "children")
    assert desk.card(B, TEXTS, rid(0)).tags == ()
