"""Who asks: the person behind a request, with the roles and the rights of that moment."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from tamis.app.people.permissions import EVERYWHERE, may, role_in
from tamis.domain.errors import RuleBroken
from tamis.store import AccountRows, Membership, Person

__all__ = ["Visitor", "digest", "new_token", "roles_of", "visitor_of"]

#: What a token for programs begins with, so that it is recognised where it should not lie about.
PROGRAM = "tamis_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """A person as one request knows them.

    Attributes
    ----------
    person, name
        The actor's slug, and the name to show.
    roles
        Review to role; the review ``*`` stands for all.
    scopes
        The actions that a program's token is limited to; ``None`` for a person in a browser.
    session
        The hash of the session or token that spoke; it is no secret and opens nothing.
    """

    person: str
    name: str
    roles: Mapping[str, str] = field(default_factory=dict)
    scopes: frozenset[str] | None = None
    session: str = field(default="", repr=False)

    def role(self, review: str) -> str:
        """Return the role that counts in a review, empty for an outsider."""
        return role_in(self.roles, review)

    def may(self, review: str, action: str) -> bool:
        """Tell whether this person, through this token, has the right to an action in a review."""
        allowed = self.scopes is None or action in self.scopes
        return may(self.role(review), action) and allowed

    def require(self, review: str, action: str) -> None:
        """Refuse an action that this person has no right to.

        Raises
        ------
        RuleBroken
            With the rule ``may-<action>``.
        """
        if not self.may(review, action):
            raise RuleBroken(
                f"{self.person} has no right to {action} in this review",
                "ask an owner of the review",
                rule=f"may-{action}",
            )

    def must_be_in_browser(self) -> None:
        """Refuse what a program's token never does: make more of itself, or lock its person out.

        Raises
        ------
        RuleBroken
            With the rule ``no-token``.
        """
        if self.scopes is not None:
            raise RuleBroken("a token cannot do this", "log in with the browser", rule="no-token")

    @property
    def keeps_server(self) -> bool:
        """Whether this is an owner of all reviews, in a browser or through such a token."""
        owner = self.roles.get(EVERYWHERE) == "owner"
        return owner and (self.scopes is None or "manage-people" in self.scopes)


def new_token(mark: str = "") -> str:
    """Draw a token of 256 bits."""
    return mark + secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """Return what stands for a token in the database."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def roles_of(rows: AccountRows, person: str) -> dict[str, str]:
    """Return review to role of a person."""
    return {row.review: row.role for row in rows.all(Membership, person=person)}


def visitor_of(
    rows: AccountRows, slug: str, *, session: str, scopes: frozenset[str] | None = None
) -> Visitor | None:
    """Return the person with an open account as a visitor."""
    person = rows.get(Person, slug)
    if person is None or person.disabled:
        return None
    roles = roles_of(rows, slug)
    return Visitor(person=slug, name=person.name, roles=roles, scopes=scopes, session=session)
