"""Remove the body of one event; header, hash and chain stay, and the log says who and why."""

from __future__ import annotations

from tamis.app.review import Review
from tamis.domain.errors import BadInput
from tamis.domain.events import Event

__all__ = ["redact_event"]


def redact_event(review: Review, event: str, *, why: str, by: str, at: str = "") -> Event:
    """Redact an event and return the event that records it.

    Raises
    ------
    BadInput
        When no reason is given.
    NotFound
        When the event is not in the log.
    """
    if not why.strip():
        raise BadInput("a redaction needs a reason", "say it with --why")
    return review.redact(event, why=why, by=by, at=at)
