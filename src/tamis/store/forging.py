"""From drafts to events: sequence numbers, links, and what each event had seen of other chains."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from tamis.domain.canonical import short_hash
from tamis.domain.events import GENESIS, Draft, Event, forge

__all__ = ["Clock", "Guard", "Head", "forge_all"]

#: The end of a chain: sequence number and hash of its newest event.
Head = tuple[int, str]

#: Raises when a draft must not be written now; called for each draft before anything is written.
Guard = Callable[[Draft], None]


class Clock(Protocol):
    """Tells the time of an event (the port of the same name in ``app.ports``)."""

    def now(self) -> str:
        """Return aware UTC as ``YYYY-MM-DDTHH:MM:SS.mmmZ``."""
        ...


def forge_all(
    drafts: Sequence[Draft],
    *,
    replica: str,
    clock: Clock,
    heads: Mapping[str, Head],
    guard: Guard | None = None,
) -> tuple[Event, ...]:
    """Give drafts their places behind the heads, in the order in which they come.

    The first event of a chain in this call carries the heads of all other chains as ``seen``;
    later ones carry what has moved since, because they follow their forerunner anyway.

    Parameters
    ----------
    drafts
        What to write; ``at`` empty means now.
    replica, clock
        Of this installation.
    heads
        Chain to (seq, hash) as the log stands; the drafts' own chains may be absent.
    guard
        Called with each draft; what it raises ends the whole call.

    Raises
    ------
    BadInput
        When a draft is not what the contract says.
    """
    places = dict(heads)
    told: dict[str, dict[str, int]] = {}
    events: list[Event] = []
    for draft in drafts:
        if guard is not None:
            guard(draft)
        chain = f"{draft.actor}.{replica}"
        known = told.get(chain, {})
        seq, prev = places.get(chain, (0, GENESIS))
        event = forge(
            draft,
            replica=replica,
            seq=seq + 1,
            at=draft.at or clock.now(),
            prev=prev,
            seen={
                other: (at, short_hash(digest))
                for other, (at, digest) in places.items()
                if other != chain and known.get(other) != at
            },
        )
        places[chain] = (event.seq, event.hash)
        told[chain] = {other: at for other, (at, _) in places.items()}
        events.append(event)
    return tuple(events)
