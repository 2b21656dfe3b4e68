"""The sentence that the evidence would allow, in the language of the claim.

Where the summary of findings has a statement, that statement is the suggestion; otherwise the
house sentences below are used. They hold no number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tamis.certainty.claims.context import Context
from tamis.certainty.claims.evidence import COMPARATIVE, Body
from tamis.certainty.wording import spaced
from tamis.domain.question import Outcome

__all__ = ["SENTENCES", "allowed", "say"]

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
        "en": "Leave the recommendation out; what the evidence allows: {s}",
        "zh": "请删去推荐；证据允许的说法：{s}",
    },
    "drop-proof": {
        "en": "Drop the word of proof: {s}",
        "zh": "请去掉证明类动词：{s}",
    },
    "scope": {
        "en": "Name who was studied ({p}): {s}",
        "zh": "请写明研究人群（{p}）：{s}",
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
        "zh": "请写明是哪种设计的几项研究：{s}",
    },
    "notation": {
        "en": "Write {n}.",
        "zh": "请写作{n}。",
    },
    "journal": {
        "en": "The record of this work says {n}.",
        "zh": "该文献记录为：{n}。",
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
    chosen = tuple(bodies) or context.bodies
    for body in sorted(chosen, key=lambda b: not b.comparative):
        statement = body.row.statement(lang) if body.row is not None else None
        if statement is not None:
            return statement.text
    x, o = _intervention(context), _outcome(context, chosen)
    if chosen and not any(body.comparative for body in chosen):
        return say("no-comparison", lang, x=x, o=o)
    if context.study is not None and context.study.design not in COMPARATIVE:
        return say("no-comparison", lang, x=x, o=o)
    rated = any(body.level is not None for body in chosen)
    return say("uncertain" if rated else "unrated", lang, x=x, o=o)


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


def _intervention(context: Context) -> str:
    known = context.known
    concept = known.concepts.get(known.question.get("intervention", ""))
    if concept is not None:
        listed = dict(concept.names).get(context.lang)
        if listed:
            return listed[0]
    return known.evidence.protocol.question.intervention


def _outcome(context: Context, bodies: Sequence[Body]) -> str:
    lang = context.lang
    ids = context.outcomes or tuple(dict.fromkeys(body.outcome.id for body in bodies[:1]))
    names = [named(context.known.outcomes[i], lang) for i in ids if i in context.known.outcomes]
    joined = "、".join(names) if lang == "zh" else ", ".join(names)
    return joined or _ANYTHING[lang]
