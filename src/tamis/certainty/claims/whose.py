"""The one study whose result a sentence tells where it names none by its label.

An author ("Gu's patients"), "the trial" of a review that has one, or what only one of its studies
can have: a placebo group, "both arms". Where several could be meant, none is.
"""

from __future__ import annotations

import re

from tamis.certainty.claims.context import Context
from tamis.certainty.claims.evidence import COMPARATIVE
from tamis.certainty.claims.measured import arms_named
from tamis.certainty.claims.speaking import author_of, only_trial
from tamis.domain.records import Study

__all__ = ["BOTH_ARMS", "whose"]

#: Both groups of a comparison, told as one.
BOTH_ARMS = {
    "en": re.compile(r"\b(?:either|both|each|neither|any|the\s+two|two)\s+"
                     r"(?:study\s+|treatment\s+)?(?:arms?|groups?)\b", re.IGNORECASE),
    "zh": re.compile(r"两组|两臂|各组|双组|任一组|任何一组"),
}  # fmt: skip
_THE_TRIAL = {
    "en": re.compile(r"\bthe\s+(?:[\w-]+\s+){0,2}(?:trial|RCT)\b(?!s)", re.IGNORECASE),
    "zh": re.compile(r"(?<![项个篇])试验(?:中|里|的|显示|报告|结果|(?=\s*\d))"),
}
_OTHERS = re.compile(
    r"\b(?:other|another|next|future|larger|previous|earlier|registered|unpublished|excluded|second)\b|"
    r"其他|另一|未来|更大|既往|此前|未纳入|注册",
    re.IGNORECASE,
)


def whose(context: Context) -> Study | None:
    """Return the study that the results of a sentence are of, if it is one and only one."""
    if context.study is not None:
        return context.study
    text, lang, evidence = context.sentence.text, context.lang, context.known.evidence
    if any(m.kind == "study" for m in context.mentions):
        return None
    author = author_of(text, lang, evidence, claiming=True)
    if author is not None or _OTHERS.search(text):
        return author
    trial = only_trial(text, lang, evidence)
    if trial is not None:
        return trial
    comparing = [s for s in evidence.included if s.design in COMPARATIVE]
    if len(comparing) != 1:
        return None
    compared_with = {pair.arms[1] for pair in evidence.protocol.syntheses if all(pair.arms)}
    named = any(arm in compared_with for *_, arm in arms_named(context))
    said = named or _THE_TRIAL[lang].search(text) or BOTH_ARMS[lang].search(text)
    return comparing[0] if said else None
