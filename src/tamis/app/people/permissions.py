"""Who may do what in a review: a table to read aloud. Nothing else decides it."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

from tamis.domain.errors import BadInput

__all__ = ["ACTIONS", "EVERYWHERE", "MEANINGS", "PERMISSIONS", "ROLES", "may", "role_in"]

#: The review that stands for all of them: its owner keeps the server.
EVERYWHERE = "*"

_TABLE = """
action         owner  methodologist  reviewer  guest   meaning
read-report      x          x           x        x     read the finished report
read             x          x           x        .     see records, documents and one's own work
import           x          x           x        .     bring in citations and full texts
vote             x          x           x        .     screen; decide about duplicates
settle           x          x           .        .     end a conflict between two others
extract          x          x           x        .     record values
appraise         x          x           x        .     judge the risk of bias
grade            x          x           .        .     judge the certainty, accept claims
edit-protocol    x          x           .        .     change question, criteria, outcomes, forms
manage-people    x          .           .        .     invite, change roles, reset, remove
open-blinding    x          .           .        .     unseal votes before both were given
export           x          x           .        .     take the whole review away, log and all
"""

_LINES = [line.split(maxsplit=5) for line in _TABLE.strip().splitlines()]

#: The roles, the one with the most rights first.
ROLES: tuple[str, ...] = tuple(_LINES[0][1:5])

#: Action to the roles that have the right to it.
PERMISSIONS: Mapping[str, frozenset[str]] = {
    action: frozenset(role for role, mark in zip(ROLES, marks, strict=True) if mark == "x")
    for action, *marks, _ in _LINES[1:]
}

#: Every action, and what it lets one do.
MEANINGS: Mapping[str, str] = {line[0]: line[5] for line in _LINES[1:]}

ACTIONS: tuple[str, ...] = tuple(PERMISSIONS)


def may(role: str, action: str) -> bool:
    """Tell whether a role has the right to an action; the empty role has none.

    Raises
    ------
    BadInput
        When there is no such action.

    Examples
    --------
    >>> may("reviewer", "vote"), may("guest", "vote"), may("", "read-report")
    (True, False, False)
    """
    if action not in PERMISSIONS:
        near = get_close_matches(action, ACTIONS, 1)
        raise BadInput(
            f"there is no action {action!r}",
            f"did you mean {near[0]!r}?" if near else f"the actions are {', '.join(ACTIONS)}",
        )
    return role in PERMISSIONS[action]


def role_in(roles: Mapping[str, str], review: str) -> str:
    """Return the role that counts in a review: the one given there, else the one everywhere.

    Examples
    --------
    >>> role_in({"*": "owner", "r": "reviewer"}, "r"), role_in({"*": "owner"}, "s")
    ('reviewer', 'owner')
    """
    return roles.get(review) or roles.get(EVERYWHERE, "")
