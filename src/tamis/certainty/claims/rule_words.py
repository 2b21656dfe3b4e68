"""Rules 1, 5, 7, 8 and 9: what the words of a sentence may say, given the evidence behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tamis.certainty.claims.advice import advised
from tamis.certainty.claims.comparators import before_after
from tamis.certainty.claims.context import Context, direction
from tamis.certainty.claims.evidence import COMPARATIVE, Body
from tamis.certainty.claims.lexicon import CEILING
from tamis.certainty.claims.rule_safety import harm_bodies, only_safety, safety
from tamis.certainty.claims.suggest import allowed, say
from tamis.certainty.claims.surrogacy import inferred_from
from tamis.certainty.claims.uncontrolled import told_uncontrolled
from tamis.domain.claims import ClaimFinding

__all__ = ["words"]

#: Least strength of wording that claims an effect.
_STATED = 2

#: A plain assertion: what a study may say of its own result.
_PLAIN = 4

_LEVELS = {4: "high", 3: "moderate", 2: "low", 1: "very low", None: "not rated"}
_STRENGTHS = {
    5: "proof",
    4: "a plain assertion of effect",
    3: "'likely'",
    2: "'may'",
    1: "uncertain",
    0: "no claim",
}
_BIAS = re.compile(r"\bbias\b|偏倚|methodological\s+quality|方法学质量", re.IGNORECASE)
_SURROGATE = re.compile(r"surrogate|替代指标|替代终点|biomarker|marker|标志物", re.IGNORECASE)


def words(context: Context) -> Iterator[ClaimFinding]:
    """Yield what rules 1, 5, 7, 8 and 9 say of a sentence."""
    if not context.checked:
        return
    yield from _recommendation(context)
    yield from safety(context)
    if context.strength < _STATED or only_safety(context):
        return
    if _advice_of_others(context):
        return
    yield from _too_strong(context)
    yield from _misnamed(context)
    yield from _no_comparator(context)
    yield from _caveat(context)
    yield from _surrogate(context)


def _recommendation(context: Context) -> Iterator[ClaimFinding]:
    lang = context.lang
    if _advice_of_others(context):
        return
    bodies = harm_bodies(context)
    told = allowed(context, bodies) if bodies else say("harms-unknown", lang)
    for hit in advised(context)[:1]:
        yield ClaimFinding(
            rule="recommendation",
            severity="error",
            message=f"'{hit.text}' recommends; the review has no step from evidence to decision",
            because=_because(context),
            suggestion=say("no-recommendation", lang, h=told, s=allowed(context)),
        )


#: Whose advice is told, not given.
_OTHERS = re.compile(r"\bguidelines?\b|\bguidance\b|\bconsensus\b|指南|共识|说明书", re.IGNORECASE)


def _advice_of_others(context: Context) -> bool:
    """Tell whether a sentence tells what guidelines advise of another treatment than this one."""
    named = any(m.id == "intervention" for m in context.mentions)
    named = named or bool(context.concept_mentions("intervention"))
    return not named and bool(_OTHERS.search(context.sentence.text))


def _too_strong(context: Context) -> Iterator[ClaimFinding]:
    """Rule 1. A study that reports no difference of its own is reported faithfully."""
    reading, level = context.reading, context.level
    ceiling = CEILING[level]
    if context.voice == "study" and reading.sense == "same" and context.strength <= _PLAIN:
        return
    if reading.mixed:
        if level is None or level <= 2:
            yield ClaimFinding(
                rule="verb-too-strong",
                severity="error",
                message=f"mixed: '{_verb(context)}' asserts as settled what is then hedged; the"
                f" certainty is {_LEVELS[level]}",
                because=_because(context),
                suggestion=say("drop-proof", context.lang, s=allowed(context)),
            )
        return
    if context.strength <= ceiling or context.strength == 2:
        return
    if reading.verb is not None and reading.verb.role == "figure":
        yield ClaimFinding(
            rule="verb-too-strong",
            severity="warning",
            message=f"'{_verb(context)}' seems to claim an effect in a figure of speech; certainty"
            f" {_LEVELS[level]} allows {_STRENGTHS[ceiling]}",
            because=_because(context),
            suggestion=allowed(context),
        )
        return
    yield ClaimFinding(
        rule="verb-too-strong",
        severity="error",
        message=f"'{_verb(context)}' is {_STRENGTHS[context.strength]}; certainty"
        f" {_LEVELS[level]} allows {_STRENGTHS[ceiling]}",
        because=_because(context),
        suggestion=allowed(context),
    )


def _misnamed(context: Context) -> Iterator[ClaimFinding]:
    """Rule 1 too: a sentence that names a higher certainty than the evidence was rated."""
    said, level = context.reading.level, context.level
    if said is None or level is None or said <= level or not context.outcomes:
        return
    yield ClaimFinding(
        rule="verb-too-strong",
        severity="error",
        message=f"the sentence names {_LEVELS[said]} certainty; it was rated {_LEVELS[level]}",
        because=_because(context),
        suggestion=allowed(context),
    )


def _no_comparator(context: Context) -> Iterator[ClaimFinding]:
    """Rule 5: wording of effect on data without a comparison group."""
    if context.reading.sense in ("", "same") and not context.reading.mixed:
        return
    earlier = before_after(context)
    if earlier:
        yield ClaimFinding(
            rule="no-comparator",
            severity="error",
            message=f"'{earlier}' compares people with themselves at an earlier time; that is no"
            " comparison group",
            because=_because(context),
            suggestion=allowed(context),
        )
        return
    study, known = context.study, context.known
    loose: tuple[str, ...] = told_uncontrolled(context)
    bodies: tuple[Body, ...] = ()
    if loose:
        pass
    elif study is not None:
        loose = () if study.design in COMPARATIVE else (f"study:{study.id}",)
    elif context.reading.quantifier == "all":
        loose = tuple(
            f"study:{s.id}" for s in known.evidence.included if s.design not in COMPARATIVE
        )
    elif context.outcomes:
        bodies = context.bodies
        if bodies and not any(body.comparative for body in bodies):
            loose = tuple(f"study:{s}" for body in bodies for s in body.studies)
    if not loose:
        return
    yield ClaimFinding(
        rule="no-comparator",
        severity="error",
        message="an effect is claimed, and these data have no comparison group: "
        + ", ".join(dict.fromkeys(name.partition(":")[2] for name in loose)),
        because=tuple(dict.fromkeys(loose)),
        suggestion=allowed(context, bodies),
    )


def _caveat(context: Context) -> Iterator[ClaimFinding]:
    """Rule 8 in one sentence: very low certainty (or none) that is not conceded."""
    reading, level = context.reading, context.level
    if context.unasked:
        return
    if context.voice == "study" and reading.sense == "same":
        return
    if reading.uncertain or (context.strength > 2 and context.conceded):
        return
    if level is None or level == 1:
        yield ClaimFinding(
            rule="caveat-missing",
            severity="warning",
            message=f"the certainty is {_LEVELS[level]}, and the sentence does not say so",
            because=_because(context),
            suggestion=allowed(context),
        )
    elif reading.level is None and context.strength > 2:
        yield from _risk_of_bias(context)


def _risk_of_bias(context: Context) -> Iterator[ClaimFinding]:
    studies = {study for body in context.bodies for study in body.studies}
    poor = [
        a
        for a in context.known.evidence.appraisals
        if a.study in studies and a.overall is not None and a.overall.judgement is not None
        and a.overall.judgement.tone in ("poor", "worst")
    ]  # fmt: skip
    if poor and not _BIAS.search(context.sentence.text):
        yield ClaimFinding(
            rule="caveat-missing",
            severity="warning",
            message="high risk of bias stands behind this claim and is not said: "
            + ", ".join(dict.fromkeys(a.study for a in poor)),
            because=tuple(dict.fromkeys(a.event for a in poor if a.event)),
            suggestion=allowed(context),
        )


def _surrogate(context: Context) -> Iterator[ClaimFinding]:
    """Rule 9: a word of value, or a patient's gain, on nothing but surrogates."""
    outcomes = [context.known.outcomes[name] for name in context.valued]
    if context.strength < 3 or _SURROGATE.search(context.sentence.text):
        return
    inferred = inferred_from(context)
    if not inferred:
        if not outcomes or not context.reading.value_word:
            return
        if not all(o.surrogate_for for o in outcomes):
            return
    shown = inferred or tuple(outcomes)
    if any(direction(context.reading.sense, o) == "same" for o in shown):
        return
    yield ClaimFinding(
        rule="surrogate",
        severity="warning",
        message="; ".join(f"{o.name} stands in for {o.surrogate_for}" for o in shown),
        because=tuple(f"outcome:{o.id}" for o in shown),
        suggestion=allowed(context),
    )


def _verb(context: Context) -> str:
    verb = context.reading.verb
    return context.span(verb.start, verb.end) if verb is not None else ""


def _because(context: Context) -> tuple[str, ...]:
    ids = [name for body in context.bodies for name in body.because]
    return tuple(dict.fromkeys(ids)) or tuple(f"outcome:{name}" for name in context.outcomes)
