"""Answers and judgements of one person on one result, as events: what changed, and nothing else.

A form sends everything it shows. What stands already is not written again; an answer to a question
that the other answers no longer lead to is left out; a judgement otherwise than proposed waits for
its reason, which does not hold up the answers beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from tamis.app.appraise.blinding import AppraisalSight, Unit
from tamis.app.live import LiveReview
from tamis.app.tools import tools_of
from tamis.app.words import check_result
from tamis.appraisal import (
    NO_INFORMATION,
    OVERALL,
    TICKED,
    Appraisal,
    Proposal,
    Tool,
    appraise,
    find_tool,
    reached,
)
from tamis.domain import process
from tamis.domain.decisions import AppraisalAnswer
from tamis.domain.errors import BadInput
from tamis.domain.events import Draft, Event

__all__ = ["AS_PROPOSED", "Given", "Saved", "accept_proposals", "own_reason", "save_answers"]

#: How the reason of a judgement begins that takes over a proposal.
AS_PROPOSED = "As proposed"

#: Why something that was sent is not recorded yet.
REASON_MISSING = "reason-missing"

#: Characters that a support, a place or a reason may have.
_LONGEST = 4000

Rows = dict[str, AppraisalAnswer]


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a form says of one question, judgement or tick; ``None`` leaves what stands.

    ``taken_back`` says that the question or judgement is open again, whatever else was sent.
    """

    answer: str = ""
    judgement: str = ""
    support: str | None = None
    anchor: str | None = None
    reason: str = ""
    taken_back: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """The events that were written, and the places that wait: place to why."""

    events: tuple[Event, ...]
    waiting: Mapping[str, str]


def save_answers(
    live: LiveReview, viewer: str, key: str, result: str, given: Mapping[str, Given]
) -> Saved:
    """Record what a person newly says of a result.

    Parameters
    ----------
    key, result
        Tool, and ``study/outcome/visit[.estimand]`` or a study.
    given
        By id of a question, domain, tick, or ``overall``.

    Raises
    ------
    BadInput
        For a question, answer or judgement that the tool has not; nothing is recorded then.
    RuleBroken
        When the study is linked to no report, or one has seen what others said.
    """
    with live.locked():
        tools = tools_of(live.review)
        tool = find_tool(key, tools)
        check_result(live.protocol, result, unit=tool.unit)
        sight = AppraisalSight(live.state, tools)
        sight.check_may_answer(viewer, (key, result))
        desk = _Desk(tool, result, viewer, dict(sight.own(viewer, (key, result))))
        desk.take(given)
        drafts = [_draft(viewer, row) for row in desk.new.values()]
        for draft in drafts:
            process.check(live.state, draft)
        events = tuple(event for draft in drafts for event in live.record([draft]))
    return Saved(events=events, waiting=desk.waiting)


def accept_proposals(live: LiveReview, viewer: str, key: str, result: str) -> Saved:
    """Judge as proposed whatever is proposed and not judged: domains first, then the whole."""
    with live.locked():
        tools = tools_of(live.review)
        tool = find_tool(key, tools)
        unit: Unit = (key, result)
        rows = dict(AppraisalSight(live.state, tools).own(viewer, unit))
        given: dict[str, Given] = {}
        for place in tool.places:
            proposal = _proposals(_appraised(tool, rows)).get(place)
            if place in rows or proposal is None or not proposal.judgement:
                continue
            given[place] = Given(judgement=proposal.judgement)
            rows[place] = AppraisalAnswer(
                event="", tool=key, version=tool.version, result=result, assessor=viewer,
                question=place, judgement=proposal.judgement, reason=_as_proposed(proposal),
            )  # fmt: skip
        return save_answers(live, viewer, key, result, given)


def own_reason(reason: str) -> str:
    """Return a reason in a person's words; one that takes over a proposal is none.

    Examples
    --------
    >>> own_reason("As proposed (D1.1#6)."), own_reason("one centre was not masked")
    ('', 'one centre was not masked')
    """
    return "" if reason.startswith(f"{AS_PROPOSED} (") else reason


class _Desk:
    """One person's rows on one result, and those that a form adds."""

    def __init__(self, tool: Tool, result: str, viewer: str, rows: Rows) -> None:
        self.tool = tool
        self.rows = rows
        self.new: Rows = {}
        self.waiting: dict[str, str] = {}
        self._blank = AppraisalAnswer(
            event="", tool=tool.key, version=tool.version, result=result, assessor=viewer,
            question="",
        )  # fmt: skip

    def take(self, given: Mapping[str, Given]) -> None:
        """Take answers first, then ticks, then judgements, each as the tool orders them."""
        known = {*self.tool.known, *(t.id for t in self.tool.overall.ticks), *self.tool.places}
        for place in given:
            if place not in known:
                raise BadInput(f"{self.tool.key} has no question {place!r}", "open the form again")
        for place in [name for name, one in given.items() if one.taken_back]:
            if self.rows.pop(place, None) is not None:
                self.new[place] = replace(self._blank, question=place)
        given = {name: one for name, one in given.items() if not one.taken_back}
        for row in self._answers(given):
            self._put(row)
        for tick in self.tool.overall.ticks:
            if tick.id in given:
                self._tick(tick.id, given[tick.id])
        for place in self.tool.places:
            if place in given and given[place].judgement.strip():
                self._judge(place, given[place])

    def _answers(self, given: Mapping[str, Given]) -> Iterator[AppraisalAnswer]:
        told = {name: self.rows[name].answer for name in self.tool.known if name in self.rows}
        for name, said in given.items():
            if name in self.tool.known and said.answer:
                self.tool.check_answer(name, said.answer)
                told[name] = said.answer
        lead_to = reached(self.tool, {n: a for n, a in told.items() if a != NO_INFORMATION})
        for question in self.tool.questions:
            one, before = given.get(question.id), self.rows.get(question.id)
            if one is None or question.id not in lead_to or question.id not in told:
                continue
            yield replace(
                self._blank,
                question=question.id,
                answer=told[question.id],
                support=_text(one.support, before.support if before else ""),
                anchor=_text(one.anchor, before.anchor if before else ""),
            )

    def _tick(self, tick: str, one: Given) -> None:
        if one.answer != TICKED:
            return
        reason = _text(one.reason, "")
        if not reason:
            self.waiting[tick] = REASON_MISSING
            return
        self._put(replace(self._blank, question=tick, answer=TICKED, reason=reason))

    def _judge(self, place: str, one: Given) -> None:
        judgement, reason = one.judgement.strip(), own_reason(_text(one.reason, ""))
        self.tool.check_judgement(place, judgement)
        proposal = _proposals(_appraised(self.tool, self.rows)).get(place)
        same = proposal is not None and proposal.judgement == judgement
        before = self.rows.get(place)
        if not reason and same and proposal is not None:
            if before and before.judgement == judgement and not own_reason(before.reason):
                return
            reason = _as_proposed(proposal)
        if not reason:
            self.waiting[place] = REASON_MISSING
            return
        self._put(replace(self._blank, question=place, judgement=judgement, reason=reason))

    def _put(self, row: AppraisalAnswer) -> None:
        before = self.rows.get(row.question)
        if before is not None and replace(before, event="") == row:
            return
        self.rows[row.question] = self.new[row.question] = row


def _appraised(tool: Tool, rows: Mapping[str, AppraisalAnswer]) -> Appraisal | None:
    made = appraise(tool.key, rows.values(), tools={tool.key: tool})
    return made[0] if made else None


def _proposals(made: Appraisal | None) -> dict[str, Proposal | None]:
    if made is None:
        return {}
    return {**{one.domain.id: one.proposal for one in made.domains}, OVERALL: made.proposal}


def _as_proposed(proposal: Proposal) -> str:
    """Return the reason of who takes over a proposal: its rule, and what decided it."""
    looked = ", ".join(f"{place} {word}" for place, word in proposal.because)
    return f"{AS_PROPOSED} ({proposal.rule}{': ' if looked else ''}{looked})."


def _text(told: str | None, before: str) -> str:
    text = before if told is None else " ".join(told.split())
    if len(text) > _LONGEST:
        raise BadInput(
            f"this text has {len(text)} characters", f"use at most {_LONGEST}: quote less"
        )
    return text


def _draft(viewer: str, row: AppraisalAnswer) -> Draft:
    always = {k: getattr(row, k) for k in ("tool", "version", "result", "question")}
    said = {k: getattr(row, k) for k in ("answer", "support", "anchor", "judgement", "reason")}
    body = {**always, **{key: text for key, text in said.items() if text}}
    return Draft(actor=viewer, kind="appraised.v1", subject=row.result, body=body)
