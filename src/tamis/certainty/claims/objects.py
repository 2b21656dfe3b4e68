"""What a verb of effect is said of, where that is none of the outcomes of the review.

"It may reduce hair loss" and "blood pressure fell with it" speak of something that a review may not
have looked at: then no statement about another outcome answers them. What is said of a person or a
disease in general ("reduces symptoms", 改善病情) is of no particular outcome, and a head word that
the name of an outcome shares may mean that outcome: neither is called unasked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from tamis.certainty.claims.lexicon import Hit, clauses

__all__ = ["unasked"]

#: Verbs whose object is what changes, by their beginning; what changes stands before the others.
_TRANSITIVE = {
    "en": re.compile(
        r"(?:reduc|decreas|diminish|lessen|shorten|cut|lower|halv|slash|abolish|eradicat|curb|"
        r"quell|slow|wip|"
        r"increas|rais|prolong|extend|enhanc|improv|prevent|avoid|reliev|alleviat|ameliorat|"
        r"revers|restor|"
        r"eliminat|doubl|tripl|trebl|quadrupl|boost|eas|sooth|halt|stabili|normali|lead|leads|led|"
        r"result|caus|"
        r"(?:less|more)\s+likely|less|fewer|induc|worsen|aggravat|exacerbat|impair|heal|get|got)\w*(?:\s+(?:to|in|out|away|rid\s+of)"
        r")?$",
        re.IGNORECASE),
    "zh": re.compile(
        r"^(?:可有效|能有效|显著|明显|大幅|大大|极大)?(?:降低|减少|缩短|提高|增加|升高|延长|增强|改善|预防|"
        r"防止|避免|减轻|逆转|恢复|缓解|消除|"
        r"消灭|根除|更容易|更易|更不容易|更不易|提升|延缓|减缓|阻止|遏制|扭转|导致|引起|造成)$"),
}  # fmt: skip
_INTRANSITIVE = {
    "en": re.compile(
        r"^(?:fell|falls|dropped|drops|declined|declines|sank|plummeted|plunged|shrank|rose|rises|"
        r"climbed|"
        r"soared|jumped)\b|^(?:is|are|was|were|remain\w*|became|becomes?)\s+(?:\w+ly\s+|much\s+|"
        r"far\s+)?"
        r"(?:lower|fewer|shorter|rarer|smaller|less|higher|greater|longer|larger|more)\b",
        re.IGNORECASE),
    "zh": re.compile(r"^(?:减半|翻倍|翻番|倍增|(?:明显|显著)?好转|"
                     r"(?:较|更)(?:低|高|少|多|长|短))$"),
}  # fmt: skip
#: All that stands behind a verb without an object ("improved markedly").
_ADVERBS = re.compile(r"\s*(?:\w+ly\s*|a\s+lot\s*)*[.\s]*")
_BE = re.compile(
    r"\b(?:is|are|was|were|be|been|being)\s+(?:\w+ly\s+|not\s+)?(?:\w+\s+and\s+)?$", re.IGNORECASE
)
#: Auxiliaries between what changes and a verb that does not take an object.
_AUXILIARY = re.compile(
    r"(?:\b(?:may|might|could|can|will|would|is|are|was|were|be|been|has|have|had|also|likely|"
    r"probably|"
    r"\w+ly)\s*)+$",
    re.IGNORECASE,
)

#: Where the words that a verb governs end.
_ENDS = {
    "en": re.compile(
        r"\b(?:(?<!need )(?<!risk )(?<!time )(?:for|to)|in|among|with|by|over|than|compared|"
        r"versus|vs|after|at|"
        r"during|when|within|so|which|that|who|from|through|on|if|as|without|because|per|via|until|"
        r"and\s+(?:\w+ly\s+)?(?:is|are|may|can|has|improv\w*|reduc\w*|increas\w*|prevent\w*))\b|\d",
        re.IGNORECASE),
    "zh": re.compile(r"从而|进而|并且|并(?!发)|且|优于|相比|以及其|\d|达|至|后|时"),
}  # fmt: skip

#: Words that name nothing in particular.
_GENERAL_EN = re.compile(
    r"(?:"
    "a|an|the|this|that|these|those|its|their|his|her|your|our|any|all|some|many|most|more|"
    "less|fewer|further|no|not|much|lot|of|and|or|both|also|patient|patients|people|person|"
    "persons|adult|adults|child|children|woman|women|man|men|participant|participants|case|"
    "cases|group|arm|treated|disease|diseases|condition|conditions|illness|disorder|"
    "disorders|symptom|symptoms|sign|signs|manifestation|manifestations|outcome|outcomes|"
    "endpoint|endpoints|result|results|prognosis|outlook|health|wellbeing|well-being|life|"
    "lives|living|care|treatment|therapy|management|response|responses|risk|risks|chance|"
    "chances|likelihood|probability|odds|rate|rates|level|levels|score|scores|value|values|"
    "number|incidence|frequency|severity|degree|amount|burden|need|effect|effects|benefit|"
    "benefits|harm|harms|complication|complications|problem|problems|damage|injury|recovery|"
    "progression|course|control|it|them|him|us|you|everyone|nothing|something|clinical|"
    "overall|general|long-term|short-term|long|better|good|great|real|important|serious|"
    "severe|major|minor|term|time|status|situation|suffering|things|thing|events|event|"
    "measures|measure|parameters|parameter|markers|marker|function|functioning|activity|"
    "tissue|organs|organ|body|system"
    ")",
    re.IGNORECASE,
)
_GENERAL_ZH = re.compile(
    "受试者|可能性|发生率|并发症|患者|病人|人群|病情|疾病|症状|体征|预后|结局|"
    "结果|疗效|效果|风险|概率|机会|几率|发生|程度|水平|比例|次数|数量|健康|"
    "身体|生命|状况|情况|状态|指标|负担|损伤|损害|不适|痛苦|需要|"
    "需求|显著|明显|大幅|有效|有关|相关|长期|短期|临床|总体|整体|他们|一半|"
    "进展|进程|发展|治疗|疗法|反应|作用|获益|活动|功能|器官|组织|严重|重要|"
    "主要|各种|多种|这些|上述|程|率|的|了|着|过|和|及|或|与|对|在|中|其|"
    "它|分|月|年|人|例|倍|个|名|组|更|很|较|也|均|都|以|所|性|度|值|数|"
    "量|期|者|病|后|前|时|可|能|会|使|令|让|将"
)

#: Adjectives of an organ that stand for one another in names of outcomes.
_SAME = {
    "kidney": "renal", "kidneys": "renal", "heart": "cardiac", "liver": "hepatic",
    "lung": "pulmonary", "lungs": "pulmonary", "brain": "cerebral", "dying": "death",
    "died": "death", "deaths": "death", "mortality": "death", "fatalities": "death",
    "urine": "urinary", "protein": "proteinuria", "relapses": "relapse", "flares": "flare",
}  # fmt: skip
_ROLES = frozenset({"assert", "settled"})
#: Words that open another claim in the same clause.
_CLAIMS = frozenset({"assert", "settled", "same", "may", "likely", "shows", "proof"})
_JOINS = re.compile(r"\s+(?:and|or|to)$", re.IGNORECASE)
_OF = re.compile(r"\b(?:of|for|from|and|or)\b|,", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*")
_HAN = re.compile(r"[\u3400-\u9fff]+")


def unasked(
    text: str,
    masked: str,
    hits: Sequence[Hit],
    lang: str,
    *,
    names: Iterable[str],
    breaks: re.Pattern[str],
) -> str:
    """Return the words of an outcome that none of the names means; empty where there are none.

    Parameters
    ----------
    text, masked
        A sentence, and the same with every name of the review masked.
    hits
        Words of the lexicon in it.
    names
        Names of the outcomes of the review, in any language.
    breaks
        Where clauses end.

    Examples
    --------
    >>> from tamis.certainty.claims.lexicon import lexicon_for
    >>> said = "It may reduce hair loss."
    >>> breaks = re.compile("[,;]")
    >>> unasked(said, said, lexicon_for("en").match(said), "en", names=["pain"], breaks=breaks)
    'hair loss'
    """
    known = tuple(names)
    for hit in hits:
        if hit.role not in _ROLES:
            continue
        start, end = next(
            ((a, b) for a, b in clauses(masked, breaks) if a <= hit.start < b), (0, len(masked))
        )
        following = [h.start for h in hits if hit.end < h.start < end and h.role in _CLAIMS]
        place = _place(masked, hit, start, min(following, default=end), lang)
        if place is None or "\x01" in masked[place[0] : place[1]]:
            continue
        words = _JOINS.sub("", text[place[0] : place[1]].strip(" .。:：!！?？"))
        if _particular(words, lang, known):
            return _trimmed(words, lang)
    return ""


def _place(masked: str, hit: Hit, start: int, end: int, lang: str) -> tuple[int, int] | None:
    """Return where the words stand that a verb is said of."""
    passive = (
        lang == "en" and bool(_BE.search(masked[start : hit.start])) and hit.text.endswith("d")
    )
    if passive or _INTRANSITIVE[lang].search(hit.text):
        before = masked[start : hit.start]
        cut = _AUXILIARY.search(before) if lang == "en" else None
        return start, start + (cut.start() if cut is not None else len(before))
    if not _TRANSITIVE[lang].search(hit.text):
        return None
    stop = _ENDS[lang].search(masked, hit.end, end)
    last = stop.start() if stop is not None else end
    if lang == "en" and _ADVERBS.fullmatch(masked[hit.end : last]) and hit.text.endswith("d"):
        return start, hit.start
    if lang == "zh" and not _HAN.search(masked[hit.end : last].strip("了的")):
        return max(start, masked.rfind("\x01", start, hit.start) + 1), hit.start
    return hit.end, last


def _particular(words: str, lang: str, names: Sequence[str]) -> bool:
    """Tell whether words name something in particular that no name of an outcome shares."""
    if lang == "en":
        heads = [head for part in _OF.split(words) if (head := _head(part))]
        shared = {_folded(w) for name in names for w in _WORD.findall(name)}
        return bool(heads) and not shared & set(heads)
    bare = _GENERAL_ZH.sub(" ", words)
    left = [part for part in _HAN.findall(bare) if len(part) > 1]
    joined = " ".join(names)
    pairs = {part[i : i + 2] for part in left for i in range(len(part) - 1)}
    return bool(left) and not any(pair in joined for pair in pairs)


def _head(part: str) -> str:
    """Return the last word of a part that says what is meant; empty where all are general."""
    left = [w for w in _WORD.findall(part) if not w.lower().endswith("ly")]
    left = [w for w in left if not _GENERAL_EN.fullmatch(w)]
    return _folded(left[-1]) if left else ""


def _folded(word: str) -> str:
    lower = word.lower().removesuffix("'s").removesuffix("’s")
    single = lower[:-1] if lower.endswith("s") and not lower.endswith(("ss", "is", "us")) else lower
    return _SAME.get(lower, _SAME.get(single, single))


def _trimmed(words: str, lang: str) -> str:
    if lang == "zh":
        found = re.sub(
            r"^(?:了|着|其|患者的?|病人的?|人群的?|的|(?:治疗|输注|移植|用药)?(?:之)?后|治疗|组)+",
            "",
            words,
        )
        return found.strip("的了") or words
    return re.sub(
        r"^(?:the|a|an|their|its|his|her|any|all|some)\s+", "", words, flags=re.IGNORECASE
    )
