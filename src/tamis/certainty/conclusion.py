"""The conclusion of a single small trial: its counts first, then how little they settle (A9).

Never "no effect shown": a trial of this size cannot show the absence of an effect.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from tamis.certainty.evidence import ArmCount, BodyEvidence
from tamis.certainty.statements import StatementWords
from tamis.certainty.wording import escaped, put, spaced
from tamis.domain.grading import Statement, StatementNumber

__all__ = ["conclusion"]

TRIAL: Mapping[str, str] = MappingProxyType(
    {
        "en": "One trial, {c_n} people: {E} in {c_e} of {c_m} given {X} and in {c_f} of {c_k} "
        "given {C}{B} (this trial only). ",
        "zh": "一项试验，共 {c_n} 人：{B}{X}组 {c_m} 人中 {c_e} 人{E}，{C}组 {c_k} 人中 {c_f} 人{E}"
        "（仅限本试验）。",
    }
)

BACKGROUND: Mapping[str, str] = MappingProxyType({"en": ", both with {b}", "zh": "在{b}基础上，"})

ADDS: Mapping[str, str] = MappingProxyType(
    {
        "en": "Whether {X} adds anything is very uncertain",
        "zh": "{X}是否带来额外作用，证据非常不确定",
    }
)

RULE = "as counted in the trial"


def conclusion(
    evidence: BodyEvidence,
    words: StatementWords,
    said: Statement,
    *,
    event: str,
    few_controls: int = 100,
) -> Statement | None:
    """Return the conclusion of a single small trial with counts; ``None`` for any other body.

    The counts hold for this trial only. ``said`` is the informative statement that follows them;
    at very low certainty, with a background treatment in both arms and an outcome that is hoped
    for, the question is whether the intervention adds anything.
    """
    arms = evidence.arms
    if evidence.k != 1 or len(arms) != 2 or any(arm.events is None for arm in arms):
        return None
    if arms[1].n >= few_controls or said.level is None:
        return None
    background = dict(evidence.body.background).get(words.lang, "")
    lead = put(
        TRIAL[words.lang],
        E=escaped(event),
        X=escaped(words.intervention),
        C=escaped(words.comparator),
        B=put(BACKGROUND[words.lang], b=escaped(background)) if background else "",
    )
    hoped_for = evidence.outcome.better == "higher" and not evidence.outcome.harm
    adds = said.level == 1 and bool(background) and hoped_for
    rest = put(ADDS[words.lang], X=escaped(words.intervention)) if adds else said.pattern
    pattern = lead + rest
    return replace(
        said,
        pattern=spaced(pattern) if words.lang == "zh" else pattern,
        numbers=(*_trial_numbers(arms), *(() if adds else said.numbers)),
    )


def _trial_numbers(arms: Sequence[ArmCount]) -> tuple[StatementNumber, ...]:
    one, two = arms
    inputs = (*one.inputs, *two.inputs)
    given = (
        ("c_n", one.n + two.n, inputs),
        ("c_e", one.events, one.inputs[:1]),
        ("c_m", one.n, one.inputs[1:]),
        ("c_f", two.events, two.inputs[:1]),
        ("c_k", two.n, two.inputs[1:]),
    )
    return tuple(
        StatementNumber(
            slot=slot, value=float(value or 0), digits=0, inputs=names or inputs, rule=RULE
        )
        for slot, value, names in given
    )
