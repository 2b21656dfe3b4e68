"""Logging in and out, sessions, and tokens for programs.

A refused log-in never says whether the name or the password was wrong, takes the same steps for
both, and is counted the same way (``attempts``). Sessions live on the server, known by a hash.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from tamis.app.people.attempts import forgive, reserve, subjects
from tamis.app.people.moments import later
from tamis.app.people.passwords import Passwords, check_password
from tamis.app.people.permissions import ACTIONS
from tamis.app.people.visitors import PROGRAM, Visitor, digest, new_token, visitor_of
from tamis.app.ports import Clock, SystemClock
from tamis.domain.errors import BadInput, Conflict, NotFound, RuleBroken
from tamis.domain.ids import SLUG
from tamis.store import AccountRows, Accounts, ApiToken, Person, SessionRow

__all__ = ["Opened", "SignIn", "SignInSettings", "log_in_name"]

_DAY = 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInSettings:
    """How long a session lasts, in seconds, and how many tokens a person may have.

    ``idle`` since the last request, ``absolute`` since log-in; ``touch`` is how exactly the last
    request is remembered. ``token_days`` is the longest life of a token.
    """

    idle: int = 8 * 3600
    absolute: int = 7 * _DAY
    touch: int = 60
    token_days: int = 365
    tokens: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A session that was opened: ``token`` goes into the cookie and is told to nobody else."""

    person: str
    name: str
    token: str = field(repr=False)
    seconds: int


class SignIn:
    """The door of a team server."""

    def __init__(
        self,
        accounts: Accounts,
        *,
        clock: Clock | None = None,
        passwords: Passwords | None = None,
        settings: SignInSettings | None = None,
    ) -> None:
        self._accounts = accounts
        self._clock = clock or SystemClock()
        self._passwords = passwords or Passwords()
        self.settings = settings or SignInSettings()

    # ------------------------------------------------------------ log in and out
    def log_in(
        self, name: str, password: str, *, address: str = "", agent: str = "", replacing: str = ""
    ) -> Opened:
        """Open a session, always a new one.

        Parameters
        ----------
        name
            The log-in name, with or without ``p-``.
        password
            As typed.
        address, agent
            Where the request came from; the first for the limit, the second for the list of
            sessions.
        replacing
            The secret that the browser had before; a session that it opens ends.

        Raises
        ------
        Waiting
            When there were too many attempts.
        RuleBroken
            When name and password do not fit (rule ``log-in``).
        """
        slug = log_in_name(name)
        person = self._prove(slug, password, address)
        renewed = self._renewed(person, password)
        with self._accounts.change() as rows:
            person = self._unchanged(rows, person)
            if renewed:
                rows.put(replace(person, password=renewed))
            if replacing:
                rows.remove(SessionRow, token=digest(replacing))
            forgive(rows, subjects(slug, address))
            return self._open(rows, person, agent)

    def log_out(self, token: str) -> None:
        """End the session of a cookie; one that has ended already is no error."""
        with self._accounts.change() as rows:
            rows.remove(SessionRow, token=digest(token))

    def log_out_everywhere(self, visitor: Visitor) -> int:
        """End every session of a person; returns how many there were."""
        visitor.must_be_in_browser()
        with self._accounts.change() as rows:
            return rows.remove(SessionRow, person=visitor.person)

    def change_password(
        self, visitor: Visitor, old: str, new: str, *, address: str = "", agent: str = ""
    ) -> Opened:
        """Set a new password, end all sessions and tokens; returns the session to go on with.

        Who changes a password may fear that somebody has it, and what it made.

        Raises
        ------
        Waiting, RuleBroken
            As for ``log_in``.
        BadInput
            When the new password cannot be one.
        """
        visitor.must_be_in_browser()
        check_password(new, visitor.person, visitor.person.removeprefix("p-"), visitor.name)
        person = self._prove(visitor.person, old, address)
        stored = self._passwords.hash(new)
        with self._accounts.change() as rows:
            person = replace(self._unchanged(rows, person), password=stored)
            rows.put(person)
            for kind in (SessionRow, ApiToken):
                rows.remove(kind, person=person.slug)
            forgive(rows, subjects(person.slug, address))
            return self._open(rows, person, agent)

    # ------------------------------------------------------------ sessions
    def visitor(self, token: str) -> Visitor | None:
        """Return whose session a cookie opens, or ``None`` when it opens none (any more)."""
        now = self._clock.now()
        with self._accounts.read() as rows:
            session = rows.get(SessionRow, digest(token))
            if session is None or self._has_ended(session, now):
                return None
            found = visitor_of(rows, session.person, session=session.token)
        if found and session.seen < later(now, -self.settings.touch):
            self._touch(replace(session, seen=now))
        return found

    def sessions(self, visitor: Visitor) -> tuple[SessionRow, ...]:
        """Return the sessions of a person that have not ended, without what they are known by."""
        now = self._clock.now()
        with self._accounts.read() as rows:
            mine = rows.all(SessionRow, person=visitor.person)
        return tuple(replace(row, token="") for row in mine if not self._has_ended(row, now))

    # ------------------------------------------------------------ tokens for programs
    def make_token(
        self, visitor: Visitor, name: str, scopes: Sequence[str], *, days: int = 90
    ) -> str:
        """Make a token that may do these actions for its person; it is shown this once.

        Raises
        ------
        BadInput
            For a scope that is no action, no scope at all, or a life that is too long.
        Conflict
            When the person has a token of that name, or too many.
        """
        visitor.must_be_in_browser()
        name = " ".join(name.split())[:60]
        unknown = sorted(set(scopes) - set(ACTIONS))
        if unknown or not scopes:
            raise BadInput(
                f"a token may do named actions, not {unknown or 'nothing'}",
                f"choose among {', '.join(ACTIONS)}",
            )
        if not name or not name.isprintable() or not 1 <= days <= self.settings.token_days:
            raise BadInput(
                "a token has a name, and a life in days",
                f"name it, and choose 1 to {self.settings.token_days} days",
            )
        token, now = new_token(PROGRAM), self._clock.now()
        row = ApiToken(
            token=digest(token), person=visitor.person, name=name, created=now,
            expires=later(now, days * _DAY), scopes=" ".join(sorted(set(scopes))),
        )  # fmt: skip
        with self._accounts.change() as rows:
            mine = rows.all(ApiToken, person=visitor.person)
            if len(mine) >= self.settings.tokens or any(each.name == name for each in mine):
                raise Conflict(
                    "there is a token of that name, or there are too many",
                    "take another name, or revoke one that is no longer used",
                )
            rows.add(row)
        return token

    def tokens(self, visitor: Visitor) -> tuple[ApiToken, ...]:
        """Return the tokens of a person, without what they are known by."""
        with self._accounts.read() as rows:
            mine = rows.all(ApiToken, person=visitor.person)
        return tuple(replace(row, token="") for row in sorted(mine, key=lambda row: row.name))

    def revoke_token(self, visitor: Visitor, name: str) -> None:
        """End a token.

        Raises
        ------
        NotFound
            When the person has none of that name.
        """
        visitor.must_be_in_browser()
        with self._accounts.change() as rows:
            if not rows.remove(ApiToken, person=visitor.person, name=name):
                raise NotFound(f"there is no token {name!r}", "look at the list of your tokens")

    def bearer(self, token: str) -> Visitor | None:
        """Return for whom a program speaks, or ``None`` when its token is not (any more) valid."""
        now = self._clock.now()
        with self._accounts.read() as rows:
            row = rows.get(ApiToken, digest(token))
            if row is None or row.expires <= now:
                return None
            scopes = frozenset(row.scopes.split())
            found = visitor_of(rows, row.person, session=row.token, scopes=scopes)
        if found and row.used < later(now, -self.settings.touch):
            self._touch(replace(row, used=now))
        return found

    # ------------------------------------------------------------ steps
    def _prove(self, slug: str, password: str, address: str) -> Person:
        """Return the person of that password; the steps are the same when there is nobody."""
        with self._accounts.change() as rows:
            reserve(rows, subjects(slug, address), now=self._clock.now())
            person = rows.get(Person, slug)
        stored = person.password if person and not person.disabled else ""
        if not self._passwords.matches(stored, password) or person is None:
            raise _wrong()
        return person

    def _renewed(self, person: Person, password: str) -> str:
        """Return the hash that is to replace one of older parameters, or nothing."""
        outdated = self._passwords.is_outdated(person.password)
        return self._passwords.hash(password) if outdated else ""

    def _unchanged(self, rows: AccountRows, person: Person) -> Person:
        """Refuse when the account was closed, or its password changed, since it was proven."""
        if rows.get(Person, person.slug) != person:
            raise _wrong()
        return person

    def _open(self, rows: AccountRows, person: Person, agent: str) -> Opened:
        now = self._clock.now()
        rows.remove_before(SessionRow, "expires", now)
        rows.remove_before(SessionRow, "seen", later(now, -self.settings.idle))
        token = new_token()
        rows.add(
            SessionRow(
                token=digest(token), person=person.slug, created=now, seen=now,
                expires=later(now, self.settings.absolute), agent=_short(agent),
            )
        )  # fmt: skip
        seconds = self.settings.absolute
        return Opened(person=person.slug, name=person.name, token=token, seconds=seconds)

    def _has_ended(self, session: SessionRow, now: str) -> bool:
        return session.expires <= now or session.seen <= later(now, -self.settings.idle)

    def _touch(self, row: SessionRow | ApiToken) -> None:
        """Remember the last use, unless the row was removed meanwhile."""
        with self._accounts.change() as rows:
            if rows.get(type(row), row.token) is not None:
                rows.put(row)


def log_in_name(typed: str) -> str:
    """Return the slug that a typed log-in name means; ``p-`` alone when it can be nobody's.

    Examples
    --------
    >>> log_in_name(" Rev-A "), log_in_name("p-rev-a"), log_in_name("'; DROP TABLE")
    ('p-rev-a', 'p-rev-a', 'p-')
    """
    slug = f"p-{typed.strip().lower().removeprefix('p-')}"
    return slug if len(slug) <= 64 and SLUG.match(slug) else "p-"


def _wrong() -> RuleBroken:
    return RuleBroken(
        "the name or the password is not right",
        "try again, or ask an owner for a new invitation",
        rule="log-in",
    )


def _short(agent: str) -> str:
    """Return the part of a user agent that tells a person which browser it was."""
    return "".join(c for c in agent if " " <= c <= "~")[:100]
