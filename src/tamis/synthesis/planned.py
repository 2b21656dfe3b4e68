"""Carrying out one planned synthesis on extracted values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from tamis.domain.errors import BadInput
from tamis.domain.question import SynthesisPlan, Visit
from tamis.domain.records import Study
from tamis.domain.results import (
    BinaryRow,
    MeansRow,
    ProportionRow,
    Refusal,
    SingleResult,
    Synthesis,
    SynthesisRow,
    Trajectory,
)
from tamis.domain.values import Extraction
from tamis.synthesis.cells import Picked, pick
from tamis.synthesis.designs import candidates, not_asked, refuse_designs
from tamis.synthesis.effect_sizes import effects
from tamis.synthesis.inverse_variance import NO_DATA
from tamis.synthesis.measures import measure_of
from tamis.synthesis.pooled import Gathered, pool_controlled, pool_single_arms
from tamis.synthesis.rows import row_of, unit_of
from tamis.synthesis.series import months_of, trajectories
from tamis.synthesis.settings import ESTIMATORS, TESTS_BY_NAME, EffectSettings, confidence
from tamis.synthesis.small_sample import FOR_BINARY, effect_of_single, one_study
from tamis.synthesis.strata import METHODS

__all__ = ["KINDS", "check_plan", "gather", "synthesise"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What a kind of synthesis may be planned with."""

    measures: tuple[str, ...]
    methods: tuple[str, ...]


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "controlled": Kind(
            measures=("RR", "OR", "RD", "AS", "MD", "SMD", "HR", "GEN"),
            methods=("one-study", *ESTIMATORS, *METHODS),
        ),
        "single-arm": Kind(measures=("PR", "none"), methods=("one-study", "GLMM")),
        "series": Kind(measures=("none", "PR", "RR", "OR", "RD", "MD", "SMD"), methods=("series",)),
    }
)

MORE_THAN_ONE = Refusal(
    rule="more-than-one-study",
    message="The plan foresees one study and more give data: amend the plan before they are "
    "pooled.",
)

LeftOut = tuple[tuple[str, str], ...]


def synthesise(
    plan: SynthesisPlan,
    extraction: Extraction,
    studies: Sequence[Study],
    visits: Sequence[Visit],
    *,
    level: str = "0.95",
) -> Synthesis:
    """Carry out one planned synthesis.

    Cells are picked by outcome, estimand, visit, arms and what the measure needs. One study is
    analysed alone; two or more are pooled only as the plan says. Controlled and uncontrolled
    evidence never enter one pool, whatever the plan says.

    Parameters
    ----------
    plan
        What was planned. ``visit`` empty takes the one visit that each study states; ``studies``
        empty takes every study of the designs.
    extraction
        All values and all that was looked for.
    studies
        Every study of the review, in the order in which rows are to stand.
    visits
        Declared visits with their months.
    level
        Confidence level.

    Returns
    -------
    Synthesis
        Rows, effects and results, each with the ids of its values; ``left_out`` names every
        study that was asked for and gives nothing, with the reason; ``refusal`` says why there
        is no result where there is none.

    Raises
    ------
    BadInput
        For a plan whose words are none of the declared ones.

    Examples
    --------
    >>> plan = SynthesisPlan(id="s", outcome="remission", estimand="point", visit="m6",
    ...                      designs=("randomised",), measure="RR", method="one-study",
    ...                      kind="controlled", arms=("msc", "placebo"))
    >>> synthesise(plan, Extraction(), (), ()).refusal.rule
    'no-data'
    """
    confidence(level)
    check_plan(plan)
    left_out = not_asked(plan, studies)
    barred = refuse_designs(plan, studies)
    if barred is not None:
        return Synthesis(plan=plan, rows=(), effects=(), refusal=barred, left_out=left_out)
    if plan.kind == "series":
        return _series(plan, extraction, studies, visits, left_out)
    if plan.kind == "single-arm":
        gathered, reasons = _gather(plan, extraction, studies, (plan.arms[0],), "proportion")
        return _single_arms(plan, gathered, left_out + reasons, level)
    gathered, reasons = gather(plan, extraction, studies)
    return _controlled(plan, gathered, left_out + reasons, level)


def check_plan(plan: SynthesisPlan) -> None:
    """Refuse a plan whose words are none of the declared ones, before there is any value.

    Raises
    ------
    BadInput
        For a kind, a measure, a method or a test that is none, a test where the method has its own
        interval, or a comparison without two arms.

    Examples
    --------
    >>> check_plan(SynthesisPlan(id="s", outcome="death", estimand="ever", visit="m6",
    ...                          designs=("randomised",), measure="RR", method="one-study",
    ...                          kind="controlled", arms=("drug", "placebo")))
    """
    kind = KINDS.get(plan.kind)
    if kind is None:
        raise BadInput(
            f"the synthesis {plan.id!r} has the kind {plan.kind!r}",
            f"use one of {', '.join(KINDS)}",
        )
    for word, allowed, what in (
        (plan.measure, kind.measures, "measure"),
        (plan.method, kind.methods, "method"),
    ):
        if word not in allowed:
            raise BadInput(
                f"the {plan.kind} synthesis {plan.id!r} has the {what} {word!r}",
                f"use one of {', '.join(allowed)}",
            )
    if plan.test and plan.test not in TESTS_BY_NAME:
        raise BadInput(
            f"the synthesis {plan.id!r} has the test {plan.test!r}",
            f"use one of {', '.join(TESTS_BY_NAME)}, or leave it out",
        )
    if plan.test and plan.method not in ESTIMATORS:
        raise BadInput(
            f"the synthesis {plan.id!r} has the test {plan.test!r}, and the method {plan.method!r} "
            "has its own interval",
            f"leave test out, or use a method among {', '.join(ESTIMATORS)}",
        )
    if plan.kind == "controlled" and not all(plan.arms):
        raise BadInput(f"the synthesis {plan.id!r} names no two arms", "write arms = [a, b]")


def gather(
    plan: SynthesisPlan, extraction: Extraction, studies: Sequence[Study]
) -> tuple[tuple[Gathered, ...], LeftOut]:
    """Return the rows of a controlled plan, study by study, and who gives none with the reason."""
    arms, kind = _arms_and_kind(plan)
    return _gather(plan, extraction, studies, arms, kind)


def _arms_and_kind(plan: SynthesisPlan) -> tuple[tuple[str, ...], str]:
    kind = measure_of(plan.measure).rows
    if plan.statistic == "estimate" or kind == "any":
        return ("-vs-".join(plan.arms),), "effect"
    return plan.arms, kind


def _gather(
    plan: SynthesisPlan,
    extraction: Extraction,
    studies: Sequence[Study],
    arms: Sequence[str],
    kind: str,
) -> tuple[tuple[Gathered, ...], LeftOut]:
    gathered, left_out = [], []
    scale = "identity" if kind == "proportion" else measure_of(plan.measure).scale
    for study in candidates(plan, studies):
        picked = pick(plan, extraction, study.id, arms=arms, kind=kind)
        row = row_of(picked, kind, scale=scale) if isinstance(picked, Picked) else picked
        if isinstance(row, str) or isinstance(picked, str):
            left_out.append((study.id, str(row)))
        else:
            unit = unit_of(picked, kind)
            gathered.append(Gathered(row=row, picked=picked, design=study.design, unit=unit))
    return tuple(gathered), tuple(left_out)


def _controlled(
    plan: SynthesisPlan, gathered: Sequence[Gathered], left_out: LeftOut, level: str
) -> Synthesis:
    rows = tuple(one.row for one in gathered)
    empty = Synthesis(plan=plan, rows=rows, effects=(), left_out=left_out)
    if not gathered:
        return replace(empty, refusal=NO_DATA)
    if len(gathered) == 1:
        return _alone(empty, gathered[0].row, level)
    if plan.method == "one-study":
        found = effects(plan.measure, rows, settings=EffectSettings(level=level))
        return replace(empty, effects=found, refusal=MORE_THAN_ONE)
    done = pool_controlled(plan, gathered, level=level)
    listed = replace(
        empty, effects=done.effects, left_out=left_out + done.left_out, settings=done.settings
    )
    if isinstance(done.result, Refusal):
        return replace(listed, refusal=done.result)
    return replace(listed, pooled=done.result)


def _alone(empty: Synthesis, row: SynthesisRow, level: str) -> Synthesis:
    found = [one_study(row, measure, level=level) for measure in _measures(empty.plan, row)]
    singles = tuple(one for one in found if isinstance(one, SingleResult))
    refused = [one for one in found if isinstance(one, Refusal)]
    shown = [one for one in singles if one.measure == empty.plan.measure] or list(singles)
    return replace(
        empty,
        single=singles,
        effects=tuple(effect_of_single(one) for one in shown[:1]),
        refusal=None if singles else refused[0],
        settings=MappingProxyType({"one-study.level": level}),
    )


def _measures(plan: SynthesisPlan, row: SynthesisRow) -> tuple[str, ...]:
    match row:
        case BinaryRow():
            return FOR_BINARY
        case MeansRow():
            return ("MD", "SMD") if plan.measure == "SMD" else ("MD",)
        case ProportionRow():
            return ("PR",)
        case _:
            return (plan.measure,)


def _single_arms(
    plan: SynthesisPlan, gathered: Sequence[Gathered], left_out: LeftOut, level: str
) -> Synthesis:
    found = [one_study(one.row, "PR", level=level) for one in gathered]
    singles = tuple(one for one in found if isinstance(one, SingleResult))
    listed = Synthesis(
        plan=plan,
        rows=tuple(one.row for one in gathered),
        effects=tuple(effect_of_single(one) for one in singles),
        single=singles,
        left_out=left_out,
        refusal=None if singles else NO_DATA,
        settings=MappingProxyType({"one-study.level": level}),
    )
    if plan.method != "GLMM" or len(singles) < 2:
        return listed
    result, settings = pool_single_arms(gathered, level=level)
    if isinstance(result, Refusal):
        return replace(listed, refusal=result)
    return replace(listed, pooled=result, settings={**listed.settings, **settings})


def _series(
    plan: SynthesisPlan,
    extraction: Extraction,
    studies: Sequence[Study],
    visits: Sequence[Visit],
    left_out: LeftOut,
) -> Synthesis:
    months = months_of(visits)
    shown: list[Trajectory] = []
    reasons = list(left_out)
    for study in candidates(plan, studies):
        found, left = trajectories(plan, extraction, study.id, months)
        shown += found
        reasons += left
        if not found and not left:
            reasons.append((study.id, "nothing is extracted for this outcome and estimand"))
    return Synthesis(
        plan=plan,
        rows=(),
        effects=(),
        trajectories=tuple(shown),
        left_out=tuple(reasons),
        refusal=None if shown else NO_DATA,
    )
