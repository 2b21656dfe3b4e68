"""Data without a comparison group as a sentence itself describes them, for rule 5.

"In the uncontrolled series", "after the infusion, so the cells work", "in the nine patients" where
nine is the size of one uncontrolled study: the study needs no name to be known.
"""

from __future__ import annotations

import re

from tamis.certainty.claims.context import Context
from tamis.certainty.claims.evidence import COMPARATIVE

__all__ = ["told_uncontrolled"]

#: A design that is said to have no comparison.
_DESIGN = {
    "en": re.compile(
        r"\b(?:single|one)[\s-](?:arm|group)\b|\buncontrolled\b|\bopen[\s-]label\s+(?:single|"
        r"series)|"
        r"\bcase[\s-](?:series|reports?)\b|\bbefore[\s-](?:and[\s-])?after\b|\bpre[\s-]?post\b|"
        r"\bwithout\s+(?:a\s+|any\s+)?(?:control|comparison|comparator)s?(?:\s+group)?\b|"
        r"\bphase\s+(?:I|1)\b(?!I|/)",
        re.IGNORECASE),
    "zh": re.compile(r"单臂|单组|无对照|没有对照|未设对照|病例系列|病例报告|自身前后|治疗前后|"
                     r"前后对照|I\s?期(?!I)|Ⅰ期"),
}  # fmt: skip
#: After it, therefore because of it.
_POST_HOC = {
    "en": re.compile(
        r"\b(?:after|following|since|upon)\b[^.;]{0,40}?(?:,|\s)\s*(?:so|thus|hence|therefore|"
        r"which\s+(?:shows?|proves?|"
        r"means?)|shows?|proves?|demonstrates?|confirms?|means?)\b|"
        r"\bbecause\b[^.;]{0,40}?\b(?:after|following|since)\b|"
        r"\b(?:improvement|change|remission|recovery|fall|drop|"
        r"response)\b[^.;]{0,40}?\b(?:attributable|credited|"
        r"owing|down)\s+to\b|\bowes?d?\b|\bthanks\s+to\b", re.IGNORECASE),
    "zh": re.compile(r"后[^。；;]{0,24}?(?:说明|证明|可见|足见|表明|因此可|显然|由此)|归功于|"
                     r"得益于|多亏|"
                     r"(?:缓解|改善|好转|下降)的原因|归因于"),
}  # fmt: skip
_CREDITS = frozenset({"good", "cause", "up", "down"})


def told_uncontrolled(context: Context) -> tuple[str, ...]:
    """Return what a claim rests on where its own words say that nothing was compared."""
    reading, lang = context.reading, context.lang
    study = context.study
    if reading.sense not in _CREDITS or (study is not None and study.design in COMPARATIVE):
        return ()
    text = context.sentence.text
    known = context.known.evidence
    sized = study.id if study is not None else _of_size(context)
    if sized:
        return (f"study:{sized}",)
    said = _DESIGN[lang].search(text) or _POST_HOC[lang].search(text)
    if not said or _compared(context):
        return ()
    return tuple(f"study:{s.id}" for s in known.included if s.design not in COMPARATIVE)


def _compared(context: Context) -> bool:
    """Tell whether a sentence names a comparator."""
    return any(
        context.known.concepts[m.id].id != "none" for m in context.concept_mentions("comparator")
    )


def _of_size(context: Context) -> str:
    """Return the one included study whose participants a sentence counts, if none was compared."""
    counts = {n.value for n in context.numbers if n.kind == "people"}
    if len(counts) != 1:
        return ""
    facts = [
        f
        for f in context.known.facts
        if f.outcome == "participants" and f.kind == "people" and f.study and f.value in counts
    ]
    studies = {f.study for f in facts}
    included = {s.id: s for s in context.known.evidence.included}
    if len(studies) != 1:
        return ""
    found = included.get(next(iter(studies)))
    return found.id if found is not None and found.design not in COMPARATIVE else ""
