"""The people of a team server: the first owner, invitations, roles, and who may no longer come in.

What changes the team of a review is returned as ``RoleChange``; the caller writes its draft into
the log of that review. An owner manages the people of their review, an owner of ``*`` everybody;
neither can remove the last owner there is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace

from tamis.app.people.moments import later
from tamis.app.people.names import check_name, check_review, check_role, slug_of
from tamis.app.people.owners import keep_an_owner, must_govern, must_manage, stands
from tamis.app.people.passwords import Passwords, check_password
from tamis.app.people.permissions import ACTIONS, EVERYWHERE, PERMISSIONS, ROLES, may
from tamis.app.people.visitors import Visitor, digest, new_token, roles_of, visitor_of
from tamis.app.ports import Clock, SystemClock
from tamis.domain.errors import Conflict, NotFound, RuleBroken
from tamis.domain.events import Draft
from tamis.store import (
    AccountRows,
    Accounts,
    ApiToken,
    Attempt,
    Invitation,
    Membership,
    Person,
    SessionRow,
)

__all__ = [
    "ACTIONS",
    "EVERYWHERE",
    "PERMISSIONS",
    "ROLES",
    "Changes",
    "Invited",
    "Member",
    "People",
    "RoleChange",
    "may",
]

#: How long an invitation and a reset may lie about, in seconds.
INVITATION = 7 * 24 * 3600
RESET = 24 * 3600

#: Columns that leave the database in no form.
_SECRET = frozenset({"password", "token"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """An invitation as its maker sees it once: the token is the secret part of the link."""

    token: str = field(repr=False)
    review: str
    role: str
    person: str
    expires: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleChange:
    """A change of a review's team, to be written into its log."""

    review: str
    member: str
    roles: tuple[str, ...]
    by: str

    def draft(self) -> Draft:
        """Return the event that says so."""
        body = {"member": self.member, "roles": list(self.roles)}
        return Draft(actor=self.by, kind="member_changed.v1", subject=self.member, body=body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person of a review, for its list of people."""

    person: str
    name: str
    role: str
    since: str
    disabled: str


Changes = tuple[RoleChange, ...]


class People:
    """The people of a team server."""

    def __init__(
        self,
        accounts: Accounts,
        *,
        clock: Clock | None = None,
        passwords: Passwords | None = None,
    ) -> None:
        self._accounts = accounts
        self._clock = clock or SystemClock()
        self._passwords = passwords or Passwords()

    # ------------------------------------------------------------ the first owner
    def set_up(self, name: str, password: str, *, log_in: str = "") -> str:
        """Create the first owner, of every review; returns the person.

        Raises
        ------
        RuleBroken
            When there is somebody already (rule ``set-up-once``).
        BadInput
            When the name or the password cannot be one.
        """
        person = self._new(name, password, log_in)
        with self._accounts.change() as rows:
            if rows.count(Person):
                raise RuleBroken(
                    "this server has an owner already", "log in, or ask for an invitation",
                    rule="set-up-once",
                )  # fmt: skip
            self._settle_in(rows, person, EVERYWHERE, ROLES[0])
        return person.slug

    def open_setup(self) -> Invited | None:
        """Return an invitation for the first owner, to be shown on the console only.

        ``None`` once there is somebody. Earlier ones that nobody took are withdrawn.
        """
        with self._accounts.change() as rows:
            if rows.count(Person):
                return None
            rows.remove(Invitation, by="")
            return self._invite(rows, by="", review=EVERYWHERE, role=ROLES[0])

    # ------------------------------------------------------------ invitations
    def invite(self, by: Visitor, review: str, role: str) -> Invited:
        """Make an invitation into a review; whoever has the link chooses a name and a password.

        Raises
        ------
        RuleBroken
            When the visitor does not manage people there (rule ``may-manage-people``).
        BadInput
            For an unknown role or a review that can be none.
        """
        check_review(review)
        check_role(role)
        with self._accounts.change() as rows:
            must_manage(rows, by, review)
            return self._invite(rows, by=by.person, review=review, role=role)

    def invitation(self, token: str) -> Invited:
        """Return an invitation that can still be used.

        Raises
        ------
        NotFound
            When there is none, it was used, it has expired, or its maker has no right to it now.
        """
        with self._accounts.read() as rows:
            row = self._valid(rows, token)
        return _invited(row, token)

    def accept(
        self, token: str, *, name: str = "", password: str, log_in: str = ""
    ) -> tuple[str, Changes]:
        """Use an invitation: open an account, or set a new password where it is a reset.

        Returns
        -------
        person, changes
            The person, who is not logged in by this; what the review's log must be told.

        Raises
        ------
        NotFound
            As for ``invitation``.
        BadInput
            When the name or the password cannot be one.
        Conflict
            When somebody has that log-in name.
        """
        asked = self.invitation(token)
        if asked.person:
            return self._reset(token, asked.person, password), ()
        person = self._new(name, password, log_in)
        with self._accounts.change() as rows:
            row = self._use(rows, token, person.slug)
            self._settle_in(rows, person, row.review, row.role)
        return person.slug, _changes([row.review], person.slug, row.role, by=person.slug)

    def accept_as(self, token: str, visitor: Visitor) -> Changes:
        """Use an invitation into a further review, with the account one has."""
        visitor.must_be_in_browser()
        with self._accounts.change() as rows:
            row = self._use(rows, token, visitor.person)
            if row.person:
                raise _no_invitation()
            return self._give(rows, visitor.person, row.review, row.role, by=visitor.person)

    def invitations(self, by: Visitor, review: str) -> tuple[Invitation, ...]:
        """Return the open invitations of a review; ``token`` is the hash, to withdraw it by."""
        now = self._clock.now()
        with self._accounts.read() as rows:
            must_manage(rows, by, review)
            found = rows.all(Invitation, review=review, used="", person="")
        return tuple(row for row in found if row.expires > now)

    def withdraw(self, by: Visitor, review: str, hashed: str) -> None:
        """Make an open invitation worthless."""
        with self._accounts.change() as rows:
            must_manage(rows, by, review)
            if not rows.remove(Invitation, token=hashed, review=review, used=""):
                raise _no_invitation()

    def reset(self, by: Visitor | None, person: str) -> Invited:
        """Make a link with which a person sets a new password; sessions end when it is used.

        ``by`` is ``None`` at the server's own console. Other owners can reset only whom they manage
        in every review, so that nobody enters another review through this. A closed account is
        opened by it, without roles.
        """
        with self._accounts.change() as rows:
            if rows.get(Person, person) is None:
                raise _no_person(person)
            if by is not None:
                must_govern(rows, by, person)
            rows.remove(Invitation, person=person, used="")
            maker = by.person if by else ""
            return self._invite(rows, by=maker, review="", role="", person=person)

    # ------------------------------------------------------------ roles
    def change_role(self, by: Visitor, person: str, review: str, role: str) -> Changes:
        """Give a person another role in a review, or with an empty one none any more.

        Raises
        ------
        RuleBroken
            Without the right (``may-manage-people``), or for the last owner (``last-owner``).
        NotFound
            When there is no such person.
        """
        check_review(review)
        if role:
            check_role(role)
        with self._accounts.change() as rows:
            must_manage(rows, by, review)
            return self._give(rows, person, review, role, by=by.person)

    def disable(self, by: Visitor, person: str) -> Changes:
        """Close an account: its roles, sessions and tokens end; its work stays in the logs."""
        now = self._clock.now()
        with self._accounts.change() as rows:
            found = rows.get(Person, person)
            if found is None or found.disabled:
                raise _no_person(person)
            must_govern(rows, by, person)
            reviews = sorted(roles_of(rows, person))
            for review in reviews:
                keep_an_owner(rows, person, review)
            rows.put(replace(found, disabled=now, password=""))
            for kind in (Membership, SessionRow, ApiToken):
                rows.remove(kind, person=person)
            rows.remove(Invitation, by=person, used="")
            rows.remove(Invitation, person=person, used="")
        return _changes(reviews, person, "", by=by.person)

    def members(self, by: Visitor, review: str) -> tuple[Member, ...]:
        """Return the people of a review, owners first; for whoever may read it.

        The review ``*`` gives everybody on the server, for its owner.
        """
        with self._accounts.read() as rows:
            if review == EVERYWHERE:
                must_manage(rows, by, review)
            else:
                by.require(review, "read-report")
            people = {row.slug: row for row in rows.all(Person)}
            roles = {row.person: row for row in rows.all(Membership, review=review)}
        found = [
            Member(
                person=slug,
                name=people[slug].name,
                role=roles[slug].role if slug in roles else "",
                since=roles[slug].since if slug in roles else "",
                disabled=people[slug].disabled,
            )
            for slug in (people if review == EVERYWHERE else roles)
        ]
        return tuple(sorted(found, key=lambda m: ((*ROLES, "").index(m.role), m.person)))

    def export(self, by: Visitor) -> dict[str, tuple[dict[str, str | int], ...]]:
        """Return every row of every table, without hashes of passwords and tokens."""
        kinds = (Person, Membership, Invitation, SessionRow, ApiToken, Attempt)
        with self._accounts.read() as rows:
            must_manage(rows, by, EVERYWHERE)
            return {kind.__name__.lower(): _plain(rows.all(kind)) for kind in kinds}

    # ------------------------------------------------------------ steps
    def _new(self, name: str, password: str, log_in: str) -> Person:
        shown = check_name(name)
        slug = slug_of(log_in or shown)
        check_password(password, slug, slug.removeprefix("p-"), shown)
        stored = self._passwords.hash(password)
        return Person(slug=slug, name=shown, password=stored, created=self._clock.now())

    def _settle_in(self, rows: AccountRows, person: Person, review: str, role: str) -> None:
        if rows.get(Person, person.slug) is not None:
            raise Conflict(
                f"somebody has the log-in name {person.slug.removeprefix('p-')}",
                "choose another one",
            )
        rows.add(person)
        rows.add(Membership(person=person.slug, review=review, role=role, since=person.created))

    def _reset(self, token: str, slug: str, password: str) -> str:
        with self._accounts.read() as rows:
            person = rows.get(Person, slug)
        if person is None:
            raise _no_invitation()
        check_password(password, slug, slug.removeprefix("p-"), person.name)
        stored = self._passwords.hash(password)
        with self._accounts.change() as rows:
            self._use(rows, token, slug)
            person = rows.get(Person, slug) or person
            rows.put(replace(person, password=stored, disabled=""))
            for kind in (SessionRow, ApiToken):
                rows.remove(kind, person=slug)
        return slug

    def _invite(
        self, rows: AccountRows, *, by: str, review: str, role: str, person: str = ""
    ) -> Invited:
        token, now = new_token(), self._clock.now()
        row = Invitation(
            token=digest(token), review=review, role=role, person=person, by=by, created=now,
            expires=later(now, RESET if person else INVITATION),
        )  # fmt: skip
        rows.add(row)
        return _invited(row, token)

    def _valid(self, rows: AccountRows, token: str) -> Invitation:
        row = rows.get(Invitation, digest(token))
        if row is None or row.used or row.expires <= self._clock.now():
            raise _no_invitation()
        maker = visitor_of(rows, row.by, session="") if row.by else None
        if row.by and (maker is None or not stands(rows, maker, row)):
            raise _no_invitation()
        return row

    def _use(self, rows: AccountRows, token: str, person: str) -> Invitation:
        row = self._valid(rows, token)
        rows.put(replace(row, used=self._clock.now(), used_by=person))
        return row

    def _give(self, rows: AccountRows, person: str, review: str, role: str, *, by: str) -> Changes:
        found = rows.get(Person, person)
        if found is None or found.disabled:
            raise _no_person(person)
        if roles_of(rows, person).get(review, "") == role:
            return ()
        if role != ROLES[0]:
            keep_an_owner(rows, person, review)
        rows.remove(Membership, person=person, review=review)
        if role:
            since = self._clock.now()
            rows.add(Membership(person=person, review=review, role=role, since=since))
        return _changes([review], person, role, by=by)


def _changes(reviews: Iterable[str], person: str, role: str, *, by: str) -> Changes:
    roles = (role,) if role else ()
    return tuple(
        RoleChange(review=review, member=person, roles=roles, by=by)
        for review in reviews
        if review != EVERYWHERE
    )


def _invited(row: Invitation, token: str) -> Invited:
    return Invited(
        token=token, review=row.review, role=row.role, person=row.person, expires=row.expires
    )


def _plain(rows: Iterable[object]) -> tuple[dict[str, str | int], ...]:
    return tuple(
        {each.name: getattr(row, each.name) for each in fields(row) if each.name not in _SECRET}  # type: ignore[arg-type] # rows are dataclasses
        for row in rows
    )


def _no_person(person: str) -> NotFound:
    return NotFound(f"there is no person {person} here", "look at the list of people")


def _no_invitation() -> NotFound:
    return NotFound("this invitation is not valid (any more)", "ask an owner for a new one")
