"""How strongly a sentence claims what the review asks: zero where it claims nothing of the kind.

What is said of the disease itself, of a level beside an earlier one, of a mechanism, or as a
question is no claim about the intervention.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from tamis.certainty.claims.document import Sentence
from tamis.certainty.claims.earlier import AT_ENTRY, BESIDE, EARLIER, GROUPS, HEALTHY
from tamis.certainty.claims.lexicon import clauses
from tamis.certainty.claims.naming import GENERIC, Mention
from tamis.certainty.claims.plain_talk import plain
from tamis.certainty.claims.reading import BREAKS, Reading
from tamis.domain.question import Concept

__all__ = ["strength_of"]

#: Sections whose sentences claim nothing, whatever their verbs.
_SILENT = frozenset({"aims", "methods", "references", "disclaimer"})

_BEFORE = re.compile(r"机制|mechanism|通路|pathway|受体|receptor|细胞因子|cytokine", re.IGNORECASE)


def strength_of(
    sentence: Sentence,
    reading: Reading,
    mentions: Sequence[Mention],
    concepts: Mapping[str, Concept],
) -> int:
    """Return the strength of what is claimed about the question; other sentences claim nothing."""
    asked = sentence.text.rstrip("\"'”’」』)） ").endswith(("?", "？"))
    silent = asked or sentence.section in _SILENT or _mechanism(sentence)
    if silent or _described(sentence, reading, mentions, concepts):
        return 0
    if reading.strength <= 1:
        return reading.strength
    outcomes = any(m.kind == "outcome" for m in mentions)
    kinds = {concepts[m.id].kind for m in mentions if m.kind == "concept"}
    kinds |= {m.id for m in mentions if m.kind == "asked"}
    subject = "intervention" in kinds or bool(GENERIC[sentence.lang].search(sentence.text))
    if not subject and (
        _of_the_disease(sentence, reading, mentions, concepts)
        or (reading.sense == "cause" and not reading.recommends)
    ):
        return 0
    if "intervention" not in kinds and (
        _UNTREATED.search(sentence.text) or _of_another_treatment(sentence, mentions, concepts)
    ):
        return 0
    telling = reading.sense in ("good", "bad", "safe", "same") or reading.mixed
    claimed = (outcomes and (reading.sense != "" or subject)) or (
        telling and (subject or "population" in kinds or reading.quantifier != "")
    )
    claimed = claimed or (
        ("intervention" in kinds or ("population" in kinds and _treated(sentence)))
        and (reading.sense in ("up", "down", "cause") or reading.strength == 5)
    )
    if not claimed and reading.strength == 2 and "intervention" in kinds:
        claimed = ("population" in kinds or outcomes) and not plain(
            sentence.text, sentence.lang, but=("doubt",)
        )
    return reading.strength if claimed or reading.recommends else 0


#: What happens where nobody is treated.
_UNTREATED = re.compile(
    r"\bwithout\s+(?:any\s+)?(?:treatment|therapy|intervention)\b|\buntreated\b|不治疗|未经治疗|"
    r"不经治疗",
    re.IGNORECASE,
)

#: What may stand between a disease and the verb that is said of it.
_BETWEEN = re.compile(
    r"\s*(?:\w+ly|also|itself|often|can|may|会|可能|可|常常?|往往|也|本身)?"
    r"(?:(?:使|让|令|导致)[^，。；,;]{0,10})?\s*"
)


#: Where the subject of a sentence begins at the latest: "The", "Usual".
_OPENING = 10

#: Words for a treatment that are not a pronoun or a group of a study.
_TREATS = re.compile(
    r"\b(?:treatment|therap(?:y|ies)|intervention|drugs?|infusions?|transplants?|transplantation|"
    r"cells|treated)\b|疗法|"
    r"药物|移植|输注|本品|该药",
    re.IGNORECASE,
)


#: Verbs that set one level beside another.
_COMPARES = re.compile(
    r"\b(?:higher|lower|more|less|fewer|greater|longer|shorter|larger|smaller)\b|[更较]|"
    r"[高低多少长短]于",
    re.IGNORECASE,
)


def _compares_treatments(
    sentence: Sentence, mentions: Sequence[Mention], concepts: Mapping[str, Concept]
) -> bool:
    """Tell whether a sentence names a treatment, a comparator or a group of a study."""
    lang = sentence.lang
    kinds = {concepts[m.id].kind for m in mentions if m.kind == "concept"}
    kinds |= {m.id for m in mentions if m.kind == "asked"}
    words = (GENERIC[lang], GROUPS[lang])
    return bool(kinds & {"intervention", "comparator"}) or any(
        p.search(sentence.text) for p in words
    )


def _described(
    sentence: Sentence,
    reading: Reading,
    mentions: Sequence[Mention],
    concepts: Mapping[str, Concept],
) -> bool:
    """Tell whether a level is only set beside another, with no word of a treatment between."""
    verb, lang = reading.verb, sentence.lang
    if verb is None or reading.sense not in ("up", "down"):
        return False
    compares = _COMPARES.search(verb.text) is not None
    entry = AT_ENTRY[lang].search(sentence.text) and not EARLIER[lang].search(sentence.text)
    if compares and entry:
        return True
    if (
        compares
        and BESIDE[lang].search(sentence.text)
        and not _compares_treatments(sentence, mentions, concepts)
    ):
        return True
    for start, end in clauses(sentence.text, BREAKS[lang]):
        if start <= verb.start < end:
            named = any(m.kind in ("concept", "asked") and start <= m.start < end for m in mentions)
            text = sentence.text[start:end]
            return not named and bool(EARLIER[lang].search(text)) and not _TREATS.search(text)
    return False


#: Names of drugs by the stems of their international names; groups of drugs.
_DRUGS = re.compile(
    r"\b\w{3,}(?:mab|nib|cept|prazole|solone|sone|famide|phamide|mycin|statin|pril|sartan|(?:f|"
    r"ph)enolate|"
    r"limus|sporin|quine|prine|cillin|trexate|mustine|olol|oxacin|vir)\b|\b(?:cortico)?steroids?\b|"
    r"环磷酰胺|[霉麦]考酚|霉酚酸|激素|他克莫司|环孢素|[单双]抗|沙坦|普利|氯喹|泼尼松|甲氨蝶呤|"
    r"硫唑嘌呤",
    re.IGNORECASE,
)


_GROUP = re.compile(r"\b(?:groups?|arms?)\b|组", re.IGNORECASE)


def _of_another_treatment(
    sentence: Sentence, mentions: Sequence[Mention], concepts: Mapping[str, Concept]
) -> bool:
    """Tell whether an effect is said of a drug or of the comparator, and nothing compares."""
    if _COMPARES.search(sentence.text):
        return False
    starts = [
        m.start for m in mentions if m.kind == "concept" and concepts[m.id].kind == "comparator"
    ]
    if starts:
        return min(starts) <= _OPENING
    return bool(_DRUGS.search(sentence.text)) and not _GROUP.search(sentence.text)


def _treated(sentence: Sentence) -> bool:
    """Tell whether a sentence speaks of a treatment in common words."""
    return bool(_TREATS.search(sentence.text))


def _of_the_disease(
    sentence: Sentence,
    reading: Reading,
    mentions: Sequence[Mention],
    concepts: Mapping[str, Concept],
) -> bool:
    """Tell whether the disease itself is what an effect is said of ("the disease raises …")."""
    verb = reading.verb
    if HEALTHY[sentence.lang].search(sentence.text):
        return True
    ends = [
        m.end
        for m in mentions
        if m.id == "population" or (m.kind == "concept" and concepts[m.id].kind == "population")
    ]
    return verb is not None and any(
        end <= verb.start and _BETWEEN.fullmatch(sentence.text[end : verb.start]) for end in ends
    )


def _mechanism(sentence: Sentence) -> bool:
    """Tell whether a sentence explains how something works, in a list or by its words."""
    if sentence.section != "mechanism":
        return False
    return sentence.item or bool(_BEFORE.search(sentence.text))
