"""The log as one person may read it: who did what, when, the newest first.

Others' verdicts, values and judgements may be sealed, and their notes private: they are listed once
they are open to who reads, by the same rules as on their own pages.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tamis.app.appraise.blinding import AppraisalSight
from tamis.app.appraise.view import options_of
from tamis.app.building.build import is_built
from tamis.app.desk.desk import Desk
from tamis.app.extract.blinding import SEALED, UNSEALED, may_see, seals_of
from tamis.app.live import LiveReview
from tamis.app.overview import keeps_secrets
from tamis.app.tools import tools_of
from tamis.appraisal import Tool
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
    roles: frozenset[str] = frozenset(),
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
    roles
        Of the viewer: who coordinates a review reads the names in a conflict that waits.
    """
    with live.locked():
        events = [event for event in live.review.events() if event.at >= since]
        events = [e for e in events if who in ("", e.actor) and what in ("", _what(e))]
        events.sort(key=lambda event: (event.at, event.seq), reverse=True)
        open_ = _Open(live, viewer, roles)
        kept: list[Event] = []
        for event in events:
            if len(kept) < limit and open_(event):
                kept.append(event)
        records = live.library.records
        codes = _Codes(tools_of(live.review), {c.id: c.text for c in live.protocol.criteria})
        return tuple(_deed(event, viewer, records, codes) for event in kept)


#: Topics of notes that may be private or come with a sealed verdict or reading.
_CLOSED_TOPICS = frozenset(
    {"tag", "tag-word", "note", "highlight", "filter", "recorded-for", SEALED, UNSEALED}
)

_VERDICTS = frozenset({"screened.v1", "vote_withdrawn.v1", "conflict_settled.v1", "moved_back.v1"})
_READINGS = frozenset({"value_recorded.v1", "values_settled.v1"})
_APPRAISALS = frozenset({"appraised.v1", "appraisal_settled.v1"})


class _Open:
    """Tells of an event whether the viewer may know it now."""

    def __init__(self, live: LiveReview, viewer: str, roles: frozenset[str]) -> None:
        self._live, self._viewer, self._roles = live, viewer, roles
        self._desk = live.part(Desk)
        self._sight = AppraisalSight(live.state, tools_of(live.review))
        self._reported = is_built(live.review) and not keeps_secrets(live, viewer)
        self._readers: dict[str, frozenset[str]] = {}

    def __call__(self, event: Event) -> bool:
        if event.actor == self._viewer:
            return True
        if event.kind in OPEN:
            return not _comes_with_a_decision(event)
        if event.body is None:
            return False
        if event.kind in _VERDICTS:
            about = [(str(event.body["stage"]), list(event.body["records"]))]
            return self._desk.tells(self._viewer, about, self._roles)[0]
        return self._is_told(event, event.body)

    def _is_told(self, event: Event, body: Mapping[str, Any]) -> bool:
        if event.kind == "note_added.v1":
            return body["topic"] not in _CLOSED_TOPICS
        if self._reported:  # the report that the viewer may read tells them all
            return event.kind in _READINGS | _APPRAISALS
        if event.kind in _APPRAISALS:
            unit = (str(body["tool"]), str(body["result"]))
            settled = event.kind == "appraisal_settled.v1"
            seen = self._sight.may_see(self._viewer, unit)
            both = settled and bool(self._sight.comparable(self._viewer, unit))
            return both or event.actor in seen
        return event.kind in _READINGS and event.actor in self._seen(self._study(event))

    def _study(self, event: Event) -> str:
        state, body = self._live.state, event.body or {}
        named = body.get("chosen", "") if event.kind == "values_settled.v1" else ""
        datum = state.values.get(named) or state.looked_for.get(named)
        return datum.cell.study if datum else str(body.get("study", ""))

    def _seen(self, study: str) -> frozenset[str]:
        """Return whose readings of a study are open; an arbiter's once two have sealed."""
        if study not in self._readers:
            seen = may_see(self._live.state, study, self._viewer)
            sealed = seals_of(self._live.state, study)
            everybody = {event.extractor for event in self._live.state.values.values()}
            open_ = seen | (everybody if len(sealed) > 1 and seen >= set(sealed) else set())
            self._readers[study] = frozenset(open_)
        return self._readers[study]


def _comes_with_a_decision(event: Event) -> bool:
    """Tell whether an event may stand in the log only because somebody has decided something.

    What de-duplication found is recorded with the first decision on it: its time would tell of a
    vote.
    """
    body = event.body or {}
    return event.kind == "engine_ran.v1" and body.get("stage", "dedupe") == "dedupe"


def _what(event: Event) -> str:
    return event.kind.rpartition(".")[0]


@dataclass(frozen=True, slots=True)
class _Codes:
    """What codes stand for: answers of appraisal tools, reasons of exclusion."""

    tools: Mapping[str, Tool]
    reasons: Mapping[str, str]


def _deed(event: Event, viewer: str, records: Mapping[str, Record], codes: _Codes) -> Deed:
    return Deed(
        event=event.id,
        at=event.at,
        who=event.actor,
        what=_what(event),
        about=event.subject,
        detail=_detail(event, records, codes),
        mine=event.actor == viewer,
    )


#: Keys of a body that say most about it, in this order.
_TELLING = (
    "domain", "decision", "judgement", "answer", "number", "change", "file", "records", "reason",
)  # fmt: skip


def _detail(event: Event, records: Mapping[str, Record], codes: _Codes) -> str:
    body = event.body or {}
    said = {key: body[key] for key in _TELLING if body.get(key) not in (None, "", [])}
    told = said.get("records")
    named = [one for one in told if one in records] if isinstance(told, list | tuple) else []
    if named:  # all of them are one report
        said["records"] = records[named[0]].title or named[0]
    if event.kind in _VERDICTS and "reason" in said:
        said["reason"] = codes.reasons.get(said["reason"], said["reason"])
    tool = codes.tools.get(str(body.get("tool", "")))
    if tool is not None:  # its codes as the words that they stand for
        options = dict(options_of(tool, str(body.get("question", ""))))
        for key in ("judgement", "answer"):
            if key in said:
                said[key] = options.get(said[key], said[key])
    return " · ".join(_said(item) for item in said.values())


def _said(item: object) -> str:
    if isinstance(item, str | int):
        return str(item)
    return ", ".join(map(str, item)) if isinstance(item, Iterable) else str(item)
