"""One row of the summary of findings: numbers, certainty, size and statement of one body."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from tamis.certainty.absolute import absolute_effects
from tamis.certainty.conclusion import conclusion
from tamis.certainty.evidence import ArmCount, BodyEvidence, Effect
from tamis.certainty.observed import observed, together
from tamis.certainty.rating import LEVELS, Rating
from tamis.certainty.scale import absolute_interval
from tamis.certainty.settings import GradeSettings
from tamis.certainty.statements import (
    StatementWords,
    no_evidence,
    not_estimable,
    statement,
    words_for,
)
from tamis.certainty.thresholds import Thresholds
from tamis.certainty.wording import LANGUAGES
from tamis.domain.grading import FindingsRow, Statement
from tamis.domain.question import Outcome
from tamis.domain.results import Finding, Interval, ProportionRow

__all__ = ["RowNames", "findings_row", "unreported_row"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowNames:
    """Language -> name of intervention and comparator; visit -> months from baseline."""

    interventions: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    comparators: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    months: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))

    def words(self, outcome: Outcome, lang: str) -> StatementWords:
        """Return the words of a statement about an outcome."""
        return words_for(
            outcome,
            lang,
            intervention=self.interventions.get(lang, ""),
            comparator=self.comparators.get(lang, ""),
        )


def findings_row(
    evidence: BodyEvidence,
    rating: Rating,
    *,
    names: RowNames,
    settings: GradeSettings | None = None,
    proposed_level: int | None = None,
) -> FindingsRow:
    """Return the row of one body of evidence.

    A level and statements appear only when every domain is decided; until then the status is
    ``proposed`` and ``proposed_level`` says what the rules alone would give.

    Raises
    ------
    BadInput
        For verbs that cannot stand in a statement, or an external risk that is no share.
    """
    settings = settings or GradeSettings()
    if not evidence.reported:
        row = unreported_row(evidence.outcome, names=names)
        return replace(row, body=evidence.body.id, synthesis=evidence.body.synthesis,
                       design=", ".join(evidence.body.designs),
                       single_arm=evidence.single_arm)  # fmt: skip
    row = _base(evidence, rating, proposed_level)
    if evidence.single_arm:
        return _observing(row, evidence, names)
    return _comparing(row, evidence, names, settings)


def unreported_row(outcome: Outcome, *, names: RowNames) -> FindingsRow:
    """Return the row of an outcome about which no study says anything."""
    return FindingsRow(
        outcome=outcome.id,
        importance=outcome.importance,
        harm=outcome.harm,
        estimand=outcome.estimand,
        unit=outcome.unit,
        status="not reported",
        statements=tuple(no_evidence(names.words(outcome, lang)) for lang in LANGUAGES),
        reported=False,
    )


def _base(evidence: BodyEvidence, rating: Rating, proposed_level: int | None) -> FindingsRow:
    plan = evidence.synthesis.plan if evidence.synthesis is not None else None
    confirmed = rating.level is not None
    label, symbols = LEVELS[rating.level] if rating.level is not None else ("", "")
    people, inputs = _people(evidence)
    return FindingsRow(
        outcome=evidence.outcome.id,
        body=evidence.body.id,
        synthesis=evidence.body.synthesis,
        importance=evidence.outcome.importance,
        harm=evidence.outcome.harm,
        visit=plan.visit if plan is not None else "",
        estimand=plan.estimand if plan is not None else evidence.outcome.estimand,
        design=", ".join(evidence.body.designs),
        studies=tuple(study.id for study in evidence.studies),
        participants=people,
        participants_inputs=inputs,
        unit=evidence.outcome.unit,
        level=rating.level,
        label=label,
        symbols=symbols,
        status="confirmed" if confirmed else "proposed",
        single_arm=evidence.single_arm,
        proposed_level=proposed_level,
    )


def _people(evidence: BodyEvidence) -> tuple[int | None, tuple[str, ...]]:
    """Return the people of a body and the values that count them; each study once."""
    if not evidence.single_arm:
        return evidence.people(), tuple(n for arm in evidence.arms for n in _n_of(arm))
    largest: dict[str, tuple[int, tuple[str, ...]]] = {}
    for row in (row for one in evidence.single_arms for row in one.rows):
        if isinstance(row, ProportionRow) and row.n >= largest.get(row.study, (0, ()))[0]:
            largest[row.study] = (row.n, row.inputs[1:2])
    for trajectory in (t for one in evidence.single_arms for t in one.trajectories):
        for n in (p.n for p in trajectory.points if p.n is not None):
            if n.number is not None and trajectory.study not in largest:
                largest[trajectory.study] = (int(n.number), (n.id,))
    if not largest or len(largest) < evidence.k:
        return None, ()
    return sum(n for n, _ in largest.values()), tuple(i for _, ids in largest.values() for i in ids)


def _n_of(arm: ArmCount) -> tuple[str, ...]:
    return arm.inputs[-1:]


def _observing(row: FindingsRow, evidence: BodyEvidence, names: RowNames) -> FindingsRow:
    if row.level is None:
        return row
    statements: list[Statement] = []
    each: list[Statement] = []
    for lang in LANGUAGES:
        words = names.words(evidence.outcome, lang)
        found = together(evidence, words, level=row.level, months=names.months)
        if found is not None:
            statements.append(found)
        each += observed(evidence, words, level=row.level, months=names.months)
    return replace(row, statements=tuple(statements), observed=tuple(each), size="observed")


def _comparing(
    row: FindingsRow, evidence: BodyEvidence, names: RowNames, settings: GradeSettings
) -> FindingsRow:
    effect = evidence.effect
    absolutes = absolute_effects(evidence, settings=settings)
    shown = _relative(evidence, effect)
    warnings = [finding for one in absolutes for finding in one.warnings]
    if effect is None or (effect.estimate is None and not _differs(evidence)):
        words = [names.words(evidence.outcome, lang) for lang in LANGUAGES]
        missing = tuple(not_estimable(one) for one in words)
        return replace(row, absolutes=absolutes, statements=missing, warnings=tuple(warnings))
    found = absolute_interval(evidence)
    difference = found[0] if found is not None else None
    size, source = "unsized", ""
    span: tuple[str, ...] = ()
    if evidence.thresholds is not None and difference is not None:
        size = evidence.thresholds.size(difference)
        source = evidence.thresholds.source(size) or NO_SOURCE
        span = _span(evidence.thresholds, found[1] if found is not None else None)
    else:
        warnings.append(_unsized(evidence))
    row = replace(
        row,
        measure=shown.measure if shown is not None else "",
        estimate=shown.estimate if shown is not None else None,
        interval=shown.interval if shown is not None else None,
        estimate_inputs=shown.inputs if shown is not None else (),
        absolutes=absolutes,
        size=size,
        size_source=source,
        warnings=tuple(dict.fromkeys(warnings)),
        difference=difference,
        size_span=span,
    )
    return _stated(row, evidence, names, effect, settings)


#: What stands in place of the source of a threshold that has none.
NO_SOURCE = "no source"


def _span(thresholds: Thresholds, interval: Interval | None) -> tuple[str, ...]:
    """Return the sizes of both limits of an interval that reaches to both sides, else nothing."""
    if interval is None or not interval.low < 0 < interval.high:
        return ()
    return thresholds.size(interval.low), thresholds.size(interval.high)


def _relative(evidence: BodyEvidence, effect: Effect | None) -> Effect | None:
    """Return the ratio where it is a number, else the planned effect."""
    ratio = evidence.ratio
    finite = ratio is not None and ratio.estimate is not None and math.isfinite(ratio.estimate)
    return ratio if finite else effect


def _differs(evidence: BodyEvidence) -> bool:
    found = evidence.risk_difference
    return found is not None and found.estimate is not None


def _stated(
    row: FindingsRow,
    evidence: BodyEvidence,
    names: RowNames,
    effect: Effect,
    settings: GradeSettings,
) -> FindingsRow:
    """Add statements and conclusions; none before the certainty is confirmed."""
    if row.level is None:
        return row
    upward = _upward(row, effect)
    statements, conclusions = [], []
    for lang in LANGUAGES:
        words = names.words(evidence.outcome, lang)
        said = statement(
            words,
            level=row.level,
            size=row.size,
            upward=upward,
            excludes_null=_excludes_null(evidence, effect),
            effect=_relative(evidence, effect),
        )
        statements.append(said)
        event = dict(evidence.outcome.events).get(lang, "") or (
            f"出现{words.outcome}" if lang == "zh" else words.outcome
        )
        told = conclusion(evidence, words, said, event=event, few_controls=settings.few_controls)
        if told is not None:
            conclusions.append(told)
    return replace(row, statements=tuple(statements), conclusions=tuple(conclusions))


def _upward(row: FindingsRow, effect: Effect) -> bool:
    if row.difference is not None:
        return row.difference > 0
    return effect.estimate is not None and effect.estimate > effect.null


def _excludes_null(evidence: BodyEvidence, effect: Effect) -> bool:
    """Tell whether every interval that is shown excludes no effect: the relative and the planned.

    Where they disagree the cautious answer counts.
    """
    shown = [one for one in (effect, evidence.ratio) if one is not None and one.interval]
    return bool(shown) and all(one.excludes_null for one in shown)


def _unsized(evidence: BodyEvidence) -> Finding:
    why = (
        "the protocol gives no thresholds for it"
        if evidence.thresholds is None
        else "it has no absolute effect to hold against the thresholds"
    )
    return Finding(
        rule="unsized",
        severity="warning",
        subject=evidence.body.id,
        message=f"The size of the effect on {evidence.outcome.id} is not named: {why}.",
        because=evidence.inputs or (evidence.body.id,),
        suggestion="give [[outcome.threshold]] small, moderate and large with their sources",
    )
