"""Words that tables may use: designs, roles, outcomes, visits, reasons. Others are refused.

A mistyped word would not be an error anywhere else: it would only be missing from the synthesis.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from tamis.certainty import check_change
from tamis.domain.errors import BadInput
from tamis.domain.ids import ESTIMAND_IN_VISIT
from tamis.domain.question import Protocol

__all__ = [
    "CHARACTERISTICS",
    "DESIGNS",
    "ROLES",
    "check_grade",
    "check_outcome",
    "check_reason",
    "check_result",
    "check_word",
    "is_characteristic",
]

#: How a study was made, as people and plans name it.
DESIGNS = ("randomised", "non-randomised", "single-arm", "case-series", "review")

#: What a study is in this review.
ROLES = ("included", "wider", "published-review")

#: Outcomes that every review may use without declaring them: what studies and interventions are
#: (TIDieR, Hoffmann 2014), what the trust checks compare, and the figures of a published review's
#: flow.
CHARACTERISTICS = frozenset(
    {
        "centre", "correction", "expression-of-concern", "funding-kind", "interests",
        "manufacturer", "planned-n", "primary-outcome", "recruitment-end", "recruitment-start",
        "retraction", "stopped-early",
        "appraisal-per-study", "appraisal-tool", "databases-searched", "design-as-stated",
        "follow-up-months", "funding", "participants", "participants-randomised", "population",
        "registration", "search-end", "search-strategies", "setting",
    }
)  # fmt: skip

#: Beginnings of further such slugs.
FAMILIES = (
    "tidier-", "flow-", "participants-", "registered-", "study-", "arm-", "baseline-", "measure-",
)  # fmt: skip


def check_word(word: str, known: Iterable[str], what: str) -> None:
    """Refuse a word that is not known, naming the nearest one that is.

    Examples
    --------
    >>> check_word("randomised", DESIGNS, "design")
    """
    words = sorted(known)
    if word in words:
        return
    near = difflib.get_close_matches(word, words, 1)
    remedy = (
        f"did you mean {near[0]!r}?" if near else f"use one of {', '.join(words) or 'none yet'}"
    )
    raise BadInput(f"{word!r} is no {what}", remedy)


def is_characteristic(outcome: str) -> bool:
    """Whether an outcome is one that every review may use without declaring it.

    Examples
    --------
    >>> is_characteristic("tidier-dose-total"), is_characteristic("death")
    (True, False)
    """
    return outcome in CHARACTERISTICS or outcome.startswith(FAMILIES)


def check_outcome(protocol: Protocol, outcome: str, visit: str) -> None:
    """Refuse an outcome or a visit that the protocol does not declare."""
    free = is_characteristic(outcome)
    if not free:
        check_word(outcome, {o.id for o in protocol.outcomes}, "outcome of review.toml")
    if not (free and visit == "baseline"):
        check_word(visit, {v.id for v in protocol.visits}, "visit of review.toml")


def check_result(protocol: Protocol, result: str, *, unit: str) -> None:
    """Refuse the name of an appraised result or study that the protocol cannot have.

    A result is ``study/outcome/visit``, or ``study/outcome/visit.estimand`` where the estimand is
    one that stands in value ids; a tool for studies takes a study alone.
    """
    parts = result.split("/")
    if unit == "study" and len(parts) == 1 and result:
        return
    shape = "study" if unit == "study" else "study/outcome/visit or study/outcome/visit.estimand"
    if len(parts) != 3 or unit == "study":
        raise BadInput(f"{result!r} does not name what this tool appraises", f"write {shape}")
    visit, _, estimand = parts[2].partition(".")
    check_outcome(protocol, parts[1], visit)
    if estimand:
        check_word(estimand, ESTIMAND_IN_VISIT, "estimand of a result")


def check_grade(protocol: Protocol, outcome: str, body: str, domain: str, change: int) -> None:
    """Refuse a decision on certainty that its body of evidence cannot have.

    Raises
    ------
    BadInput
        For a body that the protocol does not plan, one of another outcome, an unknown domain, a
        change that the domain does not allow, a randomised body that is rated up although the
        protocol does not say that it may be.
    """
    plans = {plan.id: plan for plan in protocol.bodies}
    listed = ", ".join(f"{plan.id} ({plan.outcome})" for plan in protocol.bodies) or "none yet"
    if body not in plans:
        near = difflib.get_close_matches(body, plans, 1)
        meant = f"did you mean {near[0]!r}? " if near else ""
        raise BadInput(
            f"{body!r} is no body of evidence of review.toml", f"{meant}its bodies are {listed}"
        )
    plan = plans[body]
    if outcome != plan.outcome:
        raise BadInput(
            f"the body {body!r} is of the outcome {plan.outcome!r}, and the row says {outcome!r}",
            f"correct the outcome or the body; the bodies are {listed}",
        )
    check_change(domain, change)
    if change > 0 and "randomised" in plan.designs and not plan.may_rate_up:
        raise BadInput(
            f"{domain} rates up {body!r}, which is a randomised body",
            "decide 0, or write may_rate_up = true in its [[body]] and say why in the reason",
        )


def check_reason(protocol: Protocol, decision: str, reason: str) -> None:
    """Refuse a reason for exclusion that is no criterion of the protocol, where it names any."""
    if decision == "exclude" and reason and protocol.criteria:
        check_word(reason, {c.id for c in protocol.criteria}, "criterion of review.toml")
