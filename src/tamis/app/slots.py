"""Rows that say something again: a table recorded twice changes nothing, a changed row corrects.

A *slot* is what a decision is about (``SLOTS``). A row whose slot already holds the same body is
left alone; a value whose slot holds another number becomes an event that supersedes the old one
and keeps its id. For every other kind the later event counts, and both stay in the log.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from tamis.domain.canonical import canonical
from tamis.domain.events import Draft, Event

__all__ = ["SLOTS", "Standing"]

#: Event kind -> the keys of its body that say what it is about.
SLOTS: Mapping[str, tuple[str, ...]] = {
    "pair_decided.v1": ("a", "b"),
    "screened.v1": ("stage", "records"),
    "conflict_settled.v1": ("stage", "records"),
    "reports_linked.v1": ("report",),
    "document_attached.v1": ("report", "sha256"),
    "value_recorded.v1": (
        "study", "arm", "outcome", "definition", "estimand", "visit", "statistic", "denominator",
        "anchor_kind", "document", "citation", "location",
    ),
    "appraised.v1": ("tool", "result", "question"),
    "appraisal_settled.v1": ("tool", "result", "question"),
    "certainty_judged.v1": ("body", "domain"),
    "note_added.v1": ("topic", "fields"),
}  # fmt: skip

#: Kinds that correct by superseding; in the others the later event counts by itself.
CORRECTED = frozenset({"value_recorded.v1"})

Slot = tuple[str, str, str, bytes]


class Standing:
    """The newest event of every slot, and which of them the rows of a table have met so far.

    Two rows of one table may be about the same thing (two readings of one cell); the first row
    meets the first event there, the second row the second.
    """

    def __init__(self, events: Iterable[Event], superseded: frozenset[str]) -> None:
        self._events: dict[Slot, list[Event]] = defaultdict(list)
        self._met: dict[Slot, int] = defaultdict(int)
        for event in events:
            if event.kind not in SLOTS or event.body is None or event.id in superseded:
                continue
            found = self._events[_slot(event.actor, event.kind, event.subject, event.body)]
            if event.kind not in CORRECTED:
                found.clear()
            found.append(event)

    def peek(self, draft: Draft) -> Event | None:
        """Return the event this row would meet, without meeting it."""
        slot = _slot(draft.actor, draft.kind, draft.subject, draft.body)
        events = self._events.get(slot, [])
        return events[self._met[slot]] if self._met[slot] < len(events) else None

    def meet(self, draft: Draft) -> Draft | None:
        """Return what is left to write: the draft, its correction of what stood, or nothing."""
        if draft.kind not in SLOTS:
            return draft
        before = self.peek(draft)
        if before is None or before.body is None:
            return draft
        if draft.kind in CORRECTED:
            self._met[_slot(draft.actor, draft.kind, draft.subject, draft.body)] += 1
        if _meaning(before.body) == _meaning(draft.body):
            return None
        if draft.kind not in CORRECTED:
            return draft
        return Draft(
            actor=draft.actor,
            kind=draft.kind,
            subject=draft.subject,
            body={**draft.body, "id": before.body["id"]},
            supersedes=(before.id,),
            at=draft.at,
        )


def _slot(actor: str, kind: str, subject: str, body: Mapping[str, Any]) -> Slot:
    about = [body.get(key, "") for key in SLOTS[kind]]
    return actor, kind, subject, canonical(about)


def _meaning(body: Mapping[str, Any]) -> bytes:
    return canonical({key: item for key, item in body.items() if key != "id"})
