"""Any verb that a treatment does to patients, an organ or the disease claims an effect.

No list holds every figure of speech: "the cells rescue, tame, outsmart … the disease". Where a
named treatment is the subject and people, an organ, the disease or an outcome is the object of a
verb, the verb claims an effect unless it stands in the table of verbs that claim none (what is
done with a treatment, what it is, costs or looks like). English only: the Chinese verbs stand in
tables, since a verb has no form of its own there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from tamis.certainty.claims.lexicon import Hit
from tamis.certainty.claims.naming import Mention
from tamis.domain.question import Concept

__all__ = ["open_verbs"]

#: What may belong to the name of a treatment.
_HEAD = (
    r"(?:\s+(?:transplant(?:ation|s)?|infusions?|therap(?:y|ies)|treatment|injections?|cells|"
    r"administration|graft(?:s|ing)?))*"
)
_ADVERBS = r"(?:\s+(?:\w+ly|also|even|then|now|once\s+again|clearly|thus))*"
_PARTICLE = r"(?:\s+(?:off|out|down|up|back|away|over))?"
_OBJECT = (
    r"(?:\x01|patients?|people|sufferers|women|men|children|adults|kidneys?|organs?|disease|"
    r"illness|"
    r"inflammation|flares?|relapses?|symptoms?|damage|immune\s+(?:system|attack|balance)|lives|life|"
    r"health|outlook|prognosis|outcomes?|scarring|fibrosis|dialysis|remission|recovery|survival|"
    r"autoimmunity|attack|suffering|protein\s+loss)"
)
_BEFORE = r"(?:\s+(?!(?:in|of|for|from|to|with|by|at|on|and|or|that|than)\b)[\w'’-]+){0,3}?"

#: Verbs of which a treatment may be the subject without an effect being claimed.
_NEUTRAL_WORDS = """
    am is are was were be been being has have had do does did can could may might must shall
    should will would not never cannot and or but in on of for from to with by at as than
    that which who when where while after before during between among against within without
    versus via per if whether because so since until over under into onto involve include
    require need use consist contain comprise come derive originate remain stay become
    appear seem mean refer differ vary depend target address concern interest attract cost
    precede follow accompany undergo receive enter reach meet leave face await express
    secrete release migrate home interact resemble represent constitute denote describe
    define affect influence alter modulate act belong exist date go continue begin start end
    cease last take happen occur contrast compare share carry raise pose fall rise change
    look rank sound get allow expose reach deserve merit fail test enrol enroll recruit
    treat infuse inject select study report show suggest indicate demonstrate prove confirm
    establish find reveal conclude claim yield cause induce lead result produce exert trial
    transplantation transplant infusion therapy treatment injection cells cell arm group
    recipients patients studies study trials trial research series data review question
    products product dose doses administration plus minus alongside like unlike about across
    around near both all each every some any no only more less most many few other another
    such this these those its their the a an alone added give work help
"""
_NEUTRAL = frozenset(_NEUTRAL_WORDS.split())

#: Past forms that do not end in -ed, and their verbs, where they differ from the present.
_IRREGULAR = {
    "became": "become", "began": "begin", "came": "come", "cost": "cost", "fell": "fall",
    "found": "find", "got": "get", "left": "leave", "led": "lead", "meant": "mean", "met": "meet",
    "rose": "rise", "shown": "show", "took": "take", "underwent": "undergo", "went": "go",
}  # fmt: skip

_PAST_WORDS = """
    cut put beat broke drove kept held won fought struck brought gave made sent built
    rebuilt lit hit shut set threw tore caught bought freed saw shook ate swept wrote
    rewrote drew hid bound wound undid overthrew dealt spared
"""
_PAST = frozenset(_PAST_WORDS.split())

_BY = re.compile(
    r"\b(?:is|are|was|were|been|being)\s+(?:\w+ly\s+)?(?P<verb>\w+(?:ed|en|ught|id|ut|ung|it|on))\s+"
    r"(?:off\s+|down\s+|back\s+|up\s+)?by\s+(?:the\s+|an?\s+|these\s+)?(?:\w+\s+){0,2}?(?=\x01)",
    re.IGNORECASE,
)
_NOT_BY_WORDS = """
    followed caused treated affected given measured assessed defined studied accompanied
    preceded influenced produced reported funded offered administered injected infused
    compared raised
"""
_NOT_BY = frozenset(_NOT_BY_WORDS.split())


def open_verbs(
    text: str,
    masked: str,
    lang: str,
    *,
    mentions: Iterable[Mention],
    concepts: Mapping[str, Concept],
) -> tuple[Hit, ...]:
    """Return verbs that a treatment does to patients, an organ or the disease.

    Parameters
    ----------
    text, masked
        The sentence, and the same with its names masked.
    mentions
        Its names; only treatments among them can be the subject.
    """
    if lang != "en":
        return ()
    ends = {
        m.end: m.start
        for m in mentions
        if m.id == "intervention" or (m.kind == "concept" and concepts[m.id].kind == "intervention")
    }
    found = [_active(masked, end, plural=text[end - 1 : end] in "sS") for end in sorted(ends)]
    found += [_passive(masked, m) for m in _BY.finditer(masked) if m.end() in set(ends.values())]
    return tuple(hit for hit in found if hit is not None)


_ACTIVE = re.compile(
    rf"(?P<head>{_HEAD}){_ADVERBS}\s+(?P<verb>[a-z]+){_PARTICLE}{_BEFORE}\s+(?={_OBJECT}\b|\x01)",
    re.IGNORECASE,
)


def _active(masked: str, end: int, *, plural: bool) -> Hit | None:
    found = _ACTIVE.match(masked, end)
    if found is None or not _is_verb(found["verb"], masked[:end]):
        return None
    several = found["head"].endswith("s") if found["head"] else plural
    verb = found["verb"].lower()
    inflected = verb.endswith("ed") or verb in _PAST
    if not inflected and several == (verb.endswith("s") and not verb.endswith("ss")):
        return None
    return _hit(masked, found.start("verb"), found.end("verb"))


def _is_verb(word: str, before: str) -> bool:
    """Tell whether a word behind a treatment is a verb that claims: not neutral, and inflected."""
    lower = word.lower()
    stems = {lower, _IRREGULAR.get(lower, lower)}
    for ending, put in (("ies", "y"), ("es", ""), ("s", ""), ("ied", "y"), ("ed", ""), ("ed", "e"),
                        ("d", "")):  # fmt: skip
        if lower.endswith(ending):
            stems.add(lower.removesuffix(ending) + put)
    doubled = {s[:-1] for s in stems if len(s) > 3 and s[-1] == s[-2]}
    if (stems | doubled) & _NEUTRAL or lower.endswith(
        ("ing", "ly", "tion", "ness", "ive", "al", "ic")
    ):
        return False
    # a noun behind "after", "of", "with" is no subject
    return not re.search(
        r"\b(?:after|of|with|by|from|for|to|following|before|without|on|than|receiving|given|"
        r"under|against|versus|whether|how|if|that\s+may|in)\s+(?:the\s+|an?\s+|\w+\s+)?\x01+$",
        before, re.IGNORECASE,
    )  # fmt: skip


def _passive(masked: str, found: re.Match[str]) -> Hit | None:
    if found["verb"].lower() in _NOT_BY:
        return None
    return _hit(masked, found.start("verb"), found.end("verb"))


def _hit(masked: str, start: int, end: int) -> Hit:
    return Hit(start=start, end=end, role="assert", strength=4, sense="good",
               text=masked[start:end])  # fmt: skip
