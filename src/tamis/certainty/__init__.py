"""Certainty: GRADE proposed by rule and decided by people; absolute effects; statements."""

from tamis.certainty.absolute import absolute_effects, number_needed, per_thousand, risk_with
from tamis.certainty.bias_rule import bias_class
from tamis.certainty.domains import DOMAINS, START, GradeDomain, check_change
from tamis.certainty.evidence import (
    ArmCount,
    BodyEvidence,
    Effect,
    Reanalysis,
    Sponsor,
    Unreported,
)
from tamis.certainty.information import size_for_difference, size_for_risks
from tamis.certainty.proposal import DomainProposal
from tamis.certainty.propose import propose, proposed_level
from tamis.certainty.rating import LEVELS, DomainRating, Rating, rate
from tamis.certainty.settings import SETTING_LABELS, GradeSettings
from tamis.certainty.statements import (
    StatementWords,
    no_evidence,
    not_estimable,
    statement,
    words_for,
)
from tamis.certainty.summary import RowNames, findings_row, unreported_row
from tamis.certainty.thresholds import Thresholds, read_thresholds
from tamis.certainty.wording import ZH_UNSIGNED

__all__ = [
    "DOMAINS",
    "LEVELS",
    "SETTING_LABELS",
    "START",
    "ZH_UNSIGNED",
    "ArmCount",
    "BodyEvidence",
    "DomainProposal",
    "DomainRating",
    "Effect",
    "GradeDomain",
    "GradeSettings",
    "Rating",
    "Reanalysis",
    "RowNames",
    "Sponsor",
    "StatementWords",
    "Thresholds",
    "Unreported",
    "absolute_effects",
    "bias_class",
    "check_change",
    "findings_row",
    "no_evidence",
    "not_estimable",
    "number_needed",
    "per_thousand",
    "propose",
    "proposed_level",
    "rate",
    "read_thresholds",
    "risk_with",
    "size_for_difference",
    "size_for_risks",
    "statement",
    "unreported_row",
    "words_for",
]
