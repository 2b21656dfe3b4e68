"""Whose result a sentence tells where it names no study by its label: an author, or "the trial".

"Ashdown and colleagues concluded" and "Ashdown 等人报告" are the voice of the one study of that
family name; "the trial found" is that of the only randomised study a review includes. A name that
several studies share, and "the trial" where there are several, stay nobody's.
"""

from __future__ import annotations

import re

from tamis.certainty.claims.evidence import ClaimEvidence
from tamis.domain.records import Study

__all__ = ["author_of", "only_trial"]

#: What follows or stands before a family name that speaks for a study; ``{name}`` is the name.
_AUTHOR = {
    "en": (
        r"(?<![A-Za-z]){name}(?:\s*,)?\s+(?:et\s+al\b|and\s+(?:\w+\s+)?(?:colleagues|co-?workers|"
        r"co-?authors|collaborators|others)\b|\w+['’]s\b)|(?<![A-Za-z]){name}['’]s?\s+(?:\w+\s+)"
        r"{{0,3}}?"
        r"(?:trial|study|series|group|team|report|paper|article|data|results?|findings?)\b|"
        r"\b(?:trial|study|series|report|paper|article|data|work)\s+(?:by|of|from)\s+{name}\b|"
        r"(?<![A-Za-z]){name}\s+(?:trial|study|series)\b"
    ),
    "zh": (
        r"(?<![A-Za-z]){name}\s*(?:等人?|及其?同事|和同事|团队|课题组|研究组|小组)|"
        r"(?<![A-Za-z]){name}\s*(?:的|所做的|开展的)(?:\S{{0,6}}?)(?:研究|试验|报告|论文|结果)"
    ),
}

#: Whose people a claim of effect is about: "Ashdown's patients", Ashdown研究中.
_WHOSE = {
    "en": (
        r"(?<![A-Za-z]){name}['’]s?\s+(?:[\w-]+\s+){{0,3}}?"
        r"(?:patients|participants|cohort|people)\b"
    ),
    "zh": (
        r"(?<![A-Za-z]){name}\s*(?:研究|试验|队列|病例系列)|"
        r"(?<![A-Za-z]){name}\s*的(?:\S{{0,6}}?)(?:患者|病例|病人)"
    ),
}

#: "The trial" as one that was told of, with adjectives of design between.
_TRIAL = {
    "en": re.compile(
        r"\b(?:the|this|that|one|a\s+single|a\s+small|its|only)\s+(?:(?:only|single|one|sole|small|"
        r"randomi[sz]ed|controlled|placebo[\s-]controlled|double[\s-]blind(?:ed)?|included|"
        r"comparative|clinical|early|stopped)[\s,]+)*(?:trial|RCT)\b(?!s|['’]?\s*(?:results?\s+)"
        r"?(?:in|of|with)\s+"
        r"(?:another|other))|\bthe\s+(?:trialists|trial\s+authors|trial\s+investigators)\b",
        re.IGNORECASE),
    "zh": re.compile(
        r"(?:该|此|这|这项|该项|唯一的?(?:一项)?|仅有的?(?:一项)?|一项|这一)(?:\S{0,3}?(?:随机|"
        r"对照|安慰剂|双盲|小型|临床)"
        r"\S{0,6}?)?试验(?!者|组|所|药)|试验者|试验作者"),
}  # fmt: skip

_OTHER_TRIALS = re.compile(
    r"\b(?:next|future|further|another|larger|new|ongoing|planned|more|other)\s+(?:\w+\s+)"
    r"?(?:trials?|RCTs?)\b|"
    r"下一项|未来|进一步|更大|新的|另一项|其他|正在进行",
    re.IGNORECASE,
)


def author_of(
    text: str, lang: str, evidence: ClaimEvidence, *, claiming: bool = False
) -> Study | None:
    """Return the study that a family name in a sentence speaks for, if it is one and only one.

    A sentence that is ``claiming`` an effect is about the study whose people it names, too.
    """
    pattern = f"{_AUTHOR[lang]}|{_WHOSE[lang]}" if claiming else _AUTHOR[lang]
    by_name: dict[str, list[Study]] = {}
    for study in evidence.studies:
        found = re.match(r"([^\W\d_][^\d,(]*?)[\s,(]+\d{4}", study.label.strip())
        if found is not None:
            by_name.setdefault(found[1].strip(), []).append(study)
    spoken = {
        name: studies
        for name, studies in by_name.items()
        if re.search(pattern.format(name=re.escape(name)), text)
    }
    if len(spoken) != 1:
        return None
    studies = next(iter(spoken.values()))
    return studies[0] if len(studies) == 1 else None


def only_trial(text: str, lang: str, evidence: ClaimEvidence) -> Study | None:
    """Return the randomised study that "the trial" means: the only one that is included."""
    trials = [study for study in evidence.included if study.design == "randomised"]
    if len(trials) != 1 or _OTHER_TRIALS.search(text):
        return None
    return trials[0] if _TRIAL[lang].search(text) else None
