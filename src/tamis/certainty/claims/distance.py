"""Words of a sentence that are not its own claim: told of others at a distance, or supposed.

"Advocates claim that it cures, but the data do not support this" claims nothing; neither does "if
it were effective". Such words are taken out before the verbs of a sentence are read. What a study
or its authors conclude is not told at a distance: it is checked in their voice (B2 of the method).
Needed for the first are a speaker who is no study and a word of distance outside of what is told;
what others are quoted with in quotation marks needs no more than the speaker.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["without_told"]

_GONE = "\x02"

#: Speakers whose words are told, not held: interests, media, the public, this or that text.
_OTHERS = {
    "en": (
        r"(?:advocates?|proponents?|supporters?|enthusiasts?|promoters?|believers?|fans|"
        r"compan(?:y|ies)|"
        r"(?:private\s+|stem[\s-]cell\s+)?clinics?|providers?|sellers?|vendors?|marketers?|"
        r"manufacturers?|"
        r"sponsors?|advertis\w+|adverts?|ads?|websites?|web\s*pages?|brochures?|leaflets?|press|"
        r"media|"
        r"newspapers?|headlines?|news|blogs?|bloggers?|influencers|testimonials?|posts?|forums?|"
        r"tabloids?|"
        r"journalists?|(?:lay\s+|popular\s+|magazine\s+|online\s+|newspaper\s+)?articles?|"
        r"textbooks?|"
        r"celebrit\w+|promotional\s+\w+|marketing|publicity|some\s+(?:people|patients|doctors|"
        r"experts|"
        r"commentators|writers|authors|clinicians)|it\s+is\s+(?:often|sometimes|widely|commonly)|"
        r"(?:is|are)\s+(?:often|sometimes|widely|commonly)|title|slogan|abstract's)"
    ),
    "zh": (
        r"(?:支持者|拥护者|推崇者|倡导者|机构|公司|商家|厂商|企业|诊所|广告|网站|网页|宣传(?:册|"
        r"资料|材料|语|片)?|"
        r"媒体|报纸|杂志|电视|作者|报道|新闻|自媒体|公众号|科普(?:文章|文)?|文章|文中|原文|推文|"
        r"博主|网红|主播|有人|一些人|部分人|不少人|"
        r"某些人|网上|网络上|网友|坊间|民间|销售(?:人员)?|推销员|标题|海报|传单|短视频|视频|患者群)"
    ),
}
_SAY = {
    "en": (
        r"(?:claim(?:s|ed|ing)?|say(?:s|ing)?|said|assert(?:s|ed)?|state[sd]?|promis(?:e|es|ed|"
        r"ing)|"
        r"tout(?:s|ed|ing)?|hail(?:s|ed|ing)?|call(?:s|ed|ing)?|describ(?:e|es|ed|ing)|"
        r"present(?:s|ed|ing)?|advertis(?:e|es|ed|ing)|market(?:s|ed|ing)?|promot(?:e|es|ed|ing)|"
        r"sell(?:s|ing)?|sold|portray(?:s|ed)?|declar(?:e|es|ed)|insist(?:s|ed)?|suggest(?:s|ed)?|"
        r"maintain(?:s|ed)?|argue[sd]?|conclude[sd]?|report(?:s|ed)?|regard(?:s|ed)?|see|saw|"
        r"believe[sd]?|announc(?:e|es|ed)|wr(?:ites?|ote|itten)|"
        r"boast(?:s|ed)?|proclaim(?:s|ed)?|speaks?\s+of|spoke\s+of|label(?:s|led)?|"
        r"give\s+the\s+impression|"
        r"read(?:s)?|tells?(?:\s+\w+)?|told(?:\s+\w+)?|paint(?:s|ed)?|think(?:s)?|hope(?:s|d)?)"
    ),
    "zh": (
        r"(?:声称|宣称|自称|号称|宣传|吹嘘|鼓吹|标榜|得出|报告|断言|断定|描述|描绘|包装|誉为|"
        r"称作|称为|称之为|主张|认为|"
        r"相信|写道|写着|写的|表示|承诺|打着|说成|形容|说是|说|称(?![重呼]))"
    ),
}
#: What keeps its distance, outside of what is told.
_DISTANCE = {
    "en": re.compile(
        r"\bbut\b|\bhowever\b|\byet\b|\bwhereas\b|\bwhile\b|\bthough\b|\balthough\b|;\s|"
        r"\b(?:not|never|no|nor|neither|nothing|none|nobody)\b|n['’]t\b|\bbeyond\b|contradict|"
        r"unsupported|"
        r"\bwithout\b|overstat|exaggerat|mislead|\bwrong|incorrect|\bfals|unfounded|ahead\s+of|"
        r"\bhype\b|"
        r"\bspin\b|\bmyth|\bquestionabl|\bunproven|\bdoubt|\bless\s+than\b|"
        r"\bmore\s+than\s+(?:the|any)\b|"
        r"at\s+odds|disagree|dispute|lack|fail", re.IGNORECASE),
    "zh": re.compile(
        r"但|然而|而(?=试验|研究|数据|证据|这|本|实际|事实)|不过|却|可是|[并没不未无]|超出|远超|"
        r"夸大|误导|缺乏|矛盾|"
        r"错误|前面|领先|抢先|跑在|言过其实|经不起|存疑|质疑|有待|过度|失实|相悖"),
}  # fmt: skip
#: Where what is told ends.
_UNTIL = {
    "en": re.compile(
        r",|;|\bbut\b|\bhowever\b|\byet\b|\bwhereas\b|\bthough\b|\balthough\b|\bwhile\b|"
        r"\b(?:go(?:es)?|went|run(?:s)?|ran)\s+(?:far\s+|well\s+|\w+\s+)?(?:beyond|ahead)|"
        r"\b(?:is|are|was|were|has|have|do|does|did|lacks?|cannot|can)\s+(?:\w+ly\s+)?(?:not|"
        r"never|n't|"
        r"contradict\w*|mislead\w*|wrong|false|unfounded|unsupported|unproven|"
        r"no\b)", re.IGNORECASE),
    "zh": re.compile(r"[，；,;]|这一?(?:说法|句|结论|观点|主张|表述)|的(?:说法|观点|结论|主张|"
                     r"做法|表述)"),
}  # fmt: skip
_QUOTED = re.compile(r"“[^”]*”|「[^」]*」|『[^』]*』|\"[^\"]*\"|(?<!\w)[‘'][^’'\n]{3,}?[’'](?!\w)")
_TELLING = {
    lang: re.compile(
        rf"{'' if lang == 'zh' else chr(92) + 'b'}{_OTHERS[lang]}"
        + (r"\b[^.;]{0,40}?\b" if lang == "en" else r"[^。；;，]{0,14}?")
        + rf"(?P<say>{_SAY[lang]})" + (r"\b" if lang == "en" else ""),
        re.IGNORECASE,
    )
    for lang in ("en", "zh")
}  # fmt: skip
#: A sentence that speaks about the words it quotes.
_WORDS = {
    "en": re.compile(
        r"\b(?:sentence|phrase|words?|wording|claims?|statement|slogan|headline|title|quote|label|"
        r"term|conclusion|passage|assertion|adjectives?|impression)\b", re.IGNORECASE),
    "zh": re.compile(r"这句话|一句|的?说法|表述|字样|措辞|用语|等词|一词|字眼|标题|口号|原话|"
                     r"结论|断言"),
}  # fmt: skip
#: Suppositions, up to where their clause ends.
_SUPPOSED = {
    "en": re.compile(
        r"(?<!as )(?<!even )(?<!only )(?<!see )(?<!unclear )(?<!unknown )(?<!ask )(?<!asked )"
        r"(?<!tell )(?<!know )(?<!determine )"
        r"\b(?:if|suppose|supposing|assuming|imagine|provided)\s+(?:that\s+)?[^,;.]*|"
        r"^\W*(?:had|were|should)\s+[^,;.?]*(?=,)", re.IGNORECASE),
    "zh": re.compile(r"(?:假如|如果|倘若|假设|假定|若(?!干|无其事)|"
                     r"要是)[^，；。,;]*?(?=[，；。,;]|就|则|那么|便|$)|(?:即使|即便|就算|"
                     r"哪怕)[^，；。]*(?=，[^。]*?[也都])"),
}  # fmt: skip
#: Claims that a clause names in order to deny them.
_DENIED = {
    "en": re.compile(
        r"\b(?:claims?|statements?|suggestions?|ideas?|notions?|beliefs?|assertions?|promises?|"
        r"reports?|"
        r"hype|talk|impression|headlines?|hopes?|assumptions?)\s+(?:that|of|"
        r"about)\s+(?P<told>[^.;]*?)"
        r"\s(?=(?:is|are|was|were|has|have|do|does|go|goes|went|cannot|can|should|lacks?|rests?|"
        r"remains?|"
        r"runs?|outruns?|fails?)\b[^.;]*\b(?:not|no|never|without|beyond|contradict\w*|"
        r"mislead\w*|wrong|false|unfounded|"
        r"unsupported|unproven|premature|exaggerated|overstated|ahead|lack\w*|untested|sand|weak|"
        r"thin)\b)",
        re.IGNORECASE),
    "zh": re.compile(
        r"(?P<told>[^，。；,;]{2,40}?)(?:这一?(?:说法|结论|观点|主张|表述|断言)|的(?:说法|结论|"
        r"观点|主张|宣传|断言))"
        r"(?=[^。；;]{0,12}?(?:没有|未|缺乏|不|无|超出|夸大|误导|错误|存疑|过早|站))"),
}  # fmt: skip


def without_told(masked: str, lang: str) -> str:
    r"""Return a sentence with words that are told at a distance, or supposed, taken out.

    Parameters
    ----------
    masked
        The sentence, names masked.
    lang
        ``en`` or ``zh``.

    Returns
    -------
    str
        The same length: each character taken out is ``\x02``, so that places stay.

    Examples
    --------
    >>> without_told("Clinics say it cures, but no data support it.", "en").replace("\x02", "_")
    'Clinics say_________, but no data support it.'
    """
    spans = [*_supposed(masked, lang), *_told(masked, lang), *_denied(masked, lang)]
    letters = list(masked)
    for start, end in spans:
        letters[start:end] = [c if c in ",，;；。." else _GONE for c in letters[start:end]]
    return "".join(letters)


def _supposed(text: str, lang: str) -> Iterator[tuple[int, int]]:
    yield from (m.span() for m in _SUPPOSED[lang].finditer(text))


def _denied(text: str, lang: str) -> Iterator[tuple[int, int]]:
    yield from (m.span("told") for m in _DENIED[lang].finditer(text))


def _told(text: str, lang: str) -> Iterator[tuple[int, int]]:
    """Yield what others are told to say, and quotations that a sentence speaks about."""
    telling = _TELLING[lang].search(text)
    for quoted in _QUOTED.finditer(text):
        outside = text[: quoted.start()] + text[quoted.end() :]
        spoken = telling is not None and telling.start() < quoted.start()
        about = _WORDS[lang].search(outside) and _DISTANCE[lang].search(outside)
        if spoken or about:
            yield quoted.span()
    if telling is None:
        return
    start = telling.end("say")
    stop = _UNTIL[lang].search(text, start)
    end = stop.start() if stop is not None else len(text)
    if _DISTANCE[lang].search(text[: telling.start()] + text[end:]):
        yield start, end
