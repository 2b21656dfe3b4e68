"""What the rules of a tool make of answers: reached, missing, proposed. Pure functions on data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tamis.appraisal.tool import NOT_REACHED, Condition, Domain, Question, Tool

__all__ = ["Answers", "Proposal", "missing", "paths", "propose", "reached"]

Answers = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What the rules propose, and the answers (or domains) that decided."""

    judgement: str
    because: tuple[tuple[str, str], ...]


def reached(tool: Tool, answers: Answers) -> frozenset[str]:
    """Return the questions that the answers lead to."""
    return frozenset(
        question.id
        for question in tool.questions
        if not question.ask_if or any(_holds(tool, one, answers) for one in question.ask_if)
    )


def missing(tool: Tool, domain: Domain, answers: Answers) -> tuple[str, ...]:
    """Return the questions of a domain that are reached and not answered."""
    open_ones = reached(tool, answers)
    return tuple(
        question.id
        for question in domain.questions
        if question.id in open_ones and question.id not in answers
    )


def propose(tool: Tool, domain: Domain, answers: Answers) -> Proposal | None:
    """Return what the rules of a domain propose, ``None`` while an answer is missing.

    A domain without rules has no proposal: the judgement is a person's from the start. Where no
    rule of a part holds nothing is proposed either, and nothing is guessed.
    """
    if not domain.parts or missing(tool, domain, answers):
        return None
    proposed = []
    for part in domain.parts:
        rule = next((one for one in part if _holds(tool, one.when, answers)), None)
        if rule is None:
            return None
        because = tuple((name, answers.get(name, NOT_REACHED)) for name in rule.when)
        proposed.append(Proposal(judgement=rule.then, because=because))
    return max(proposed, key=lambda one: tool.judgements.index(one.judgement))


def paths(tool: Tool, domain: Domain) -> Iterator[Answers]:
    """Yield every way to answer the questions of a domain that are reached, each once."""

    def grow(answers: dict[str, str], left: tuple[Question, ...]) -> Iterator[Answers]:
        if not left:
            yield MappingProxyType(dict(answers))
            return
        first, *rest = left
        if first.id not in reached(tool, answers):
            yield from grow(answers, tuple(rest))
            return
        for option in tool.options(first):
            yield from grow({**answers, first.id: option}, tuple(rest))

    yield from grow({}, domain.questions)


def _holds(tool: Tool, condition: Condition, answers: Answers) -> bool:
    return all(
        answers.get(question, NOT_REACHED) in tool.members(names)
        for question, names in condition.items()
    )
