"""The twelve rules of the claim check, as a table that can be read aloud.

Each row: number, id, severity, level and the sentence of the method. The rules themselves stand in
the modules ``rule_*``, ``citations`` and ``omissions``; every finding names its row here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

__all__ = ["RULES", "SEVERITIES", "ClaimRule"]

#: Severities, worst first.
SEVERITIES = ("error", "warning", "note")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRule:
    """One rule: its number, the severity it has as a rule, whether it judges sentences or texts."""

    number: int
    id: str
    severity: str
    level: str
    sentence: str


def _rule(number: int, name: str, severity: str, level: str, sentence: str) -> ClaimRule:
    return ClaimRule(number=number, id=name, severity=severity, level=level, sentence=sentence)


#: Yavchitz 2016 names the three worst kinds of spin (recommendations the findings do not support,
#: misleading titles, selective reporting); the ceilings follow GRADE guidelines 26 (Santesso 2020).
RULES: Mapping[str, ClaimRule] = MappingProxyType(
    {
        rule.id: rule
        for rule in (
            _rule(1, "verb-too-strong", "error", "sentence",
                  "The wording is stronger than the certainty of the evidence allows."),
            _rule(2, "interval-disagrees", "error", "sentence",
                  "A benefit or harm is claimed while the interval includes no effect, or no"
                  " difference while it includes an important one (then a warning)."),
            _rule(3, "selective-outcomes", "error", "text",
                  "A text names what is favourable and leaves out a harm or a primary outcome"
                  " (other unfavourable results: a warning)."),
            _rule(4, "scope-wider", "error", "sentence",
                  "Population, intervention, comparator, outcome or time is broader than what was"
                  " studied, or a subset that no comparison covers is singled out."),
            _rule(5, "no-comparator", "error", "sentence",
                  "Comparative or causal wording rests on data without a comparison group."),
            _rule(6, "subgroup-headline", "error", "sentence",
                  "A subgroup, a post-hoc or single-study result carries the headline, or a group"
                  " is singled out without a test of interaction."),
            _rule(7, "recommendation", "error", "sentence",
                  "A recommendation is made, and the review has no step from evidence to"
                  " decision."),
            _rule(8, "caveat-missing", "warning", "sentence or text",
                  "What a reader must know is not said beside the claim: very low certainty, high"
                  " risk of bias, early stopping, conflicting accounts, overlap, studies left"
                  " out, different definitions."),
            _rule(9, "surrogate", "warning", "sentence",
                  "A surrogate is presented as if it were what matters to patients."),
            _rule(10, "number-differs", "error", "sentence or text",
                  "A number, quantifier, denominator, time point or estimand differs from the"
                  " linked result, or is not said (at text level: a warning)."),
            _rule(11, "citation-differs", "warning", "sentence or text",
                  "Journal, year, volume, pages, title, first author or search date differs from"
                  " the record of the cited work, or a work relied on is missing from the"
                  " reference list (date and missing work: an error)."),
            _rule(12, "unit-or-notation-lost", "error", "sentence",
                  "A unit or notation that changes the value is lost (an error when a record"
                  " confirms it, else a warning)."),
        )
    }
)  # fmt: skip
