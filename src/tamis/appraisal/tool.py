"""What an appraisal tool is: questions, answers, rules and judgements as data.

A tool is one value of type ``Tool``; the engine runs any of them. Texts are short labels in our
own words: the official wording belongs to the tool's authors, and ``url`` is where it stands.

An instrument that is read for two effects (RoB 2) has *variants*; ``forms`` gives one ``Tool`` for
each, and that is what is answered. Its ``key`` is ``rob2:assignment``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cached_property
from types import MappingProxyType
from typing import Any

from tamis.domain.errors import BadInput
from tamis.domain.summaries import BiasWord

__all__ = [
    "NOT_REACHED",
    "NO_INFORMATION",
    "OVERALL",
    "TICKED",
    "Condition",
    "Count",
    "Domain",
    "Overall",
    "Question",
    "Rule",
    "Score",
    "Step",
    "Tick",
    "Tool",
    "Variant",
    "nearest",
]

#: Name under which the judgement of a whole result is recorded.
OVERALL = "overall"

#: Answer of a question that the other answers do not lead to; some questions may be given it.
NOT_REACHED = "NA"

#: The assessor had no text to answer from. Taken by every tool that has no such answer of its own;
#: no rule counts it as an answer.
NO_INFORMATION = "no information"

#: The only answer to a tick.
TICKED = "yes"

#: For every question or step the answers, or groups of answers, that let it hold (AND).
Condition = Mapping[str, tuple[str, ...]]


def _nothing() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One signalling question or checklist item.

    ``options`` empty means the tool's answers. ``ask_if`` lists the conditions of which one must
    hold (OR of ANDs) for the question to be reached; empty is always. ``ladder`` orders groups of
    answers from the least bias to the most; empty where there is no such order.
    """

    id: str
    label: str
    options: tuple[str, ...] = ()
    ask_if: tuple[Condition, ...] = ()
    ladder: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """Holds when at least ``least`` and at most ``most`` of the questions have such an answer."""

    answers: tuple[str, ...]
    of: tuple[str, ...]
    least: int = 0
    most: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """If everything holds, then this judgement is proposed; the first match wins.

    ``then`` empty proposes nothing, and ``why`` says why; ``doubtful`` is then what the source of
    a provisional tool has there. ``at_least`` and ``at_most`` look at scores; rules of the whole
    have them.
    """

    then: str
    when: Condition = field(default_factory=_nothing)
    counts: tuple[Count, ...] = ()
    at_least: Mapping[str, int] = field(default_factory=_nothing)
    at_most: Mapping[str, int] = field(default_factory=_nothing)
    why: str = ""
    doubtful: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A named intermediate result: its rules give a word that later conditions look at."""

    id: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """Questions that are judged together, and the parts of the rule that proposes a judgement.

    The proposal is the worst of the parts; without parts nothing is proposed. ``judged`` is false
    for sections that only carry questions. A ``triage`` domain that proposes a judgement ends the
    tool with it: no other question is reached then.
    """

    id: str
    label: str
    questions: tuple[Question, ...]
    parts: tuple[tuple[Rule, ...], ...] = ()
    steps: tuple[Step, ...] = ()
    judged: bool = True
    triage: bool = False

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules of all parts."""
        return tuple(rule for part in self.parts for rule in part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """Something only a person can say of the whole, with a reason: it turns one word to another."""

    id: str
    label: str
    start: str
    end: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Overall:
    """How the whole follows from the domains: ``worst``, ``table`` (of scores) or ``none``.

    ``unknown_below``: a domain without information makes the whole unknown, unless a domain is as
    bad as this. ``doubtful`` are worst words of which no proposal is made, each with the reason.
    """

    rule: str = "none"
    rules: tuple[Rule, ...] = ()
    ticks: tuple[Tick, ...] = ()
    unknown_below: str = ""
    doubtful: Mapping[str, str] = field(default_factory=_nothing)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A sum of points over questions; its meaning is nobody's but the tool's authors'."""

    id: str
    label: str
    of: tuple[str, ...]
    points: Mapping[str, int]

    @property
    def most(self) -> int:
        """The largest possible sum."""
        return len(self.of) * max(self.points.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One reading of an instrument: which of its domains, and its edition where that differs."""

    id: str
    label: str
    domains: tuple[str, ...]
    version: str = ""
    scores: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Tool:
    """An appraisal tool.

    Parameters
    ----------
    id, name, version
        How it is named in ``review.toml``, in reports, and which edition this is.
    unit
        What is appraised: ``result`` or ``study``.
    status
        ``verified`` (rules checked against the official document or an independent
        implementation) or ``provisional``.
    url, citation
        Address of the official text, and what to cite.
    answers
        Answer codes with the words shown for them.
    judgements
        Words for a domain or a result; empty where the tool has none. Those with a rank from 0
        on are ordered from the best to the worst; -1 is "no information".
    groups
        Names for sets of answers, to be used in conditions.
    domains
        Domains in their order; of an instrument with variants those of all of them.
    designs
        Designs of studies that the tool is for.
    note
        What a reader has to know of this tool, printed wherever it is used.
    wording_licence
        Licence of the official wording, which is not shipped.
    support
        ``needed`` where every answer has to say what it rests on: words of support or a passage.
    """

    id: str
    name: str
    version: str
    unit: str
    status: str
    url: str
    answers: Mapping[str, str]
    domains: tuple[Domain, ...]
    judgements: tuple[BiasWord, ...] = ()
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=_nothing)
    designs: tuple[str, ...] = ()
    citation: str = ""
    note: str = ""
    wording_licence: str = ""
    support: str = ""
    overall: Overall = Overall()
    scores: tuple[Score, ...] = ()
    variants: tuple[Variant, ...] = ()
    variant: str = ""
    variant_label: str = ""

    @property
    def key(self) -> str:
        """How ``review.toml`` and tables name this form of the tool."""
        return f"{self.id}:{self.variant}" if self.variant else self.id

    def forms(self) -> Iterator[Tool]:
        """Yield what is answered: the tool itself, or one for each of its variants."""
        if not self.variants:
            yield self
        for chosen in self.variants:
            yield replace(
                self,
                domains=tuple(d for d in self.domains if d.id in chosen.domains),
                scores=tuple(s for s in self.scores if s.id in chosen.scores or not chosen.scores),
                version=chosen.version or self.version,
                variants=(),
                variant=chosen.id,
                variant_label=chosen.label,
            )

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """All questions in their order."""
        return tuple(question for domain in self.domains for question in domain.questions)

    @cached_property
    def known(self) -> Mapping[str, Question]:
        """Question by id."""
        return {question.id: question for question in self.questions}

    @cached_property
    def scale(self) -> tuple[str, ...]:
        """Ids of the judgements from the best to the worst, without "no information"."""
        ranked = [word for word in self.judgements if word.rank >= 0]
        return tuple(word.id for word in sorted(ranked, key=lambda word: word.rank))

    @cached_property
    def unknown(self) -> str:
        """Id of the judgement that means "no information", empty if the tool has none."""
        return next((word.id for word in self.judgements if word.rank < 0), "")

    @cached_property
    def places(self) -> tuple[str, ...]:
        """What can be judged: domains, and the whole."""
        return (*(domain.id for domain in self.domains if domain.judged), OVERALL)

    @cached_property
    def has_own_unknown(self) -> bool:
        """Whether one of the tool's own answers means that there is no information."""
        return NO_INFORMATION in self.answers.values()

    def word(self, judgement: str) -> BiasWord | None:
        """Return a judgement with its label and symbol, ``None`` if the tool has none such."""
        return next((word for word in self.judgements if word.id == judgement), None)

    def lacks_support(self, question_id: str, answer: str, support: str, anchor: str) -> bool:
        """Tell whether an answer says nothing of what it rests on, where the tool asks for it.

        Who found no information has nothing to show.
        """
        unknown = self.answers.get(answer, answer) == NO_INFORMATION
        asked = self.support == "needed" and question_id in self.known and bool(answer)
        return asked and not unknown and not (support.strip() or anchor.strip())

    def options(self, question: Question) -> tuple[str, ...]:
        """Return the answers a question may have."""
        return question.options or tuple(self.answers)

    def members(self, names: tuple[str, ...]) -> frozenset[str]:
        """Return the answers that a list of answers and groups stands for."""
        return frozenset(answer for name in names for answer in self.groups.get(name, (name,)))

    def check_answer(self, question_id: str, answer: str) -> None:
        """Refuse an unknown question, or an answer that is none of its options.

        Raises
        ------
        BadInput
            Naming the nearest question or answer that there is.
        """
        if question_id in {tick.id for tick in self.overall.ticks}:
            if answer != TICKED:
                raise BadInput(
                    f"{question_id} of {self.key} is answered {answer!r}",
                    f"write {TICKED!r} with the reason, or leave the row out",
                )
            return
        question = self.known.get(question_id)
        if question is None:
            raise BadInput(
                f"{self.key} has no question {question_id!r}", nearest(question_id, self.known)
            )
        allowed = [*self.options(question), *([] if self.has_own_unknown else [NO_INFORMATION])]
        if answer not in allowed:
            raise BadInput(
                f"{answer!r} is no answer to question {question_id} of {self.key}",
                self._nearest_answer(answer, allowed),
            )

    def check_judgement(self, place: str, judgement: str) -> None:
        """Refuse a judgement of something that is no domain, or one that the tool does not have.

        A tool without judgements of its own takes a person's words.

        Raises
        ------
        BadInput
            Naming what may be judged, or the judgements that are allowed.
        """
        if place not in self.places:
            raise BadInput(f"{self.key} judges no {place!r}", f"use {', '.join(self.places)}")
        words = [word.id for word in self.judgements]
        if words and judgement not in words:
            raise BadInput(
                f"{judgement!r} is no judgement of {self.key}",
                nearest(judgement, words, {w.label: w.id for w in self.judgements}),
            )

    def _nearest_answer(self, answer: str, allowed: list[str]) -> str:
        shown = {words: code for code, words in self.answers.items() if code in allowed}
        return nearest(answer, allowed, shown)


def nearest(
    word: str,
    allowed: Mapping[str, object] | list[str],
    also: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """Say which allowed word is meant, or list them all; ``also`` maps labels to words.

    Examples
    --------
    >>> nearest("Yes", ["Y", "N"], {"yes": "Y", "no": "N"})
    "did you mean 'Y'? It takes Y, N"
    """
    listed = ", ".join(allowed)
    if not listed:
        return "there is nothing to name here: take it away"
    spelt = {key.casefold(): key for key in allowed}
    spelt |= {label.casefold(): code for label, code in also.items()}
    near = get_close_matches(word.casefold(), spelt, 1)
    return f"did you mean {spelt[near[0]]!r}? It takes {listed}" if near else f"use {listed}"
