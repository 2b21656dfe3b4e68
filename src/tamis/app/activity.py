"""The log as one person may read it: who did what, when, the newest first.

Others' verdicts, values and judgements may be sealed, and their notes private. They are not listed
here: one sees them on their own pages, once one may.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tamis.app.live import LiveReview
from tamis.domain.events import Event
from tamis.domain.records import Record

__all__ = ["Deed", "activity_of"]

#: Kinds of others that hide nothing: what everybody of a review may know at once.
OPEN = frozenset(
    {
        "review_created.v1", "protocol_amended.v1", "source_searched.v1", "batch_imported.v1",
        "reparsed.v1", "engine_ran.v1", "pair_decided.v1", "reports_linked.v1",
        "document_attached.v1", "synthesis_planned.v1", "certainty_judged.v1", "claim_accepted.v1",
        "member_changed.v1", "sealed.v1", "redacted.v1",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One event in words: ``what`` is its kind without the version, ``about`` its subject."""

    event: str
    at: str
    who: str
    what: str
    about: str
    detail: str = ""
    mine: bool = False


def activity_of(
    live: LiveReview,
    viewer: str,
    *,
    since: str = "",
    who: str = "",
    what: str = "",
    limit: int = 200,
) -> tuple[Deed, ...]:
    """Return what happened in a review, as the viewer may know it.

    Parameters
    ----------
    since
        Only what happened on or after this day or moment (``2026-11-22``).
    who, what
        Only this person or engine, only this kind.
    limit
        The newest so many.
    """
    with live.locked():
        events = live.review.events()
    kept = [event for event in events if _is_open(event, viewer) and event.at >= since]
    kept = [e for e in kept if who in ("", e.actor) and what in ("", _what(e))]
    kept.sort(key=lambda event: (event.at, event.seq), reverse=True)
    records = live.library.records
    return tuple(_deed(event, viewer, records) for event in kept[:limit])


def _is_open(event: Event, viewer: str) -> bool:
    return event.actor == viewer or (event.kind in OPEN and not _comes_with_a_decision(event))


def _comes_with_a_decision(event: Event) -> bool:
    """Tell whether an event may stand in the log only because somebody has decided something.

    What de-duplication found is recorded with the first decision on it: its time would tell of a
    vote.
    """
    body = event.body or {}
    return event.kind == "engine_ran.v1" and body.get("stage", "dedupe") == "dedupe"


def _what(event: Event) -> str:
    return event.kind.rpartition(".")[0]


def _deed(event: Event, viewer: str, records: Mapping[str, Record]) -> Deed:
    return Deed(
        event=event.id,
        at=event.at,
        who=event.actor,
        what=_what(event),
        about=event.subject,
        detail=_detail(event, records),
        mine=event.actor == viewer,
    )


#: Keys of a body that say most about it, in this order.
_TELLING = (
    "domain", "decision", "judgement", "answer", "number", "change", "file", "records", "reason",
)  # fmt: skip


def _detail(event: Event, records: Mapping[str, Record]) -> str:
    body = event.body or {}
    said = {key: body[key] for key in _TELLING if body.get(key) not in (None, "", [])}
    told = said.get("records")
    named = [one for one in told if one in records] if isinstance(told, list | tuple) else []
    if named:  # all of them are one report
        said["records"] = records[named[0]].title or named[0]
    return " · ".join(_said(item) for item in said.values())


def _said(item: object) -> str:
    if isinstance(item, str | int):
        return str(item)
    return ", ".join(map(str, item)) if isinstance(item, Iterable) else str(item)
