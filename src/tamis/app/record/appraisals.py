"""Rows of ``appraisals.csv`` and ``appraisal-consensus.csv`` -> events.

A table is looked at whole: an answer may lead to the question of a later row, and an answer to a
question that nothing leads to is refused at its row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tamis.app.building.assemble import extraction_of, studies_of
from tamis.app.judgement.doubts import (
    Places,
    Results,
    doubts_of_answer,
    doubts_of_judgement,
    result_unused,
)
from tamis.app.record.context import Context, at_row, draft
from tamis.app.tables import Row
from tamis.app.words import check_result
from tamis.appraisal import answers_of, check_answers, check_row, find_tool, settle
from tamis.domain.decisions import AppraisalAnswer, AppraisalSettlement
from tamis.domain.errors import BadInput
from tamis.domain.events import Draft

__all__ = ["record_appraisals", "record_consensus"]

#: Assessor's rows about one result with one tool: tool, result, assessor.
Unit = tuple[str, str, str]

_ALWAYS = ("tool", "version", "result", "question")
_IF_SAID = ("answer", "support", "anchor", "judgement", "reason")


def record_appraisals(context: Context, rows: Sequence[Row]) -> Iterator[tuple[Row, Draft]]:
    """Yield a draft for every answer and judgement of the table."""
    _check_reach(context, rows)
    _look_closer(context, rows)
    for row in rows:
        actor = row["assessor"] or context.by
        body = _body(row)
        yield row, draft(context, "appraised.v1", row["result"], body, actor=actor)


def record_consensus(context: Context, rows: Sequence[Row]) -> Iterator[tuple[Row, Draft]]:
    """Yield a draft for every settled question and judgement of the table."""
    made = [_settlement(context, row, nth) for nth, row in enumerate(rows)]
    _check_settled(context, rows, made)
    for row, one in zip(rows, made, strict=True):
        body = {**_body(row), "settles": list(one.settles), "reason": row["reason"]}
        yield (
            row,
            draft(context, "appraisal_settled.v1", row["result"], body, actor=one.by, at=row["at"]),
        )


def _body(row: Row) -> dict[str, Any]:
    if bool(row["answer"]) == bool(row["judgement"]):
        raise BadInput(
            "a row has either an answer or a judgement",
            "give one of them: an answer to a question, or a judgement of a domain",
            where=row.where,
        )
    return {key: row[key] for key in _ALWAYS} | {key: row[key] for key in _IF_SAID if row[key]}


def _answer(row: Row, assessor: str) -> AppraisalAnswer:
    texts = {key: row[key] for key in (*_ALWAYS, *_IF_SAID)}
    return AppraisalAnswer(event="", assessor=assessor, **texts)


def _check_reach(context: Context, rows: Sequence[Row]) -> None:
    """Refuse answers that, with everything this assessor has said, are not reached."""
    units: dict[Unit, dict[str, AppraisalAnswer]] = {}
    for one in context.review.state.appraisals.values():
        units.setdefault((one.tool, one.result, one.assessor), {})[one.question] = one
    placed: dict[Unit, dict[str, Row]] = {}
    for row in rows:
        _body(row)
        said = _answer(row, row["assessor"] or context.by)
        with at_row(row):
            tool = find_tool(said.tool, context.tools)
            check_row(tool, said)
            check_result(context.protocol, said.result, unit=tool.unit)
        unit = (said.tool, said.result, said.assessor)
        units.setdefault(unit, {})[said.question] = said
        placed.setdefault(unit, {})[said.question] = row
    for unit, here in placed.items():
        tool = find_tool(unit[0], context.tools)
        answers = answers_of(tool, units[unit])
        for question, row in here.items():
            with at_row(row):
                check_answers(tool, answers, only=question)


def _look_closer(context: Context, rows: Sequence[Row]) -> None:
    """Keep what is doubtful about the rows: results mistaken for others, answers, judgements."""
    state = context.review.state
    results = Results.of(context.protocol, state, extraction_of(state), studies_of(state))
    places = Places.of(state)
    answered: dict[Unit, set[str]] = {}
    said = [(row, _answer(row, row["assessor"] or context.by)) for row in rows]
    for one in (*state.appraisals.values(), *(one for _, one in said)):
        if one.answer:
            answered.setdefault((one.tool, one.result, one.assessor), set()).add(one.question)
    named: set[Unit] = set()
    for row, one in said:
        unit = (one.tool, one.result, one.assessor)
        doubtful = "" if unit in named else results.check(one.result)
        named.add(unit)
        if doubtful:
            context.doubt(row, (result_unused(one.result, doubtful),))
        tool = find_tool(one.tool, context.tools)
        context.doubt(row, doubts_of_answer(tool, one, places))
        context.doubt(row, doubts_of_judgement(tool, one, answered.get(unit, ())))


def _settlement(context: Context, row: Row, nth: int) -> AppraisalSettlement:
    _body(row)
    by = row["by"] or context.by
    with at_row(row):
        tool = find_tool(row["tool"], context.tools)
        check_row(tool, _answer(row, by))
        check_result(context.protocol, row["result"], unit=tool.unit)
    named = [name.strip() for name in row["settles"].split(";") if name.strip()]
    texts = {key: row[key] for key in (*_ALWAYS, *_IF_SAID)}
    return AppraisalSettlement(
        event=f"row {nth}",
        settles=tuple(named or _standing(context, row)),
        by=by,
        at=row["at"],
        **texts,
    )


def _standing(context: Context, row: Row) -> list[str]:
    """Return what each assessor last said of the question."""
    about = (row["tool"], row["result"], row["question"])
    last: dict[str, str] = {}
    for one in context.review.state.appraisals.values():
        if (one.tool, one.result, one.question) == about:
            last[one.assessor] = one.event
    return sorted(last.values())


def _check_settled(
    context: Context, rows: Sequence[Row], made: Sequence[AppraisalSettlement]
) -> None:
    """Refuse a settled answer to a question that the consensus does not come to."""
    state = context.review.state
    before = tuple(state.appraisal_settlements.values())
    answered: dict[tuple[str, str], Mapping[str, str]] = {}
    for key in dict.fromkeys(one.tool for one in made):
        found = settle(key, state.appraisals.values(), (*before, *made), tools=context.tools)
        for one in found:
            answered[key, one.result] = {q.question.id: q.answer for q in one.questions}
    for row, settled in zip(rows, made, strict=True):
        answers = answered.get((settled.tool, settled.result), {})
        if settled.question in answers and not answers[settled.question]:
            raise BadInput(
                f"question {settled.question} is settled and the consensus does not reach it,"
                " or an assessor has said something else since",
                "settle the question that leads to it first, or leave settles empty",
                where=row.where,
            )
