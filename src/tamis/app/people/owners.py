"""Who manages whom: owners, by the roles of the very moment in which something changes."""

from __future__ import annotations

from tamis.app.people.permissions import EVERYWHERE, ROLES
from tamis.app.people.visitors import Visitor, roles_of, visitor_of
from tamis.domain.errors import RuleBroken
from tamis.store import AccountRows, Invitation, Membership

__all__ = ["keep_an_owner", "must_govern", "must_manage", "stands"]

OWNER = ROLES[0]


def stands(rows: AccountRows, maker: Visitor, row: Invitation) -> bool:
    """Tell whether the maker of an invitation could make it now."""
    return _governs(rows, maker, row.person) if row.person else _manages(rows, maker, row.review)


def _manages(rows: AccountRows, by: Visitor, review: str) -> bool:
    """Tell whether somebody manages the people of a review, by the roles of this very moment."""
    if by.scopes is not None and "manage-people" not in by.scopes:
        return False
    now = visitor_of(rows, by.person, session="")
    roles = now.roles if now else {}
    return OWNER in (roles.get(EVERYWHERE), roles.get(review))


def _governs(rows: AccountRows, by: Visitor, person: str) -> bool:
    """Tell whether somebody manages a person wherever that person is a member."""
    reviews = roles_of(rows, person) or {EVERYWHERE: ""}
    return all(_manages(rows, by, review) for review in reviews)


def must_manage(rows: AccountRows, by: Visitor, review: str) -> None:
    """Refuse one who does not manage the people of a review (rule ``may-manage-people``)."""
    if not _manages(rows, by, review):
        raise _no_right()


def must_govern(rows: AccountRows, by: Visitor, person: str) -> None:
    """Refuse one who does not manage a person wherever that person is a member."""
    if not _governs(rows, by, person):
        raise _no_right()


def keep_an_owner(rows: AccountRows, leaving: str, review: str) -> None:
    """Refuse when a person who leaves is the only owner there (rule ``last-owner``)."""
    owners = {row.person for row in rows.all(Membership, review=review, role=OWNER)}
    if owners == {leaving}:
        raise RuleBroken(
            f"{leaving} is the last owner of {'the server' if review == EVERYWHERE else review}",
            "make somebody else an owner first",
            rule="last-owner",
        )


def _no_right() -> RuleBroken:
    return RuleBroken(
        "only an owner manages these people", "ask an owner", rule="may-manage-people"
    )
