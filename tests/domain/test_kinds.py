"""Event kinds: the table is whole, says who and why, and refuses with the nearest name."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from tests.domain.making import BODIES

from tamis.domain import kinds
from tamis.domain.errors import BadInput
from tamis.domain.kinds import KINDS
from tamis.domain.state import _APPLY

#: Kinds of the contract, section 2.
CONTRACT = [
    "review_created", "protocol_amended", "source_searched", "batch_imported", "reparsed",
    "engine_ran", "pair_decided", "screened", "vote_withdrawn", "moved_back",
    "conflict_settled",
    "reports_linked", "document_attached", "value_recorded", "values_settled",
    "appraised", "appraisal_settled", "synthesis_planned", "certainty_judged",
    "claim_accepted", "note_added", "member_changed", "sealed", "redacted",
]  # fmt: skip

#: Kinds that are recorded and read by later work; the fold keeps them and changes nothing yet.
KEPT_UNREAD = {
    "claim_accepted.v1", "redacted.v1", "reparsed.v1", "synthesis_planned.v1",
    "vote_withdrawn.v1", "moved_back.v1",
}  # fmt: skip


def test_the_kinds_of_the_contract_are_here_and_no_other() -> None:
    assert [name.removesuffix(".v1") for name in KINDS.by_name] == CONTRACT


@pytest.mark.parametrize("name", list(KINDS.by_name))
def test_each_row_can_be_read_aloud(name: str) -> None:
    row = KINDS.by_name[name]
    assert re.fullmatch(r"[a-z_]+\.v[1-9]\d*", row.name)
    assert row.by in {"person", "engine", "any"}
    assert row.meaning
    assert not row.meaning.endswith(".")
    assert not row.required & row.optional


@pytest.mark.parametrize("name", list(KINDS.by_name))
def test_a_body_has_the_keys_of_its_kind(name: str) -> None:
    body = BODIES[name]
    row = KINDS.check(name, body)
    with pytest.raises(BadInput, match=re.escape(name)):
        KINDS.check(name, {**body, "aside": "x"})
    for key in row.required:
        with pytest.raises(BadInput, match=key):
            KINDS.check(name, {k: v for k, v in body.items() if k != key})
    KINDS.check(name, dict.fromkeys(row.required | row.optional, ""))


def test_every_kind_is_read_by_the_fold_or_named_as_not_yet_read() -> None:
    assert set(_APPLY) | KEPT_UNREAD == set(KINDS.by_name)
    assert not set(_APPLY) & KEPT_UNREAD


def test_an_unknown_kind_is_refused_with_the_nearest() -> None:
    with pytest.raises(BadInput, match=r"did you mean 'screened\.v1'"):
        KINDS.check("screend.v1", {})
    with pytest.raises(BadInput, match=r"event-kinds\.md"):
        KINDS.check("zzz", {})


def test_a_body_is_brought_to_the_newest_shape_by_its_row() -> None:
    old = replace(KINDS.by_name["note_added.v1"], upcast=lambda body: {**body, "topic": "new"})
    table = kinds._Kinds((old,))
    assert table.upcast("note_added.v1", {"topic": "old", "fields": {}})["topic"] == "new"
    body = {"anything": 1}
    assert table.upcast("unknown.v9", body) is body
    assert KINDS.upcast("note_added.v1", body) is body
