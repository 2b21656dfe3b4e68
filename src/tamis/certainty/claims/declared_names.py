"""What a declared claim names and the review has not: studies, results, units, a certainty."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator

from tamis.certainty.claims.context import Knowledge
from tamis.certainty.claims.lexicon import CEILING
from tamis.certainty.claims.units import is_unit
from tamis.domain.claims import Claim, ClaimFinding

__all__ = ["required", "unknown_names"]


def unknown_names(claim: Claim, known: Knowledge) -> Iterator[ClaimFinding]:
    """Yield an error for every study, result or unit that the review does not have.

    What is named there comes and goes while a review is made (a study is linked, a value
    corrected), so it is a finding and never a refusal of the file.
    """
    evidence = known.evidence
    subject = claim.study or "review"
    studies = [study.id for study in evidence.studies]
    if claim.study and claim.study not in studies:
        yield _finding(
            "scope-wider", subject, f"the review has no study {claim.study!r}",
            _nearest(claim.study, studies),
        )  # fmt: skip
    results = _results(known)
    own = [unit for unit in _units(known) if unit]
    for number in claim.numbers:
        if number.result and number.result not in results:
            yield _finding(
                "number-differs", subject,
                f"the review has no value or result {number.result!r}, "
                f"against which {number.value} would be held",
                _nearest(number.result, sorted(results)),
            )  # fmt: skip
        if number.unit and not is_unit(number.unit, own):
            yield _finding(
                "unit-or-notation-lost", subject,
                f"{number.unit!r}, the unit of {number.value}, is no unit of this review",
                _nearest(number.unit, own),
            )  # fmt: skip


def required(claim: Claim, strength: int) -> Iterator[ClaimFinding]:
    """Yield a note where the certainty that was written is not what the strength requires."""
    if claim.certainty_required is None or strength == 0:
        return
    levels = [level for level, most in CEILING.items() if level is not None and most >= strength]
    derived = min(levels, default=None)
    if derived != claim.certainty_required:
        allowed = f"from certainty {derived}" if derived else "at no certainty"
        yield ClaimFinding(
            rule="verb-too-strong",
            severity="note",
            message=f"certainty_required is {claim.certainty_required}, and a wording of strength "
            f"{strength} is allowed {allowed}",
            subject=claim.study or "review",
        )


def _finding(rule: str, subject: str, message: str, suggestion: str) -> ClaimFinding:
    return ClaimFinding(
        rule=rule, severity="error", message=message, suggestion=suggestion, subject=subject
    )


def _results(known: Knowledge) -> frozenset[str]:
    """Return the ids that a number may name, with and without their kind."""
    evidence = known.evidence
    ids = {name for fact in known.facts for name in fact.ids}
    ids |= {value.id for value in evidence.extraction.values}
    ids |= {f"syn:{plan.id}" for plan in evidence.protocol.syntheses}
    return frozenset({*ids, *(name.partition(":")[2] for name in ids)})


def _units(known: Knowledge) -> tuple[str, ...]:
    evidence = known.evidence
    units = [o.unit.strip() for o in evidence.protocol.outcomes]
    units += [v.unit.strip() for v in evidence.extraction.values]
    return tuple(dict.fromkeys((*units, *known.units)))


def _nearest(name: str, names: Iterable[str]) -> str:
    listed = list(names)
    near = difflib.get_close_matches(name, listed, 1)
    if near:
        return f"did you mean {near[0]!r}?"
    shown = ", ".join(listed[:8])
    return f"use one of {shown}{', …' if len(listed) > 8 else ''}" if shown else "leave it out"
