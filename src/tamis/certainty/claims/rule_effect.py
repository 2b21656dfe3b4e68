"""Rule 2, and the order in which rules 4 and 6 follow it: intervals, scope, headlines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tamis.certainty.claims.advice import advised
from tamis.certainty.claims.context import Context, direction
from tamis.certainty.claims.evidence import Body
from tamis.certainty.claims.rule_headline import one_study, singled_out
from tamis.certainty.claims.rule_numbers import Answer
from tamis.certainty.claims.rule_scope import scope
from tamis.certainty.claims.significance import called_significant
from tamis.certainty.claims.suggest import allowed, say
from tamis.domain.claims import ClaimFinding

__all__ = ["effects"]


def effects(context: Context, found: Sequence[Answer] = ()) -> Iterator[ClaimFinding]:
    """Yield what rules 2, 4 and 6 say of a sentence."""
    verb = context.reading.verb
    known_word = verb is None or verb.role != "figure"
    stated = context.strength >= 2 and known_word
    if stated and (context.checked or context.sentence.section == "results"):
        yield from _interval(context)
    yield from _significant(context)
    if context.checked and (context.strength >= 2 or advised(context)):
        yield from scope(context)
        yield from singled_out(context)
    if context.checked:
        yield from one_study(context, found)


def _interval(context: Context) -> Iterator[ClaimFinding]:
    """Rule 2, once per outcome that the sentence names."""
    for name in context.outcomes:
        claim = direction(context.reading.sense, context.known.outcomes[name])
        bodies = [b for b in context.known.bodies_for(name, context.study) if b.comparative]
        for body in bodies:
            finding = _disagrees(context, body, claim)
            if finding is not None:
                yield finding
                break


_SILENT = frozenset({"aims", "methods", "references", "disclaimer"})
_INTERVAL = re.compile(r"\binterval\b|\bCI\b|区间", re.IGNORECASE)


def _significant(context: Context) -> Iterator[ClaimFinding]:
    """Rule 2: "significantly" beside an interval that includes no effect, said once an outcome."""
    if context.own or context.sentence.section in _SILENT:
        return
    told: set[str] = set()
    claimed = context.strength >= 2 and (context.checked or context.sentence.section == "results")
    if claimed:
        told = {b for f in _interval(context) if f.severity == "error" for b in f.because}
    for found, words_said in called_significant(context):
        because = found.because
        if told & set(because):
            continue
        told |= set(because)
        yield ClaimFinding(
            rule="interval-disagrees",
            severity="error",
            message=f"'{words_said}' is said of {found.body.outcome.name}; the interval includes"
            " no effect" + (f" ({found.study})" if found.study else ""),
            because=because,
            suggestion=say("not-significant", context.lang, s=allowed(context, (found.body,))),
        )


def _disagrees(context: Context, body: Body, claim: str) -> ClaimFinding | None:
    if body.includes_null is None or not claim:
        return None
    if claim == "same":
        return _no_difference(context, body)
    contrary = body.favours in ("good", "bad") and body.favours != claim
    if contrary and body.includes_null and _conceded(context, body):
        return None
    if not contrary and not body.includes_null:
        return None
    if not contrary and _paid(context, body):
        return _unnamed(context, body)
    what = "the estimate points the other way" if contrary else "the interval includes no effect"
    if not contrary and body.imprecision == 0 and body.level is not None:
        what += ", and imprecision was not rated down"
    benefit = "benefit" if claim == "good" else "harm"
    return ClaimFinding(
        rule="interval-disagrees",
        severity="error",
        message=f"a {benefit} for {body.outcome.name} is claimed; {what}",
        because=body.because,
        suggestion=allowed(context, (body,)),
    )


def _conceded(context: Context, body: Body) -> bool:
    """Tell whether "may" is paid for by imprecision and the sentence says how uncertain it is."""
    return context.strength <= 2 and body.imprecision < 0 and context.reading.uncertain


def _unnamed(context: Context, body: Body) -> ClaimFinding | None:
    """Note a statement that its thresholds allow and that does not name its interval (A9)."""
    if context.own or context.strength <= 2 or _INTERVAL.search(context.sentence.text):
        return None
    return ClaimFinding(
        rule="interval-disagrees",
        severity="note",
        message=f"the wording is that of the certainty; the interval for {body.outcome.name}"
        " includes no effect: name it",
        because=body.because,
        suggestion=allowed(context, (body,)),
    )


def _paid(context: Context, body: Body) -> bool:
    """Tell whether the doubt is already in the wording.

    A hedge is paid for by a downgrade for imprecision. A sentence that names its certainty, is no
    stronger than it allows and rests on thresholds of the protocol may use a word of direction
    (A9 of the method).
    """
    if context.strength <= 2 and body.imprecision < 0:
        return True
    stated = context.reading.level is not None and context.strength <= body.ceiling + (
        1 if body.ceiling == 1 and context.reading.uncertain else 0
    )
    return stated and body.sized


def _no_difference(context: Context, body: Body) -> ClaimFinding | None:
    excluded = not body.includes_null
    if not excluded and (not body.important() or _paid(context, body)):
        return None
    what = (
        "the interval excludes no effect"
        if excluded
        else "the interval reaches an effect that matters"
    )
    if excluded and _paid(context, body) and context.reading.level is not None:
        return None
    own = context.voice == "study"
    return ClaimFinding(
        rule="interval-disagrees",
        severity="note" if own else "error" if excluded else "warning",
        message=f"no difference in {body.outcome.name} is claimed; {what}"
        + (" (the study's own report)" if own else ""),
        because=body.because,
        suggestion=allowed(context, (body,)),
    )
