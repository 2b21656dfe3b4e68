"""The sentence that the evidence would allow, in the language of the claim.

Where the summary of findings has a statement, that statement is the suggestion, else the statement
that certainty and interval make; otherwise the house sentences below are used. Where the interval
includes no effect, the suggestion says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tamis.certainty.claims.context import Context
from tamis.certainty.claims.evidence import COMPARATIVE, Body
from tamis.certainty.claims.naming import short_form
from tamis.certainty.evidence import Effect
from tamis.certainty.statements import UNNAMED, statement, words_for
from tamis.certainty.wording import spaced
from tamis.domain.errors import BadInput
from tamis.domain.grading import Statement
from tamis.domain.question import Outcome
from tamis.domain.results import Interval

__all__ = ["SENTENCES", "allowed", "intervention", "named", "population", "say"]

#: House sentences: key -> language -> pattern.
SENTENCES: Mapping[str, Mapping[str, str]] = {
    "uncertain": {
        "en": "The evidence is very uncertain about the effect of {x} on {o}"
              " (very low certainty, ⊕◯◯◯).",
        "zh": "关于{x}对{o}的影响，证据非常不确定（极低确定性，⊕◯◯◯）。",
    },
    "unrated": {
        "en": "Whether {x} changes {o} is unknown: the certainty of the evidence was not rated.",
        "zh": "{x}对{o}有无影响尚不清楚：证据的确定性未作评定。",
    },
    "no-comparison": {
        "en": "Without a comparison group this says nothing certain about the effect of {x} on {o}"
              " (very low certainty, ⊕◯◯◯).",
        "zh": "由于没有对照组，无法确定{o}的变化是否由{x}所致（极低确定性，⊕◯◯◯）。",
    },
    "unknown": {
        "en": "This review does not look at {o}: leave the claim out, or add the outcome to the"
              " protocol.",
        "zh": "本综述未研究{o}：请删去该说法，或将该结局加入方案。",
    },
    "no-recommendation": {
        "en": "Leave the recommendation out (a decision also weighs harms, costs and what people"
              " value). {h} What the evidence allows: {s}",
        "zh": "请删去指导性说法（决策还须权衡危害、费用和患者意愿）。{h}证据允许的说法：{s}",
    },
    "no-harms": {
        "en": "This review holds nothing on harms of {x}: leave the claim of safety out.",
        "zh": "本综述没有关于{x}危害的资料：请删去有关安全性的说法。",
    },
    "harms-unknown": {
        "en": "This review holds nothing on harms.",
        "zh": "本综述没有关于危害的资料。",
    },
    "bias": {
        "en": "The appraisals give {n}.",
        "zh": "评价结果为：{n}。",
    },
    "other-interval": {
        "en": "Name the method ({w}), or give the main result: {n}.",
        "zh": "请写明方法（{w}），或给出主要结果：{n}。",
    },
    "not-significant": {
        "en": "Leave the word of significance out: {s}",
        "zh": "请删去表示统计检验结果的词：{s}",
    },
    "drop-proof": {
        "en": "Drop the word of proof: {s}",
        "zh": "请去掉表示定论的动词：{s}",
    },
    "scope": {
        "en": "Name who was studied ({p}): {s}",
        "zh": "请写明研究人群（{p}）：{s}",
    },
    "scope-intervention": {
        "en": "Name the treatment that was studied ({p}): {s}",
        "zh": "请写明所研究的干预（{p}）：{s}",
    },
    "comparator": {
        "en": "Name what it was compared with ({p}): {s}",
        "zh": "请写明对照（{p}）：{s}",
    },
    "time": {
        "en": "Say that people were followed for {p}: {s}",
        "zh": "请写明随访时间（{p}）：{s}",
    },
    "one-study": {
        "en": "Say that this is the result of one study ({p}): {s}",
        "zh": "请写明这是一项研究（{p}）的结果：{s}",
    },
    "subgroup": {
        "en": "Leave out the group that no comparison covers: {s}",
        "zh": "请删去没有对照数据的人群：{s}",
    },
    "number": {
        "en": "The evidence gives {n}.",
        "zh": "证据给出的是{n}。",
    },
    "unmatched": {
        "en": "Give the number as the linked result has it, with its denominator and time.",
        "zh": "请按所链接的结果给出数字，并写明分母和时间点。",
    },
    "quantifier": {
        "en": "Say how many studies of which design: {s}",
        "zh": "请写明研究的设计和数目：{s}",
    },
    "counts": {
        "en": "Give the counts: {n}.",
        "zh": "请写明具体数字：{n}。",
    },
    "notation": {
        "en": "Write {n}.",
        "zh": "请写作{n}。",
    },
    "journal": {
        "en": "The record of this work says {n}.",
        "zh": "该文献记录为：{n}。",
    },
    "detail": {
        "en": "The record of this work gives {w} as {n}.",
        "zh": "该文献记录的{w}为：{n}。",
    },
    "search-date": {
        "en": "Our sources say {n}; print both.",
        "zh": "我们的来源记载为：{n}；请两者并列。",
    },
    "missing-work": {
        "en": "Add to the references: {n}.",
        "zh": "请在参考文献中补充：{n}。",
    },
    "harms": {
        "en": "Say what harms were seen: {n}.",
        "zh": "请写明观察到的不良结局：{n}。",
    },
    "say": {
        "en": "Say this as well: {n}.",
        "zh": "请同时说明：{n}。",
    },
    "estimand": {
        "en": "Say that this is a count of anyone who ever reached it ({n}), and give the values at"
              " the visits: {m}.",
        "zh": "请说明这是“曾经达到”的比例（{n}），并给出各时间点的数值：{m}。",
    },
    "best-by": {
        "en": "Say that this is the best response so far ({n}), and give the values at the visits:"
              " {m}.",
        "zh": "请说明这是期间最佳结果（{n}），并给出各时间点的数值：{m}。",
    },
}  # fmt: skip

#: Behind a statement whose interval includes no effect, before its certainty.
_INCLUDES = {
    "en": "; the interval ({low:.2f} to {high:.2f}) includes no effect",
    "zh": "；区间（{low:.2f} 至 {high:.2f}）包含无效应",
}
_DEFINED = {
    "en": " The studies use different definitions of it.",
    "zh": "各研究对该结局的定义不同。",
}
#: Columns of the matrix that do not claim an effect.
_NO_EFFECT = frozenset({"not-established", "trivial"})

_ANYTHING = {"en": "the outcomes", "zh": "各结局"}


def say(key: str, lang: str, **parts: str) -> str:
    """Return a house sentence.

    Examples
    --------
    >>> say("uncertain", "zh", x="甲药", o="疼痛")
    '关于甲药对疼痛的影响，证据非常不确定（极低确定性，⊕◯◯◯）。'
    """
    said = SENTENCES[key][lang].format(**parts)
    return spaced(said) if lang == "zh" else said


def allowed(context: Context, bodies: Sequence[Body] = ()) -> str:
    """Return the sentence that the evidence behind a claim allows."""
    lang = context.lang
    if context.unasked and not bodies:
        return say("unknown", lang, o=context.unasked)
    chosen = tuple(bodies) or context.bodies
    for body in sorted(chosen, key=lambda b: not b.comparative):
        stated = body.row.statement(lang) if body.row is not None else None
        if stated is None:
            stated = _stated(context, body)
        if stated is not None:
            return _with_interval(stated, body) + _with_definitions(context, body)
    x, o = intervention(context), _outcome(context, chosen)
    if not chosen and not context.outcomes and context.reading.sense == "safe":
        return say("no-harms", lang, x=x)
    if chosen and not any(body.comparative for body in chosen):
        return say("no-comparison", lang, x=x, o=o)
    if context.study is not None and context.study.design not in COMPARATIVE:
        return say("no-comparison", lang, x=x, o=o)
    rated = any(body.level is not None for body in chosen)
    return say("uncertain" if rated else "unrated", lang, x=x, o=o)


def _stated(context: Context, body: Body) -> Statement | None:
    """Return the statement of a rated body that has no row: unsized, by its interval."""
    if body.level is None or body.includes_null is None or body.estimate is None:
        return None
    if body.low is None or body.high is None:
        return None
    try:
        words = words_for(body.outcome, context.lang, intervention=intervention(context))
    except BadInput:
        return None
    interval = Interval(low=body.low, high=body.high, method="")
    return statement(
        words,
        level=body.level,
        size="unsized",
        upward=body.estimate > body.null,
        excludes_null=not body.includes_null,
        effect=Effect(measure=body.measure, estimate=body.estimate, interval=interval),
    )


def _with_interval(stated: Statement, body: Body) -> str:
    """Return a statement; one of an effect says that its interval includes none."""
    text = stated.text
    if not body.includes_null or body.low is None or body.high is None:
        return text
    if stated.column in _NO_EFFECT or stated.level is None or stated.level == 1:
        return text
    said = _INCLUDES[stated.lang].format(low=body.low, high=body.high)
    return f"{text.removesuffix(stated.ending)}{said}{stated.ending}"


def _with_definitions(context: Context, body: Body) -> str:
    """Return what a list of studies without comparison has to add: that definitions differ."""
    if body.comparative or len(body.studies) < 2:
        return ""
    told = {
        f.definition.partition(".")[0]
        for f in context.known.facts
        if f.study in body.studies and f.outcome == body.outcome.id and f.definition
        and f.definition != "not-stated"
    }  # fmt: skip
    return _DEFINED[context.lang] if len(told) > 1 else ""


def named(outcome: Outcome, lang: str) -> str:
    """Return the preferred name of an outcome in a language."""
    return next(
        (listed[0] for key, listed in outcome.names if key == lang and listed), outcome.name
    )


def population(context: Context) -> str:
    """Return the name of the studied population in the language of the claim."""
    known = context.known
    concept = known.concepts.get(known.question.get("population", ""))
    if concept is None:
        return known.evidence.protocol.question.population
    listed = dict(concept.names).get(context.lang) or next(iter(dict(concept.names).values()), ())
    return listed[0] if listed else concept.id


def intervention(context: Context) -> str:
    """Return the name of the intervention: of its concept, else the question's, if it is one."""
    known = context.known
    concept = known.concepts.get(known.question.get("intervention", ""))
    if concept is not None:
        listed = dict(concept.names).get(context.lang)
        if listed:
            return listed[0]
    asked = short_form(known.evidence.protocol.question.intervention, context.lang)
    return asked or UNNAMED[context.lang][0]


def _outcome(context: Context, bodies: Sequence[Body]) -> str:
    lang = context.lang
    ids = context.outcomes or tuple(dict.fromkeys(body.outcome.id for body in bodies[:1]))
    names = [named(context.known.outcomes[i], lang) for i in ids if i in context.known.outcomes]
    joined = "、".join(names) if lang == "zh" else ", ".join(names)
    return joined or _ANYTHING[lang]
