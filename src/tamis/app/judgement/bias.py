"""Risk of bias in the shape the report prints: summaries, agreement of assessors, what is open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from tamis.agreement import agree
from tamis.appraisal import (
    NO_INFORMATION,
    OVERALL,
    TOOLS,
    Appraisal,
    AppraisedDomain,
    AppraisedQuestion,
    Comparison,
    Proposal,
    Tool,
    Wording,
    appraise,
    compare,
    find_tool,
    settle,
)
from tamis.domain.question import Protocol
from tamis.domain.records import Study
from tamis.domain.results import AgreementResult, Finding
from tamis.domain.state import ReviewState
from tamis.domain.summaries import AppraisalItem, AppraisalSummary, BiasDomain, BiasScore

__all__ = ["NOT_REACHED_SHOWN", "appraisal_agreement", "appraisal_findings", "appraisal_summaries"]

#: What is shown for a question that the other answers do not lead to.
NOT_REACHED_SHOWN = "not reached"

#: States of a question in which there was nothing to answer.
_PASSED = ("not reached", "set aside")

#: A second category where two assessors only ever used one word.
_ANOTHER = "another word"


def appraisal_summaries(
    state: ReviewState,
    *,
    tools: Mapping[str, Tool] = TOOLS,
    wordings: Sequence[Wording] = (),
) -> tuple[AppraisalSummary, ...]:
    """Return one summary per tool, result and assessor, and one for each consensus.

    Assessors who judged a result alike have a consensus too, which names them in ``agreed``: so a
    result counts once wherever summaries are read.

    Parameters
    ----------
    state
        The answers and settlements as folded from the log.
    tools
        The tools that ship, and the review's own (``app.tools.tools_of``).
    wordings
        Official wording that was loaded; printed only where its file says that it may be.

    Returns
    -------
    tuple of AppraisalSummary
        By tool and result in the order in which they were begun; of one result the assessors
        first, then their consensus.
    """
    printed = {w.tool: w.questions for w in wordings if w.print_in_reports}
    answers = tuple(state.appraisals.values())
    found = []
    for key in dict.fromkeys(answer.tool for answer in answers):
        tool = find_tool(key, tools)
        made = appraise(key, answers, tools=tools)
        settled = settle(key, answers, state.appraisal_settlements.values(), tools=tools)
        order = {result: n for n, result in enumerate(dict.fromkeys(one.result for one in made))}
        both = sorted((*made, *settled), key=lambda one: order.get(one.result, len(order)))
        found += [_summary(tool, one, printed.get(key, {})) for one in both]
    return tuple(found)


def appraisal_agreement(
    state: ReviewState, *, tools: Mapping[str, Tool] = TOOLS
) -> tuple[AgreementResult, ...]:
    """Return how far assessors agree, question by question, domain by domain and on the whole.

    One row for each tool, place and pair of assessors, over the results that both appraised; the
    subject is ``<tool>/<place>``. A question that one of the two did not come to is a word of its
    own. Judgements of a scale have the weighted kappa beside the plain one. Consensus plays no
    part.
    """
    answers = tuple(state.appraisals.values())
    found = []
    for key in dict.fromkeys(answer.tool for answer in answers):
        tool = find_tool(key, tools)
        pairs: dict[tuple[str, tuple[str, str]], list[Comparison]] = defaultdict(list)
        for one in compare(key, answers, tools=tools):
            pairs[one.place, one.assessors].append(one)
        found += [_agreement(tool, rows) for rows in pairs.values()]
    return tuple(found)


def appraisal_findings(
    summaries: Iterable[AppraisalSummary], studies: Iterable[Study], protocol: Protocol
) -> tuple[Finding, ...]:
    """Return what is unfinished or not as planned in the appraisals of a review.

    Examples
    --------
    >>> bare = AppraisalSummary(tool="rob2", tool_name="RoB 2", version="2019-08-22", url="",
    ...     study="a", result="a/death/m6", assessor="p-a", missing=("3.2",))
    >>> from tamis.domain.question import Question, ReviewHead
    >>> asked = Question(population="", intervention="", comparator="", outcomes="", designs="")
    >>> protocol = Protocol(head=ReviewHead(id="r", title="r"), question=asked)
    >>> [f.rule for f in appraisal_findings([bare], [], protocol)]
    ['appraisal-unfinished']
    """
    designs = {study.id: study.design for study in studies}
    wanted = dict(protocol.tools)
    held = tuple(summaries)
    found = [one for summary in held for one in _of_summary(summary, designs, wanted)]
    return (*found, *_differing(held))


def _summary(tool: Tool, one: Appraisal, wording: Mapping[str, str]) -> AppraisalSummary:
    word = tool.word(one.judgement)
    return AppraisalSummary(
        tool=tool.id,
        tool_name=tool.name,
        version=one.version,
        url=tool.url,
        study=one.study,
        result=one.result,
        assessor=one.assessor,
        items=tuple(_item(tool, item, wording) for item in one.questions),
        judgement=word.label if word else one.judgement,
        reason=one.reason,
        event=one.event,
        variant=tool.variant,
        variant_label=tool.variant_label,
        status=tool.status,
        note=tool.note,
        role=one.role,
        settles=one.settles,
        domains=tuple(_bias(tool, d) for d in one.domains if d.domain.judged and tool.judgements),
        overall=_whole(tool, one) if tool.judgements else None,
        scores=tuple(
            BiasScore(id=t.id, label=t.label, points=t.points, most=t.most) for t in one.totals
        ),
        missing=one.missing,
        open=one.open,
        reopened=one.reopened,
        agreed=one.agreed,
    )


def _item(tool: Tool, item: AppraisedQuestion, wording: Mapping[str, str]) -> AppraisalItem:
    passed = item.state in _PASSED
    return AppraisalItem(
        question=item.question.id,
        label=item.question.label,
        answer=NOT_REACHED_SHOWN if passed else tool.answers.get(item.answer, item.answer),
        support=item.support,
        anchor=item.anchor,
        event=item.event,
        wording=wording.get(item.question.id, ""),
    )


def _bias(tool: Tool, one: AppraisedDomain) -> BiasDomain:
    return _judged(tool, one.domain.id, one.domain.label, one)


def _whole(tool: Tool, one: Appraisal) -> BiasDomain:
    return _judged(tool, OVERALL, OVERALL, one)


def _judged(tool: Tool, name: str, label: str, one: AppraisedDomain | Appraisal) -> BiasDomain:
    proposal = one.proposal or Proposal(judgement="", because=())
    return BiasDomain(
        id=name,
        label=label,
        proposal=tool.word(proposal.judgement),
        judgement=tool.word(one.judgement),
        reason=one.reason,
        because=proposal.because,
        undecided=proposal.undecided,
        event=one.event,
    )


def _agreement(tool: Tool, rows: Sequence[Comparison]) -> AgreementResult:
    place, assessors = rows[0].place, rows[0].assessors
    used = dict.fromkeys(word for row in rows for word in row.words)
    categories = [*tool.scale] if place in tool.places else _options(tool, place)
    categories += [word for word in used if word not in categories]
    ordered = place in tool.places and len(categories) == len(tool.scale) > 1
    if len(categories) < 2:
        categories.append(_ANOTHER)
    return agree(
        [row.words for row in rows],
        subject=f"{tool.key}/{place}",
        rater_1=assessors[0],
        rater_2=assessors[1],
        categories=categories,
        inputs=tuple(event for row in rows for event in row.events),
        ordered=ordered,
    )


def _options(tool: Tool, question: str) -> list[str]:
    unknown = [] if tool.has_own_unknown else [NO_INFORMATION]
    return [*tool.options(tool.known[question]), *unknown]


def _of_summary(
    one: AppraisalSummary, designs: Mapping[str, str], wanted: Mapping[str, str]
) -> Iterator[Finding]:
    key = f"{one.tool}:{one.variant}" if one.variant else one.tool
    planned = wanted.get(designs.get(one.study, ""), key)
    if planned != key:
        yield _finding(
            "tool-not-planned", one,
            f"appraised with {key}, and the protocol plans {planned} for this design",
            "appraise it with the planned tool, or say in review.toml why another one is used",
        )  # fmt: skip
    if one.missing and not one.agreed:
        yield _finding(
            "appraisal-unfinished", one,
            f"{one.assessor} has not answered {', '.join(one.missing)}",
            "answer them, or answer that there is no information",
        )  # fmt: skip
    elif one.overall is not None and one.overall.judgement is None and one.role != "consensus":
        yield _finding(
            "appraisal-not-judged", one, f"{one.assessor} has not judged the whole",
            "judge it and give the reason; a proposal never takes the place of a judgement",
        )  # fmt: skip
    if one.open:
        since = f"; settled before an answer changed: {', '.join(one.reopened)}"
        yield _finding(
            "consensus-open", one,
            f"open between the assessors: {', '.join(one.open)}{since if one.reopened else ''}",
            "settle it: tamis record appraisal-consensus FILE.csv",
        )  # fmt: skip


def _differing(summaries: Sequence[AppraisalSummary]) -> Iterator[Finding]:
    """Name the results that assessors judged differently and about which there is no consensus."""
    by_result: dict[tuple[str, str, str], list[AppraisalSummary]] = defaultdict(list)
    for one in summaries:
        by_result[one.tool, one.variant, one.result].append(one)
    for held in by_result.values():
        words = {one.judgement for one in held if one.judgement}
        if len(words) > 1 and not any(one.role == "consensus" for one in held):
            yield _finding(
                "assessors-differ", held[0], f"the assessors say {' and '.join(sorted(words))}",
                "settle it: tamis record appraisal-consensus FILE.csv",
            )  # fmt: skip


def _finding(rule: str, one: AppraisalSummary, message: str, suggestion: str) -> Finding:
    return Finding(
        rule=rule,
        severity="warning",
        subject=one.result,
        message=f"{one.tool_name}, {one.result}: {message}",
        because=(one.event,) if one.event else (),
        suggestion=suggestion,
    )
