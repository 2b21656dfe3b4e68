"""A team server without a web: accounts, a clock one can turn, and passwords that cost nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST

from tamis.app.people.moments import later
from tamis.app.people.passwords import Passwords
from tamis.app.people.people import People
from tamis.app.people.sign_in import Opened, SignIn, SignInSettings
from tamis.app.people.visitors import Visitor
from tamis.store import Accounts

GOOD = "seven green sieves"
OTHER = "eleven blue buckets"


@dataclass(slots=True)
class HandClock:
    """A clock that moves when it is told to."""

    at: str = "2026-11-22T10:00:00.000Z"

    def now(self) -> str:
        return self.at

    def move(self, seconds: float) -> None:
        self.at = later(self.at, seconds)


class CountingPasswords(Passwords):
    """Counts how often something was compared and hashed."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        super().__init__(hasher or PasswordHasher.from_parameters(CHEAPEST))
        self.compared: list[bool] = []
        self.hashed = 0

    def matches(self, stored: str, password: str) -> bool:
        self.compared.append(bool(stored))
        return super().matches(stored, password)

    def hash(self, password: str) -> str:
        self.hashed += 1
        return super().hash(password)


@dataclass
class Server:
    """Everything a team server has for its people."""

    accounts: Accounts
    settings: SignInSettings = field(default_factory=SignInSettings)
    clock: HandClock = field(default_factory=HandClock)
    passwords: CountingPasswords = field(default_factory=CountingPasswords)

    def __post_init__(self) -> None:
        shared: dict[str, Any] = {"clock": self.clock, "passwords": self.passwords}
        self.people = People(self.accounts, **shared)
        self.sign_in = SignIn(self.accounts, settings=self.settings, **shared)

    def owner(self) -> Visitor:
        """Make the first owner and let them log in."""
        self.people.set_up("The Owner", GOOD, log_in="owner")
        return self.enter("owner")

    def open(self, name: str, password: str = GOOD) -> Opened:
        return self.sign_in.log_in(name, password, address="192.0.2.1")

    def enter(self, name: str, password: str = GOOD) -> Visitor:
        found = self.sign_in.visitor(self.open(name, password).token)
        assert found is not None
        return found

    def join(self, by: Visitor, name: str, role: str, review: str = "r") -> Visitor:
        """Invite somebody who accepts and logs in."""
        invited = self.people.invite(by, review, role)
        self.people.accept(invited.token, name=name, password=GOOD)
        return self.enter(name)
