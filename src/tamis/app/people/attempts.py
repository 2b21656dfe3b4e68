"""How often one may try: a few times at will, then with a growing delay that survives a restart.

An attempt is counted before it is made, so that many at once gain nothing; one that succeeds is
taken back. What was tried is kept as a hash of 20 bits: a password typed into the wrong field
cannot be found again from it.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tamis.app.people.moments import later, seconds_until
from tamis.domain.errors import RuleBroken
from tamis.store import AccountRows, Attempt

__all__ = ["RATES", "Rate", "Waiting", "forgive", "reserve", "subjects"]


class Waiting(RuleBroken):
    """Too many attempts: ``seconds`` tells when the next one is heard."""

    def __init__(self, seconds: int) -> None:
        super().__init__(
            "there were too many attempts to log in",
            f"wait {seconds} seconds and try again",
            rule="log-in-wait",
        )
        self.seconds = seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """``free`` failures cost nothing; each further one doubles the delay, from ``first`` on.

    ``first`` and ``longest`` are seconds.
    """

    free: int
    first: int
    longest: int

    def delay(self, failures: int) -> int:
        """Return how many seconds after the last failure the next attempt is heard.

        Examples
        --------
        >>> [Rate(free=2, first=3, longest=10).delay(n) for n in range(6)]
        [0, 0, 3, 6, 10, 10]
        """
        if failures < self.free:
            return 0
        doublings = min(failures - self.free, 32)
        return int(min(self.longest, self.first * 2**doublings))


#: Per person, and per address (behind which a whole clinic may sit).
RATES: Mapping[str, Rate] = {
    "person": Rate(free=5, first=2, longest=300),
    "address": Rate(free=20, first=2, longest=900),
}

#: Failures older than this (seconds) are forgotten.
FORGET = 24 * 3600


def subjects(name: str, address: str) -> tuple[str, ...]:
    """Return what an attempt is counted under, whether or not anybody has that name.

    Without an address it is the name alone: people must not wait for one another.
    """
    bucket = hashlib.sha256(f"tamis attempt {name}".encode()).hexdigest()[:5]
    return (f"person:{bucket}", *([f"address:{address}"] if address else []))


def reserve(rows: AccountRows, names: Sequence[str], *, now: str) -> None:
    """Count an attempt that is about to be made.

    Raises
    ------
    Waiting
        When it comes too early; then it is not counted.
    """
    rows.remove_before(Attempt, "last", later(now, -FORGET))
    known = [rows.get(Attempt, name) or Attempt(subject=name, failures=0, last=now)
             for name in names]  # fmt: skip
    waits = [_wait(attempt, now) for attempt in known]
    if max(waits) > 0:
        raise Waiting(math.ceil(max(waits)))
    for attempt in known:
        rows.put(Attempt(subject=attempt.subject, failures=attempt.failures + 1, last=now))


def forgive(rows: AccountRows, names: Sequence[str]) -> None:
    """Take back an attempt that succeeded: all of the person's, one of the address's."""
    for name in names:
        found = rows.get(Attempt, name)
        if found is None:
            continue
        left = 0 if name.startswith("person:") else found.failures - 1
        if left > 0:
            rows.put(Attempt(subject=name, failures=left, last=found.last))
        else:
            rows.remove(Attempt, subject=name)


def _wait(attempt: Attempt, now: str) -> float:
    rate = RATES[attempt.subject.partition(":")[0]]
    until = later(attempt.last, rate.delay(attempt.failures))
    return seconds_until(until, since=now)
