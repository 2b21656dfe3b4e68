"""Two finished appraisals of a result side by side, and the consensus on what they differ in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tamis.app.appraise.blinding import OPENED, AppraisalSight, Unit
from tamis.app.appraise.view import named, options_of, parts_of
from tamis.app.building.assemble import studies_of
from tamis.app.live import LiveReview
from tamis.app.tools import tools_of
from tamis.appraisal import (
    Appraisal,
    Tool,
    answers_of,
    find_tool,
    reached,
    settle,
)
from tamis.domain import process
from tamis.domain.decisions import AppraisalAnswer, AppraisalSettlement
from tamis.domain.errors import BadInput, NotFound, RuleBroken
from tamis.domain.events import Draft, Event
from tamis.domain.summaries import BiasWord

__all__ = [
    "ComparedResult",
    "PlaceShown",
    "SideShown",
    "compare_result",
    "open_results",
    "settle_place",
]

_LONGEST = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class SideShown:
    """What one assessor says of a place; ``word`` empty: they did not come to it."""

    word: str
    code: str
    why: str
    anchor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceShown:
    """A question, domain, tick or the whole with what each assessor says, and the consensus.

    ``state`` is ``same``, ``open``, ``settled`` or ``reopened``.
    """

    id: str
    label: str
    domain: str
    is_judgement: bool
    sides: tuple[SideShown, ...]
    state: str
    options: tuple[tuple[str, str], ...]
    settled: str = ""
    reason: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedResult:
    """The comparison of one result; ``same`` of ``all`` places are alike."""

    parts: tuple[str, ...]
    name: str
    result: str
    label: str
    outcome: str
    visit: str
    people: tuple[str, ...]
    places: tuple[PlaceShown, ...]
    same: int
    all: int
    open: int
    proposal: BiasWord | None
    agreed: bool
    free: bool


def compare_result(live: LiveReview, viewer: str, key: str, result: str) -> ComparedResult:
    """Return two finished appraisals side by side.

    Raises
    ------
    RuleBroken
        When two people have not finished, or the viewer has begun and not finished.
    """
    with live.locked():
        tools = tools_of(live.review)
        tool = find_tool(key, tools)
        sight = AppraisalSight(live.state, tools)
        people = _people(sight, viewer, (key, result))
        sides = {who: _live(tool, sight.own(who, (key, result))) for who in people}
        done = _consensus(sight, viewer, tool, result)
        studies = {study.id: study for study in studies_of(live.state)}
        settled = _settlements(live, key, result)
        places = tuple(
            _place(tool, place, sides, done, settled.get(place))
            for place in _order(tool)
            if any(place in rows for rows in sides.values()) or (done and place in done.open)
        )
        names = {m.id: m.name for m in live.protocol.team}
    label, outcome, visit = named(live, studies, result)
    return ComparedResult(
        parts=parts_of(key, result),
        name=tool.name,
        result=result,
        label=label,
        outcome=outcome,
        visit=visit,
        people=tuple(names.get(who, who.removeprefix("p-")) for who in people),
        places=places,
        same=sum(one.state == "same" for one in places),
        all=len(places),
        open=sum(one.state in ("open", "reopened") for one in places),
        proposal=tool.word(done.proposal.judgement) if done and done.proposal else None,
        agreed=bool(done and (done.agreed or not done.open)),
        free=not tool.judgements,
    )


def settle_place(
    live: LiveReview, viewer: str, key: str, result: str, *, place: str, word: str, reason: str
) -> Event:
    """Record a consensus on one question, domain, tick or the whole.

    Raises
    ------
    BadInput
        For a word that the tool has not, no reason, or a question that the consensus does not
        lead to.
    RuleBroken
        When the appraisals are sealed for the viewer.
    """
    told = " ".join(reason.split())
    if not told:
        raise BadInput("a consensus needs its reason", "write in one sentence why")
    if len(told) > _LONGEST:
        raise BadInput(f"the reason has {len(told)} characters", f"use at most {_LONGEST}")
    with live.locked():
        tools = tools_of(live.review)
        tool = find_tool(key, tools)
        sight = AppraisalSight(live.state, tools)
        people = _people(sight, viewer, (key, result))
        made = _checked(tool, place, word.strip())
        named_events = tuple(
            sorted(
                rows[place].event
                for who in people
                if place in (rows := sight.own(who, (key, result)))
            )
        )
        body = {
            "tool": key, "version": tool.version, "result": result, "question": place,
            **made, "settles": list(named_events), "reason": told,
        }  # fmt: skip
        draft = Draft(actor=viewer, kind="appraisal_settled.v1", subject=result, body=body)
        process.check(live.state, draft)
        one = AppraisalSettlement(
            event="now", tool=key, version=tool.version, result=result, question=place,
            settles=named_events, by=viewer, reason=told, **made,
        )  # fmt: skip
        _check_reached(sight, viewer, tool, one)
        return live.record([draft])[0]


def open_results(live: LiveReview, viewer: str, units: Sequence[Unit], *, why: str) -> None:
    """Look at what one person said before two have finished; that somebody looked is recorded.

    Raises
    ------
    BadInput
        When there is nothing to open, or no reason.
    RuleBroken
        When the viewer has begun an appraisal of it: then they finish first.
    """
    told = " ".join(why.split())
    if not told or len(told) > _LONGEST:
        raise BadInput("sealed appraisals are opened with a reason", "write in one sentence why")
    with live.locked():
        sight = AppraisalSight(live.state, tools_of(live.review))
        chosen = [unit for unit in units if sight.sealed(viewer, unit)]
        if not chosen:
            raise BadInput("there is nothing here that you could open", "finish your own first")
        for key, result in chosen:
            body = {"topic": OPENED, "fields": {"tool": key, "why": told}}
            live.record([Draft(actor=viewer, kind="note_added.v1", subject=result, body=body)])


def _people(sight: AppraisalSight, viewer: str, unit: Unit) -> tuple[str, ...]:
    if unit not in sight.units:
        raise NotFound("nobody has appraised this result", "appraise it first")
    people = sight.comparable(viewer, unit)
    if not people:
        raise RuleBroken(
            f"the appraisals of {unit[1]} cannot be compared yet",
            "two people finish it first, you among them if you have begun",
            rule="sealed-before-compared",
        )
    return people


def _order(tool: Tool) -> tuple[str, ...]:
    return (*tool.known, *(tick.id for tick in tool.overall.ticks), *tool.places)


def _live(tool: Tool, rows: Mapping[str, AppraisalAnswer]) -> dict[str, AppraisalAnswer]:
    """Leave out answers to questions that a person's others do not lead to."""
    lead_to = reached(tool, answers_of(tool, rows))
    return {name: row for name, row in rows.items() if name not in tool.known or name in lead_to}


def _consensus(
    sight: AppraisalSight, viewer: str, tool: Tool, result: str,
    more: Sequence[AppraisalSettlement] = (),
) -> Appraisal | None:  # fmt: skip
    state = sight.visible(viewer)
    found = settle(
        tool.key,
        (row for row in state.appraisals.values() if row.result == result),
        (
            *(one for one in state.appraisal_settlements.values() if one.result == result),
            *more,
        ),
        tools={tool.key: tool},
    )
    return next((one for one in found if one.result == result), None)


def _settlements(live: LiveReview, key: str, result: str) -> dict[str, AppraisalSettlement]:
    return {
        one.question: one
        for one in live.state.appraisal_settlements.values()
        if (one.tool, one.result) == (key, result)
    }


def _place(
    tool: Tool,
    place: str,
    sides: Mapping[str, Mapping[str, AppraisalAnswer]],
    done: Appraisal | None,
    settled: AppraisalSettlement | None,
) -> PlaceShown:
    shown = tuple(_side(tool, rows.get(place)) for rows in sides.values())
    same = len({one.code for one in shown}) == 1
    stands = settled is not None and not (done and place in done.reopened)
    state = "settled" if stands else "reopened" if settled else "same" if same else "open"
    label, domain = _labels(tool, place)
    return PlaceShown(
        id=place,
        label=label,
        domain=domain,
        is_judgement=place in tool.places,
        sides=shown,
        state=state,
        options=tuple(options_of(tool, place)),
        settled=_word(tool, place, settled.judgement or settled.answer) if settled else "",
        reason=settled.reason if settled else "",
        by=settled.by.removeprefix("p-") if settled else "",
    )


def _labels(tool: Tool, place: str) -> tuple[str, str]:
    for domain in tool.domains:
        if place == domain.id:
            return domain.label, domain.label
        for question in domain.questions:
            if question.id == place:
                return question.label, domain.label
    ticks = {tick.id: tick.label for tick in tool.overall.ticks}
    return ticks.get(place, ""), ""


def _side(tool: Tool, row: AppraisalAnswer | None) -> SideShown:
    if row is None:
        return SideShown(word="", code="", why="", anchor="")
    code = row.judgement or row.answer
    return SideShown(
        word=_word(tool, row.question, code), code=code, why=row.reason or row.support,
        anchor=row.anchor,
    )  # fmt: skip


def _word(tool: Tool, place: str, code: str) -> str:
    return dict(options_of(tool, place)).get(code, code)


def _checked(tool: Tool, place: str, word: str) -> dict[str, str]:
    if place in tool.places:
        if not word:
            raise BadInput("a consensus needs its judgement", "choose one")
        tool.check_judgement(place, word)
        return {"judgement": word}
    tool.check_answer(place, word)
    return {"answer": word}


def _check_reached(
    sight: AppraisalSight, viewer: str, tool: Tool, one: AppraisalSettlement
) -> None:
    """Refuse a settled answer to a question that the consensus does not lead to."""
    if one.question not in tool.known:
        return
    done = _consensus(sight, viewer, tool, one.result, [one])
    answered = {q.question.id for q in done.questions if q.answer} if done else set()
    if one.question not in answered:
        raise BadInput(
            f"question {one.question} is settled and the consensus does not lead to it",
            "settle the question that leads to it first",
        )
