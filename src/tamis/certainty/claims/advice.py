"""Words of advice in a sentence that gives none to patients or those who treat them.

"Readers should", "trials should", "cannot be recommended", "not outside of a trial": the first two
are addressed to others, the last two keep from using what is not shown. Rule 7 leaves them alone.
"""

from __future__ import annotations

import re

from tamis.certainty.claims.context import Context
from tamis.certainty.claims.lexicon import Hit

__all__ = ["advised"]

#: Addressees who do not treat anybody by reading: they stand before "should" and 应.
_ADDRESSED = {
    "en": re.compile(
        r"\b(?:readers?|authors?|reviewers?|researchers?|investigators?|trialists?|editors?|"
        r"journals?|"
        r"regulators?|journalists?|media|writers?|funders?|sponsors?|statements?|claims?|figures?|"
        r"results?|findings?|conclusions?|numbers?|estimates?|evidence|data|certainty|"
        r"uncertaint\w+|"
        r"reports?|reporting|outcomes?|definitions?|follow-up|participants\s+in\s+trials|"
        r"(?:future|further|new|later|next|larger|such|these|those|any|all)\s+(?:\w+\s+)?"
        r"(?:studies|trials?|work|research|reviews?)|studies|trials?|reviews?|meta-analys[ei]s|"
        r"(?:articles?|press\s+releases?|abstracts?|texts?|guidelines?|updates?|it\s+be\s+\w+))\b"
        r"[^.;,]{0,50}$", re.IGNORECASE),
    "zh": re.compile(
        r"(?:读者|作者|研究者|研究人员|综述|监管|期刊|编辑|媒体|记者|资助者|结论|结果|数字|数据|"
        r"估计值|证据|研究|试验|"
        r"报告|报道|结局|定义|文章|摘要|指南|荟萃分析|解读|解释|说法|表述)[^，。；,;]{0,14}$"),
}  # fmt: skip
#: What stands right before a word of advice and takes it back.
_REFUSED = {
    "en": re.compile(
        r"\b(?:cannot|can\s+not|can['’]t|could\s+not|no\s+(?:basis|grounds?|reason|case|"
        r"evidence)\s+(?:to|for)|"
        r"unable\s+to|not\s+possible\s+to|impossible\s+to|too\s+(?:early|soon)\s+to|premature\s+to|"
        r"insufficient\s+(?:\w+\s+)?to|not\s+(?:enough|sufficient)\s+(?:\w+\s+)?to|neither|"
        r"(?:do|does|did)\s+not\s+(?:\w+\s+)?(?:justify|support|allow|permit)|not\s+(?:be|yet|"
        r"currently)|"
        r"hardly|nor|rather\s+than|instead\s+of|whether\s+to|whether|not\s+(?:a|an|the|"
        r"yet\s+a))\b[^.;,]{0,30}$",
        re.IGNORECASE),
    "zh": re.compile(r"(?:不能|无法|难以|不足以|尚不能|不宜|不应|不可|暂不|不予|不|没有理由|"
                     r"为时尚早|是否|并非|不是|不构成|未)"
                     r"[^，。；,;]{0,6}$"),
}  # fmt: skip
#: Advice against use outside of research, paying, relying on it.
_KEPT_FROM = {
    "en": re.compile(
        r"^(?:should|must|ought|need)(?:\s+(?:not|never)|n['’]t)\b(?=[^.;]*?\b(?:outside|except|"
        r"other\s+than|unless|"
        r"until|before|pay|buy|sold|sell|market\w*|advertis\w*|promot\w*|expect\w*|replac\w*|"
        r"assum\w*|conclud\w*|"
        r"infer\w*|rel(?:y|ied)|believe|stop|abandon|substitut\w*|travel|use|used|offered|"
        r"given)\b)|"
        r"^(?:should|must|ought\s+to)\s+(?:only|be\s+(?:limited|restricted|confined|reserved)|"
        r"remain|stay|await|wait)\b"
        r"(?=[^.;]*?\b(?:trials?|research|stud(?:y|ies))\b)|"
        r"^(?:should|must)\s+(?:always\s+|first\s+|also\s+)?(?:be\s+(?:told|informed|warned|"
        r"aware|asked|registered|randomi[sz]ed|"
        r"monitored|reported|measured|weighed)|know|understand|discuss|decide)\b", re.IGNORECASE),
    "zh": re.compile(r"^(?:应|应当|应该|须|必须|可|宜)?[^，。；,;]{0,12}?(?:仅限|仅在|只在|只能|"
                     r"仅用于)[^，。；,;]*?(?:试验|研究)|"
                     r"^(?:应|应当|应该|必须)[^，。；,;]{0,4}?(?:被?告知|知情|知道|了解|谨慎|"
                     r"慎重|警惕|避免轻信|等待|理性)"),
}  # fmt: skip
#: Words that ask something of whoever stands before them; others ("support the use of") ask all.
_ASKS = re.compile(
    r"should|must|ought|need|recommend|advis|urge|应|须|必须|需|建议|务必", re.IGNORECASE
)


def advised(context: Context) -> tuple[Hit, ...]:
    """Return the words by which a sentence advises patients or those who treat them."""
    return tuple(hit for hit in context.reading.recommends if _given(context, hit))


def _given(context: Context, hit: Hit) -> bool:
    lang = context.lang
    clause_before = re.split(r"[.;。；，]", context.span(0, hit.start))[-1]
    rest = context.span(hit.start, len(context.sentence.text))
    if _REFUSED[lang].search(clause_before) or _KEPT_FROM[lang].search(rest):
        return False
    return not (_ASKS.match(hit.text) and _ADDRESSED[lang].search(clause_before))
