"""Soft leases: a report is offered to no more people at once than it needs.

They are kept in memory and advise only: a vote counts whether or not its caster held a lease. The
time is passed in, in seconds of any clock that does not go back.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field

__all__ = ["LEASE_SECONDS", "Leases"]

#: How long a report stays with a person who does not vote.
LEASE_SECONDS = 30 * 60.0


@dataclass(slots=True)
class Leases:
    """Who looks at which report now.

    Examples
    --------
    >>> leases = Leases()
    >>> [leases.offer(who, "x:0", places=1, now=0.0) for who in ("p-a", "p-b", "p-a")]
    [True, False, True]
    >>> leases.offer("p-b", "x:0", places=1, now=LEASE_SECONDS + 1)
    True
    """

    seconds: float = LEASE_SECONDS
    _until: dict[Hashable, dict[str, float]] = field(default_factory=dict)

    def offer(self, person: str, key: Hashable, *, places: int, now: float) -> bool:
        """Give a person a place, or renew theirs; false when all are taken."""
        holders = self._holders(key, now)
        if person not in holders and len(holders) >= places:
            return False
        holders[person] = now + self.seconds
        self._until[key] = holders
        return True

    def is_free(self, person: str, key: Hashable, *, places: int, now: float) -> bool:
        """Tell whether ``offer`` would give a place, and give none."""
        holders = self._holders(key, now)
        return person in holders or len(holders) < places

    def release(self, person: str, key: Hashable) -> None:
        """Give a place back."""
        holders = self._until.get(key)
        if holders is not None:
            holders.pop(person, None)
            if not holders:
                del self._until[key]

    def release_all(self, person: str, *, but: Hashable = None) -> None:
        """Give back every place of a person but one: nobody looks at two reports at once."""
        for key in [key for key, held in self._until.items() if person in held and key != but]:
            self.release(person, key)

    def _holders(self, key: Hashable, now: float) -> dict[str, float]:
        held = self._until.get(key, {})
        return {who: until for who, until in held.items() if until > now}
