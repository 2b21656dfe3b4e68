"""What is left to do for risk of bias: results nobody appraised, assessors who differ.

``status`` counts it and ``sheet`` writes the tables for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tamis.appraisal import Tool, compare, find_tool, settle
from tamis.domain.ids import ESTIMAND_IN_VISIT
from tamis.domain.question import Protocol, SynthesisPlan
from tamis.domain.records import Study
from tamis.domain.state import ReviewState
from tamis.domain.values import Cell, Extraction

__all__ = ["ToAppraise", "ToSettle", "not_appraised", "results_to_appraise", "to_settle"]

#: Layer of syntheses that a rating rests on.
PRIMARY = "primary"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToAppraise:
    """A result that a synthesis uses, and the tool that the protocol plans for its design.

    ``tool`` is empty where the protocol plans none. ``begun`` says that somebody has appraised it.
    """

    result: str
    study: str
    design: str
    tool: str
    begun: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ToSettle:
    """A result about which assessors differ, and the questions and judgements that are open."""

    tool: str
    result: str
    places: tuple[str, ...]


def results_to_appraise(
    protocol: Protocol,
    state: ReviewState,
    extraction: Extraction,
    studies: Sequence[Study],
    tools: Mapping[str, Tool],
) -> tuple[ToAppraise, ...]:
    """Return every result that the certainty of a body rests on, once.

    These are the results of the syntheses that bodies name; without any body, of every primary
    synthesis. A result that somebody has begun to appraise keeps the name it was given there.
    """
    planned = dict(protocol.tools)
    begun: dict[str, None] = dict.fromkeys(one.result for one in state.appraisals.values())
    found: dict[str, ToAppraise] = {}
    for plan in _plans(protocol):
        for study in _members(plan, studies):
            cells = [v.cell for v in extraction.values if _asked(v.cell, plan, study.id)]
            if not cells:
                continue
            tool = planned.get(study.design, "")
            whole = bool(tool) and find_tool(tool, tools).unit == "study"
            about = f"{study.id}/{plan.outcome}/"
            named = [one for one in begun if one == study.id or one.startswith(about)]
            fresh = study.id if whole else about + _visit(plan, cells, protocol)
            for name in named or [fresh]:
                found[name] = ToAppraise(
                    result=name,
                    study=study.id,
                    design=study.design,
                    tool=tool,
                    begun=bool(named),
                )
    return tuple(found.values())


def not_appraised(results: Iterable[ToAppraise]) -> tuple[ToAppraise, ...]:
    """Return those that nobody has begun to appraise."""
    return tuple(one for one in results if not one.begun)


def to_settle(state: ReviewState, tools: Mapping[str, Tool]) -> tuple[ToSettle, ...]:
    """Return the results about which assessors differ and that are not settled to the end.

    Where one of two assessors has not finished, nothing differs yet.
    """
    return tuple(_unsettled(state, tools))


def _unsettled(state: ReviewState, tools: Mapping[str, Tool]) -> Iterator[ToSettle]:
    answers = tuple(state.appraisals.values())
    settlements = tuple(state.appraisal_settlements.values())
    for key in dict.fromkeys(answer.tool for answer in answers):
        tool = find_tool(key, tools)
        agreed = {one.result: one for one in settle(key, answers, settlements, tools=tools)}
        differing: dict[str, dict[str, None]] = {}
        clashing: set[str] = set()
        for one in compare(key, answers, tools=tools):
            if not one.same:
                differing.setdefault(one.result, {})[one.place] = None
                if all(one.words):
                    clashing.add(one.result)
        for result in dict.fromkeys(a.result for a in answers if a.tool == key):
            done = agreed.get(result)
            if done is not None:
                places = () if done.agreed else done.open
            else:
                places = tuple(differing.get(result, ())) if result in clashing else ()
            if places:
                order = [*tool.known, *(tick.id for tick in tool.overall.ticks), *tool.places]
                kept = tuple(sorted(places, key=order.index))
                yield ToSettle(tool=key, result=result, places=kept)


def _plans(protocol: Protocol) -> tuple[SynthesisPlan, ...]:
    named = {body.synthesis for body in protocol.bodies if body.synthesis}
    return tuple(
        plan
        for plan in protocol.syntheses
        if (plan.id in named if protocol.bodies else plan.layer == PRIMARY)
    )


def _members(plan: SynthesisPlan, studies: Iterable[Study]) -> Iterator[Study]:
    for study in studies:
        fits = study.role == "included" and study.design in plan.designs
        if fits and (not plan.studies or study.id in plan.studies):
            yield study


def _asked(cell: Cell, plan: SynthesisPlan, study: str) -> bool:
    return (
        cell.study == study
        and cell.outcome == plan.outcome
        and plan.estimand in ("", cell.estimand)
        and plan.visit in ("", cell.visit)
    )


def _visit(plan: SynthesisPlan, cells: Sequence[Cell], protocol: Protocol) -> str:
    """Return visit and estimand as a result names them; of several visits the last one."""
    order = {visit.id: n for n, visit in enumerate(protocol.visits)}
    cell = max(cells, key=lambda one: order.get(one.visit, -1))
    return f"{cell.visit}.{cell.estimand}" if cell.estimand in ESTIMAND_IN_VISIT else cell.visit
