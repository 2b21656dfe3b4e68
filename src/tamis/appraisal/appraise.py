"""Run a tool over the answers that people gave: one appraisal per result and assessor."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tamis.appraisal.rules import Answers, Proposal, ended, propose, reached
from tamis.appraisal.shipped import TOOLS, find_tool
from tamis.appraisal.tool import NO_INFORMATION, OVERALL, TICKED, Domain, Question, Tool
from tamis.appraisal.whole import Total, overall, scores
from tamis.domain.decisions import AppraisalAnswer
from tamis.domain.errors import BadInput

__all__ = [
    "NOT_ANSWERED",
    "Appraisal",
    "AppraisedDomain",
    "AppraisedQuestion",
    "Rows",
    "answers_of",
    "appraise",
    "assemble",
    "check_row",
    "standing",
]

#: Nobody has answered: not the same as having looked and found no information.
NOT_ANSWERED = "not answered"

#: The other answers do not lead to the question.
NOT_ASKED = "not reached"

#: Answered when the question was reached; another answer has since changed the way.
SET_ASIDE = "set aside"

#: Question, domain or tick -> the newest row about it.
Rows = Mapping[str, AppraisalAnswer]


@dataclass(frozen=True, slots=True, kw_only=True)
class AppraisedQuestion:
    """A question with what was answered; ``answer`` empty means that nobody answered it.

    ``state`` is ``answered``, ``no information``, ``not answered``, ``not reached`` (the other
    answers do not lead to the question) or ``set aside`` (they no longer do, and an answer that
    was given before counts for nothing).
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
        proposed = self.proposal.judgement if self.proposal else ""
        return bool(proposed and self.judgement not in ("", proposed))

    @property
    def missing(self) -> tuple[str, ...]:
        """The questions that are reached and not answered."""
        open_ones = (NOT_ANSWERED, NO_INFORMATION)
        return tuple(q.question.id for q in self.questions if q.state in open_ones)


@dataclass(frozen=True, slots=True, kw_only=True)
class Appraisal:
    """One appraisal of one result (``study/outcome/visit[.estimand]``) or of one study.

    ``tool`` is the key of the tool. ``proposal`` is what its algorithm gives for the whole,
    ``None`` for a tool without one; ``judgement`` is the person's, and both are kept. ``role`` is
    ``single`` (the only assessor), ``assessor`` (one of several) or ``consensus``, which
    ``settles`` the events of others, leaves ``open`` what they answered differently and nobody has
    settled, and names in ``reopened`` what was settled before somebody changed an answer.
    ``agreed`` names the assessors of a consensus that nobody had to settle; it has no ``assessor``.
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
    role: str = "single"
    ticks: tuple[str, ...] = ()
    totals: tuple[Total, ...] = ()
    settles: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    reopened: tuple[str, ...] = ()
    agreed: tuple[str, ...] = ()

    @property
    def study(self) -> str:
        """The study the result belongs to."""
        return self.result.partition("/")[0]

    @property
    def questions(self) -> tuple[AppraisedQuestion, ...]:
        """All questions in the order of the tool."""
        return tuple(question for domain in self.domains for question in domain.questions)

    @property
    def missing(self) -> tuple[str, ...]:
        """The questions that are reached and that nobody answered, in the order of the tool."""
        return tuple(q.question.id for q in self.questions if q.state == NOT_ANSWERED)

    @property
    def complete(self) -> bool:
        """Whether no question that is reached was left without an answer."""
        return not self.missing

    @property
    def overridden(self) -> bool:
        """Whether the person decided otherwise than the rules propose for the whole."""
        proposed = self.proposal.judgement if self.proposal else ""
        return bool(proposed and self.judgement not in ("", proposed))


def appraise(
    key: str, answers: Iterable[AppraisalAnswer], *, tools: Mapping[str, Tool] = TOOLS
) -> tuple[Appraisal, ...]:
    """Sort answers into appraisals; the later answer to a question counts.

    Parameters
    ----------
    key
        A key of ``tools``; answers given with other tools are left to their own call.
    answers
        In the canonical order of the log.
    tools
        The tools that ship, and a review's own.

    Returns
    -------
    tuple of Appraisal
        By result and assessor, in the order in which each was begun. A question without an answer
        stays ``not answered``: it is never taken for "no", "unclear" or "no information". What was
        answered and is no longer reached is ``set aside``.

    Raises
    ------
    BadInput
        For an unknown tool, another edition, an unknown question or answer, a judgement that is
        none of the tool's or has no reason.

    Examples
    --------
    >>> from tamis.domain.decisions import AppraisalAnswer
    >>> row = AppraisalAnswer(event="p-a.00000001/1", tool="jbi-case-series", version="2020",
    ...     result="gu2014/remission/m12", assessor="p-a", question="4", answer="yes")
    >>> done, = appraise("jbi-case-series", [row])
    >>> done.complete, [q.answer for q in done.questions if q.answer]
    (False, ['yes'])
    """
    tool = find_tool(key, tools)
    found = standing(tool, answers)
    assessors = Counter(result for result, _ in found)
    return tuple(
        assemble(
            tool,
            rows,
            result=result,
            assessor=assessor,
            role="single" if assessors[result] == 1 else "assessor",
        )
        for (result, assessor), rows in found.items()
    )


def standing(
    tool: Tool, answers: Iterable[AppraisalAnswer]
) -> Mapping[tuple[str, str], dict[str, AppraisalAnswer]]:
    """Return the newest row of every question by result and assessor, for one tool."""
    begun: dict[tuple[str, str], dict[str, AppraisalAnswer]] = {}
    for row in answers:
        if row.tool == tool.key:
            check_row(tool, row)
            begun.setdefault((row.result, row.assessor), {})[row.question] = row
    return begun


def check_row(tool: Tool, row: AppraisalAnswer) -> None:
    """Refuse a row that the tool cannot have.

    Raises
    ------
    BadInput
        For another edition, an unknown question, answer or judgement, a judgement or a tick
        without a reason.
    """
    if row.version != tool.version:
        raise BadInput(
            f"{row.result} was appraised with the edition {row.version!r} of {tool.key}",
            f"the edition here is {tool.version!r}; record which of the two was used",
        )
    if row.judgement:
        tool.check_judgement(row.question, row.judgement)
        needs_reason = f"{row.result}: {row.question} is judged without a reason"
    else:
        tool.check_answer(row.question, row.answer)
        if row.question in tool.known:
            return
        needs_reason = f"{row.result}: {row.question} is said without a reason"
    if not row.reason.strip():
        raise BadInput(needs_reason, "write why in one sentence")


def answers_of(tool: Tool, rows: Rows) -> dict[str, str]:
    """Return the answers that rules look at: "no information" of a tool without it is none."""
    return {
        name: row.answer
        for name, row in rows.items()
        if name in tool.known and row.answer and row.answer != NO_INFORMATION
    }


def assemble(
    tool: Tool,
    rows: Rows,
    *,
    result: str,
    assessor: str,
    role: str,
) -> Appraisal:
    """Return the appraisal that rows make up: states of questions, proposals, judgements."""
    answers = answers_of(tool, rows)
    lead_to = reached(tool, answers)
    domains = tuple(_domain(tool, domain, rows, answers, lead_to) for domain in tool.domains)
    judged = {
        one.domain.id: one.judgement or (one.proposal.judgement if one.proposal else "")
        for one in domains
    }
    ticks = tuple(t.id for t in tool.overall.ticks if t.id in rows and rows[t.id].answer == TICKED)
    whole = rows.get(OVERALL)
    return Appraisal(
        tool=tool.key,
        version=tool.version,
        result=result,
        assessor=assessor,
        domains=domains,
        proposal=overall(tool, judged, answers=answers, ticks=ticks) or _undecided(tool, domains),
        judgement=whole.judgement if whole else "",
        reason=whole.reason if whole else "",
        event=whole.event if whole else "",
        role=role,
        ticks=ticks,
        totals=scores(tool, answers),
    )


def _undecided(tool: Tool, domains: tuple[AppraisedDomain, ...]) -> Proposal | None:
    """Say why nothing is proposed for the whole, where a domain is why."""
    if tool.overall.rule != "worst":
        return None
    for one in domains:
        if one.proposal and one.proposal.undecided and not one.judgement:
            why = f"{one.domain.label}: {one.proposal.undecided}"
            return Proposal(judgement="", because=one.proposal.because, undecided=why)
    return None


def _domain(
    tool: Tool, domain: Domain, rows: Rows, answers: Answers, lead_to: frozenset[str]
) -> AppraisedDomain:
    judged = rows.get(domain.id)
    proposal = ended(tool, answers) if domain.triage else propose(tool, domain, answers)
    return AppraisedDomain(
        domain=domain,
        questions=tuple(_question(q, rows.get(q.id), q.id in lead_to) for q in domain.questions),
        proposal=proposal,
        judgement=judged.judgement if judged else "",
        reason=judged.reason if judged else "",
        event=judged.event if judged else "",
    )


def _question(question: Question, row: AppraisalAnswer | None, asked: bool) -> AppraisedQuestion:
    if row is None:
        return AppraisedQuestion(question=question, state=NOT_ANSWERED if asked else NOT_ASKED)
    if not asked:
        return AppraisedQuestion(question=question, state=SET_ASIDE, event=row.event)
    return AppraisedQuestion(
        question=question,
        state=NO_INFORMATION if row.answer == NO_INFORMATION else "answered",
        answer=row.answer,
        support=row.support,
        anchor=row.anchor,
        event=row.event,
    )
