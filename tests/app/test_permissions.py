"""The table of rights."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamis.app.people.permissions import ACTIONS, MEANINGS, ROLES, may, role_in
from tamis.domain.errors import BadInput


def test_the_table_has_the_actions_and_roles_of_the_workbench() -> None:
    assert ROLES == ("owner", "methodologist", "reviewer", "guest")
    assert set(ACTIONS) == {
        "read-report", "read", "import", "vote", "settle", "extract", "appraise", "grade",
        "edit-protocol", "manage-people", "open-blinding", "export",
    }  # fmt: skip
    assert all(MEANINGS[action] for action in ACTIONS)


@pytest.mark.parametrize(
    ("role", "actions"),
    [
        ("guest", {"read-report"}),
        ("reviewer", {"read-report", "read", "import", "vote", "extract", "appraise"}),
        ("methodologist", set(ACTIONS) - {"manage-people", "open-blinding"}),
        ("owner", set(ACTIONS)),
        ("", set()),
        ("stranger", set()),
    ],
)
def test_who_may_what(role: str, actions: set[str]) -> None:
    assert {action for action in ACTIONS if may(role, action)} == actions


@given(st.sampled_from(ACTIONS))
def test_a_higher_role_may_all_that_a_lower_one_may(action: str) -> None:
    allowed = [may(role, action) for role in ROLES]
    assert allowed == sorted(allowed, reverse=True)


def test_an_unknown_action_is_refused_with_the_nearest() -> None:
    with pytest.raises(BadInput, match="no action") as caught:
        may("owner", "votes")
    assert "'vote'" in caught.value.remedy


def test_the_role_of_the_review_counts_before_the_one_everywhere() -> None:
    assert role_in({"*": "owner", "r": "guest"}, "r") == "guest"
    assert role_in({"*": "owner", "r": "guest"}, "s") == "owner"
    assert role_in({"r": "guest"}, "s") == ""
