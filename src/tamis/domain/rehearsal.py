"""A draft is tried on an empty state before it is written."""

from __future__ import annotations

from tamis.domain.errors import BadInput
from tamis.domain.events import Draft, Event
from tamis.domain.state import ReviewState, advance

__all__ = ["rehearse"]


def rehearse(draft: Draft) -> None:
    """Refuse a draft that ``fold`` could not take, so that nothing unreadable is ever written.

    Raises
    ------
    BadInput
        When the body holds a word, a number or a shape that its kind has not.
    """
    event = Event(
        actor=draft.actor,
        replica="00000000",
        seq=1,
        at=draft.at,
        kind=draft.kind,
        subject=draft.subject,
        body=draft.body,
        body_sha256="",
        prev="",
        hash="",
    )
    try:
        advance(ReviewState(), event)
    except (TypeError, ValueError, AttributeError, LookupError) as error:
        raise BadInput(
            f"the body of {draft.kind} on {draft.subject!r} cannot be read: {error}",
            "see the keys and types of this kind in docs/reference/event-kinds.md",
        ) from error
