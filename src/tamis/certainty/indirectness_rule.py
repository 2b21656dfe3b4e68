"""Indirectness: four questions, each none, some or serious (grading.md A4). Always a person's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from tamis.certainty.evidence import BodyEvidence
from tamis.certainty.proposal import DomainProposal
from tamis.domain.question import Concept

__all__ = ["broader_than", "propose_indirectness"]

DOMAIN = "indirectness"

#: The four questions in order.
QUESTIONS = ("population", "intervention", "comparator", "outcome")

#: Number of serious and of some concerns -> proposed change, worst first.
CHANGES: Mapping[str, int] = MappingProxyType(
    {"several-serious": -2, "one-serious": -1, "several-some": -1, "one-some": 0, "none": 0}
)


def propose_indirectness(evidence: BodyEvidence) -> DomainProposal:
    """Propose a change for indirectness from tags of the protocol.

    A studied concept that is not inside the question's gives *some*, a declared surrogate or a
    visit that the protocol does not foresee *some*, no comparison *serious*. The tags know nothing
    of dose, co-treatment or care at the time: those are for the person who decides.
    """
    answers = {question: _answer(evidence, question) for question in QUESTIONS}
    serious = [q for q, (level, _) in answers.items() if level == "serious"]
    some = [q for q, (level, _) in answers.items() if level == "some"]
    case = _case(len(serious), len(some))
    parts = [f"{question}: {level}{why}" for question, (level, why) in answers.items()]
    return DomainProposal(
        domain=DOMAIN,
        change=CHANGES[case],
        rule=f"indirectness-{case}",
        message=f"{'; '.join(parts)}. From the tags of the protocol alone: dose, co-treatment and "
        "setting are for a person.",
        because=(evidence.body.id,),
    )


def _case(serious: int, some: int) -> str:
    if serious:
        return "several-serious" if serious > 1 else "one-serious"
    if some:
        return "several-some" if some > 1 else "one-some"
    return "none"


def _answer(evidence: BodyEvidence, question: str) -> tuple[str, str]:
    if question == "comparator" and evidence.single_arm:
        return "serious", " (no comparison group)"
    if question == "outcome":
        return _outcome(evidence)
    asked = dict(evidence.concepts).get(question, "")
    studied = dict(evidence.body.concepts).get(question, "") or asked
    if not asked or studied == asked:
        return "none", "" if asked else " (no tag)"
    if broader_than(evidence.tree, studied, asked):
        return "none", f" ({_named(evidence.tree, studied)} is part of the question)"
    return "some", f" ({_named(evidence.tree, studied)} for {_named(evidence.tree, asked)})"


def _outcome(evidence: BodyEvidence) -> tuple[str, str]:
    concerns = []
    if evidence.outcome.surrogate_for:
        concerns.append("a declared surrogate")
    visit = evidence.synthesis.plan.visit if evidence.synthesis is not None else ""
    if visit and evidence.outcome.visits and visit not in evidence.outcome.visits:
        concerns.append("a time that the protocol does not foresee")
    return ("some", f" ({', '.join(concerns)})") if concerns else ("none", "")


def broader_than(tree: Iterable[Concept], narrow: str, wide: str) -> bool:
    """Tell whether ``wide`` is ``narrow`` or stands above it in the tree.

    Examples
    --------
    >>> tree = [Concept(id="ln", kind="population", broader=("sle",))]
    >>> broader_than(tree, "ln", "sle"), broader_than(tree, "sle", "ln")
    (True, False)
    """
    parents = {concept.id: concept.broader for concept in tree}
    seen: set[str] = set()
    todo = [narrow]
    while todo:
        here = todo.pop()
        if here == wide:
            return True
        if here not in seen:
            seen.add(here)
            todo += parents.get(here, ())
    return False


def _named(tree: Iterable[Concept], concept: str) -> str:
    for one in tree:
        if one.id == concept:
            names = dict(one.names).get("en", ())
            return names[0] if names else concept
    return concept
