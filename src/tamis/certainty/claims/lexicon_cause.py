"""Words that credit a treatment: plain verbs of healing, connectives of cause, other comparisons.

"Calm the disease", "bring it under control", "thanks to the cells", 可见细胞控制了疾病. Roles and
signs as in ``lexicon_en`` and ``lexicon``. A verb counts only with a disease, an organ or a named
thing as its object: what acts on a cell or a molecule is a mechanism.
"""

from __future__ import annotations

__all__ = ["CAUSE_EN", "CAUSE_ZH"]

_VERB_EN = (
    r"(?:calm|tame|quiet(?:en)?|dampen|subdue|suppress|rescue|repair|regenerate|arrest|contain|"
    r"pacif(?:y|ie)|"
    r"settle|heal|rebuild|cool|silence|tackle|combat|control+)"
)
_OBJECT_EN = (
    r"(?:\x01|disease|illness|inflammation|flares?|symptoms?|kidneys?|organs?|condition|tissues?|"
    r"damage|lesions?)"
)
_BY_EN = r"(?:the\s+|these\s+|this\s+|their\s+|its\s+|an?\s+)?(?:\w+\s+){0,2}?"
_TREATMENT_EN = r"(?:cells?|infusions?|injections?|transplant\w*|treatment|therapy)\b"
_NO_EFFECT_EN = (
    r"(?:[-−–]\s?\d[\d.]*[^\d;]{1,8}\d[\d.]*|"
    r"\b(?:ratio|RR|OR|HR)\b[^;]*?\b0?\.\d+\s*(?:to|,|–|-)\s*[1-9][\d.]*)"
)

CAUSE_EN: tuple[tuple[str, int, str, str], ...] = (
    ("assert", 4, "good", rf"~(?<!\bto )\b{_VERB_EN}(?:s|d|ed|ned)?\s+(?:down\s+)?"
     r"(?:(?:the|their|his|her|its|this|that|these|an?|active|damaged|overactive|renal|ongoing)"
     r"\s+){0,3}"
     rf"(?:\w+\s+)?(?={_OBJECT_EN})"
     r" | ~(?<!\bto )\b(?:calm|tame|reset|rein\s+in)(?:s|d|ed|"
     r"ting)?\s+(?=the\s+(?:\w+\s+)?immune\b)"
     r" | ~\b(?:bring|brings|brought|get|gets|got|keep|keeps|kept|hold|holds|held)\s+"
     r"(?:[\w\x01'’-]+\s+){1,5}?(?:under\s+control|in\s+check|to\s+heel|to\s+rest)\b"),
    ("assert", 4, "cause", r"~\b(?:thanks|owing|attributable|attributed|credited)\s+to\s+"
     rf"{_BY_EN}(?:\x01|{_TREATMENT_EN})"
     rf" | ~\b(?:due\s+to|because\s+of)\s+{_BY_EN}(?:cells?|infusions?|transplant\w*)\b"),
    ("trap", 0, "", r"~\b(?:not|cannot|no|none|nothing|neither|nor|whether|could\s+be|may\s+be)"
     r"\b[^.;,]{0,60}?"
     r"\b(?:owing|due|attributable|attributed|credited|thanks|because)\s+(?:to|of)\b"
     r" | ~\b(?:deaths?|died|events?|reactions?|infections?|fever|harms?)\b[^.;,]{0,30}?"
     r"\b(?:owing|due|attributable|attributed)\s+to\b"),
    # more or less often, sooner
    ("assert", 4, "down", r"~\bless\s+likely\s+to\b(?!\s+be\s+(?:published|reported|cited|biased|"
     r"included))"
     r" | ~\b(?:less|fewer)\b(?=\s+(?:\w+\s+){1,3}?(?:after|following)\s+(?:the\s+)?"
     rf"(?:\x01|{_TREATMENT_EN}))"),
    ("assert", 4, "up", r"~\bmore\s+likely\s+to\b(?!\s+be\s+(?:published|reported|cited|biased|"
     r"included))"),
    ("assert", 4, "good", r"~\b(?:sooner|faster|quicker|more\s+quickly)\b[^.;]{0,60}?"
     r"\bthan\b(?!\s+(?:planned|expected|scheduled|intended|before\s+the|(?:the\s+)?evidence|"
     r"(?:the\s+)?science))"),
    ("recommend", 0, "", r"~\bwould\s+(?:do\s+well|be\s+wise|be\s+well\s+advised)\s+to\b"),
    # what an interval leaves open
    ("trap", 0, "", rf"~{_NO_EFFECT_EN}[^;\d]{{0,12}}(?:so|which\s+means|meaning|thus|therefore|"
     rf"hence)\s+[^;]*?"
     r"\b(?:may|might|could)\s+(?:\w+\s+)?have\s+(?:been|done|fared)\b[^;]*"
     rf" | ~{_NO_EFFECT_EN}[^;\d]{{0,12}}(?:so|which\s+means|meaning|thus|therefore|hence)\s+[^;]*?"
     r"\bmore\s+or\s+less\b[^;]*"),
)  # fmt: skip

_VERB_ZH = r"(?:控制|修复|抑制|保护|平息|稳住|压制|安抚|治好|遏止|重建|再生|恢复)"
_NOT_A_MECHANISM = r"(?![^，。；,;]{0,8}?(?:细胞|因子|增殖|通路|抗体|受体|表达|分泌))"
_SO_ZH = r"(?:可见|足见|说明|表明|显示|意味着|因此|所以|从而|由此可见|提示着)"

CAUSE_ZH: tuple[tuple[str, int, str, str], ...] = (
    ("assert", 4, "good", rf"~(?:{_SO_ZH}[^，。；,;可或似能否不未没无有]{{0,14}}?)?(?<!未)(?<!没)"
     rf"{_VERB_ZH}(?:住)?了{_NOT_A_MECHANISM}"
     rf" | ~{_SO_ZH}[^，。；,;可或似能否不未没无]{{0,14}}?{_VERB_ZH}(?!组|率|的){_NOT_A_MECHANISM}"
     rf" | ~(?<!不)(?:能够?|足以){_VERB_ZH}{_NOT_A_MECHANISM}"
     r" | ~(?:得到|获得|得以)了?(?:有效|良好|很好|充分)?的?控制(?!的)"
     r" | ~有(?:所|很大|明显)?(?:帮助|助益|裨益)"
     r" | ~有助于(?!理解|了解|认识|明确|确定|判断|解释|阐明|评估|评价|研究|读者)"
     r" | ~(?<!病情)好转(?![率的者])"
     r" | ~(?<!证据质量)(?<!研究质量)(?<!方法学质量)(?<!报告质量)"
     r"(?:(?<=质量)|(?<=能力)|(?<=体力)|(?<=精力)|(?<=食欲)|(?<=情绪)|(?<=睡眠))"
     r"(?:明显|显著|大大|大幅|极大)?地?(?:提高|提升|增强|增加|回升|变好|好转)"),
    ("assert", 4, "cause", r"~得益于|归功于|多亏了?|有赖于|由于(?:接受|使用|输注|移植|注射)"
     r"了?(?=\S{0,6}\x01)"),
    ("trap", 0, "", r"~(?:不能|无法|难以|不可|未必|不应|是否|能否)[^，。；,;]{0,6}?(?:归功于|"
     r"归因于|得益于)"
     r" | ~[-−–]\d[\d.]*(?:\S{0,4}?)(?:至|到|~|～)\s*\d[\d.]*[^；。\d]{0,8}(?:因此|所以|故|说明|"
     r"意味着)[^；。，,]*?"
     r"(?:可能|都可)[^；。，,]*"),
    ("assert", 4, "up", "~更(?:容易|易)(?!受|读|懂|理解) | ~大大提升 | ~显著提升 | ~明显提升"),
    ("assert", 4, "down", "~更(?:不容易|不易|难以)"),
    ("recommend", 0, "", r"~(?<![适便合事相权时])宜(?=纳入|列入|列为|报销|推广|付费)"
     r" | ~(?<![适便合事相权时])宜(?=(?:将|把|由|为|给|对|尽快|及时|优先)[^，。；,;]{1,24}?"
     r"(?:纳入|列入|列为|作为|推广|报销|付费|支付|用于|提供|采用|使用|治疗))"),
)  # fmt: skip
