"""Counts of designs: "three of the four studies were randomised" against the included studies.

What is counted are studies that were randomised, that had a comparison or a placebo group, or that
had none. Every other predicate is left to other rules.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from tamis.certainty.claims.context import Context
from tamis.certainty.claims.evidence import COMPARATIVE
from tamis.certainty.claims.measured import arms_named
from tamis.certainty.claims.number import Number, decimal_of
from tamis.certainty.claims.rule_quantifiers import Judged
from tamis.domain.claims import ClaimFinding
from tamis.domain.records import Study

__all__ = ["counted_works", "every_study"]

_Has = Callable[[Context, Study], bool]


def _randomised(context: Context, study: Study) -> bool:
    return study.design == "randomised"


def _compared(context: Context, study: Study) -> bool:
    return study.design in COMPARATIVE


def _alone(context: Context, study: Study) -> bool:
    return study.design not in COMPARATIVE


def _placebo(context: Context, study: Study) -> bool:
    arms = {f.arm for f in context.known.facts if f.study == study.id}
    return study.design in COMPARATIVE and any("placebo" in arm for arm in arms)


#: What studies are counted by: pattern of a predicate -> what a study must be; the first fits.
_PREDICATES: Mapping[str, tuple[tuple[re.Pattern[str], _Has], ...]] = {
    "en": tuple((re.compile(p, re.IGNORECASE), has) for p, has in (
        (r"\b(?:no|without|lack\w*|not)\b[^.;,]{0,24}"
         r"\b(?:comparison|control(?:led|s)?|comparators?|placebo)\b|"
         r"\buncontrolled\b|\bsingle[\s-]arm\b|\bbefore[\s-]and[\s-]after\b", _alone),
        (r"\b(?:non[\s-]?|not\s+)randomi[sz]ed\b", lambda c, s: not _randomised(c, s)),
        (r"\brandomi[sz]ed\b|\bRCTs?\b", _randomised),
        (r"\bplacebo\b", _placebo),
        (r"\b(?:comparison|control|comparator)\s+(?:group|arm)s?\b|\bcontrolled\b|\bcomparative\b",
         _compared),
    )),
    "zh": tuple((re.compile(p), has) for p, has in (
        (r"(?:没有|无|未设|缺乏|不设|未设立|未设置)[^，,。；;]{0,6}(?:对照|安慰剂|比较)|"
         r"单臂|前后对照|自身对照", _alone),
        (r"非随机|未随机", lambda c, s: not _randomised(c, s)),
        (r"随机", _randomised),
        (r"安慰剂", _placebo),
        (r"对照", _compared),
    )),
}  # fmt: skip
_REACH = 44
_STOPS = re.compile(r"[,，;；。]|\band\b|\bbut\b|\bwhile\b")
_BASE = {
    "en": re.compile(r"\b(?:of|among|across)\s+(?:the\s+|these\s+|its\s+|all\s+)*$", re.IGNORECASE),
    "zh": re.compile(r"^\s*(?:项|篇|个)?(?:纳入的?|入选的?)?(?:研究|试验)?(?:之?中|里|之间|，|,)"),
}
_PART_EN = re.compile(
    r"(?<![\w-])(?P<n>one|two|three|four|five|six|seven|eight|nine|ten|\d{1,2})\s+(?:of\s+them\s+)?"
    r"(?:was|were|is|are|had|has|have)\b", re.IGNORECASE,
)  # fmt: skip
_OF_ALL = re.compile(r"\bof\s+(?:the|these|our|all)\s+\D*$", re.IGNORECASE)
_EVERY = {
    "en": re.compile(r"\b(?:all|every|each(?:\s+(?:one\s+)?of)?|both)\b[^.;,]{0,28}"
                     r"\b(?:studies|study|trials?)\b", re.IGNORECASE),
    "zh": re.compile(r"每一?[项个](?:研究|试验)|"
                     r"(?:所有|全部|各项?)(?:的|纳入的?)?(?:\S{0,3})?(?:研究|试验)|"
                     r"[项个](?:纳入的?)?(?:研究|试验)(?:中)?[均都]"),
}  # fmt: skip
_THAN_THEM = {
    "en": re.compile(r"\b(?:than|compared|versus|vs)\b", re.IGNORECASE),
    "zh": re.compile(r"[高低优多少]于|比|相较"),
}
_NOT_SAID = re.compile(
    r"[?？]|\b(?:not|if|whether|should|would|future|no)\b|是否|若|应当?|未来|并非|不是", re.I
)


def _held(context: Context, words: str) -> tuple[str, ...] | None:
    """Return the included studies that a predicate is true of; ``None`` where it is not known."""
    for pattern, has in _PREDICATES[context.lang]:
        if pattern.search(words):
            included = context.known.evidence.included
            return tuple(study.id for study in included if has(context, study))
    return None


def counted_works(context: Context, number: Number) -> str:
    """Answer "three of the four studies were randomised"; empty where that is not what is said."""
    every = len(context.known.evidence.included)
    if context.own or not every or (context.study is not None and number.whole is None):
        return ""
    of_all = _OF_ALL.search(context.span(number.start, number.end)) is not None
    if number.whole is None and not of_all:
        return _behind_a_base(context, number, every)
    ahead = _STOPS.split(context.span(number.end, number.end + _REACH))[0]
    held = _held(context, ahead)
    if held is None or (number.whole not in (None, every)):
        return "" if held is None else "cannot-tell"
    return "faithful" if number.value == len(held) else "contradicted"


def _behind_a_base(context: Context, number: Number, every: int) -> str:
    """Answer the counts behind "of the four included studies", told of them in the sentence."""
    text, lang = context.sentence.text, context.lang
    if lang == "en":
        if number.value != every or not _BASE["en"].search(text[: number.start]):
            return ""
        parts = list(_PART_EN.finditer(text, number.end))
        told = [(decimal_of(m["n"]), _held(context, _ahead(text, m.end()))) for m in parts]
        known = [(n, held) for n, held in told if held is not None]
        if not known:
            return ""
        return "faithful" if all(n == len(held) for n, held in known) else "contradicted"
    base = next((n for n in context.numbers if n.kind == "works" and n.start < number.start), None)
    if base is None or every not in (base.value, base.whole):
        return ""
    held = _held(context, _ahead(text, number.end))
    if held is None:
        return ""
    return "faithful" if number.value == len(held) else "contradicted"


def _ahead(text: str, start: int) -> str:
    return _STOPS.split(text[start : start + _REACH])[0]


def every_study(context: Context) -> Judged | None:
    """Judge "all four studies had a placebo group", "in every study … than the controls"."""
    text, lang = context.sentence.text, context.lang
    if context.own or context.sentence.section in ("aims", "methods", "references", "disclaimer"):
        return None
    said = _EVERY[lang].search(text)
    if said is None or _NOT_SAID.search(text) or context.study is not None:
        return None
    rest = text[said.end() :]
    held = _held(context, _STOPS.split(rest)[0][:_REACH])
    if held is None and _THAN_THEM[lang].search(rest) and _against_controls(context, said.end()):
        held = tuple(s.id for s in context.known.evidence.included if s.design in COMPARATIVE)
        if len(held) == len(context.known.evidence.included):
            return None
    if held is None:
        return None
    lacking = [s.id for s in context.known.evidence.included if s.id not in held]
    if not lacking:
        return Judged(answer="faithful")
    return Judged(answer="contradicted", finding=_finding(lacking))


def _against_controls(context: Context, start: int) -> bool:
    compared_with = {
        pair.arms[1] for pair in context.known.evidence.protocol.syntheses if all(pair.arms)
    }
    return any(a >= start and arm in compared_with for a, _, arm in arms_named(context))


def _finding(lacking: list[str]) -> ClaimFinding:
    return ClaimFinding(
        rule="number-differs",
        severity="error",
        message="every study is said to have what these have not: " + ", ".join(lacking),
        because=tuple(f"study:{study}" for study in lacking),
    )
