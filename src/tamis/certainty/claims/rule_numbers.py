"""Rule 10: numbers and quantifiers of a sentence that differ from the linked results."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tamis.certainty.claims.context import Context, direction
from tamis.certainty.claims.designs import every_study
from tamis.certainty.claims.fact import Fact
from tamis.certainty.claims.number_answers import (
    CANNOT_TELL,
    CONTRADICTED,
    FAITHFUL,
    NONE,
    Answer,
    answers,
    databases,
    overall,
)
from tamis.certainty.claims.rule_absence import absence
from tamis.certainty.claims.rule_bias import of_bias
from tamis.certainty.claims.rule_notation import notations
from tamis.certainty.claims.rule_quantifiers import quantified
from tamis.certainty.claims.shown import held_against, shown
from tamis.certainty.claims.suggest import allowed, say
from tamis.domain.claims import ClaimFinding

__all__ = [
    "CANNOT_TELL",
    "CONTRADICTED",
    "FAITHFUL",
    "NONE",
    "Answer",
    "answers",
    "databases",
    "notations",
    "numbers",
    "overall",
    "quantifier_differs",
]


def numbers(context: Context, found: Sequence[Answer]) -> Iterator[ClaimFinding]:
    """Yield what rule 10 says of a sentence."""
    if context.sentence.section == "disclaimer":
        return
    told = {one.number.start for one, _ in notations(context, found)}
    silent = context.own or context.sentence.section in ("aims", "references")
    for one in found:
        if one.answer == CONTRADICTED and one.number.start not in told and not silent:
            yield _differs(context, one)
    if not silent:
        told_of = (*quantified(context), of_bias(context), absence(context), every_study(context))
        yield from (one.finding for one in told_of if one is not None and one.finding is not None)
        yield from (finding for one in found for finding in _by_another_method(context, one))
    if quantifier_differs(context):
        yield ClaimFinding(
            rule="number-differs",
            severity="error",
            message="'all studies' is claimed; not every study can show it: "
            + ", ".join(_not_showing(context)),
            because=tuple(f"study:{study}" for study in _not_showing(context)),
            suggestion=say("quantifier", context.lang, s=allowed(context)),
        )


def quantifier_differs(context: Context) -> bool:
    """Tell whether "all studies" is claimed of an effect that not every study shows."""
    claimed = context.reading.quantifier == "all" and context.checked and context.strength >= 2
    return claimed and context.reading.sense != "" and bool(_not_showing(context))


def _not_showing(context: Context) -> tuple[str, ...]:
    """Return the included studies that cannot show the effect, or whose interval has no effect."""
    showing: set[str] = set()
    for name in context.outcomes or context.known.critical():
        claim = direction(context.reading.sense, context.known.outcomes[name])
        for body in context.known.bodies_for(name):
            if body.comparative and not body.includes_null and body.favours == claim:
                showing.update(body.studies)
    return tuple(s.id for s in context.known.evidence.included if s.id not in showing)


def _differs(context: Context, one: Answer) -> ClaimFinding:
    printed = context.span(one.number.start, one.number.end)
    return ClaimFinding(
        rule="number-differs",
        severity="error",
        message=f"'{printed}' agrees with no linked result; the evidence holds"
        f" {held_against(one.instead, 'en')}",
        because=tuple(dict.fromkeys(i for fact in one.instead for i in fact.ids)),
        suggestion=say("number", context.lang, n=held_against(one.instead, context.lang)),
    )


def _by_another_method(context: Context, one: Answer) -> Iterator[ClaimFinding]:
    """Note a faithful result that is not the main one: another interval, model or measure."""
    if one.answer != FAITHFUL or not one.facts or not all(f.method for f in one.facts):
        return
    fact = one.facts[0]
    main = _main(context, fact)
    if main is None:
        return
    kind = "interval" if fact.kind == "interval" else "estimate"
    yield ClaimFinding(
        rule="number-differs",
        severity="note",
        message=f"this is the {fact.method} {kind}; the review's main {kind} is {shown(main)}",
        because=fact.ids,
        suggestion=say("other-interval", context.lang, w=fact.method, n=shown(main, context.lang)),
    )


def _main(context: Context, fact: Fact) -> Fact | None:
    """Return the main result beside one that is not, of the same measure and unit if there is."""
    every = [f for f in context.known.facts if f.kind == fact.kind and f.outcome == fact.outcome
             and not f.study and not f.method]  # fmt: skip
    same = [f for f in every if f.measure == fact.measure and f.unit in (fact.unit, "")]
    return next(iter(same or every), None)
