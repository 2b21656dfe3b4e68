"""P-values and words of significance against the intervals of the evidence (rules 2 and 10).

"p < 0.001" and "significantly" say that an interval excludes no effect. They are held against the
result of whoever speaks: the body's main interval, or the study's own.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from tamis.certainty.claims.context import Context
from tamis.certainty.claims.evidence import Body
from tamis.certainty.claims.facts import Fact
from tamis.certainty.claims.lexicon import clauses
from tamis.certainty.claims.measured import outcomes_of
from tamis.certainty.claims.numbers import Number
from tamis.certainty.claims.reading import BREAKS

__all__ = ["Tested", "called_significant", "significance", "tested"]

#: Below it a result is called significant (a convention of texts, not of this program).
LEVEL = Decimal("0.05")

#: Other tests than that of the effect, and comparisons with the start.
_OTHER = re.compile(
    r"\b(?:heterogeneity|inconsistency|interaction|subgroup\w*|trend|baseline|asymmetry|Egger|"
    r"correlat\w+|within[\s-]group|I2|before\s+treatment)\b|I²|"
    r"异质性|交互|亚组|趋势|基线|相关性|治疗前|自身",
    re.IGNORECASE,
)
_CALLED = {
    "en": re.compile(
        r"\b(?:statistically\s+)?significantly\b|\bstatistically\s+significant\b|"
        r"\b(?:is|are|was|were|reached|a|an)\s+(?:highly\s+)?significant\b(?!\s+(?:adverse|risk\s+of|"
        r"concern|number|proportion|problem|burden|limitation))|\bsignificant\s+(?:reductions?|"
        r"decreases?|increases?|improvements?|differences?|effects?|benefits?|declines?|gains?|falls?|drops?|rises?|"
        r"relief)\b|\bstatistical\s+significance\b", re.IGNORECASE),
    "zh": re.compile(r"(?:有|具有|达到)统计学(?:上的?)?(?:意义|显著性?)|统计学上显著|"
                     r"显著(?!性)(?=[^，。；]{0,8}?(?:降低|减少|下降|改善|升高|增加|提高|缩短|延长|缓解|差异|优于|低于|"
                     r"高于|少于|多于))|(?:降低|减少|改善|升高|增加|提高|差异)(?:\S{0,3}?)显著(?!性)"),
}  # fmt: skip
_NOT = {
    "en": re.compile(r"\b(?:no|not|non|without|neither|nor|n't|never|lack\w*|fail\w*|whether|"
                     r"clinically|insignificant\w*)\b[\s-]*(?:\w+\s+){0,3}$", re.IGNORECASE),
    "zh": re.compile(r"(?:无|没有|未见|未|不|非|缺乏|是否)\S{0,3}$"),
}  # fmt: skip
_HEDGED = re.compile(
    r"\bnot\s+(?:statistically\s+)?significant|未达到|无统计学|不显著", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested:
    """The result that a word of significance is about: its interval, its p if known, its ids."""

    body: Body
    includes_null: bool | None
    p: float | None
    because: tuple[str, ...]
    study: str = ""


def tested(context: Context, outcome: str) -> Tested | None:
    """Return the one result on an outcome of whoever speaks; ``None`` where there is none."""
    bodies = [b for b in context.known.bodies_for(outcome, context.study) if b.comparative]
    if not bodies:
        return None
    body = bodies[0]
    if context.study is not None and body.studies != (context.study.id,):
        return _of_study(context.study.id, body)
    if body.includes_null is None:
        return None
    return Tested(body=body, includes_null=body.includes_null, p=_p(body), because=body.because)


def _of_study(study: str, body: Body) -> Tested | None:
    effects = body.synthesis.effects if body.synthesis is not None else ()
    for effect in effects:
        if effect.study == study and effect.low is not None and effect.high is not None:
            return Tested(body=body, includes_null=effect.low <= body.null <= effect.high, p=None,
                          because=(f"study:{study}",), study=study)  # fmt: skip
    return None


def _p(body: Body) -> float | None:
    """Return the p of the main interval; of a single study only where it has one test."""
    synthesis = body.synthesis
    if synthesis is None:
        return None
    if synthesis.pooled is not None:
        p = synthesis.pooled.p
        return p if p is not None and math.isfinite(p) else None
    values = [v for single in synthesis.single for v in single.p.values() if math.isfinite(v)]
    return values[0] if len(values) == 1 else None


def significance(context: Context, number: Number) -> tuple[str, tuple[Fact, ...]] | None:
    """Return the answer about a p-value, with what the evidence holds instead."""
    names = outcomes_of(context, number)
    if len(names) != 1 or _OTHER.search(context.sentence.text):
        return "cannot-tell", ()
    recorded = [f for f in context.known.facts if f.kind == "p" and f.outcome == names[0]
                and f.sure and (context.study is None or f.study == context.study.id)]  # fmt: skip
    known = (*(float(f.value) for f in recorded), *_tests(context, names[0]))
    if any(_holds(number, p) for p in known):
        return "faithful", ()
    found = tested(context, names[0])
    if found is None or found.includes_null is None:
        return "cannot-tell", ()
    if found.p is not None:
        return _by_p(number, found, found.p)
    claims = _claims_significance(number)
    if claims is not None and claims == found.includes_null:
        return "contradicted", (_interval_of(found),)
    plain = claims is not None and number.value == LEVEL and number.unit in "<>≤≥"
    return ("faithful" if plain else "cannot-tell"), ()


def _tests(context: Context, outcome: str) -> Iterator[float]:
    """Yield the p of every test of one study alone, of the study that speaks if one does."""
    for synthesis in context.known.evidence.syntheses:
        if synthesis.plan.outcome != outcome:
            continue
        for single in synthesis.single:
            if context.study is None or single.study == context.study.id:
                yield from (p for p in single.p.values() if math.isfinite(p))


def _by_p(number: Number, found: Tested, p: float) -> tuple[str, tuple[Fact, ...]]:
    if _holds(number, p):
        return "faithful", ()
    fact = Fact(kind="p", value=Decimal(repr(p)), ids=found.because, outcome=found.body.outcome.id)
    return "contradicted", (fact, _interval_of(found))


def _interval_of(found: Tested) -> Fact:
    body = found.body
    low, high = body.low, body.high
    if found.study and body.synthesis is not None:
        effect = next(e for e in body.synthesis.effects if e.study == found.study)
        low, high = effect.low, effect.high
    return Fact(
        kind="interval",
        value=Decimal(repr(float(low or 0))),
        high=Decimal(repr(float(high or 0))),
        ids=found.because,
        outcome=body.outcome.id,
        measure=body.measure,
    )


def _holds(number: Number, p: float) -> bool:
    value = float(number.value)
    match number.unit:
        case "<" | "≤":
            return p <= value
        case ">" | "≥":
            return p >= value
        case _:
            return abs(p - value) <= 0.5 * 10.0**-number.digits + 1e-12


def _claims_significance(number: Number) -> bool | None:
    """Tell whether a p-value claims significance; ``None`` where it leaves that open."""
    if number.unit in "<≤":
        return True if number.value <= LEVEL else None
    if number.unit in ">≥":
        return False if number.value >= LEVEL else None
    return number.value < LEVEL


def called_significant(context: Context) -> Iterator[tuple[Tested, str]]:
    """Yield results that are called significant although their interval includes no effect."""
    text, lang = context.sentence.text, context.lang
    if _OTHER.search(text):
        return
    for m in _CALLED[lang].finditer(text):
        if _NOT[lang].search(text[: m.start()]) or _HEDGED.search(m.group()):
            continue
        for name in _named_beside(context, m.start()):
            found = tested(context, name)
            if found is not None and found.includes_null:
                yield found, m.group()


def _named_beside(context: Context, at: int) -> tuple[str, ...]:
    """Return the outcomes of the clause of a word; all of the sentence where it names none."""
    named = [m for m in context.mentions if m.kind == "outcome" and m.id in context.all_outcomes]
    for start, end in clauses(context.sentence.text, BREAKS[context.lang]):
        if start <= at < end:
            inside = [m for m in named if start <= m.start < end]
            if inside:
                behind = [m for m in inside if m.start >= at]
                return tuple(dict.fromkeys(m.id for m in behind or inside))
    return context.all_outcomes
