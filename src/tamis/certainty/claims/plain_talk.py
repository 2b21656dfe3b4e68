"""Sentences about a treatment that are plain talk, and those that can only be a claim in a figure.

No table holds every figure of speech ("it landed a knockout blow", 大显神威), but what may be
said of a treatment without claiming an effect is of few kinds: what was done and measured,
counts, how it is studied and known, what it is made of and how it acts on cells, what it costs,
what harm it may do, doubt. A sentence that names the treatment together with people, an organ, a
disease or an outcome, in which no table finds a verb of effect and none of these kinds, is taken
for a claim of effect: rule 1 says so as a warning, since the word itself is not known.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

from tamis.certainty.claims.lexicon import Hit
from tamis.certainty.claims.naming import Mention
from tamis.domain.question import Concept

__all__ = ["figure_of_speech", "plain"]

#: Kinds of plain talk, by language: any of them explains why a sentence claims nothing.
PLAIN: Mapping[str, Mapping[str, re.Pattern[str]]] = {
    "en": {
        kind: re.compile(words, re.IGNORECASE)
        for kind, words in (
            ("counts", r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|"
                       r"half|none|several|"
                       r"another|third)\s+(?:of\b|(?:\w+\s+)?(?:patients?|people|participants|"
                       r"women|men|children|"
                       r"adults|studies|trials?|groups|arms|cent(?:er|re)s|doses|cases|series|"
                       r"deaths?))\b"),
            ("what was done",
             r"\b(?:is|are|was|were|be|been|being|get|got)\s+(?:\w+ly\s+|first\s+|also\s+|"
             r"then\s+|not\s+|often\s+|still\s+)*"
             r"(?:given|infused|injected|administered|transplanted|randomi[sz]ed|allocated|"
             r"assigned|recruited|"
             r"enrolled|included|excluded|searched|screened|extracted|judged|rated|graded|"
             r"assessed|measured|"
             r"recorded|followed|compared|studied|investigated|examined|tested|evaluated|"
             r"reported|described|"
             r"published|registered|planned|designed|conducted|performed|carried|obtained|"
             r"derived|isolated|"
             r"cultured|expanded|collected|harvested|frozen|stored|prepared|labell?ed|called|"
             r"known|defined|"
             r"classified|funded|sponsored|approved|licen[sc]ed|marketed|sold|offered|received|"
             r"treated|used|"
             r"combined|added|repeated|stopped|withdrawn|started|based|taken|made|seen|discussed|"
             r"debated|"
             r"asked|followed|intended|meant|thought|believed|listed|shown|summari[sz]ed|"
             r"considered|named|"
             r"explored|proposed|delivered|available|due|unable|too|part|under)\b|"
             r"\b(?:received|receiving|underwent|undergoing|undergo|has\s+been|have\s+been|"
             r"had\s+been)\b"),
            ("how it is known",
             r"\b(?:uncertain\w*|unclear|unknown|evidence|certainty|bias|estimates?|interval|"
             r"criteri\w+|question\w*|"
             r"research\w*|experiment\w*|investigat\w+|hypothes\w+|theor\w+|debate\w*|"
             r"controvers\w+|protocols?|"
             r"registr\w+|search\w*|databases?|literature|definitions?|defin\w+|endpoints?|"
             r"follow-up|sample|"
             r"analys\w+|statistic\w*|imprecis\w+|authors?|publication\w*|abstracts?|tables?|"
             r"rationale|interest|"
             r"field|doubt\w*|caution\w*|concern\w*|hype|reports?|reported|describ\w+|data|"
             r"differ(?:s|ed|ences?)?|vary|"
             r"varies|varied|depend\w*|pending|tested|studied|stud(?:y|ies)\s+(?:of|on|in|with|"
             r"about|that\s+(?:gave|used|"
             r"compared|tested))|trials?\s+(?:of|on|in|with|that)|reviews?|compar\w+|assum\w+|"
             r"attribut\w+|cannot|"
             r"placebo[\s-]controlled|single[\s-]arm|groups?|arms?|confidence|levels?|"
             r"grad(?:e[sd]?|ing)|rat(?:ed|ing)s?|"
             r"indirect\w*|inconsisten\w*|heterogene\w*|pool\w*|models?|synthes\w+|subgroups?|"
             r"sensitivity|"
             r"we\s+(?:\w+ly\s+)?(?:\w+ed|did|chose|set|took|made|found|read|asked))\b"),
            ("what it is and how it acts",
             r"\b(?:cytokines?|lymphocytes?|[TB][\s-]cells?|macrophages?|antigens?|receptors?|"
             r"pathways?|signal\w*|"
             r"secret\w+|releas\w+|express\w*|differentiat\w+|molecul\w+|factors?|"
             r"immunomodulat\w+|regulat\w+|"
             r"in\s+vitro|in\s+vivo|mice|mouse|rats?|animals?|preclinical|laborator\w+|cultures?|"
             r"marrow|adipose|"
             r"fat|cord|donors?|tissues?|allogeneic|autologous|migrat\w+|mechanism\w*|plausib\w+|"
             r"biolog\w+|"
             r"originat\w+|stands?\s+for|abbreviat\w+|is\s+(?:a|an|one)\s+(?:\w+\s+)?(?:type|"
             r"form|kind|procedure|method|"
             r"technique|intervention|infusion|product|treatment|therapy|cell)|"
             r"are\s+(?:\w+\s+)?cells|consist\w*|"
             r"contain\w*|involv\w*|requir\w*|includ\w*|means\b|refer\w*)\b"),
            ("what it costs",
             r"\b(?:cost\w*|prices?|expens\w+|cheap\w*|dos(?:e|es|age|ing)|per\s+k(?:g|ilogram)|"
             r"vein|intraven\w+|"
             r"days?|weeks?|months?|years?|hours?|ethic\w*|legal\w*|laws?|approv\w+|insur\w+|"
             r"reimburs\w+|countr\w+|"
             r"markets?|industry|compan\w+|clinics?|access|schedule\w*|guidelines?\s+(?:do|does)|"
             r"waiting)\b"),
            ("what harm it may do",
             r"\b(?:side\s+effects?|adverse|risks?|fevers?|infections?|harm\w*|deaths?|died|die|"
             r"dying|complications?|"
             r"toxicit\w*|rejection|safety|fatal\w*|burden|pneumonia|tumou?rs?|clots?|"
             r"malignan\w+|unsafe|danger\w*)\b"),
            ("doubt",
             r"\b(?:not|n['’]t|never|nor|neither|nobody|nothing|no|without|whether|if|how|why|"
             r"what|unless|fail\w*|lack\w*|"
             r"little|hardly|scarcely|may|might|could|would|should|supposed|alleged\w*|so-called|"
             r"claims?|"
             r"overstat\w*|exaggerat\w*|mislead\w*|unproven|premature|too\s+early|too\s+soon|"
             r"perhaps|aim\w*|ask\w*|"
             r"wonder\w*|want\w*|hope[sd]?\s+to|try|tries|trying|plan\w*)\b"),
        )
    },
    "zh": {
        kind: re.compile(words, re.IGNORECASE)
        for kind, words in (
            ("counts", r"\d|[一二两三四五六七八九十]+(?:例|名|人|项|个|次|周|月|年|组|位|篇|种)|"
                       r"半数|多数|部分|若干|几"),
            ("what was done",
             r"给予|给药|注射|静脉|随机|分组|分配|招募|入组|纳入|排除|检索|筛选|提取|测量|记录|"
             r"随访|比较|评价|评估|评级|"
             r"评定|观察|发表|登记|注册|计划|设计|开展|进行|取自|来源|来自|分离|培养|扩增|采集|"
             r"冻存|制备|称为|又称|简称|"
             r"定义|分类|资助|批准|上市|合用|加用|联用|同时使用|还使用|停药|退出|组(?=接受|的|为|"
             r"有)|均接受|分别|用于|使用"),
            ("how it is known",
             r"不确定|不清|未知|证据|确定性|偏倚|估计|区间|标准|问题|研究|试验|调查|假说|假设|"
             r"理论|争议|争论|方案|登记|"
             r"数据|文献|终点|样本|分析|统计|精确|作者|摘要|表\d|领域|疑|谨慎|关注|热点|报告|"
             r"报道|描述|差异|不同|取决|"
             r"综述|系列|解释|归因|说法|结论|认识|了解|讨论|介绍|概述|结果|我们|本文|信心|分级|"
             r"级别|降级|合并|亚组|敏感性|异质"),
            ("what it is and how it acts",
             r"因子|淋巴|[TB]\s?细胞|巨噬|抗原|受体|通路|信号|分泌|释放|表达|分化|分子|调节|体外|"
             r"体内|小鼠|大鼠|动物|"
             r"实验|培养|骨髓|脐带|脂肪(?!$)|供者|供体|组织|同种异体|自体|迁移|归巢|机制|来源|"
             r"是一[种类]|是指|属于|包括|"
             r"含有|由[^，。]{1,16}组成|需要|涉及|特性|特点|免疫功能"),
            ("what it costs", r"费用|价格|昂贵|便宜|剂量|每公斤|天|周|月|年|小时|伦理|法律|监管|"
                              r"审批|医保|报销|国家|市场|公司|机构|疗程|流程"),
            ("what harm it may do", r"不良|风险|发热|感染|伤害|死|并发症|毒性|排斥|安全性|肺炎|"
                                    r"肿瘤|血栓|副作用|危险"),
            ("doubt",
             r"不能|未|没有|无法|难以|尚|是否|能否|如何|为何|什么|吗|若|如果|假如|除非|即使|所谓|"
             r"声称|宣称|夸大|误导|为时过早|"
             r"可能|或许|也许|似乎|应|需|想|希望|旨在|目的|试图|拟|打算|质疑|不应|并不|并非"),
        )
    },
}  # fmt: skip

#: People, organs and diseases in common words: whom an effect would be upon.
_UPON = {
    "en": re.compile(
        r"\b(?:patients?|people|sufferers|women|men|children|adults|kidneys?|organs?|disease|"
        r"illness|nephritis|"
        r"inflammation|flares?|relapses?|symptoms?|lives|life|health|outlook|prognosis|remission|"
        r"everyone|"
        r"anyone|body|bodies|medicine|treatment\s+of)\b", re.IGNORECASE),
    "zh": re.compile(r"患者|病人|病友|人群|肾|器官|疾病|病情|炎|症状|生命|生活|健康|预后|身体|"
                     r"身心|复发|医学"),
}  # fmt: skip

#: Roles that show why a sentence claims nothing, or that it was read.
_READ = frozenset({"unsure", "need", "aim", "define", "question", "frame", "recommend"})
_SHORTEST = {"en": 5, "zh": 4}


def plain(text: str, lang: str, *, but: Iterable[str] = ()) -> str:
    """Return the kind of plain talk that a sentence is; empty where it is none.

    Kinds in ``but`` are not looked for.

    Examples
    --------
    >>> plain("Cells were given by vein.", "en")
    'what was done'
    >>> plain("The cells landed a knockout blow.", "en")
    ''
    """
    left = (kind for kind in PLAIN[lang] if kind not in tuple(but))
    return next((kind for kind in left if PLAIN[lang][kind].search(text)), "")


def figure_of_speech(
    masked: str,
    lang: str,
    *,
    hits: Iterable[Hit],
    mentions: Iterable[Mention],
    concepts: Mapping[str, Concept],
    harms: Collection[str] = (),
) -> Hit | None:
    """Return the words that claim an effect without a known verb; ``None`` where there are none.

    Parameters
    ----------
    masked
        The sentence; names masked, words told at a distance taken out.
    hits
        Words of the lexicon in it.
    mentions
        Its names.
    harms
        Outcomes that are harms: what is said of them is no praise.
    """
    named = {m.id: m for m in mentions if m.kind == "asked"}
    named |= {concepts[m.id].kind: m for m in mentions if m.kind == "concept"}
    named |= {m.kind: m for m in mentions if m.kind == "outcome"}
    treatment = named.get("intervention")
    if treatment is None or any(
        m.kind in ("study", "title") or (m.kind == "outcome" and m.id in harms) for m in mentions
    ):
        return None
    bare = re.sub(r"[\x01\x02]+", " ", masked)
    upon = named.keys() & {"population", "outcome", "comparator"} or _UPON[lang].search(bare)
    words = re.findall(r"[A-Za-z']+" if lang == "en" else r"[\u3400-\u9fff]", bare)
    if not upon or "\x02" in masked or len(words) < _SHORTEST[lang]:
        return None
    if any(h.role in _READ for h in hits) or plain(bare, lang) or not _has_predicate(bare, lang):
        return None
    return Hit(start=treatment.start, end=len(masked.rstrip(" .。!！")), role="figure", strength=4,
               sense="good", text=masked[treatment.start :])  # fmt: skip


#: A finite verb: a title or a heading has none.
_VERB_EN = re.compile(
    r"\b(?:is|are|was|were|has|have|had|do|does|did|can|will)\b|\b[a-z]{2,}(?:ed|[^s\W]s)\b|"
    r"\b(?:give|make|take|put|win|beat|keep|bring|come|gave|made|took|won|kept|brought|came|lost|"
    r"lose|thrive|stand|"
    r"stood|let|cut|hit|set|held|hold|find|found|got|get|saw|see|show|prove|work|help|turn|move|"
    r"go|went|left|ran|rose|fell|tore|threw|caught|sent|spoke|became|felt|meant|met|led|built|"
    r"bought|drove|drew|grew|shone|slept|struck|swept|taught|told|fare|flourish|glow|shine)\b"
)


def _has_predicate(text: str, lang: str) -> bool:
    if lang == "en":
        return bool(_VERB_EN.search(text)) and text.rstrip().endswith((".", "!", "…"))
    return text.rstrip().endswith(("。", "！", "!", "…"))
