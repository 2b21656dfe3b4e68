"""What a redaction needs to know before it writes."""

from __future__ import annotations

from collections.abc import Iterable

from tamis.domain.errors import BadInput, NotFound
from tamis.domain.events import Event, chain_of

__all__ = ["find_redacted"]


def find_redacted(events: Iterable[Event], event_id: str) -> tuple[Event, Event | None]:
    """Return the event to redact, and the ``redacted`` event that was written for it before.

    Raises
    ------
    NotFound
        When there is no such event.
    BadInput
        When the id is none, or the event itself records a redaction.
    """
    chain_of(event_id)
    event = said = None
    for other in events:
        if other.id == event_id:
            event = other
        elif other.kind == "redacted.v1" and other.body and other.body["event"] == event_id:
            said = said or other
    if event is None:
        raise NotFound(
            f"there is no event {event_id} in this log", "give its id as <actor>.<replica>/<seq>"
        )
    if event.kind == "redacted.v1":
        raise BadInput(
            f"{event_id} records a redaction", "it stays: it says who removed what, and why"
        )
    return event, said
