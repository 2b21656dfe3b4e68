"""Comparisons with an earlier time ("than before treatment", 与治疗前相比), and treatments by name.

What a person was like before is no comparison group. A treatment that the review does not name is
known by the stems of international non-proprietary names and by common words for therapies.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

__all__ = ["AT_ENTRY", "BESIDE", "EARLIER", "GROUPS", "HEALTHY", "TREATMENT"]

_TIME_EN = (
    r"(?:before(?:hand)?\b|baseline\b|pre[\s-]?treatment\b|pre[\s-]?infusion\b|prior\s+to\b|"
    r"(?:at\s+)?(?:study\s+)?(?:entry|inclusion|enrolment|enrollment)\b|"
    r"(?:at\s+)?the\s+(?:start|outset|beginning)\b)"
)
_TREATED_ZH = r"(?:治疗|输注|移植|用药|干预|给药|注射|入组|入院|接受[^，。；,;]{0,8}?)"

#: What compares with an earlier time, by language.
EARLIER: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(
        r"\b(?:than|compared\s+(?:with|to)|in\s+comparison\s+(?:with|to)|relative\s+to|versus|"
        r"vs\.?|from|"
        rf"over|against)\s+(?:[\w'’-]+\s+){{0,4}}?{_TIME_EN}|"
        r"\bbefore[\s-]+(?:and|to|versus|vs\.?)[\s-]+after\b|\bbefore[–—/-]after\b|"
        r"\bpre[\s-]*(?:to|and|versus|vs\.?|/|–|-)[\s-]*post\b",
        re.IGNORECASE),
    "zh": re.compile(
        rf"(?:与|和|同|较|比|跟|相比于?|相较于?|对比)[^，。；,;]{{0,6}}?{_TREATED_ZH}(?:之|以)?前|"
        rf"(?:与|和|同|较|比|跟|低于|高于|少于|多于)\s*(?:基线|起始|最初|开始时|入组时|入院时)|"
        rf"基线(?:值|水平|时)?(?:相比|相较|比较)|{_TREATED_ZH}前后|"
        rf"前后(?:对比|比较|对照)"),
}  # fmt: skip

#: People without the disease: what is said against them is said of the disease.
HEALTHY: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(
        r"\b(?:general\s+population|healthy\s+(?:\w+\s+)?(?:people|controls?|persons?|individuals?|"
        r"volunteers?|adults?)|people\s+without|rest\s+of\s+the\s+population)\b", re.IGNORECASE),
    "zh": re.compile("普通人|一般人群|健康人|健康对照|正常人|总人口"),
}  # fmt: skip

#: What people were like when they entered: said of a group, it is no effect.
AT_ENTRY: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(
        r"\b(?:at|on)\s+(?:baseline|(?:study\s+)?entry|inclusion|enrolment|enrollment|admission)\b|"
        r"\bbaseline\s+(?:characteristics|values?|levels?)\b", re.IGNORECASE),
    "zh": re.compile("基线时|基线特征|基线资料|入组时|入院时"),
}  # fmt: skip

#: A level in one kind of people or time beside another, with no treatment between them.
BESIDE: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(
        r"\b(?:higher|lower|more|less|fewer|greater|longer|shorter|larger|smaller)\b[^.;]{0,60}?\bthan\s+"
        r"(?:in|among|during|for|those|people|patients|men|women|adults|children)\b",
        re.IGNORECASE),
    "zh": re.compile("高于|低于|多于|少于|长于|短于"),
}  # fmt: skip

#: Words of a real comparison group: then an earlier time is only where a change is counted from.
GROUPS: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(
        r"\b(?:placebo|sham|controls?|comparators?|untreated|usual\s+care|standard\s+(?:care|"
        r"treatment|therapy))\b"
        r"|\bthan\s+(?:the\s+)?(?:other|without)\b|\bbetween[\s-](?:group|arm)s?\b|"
        r"\bbetween\s+(?:the\s+)?"
        r"(?:groups|arms)\b", re.IGNORECASE),
    "zh": re.compile("安慰剂|对照组|对照(?!的)|另一组|两组|组间|未治疗"),
}  # fmt: skip

_STEMS_EN = (
    r"\w{2,}(?:mab|nib|tinib|cept|limus|olimus|prazole|sartan|statin|gliflozin|gliptin|glutide|"
    r"cillin|mycin|"
    r"floxacin|vir|oxetine|azepam|azine|thiazide|olol|dipine|pril|parin|xaban|gatran|fenac|profen|"
    r"coxib|"
    r"sone|solone|nisone|asone|phosphamide|trexate|thioprine|phenolate|quine|platin|taxel|rubicin|"
    r"citabine|"
    r"oxin|formin|setron|triptan|afil|dronate|ciclovir|conazole|lukast|terol|tropium|mide|sporin|"
    r"stine)s?"
)
_WORDS_EN = (
    r"(?:gluco|cortico)?steroids?|immunosuppress\w+|chemotherapy|radiotherapy|dialysis|surgery|"
    r"antibiotics?|"
    r"antidepressants?|opioids?|insulin|aspirin|paracetamol|acetaminophen|warfarin|heparin|"
    r"biologics?|"
    r"physiotherapy|acupuncture|psychotherapy|exercise|diet|vaccination|transfusion|"
    r"plasma\s+exchange|"
    r"(?:kidney|liver|heart|bone\s+marrow)\s+transplantation|\w+\s+injections?|\w+\s+inhibitors?|"
    r"\w+[\s-]blockers?"
)
_STEMS_ZH = (
    r"[^\W\da-zA-Z_于比过代与和同跟较为]{0,5}?(?:单抗|替尼|西普|莫司|拉唑|沙坦|他汀|列净|列汀|"
    r"鲁肽|西林|霉素|沙星|"
    r"洛尔|地平|普利|肝素|沙班|昔布|布洛芬|"
    r"泼尼松|松龙|地塞米松|磷酰胺|蝶呤|嘌呤|酚酸酯|考酚酯|氯喹|铂|紫杉醇|比星|他滨|双胍|环孢素)"
)
_WORDS_ZH = (
    r"糖皮质激素|皮质激素|激素|免疫抑制剂|免疫抑制治疗|化疗|放疗|透析|手术|抗生素|胰岛素|阿司匹林|"
    r"华法林|生物制剂|血浆置换|针灸|肾移植|骨髓移植"
)

#: Names of treatments that a review need not know of, by language.
TREATMENT: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(rf"\b(?:{_STEMS_EN}|{_WORDS_EN})\b", re.IGNORECASE),
    "zh": re.compile(rf"{_WORDS_ZH}|{_STEMS_ZH}"),
}
