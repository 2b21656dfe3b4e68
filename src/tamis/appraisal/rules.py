"""What the rules of a tool make of answers: reached, missing, proposed. Pure functions on data.

Answers are a mapping of question id to answer code. An answer to a question that the other answers
do not lead to counts for nothing here; ``check_answers`` refuses it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tamis.appraisal.tool import (
    NOT_REACHED,
    Condition,
    Count,
    Domain,
    Question,
    Rule,
    Tool,
)
from tamis.domain.errors import BadInput

__all__ = [
    "Answers",
    "Proposal",
    "canonical",
    "check_answers",
    "ended",
    "first_match",
    "missing",
    "paths",
    "propose",
    "reached",
]

Answers = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What the rules propose, and the answers (or domains) that decided.

    ``judgement`` is empty when the tool deliberately proposes nothing; ``undecided`` says why.
    ``rule`` names the rule, as ``<domain>.<part>#<row>``. ``because`` holds every question that a
    rule up to the deciding one looked at and that was answered, in the order of the tool.
    """

    judgement: str
    because: tuple[tuple[str, str], ...]
    rule: str = ""
    undecided: str = ""
    doubtful: str = ""


def reached(tool: Tool, answers: Answers) -> frozenset[str]:
    """Return the questions that the answers lead to.

    Examples
    --------
    >>> from tamis.appraisal import TOOLS
    >>> found = reached(TOOLS["rob2:assignment"], {"3.1": "N"})
    >>> "3.2" in found, "3.3" in found
    (True, False)
    """
    domains = _open_domains(tool, answers)
    return frozenset(name for domain in domains for name in _walk(tool, domain, answers)[0])


def missing(tool: Tool, domain: Domain, answers: Answers) -> tuple[str, ...]:
    """Return the questions of a domain that are reached and not answered."""
    if domain not in _open_domains(tool, answers):
        return ()
    asked, live = _walk(tool, domain, answers)
    return tuple(name for name in asked if name not in live)


def check_answers(tool: Tool, answers: Answers, *, only: str = "") -> None:
    """Refuse an answer that is no option, or one to a question that is not reached.

    ``only`` names the one question to look at.

    Raises
    ------
    BadInput
        Naming the question, and the answer that is allowed or the condition that is not met.
    """
    asked = {name: answer for name, answer in answers.items() if not only or name == only}
    for name, answer in asked.items():
        tool.check_answer(name, answer)
    lead_to = reached(tool, answers)
    for name in asked:
        if name in tool.known and name not in lead_to:
            raise BadInput(
                f"question {name} of {tool.key} is answered and not reached: {_why(tool, name)}",
                "change the answer that leads to it, or take this one back",
            )


def propose(tool: Tool, domain: Domain, answers: Answers) -> Proposal | None:
    """Return what the rules of a domain propose, ``None`` while an answer is missing.

    A domain without rules has no proposal: the judgement is a person's from the start. Of several
    parts the worst stands; a part that is undecided leaves the domain undecided. A triage domain
    that lets the rest begin has no proposal either.

    Examples
    --------
    >>> from tamis.appraisal import TOOLS
    >>> tool = TOOLS["rob2:assignment"]
    >>> domain = next(d for d in tool.domains if d.id == "D3")
    >>> found = propose(tool, domain, {"3.1": "N", "3.2": "N", "3.3": "Y", "3.4": "N"})
    >>> found.judgement, found.because
    ('S', (('3.1', 'N'), ('3.2', 'N'), ('3.3', 'Y'), ('3.4', 'N')))
    """
    if not domain.parts or domain not in _open_domains(tool, answers):
        return None
    asked, live = _walk(tool, domain, answers)
    if any(name not in live for name in asked):
        return None
    found = [_part(tool, domain, nth, live) for nth in range(len(domain.parts))]
    undecided = next((one for one in found if not one.judgement), None)
    if undecided is not None:
        return undecided if undecided.undecided or undecided.doubtful else None
    worst = max((one.judgement for one in found), key=tool.scale.index)
    deciding = [one for one in found if one.judgement == worst]
    looked = {name for one in deciding for name, _ in one.because}
    because = tuple((q.id, live[q.id]) for q in domain.questions if q.id in looked)
    return Proposal(judgement=worst, because=because, rule=deciding[0].rule)


def ended(tool: Tool, answers: Answers) -> Proposal | None:
    """Return the proposal of a triage that ends the tool, ``None`` where it goes on."""
    for domain in tool.domains:
        if domain.triage:
            asked, live = _walk(tool, domain, answers)
            found = _part(tool, domain, 0, live)
            if found.judgement and all(name in live for name in asked):
                return found
    return None


def paths(
    tool: Tool, domain: Domain, options: Callable[[Question], Iterable[str]] | None = None
) -> Iterator[Answers]:
    """Yield every way to answer the questions of a domain that are reached, each once.

    ``options`` gives the answers to try; by default all that a question may have.
    """
    choose = options or tool.options
    steps = {step.id: step.rules for step in domain.steps}
    answers: dict[str, str] = {}

    def grow(at: int) -> Iterator[Answers]:
        if at == len(domain.questions):
            yield MappingProxyType(dict(answers))
            return
        question = domain.questions[at]
        if not _asked(tool, question, steps, answers):
            yield from grow(at + 1)
            return
        for option in choose(question):
            answers[question.id] = option
            yield from grow(at + 1)
        del answers[question.id]

    yield from grow(0)


def canonical(tool: Tool, domain: Domain) -> bytes:
    """Return every path of a domain with its proposal, one line each, sorted: what is hashed.

    A line is the answers in the order of the questions (``NA`` where a question is not reached),
    ``=``, and the judgement (``none`` where nothing is proposed).

    Examples
    --------
    >>> from tamis.appraisal import TOOLS
    >>> tool = TOOLS["rob2:assignment"]
    >>> canonical(tool, tool.domains[0]).splitlines()[0]
    b'N,N,N=H'
    """
    lines = []
    for answers in paths(tool, domain):
        found = propose(tool, domain, answers)
        said = ",".join(answers.get(question.id, NOT_REACHED) for question in domain.questions)
        lines.append(f"{said}={found.judgement if found and found.judgement else 'none'}")
    return "\n".join(sorted(lines)).encode("utf-8")


Steps = Mapping[str, tuple[Rule, ...]]


def first_match(tool: Tool, domain: Domain, rules: Iterable[Rule], answers: Answers) -> int | None:
    """Return the place of the first rule of a table that holds, ``None`` if none does."""
    steps = {step.id: step.rules for step in domain.steps}
    return next((n for n, rule in enumerate(rules) if _matches(tool, rule, steps, answers)), None)


def _open_domains(tool: Tool, answers: Answers) -> tuple[Domain, ...]:
    if not any(domain.triage for domain in tool.domains) or ended(tool, answers) is None:
        return tool.domains
    return tuple(domain for domain in tool.domains if domain.triage)


def _walk(tool: Tool, domain: Domain, answers: Answers) -> tuple[list[str], dict[str, str]]:
    """Go through a domain in order; return the questions reached, and the answers to them."""
    asked: list[str] = []
    live: dict[str, str] = {}
    steps = {step.id: step.rules for step in domain.steps}
    for question in domain.questions:
        if _asked(tool, question, steps, live):
            asked.append(question.id)
            if question.id in answers:
                live[question.id] = answers[question.id]
    return asked, live


def _asked(tool: Tool, question: Question, steps: Steps, live: Answers) -> bool:
    return not question.ask_if or any(_holds(tool, one, steps, live) for one in question.ask_if)


def _holds(tool: Tool, condition: Condition, steps: Steps, live: Answers) -> bool:
    return all(
        _value(tool, name, steps, live) in tool.members(words) for name, words in condition.items()
    )


def _value(tool: Tool, name: str, steps: Steps, live: Answers) -> str:
    if name not in steps:
        return live.get(name, NOT_REACHED)
    rule = next((one for one in steps[name] if _matches(tool, one, steps, live)), None)
    return rule.then if rule else NOT_REACHED


def _matches(tool: Tool, rule: Rule, steps: Steps, live: Answers) -> bool:
    return _holds(tool, rule.when, steps, live) and all(
        _counted(tool, count, live) for count in rule.counts
    )


def _counted(tool: Tool, count: Count, live: Answers) -> bool:
    wanted = tool.members(count.answers)
    found = sum(live.get(name, NOT_REACHED) in wanted for name in count.of)
    return count.least <= found and (count.most is None or found <= count.most)


def _part(tool: Tool, domain: Domain, nth: int, live: Answers) -> Proposal:
    steps = {step.id: step.rules for step in domain.steps}
    looked: list[str] = []
    for row, rule in enumerate(domain.parts[nth], start=1):
        looked += _looks_at(rule, steps)
        if _matches(tool, rule, steps, live):
            because = tuple(
                (q.id, live[q.id]) for q in domain.questions if q.id in live and q.id in looked
            )
            return Proposal(
                judgement=rule.then,
                because=because,
                rule=f"{domain.id}.{nth + 1}#{row}",
                undecided=rule.why,
                doubtful=rule.doubtful,
            )
    return Proposal(judgement="", because=())


def _looks_at(rule: Rule, steps: Steps) -> Iterator[str]:
    for name in (*rule.when, *(name for count in rule.counts for name in count.of)):
        yield name
        for inner in steps.get(name, ()):
            yield from _looks_at(inner, steps)


def _why(tool: Tool, name: str) -> str:
    """Say when a question is asked."""
    conditions = tool.known[name].ask_if
    if not conditions:
        return "the tool has ended before it"
    said = " or ".join(
        " and ".join(f"{q} is {' or '.join(words)}" for q, words in one.items())
        for one in conditions
    )
    return f"it is asked if {said}"
