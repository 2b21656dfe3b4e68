"""Who is at the door: one answer for the laptop of one person, another for a team's server."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from fastapi import Request

from tamis.app.people.permissions import may
from tamis.app.people.visitors import Visitor as Account
from tamis.domain.errors import BadInput
from tamis.domain.ids import check_slug, is_person, slugify
from tamis.web.guard import issue, visit_of

__all__ = ["PERSON", "Door", "LocalDoor", "TeamDoor", "Visitor", "named"]

#: Cookie of local mode: the name somebody works under on this machine. It is no secret.
PERSON = "tamis-person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Who makes a request.

    Parameters
    ----------
    person
        Actor slug, ``p-…``; empty for a stranger at the log-in page.
    name
        What people call them.
    role
        Their role in the review that is asked for: ``owner``, ``methodologist``, ``reviewer`` or
        ``guest``; empty when they have no part in it.
    csrf
        The token that every form of theirs carries.
    account
        Who logged in on a team's server; ``None`` for who just sits at this machine.
    """

    person: str
    name: str
    role: str
    csrf: str
    account: Account | None = None
    team: bool = False

    def may(self, review: str, action: str) -> bool:
        """Tell whether they have the right to an action in a review."""
        if self.account is not None:
            return self.account.may(review, action)
        return may(self.role, action)


class Door(Protocol):
    """Tells who makes a request."""

    def visitor(self, request: Request, *, review: str) -> Visitor:
        """Return who asks, with their role in that review (empty name: in none)."""
        ...


@dataclass(frozen=True, slots=True)
class LocalDoor:
    """The door of one machine: no account, everybody who sits at it is an owner.

    The name one works under is chosen from a menu; ``person`` is the one before anything is chosen.
    """

    person: str

    def visitor(self, request: Request, *, review: str) -> Visitor:
        """Return the person chosen in this browser."""
        del review
        chosen = request.cookies.get(PERSON, "")
        person = chosen if _is_name(chosen) else self.person
        return Visitor(
            person=person,
            name=person.removeprefix("p-"),
            role="owner",
            csrf=issue(visit_of(request).secret),
        )


@dataclass(frozen=True, slots=True)
class TeamDoor:
    """The door of a team's server: who has logged in, or a stranger without any role."""

    def visitor(self, request: Request, *, review: str) -> Visitor:
        """Return who logged in."""
        visit = visit_of(request)
        account: Account | None = visit.visitor
        return Visitor(
            person=account.person if account else "",
            name=account.name if account else "",
            role=account.role(review) if account else "",
            csrf=issue(visit.secret),
            account=account,
            team=True,
        )


def named(text: str) -> str:
    """Return the actor of a name that somebody typed.

    Raises
    ------
    BadInput
        When nothing of it can stand in an id.

    Examples
    --------
    >>> named("Li Wei")
    'p-li-wei'
    """
    slug = slugify(text.removeprefix("p-"))
    if not slug:
        raise BadInput(f"{text!r} is no name for a person", "use letters and digits: rev-a")
    return f"p-{slug}"


def _is_name(text: str) -> bool:
    try:
        check_slug(text, what="the person")
    except BadInput:
        return False
    return is_person(text)
