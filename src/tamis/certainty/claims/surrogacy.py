"""A gain for patients that a sentence infers from a surrogate, for rule 9.

"By lowering protein in the urine it saves kidneys", 指数下降意味着患者活得更久: the review knows
the first half only as a surrogate (``surrogate_for`` of the outcome), and the second half follows
by a connective, not by data.
"""

from __future__ import annotations

import re

from tamis.certainty.claims.context import Context
from tamis.domain.question import Outcome

__all__ = ["inferred_from"]

_LINK = {
    "en": re.compile(
        r"\b(?:means?|meant|translat\w+|so|thus|therefore|hence|thereby|by|through|shows?|proves?|"
        r"demonstrates?|signals?|implies|equals?|which|and\s+(?:thus|so|hence|thereby|with\s+it)|"
        r"spells?|amounts?\s+to|turn(?:s|ed)?\s+into|guarantees?|ensures?)\b", re.IGNORECASE),
    "zh": re.compile(r"意味|从而|说明|证明|转化|因此|通过|可见|所以|进而|等于|代表|由此|预示|"
                     r"足以|这就|保证"),
}  # fmt: skip
#: What matters to patients and is no laboratory value or score.
_MATTERS = {
    "en": re.compile(
        r"\b(?:kidney|renal|organ|heart|liver)\s+failure\b|\bdialysis\b|\bsurviv\w+|\b(?:live|"
        r"lives|living|life|lifespan)\b"
        r"|\bcure[sd]?\b|\bdeaths?\b|\bdie[sd]?\b|\b(?:sav|spar|"
        r"rescu)\w+\s+(?:\S+\s+){0,3}?(?:kidneys?|organs?|patients|"
        r"people|lives)|\bquality\s+of\s+life\b|\btransplant\s+waiting|\bhospital\w*\b|"
        r"\bhealthy\b|\bhealed\b",
        re.IGNORECASE),
    "zh": re.compile(r"透析|衰竭|肾衰|生存|生命|活得|活着|生活|保住|治好|治愈|痊愈|死亡|寿命|"
                     r"住院|救回|存活|健康"),
}  # fmt: skip


def inferred_from(context: Context) -> tuple[Outcome, ...]:
    """Return the surrogates from which a sentence infers what matters; empty where it does not."""
    text, lang = context.sentence.text, context.lang
    named = [m for m in context.mentions if m.kind == "outcome" and m.id in context.all_outcomes]
    outcomes = [context.known.outcomes[m.id] for m in named]
    surrogates = tuple(dict.fromkeys(o for o in outcomes if o.surrogate_for))
    if not surrogates or not _LINK[lang].search(text):
        return ()
    bare = list(text)
    for mention in named:
        bare[mention.start : mention.end] = " " * (mention.end - mention.start)
    return surrogates if _MATTERS[lang].search("".join(bare)) else ()
