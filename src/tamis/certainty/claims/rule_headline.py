"""Rule 6: a subgroup or the result of one study among several carries the headline."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tamis.certainty.claims.context import Context
from tamis.certainty.claims.evidence import Body
from tamis.certainty.claims.facts import Fact
from tamis.certainty.claims.rule_numbers import FAITHFUL, Answer
from tamis.certainty.claims.suggest import allowed, say
from tamis.domain.claims import ClaimFinding

__all__ = ["one_study", "singled_out"]

_ESPECIALLY = {
    "en": re.compile(
        r"\b(?:especially|particularly|notably|above\s+all|in\s+particular|chiefly|mainly|mostly|"
        r"primarily|first\s+and\s+foremost|principally|predominantly)\b|"
        r"\b(?:most|more|even\s+more|strongest|greatest|largest|biggest|best)\b"
        r"(?:\s+(?:pronounced|marked|evident|striking|effective|obvious|apparent|visible|"
        r"impressive|"
        r"beneficial|useful|helpful|successful|benefits?|effects?|gains?|improvements?|"
        r"responses?))?"
        r"(?:\s+(?:was|were|is|are)\s+(?:seen|found|observed|achieved))?\s+(?:in|among|for|with)\b",
        re.IGNORECASE,
    ),
    "zh": re.compile(
        r"特别(?:是|对|在|适合|适用)|尤其|尤以|主要(?:对|在|适合|适用)|"
        r"对于?(?=[^，。；,;]{1,24}?(?:更|最|尤为|格外)(?:为|加)?(?:有效|明显|显著|突出|适合|"
        r"理想|佳|好|有益))|"
        r"(?:更|最)(?:适合|有益于|有利于)|首先(?:是|对)"
    ),
}
_GROUP = {
    "en": re.compile(
        r"\b(?:patients|people|cases|adults|women|men|those|disease)\b", re.IGNORECASE
    ),
    "zh": re.compile(r"病例|患者|人群|者"),
}
_SUBGROUP = {
    "en": re.compile(
        r"\bsubgroups?\b|\bpost[\s-]?hoc\b|"
        r"\b(?:patients|people|cases|adults|women|men|children|those)\s+(?:who|with|resistant|"
        r"aged|whose|under|over|"
        r"in|on|refractory|that)\b[^.;]{0,60}?\b(?:benefit|profit|gain|respond|improve|do|did|"
        r"fare|recover)\w*\s+"
        r"(?:(?:from\s+)?(?:it|them|\w+)\s+)?(?:the\s+)?(?:most|best|particularly|especially)\b",
        re.IGNORECASE,
    ),
    "zh": re.compile(
        r"亚组|事后分析|(?:患者|病例|人群|者|女性|男性|儿童|老年人)[^，。；,;]{0,16}?(?:中|"
        r"里)?(?:获益|受益|疗效|效果|"
        r"改善|反应|应答|缓解)[^，。；,;]{0,4}?(?:最|尤为|更为|格外|特别)(?:为)?(?:大|明显|显著|"
        r"突出|好|佳|多)"
    ),
}

#: Words that say of a result that it is one study's: then it is no headline, and honest.
_ATTRIBUTED = {
    "en": re.compile(
        r"\b(?:one|a|an|single|only|another|the|this|that|its|our|first|second|larger|largest|"
        r"smaller|"
        r"smallest|other|latter|former)\s+(?:[\w-]+\s+){0,4}?(?:trial|study|series|report|RCT|"
        r"cohort)\b|"
        r"\b(?:trialists|investigators|authors)\b|\b(?:one|each)\s+of\s+(?:the|these|them|\w+)\b|"
        r"\bk\s*=\s*1\b|\bet\s+al\b|\branged?\b|\bbetween\s+\d", re.IGNORECASE),
    "zh": re.compile(
        r"(?:一|单|某|该|此|本|这|那|首|另一|其中一|唯一(?:的)?一?|最大的?一?|较大的?一?|"
        r"较小的?一?)(?:项|个|篇|组)"
        r"\S{0,12}?(?:试验|研究|队列|系列|报告)|(?:该|此|本|唯一的?|最大的?|单一|"
        r"单个)\S{0,6}?(?:试验|研究)|"
        r"其中一项|作者|研究者|等人|介于|之间|不等"),
}  # fmt: skip

#: Kinds of numbers that are results, and kinds that say how many people were studied.
_RESULTS = frozenset({"percent", "part", "ratio", "interval", "level", "percents"})

#: Sections that are read as a headline even where no effect is claimed in words.
_HEADLINES = frozenset({"title", "lead", "conclusion", "summary"})
_STATED = 2


def one_study(context: Context, found: Sequence[Answer]) -> Iterator[ClaimFinding]:
    """Yield rule 6 where every result of a headline is that of one study among several."""
    headline = context.strength >= _STATED or context.sentence.section in _HEADLINES
    if not headline or context.voice != "synthesis" or context.study is not None or context.own:
        return
    named = any(m.kind == "study" for m in context.mentions)
    if named or _ATTRIBUTED[context.lang].search(context.sentence.text):
        return
    results = [a for a in found if a.answer == FAITHFUL and a.number.kind in _RESULTS]
    counted = [a for a in found if a.answer == FAITHFUL and a.number.kind == "people"]
    studies = {_alone(context, answer) for answer in results or counted}
    study = next(iter(studies)) if len(studies) == 1 else ""
    bodies = _among(context, study) if study else ()
    if not bodies:
        return
    several = tuple(dict.fromkeys(s for body in bodies for s in body.studies))
    yield ClaimFinding(
        rule="subgroup-headline",
        severity="error",
        message=f"the result of one study ({study}) stands for all {len(several)} studies of "
        + ", ".join(dict.fromkeys(body.outcome.name for body in bodies)),
        because=tuple(dict.fromkeys((f"study:{study}", *(b for x in bodies for b in x.because)))),
        suggestion=say(
            "one-study", context.lang, p=_label(context, study), s=allowed(context, bodies)
        ),
    )


def _alone(context: Context, answer: Answer) -> str:
    """Return the one study whose number this is; empty where a whole body has it too."""
    people = answer.number.kind == "people"
    about = [f for f in answer.facts if _about(context, f, people=people)]
    studies = {f.study for f in about}
    if people and any(f.study == "" for f in answer.facts):
        return ""
    return next(iter(studies)) if len(studies) == 1 else ""


def _about(context: Context, fact: Fact, *, people: bool) -> bool:
    return fact.outcome == "participants" if people else fact.outcome in context.all_outcomes


def _among(context: Context, study: str) -> tuple[Body, ...]:
    """Return the bodies of the outcomes named that hold this study and others beside it."""
    return tuple(
        body
        for body in context.known.bodies
        if body.outcome.id in context.all_outcomes
        and study in body.studies
        and len(body.studies) > 1
    )


def _label(context: Context, study: str) -> str:
    found = context.known.evidence.study(study)
    return found.label if found is not None else study


def singled_out(context: Context) -> Iterator[ClaimFinding]:
    """Rule 6: a group is singled out without a test of interaction."""
    text, lang = context.sentence.text, context.lang
    singled = _ESPECIALLY[lang].search(text)
    if singled is not None:
        rest = text[singled.end() :]
        populations = [
            m for m in context.concept_mentions("population") if m.start >= singled.end()
        ]
        singled = singled if populations or _GROUP[lang].search(rest) else None
    headline = _SUBGROUP[lang].search(text) if context.strength >= 3 else None
    found = singled or headline
    if found is None or _tested(context):
        return
    yield ClaimFinding(
        rule="subgroup-headline",
        severity="error",
        message=f"'{found.group()}' singles out a group; no test of interaction supports it",
        because=tuple(dict.fromkeys(b for body in context.bodies for b in body.because)),
        suggestion=say("subgroup", lang, s=allowed(context)),
    )


def _tested(context: Context) -> bool:
    return any(
        body.synthesis is not None and body.synthesis.plan.subgroups for body in context.bodies
    )
