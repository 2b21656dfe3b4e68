"""Rule 10 on risk of bias: "all trials were at low risk of bias" against the appraisals.

A statement needs a subject (all, most, two of three, no trial, a named study, the included studies)
and a judgement (low, high or unclear risk of bias; good or poor quality; well conducted). The worst
settled judgement of a study counts. A study that nobody appraised may be either: where that
decides, nobody can tell.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from tamis.certainty.claims.context import Context
from tamis.certainty.claims.numbers import Number
from tamis.certainty.claims.rule_quantifiers import OF_STUDIES, Judged
from tamis.certainty.claims.suggest import say
from tamis.domain.claims import ClaimFinding
from tamis.domain.summaries import AppraisalSummary

__all__ = ["of_bias"]

_RISK = r"risks?\s+of\s+bias"
_LOW_EN, _HIGH_EN = (
    r"(?:very\s+)?(?:low|minimal|negligible)",
    r"(?:very\s+)?(?:high|serious|critical|substantial)",
)
_BE = r"(?:is|was|were|are|be|been|being|as|judged|rated|considered|deemed|found|appeared)"
_SOME_EN = r"(?:unclear|moderate|some\s+concerns\s+(?:about|for|regarding|of))"

#: What a sentence says of risk of bias: tones that agree -> pattern, by language.
_SAID: Mapping[str, tuple[tuple[frozenset[str], re.Pattern[str]], ...]] = {
    "en": (
        (frozenset({"good"}), re.compile(
            rf"\b{_LOW_EN}\s+{_RISK}|\b{_RISK}\b[^.;,]{{0,40}}?\b{_BE}\s+(?:\w+\s+)?{_LOW_EN}\b|"
            r"\b(?:high|good|excellent)(?:\s+|-)(?:methodological\s+)?quality\b(?!\s+(?:evidence|of\s+life|of\s+"
            r"evidence|care))|\b(?:well|rigorously|soundly)[\s-](?:conducted|designed|executed|done)\b|"
            r"\bmethodologically\s+(?:sound|strong|rigorous)\b|\b(?:free\s+(?:of|from)|without)\s+bias\b|"
            r"\bunbiased\b|\bquality\s+(?:\w+\s+){0,4}(?:was|were)\s+(?:\w+\s+)?(?:high|good)\b"
            r"(?<!evidence was high)", re.IGNORECASE)),
        (frozenset({"poor", "worst"}), re.compile(
            rf"\b{_HIGH_EN}\s+{_RISK}|\b{_RISK}\b[^.;,]{{0,40}}?\b{_BE}\s+(?:\w+\s+)?{_HIGH_EN}\b|"
            r"\b(?:low|poor)(?:\s+|-)(?:methodological\s+)?quality\b(?!\s+(?:evidence|of\s+life|of\s+evidence))|"
            r"\b(?:badly|poorly)[\s-](?:conducted|designed|executed)\b", re.IGNORECASE)),
        (frozenset({"fair", "unknown"}), re.compile(
            rf"\b{_SOME_EN}\s+(?:{_RISK}|bias)|\bsome\s+concerns\b", re.IGNORECASE)),
    ),
    "zh": (
        (frozenset({"good"}), re.compile(
            r"(?:低|较低|很低)(?:的)?偏倚(?:的)?风险|偏倚(?:的)?风险(?:\S{0,8}?)(?<!不)(?:较低|很低|均低|都低|为低|低)|"
            r"(?<!证据)(?:方法学)?质量(?:\S{0,4}?)(?:高(?!的?证据)|良好|较好|好)(?!于)|"
            r"高质量(?:的)?(?:\S{0,4})?(?:研究|试验)|(?:设计|实施|方法学|方法)(?:均|都|较)?(?:严谨|良好|规范|可靠)|"
            r"(?:没有|无)偏倚")),
        (frozenset({"poor", "worst"}), re.compile(
            r"(?:高|较高|严重)(?:的)?偏倚(?:的)?风险|偏倚(?:的)?风险(?:\S{0,8}?)(?:较高|很高|均高|都高|为高|高|严重)|"
            r"(?<!证据)(?:方法学)?质量(?:\S{0,4}?)(?:低|较差|差)(?!于)|低质量(?:的)?(?:\S{0,4})?(?:研究|试验)")),
        (frozenset({"fair", "unknown"}), re.compile(
            r"(?:中等|中度|不清楚|不明确|不明)(?:的)?偏倚(?:的)?风险|偏倚(?:的)?风险(?:\S{0,6}?)(?:中等|不清楚|不明)|"
            r"一定(?:的)?(?:顾虑|担忧)")),
    ),
}  # fmt: skip

#: Subjects that mean every study where no quantifier stands.
_EVERY = {
    "en": re.compile(
        r"\b(?:the|these|those|both)\s+(?:\w+\s+){0,3}?(?:trials|studies|RCTs)\b[^.;]{0,30}?\b(?:is|was|were|are|had|"
        r"have)\b|^\W*(?:included|all\s+included)\s+(?:trials|studies)\b|"
        r"\b(?:across|in|of|for)\s+(?:(?:all|the|these|included)\s+)+(?:trials|studies)\b"
        r"(?!\s+(?:at|with|of|judged|rated))|"
        r"\boverall\b|^\W*(?:the\s+)?risk\s+of\s+bias\b", re.IGNORECASE),
    "zh": re.compile(r"(?:纳入|入选|这些|上述|两项|各)(?:的)?(?:\S{0,3}?)(?:研究|试验)|"
                     r"总体|整体|^偏倚风险"),
}  # fmt: skip
_NEGATED = {
    "en": re.compile(r"\b(?:not|n't|neither|never)\b[^.;,]{0,24}$", re.IGNORECASE),
    "zh": re.compile(r"(?:不|并非|不是|未)(?:\S{0,3})$"),
}
_NOT_SAID = re.compile(
    r"\b(?:if|whether|when|restrict\w*|excluding|exclud\w+|limited\s+to|sensitivity|only\s+trials|"
    r"among|compar\w+|would|unclear\s+whether)\b|如果|是否|仅纳入|排除|限于|敏感性|剔除",
    re.IGNORECASE,
)
_TRIALS = {"en": re.compile(r"\btrials?\b|\bRCTs?\b", re.IGNORECASE), "zh": re.compile("试验")}
_SEVERITY = ("good", "unknown", "fair", "poor", "worst")
_OF_WORKS = re.compile(
    r"(?P<n>\d+|one|two|three|four|five|six|seven|eight|nine|ten)\s+(?:out\s+)?of\s+(?:the\s+)?"
    r"(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten)\s+(?:\w+\s+){0,2}?(?:trials|studies|RCTs)",
    re.IGNORECASE,
)
_AMONG_ZH = re.compile(
    r"(?:研究|试验)(?:\S{0,3}?)中[，,]?(?:有|仅有?|只有)?(?P<n>[一二两三四五六七八九十\d]+)项"
)
_WORDS = {w: i for i, w in enumerate(
    ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), start=1)
} | {w: i for i, w in enumerate("一二三四五六七八九十", start=1)} | {"两": 2}  # fmt: skip

_Agrees = Callable[[int, int], bool]


def of_bias(context: Context) -> Judged | None:
    """Return what the appraisals say of a statement on risk of bias; ``None`` where it is none."""
    text, lang = context.sentence.text, context.lang
    if context.own or context.sentence.section in ("aims", "methods", "references", "disclaimer"):
        return None
    asked = text.rstrip().endswith(("?", "？")) or _NOT_SAID.search(text)
    said, subject = _said(text, lang), _subject(context)
    if said is None or subject is None or asked:
        return None
    tones, start = said
    studies, agrees, words = subject
    if _NEGATED[lang].search(text[:start]):
        tones = frozenset(_SEVERITY) - tones
    told = {study: _tone(context, study) for study in studies}
    least = sum(tone in tones for tone in told.values())
    most = least + sum(tone == "" for tone in told.values())
    possible = [agrees(n, len(studies)) for n in range(least, most + 1)]
    if not studies or any(possible):
        sure = bool(studies) and all(possible)
        return Judged(answer="faithful" if sure else "cannot-tell")
    return Judged(answer="contradicted", finding=_finding(context, words, told))


def _said(text: str, lang: str) -> tuple[frozenset[str], int] | None:
    """Return the tones that a sentence names and where; ``None`` for none, or for several."""
    found = [(tones, m.start()) for tones, p in _SAID[lang] for m in p.finditer(text)]
    if not found or len({tones for tones, _ in found}) > 1:
        return None
    return min(found, key=lambda one: one[1])


def _subject(context: Context) -> tuple[tuple[str, ...], _Agrees, str] | None:
    """Return the studies a statement is about, how many must agree, and its words."""
    every = _works(context)
    if context.study is not None:
        return (context.study.id,), lambda some, _: some == 1, context.study.label
    counted = _counted(context)
    if counted is not None:
        return every, lambda some, _: some == counted, f"{counted}"
    word = context.reading.quantifier
    if word == "all" or (not word and _EVERY[context.lang].search(context.sentence.text)):
        return every, lambda some, of: some == of, "all"
    if word == "none":
        return every, lambda some, _: some == 0, "none"
    return (every, OF_STUDIES[word], word) if word in OF_STUDIES else None


def _works(context: Context) -> tuple[str, ...]:
    included = context.known.evidence.included
    trials = tuple(s.id for s in included if s.design == "randomised")
    if trials and _TRIALS[context.lang].search(context.sentence.text):
        return trials
    return tuple(s.id for s in included)


def _counted(context: Context) -> int | None:
    """Return how many studies a sentence counts: "two of three trials", "two trials"."""
    text = context.sentence.text
    of = _OF_WORKS.search(text) if context.lang == "en" else _AMONG_ZH.search(text)
    if of is not None:
        word = of["n"].lower()
        return int(word) if word.isdigit() else _WORDS.get(word)
    works: Sequence[Number] = [n for n in context.numbers if n.kind == "works"]
    if len(works) != 1 or context.reading.quantifier:
        return None
    number = works[0]
    whole = number.value == Decimal(len(_works(context)))
    definite = re.search(
        r"\b(?:the|all|these)\s+$|(?:这|全部|所有)$", text[: number.start], re.IGNORECASE
    )
    return None if definite and not whole else int(number.value)


def _tone(context: Context, study: str) -> str:
    """Return the worst settled tone of a study's appraisals; empty where nobody settled one."""
    mine = [a for a in context.known.evidence.appraisals if a.study == study]
    results = {a.result for a in mine}
    named = {r for r in results if r.split("/")[1:2] and r.split("/")[1] in context.all_outcomes}
    tones = [_of_result([a for a in mine if a.result == r]) for r in sorted(named or results)]
    if not tones or "" in tones:
        return max((t for t in tones if t in ("poor", "worst")), default="", key=_SEVERITY.index)
    return max(tones, key=_SEVERITY.index)


def _of_result(mine: Sequence[AppraisalSummary]) -> str:
    """Return the tone of one result: of its consensus, of all its assessors if they agree."""
    settled = [a for a in mine if a.role == "consensus"] or mine
    tones = {
        a.overall.judgement.tone
        if a.overall is not None and a.overall.judgement is not None
        else ""
        for a in settled
    }
    return next(iter(tones)) if len(tones) == 1 else ""


def _finding(context: Context, words: str, told: Mapping[str, str]) -> ClaimFinding:
    labels = {s.id: s.label for s in context.known.evidence.studies}
    shown = {s: _word(context, s) for s in told}
    held = "; ".join(f"{labels[s]}: {word}" for s, word in shown.items() if word)
    return ClaimFinding(
        rule="number-differs",
        severity="error",
        message=f"what is said of the risk of bias ('{words}') differs from the appraisals: {held}",
        because=tuple(
            dict.fromkeys(a.event or f"study:{a.study}" for a in context.known.evidence.appraisals
                          if a.study in told)),
        suggestion=say("bias", context.lang, n=held),
        subject=context.subject,
    )  # fmt: skip


def _word(context: Context, study: str) -> str:
    """Return the label of the worst settled judgement of a study."""
    tone = _tone(context, study)
    words = [
        a.overall.judgement.label
        for a in context.known.evidence.appraisals
        if a.study == study and a.overall is not None and a.overall.judgement is not None
        and a.overall.judgement.tone == tone
    ]  # fmt: skip
    return next((w for w in words if w), tone)
