"""The people of the protocol and those who were invited since are one team."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.app.desk_making import TITLES, make

from tamis.domain.errors import RuleBroken
from tamis.domain.events import Draft
from tamis.domain.question import TeamMember


def invited(person: str, role: str) -> Draft:
    body = {"member": person, "roles": [role]}
    return Draft(actor="p-a", kind="member_changed.v1", subject=person, body=body)


def test_who_was_invited_gets_a_share_and_can_be_calibrated() -> None:
    desk, live = make(40, allocation="rotating-pairs", people="ab")
    assert desk.next("p-new", TITLES) is None
    live.record([invited("p-new", "reviewer"), invited("p-guest", "guest")])
    assert desk.next("p-new", TITLES) is not None
    assert [person.id for person in desk.team()] == ["p-a", "p-b", "p-new"]
    assert desk.next("p-guest", TITLES) is None
    live.record([invited("p-new", "")])
    assert desk.next("p-new", TITLES) is None


def test_who_has_other_work_is_offered_nothing() -> None:
    desk, live = make(3)
    arbiter = TeamMember(id="p-z", name="z", roles=("consensus",))
    live.protocol = replace(live.protocol, team=(*live.protocol.team, arbiter))
    assert desk.next("p-z", TITLES) is None
    first = desk.next("p-a", TITLES)
    assert first is not None
    with pytest.raises(RuleBroken, match="does not wait"):
        desk.vote("p-z", TITLES, first.cluster, "include")
