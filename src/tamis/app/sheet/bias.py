"""Sheets of risk of bias: a tool's questions for every result, and where assessors differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tamis.app.judgement.bias_todo import results_to_appraise, to_settle
from tamis.app.sheet.ground import Cells, Ground
from tamis.appraisal import OVERALL, TICKED, Question, Tool, find_tool
from tamis.domain.decisions import AppraisalAnswer
from tamis.domain.errors import BadInput, Place

__all__ = ["appraisal_rows", "settlement_rows"]

#: What a judgement of a tool without words of its own takes.
_FREE = "your own words"


def appraisal_rows(ground: Ground) -> Iterator[Cells]:
    """Yield every question and judgement that the person has not given, result by result.

    A question that the other answers do not lead to stays empty.

    Raises
    ------
    BadInput
        When there are results, and the protocol names no tool for the design of any of them.
    """
    protocol, state = ground.protocol, ground.review.state
    results = results_to_appraise(protocol, state, ground.extraction, ground.studies, ground.tools)
    if results and not any(one.tool for one in results):
        designs = ", ".join(dict.fromkeys(one.design for one in results))
        raise BadInput(
            f"the protocol names no appraisal tool for {designs}",
            'add [tools] to review.toml, for example: randomised = "rob2:assignment"',
            where=Place(file="review.toml"),
        )
    said = {
        (one.tool, one.result, one.question)
        for one in state.appraisals.values()
        if one.assessor == ground.person
    }
    for one in results:
        if not one.tool:
            continue
        tool = find_tool(one.tool, ground.tools)
        for place, shown in _places(tool):
            if (tool.key, one.result, place) not in said:
                yield {
                    "tool": tool.key,
                    "version": tool.version,
                    "result": one.result,
                    "assessor": ground.person,
                    "question": place,
                    **shown,
                }


def settlement_rows(ground: Ground) -> Iterator[Cells]:
    """Yield what assessors say differently and nobody has settled, with who said what."""
    state = ground.review.state
    for one in to_settle(state, ground.tools):
        tool = find_tool(one.tool, ground.tools)
        shown = dict(_places(tool))
        for place in one.places:
            last: dict[str, AppraisalAnswer] = {}
            for row in state.appraisals.values():
                if (row.tool, row.result, row.question) == (tool.key, one.result, place):
                    last[row.assessor] = row
            about = shown[place]
            yield {
                "tool": tool.key,
                "version": tool.version,
                "result": one.result,
                "question": place,
                "settles": ";".join(sorted(row.event for row in last.values())),
                "by": ground.person,
                "asked": about["asked"],
                "takes": about["takes"],
                "said": "; ".join(_said(row) for _, row in sorted(last.items())),
            }


def _places(tool: Tool) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield every question, judgement and tick of a tool, with what is to be read beside it."""
    words = "; ".join(f"{word.id} = {word.label}" for word in tool.judgements) or _FREE
    for domain in tool.domains:
        for question in domain.questions:
            yield question.id, _question(tool, question)
        if domain.id in tool.places:
            yield domain.id, {"asked": f"judgement: {domain.label}", "takes": words, "only_if": ""}
    for tick in tool.overall.ticks:
        yield (
            tick.id,
            {"asked": tick.label, "takes": f"{TICKED}, with a reason", "only_if": "it is so"},
        )
    yield OVERALL, {"asked": "judgement of the whole", "takes": words, "only_if": ""}


def _question(tool: Tool, question: Question) -> Mapping[str, str]:
    options = tool.options(question)
    named = [f"{one} = {tool.answers[one]}" if one in tool.answers else one for one in options]
    ways = [
        " and ".join(f"{name} is {_members(tool, wanted)}" for name, wanted in way.items())
        for way in question.ask_if
    ]
    return {"asked": question.label, "takes": "; ".join(named), "only_if": " or ".join(ways)}


def _members(tool: Tool, wanted: tuple[str, ...]) -> str:
    named = tool.members(wanted)
    order = [one for one in tool.answers if one in named]
    return "/".join([*order, *sorted(named - set(order))])


def _said(row: AppraisalAnswer) -> str:
    why = row.reason or row.support
    return f"{row.assessor}: {row.judgement or row.answer}" + (f" ({why})" if why else "")
