"""Words of safety ("safe", "well tolerated", 安全) go to harms, and to nothing else.

Where the protocol has no harm, or nobody reported one, the review holds nothing on harms: the
finding says that, and no statement of efficacy is suggested.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tamis.certainty.claims.context import Context
from tamis.certainty.claims.evidence import COMPARATIVE, Body
from tamis.certainty.claims.suggest import allowed, intervention, say
from tamis.domain.claims import ClaimFinding

__all__ = ["harm_bodies", "only_safety", "safety"]

_SAFE = {
    "en": re.compile(
        r"\b(?:un)?safe(?:ly)?\b|\bharmless\b|\b(?:well|better)[\s-]tolerated\b|\b(?:good|excellent|favou?rable|"
        r"acceptable|reassuring)\s+(?:safety|tolerability)\b|\b(?:no|without(?:\s+any)?|free\s+(?:of|from)|few)"
        r"\s+(?:(?:serious|relevant|significant|major)\s+)?(?:side|adverse|toxic)\s+effects\b|"
        r"\bno\s+safety\s+concerns?\b|\brisk[\s-]free\b", re.IGNORECASE),
    "zh": re.compile(r"安全性(?:良好|好|高)|良好的(?:安全性|耐受性)|耐受良好|"
                     r"安全(?:有效|可靠|无害)|耐受性(?:良好|好)|(?:无|没有|几乎没有)(?:任何|明显的?|严重的?|毒)?副作用|"
                     r"(?:是|很|非常|十分)安全|无害"),
}  # fmt: skip
_STATED = 2


def _said(context: Context) -> re.Match[str] | None:
    return _SAFE[context.lang].search(context.sentence.text)


def harm_bodies(context: Context) -> tuple[Body, ...]:
    """Return the bodies on harms that hold something, of the speaker's study if there is one."""
    known = context.known
    found = (b for name in known.harms() for b in known.bodies_for(name, context.study))
    return tuple(b for b in found if b.row is None or b.row.reported)


def only_safety(context: Context) -> bool:
    """Tell whether safety is all that a sentence claims: no outcome, no word of efficacy."""
    if context.outcomes or _said(context) is None:
        return False
    if context.study is not None and context.study.design not in COMPARATIVE:
        return False
    bare = _SAFE[context.lang].sub(" ", context.sentence.text)
    roles = ("assert", "proof", "settled", "same", "promise")
    other = [h for h in context.reading.hits if h.role in roles and h.text in bare]
    return not other or context.reading.sense == "safe"


def safety(context: Context) -> Iterator[ClaimFinding]:
    """Yield what a claim of safety lacks: data on harms, or a certainty that carries it."""
    said = _said(context)
    if said is None or context.strength < _STATED or context.reading.negated:
        return
    if {name for name in context.outcomes if context.known.outcomes[name].harm}:
        return
    if context.study is not None and context.study.design not in COMPARATIVE:
        return  # data without a comparison are the business of rules 1, 5 and 8
    bodies = harm_bodies(context)
    if not bodies:
        yield _finding(context, f"'{said.group()}' is claimed; the review holds nothing on harms",
                       (), "")  # fmt: skip
        return
    worse = [b for b in bodies if b.includes_null is False and b.favours == "bad"]
    ceiling = min(b.ceiling for b in bodies)
    if worse or context.strength > ceiling:
        names = ", ".join(dict.fromkeys(b.outcome.name for b in worse or bodies))
        what = "the evidence shows more of" if worse else "more than the certainty allows for"
        shown = tuple(worse) or bodies
        message = f"'{said.group()}' is claimed; {what} {names}"
        yield _finding(context, message, shown, allowed(context, shown))


def _finding(
    context: Context, message: str, bodies: tuple[Body, ...], suggestion: str
) -> ClaimFinding:
    x = intervention(context)
    return ClaimFinding(
        rule="verb-too-strong",
        severity="error",
        message=message,
        because=tuple(dict.fromkeys(name for body in bodies for name in body.because)),
        suggestion=suggestion or say("no-harms", context.lang, x=x),
    )
