"""How texts say that a number is the size of an effect: "by 0.2 L", "a 30 % reduction", 降低了.

A reading says which way it goes (above zero: more of the outcome), whether it is a difference or a
change in one arm, and whether the words make it a bound ("up to").
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tamis.certainty.claims.context import Context, direction
from tamis.certainty.claims.lexicon import clauses
from tamis.certainty.claims.measured import arm_of, arms_named, outcomes_of
from tamis.certainty.claims.numbers import Number
from tamis.certainty.claims.reading import BREAKS

__all__ = ["Size", "size_of"]

_UP, _DOWN, _GOOD, _BAD = "up", "down", "good", "bad"

#: Words of change: language -> sense -> pattern.
_CHANGE = {
    "en": (
        (_UP, r"increas\w*|rais\w+|rose|ris(?:e|es|ing|en)|higher|more|greater|gain\w*|longer|grew|"
              r"prolong\w*|elevat\w+"),
        (_DOWN, r"reduc\w+|decreas\w+|lower\w*|fell|fall(?:s|ing|en)?|drop\w*|declin\w+|fewer|less|"
                r"cut(?:s|ting)?|shorten\w*|shorter|smaller|lost|diminish\w*"),
        (_GOOD, r"improv\w+|better"),
        (_BAD, r"wors\w+|deteriorat\w+"),
        ("", r"differences?|differ(?:ed|s)?|chang\w+|effects?"),
    ),
    "zh": (
        (_UP, r"升高|增加|提高|上升|增长|增|延长|高于?|多于?|长于?"),
        (_DOWN, r"降低|减少|下降|缩短|降|低于?|少于?|短于?"),
        (_GOOD, r"改善|好转"),
        (_BAD, r"恶化"),
        ("", r"相差|差异|差值|差|变化"),
    ),
}  # fmt: skip
_WORD = {
    lang: re.compile(
        "|".join(f"(?P<s{i}>" + (rf"\b(?:{p})\b" if lang == "en" else p) + ")"
                 for i, (_, p) in enumerate(rows)), re.IGNORECASE)
    for lang, rows in _CHANGE.items()
}  # fmt: skip

_ABOUT = (
    r"(?:(?:about|around|approximately|roughly|nearly|almost|some|only|just|a|an|the|mean|median|"
    r"average|of|by|up\s+to|at\s+least|more\s+than|over|less\s+than)\s+)*"
)
_VERBS_EN = (
    r"(?:increased|rose|raised|reduced|decreased|lowered|fell|dropped|declined|improved|gained|"
    r"lost|worsened|changed|cut)"
)
#: What stands directly before a number that is the size of a change.
_BEFORE = {
    "en": re.compile(
        rf"(?:\bby\s+{_ABOUT}|"
        r"\b(?:increase|reduction|decrease|rise|fall|drop|decline|gain|improvement|worsening|"
        r"difference|change|effect)s?\b[^\d;]{0,70}?\b(?:of|was|were|is|:|=)\s*"
        rf"{_ABOUT}|\b{_VERBS_EN}\s+{_ABOUT})$", re.IGNORECASE),
    "zh": re.compile(
        r"(?:升高|增加|提高|上升|增长|延长|改善|好转|恶化|降低|减少|下降|缩短|高|低|多|少|长|短|"
        r"相差|差异|差值|差|变化)(?:了|达|约|近|超过|至少|高达|不到|幅度|平均|为|是|:|：)*\s*$"),
}  # fmt: skip
_AFTER = {
    "en": re.compile(
        r"^[\s-]*(?:absolute\s+|relative\s+|mean\s+|risk\s+)*(?:increase|reduction|decrease|rise|"
        r"fall|drop|decline|gain|improvement|worsening|difference|lower|higher|fewer|less|more|"
        r"greater|better|worse|longer|shorter)\b", re.IGNORECASE),
    "zh": re.compile(r"^\s*(?:的)?(?:绝对|相对|平均)?(?:降幅|增幅|差异|差值|改善|降低|下降|减少|"
                     r"升高|增加)"),
}  # fmt: skip
_BOUND = re.compile(
    r"(?:\bup\s+to|\bat\s+least|\bmore\s+than|\bover|\bless\s+than|\bwithin|超过|至少|高达|不到|近)"
    r"\s*$", re.IGNORECASE,
)  # fmt: skip
_NEARLY = re.compile(
    r"(?:\babout|\baround|\bapproximately|\broughly|\bnearly|\balmost|约)\s*$", re.IGNORECASE
)
#: Sizes that are nobody's result: what matters, what a trial was planned for.
_NO_RESULT = re.compile(
    r"\b(?:minim\w+|smallest|thresholds?|MCID|MID|defin\w+|detect\w*|power(?:ed)?|assum\w+|"
    r"expect\w*|target\w*|important\s+(?:difference|effect|change)|would)\b|"
    r"最小|阈值|临床意义|定义|检出|假设|预期|把握度",
    re.IGNORECASE,
)
_TO_OR_FROM = re.compile(r"(?:\b(?:from|(?<!up )to|until)|[从由至到为])\s*$", re.IGNORECASE)
_SINCE = re.compile(
    r"\bfrom\s+(?:the\s+)?(?:baseline|start|entry)|\bbaseline\b|\bbefore\s+(?:the\s+)?treatment|"
    r"\bover\s+(?:the\s+)?\w+\s+(?:months|weeks|years)|\bwithin[\s-]group|基线|治疗前|自身",
    re.IGNORECASE,
)
_BETWEEN = {
    "en": re.compile(r"\b(?:than|compared|comparison|versus|vs\.?|relative\s+to|differ\w*|"
                     r"between|against|over\s+placebo)\b", re.IGNORECASE),
    "zh": re.compile(r"比|相比|相较|对照|相差|差异|差值|组间|优于"),
}  # fmt: skip
_THAN = {"en": re.compile(r"\bthan\b", re.IGNORECASE), "zh": re.compile(r"(?<!相)比(?!例|值|较)")}
#: "Reached by 75 %": people who got there, and no size.
_REACHED = re.compile(
    r"\b(?:reached|achieved|attained|experienced|met|shown|seen|had|reported)\s+by\s+(?:about\s+|"
    r"the\s+|only\s+|some\s+)*$", re.IGNORECASE,
)  # fmt: skip
#: "Fell by 3 points more": more of the fall.
_MORE = {
    "en": re.compile(r"^\s*(?:(?P<more>more|further|greater)|(?P<less>less))\b", re.IGNORECASE),
}
_BEHIND = {
    "en": re.compile(r"^\s*(?:points?|units?|[A-Za-zµμ/]{1,8})?\s*(?P<word>lower|higher|less|more|"
                     r"fewer|greater|better|worse|longer|shorter)\b", re.IGNORECASE),
    "zh": re.compile(r"^\s*(?:分|个百分点)?\s*[（(,，]?(?P<word>更?(?:低|高|少|多))"),
}  # fmt: skip
_OPPOSITE = {_UP: _DOWN, _DOWN: _UP, _GOOD: _BAD, _BAD: _GOOD}
_PLACE = {
    "en": re.compile(r"\b(?:with|in|given|on|receiving|taking|under|among|for|of|after|the)\s+"
                     r"(?:the\s+)?$", re.IGNORECASE),
    "zh": re.compile(r"(?:在|接受|使用|给予|服用|用)\s*$"),
}  # fmt: skip
_GROUP = re.compile(r"^\s*(?:group|arm|patients|recipients|(?:治疗)?组|患者)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """A number as the size of an effect on one outcome.

    ``sign`` is 1 (more), -1 (less) or 0 (not said); ``arm`` is where it is a change in one arm,
    ``since`` whether it is a change over time, ``bound`` and ``about`` are as the words have it.
    """

    outcome: str
    sign: int = 0
    arm: str = ""
    since: bool = False
    bound: bool = False
    about: bool = False


def size_of(context: Context, number: Number) -> Size | None:
    """Return a number as the size of an effect; ``None`` where it is none, or of no one outcome."""
    names = outcomes_of(context, number)
    if len(names) != 1:
        return None
    text, lang = context.sentence.text, context.lang
    start = _start(context, number)
    before, after = text[start : number.start], text[number.end :]
    if _TO_OR_FROM.search(before) or _NO_RESULT.search(text):
        return None
    labelled = number.kind == "ratio"
    if not labelled and not (_BEFORE[lang].search(before) or _AFTER[lang].match(after)):
        return None
    if _REACHED.search(before):
        return None
    sense = _sense(before, after, lang)
    if labelled and not sense:
        sense = _behind(after, lang)
    sign = _signed(context, sense, names[0], said=not labelled)
    if number.value < 0 and (labelled or not sign):
        sign = -1 if sign == 0 else sign
    if labelled and not sign:
        sign = 1
    sign *= _flipped(context)
    printed = context.span(number.start, number.end)
    arm = "" if labelled else _turn(context, number) or _locus(context)
    return Size(
        outcome=names[0],
        sign=sign,
        arm=arm,
        since=not labelled and bool(_SINCE.search(text)),
        bound=bool(_BOUND.search(before)),
        about=bool(_NEARLY.search(before)) or bool(_NEARLY.search(printed)),
    )


def _turn(context: Context, number: Number) -> str:
    """Return the arm of a number where arms and numbers of its kind stand in turn."""
    arms = arms_named(context)
    return arm_of(context, number) if len({arm for *_, arm in arms}) > 1 and len(
        [n for n in context.numbers if n.kind == number.kind]) > 1 else ""  # fmt: skip


def _behind(after: str, lang: str) -> str:
    """Return the sense of a word of direction behind a labelled size: "3 points lower"."""
    found = _BEHIND[lang].match(after)
    return "" if found is None else _of_word(found["word"], lang)


def _of_word(word: str, lang: str) -> str:
    found = _WORD[lang].search(word)
    if found is None or not found.lastgroup:
        return ""
    return _CHANGE[lang][int(found.lastgroup[1:])][0]


def _start(context: Context, number: Number) -> int:
    """Return where the clause of a number begins; a bracket reaches back to what it explains."""
    cuts = clauses(context.sentence.text, BREAKS[context.lang])
    found = next((a for a, b in cuts if a <= number.start < b), 0)
    text = context.sentence.text
    bracket = found > 0 and text[found - 1] in "(（["
    return 0 if bracket or not _WORD[context.lang].search(text[found:]) else found


def _sense(before: str, after: str, lang: str) -> str:
    """Return the sense of the word of change beside a number: after it, else last before it."""
    of_verb = _MORE[lang].match(after) if lang == "en" else None
    verb = next(reversed(list(_WORD[lang].finditer(before))), None) if of_verb else None
    if of_verb is not None and verb is not None and verb.lastgroup:
        sense = _CHANGE[lang][int(verb.lastgroup[1:])][0]
        return sense if of_verb["more"] else _OPPOSITE.get(sense, sense)
    following = _WORD[lang].search(after[:30]) if _AFTER[lang].match(after) else None
    if following is None:
        following = _after_difference(before, after, lang)
    found = following or next(reversed(list(_WORD[lang].finditer(before))), None)
    if found is None or found.lastgroup is None:
        return ""
    return _CHANGE[lang][int(found.lastgroup[1:])][0]


def _after_difference(before: str, after: str, lang: str) -> re.Match[str] | None:
    """Return a word of direction behind a difference: "a difference of 0.2 L lower"."""
    told = [m for m in _WORD[lang].finditer(before) if m.lastgroup]
    if told and _CHANGE[lang][int((told[-1].lastgroup or "s0")[1:])][0]:
        return None
    return _WORD[lang].match(after[:30].lstrip(" ,，(（"))


def _signed(context: Context, sense: str, outcome: str, *, said: bool = True) -> int:
    if sense in (_UP, _DOWN):
        return 1 if sense == _UP else -1
    if sense in (_GOOD, _BAD):
        higher = context.known.outcomes[outcome].better == "higher"
        return 1 if higher == (sense == _GOOD) else -1
    if not said:
        return 0
    claimed = direction(context.reading.sense, context.known.outcomes[outcome])
    if claimed in ("good", "bad") and context.reading.strength >= 2:
        return _signed(context, claimed, outcome)
    return 0


def _pair(context: Context) -> tuple[str, str]:
    plans = context.known.evidence.protocol.syntheses
    return next((p.arms for p in plans if all(p.arms)), ("", ""))


def _flipped(context: Context) -> int:
    """Return -1 where the comparator is said to be higher or lower than the intervention."""
    than = _THAN[context.lang].search(context.sentence.text)
    if than is None:
        return 1
    behind = [arm for start, _, arm in arms_named(context) if start >= than.end()]
    return -1 if behind and behind[0] == _pair(context)[0] else 1


def _locus(context: Context) -> str:
    """Return the one arm in which a change is told; empty where arms are compared or one acts."""
    text, lang = context.sentence.text, context.lang
    named = arms_named(context)
    if len({arm for *_, arm in named}) != 1 or _BETWEEN[lang].search(text):
        return ""
    start, end, arm = named[0]
    placed = _PLACE[lang].search(text[:start]) or _GROUP.match(text[end:])
    return arm if placed else ""
