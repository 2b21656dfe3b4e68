"""Pooling what was gathered for a plan: what must agree first, and what a reader must be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from tamis.domain.question import SynthesisPlan
from tamis.domain.results import (
    BinaryRow,
    Finding,
    PooledResult,
    ProportionRow,
    Refusal,
    StudyEffect,
    SynthesisRow,
)
from tamis.synthesis.cells import REASONS, Picked
from tamis.synthesis.effect_sizes import effect_rows, effects
from tamis.synthesis.inverse_variance import fit_rows, pooled_of
from tamis.synthesis.proportions import pool_proportions
from tamis.synthesis.settings import (
    TESTS_BY_NAME,
    EffectSettings,
    PoolSettings,
    ProportionSettings,
)
from tamis.synthesis.strata import METHODS, pool_tables

__all__ = ["Gathered", "Pooled", "pool_controlled", "pool_single_arms", "zero_cell_warning"]

NOT_STATED = "not-stated"

DEFINITIONS_DIFFER = Refusal(
    rule="definitions-differ",
    message="The studies count this outcome by different definitions: they are listed, not merged.",
)

NO_DEFINITION = Refusal(
    rule="definitions-not-stated",
    message="No study states how it counted this outcome, so it is not known that they agree: "
    "they are listed, not merged.",
)

ESTIMANDS_DIFFER = Refusal(
    rule="estimands-differ",
    message="Ever, at a time and best by a time are different questions: they are listed, not "
    "merged.",
)

VISITS_DIFFER = Refusal(
    rule="visits-differ",
    message="The studies report different times: they are listed, not merged.",
)

UNITS_DIFFER = Refusal(
    rule="units-differ",
    message="The studies report different units: convert the values, or use a standardised "
    "difference.",
)

WARNINGS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "zero-cells-corrected": (
            "warning",
            "Half an event was added to every cell of tables with an empty cell; Mantel-Haenszel "
            "needs no such correction, and its result belongs beside this one.",
        ),
        "randomised-and-not": (
            "warning",
            "Randomised and non-randomised comparisons stand in one pool; certainty is rated for "
            "each by itself.",
        ),
        "definitions-differ": (
            "warning",
            "The studies do not count this outcome by one stated definition.",
        ),
        "visits-differ": ("warning", "The studies report different times."),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """One study's row with the cells it came from."""

    row: SynthesisRow
    picked: Picked
    design: str
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pooled:
    """Effects with their weights, the result or its refusal, the settings."""

    effects: tuple[StudyEffect, ...]
    result: PooledResult | Refusal
    settings: Mapping[str, str]
    left_out: tuple[tuple[str, str], ...] = ()


def pool_controlled(plan: SynthesisPlan, gathered: Sequence[Gathered], *, level: str) -> Pooled:
    """Pool two or more comparisons as the plan says."""
    chosen = EffectSettings(level=level)
    found = effects(plan.measure, [one.row for one in gathered], settings=chosen)
    left_out = tuple((one.study, REASONS["spread"]) for one in found if one.y is None)
    settings = {f"effects.{name}": value for name, value in chosen.used_by(plan.measure).items()}
    if plan.method in METHODS:
        result, weighted = _tables(plan, gathered, level), found
        settings |= {"pool.method": plan.method, "pool.level": level}
    else:
        test = TESTS_BY_NAME.get(plan.test, "auto")
        pooling = PoolSettings(method=plan.method, test=test, level=level)
        result, weighted = _effects(plan.measure, found, pooling)
        settings |= {f"pool.{name}": value for name, value in pooling.as_dict().items()}
    if len({one.unit for one in gathered}) > 1 and plan.measure in ("MD", "GEN"):
        result, weighted = UNITS_DIFFER, found
    if isinstance(result, PooledResult):
        result = replace(result, warnings=result.warnings + _said(plan, gathered, found))
    return Pooled(
        effects=weighted, result=result, settings=MappingProxyType(settings), left_out=left_out
    )


def _tables(
    plan: SynthesisPlan, gathered: Sequence[Gathered], level: str
) -> PooledResult | Refusal:
    rows = [one.row for one in gathered if isinstance(one.row, BinaryRow)]
    return pool_tables(rows, measure=plan.measure, method=plan.method, level=level)


def _effects(
    measure: str, found: tuple[StudyEffect, ...], settings: PoolSettings
) -> tuple[PooledResult | Refusal, tuple[StudyEffect, ...]]:
    done = fit_rows(effect_rows(found), settings=settings)
    if isinstance(done, Refusal):
        return done, found
    weights = iter(done.weights)
    weighted = tuple(
        replace(one, weight=next(weights)) if one.y is not None and one.se is not None else one
        for one in found
    )
    return pooled_of(done, measure, settings), weighted


def _said(
    plan: SynthesisPlan, gathered: Sequence[Gathered], found: Sequence[StudyEffect]
) -> tuple[Finding, ...]:
    definitions = {one.picked.definition for one in gathered}
    studies = tuple(one.study for one in found if one.corrected)
    holds = {
        "randomised-and-not": len({one.design for one in gathered}) > 1,
        "definitions-differ": len(definitions) > 1 or NOT_STATED in definitions,
        "visits-differ": len({one.picked.visit for one in gathered}) > 1,
    }
    said = tuple(
        Finding(rule=rule, severity=WARNINGS[rule][0], subject=plan.id, message=WARNINGS[rule][1])
        for rule, yes in holds.items()
        if yes
    )
    if plan.method in METHODS or not studies:
        return said
    return (zero_cell_warning(plan.id, studies), *said)


def zero_cell_warning(subject: str, studies: tuple[str, ...]) -> Finding:
    """Return the warning that cells were corrected, naming the studies."""
    severity, message = WARNINGS["zero-cells-corrected"]
    return Finding(
        rule="zero-cells-corrected",
        severity=severity,
        subject=subject,
        message=message,
        because=studies,
    )


def pool_single_arms(
    gathered: Sequence[Gathered], *, level: str
) -> tuple[PooledResult | Refusal, Mapping[str, str]]:
    """Pool proportions of single arms, only where definition, estimand and time agree."""
    barred = _disagreement(gathered)
    if barred is not None:
        return barred, MappingProxyType({})
    settings = ProportionSettings(level=level)
    rows = [one.row for one in gathered if isinstance(one.row, ProportionRow)]
    named = {f"glmm.{name}": value for name, value in settings.as_dict().items()}
    return pool_proportions(rows, settings=settings), MappingProxyType(named)


def _disagreement(gathered: Sequence[Gathered]) -> Refusal | None:
    definitions = {one.picked.definition for one in gathered}
    if len({one.picked.cells[0].estimand for one in gathered}) > 1:
        return ESTIMANDS_DIFFER
    if len(definitions) > 1:
        return DEFINITIONS_DIFFER
    if definitions == {NOT_STATED}:
        return NO_DEFINITION
    if len({one.picked.visit for one in gathered}) > 1:
        return VISITS_DIFFER
    return None
