"""Run a tool over the answers that people gave: one appraisal per result and assessor."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tamis.appraisal.rules import Proposal, propose, reached
from tamis.appraisal.tool import NO_INFORMATION, OVERALL, Domain, Question, Tool
from tamis.appraisal.tools import TOOLS
from tamis.domain.decisions import AppraisalAnswer
from tamis.domain.errors import BadInput

__all__ = ["NOT_ANSWERED", "Appraisal", "AppraisedDomain", "AppraisedQuestion", "appraise"]

#: Nobody has answered: not the same as having looked and found no information.
NOT_ANSWERED = "not answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class AppraisedQuestion:
    """A question with what was answered; ``answer`` empty means that nobody answered it.

    ``state`` is ``answered``, ``no information``, ``not answered`` or ``not reached`` (the other
    answers do not lead to the question).
    """

    question: Question
    state: str = NOT_ANSWERED
    answer: str = ""
    support: str = ""
    anchor: str = ""
    event: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppraisedDomain:
    """One domain: what the rules propose, and what the person decided; both are kept.

    ``judgement`` stays empty until a person gives it: a proposal never takes its place.
    """

    domain: Domain
    questions: tuple[AppraisedQuestion, ...]
    proposal: Proposal | None = None
    judgement: str = ""
    reason: str = ""
    event: str = ""

    @property
    def overridden(self) -> bool:
        """Whether the person decided otherwise than the rules propose."""
        return bool(self.proposal and self.judgement not in ("", self.proposal.judgement))


@dataclass(frozen=True, slots=True, kw_only=True)
class Appraisal:
    """One assessor's appraisal of one result (``study/outcome/visit``).

    ``proposal`` is what the tool's algorithm gives for the whole, ``None`` for a tool without one;
    ``judgement`` is the person's, and both are kept.
    """

    tool: str
    version: str
    result: str
    assessor: str
    domains: tuple[AppraisedDomain, ...]
    proposal: Proposal | None = None
    judgement: str = ""
    reason: str = ""
    event: str = ""

    @property
    def study(self) -> str:
        """The study the result belongs to."""
        return self.result.partition("/")[0]

    @property
    def questions(self) -> tuple[AppraisedQuestion, ...]:
        """All questions in the order of the tool."""
        return tuple(question for domain in self.domains for question in domain.questions)

    @property
    def complete(self) -> bool:
        """Whether no question that is reached was left without an answer."""
        return all(item.state != NOT_ANSWERED for item in self.questions)


def appraise(tool_id: str, answers: Iterable[AppraisalAnswer]) -> tuple[Appraisal, ...]:
    """Sort answers into appraisals; the later answer to a question counts.

    Parameters
    ----------
    tool_id
        A key of ``TOOLS``; answers given with other tools are left to their own call.
    answers
        In the canonical order of the log.

    Returns
    -------
    tuple of Appraisal
        By result and assessor, in the order in which each was begun. A question without an answer
        stays ``not answered``: it is never taken for "no", "unclear" or "no information".

    Raises
    ------
    BadInput
        For an unknown tool, another edition, an unknown question or answer, a judgement that is
        none of the tool's or has no reason, an answer to a question that is not reached.

    Examples
    --------
    >>> from tamis.domain.decisions import AppraisalAnswer
    >>> row = AppraisalAnswer(event="p-a.00000001/1", tool="jbi-case-series", version="2020",
    ...     result="gu2014/remission/m12", assessor="p-a", question="4", answer="yes")
    >>> done, = appraise("jbi-case-series", [row])
    >>> done.complete, [q.answer for q in done.questions if q.answer]
    (False, ['yes'])
    """
    tool = TOOLS.get(tool_id)
    if tool is None:
        raise BadInput(f"there is no appraisal tool {tool_id!r}", f"use one of {', '.join(TOOLS)}")
    begun: dict[tuple[str, str], dict[str, AppraisalAnswer]] = {}
    for row in answers:
        if row.tool == tool_id:
            _check(tool, row)
            begun.setdefault((row.result, row.assessor), {})[row.question] = row
    return tuple(
        _appraisal(tool, result, assessor, rows) for (result, assessor), rows in begun.items()
    )


Rows = Mapping[str, AppraisalAnswer]


def _check(tool: Tool, row: AppraisalAnswer) -> None:
    if row.version != tool.version:
        raise BadInput(
            f"{row.result} was appraised with the edition {row.version!r} of {tool.id}",
            f"the edition here is {tool.version!r}; record which of the two was used",
        )
    if not row.judgement:
        tool.check_answer(row.question, row.answer)
        return
    tool.check_judgement(row.question, row.judgement)
    if not row.reason.strip():
        raise BadInput(
            f"{row.result}: {row.question} is judged without a reason", "write why in one sentence"
        )


def _appraisal(tool: Tool, result: str, assessor: str, rows: Rows) -> Appraisal:
    answers = {
        name: row.answer
        for name, row in rows.items()
        if row.answer and row.answer != NO_INFORMATION
    }
    open_ones = reached(tool, answers)
    stray = [name for name in answers if name not in open_ones]
    if stray:
        raise BadInput(
            f"{result}: question {stray[0]} of {tool.id} is answered and not reached",
            "change the answer that leads to it, or take this one back",
        )
    domains = tuple(_domain(tool, domain, rows, answers) for domain in tool.domains)
    judged = rows.get(OVERALL)
    return Appraisal(
        tool=tool.id,
        version=tool.version,
        result=result,
        assessor=assessor,
        domains=domains,
        proposal=_worst(tool, domains),
        judgement=judged.judgement if judged else "",
        reason=judged.reason if judged else "",
        event=judged.event if judged else "",
    )


def _domain(tool: Tool, domain: Domain, rows: Rows, answers: Mapping[str, str]) -> AppraisedDomain:
    open_ones = reached(tool, answers)
    judged = rows.get(domain.id)
    return AppraisedDomain(
        domain=domain,
        questions=tuple(
            _question(question, rows.get(question.id), question.id in open_ones)
            for question in domain.questions
        ),
        proposal=propose(tool, domain, answers),
        judgement=judged.judgement if judged else "",
        reason=judged.reason if judged else "",
        event=judged.event if judged else "",
    )


def _question(question: Question, row: AppraisalAnswer | None, open_one: bool) -> AppraisedQuestion:
    if row is None:
        return AppraisedQuestion(
            question=question, state=NOT_ANSWERED if open_one else "not reached"
        )
    return AppraisedQuestion(
        question=question,
        state=NO_INFORMATION if row.answer == NO_INFORMATION else "answered",
        answer=row.answer,
        support=row.support,
        anchor=row.anchor,
        event=row.event,
    )


def _worst(tool: Tool, domains: Sequence[AppraisedDomain]) -> Proposal | None:
    """Propose the worst domain for the whole, once every domain is judged or has a proposal."""
    words = [one.judgement or (one.proposal.judgement if one.proposal else "") for one in domains]
    if not tool.judgements or not all(words):
        return None
    worst = max(words, key=tool.judgements.index)
    because = tuple((one.domain.id, word) for one, word in zip(domains, words, strict=True))
    return Proposal(judgement=worst, because=because)
