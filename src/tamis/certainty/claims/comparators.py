"""What a claim compares with, against the comparator that the review declares.

The declared comparator is the concept of the body, else of the question; what every arm was given
as well (``background``) is no comparator of its own. Without a declared comparator nothing is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tamis.certainty.claims.context import Context
from tamis.certainty.claims.earlier import EARLIER, GROUPS, TREATMENT
from tamis.certainty.claims.evidence import Body
from tamis.certainty.claims.naming import Mention, broader_than

__all__ = ["Compared", "before_after", "unstudied_comparator"]

#: Words that stand before what a claim compares with.
_BEFORE = {
    "en": re.compile(
        r"\b(?:than|versus|vs\.?|compared\s+(?:with|to)|in\s+comparison\s+(?:with|to)|"
        r"relative\s+to|"
        r"over|superior\s+to|inferior\s+to|equivalent\s+to|outperform(?:s|ed)?|beats?|against|"
        r"alternative\s+to|replac(?:e|es|ed|ing)|substitute\s+for|(?:effective|safe|good|well)"
        r"\s+as|"
        r"on\s+(?:a\s+)?par\s+with|matches|rivals|equals|comparable\s+(?:to|with)|preferable\s+to)"
        r"\s+(?:(?:the|a|an|any|all|all\s+other|other|every|each|existing|current|"
        r"available|currently\s+available)\s+)*$", re.IGNORECASE),
    "zh": re.compile(r"(?:优于|好于|胜过|超过|强于|高于|低于|多于|少于|长于|短于|不如|相对于|"
                     r"相较于|较之|较|比|替代|取代|代替|不劣于|不亚于|不逊于|非劣于|等效于)"
                     r"(?:所有|任何|一切|其他|其它|现有|目前|的)*$"),
}  # fmt: skip
_WITH_ZH = re.compile(r"(?:与|和|同|跟)(?:所有|任何|一切|其他|其它|现有|目前|的)*$")
_THEN_ZH = re.compile(
    r"^(?:的)?(?:组)?(?:相比|相较|比较|对比|比|同样|一样|等效|相当|媲美|比肩|齐名)"
)

#: Treatments in general: broader than any comparator that a review declares.
_EVERY = {
    "en": re.compile(
        r"\b(?:(?:all|any|every|each|other|existing|current|available|currently\s+available|"
        r"alternative|"
        r"established|known)\s+)+(?:\w+\s+){0,2}?(?:treatments?|therap(?:y|ies)|drugs?|medicines?|"
        r"medications?|options?|agents?|interventions?|approaches)\b", re.IGNORECASE),
    "zh": re.compile(r"(?:(?:所有|任何|一切|全部|其他|其它|各种|现有|目前|已有|现行|同类)的?)+"
                     r"(?:\S{0,4}?)(?:疗法|治疗方法|治疗方案|治疗|药物|药品|方案|手段|方法)"),
}  # fmt: skip

#: Families of comparators that have many names: name of the family -> how texts call it.
FAMILIES: Mapping[str, re.Pattern[str]] = {
    "standard": re.compile(
        r"\b(?:standard|usual|conventional|routine|traditional)\s+(?:of\s+care|(?:\w+\s+)?(?:care|"
        r"treatments?|therap(?:y|ies)|management|drugs?|immunosuppress\w+))\b|"
        r"(?:标准|常规|传统|通常|普通)(?:的)?(?:\S{0,4}?)(?:治疗|疗法|护理|用药|药物|照护|方案)",
        re.IGNORECASE),
    "placebo": re.compile(r"\bplacebos?\b|\bsham\b|安慰剂|假手术|假治疗", re.IGNORECASE),
    "nothing": re.compile(
        r"\bno\s+(?:treatment|intervention|therapy)\b|(?:不|未)(?:治疗|干预)|空白对照",
        re.IGNORECASE),
}  # fmt: skip
_ALONE = re.compile(r"^\s*(?:alone|only)\b|^(?:单用|单独)", re.IGNORECASE)
_ALONE_BEFORE = re.compile(r"(?:单用|单独(?:使用)?|单纯|仅用)\s*$")

#: An effect added to what everybody was given: "no additional effect over standard treatment".
_ADDED = {
    "en": re.compile(r"\b(?:add(?:s|ed|itional|itionally)?|extra|on\s+top|beyond|incremental)\b",
                     re.IGNORECASE),
    "zh": re.compile("额外|附加|增益|基础上|之外"),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What a claim compares with and no study did: words, how it differs, the concept."""

    words: str
    how: str
    concept: str
    studied: str


def unstudied_comparator(context: Context) -> Compared | None:
    """Return what a claim compares with where no body behind it has that comparator."""
    declared = _declared(context)
    if not declared:
        return None
    names = {name: _names(context, name) for name in declared}
    studied = ", ".join(listed[0] if listed else name for name, listed in names.items())
    found = tuple(_comparisons(context))
    if any(concept in declared or _is_one(words, names) for words, concept, _ in found):
        return None
    for words, concept, wide in found:
        how = _how(context, concept, wide, declared)
        if how and not _background(context, words):
            return Compared(words=words, how=how, concept=concept, studied=studied)
    return None


def _declared(context: Context) -> tuple[str, ...]:
    """Return the comparator concepts of the bodies behind a claim, those of the question else."""
    known = context.known
    asked = known.question.get("comparator", "")
    found = [
        dict(body.concepts).get("comparator", asked) for body in context.bodies if body.comparative
    ]
    chosen = tuple(dict.fromkeys(name for name in found if name and name != "none"))
    return chosen if all(name in known.concepts for name in chosen) else ()


def _names(context: Context, concept: str) -> tuple[str, ...]:
    listed = dict(context.known.concepts[concept].names)
    own = listed.get(context.lang, ())
    return (
        *own,
        *(name for lang, names in listed.items() if lang != context.lang for name in names),
    )


def _comparisons(context: Context) -> Iterator[tuple[str, str, bool]]:
    """Yield what a sentence compares with: words, concept (empty without), whether it is any."""
    text = context.sentence.text
    named = [m for m in context.concept_mentions("comparator") if _is_compared(context, m)]
    yield from ((context.span(m.start, m.end), m.id, False) for m in named)
    kinds = ((True, _EVERY[context.lang]), *((False, p) for p in FAMILIES.values()),
             (False, TREATMENT[context.lang]))  # fmt: skip
    for wide, pattern in kinds:
        for m in pattern.finditer(text):
            covered = any(
                n.start < m.end() and m.start() < n.end for n in named
            ) and not wide  # fmt: skip
            if not covered and _stands_compared(text, m.start(), m.end(), context.lang):
                yield m.group(), "", wide


def before_after(context: Context) -> str:
    """Return the words that compare with an earlier time, where no comparison group is named."""
    text, lang = context.sentence.text, context.lang
    found = EARLIER[lang].search(text)
    if found is None or context.reading.sense in ("", "same") or GROUPS[lang].search(text):
        return ""
    if any(_is_compared(context, m) for m in context.concept_mentions("comparator")):
        return ""
    return found.group().strip()


def _is_compared(context: Context, mention: Mention) -> bool:
    return _stands_compared(context.sentence.text, mention.start, mention.end, context.lang)


def _stands_compared(text: str, start: int, end: int, lang: str) -> bool:
    before, after = text[:start], text[end:]
    if _ALONE.match(after) or _ALONE_BEFORE.search(before):
        before = _ALONE_BEFORE.sub("", before)
    if _BEFORE[lang].search(before):
        return True
    return lang == "zh" and bool(_WITH_ZH.search(before) and _THEN_ZH.match(after))


def _is_one(words: str, names: Mapping[str, tuple[str, ...]]) -> bool:
    """Tell whether words are another name of a declared comparator: one of the same family."""
    return any(
        pattern.search(words)
        and any(pattern.search(name) for listed in names.values() for name in listed)
        for pattern in FAMILIES.values()
    )


def _how(context: Context, concept: str, wide: bool, declared: tuple[str, ...]) -> str:
    concepts = context.known.concepts
    if wide or (concept and all(broader_than(concept, d, concepts) for d in declared)):
        return "wider than"
    if concept and any(broader_than(d, concept, concepts) for d in declared):
        return "only a part of"
    return "not"


def _background(context: Context, words: str) -> bool:
    """Tell whether words name what every arm was given ("than standard therapy alone")."""
    text = context.sentence.text
    at = text.find(words)
    alone = bool(_ALONE.match(text[at + len(words) :]) or _ALONE_BEFORE.search(text[:at]))
    alone = alone or _ADDED[context.lang].search(text[:at]) is not None
    return alone and any(_given(body, words) for body in context.bodies)


def _given(body: Body, words: str) -> bool:
    plan = body.background
    return any(
        name.casefold() in words.casefold()
        or any(p.search(name) and p.search(words) for p in FAMILIES.values())
        for _, name in plan
    )  # fmt: skip
