"""The multiverse of a review: data are gathered as planned syntheses gather them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from types import MappingProxyType

from tamis.domain.errors import BadInput
from tamis.domain.multiverse import AxisResult, MultiverseResult, SpecificationResult
from tamis.domain.question import MultiverseData, MultiversePlan, Outcome, SynthesisPlan
from tamis.domain.records import Study
from tamis.domain.values import Extraction
from tamis.synthesis.designs import refuse_designs
from tamis.synthesis.measures import measure_of
from tamis.synthesis.multiverse.run import NONE, Multiverse, multiverse
from tamis.synthesis.multiverse.specification import DataSet, Options, Specification, Thresholds
from tamis.synthesis.planned import gather
from tamis.synthesis.pooled import Gathered
from tamis.synthesis.settings import ESTIMATORS, TESTS
from tamis.synthesis.strata import METHODS

__all__ = ["ANY", "check_multiverse", "run_multiverse"]

#: What stands for "whatever one estimand or visit each study gives".
ANY = "any"

#: Intervals of a pool that a multiverse can take.
INTERVALS = (*TESTS, "bayes")

LeftOut = tuple[str, str, str]


def check_multiverse(plan: MultiversePlan, base: SynthesisPlan) -> None:
    """Refuse a plan whose words are none of the declared ones, before there is any value.

    Raises
    ------
    BadInput
        For a synthesis without comparison, an unknown estimator, interval or measure, a measure
        of another kind than the synthesis', and choices of data with different axes.
    """
    if base.kind != "controlled":
        raise BadInput(
            f"the multiverse {plan.id!r} varies {base.id!r}, which compares nothing",
            "name a synthesis of the kind controlled",
        )
    if not plan.data:
        raise BadInput(f"the multiverse {plan.id!r} has no data", "add [[multiverse.data]]")
    kind = measure_of(base.measure).rows
    for words, allowed, what in (
        (plan.estimators, (*ESTIMATORS, *METHODS), "estimators"),
        (plan.intervals, INTERVALS, "intervals"),
    ):
        for word in words:
            if word not in allowed:
                raise BadInput(
                    f"the multiverse {plan.id!r} has {word!r} among its {what}",
                    f"use {', '.join(allowed)}",
                )
    for measure in plan.measures:
        if measure_of(measure).rows not in (kind, "any"):
            raise BadInput(
                f"the multiverse {plan.id!r} has the measure {measure!r}, and its data are of "
                f"another kind",
                f"use measures of {kind} data",
            )
    if len({tuple(sorted(axis for axis, _ in one.choices)) for one in plan.data}) > 1:
        raise BadInput(
            f"the data of the multiverse {plan.id!r} have different axes",
            "give every [[multiverse.data]] a choice of each axis",
        )


def run_multiverse(
    plan: MultiversePlan,
    *,
    base: SynthesisPlan,
    outcome: Outcome,
    important: float | None,
    extraction: Extraction,
    studies: Sequence[Study],
) -> MultiverseResult:
    """Run every specification of a multiverse in one batch.

    Parameters
    ----------
    plan
        What is varied; the first option of each axis is the primary one.
    base
        The planned synthesis that it varies.
    outcome
        Its outcome, for the direction of benefit.
    important
        Smallest important absolute difference: a share for counts, units of the outcome for means.
        ``None`` judges against no effect alone.
    extraction, studies
        As for ``synthesise``.

    Returns
    -------
    MultiverseResult

    Raises
    ------
    BadInput
        As ``check_multiverse``.
    """
    check_multiverse(plan, base)
    held = [_data(one, base, extraction, studies) for one in plan.data]
    options = Options(
        measures=plan.measures,
        estimators=plan.estimators,
        intervals=plan.intervals,
        zero_cells=plan.zero_cells,
        alone=plan.alone,
    )
    marks = Thresholds(better=outcome.better, absolute=important or 0.0)
    made = multiverse([one for one, _ in held], options, marks)
    return _result(plan, base, important, made, tuple(who for _, left in held for who in left))


def _data(
    one: MultiverseData, base: SynthesisPlan, extraction: Extraction, studies: Sequence[Study]
) -> tuple[DataSet, tuple[LeftOut, ...]]:
    asked = replace(
        base,
        outcome=one.outcome or base.outcome,
        estimand=_or_any(one.estimand, base.estimand),
        visit=_or_any(one.visit, base.visit),
        statistic=one.statistic or base.statistic,
        designs=one.designs or base.designs,
        studies=one.studies or base.studies,
        layer=one.layer or base.layer,
    )
    choices = MappingProxyType(dict(one.choices))
    barred = refuse_designs(asked, studies)
    if barred is not None:
        return DataSet(rows=(), options=choices, refused=barred.message), ()
    found, left = _gathered(asked, one.comparators, extraction, studies)
    rows = tuple(item.row for item in found)
    why = ""
    if not rows:
        why = "no study gives data for this choice"
    elif len({item.unit for item in found}) > 1 and base.measure in ("MD", "GEN"):
        why = "the studies report different units"
    return (
        DataSet(rows=rows, options=choices, refused=why),
        tuple((one.id, study, reason) for study, reason in left),
    )


def _gathered(
    asked: SynthesisPlan,
    comparators: Sequence[str],
    extraction: Extraction,
    studies: Sequence[Study],
) -> tuple[tuple[Gathered, ...], tuple[tuple[str, str], ...]]:
    """Gather against the planned comparator, then whoever gives nothing against the others."""
    found, left = gather(asked, extraction, studies)
    for name in comparators:
        missing = {study for study, _ in left}
        again = replace(asked, arms=(asked.arms[0], name))
        waiting = [study for study in studies if study.id in missing]
        more, left = gather(again, extraction, waiting)
        found += more
    place = {study.id: at for at, study in enumerate(studies)}
    return tuple(sorted(found, key=lambda one: place[one.row.study])), left


def _or_any(asked: str, planned: str) -> str:
    return "" if asked == ANY else asked or planned


def _result(
    plan: MultiversePlan,
    base: SynthesisPlan,
    important: float | None,
    made: Multiverse,
    left_out: tuple[LeftOut, ...],
) -> MultiverseResult:
    return MultiverseResult(
        plan=plan,
        base=base,
        important=important,
        specifications=tuple(map(_specification, made.specifications)),
        primary=made.primary,
        asked=made.asked,
        distinct=made.distinct,
        computed=made.distinct - made.refused,
        differing=made.differing,
        axes=tuple(
            AxisResult(axis=one.axis, options=_applied(one.options), turns=one.turns,
                       pairs=one.pairs)
            for one in made.axes
        ),
        left_out=left_out,
    )  # fmt: skip


def _applied(options: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(one for one in options if one != NONE)


def _specification(one: Specification) -> SpecificationResult:
    found = one.outcome
    return SpecificationResult(
        id=one.id,
        options=tuple(one.options.items()),
        statement=found.statement,
        k=found.k,
        estimate=found.estimate,
        low=found.low,
        high=found.high,
        absolute=found.absolute,
        refused=found.refused,
        same_as=one.same_as,
        inputs=one.inputs,
    )
