"""Consensus: a third record that names what it settles, and reopens when an answer changes.

What all assessors of a result answered alike is taken over; what they answered differently is open
until somebody settles it. A settlement stands as long as every assessor still says what the events
say that it names. Assessors who judged everything alike agree, and nobody has to settle anything.
Nothing of the assessors' own records is touched.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from tamis.appraisal.appraise import (
    Appraisal,
    Rows,
    answers_of,
    assemble,
    check_row,
    standing,
)
from tamis.appraisal.rules import reached
from tamis.appraisal.shipped import TOOLS, find_tool
from tamis.appraisal.tool import OVERALL, Tool
from tamis.domain.decisions import AppraisalAnswer, AppraisalSettlement

__all__ = ["Comparison", "compare", "settle"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What two assessors said of one question, domain or the whole of one result.

    A word is an answer or a judgement; it is empty where the assessor did not come to the question.
    """

    result: str
    place: str
    assessors: tuple[str, str]
    words: tuple[str, str]
    events: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether both said the same."""
        return self.words[0] == self.words[1]


def settle(
    key: str,
    answers: Iterable[AppraisalAnswer],
    settlements: Iterable[AppraisalSettlement],
    *,
    tools: Mapping[str, Tool] = TOOLS,
) -> tuple[Appraisal, ...]:
    """Return the consensus on every result that assessors agree on, or that somebody settled.

    Parameters
    ----------
    key
        A key of ``tools``.
    answers
        Every answer in the canonical order of the log, also those that a later one replaced.
    settlements
        In the same order; the later settlement of a question counts.

    Returns
    -------
    tuple of Appraisal
        With the role ``consensus``; ``open`` names what is not settled, ``reopened`` the part of it
        that was settled before an assessor changed an answer. Where nobody settled anything,
        ``agreed`` names the assessors, who judged every domain and the whole alike; without any
        judgement they answered every question alike.

    Raises
    ------
    BadInput
        For a settled answer or judgement that the tool has not, or one without a reason.

    Examples
    --------
    >>> def said(n, who, answer):
    ...     return AppraisalAnswer(event=f"{who}.00000001/{n}", tool="jbi-case-series",
    ...         version="2020", result="gu2014/remission/m12", assessor=who, question="4",
    ...         answer=answer)
    >>> rows = [said(1, "p-a", "yes"), said(1, "p-b", "no")]
    >>> third = AppraisalSettlement(event="p-c.00000001/1", tool="jbi-case-series",
    ...     version="2020", result="gu2014/remission/m12", question="4", answer="no", by="p-c",
    ...     settles=("p-a.00000001/1", "p-b.00000001/1"), reason="the text says so")
    >>> done, = settle("jbi-case-series", rows, [third])
    >>> done.role, [q.answer for q in done.questions if q.answer], done.open
    ('consensus', ['no'], ())
    >>> done, = settle("jbi-case-series", [*rows, said(2, "p-a", "unclear")], [third])
    >>> done.reopened
    ('4',)
    """
    tool = find_tool(key, tools)
    rows = tuple(row for row in answers if row.tool == tool.key)
    held = standing(tool, rows)
    by_event = {row.event: row for row in rows}
    last: dict[str, dict[str, AppraisalSettlement]] = {}
    for one in settlements:
        if one.tool == tool.key:
            check_row(tool, _row_of(one))
            last.setdefault(one.result, {})[one.question] = one
    found = []
    for result in dict.fromkeys((*last, *(about for about, _ in held))):
        sides = {who: mine for (about, who), mine in held.items() if about == result}
        settled = last.get(result, {})
        if settled:
            found.append(_consensus(tool, result, sides, settled, by_event))
        elif len(sides) > 1:
            alike = _consensus(tool, result, sides, {}, by_event)
            if _agree(tool, alike, sides):
                found.append(replace(alike, agreed=tuple(sorted(sides))))
    return tuple(found)


def _agree(tool: Tool, alike: Appraisal, sides: Mapping[str, Rows]) -> bool:
    """Tell whether assessors agree: on the whole and all that was judged, else on every answer."""
    if any(place in rows for rows in sides.values() for place in tool.places):
        whole = bool(alike.judgement) or OVERALL not in tool.places
        return whole and not set(alike.open) - set(tool.known)
    return not alike.open


def compare(
    key: str, answers: Iterable[AppraisalAnswer], *, tools: Mapping[str, Tool] = TOOLS
) -> tuple[Comparison, ...]:
    """Return what every two assessors of a result said, place by place.

    Places are questions that at least one of the two answered, domains and the whole that at least
    one judged. Differences of reach show as an empty word.
    """
    tool = find_tool(key, tools)
    held = standing(tool, tuple(answers))
    found = []
    results = dict.fromkeys(result for result, _ in held)
    for result in results:
        names = sorted(who for about, who in held if about == result)
        for nth, one in enumerate(names):
            for other in names[nth + 1 :]:
                found += _compared(tool, result, (one, other), held)
    return tuple(found)


def _compared(
    tool: Tool,
    result: str,
    assessors: tuple[str, str],
    held: Mapping[tuple[str, str], Rows],
) -> list[Comparison]:
    sides = [_live(tool, held[result, who]) for who in assessors]
    return [
        Comparison(
            result=result,
            place=place,
            assessors=assessors,
            words=(_word(sides[0].get(place)), _word(sides[1].get(place))),
            events=tuple(side[place].event for side in sides if place in side),
        )
        for place in (*tool.known, *tool.places)
        if any(place in side for side in sides)
    ]


def _live(tool: Tool, rows: Rows) -> Rows:
    """Leave out answers to questions that the others do not lead to."""
    lead_to = reached(tool, answers_of(tool, rows))
    return {name: row for name, row in rows.items() if name not in tool.known or name in lead_to}


def _word(row: AppraisalAnswer | None) -> str:
    return "" if row is None else row.judgement or row.answer


def _consensus(
    tool: Tool,
    result: str,
    sides: Mapping[str, Rows],
    settled: Mapping[str, AppraisalSettlement],
    by_event: Mapping[str, AppraisalAnswer],
) -> Appraisal:
    live = {who: _live(tool, rows) for who, rows in sides.items()}
    rows: dict[str, AppraisalAnswer] = {}
    open_ones: list[str] = []
    ticks = [tick.id for tick in tool.overall.ticks]
    for place in (*tool.known, *ticks, *tool.places):
        if place in tool.known and place not in reached(tool, answers_of(tool, rows)):
            continue
        one = settled.get(place)
        ever = {who: mine[place] for who, mine in sides.items() if place in mine}
        said = {who: mine[place] for who, mine in live.items() if place in mine}
        if one is not None and _stands(one, ever, by_event):
            rows[place] = _row_of(one)
        elif len(said) == len(live) > 1 and len({_word(row) for row in said.values()}) == 1:
            rows[place] = next(iter(said.values()))
        elif said or one is not None:
            open_ones.append(place)
    made = assemble(tool, rows, result=result, assessor=_settlers(settled), role="consensus")
    kept = [one for place, one in settled.items() if place not in open_ones]
    return replace(
        made,
        settles=tuple(sorted({event for one in kept for event in one.settles})),
        open=tuple(open_ones),
        reopened=tuple(place for place in open_ones if place in settled),
        event=made.event or (kept[-1].event if kept else ""),
    )


def _stands(
    one: AppraisalSettlement,
    said: Mapping[str, AppraisalAnswer],
    by_event: Mapping[str, AppraisalAnswer],
) -> bool:
    """Tell whether every assessor says what the named events say, and nobody else something."""
    named = {by_event[name].assessor: by_event[name] for name in one.settles if name in by_event}
    then = {who: _word(row) for who, row in named.items()}
    return then == {who: _word(row) for who, row in said.items()}


def _row_of(one: AppraisalSettlement) -> AppraisalAnswer:
    return AppraisalAnswer(
        event=one.event,
        tool=one.tool,
        version=one.version,
        result=one.result,
        assessor=one.by,
        question=one.question,
        answer=one.answer,
        support=one.support or one.reason,
        anchor=one.anchor,
        judgement=one.judgement,
        reason=one.reason,
    )


def _settlers(settled: Mapping[str, AppraisalSettlement]) -> str:
    """Return who settled the whole, or else whoever settled last; nobody where nothing was."""
    if not settled:
        return ""
    last = settled.get(OVERALL) or [*settled.values()][-1]
    return last.by
