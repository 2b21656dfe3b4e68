"""What an appraisal tool is: questions, answers, rules and judgements as data.

A tool is one value of type ``Tool``; the engine runs any of them. Texts are short labels in our
own words: the official wording belongs to the tool's authors, and ``url`` is where it stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from types import MappingProxyType

from tamis.domain.errors import BadInput

__all__ = [
    "NOT_REACHED",
    "NO_INFORMATION",
    "OVERALL",
    "Condition",
    "Domain",
    "Question",
    "Rule",
    "Tool",
]

#: Name under which the judgement of a whole result is recorded.
OVERALL = "overall"

#: Answer of a question that the other answers do not lead to.
NOT_REACHED = "NA"

#: The assessor had no text to answer from; any tool takes it, and no rule counts it as an answer.
NO_INFORMATION = "no information"

#: For every question the answers, or groups of answers, that let the condition hold (AND).
Condition = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One signalling question or checklist item.

    ``options`` empty means the tool's answers. ``ask_if`` lists the conditions of which one must
    hold (OR of ANDs) for the question to be reached; empty is always.
    """

    id: str
    label: str
    options: tuple[str, ...] = ()
    ask_if: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """If the condition holds, then this judgement is proposed; first match wins."""

    when: Condition
    then: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """Questions that are judged together, and the parts of the rule that proposes a judgement.

    The proposal is the worst of the parts; without parts nothing is proposed.
    """

    id: str
    label: str
    questions: tuple[Question, ...]
    parts: tuple[tuple[Rule, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """An appraisal tool.

    Parameters
    ----------
    id, name, version
        How it is named in ``review.toml``, in reports, and which edition this is.
    unit
        What is appraised: ``result`` or ``study``.
    status
        ``verified`` (rules checked against the official document) or ``provisional``.
    url
        Address of the official text.
    answers
        Answer codes with the words shown for them.
    judgements
        Judgements of a domain or result, best to worst; empty where the tool has none.
    groups
        Names for sets of answers, to be used in conditions.
    domains
        Domains in their order.
    designs
        Designs of studies that the tool is for.

    Raises
    ------
    BadInput
        When ids repeat, or a condition names a question, answer or judgement that is none.
    """

    id: str
    name: str
    version: str
    unit: str
    status: str
    url: str
    answers: Mapping[str, str]
    domains: tuple[Domain, ...]
    judgements: tuple[str, ...] = ()
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    designs: tuple[str, ...] = ()
    citation: str = ""

    def __post_init__(self) -> None:
        seen: list[str] = []
        for domain in self.domains:
            for question in domain.questions:
                for condition in question.ask_if:
                    self._check(condition, seen, question.id)
                seen.append(question.id)
            self._check_rules(domain, seen)
        if len(set(seen)) < len(seen):
            raise self._broken("a question id stands twice")

    @property
    def questions(self) -> tuple[Question, ...]:
        """All questions in their order."""
        return tuple(question for domain in self.domains for question in domain.questions)

    def check_answer(self, question_id: str, answer: str) -> None:
        """Refuse an unknown question, or an answer that the question does not have.

        Raises
        ------
        BadInput
            Naming the nearest question, or the answers that are allowed.
        """
        known = {question.id: question for question in self.questions}
        question = known.get(question_id)
        if question is None:
            close = get_close_matches(question_id, known, n=1)
            near = f" (nearest: {close[0]!r})" if close else ""
            raise BadInput(
                f"{self.id} has no question {question_id!r}{near}", f"use {', '.join(known)}"
            )
        allowed = (*self.options(question), NO_INFORMATION)
        if answer not in allowed:
            raise BadInput(
                f"{answer!r} is no answer to question {question_id} of {self.id}",
                f"use {', '.join(allowed)}",
            )

    def check_judgement(self, place: str, judgement: str) -> None:
        """Refuse a judgement of something that is no domain, or one that the tool does not have.

        A tool without judgements of its own takes a person's words.

        Raises
        ------
        BadInput
            Naming what may be judged, or the judgements that are allowed.
        """
        places = (*(domain.id for domain in self.domains), OVERALL)
        if place not in places:
            raise BadInput(f"{self.id} judges no {place!r}", f"use {', '.join(places)}")
        if self.judgements and judgement not in self.judgements:
            raise BadInput(
                f"{judgement!r} is no judgement of {self.id}", f"use {', '.join(self.judgements)}"
            )

    def options(self, question: Question) -> tuple[str, ...]:
        """Return the answers a question may have."""
        return question.options or tuple(self.answers)

    def members(self, names: tuple[str, ...]) -> frozenset[str]:
        """Return the answers that a list of answers and groups stands for."""
        return frozenset(answer for name in names for answer in self.groups.get(name, (name,)))

    def _check_rules(self, domain: Domain, seen: list[str]) -> None:
        for rule in (rule for part in domain.parts for rule in part):
            self._check(rule.when, seen, domain.id)
            if rule.then not in self.judgements:
                raise self._broken(f"the judgement {rule.then!r} of {domain.id} is none")

    def _check(self, condition: Condition, seen: list[str], where: str) -> None:
        for question, names in condition.items():
            if question not in seen:
                raise self._broken(f"{where} depends on {question!r}, which does not come before")
            unknown = self.members(names) - set(self.answers) - {NOT_REACHED}
            if unknown:
                raise self._broken(f"{where} names the answer {min(unknown)!r}, which is none")

    def _broken(self, problem: str) -> BadInput:
        return BadInput(f"the tool {self.id}: {problem}", "mend the tool's data")
