"""Rules 2, 4 and 6: intervals, scope and subgroups."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from tamis.certainty.claims.context import Context, direction
from tamis.certainty.claims.evidence import COMPARATIVE, Body
from tamis.certainty.claims.lexicon import clauses
from tamis.certainty.claims.naming import Mention, broader_than
from tamis.certainty.claims.reading import BREAKS
from tamis.certainty.claims.suggest import allowed, population, say
from tamis.domain.claims import ClaimFinding

__all__ = ["effects"]

_ESPECIALLY = {
    "en": re.compile(r"\b(?:especially|particularly|notably|above\s+all)\b", re.IGNORECASE),
    "zh": re.compile(r"特别是|尤其|特别对|尤以"),
}
_GROUP = {
    "en": re.compile(
        r"\b(?:patients|people|cases|adults|women|men|those|disease)\b", re.IGNORECASE
    ),
    "zh": re.compile(r"病例|患者|人群|者"),
}
_SUBGROUP = {
    "en": re.compile(r"\bsubgroups?\b|\bpost[\s-]?hoc\b", re.IGNORECASE),
    "zh": re.compile(r"亚组|事后分析"),
}
_UNITS: Mapping[str, float] = {
    "月": 1, "month": 1, "周": 12 / 52.18, "week": 12 / 52.18, "年": 12, "year": 12,
    "天": 12 / 365.25, "日": 12 / 365.25, "day": 12 / 365.25,
}  # fmt: skip
_LASTS = {
    "en": re.compile(
        r"\b(?:for|over|after|at|up\s+to|through|lasting|within|least)\b", re.IGNORECASE
    ),
    "zh": re.compile(r"持续|长达|至少|达|后|内|以上"),
}


def effects(context: Context) -> Iterator[ClaimFinding]:
    """Yield what rules 2, 4 and 6 say of a sentence."""
    if context.strength >= 2 and (context.checked or context.sentence.section == "results"):
        yield from _interval(context)
    if context.checked and (context.strength >= 2 or context.reading.recommends):
        yield from _scope(context)
        yield from _subgroup(context)


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


def _disagrees(context: Context, body: Body, claim: str) -> ClaimFinding | None:
    if body.includes_null is None or not claim:
        return None
    if claim == "same":
        return _no_difference(context, body)
    contrary = body.favours in ("good", "bad") and body.favours != claim
    if not contrary and (not body.includes_null or _paid(context, body)):
        return None
    what = "the estimate points the other way" if contrary else "the interval includes no effect"
    benefit = "benefit" if claim == "good" else "harm"
    return ClaimFinding(
        rule="interval-disagrees",
        severity="error",
        message=f"a {benefit} for {body.outcome.name} is claimed; {what}",
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


def _scope(context: Context) -> Iterator[ClaimFinding]:
    """Rule 4: population, intervention, time."""
    for kind in ("population", "intervention"):
        mention = _wider(context, kind)
        if mention is not None:
            name = context.span(mention.start, mention.end) or mention.id
            yield _scope_finding(context, f"'{name}' is wider than the {kind} studied", mention.id)
    subset = _unstudied(context)
    if subset is not None:
        name = context.span(subset.start, subset.end) or subset.id
        yield _scope_finding(
            context, f"no comparison covers '{name}': this subset was not studied", subset.id
        )
    yield from _time(context)


def _scope_finding(context: Context, message: str, concept: str) -> ClaimFinding:
    return ClaimFinding(
        rule="scope-wider",
        severity="error",
        message=message,
        because=(f"concept:{concept}",) if concept else (),
        suggestion=say("scope", context.lang, p=population(context), s=allowed(context)),
    )


def _studied(context: Context, kind: str) -> tuple[str, ...]:
    """Return the concepts studied: of the study that speaks, of the bodies, of the question."""
    known = context.known
    asked = (known.question[kind],) if kind in known.question else ()
    if kind == "population" and context.study is not None:
        return (*known.populations_of(context.study.id), *asked)
    of_bodies = tuple(dict(body.concepts)[kind] for body in context.bodies
                      if kind in dict(body.concepts))  # fmt: skip
    return of_bodies or asked


def _wider(context: Context, kind: str) -> Mention | None:
    """Return a concept broader than what was studied that stands alone in its clause."""
    studied = _studied(context, kind)
    concepts = context.known.concepts
    mentions = context.concept_mentions(kind)
    for mention in mentions:
        beside = [m.id for m in _clause_of(context, mention, mentions)]
        exact = any(
            m in studied or any(broader_than(s, m, concepts) for s in studied) for m in beside
        )
        if studied and not exact and all(broader_than(mention.id, s, concepts) for s in studied):
            return mention
    return None


def _clause_of(
    context: Context, mention: Mention, mentions: Iterable[Mention]
) -> tuple[Mention, ...]:
    for start, end in clauses(context.sentence.text, BREAKS[context.lang]):
        if start <= mention.start < end:
            return tuple(m for m in mentions if start <= m.start < end)
    return (mention,)


def _unstudied(context: Context) -> Mention | None:
    """Return a narrower population that no comparative study covers."""
    known = context.known
    asked = known.question.get("population", "")
    for mention in context.concept_mentions("population"):
        if not asked or not broader_than(asked, mention.id, known.concepts):
            continue
        covering = [
            study
            for study in known.evidence.included
            if study.design in COMPARATIVE and mention.id in _covered(context, study.id)
        ]
        speaks = context.study is not None and mention.id in _covered(context, context.study.id)
        if not covering and not speaks:
            return mention
    return None


def _covered(context: Context, study: str) -> tuple[str, ...]:
    of_bodies = [
        dict(body.concepts)["population"]
        for body in context.known.bodies
        if study in body.studies and "population" in dict(body.concepts)
    ]
    return (*context.known.populations_of(study), *of_bodies)


def _time(context: Context) -> Iterator[ClaimFinding]:
    """Find a time beyond every visit of the studies behind the claim."""
    longest = _longest(context)
    if longest is None or context.strength < 2:
        return
    for number in context.numbers:
        factor = _UNITS.get(number.unit.rstrip("s").lower()) if number.kind == "months" else None
        if factor is None or float(number.value) * factor <= longest * 1.1 + 0.5:
            continue
        before = context.sentence.text[max(0, number.start - 14) : number.end + 4]
        if _LASTS[context.lang].search(before):
            shown = context.span(number.start, number.end)
            yield _scope_finding(context, f"'{shown}' is longer than any study followed people", "")
            return


def _longest(context: Context) -> float | None:
    known = context.known
    studies = {context.study.id} if context.study else {s.id for s in known.evidence.included}
    months = [
        known.months[v.cell.visit]
        for v in known.evidence.extraction.values
        if v.cell.study in studies and v.cell.visit in known.months
    ]
    months += [
        float(v.number)
        for v in known.evidence.extraction.values
        if v.cell.study in studies and v.cell.outcome == "follow-up-months" and v.number is not None
    ]
    months += [known.months[b.synthesis.plan.visit] for b in known.bodies
               if b.synthesis is not None and b.synthesis.plan.visit in known.months]  # fmt: skip
    longest = max(months, default=0.0)
    return longest or None


def _subgroup(context: Context) -> Iterator[ClaimFinding]:
    """Rule 6: a group is singled out without a test of interaction."""
    text, lang = context.sentence.text, context.lang
    singled = _ESPECIALLY[lang].search(text)
    if singled is not None:
        rest = text[singled.end() :]
        populations = [
            m for m in context.concept_mentions("population") if m.start >= singled.end()
        ]
        singled = singled if populations or _GROUP[lang].search(rest) else None
    headline = _SUBGROUP[lang].search(text) if context.strength >= 3 else None
    found = singled or headline
    if found is None or _tested(context):
        return
    yield ClaimFinding(
        rule="subgroup-headline",
        severity="error",
        message=f"'{found.group()}' singles out a group; no test of interaction supports it",
        because=tuple(dict.fromkeys(b for body in context.bodies for b in body.because)),
        suggestion=say("subgroup", lang, s=allowed(context)),
    )


def _tested(context: Context) -> bool:
    return any(
        body.synthesis is not None and body.synthesis.plan.subgroups for body in context.bodies
    )
