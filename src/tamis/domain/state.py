"""State is ``fold(events)``: the same set of events gives the same state, however it interleaved.

The events are put in order (``domain.ordering``) and folded one by one; each kind has one row in
``_APPLY`` that says what it changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tamis.domain.decisions import (
    STAGES,
    Amendment,
    AppraisalAnswer,
    AppraisalSettlement,
    CertaintyJudgement,
    EngineRun,
    LinkedReport,
    Note,
    Settlement,
    ValueSettlement,
    Vote,
)
from tamis.domain.events import Event
from tamis.domain.ids import is_person
from tamis.domain.kinds import KINDS
from tamis.domain.ordering import in_order
from tamis.domain.records import Batch, PairDecision
from tamis.domain.value_rows import value_from_body
from tamis.domain.values import LookedFor, Value

__all__ = [
    "DocumentLink",
    "ReviewState",
    "advance",
    "extend",
    "fold",
    "latest",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentLink:
    """A full text attached to a report."""

    event: str
    report: str
    sha256: str
    file: str
    pages: int


@dataclass(slots=True)
class ReviewState:
    """What the events so far say. Read it; only ``fold`` fills it.

    ``superseded`` names events that a later one replaces; they stay in the log and are left out of
    every list here. Redacted events keep their place with nothing to say. ``gates`` holds, for each
    record, the verdicts at title and abstract that open or shut the way to its full text, by event.
    ``content_count`` counts the events that can change what a report says: a seal cannot.
    ``taken_back`` are votes that their own reviewer took back (``withdrawn`` says when): they count
    for nothing but the agreement, which is of what people said before they saw each other's.
    """

    id: str = ""
    title: str = ""
    created_at: str = ""
    created_by: str = ""
    last_human_at: str = ""
    count: int = 0
    content_count: int = 0
    heads: dict[str, tuple[int, str]] = field(default_factory=dict)
    amendments: list[Amendment] = field(default_factory=list)
    searched: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    batches: dict[str, Batch] = field(default_factory=dict)
    engine_runs: dict[str, EngineRun] = field(default_factory=dict)
    pairs: dict[str, PairDecision] = field(default_factory=dict)
    votes: dict[str, Vote] = field(default_factory=dict)
    settlements: dict[str, Settlement] = field(default_factory=dict)
    gates: dict[str, dict[str, bool]] = field(default_factory=dict)
    links: dict[str, LinkedReport] = field(default_factory=dict)
    documents: dict[str, DocumentLink] = field(default_factory=dict)
    values: dict[str, Value] = field(default_factory=dict)
    looked_for: dict[str, LookedFor] = field(default_factory=dict)
    value_settlements: dict[str, ValueSettlement] = field(default_factory=dict)
    appraisals: dict[str, AppraisalAnswer] = field(default_factory=dict)
    appraisal_settlements: dict[str, AppraisalSettlement] = field(default_factory=dict)
    certainty: dict[str, CertaintyJudgement] = field(default_factory=dict)
    notes: dict[str, Note] = field(default_factory=dict)
    members: dict[str, tuple[str, ...]] = field(default_factory=dict)
    seals: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    superseded: frozenset[str] = frozenset()
    withdrawn: dict[str, str] = field(default_factory=dict)
    taken_back: dict[str, Vote] = field(default_factory=dict)
    redacted: dict[str, str] = field(default_factory=dict)

    @property
    def exists(self) -> bool:
        """Whether a review was created."""
        return bool(self.id)

    @property
    def cast(self) -> tuple[Vote, ...]:
        """Every vote that stands or was taken back by its reviewer, in the order of casting."""
        every = (*self.votes.values(), *self.taken_back.values())
        return tuple(sorted(every, key=lambda vote: vote.at)) if self.taken_back else every

    def is_let_through(self, record: str) -> bool:
        """Tell whether somebody let a record through at title and abstract; a consensus overrules.

        A single reviewer's exclusion shuts nothing: another may have included it.
        """
        verdicts = list(self.gates.get(record, {}).values())
        return bool(verdicts) and verdicts[-1]


def fold(events: Iterable[Event]) -> ReviewState:
    """Fold a set of events into the state they describe.

    Examples
    --------
    >>> fold([]).exists
    False
    """
    ordered = in_order(events)
    state = ReviewState(
        superseded=frozenset(name for event in ordered for name in event.supersedes),
        withdrawn={
            name: event.at
            for event in ordered
            if event.kind == _WITHDRAWAL
            for name in event.supersedes
        },
    )
    for event in ordered:
        advance(state, event)
    return state


def advance(state: ReviewState, event: Event) -> None:
    """Let one more event change a state; it must follow those already folded.

    What this event supersedes stays in the state: only a fresh ``fold`` leaves it out.
    """
    state.count += 1
    head = state.heads.get(event.chain)
    if head is None or head[0] < event.seq:
        state.heads[event.chain] = (event.seq, event.hash)
    if event.kind not in _NOT_CONTENT:
        state.content_count += 1
        if is_person(event.actor):
            state.last_human_at = max(state.last_human_at, event.at)
    if event.body is None:
        state.redacted[event.id] = event.redacted
        return
    apply = _APPLY.get(event.kind)
    if apply is not None and event.id not in state.superseded:
        apply(state, event, KINDS.upcast(event.kind, event.body))
    elif event.id in state.withdrawn and event.kind == "screened.v1":
        vote = _vote(event, KINDS.upcast(event.kind, event.body))
        state.taken_back[event.id] = vote


def extend(state: ReviewState, event: Event) -> bool:
    """Let an event that has seen all others change a state; false when only ``fold`` can tell how.

    What it supersedes leaves the state here, as in a fresh fold. After ``False`` the state is half
    changed and must be folded anew.
    """
    if event.kind == _WITHDRAWAL:
        for name in event.supersedes:
            state.withdrawn[name] = event.at
            if name in state.votes:
                state.taken_back[name] = state.votes[name]
    if not all(_leave(state, name) for name in event.supersedes):
        return False
    state.superseded = state.superseded.union(event.supersedes)
    advance(state, event)
    return True


def _leave(state: ReviewState, name: str) -> bool:
    """Take what an event said out of the state, where it stands under the event's own id."""
    kept = (
        state.votes, state.settlements, state.documents, state.values, state.looked_for,
        state.value_settlements, state.appraisals, state.appraisal_settlements, state.notes,
        state.seals,
    )  # fmt: skip
    said = next((where.pop(name) for where in kept if name in where), None)
    if isinstance(said, Vote | Settlement):
        for record in said.records:
            here = state.gates.get(record, {})
            here.pop(name, None)
            if not here:
                state.gates.pop(record, None)
    return said is not None or name in state.superseded


#: The kind by which a reviewer takes a vote of their own back.
_WITHDRAWAL = "vote_withdrawn.v1"

#: Kinds that do not change what a report says, so they do not move its date.
_NOT_CONTENT = frozenset({"sealed.v1", "redacted.v1", "member_changed.v1"})

Apply = Callable[[ReviewState, Event, Mapping[str, Any]], None]


def _created(state: ReviewState, event: Event, body: Mapping[str, Any]) -> None:
    if not state.id:
        state.id, state.title, state.created_at = body["id"], body["title"], event.at
        state.created_by = event.id


def _amended(state: ReviewState, event: Event, body: Mapping[str, Any]) -> None:
    state.amendments.append(
        Amendment(
            event=event.id,
            file=body["file"],
            sha256=body["sha256"],
            text=body["text"],
            reason=body.get("reason", ""),
            at=event.at,
        )
    )


def _searched(state: ReviewState, event: Event, body: Mapping[str, Any]) -> None:
    state.searched[body["source"]] = body


def _imported(state: ReviewState, event: Event, body: Mapping[str, Any]) -> None:
    state.batches[body["sha256"]] = Batch(
        source=body["source"],
        file=body["file"],
        sha256=body["sha256"],
        format=body["format"],
        records=body["records"],
        at=event.at,
        event=event.id,
    )


def _ran(state: ReviewState, event: Event, body: Mapping[str, Any]) -> None:
    state.engine_runs[event.id] = EngineRun(
        event=event.id,
        engine=body["engine"],
        version=body["version"],
        settings=tuple(sorted((k, str(v)) for k, v in body["settings"].items())),
        inputs=tuple(body["inputs"]),
        output=body["output"],
        stage=body["stage"],
        at=event.at,
    )


def _paired(state: ReviewState, event: Event, body: Mapping[str, Any]) -> None:
    a, b = sorted((body["a"], body["b"]))
    state.pairs[f"{a}|{b}"] = PairDecision(a=a, b=b, decision=body["decision"], rule=event.actor)


def _screened(state: ReviewState, event: Event, body: Mapping[str, Any]) -> None:
    state.votes[event.id] = _vote(event, body)
    if body["stage"] == STAGES[0] and body["decision"] != "exclude":
        _gate(state, event, body, opens=True)


def _vote(event: Event, body: Mapping[str, Any]) -> Vote:
    return Vote(
        event=event.id,
        stage=body["stage"],
        records=tuple(sorted(body["records"])),
        reviewer=event.actor,
        decision=body["decision"],
        reason=body.get("reason", ""),
        criteria=tuple(sorted(body.get("criteria", {}).items())),
        at=event.at,
    )


def _gate(state: ReviewState, event: Event, body: Mapping[str, Any], *, opens: bool) -> None:
    for record in body["records"]:
        state.gates.setdefault(record, {})[event.id] = opens


def _settled(state: ReviewState, event: Event, body: Mapping[str, Any]) -> None:
    state.settlements[event.id] = Settlement(
        event=event.id,
        stage=body["stage"],
        records=tuple(sorted(body["records"])),
        settles=tuple(body["settles"]),
        decision=body["decision"],
        reason=body["reason"],
        by=event.actor,
        at=event.at,
    )
    if body["stage"] == STAGES[0]:
        _gate(state, event, body, opens=body["decision"] != "exclude")


def _linked(state: ReviewState, event: Event, body: Mapping[str, Any]) -> None:
    state.links[body["report"]] = LinkedReport(
        event=event.id,
        study=body["study"],
        report=body["report"],
        records=tuple(sorted(body["records"])),
        label=body["label"],
        design=body["design"],
        role=body["role"],
        kind=body["kind"],
    )


def _attached(state: ReviewState, event: Event, body: Mapping[str, Any]) -> None:
    state.documents[event.id] = DocumentLink(
        event=event.id,
        report=body["report"],
        sha256=body["sha256"],
        file=body["file"],
        pages=body["pages"],
    )


def _recorded(state: ReviewState, event: Event, body: Mapping[str, Any]) -> None:
    datum = value_from_body(body, extractor=event.actor, event=event.id)
    if isinstance(datum, Value):
        state.values[event.id] = datum
    else:
        state.looked_for[event.id] = datum


def _values_settled(state: ReviewState, event: Event, body: Mapping[str, Any]) -> None:
    state.value_settlements[event.id] = ValueSettlement(
        event=event.id,
        settles=tuple(body["settles"]),
        chosen=body["chosen"],
        reason=body["reason"],
        by=event.actor,
        at=event.at,
    )


def _appraised(state: ReviewState, event: Event, body: Mapping[str, Any]) -> None:
    if not body.get("answer") and not body.get("judgement"):  # the person takes theirs back
        about = (body["tool"], body["result"], event.actor, body["question"])
        for name, one in tuple(state.appraisals.items()):
            if (one.tool, one.result, one.assessor, one.question) == about:
                del state.appraisals[name]
        return
    state.appraisals[event.id] = AppraisalAnswer(
        event=event.id,
        tool=body["tool"],
        version=body["version"],
        result=body["result"],
        assessor=event.actor,
        question=body["question"],
        answer=body.get("answer", ""),
        support=body.get("support", ""),
        anchor=body.get("anchor", ""),
        judgement=body.get("judgement", ""),
        reason=body.get("reason", ""),
    )


def _appraisal_settled(state: ReviewState, event: Event, body: Mapping[str, Any]) -> None:
    state.appraisal_settlements[event.id] = AppraisalSettlement(
        event=event.id,
        tool=body["tool"],
        version=body["version"],
        result=body["result"],
        question=body["question"],
        settles=tuple(body["settles"]),
        by=event.actor,
        answer=body.get("answer", ""),
        support=body.get("support", ""),
        anchor=body.get("anchor", ""),
        judgement=body.get("judgement", ""),
        reason=body["reason"],
        at=event.at,
    )


def _judged(state: ReviewState, event: Event, body: Mapping[str, Any]) -> None:
    key = f"{body['body']}/{body['domain']}"
    state.certainty[key] = CertaintyJudgement(
        event=event.id,
        outcome=body["outcome"],
        body=body["body"],
        domain=body["domain"],
        change=body["change"],
        reason=body["reason"],
        by=event.actor,
        at=event.at,
    )


def _noted(state: ReviewState, event: Event, body: Mapping[str, Any]) -> None:
    state.notes[event.id] = Note(
        event=event.id,
        topic=body["topic"],
        subject=event.subject,
        fields=tuple(body["fields"].items()),
        by=event.actor,
        at=event.at,
    )


def _member(state: ReviewState, event: Event, body: Mapping[str, Any]) -> None:
    state.members[body["member"]] = tuple(body["roles"])


def _sealed(state: ReviewState, event: Event, body: Mapping[str, Any]) -> None:
    state.seals[event.id] = body["heads"]


_APPLY: Mapping[str, Apply] = {
    "review_created.v1": _created,
    "protocol_amended.v1": _amended,
    "source_searched.v1": _searched,
    "batch_imported.v1": _imported,
    "engine_ran.v1": _ran,
    "pair_decided.v1": _paired,
    "screened.v1": _screened,
    "conflict_settled.v1": _settled,
    "reports_linked.v1": _linked,
    "document_attached.v1": _attached,
    "value_recorded.v1": _recorded,
    "values_settled.v1": _values_settled,
    "appraised.v1": _appraised,
    "appraisal_settled.v1": _appraisal_settled,
    "certainty_judged.v1": _judged,
    "note_added.v1": _noted,
    "member_changed.v1": _member,
    "sealed.v1": _sealed,
}


def latest(amendments: Sequence[Amendment], file: str) -> Amendment | None:
    """Return the newest amendment of a file, or ``None``."""
    return next((a for a in reversed(amendments) if a.file == file), None)
