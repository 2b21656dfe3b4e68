"""The plausibility rules as one table, and the function that asks them all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from tamis.domain.results import Finding
from tamis.domain.values import Extraction
from tamis.extraction import (
    count_rules,
    estimand_rules,
    field_rules,
    interval_rules,
    source_rules,
    spread_rules,
)
from tamis.extraction.cells import Book, open_book

__all__ = ["RULES", "Rule", "check_values"]

_SEVERITIES = ("error", "warning", "note")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One plausibility rule: what it says, which severities it uses, the function that asks."""

    id: str
    says: str
    severities: tuple[str, ...]
    ask: Callable[[Book], Iterator[Finding]]


def _rule(
    name: str, severities: str, ask: Callable[[Book], Iterator[Finding]], *, says: str
) -> Rule:
    return Rule(id=name, says=says, severities=tuple(severities.split()), ask=ask)


#: An *error* is impossible under any reading that rounding allows; a *warning* is unlikely; a
#: *note* has to be said. No rule changes a value.
RULES: tuple[Rule, ...] = (
    _rule("events.n", "error", count_rules.events_n,
          says="counts are whole and no larger than the number of people"),
    _rule("pct.count", "error warning", count_rules.pct_count,
          says="the percentage is the count over the people, rounded or cut"),
    _rule("pct.grim", "warning", count_rules.pct_grim,
          says="some whole number of people gives the percentage"),
    _rule("pct.denominator", "warning note", count_rules.pct_denominator,
          says="the percentage is of the people that the row names"),
    _rule("arms.total", "error warning", count_rules.arms_total,
          says="the arms add up to the total"),
    _rule("range.field", "error warning", field_rules.range_field,
          says="the number is one that its statistic, instrument or physiology allows"),
    _rule("unit.convert", "warning", field_rules.unit_convert,
          says="the number is usual in its own unit"),
    _rule("unit.convert", "error", source_rules.unit_between_sources,
          says="two sources of one cell do not differ by a unit's factor"),
    _rule("report.report", "warning", source_rules.report_report,
          says="two sources of one cell agree within rounding"),
    _rule("dose.power", "error warning", source_rules.dose_power,
          says="doses do not differ by powers of ten between sources"),
    _rule("dose.perkg", "warning", source_rules.dose_perkg,
          says="total dose and dose per kg imply the weight of an adult"),
    _rule("sd.range", "error", spread_rules.sd_range,
          says="min <= q1 <= median <= q3 <= max, and the mean and SD fit between them"),
    _rule("sd.max", "error", spread_rules.sd_max,
          says="the SD is possible on a bounded scale"),
    _rule("sd.zero-mean", "note", spread_rules.sd_zero_mean,
          says="the SD of a positive quantity is below its mean"),
    _rule("ci.order", "error", interval_rules.ci_order,
          says="lower limit <= estimate <= upper limit"),
    _rule("ci.centre", "warning", interval_rules.ci_centre,
          says="the estimate is in the middle of its interval"),
    _rule("ci.scale", "error", interval_rules.ci_scale,
          says="ratios and their limits are above zero"),
    _rule("mix.change-followup", "warning", estimand_rules.mix_change_followup,
          says="change and level are kept apart, and arms were alike at baseline"),
    _rule("estimand.mix", "note", estimand_rules.estimand_mix,
          says="one outcome is counted in one way"),
    _rule("anchor.number", "warning note", source_rules.anchor_number,
          says="the number can be read in its passage"),
)  # fmt: skip


def check_values(
    extraction: Extraction, *, arms: Mapping[str, tuple[str, ...]] | None = None
) -> tuple[Finding, ...]:
    """Ask every rule of ``RULES`` about the extracted values.

    A finding states facts with numbers: the ids of the values (``because``), what is printed
    (``got``), what would fit (``expected``). Values are never changed. Looked-for items are no
    values, so no rule sees them.

    Parameters
    ----------
    extraction
        All values of the review, or of one study.
    arms
        The arms that make up each study, by study id. Without it, arms with recorded participants
        count as the arms, and otherwise those that were seen (then a wrong total only warns).

    Returns
    -------
    tuple of Finding
        Errors first, then warnings, then notes; within these by value id.

    References
    ----------
    Brown & Heathers 2017 (GRIM); Bhatia & Davis 2000 (bound of the variance).

    Examples
    --------
    >>> check_values(Extraction())
    ()
    """
    book = open_book(extraction, arms or {})
    found = [item for rule in RULES for item in rule.ask(book)]
    unique = {(item.rule, item.severity, item.because, item.message): item for item in found}
    return tuple(sorted(unique.values(), key=_place))


def _place(item: Finding) -> tuple[int, str, str, tuple[str, ...], str]:
    return _SEVERITIES.index(item.severity), item.subject, item.rule, item.because, item.message
