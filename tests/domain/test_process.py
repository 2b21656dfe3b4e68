"""The review process: every row of the table refuses what it should and allows what it should.

``CASES`` has one entry for every rule and every kind that the rule guards: drafts that the rule
refuses, and drafts that the whole table allows, on a named state. A new row without cases fails.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from tests.domain.making import draft, written

from tamis.domain.errors import BadInput, RuleBroken
from tamis.domain.events import Draft
from tamis.domain.kinds import KINDS
from tamis.domain.process import ANY, TRANSITIONS, check
from tamis.domain.state import ReviewState, fold

R0, R1 = "9f3c12ab9f3c:0", "9f3c12ab9f3c:120"
STRANGER = "aaaaaaaaaaaa:0"
TIAB, FULL = "title-abstract", "full-text"


def vote(stage: str, decision: str, *, actor: str = "p-ann", **more: Any) -> Draft:
    return draft("screened", actor=actor, stage=stage, records=[R0], decision=decision, **more)


def settle(stage: str, decision: str, settles: Sequence[str], **more: Any) -> Draft:
    return draft("conflict_settled", stage=stage, decision=decision, settles=list(settles), **more)


CREATED = (draft("review_created"),)
IMPORTED = (*CREATED, draft("batch_imported"))
LINKED = (*IMPORTED, draft("reports_linked"))
#: Ann's chain holds 1 review_created, 2 batch_imported, 3 her verdict; Bob's holds 1, his verdict.
CONFLICT = (*IMPORTED, vote(TIAB, "include"), vote(TIAB, "exclude", actor="p-bob"))
ANN, BOB = "p-ann.9f3c12ab/3", "p-bob.9f3c12ab/1"
THROUGH = (*CONFLICT, settle(TIAB, "include", [ANN, BOB]))
OUT = (*CONFLICT, settle(TIAB, "exclude", [ANN, BOB]))
#: As THROUGH, and Ann's fifth event excludes at full text, Bob's second includes.
FULL_CONFLICT = (
    *THROUGH, vote(FULL, "exclude", reason="c1"), vote(FULL, "include", actor="p-bob"),
)  # fmt: skip
FULL_ANN, FULL_BOB = "p-ann.9f3c12ab/5", "p-bob.9f3c12ab/2"
#: Ann's chain holds her answer as its fourth event, Bob's as its first.
BOTH = (*LINKED, draft("appraised"), draft("appraised", actor="p-bob", answer="no"))
ANN_SAID, BOB_SAID = "p-ann.9f3c12ab/4", "p-bob.9f3c12ab/1"
#: What a consensus on the whole says, after both judged it: Ann's fifth event, Bob's second.
OVERALL = {
    "question": "overall", "answer": None, "judgement": "low",
    "settles": ["p-ann.9f3c12ab/5", "p-bob.9f3c12ab/2"],
}  # fmt: skip


def withdraw(event: str, *, actor: str = "p-ann", supersedes: tuple[str, ...] = ()) -> Draft:
    made = draft("vote_withdrawn", actor=actor, event=event, supersedes=supersedes or (event,))
    return made


def move_back(events: Sequence[str], **more: Any) -> Draft:
    return draft("moved_back", supersedes=tuple(events), events=list(events), **more)


def settled(**more: Any) -> Draft:
    return draft("appraisal_settled", **{"settles": [ANN_SAID, BOB_SAID], **more})


def judged(**more: Any) -> Draft:
    return draft("appraised", **{"question": "overall", "answer": None, "judgement": "low", **more})


@dataclass(frozen=True, kw_only=True)
class Case:
    """A state with the drafts that the rule refuses and those that the table allows there."""

    state: Sequence[Draft]
    refuses: Sequence[Draft] = ()
    allows: Sequence[Draft] = ()


def _case(state: Sequence[Draft], refuses: Sequence[Draft], allows: Sequence[Draft]) -> Case:
    return Case(state=state, refuses=refuses, allows=allows)


#: (rule, kind) -> cases; the kind is "*" where the rule guards every kind.
CASES: Mapping[tuple[str, str], Sequence[Case]] = {
    ("created-first", "*"): [
        _case((), [draft("note_added"), draft("batch_imported")], [draft("review_created")]),
        _case(CREATED, [], [draft("note_added"), draft("batch_imported")]),
    ],
    ("created-once", "review_created.v1"): [
        _case(CREATED, [draft("review_created"), draft("review_created", id="other")], []),
        _case((), [], [draft("review_created")]),
    ],
    ("right-hand", "*"): [
        _case(
            CREATED,
            [
                draft("note_added", actor="e-rank-1"),
                draft("engine_ran", actor="p-ann"),
                draft("note_added", actor="ann"),
                draft("reparsed", actor="x-ann"),
            ],
            [
                draft("note_added", actor="p-ann"),
                draft("engine_ran", actor="e-dedupe-1"),
                draft("reparsed", actor="p-ann"),
                draft("reparsed", actor="e-ris-2"),
            ],
        ),
    ],
    ("corrects-known", "*"): [
        _case(
            IMPORTED,
            [
                draft("note_added", supersedes=["p-ann.9f3c12ab/3"]),
                draft("note_added", supersedes=["p-bob.9f3c12ab/1"]),
                draft("note_added", supersedes=["p-ann.9f3c12ab/1", "p-ann.00000000/1"]),
            ],
            [
                draft("note_added", supersedes=["p-ann.9f3c12ab/2"]),
                draft("note_added", supersedes=["p-ann.9f3c12ab/1", "p-ann.9f3c12ab/2"]),
                draft("note_added"),
            ],
        ),
    ],
    ("corrects-own", "screened.v1"): [
        _case(
            CONFLICT,
            [
                vote(TIAB, "exclude", supersedes=[BOB]),
                vote(TIAB, "exclude", supersedes=[ANN, BOB]),
                vote(TIAB, "include", actor="p-bob", supersedes=[ANN]),
            ],
            [vote(TIAB, "exclude", supersedes=[ANN]), vote(TIAB, "maybe")],
        ),
    ],
    ("corrects-own", "appraised.v1"): [
        _case(
            BOTH,
            [draft("appraised", answer="no", supersedes=[BOB_SAID])],
            [draft("appraised", answer="no", supersedes=[ANN_SAID])],
        ),
    ],
    ("import-once", "batch_imported.v1"): [
        _case(
            IMPORTED,
            [draft("batch_imported"), draft("batch_imported", file="imports/renamed.ris")],
            [draft("batch_imported", sha256="b" * 64)],
        ),
    ],
    ("names-records", "screened.v1"): [
        _case(
            IMPORTED,
            [draft("screened", records=[]), draft("screened", records=R0)],
            [draft("screened", records=[R0]), draft("screened", records=(R0,))],
        ),
    ],
    ("names-records", "conflict_settled.v1"): [
        _case(
            CONFLICT,
            [settle(TIAB, "include", [ANN, BOB], records=[])],
            [settle(TIAB, "include", [ANN, BOB])],
        ),
    ],
    ("record-known", "screened.v1"): [
        _case(
            IMPORTED,
            [
                draft("screened", records=[STRANGER]),
                draft("screened", records=[R0, STRANGER]),
                draft("screened", records=[""]),
            ],
            [draft("screened", records=[R0]), draft("screened", records=[R0, R1])],
        ),
    ],
    ("record-known", "conflict_settled.v1"): [
        _case(
            CONFLICT,
            [
                settle(TIAB, "include", [ANN, BOB], records=[R0, STRANGER]),
            ],
            [settle(TIAB, "include", [ANN, BOB])],
        ),
    ],
    ("record-known", "reports_linked.v1"): [
        _case(
            IMPORTED,
            [draft("reports_linked", records=[STRANGER])],
            [draft("reports_linked", records=[R0]), draft("reports_linked", records=[])],
        ),
    ],
    ("record-known", "pair_decided.v1"): [
        _case(
            IMPORTED,
            [draft("pair_decided", a=R0, b=STRANGER), draft("pair_decided", a=STRANGER, b=R1)],
            [draft("pair_decided", a=R0, b=R1)],
        ),
    ],
    ("stage-known", "screened.v1"): [
        _case(IMPORTED, [draft("screened", stage="abstract")], [draft("screened", stage=TIAB)]),
    ],
    ("stage-known", "conflict_settled.v1"): [
        _case(
            CONFLICT,
            [settle("abstract", "include", [ANN, BOB])],
            [settle(TIAB, "include", [ANN, BOB])],
        ),
    ],
    ("titles-first", "screened.v1"): [
        _case(IMPORTED, [vote(FULL, "include")], [vote(TIAB, "include")]),
        _case((*IMPORTED, vote(TIAB, "exclude")), [vote(FULL, "include")], []),
        _case((*IMPORTED, vote(TIAB, "include")), [], [vote(FULL, "include")]),
        _case((*IMPORTED, vote(TIAB, "maybe")), [], [vote(FULL, "include")]),
        _case(THROUGH, [], [vote(FULL, "include")]),
        _case(OUT, [vote(FULL, "include")], [vote(TIAB, "include")]),
        # Ann takes her inclusion back: the fold leaves it out, and the way is shut again.
        _case(
            (
                *IMPORTED,
                vote(TIAB, "include"),
                draft("screened", records=[R0], decision="exclude", supersedes=[ANN]),
            ),
            [vote(FULL, "include")],
            [],
        ),
        # Another report's inclusion opens nothing for this one.
        _case(
            (*IMPORTED, draft("screened", records=[R1], decision="include")),
            [vote(FULL, "include")],
            [draft("screened", stage=FULL, records=[R1], decision="include")],
        ),
    ],
    ("full-text-reason", "screened.v1"): [
        _case(
            THROUGH,
            [vote(FULL, "exclude"), vote(FULL, "exclude", reason=None)],
            [vote(FULL, "exclude", reason="c1"), vote(FULL, "include"), vote(TIAB, "exclude")],
        ),
    ],
    ("full-text-reason", "conflict_settled.v1"): [
        _case(
            FULL_CONFLICT,
            [settle(FULL, "exclude", [FULL_ANN, FULL_BOB], reason="")],
            [
                settle(FULL, "exclude", [FULL_ANN, FULL_BOB], reason="c1"),
                settle(FULL, "include", [FULL_ANN, FULL_BOB], reason=""),
            ],
        ),
    ],
    ("unavailable-is-not-excluded", "screened.v1"): [
        _case(
            THROUGH,
            [vote(TIAB, "not-retrieved")],
            [vote(FULL, "not-retrieved"), vote(TIAB, "exclude")],
        ),
    ],
    ("unavailable-is-not-excluded", "conflict_settled.v1"): [
        _case(
            FULL_CONFLICT,
            [settle(TIAB, "not-retrieved", [ANN, BOB])],
            [settle(FULL, "not-retrieved", [FULL_ANN, FULL_BOB])],
        ),
    ],
    ("decision-known", "conflict_settled.v1"): [
        _case(
            CONFLICT,
            [settle(TIAB, "inclde", [ANN, BOB])],
            [settle(TIAB, word, [ANN, BOB]) for word in ("include", "exclude", "maybe")],
        ),
    ],
    ("withdraws-own-vote", "vote_withdrawn.v1"): [
        _case(
            CONFLICT,
            [withdraw(BOB), withdraw(ANN, supersedes=("p-ann.9f3c12ab/1",))],
            [withdraw(ANN), withdraw(BOB, actor="p-bob")],
        ),
        _case((*CONFLICT, withdraw(ANN)), [withdraw(ANN)], []),
    ],
    ("moves-back-standing", "moved_back.v1"): [
        _case(
            OUT,
            [move_back([]), move_back([ANN], reason=" "), move_back(["p-ann.9f3c12ab/1"])],
            [move_back([ANN, BOB]), move_back([ANN, BOB, "p-ann.9f3c12ab/4"], actor="p-bob")],
        ),
    ],
    ("settles-votes", "conflict_settled.v1"): [
        _case(
            FULL_CONFLICT,
            [
                settle(TIAB, "include", []),
                settle(TIAB, "include", ["p-ann.9f3c12ab/1"]),
                settle(TIAB, "include", [ANN, FULL_BOB]),
                settle(TIAB, "include", [ANN, BOB], records=[R1]),
                settle(TIAB, "include", ["nobody"]),
            ],
            [settle(TIAB, "include", [ANN, BOB]), settle(TIAB, "include", [ANN])],
        ),
    ],
    ("document-of-report", "document_attached.v1"): [
        _case(IMPORTED, [draft("document_attached")], []),
        _case(
            LINKED,
            [draft("document_attached", report="alpha2020-protocol")],
            [draft("document_attached")],
        ),
    ],
    ("study-linked", "value_recorded.v1"): [
        _case(IMPORTED, [draft("value_recorded")], []),
        _case(LINKED, [draft("value_recorded", study="beta2021")], [draft("value_recorded")]),
    ],
    ("study-linked", "appraised.v1"): [
        _case(IMPORTED, [draft("appraised")], []),
        _case(
            LINKED,
            [draft("appraised", result="beta2021/death/m6"), draft("appraised", result="")],
            [draft("appraised")],
        ),
    ],
    ("study-linked", "appraisal_settled.v1"): [
        _case(IMPORTED, [settled()], []),
        _case(BOTH, [settled(result="beta2021/death/m6")], [settled()]),
    ],
    ("judged-with-reason", "appraised.v1"): [
        _case(
            LINKED,
            [judged(), judged(reason=" ")],
            [judged(reason="open label"), draft("appraised")],
        ),
    ],
    ("judged-with-reason", "appraisal_settled.v1"): [
        _case(
            (*BOTH, judged(reason="a"), judged(actor="p-bob", reason="b")),
            [settled(**OVERALL, reason="")],
            [settled(**OVERALL, reason="the weaker doubt"), settled(reason="")],
        ),
    ],
    ("graded-with-reason", "certainty_judged.v1"): [
        _case(
            CREATED,
            [draft("certainty_judged", change=-1, reason=" ")],
            [
                draft("certainty_judged", change=-1, reason="one small trial"),
                draft("certainty_judged", change=0, reason=""),
            ],
        ),
    ],
    ("settles-values", "values_settled.v1"): [
        _case(
            (*LINKED, draft("value_recorded"), draft("value_recorded", actor="p-bob", number="4")),
            [
                draft("values_settled", settles=[], chosen=ANN_SAID),
                draft("values_settled", settles=["nobody"], chosen=ANN_SAID),
                draft("values_settled", settles=[ANN_SAID, BOB_SAID], chosen="nobody"),
                draft("values_settled", settles=["p-ann.9f3c12ab/1"], chosen=ANN_SAID),
            ],
            [
                draft("values_settled", settles=[ANN_SAID, BOB_SAID], chosen=BOB_SAID),
                draft("values_settled", settles=[BOB_SAID], chosen=ANN_SAID),
            ],
        ),
    ],
    ("settles-appraisals", "appraisal_settled.v1"): [
        _case(
            BOTH,
            [
                settled(settles=[]),
                settled(settles=["p-ann.9f3c12ab/1"]),
                settled(settles=["nobody"]),
                settled(question="q2", settles=[ANN_SAID]),
                settled(tool="rob2:assignment", settles=[ANN_SAID]),
            ],
            [settled(), settled(settles=[ANN_SAID]), settled(question="q2", settles=[])],
        ),
    ],
    ("consensus-of-two", "appraisal_settled.v1"): [
        _case((*LINKED, draft("appraised")), [settled(settles=[ANN_SAID])], []),
        _case(BOTH, [], [settled()]),
        # The other one appraised another result.
        _case(
            (
                *LINKED,
                draft("appraised"),
                draft("appraised", actor="p-bob", result="alpha2020/death/m12"),
            ),
            [settled(settles=[ANN_SAID])],
            [],
        ),
    ],
    ("redacts-no-beginning", "redacted.v1"): [
        _case(
            IMPORTED,
            [draft("redacted", event="p-ann.9f3c12ab/1")],
            [draft("redacted", event="p-ann.9f3c12ab/2")],
        ),
    ],
    ("redacts-known", "redacted.v1"): [
        _case(
            IMPORTED,
            [
                draft("redacted", event="p-ann.9f3c12ab/3"),
                draft("redacted", event="p-bob.9f3c12ab/1"),
            ],
            [draft("redacted", event="p-ann.9f3c12ab/2")],
        ),
    ],
}

GUARDED = [(row.rule, kind) for row in TRANSITIONS for kind in row.kinds]


def state_of(drafts: Sequence[Draft]) -> ReviewState:
    return fold(written(*drafts))


@pytest.mark.parametrize(("rule", "kind"), GUARDED)
def test_every_row_has_a_refusing_and_an_allowing_case(rule: str, kind: str) -> None:
    cases = CASES.get((rule, kind), [])
    assert any(case.refuses for case in cases), f"no draft is refused by {rule} on {kind}"
    assert any(case.allows for case in cases), f"no draft is allowed past {rule} on {kind}"


def test_no_case_outlives_its_row() -> None:
    assert set(CASES) == set(GUARDED)


@pytest.mark.parametrize(("rule", "kind"), list(CASES))
def test_the_row_refuses(rule: str, kind: str) -> None:
    row = next(row for row in TRANSITIONS if row.rule == rule)
    for case in CASES[rule, kind]:
        state = state_of(case.state)
        for item in case.refuses:
            assert kind in ("*", item.kind)
            with pytest.raises(RuleBroken) as refused:
                check(state, item)
            assert refused.value.rule == rule, item
            assert refused.value.problem.startswith(row.otherwise)
            assert refused.value.remedy == row.remedy


@pytest.mark.parametrize(("rule", "kind"), list(CASES))
def test_the_table_allows(rule: str, kind: str) -> None:
    for case in CASES[rule, kind]:
        state = state_of(case.state)
        for item in case.allows:
            check(state, item)


@pytest.mark.parametrize("row", TRANSITIONS, ids=lambda row: row.rule)
def test_each_row_can_be_read_aloud(row: Any) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", row.rule)
    assert row.kinds == ANY or set(row.kinds) <= set(KINDS.by_name)
    for sentence in (row.otherwise, row.remedy):
        assert sentence
        assert not sentence.endswith(".")


def test_rules_have_names_of_their_own() -> None:
    names = [row.rule for row in TRANSITIONS]
    assert len(names) == len(set(names))


def test_keys_are_looked_at_before_rules() -> None:
    with pytest.raises(BadInput, match="lacks"):
        check(ReviewState(), draft("screened", stage=None))


def test_a_malformed_event_id_is_bad_input() -> None:
    state = state_of(CREATED)
    with pytest.raises(BadInput, match="no event id"):
        check(state, draft("note_added", supersedes=["p-ann.9f3c12ab/²"]))
    with pytest.raises(BadInput, match="no event id"):
        check(state, draft("redacted", event="p-ann.9f3c12ab/01"))


UNREADABLE = [
    vote(TIAB, "perhaps"),
    vote(TIAB, "include", criteria=["met"]),
    draft("pair_decided", a=R0, b=R0),
    draft("pair_decided", decision="yes"),
    draft("value_recorded", number="ten"),
    draft("value_recorded", status="probably"),
    draft("value_recorded", estimand="eventually"),
    draft("value_recorded", statistic="average"),
    draft("value_recorded", anchor_kind="hearsay"),
    draft("value_recorded", citation=""),
    draft("value_recorded", id="v:alpha2020/death/m6/drug/events#x"),
    draft("value_recorded", anchor_kind="looked-for"),
    draft("engine_ran", inputs=5),
    draft("note_added", fields=["a"]),
    draft("member_changed", roles=7),
]


@pytest.mark.parametrize("item", UNREADABLE, ids=lambda item: item.kind)
def test_what_the_fold_could_not_read_is_never_written(item: Draft) -> None:
    with pytest.raises(BadInput):
        check(state_of(LINKED), item)


def test_reading_applies_no_rule() -> None:
    """What happened, happened: a log that breaks the rules is folded all the same."""
    state = fold(written(draft("screened", stage="full-text", records=[STRANGER])))
    assert not state.exists
    assert len(state.votes) == 1
