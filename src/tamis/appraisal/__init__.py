"""Appraisal: risk-of-bias tools as data, and one engine that runs them."""

from tamis.appraisal.appraise import (
    NOT_ANSWERED,
    Appraisal,
    AppraisedDomain,
    AppraisedQuestion,
    appraise,
)
from tamis.appraisal.rules import Proposal, missing, paths, propose, reached
from tamis.appraisal.tool import NO_INFORMATION, OVERALL, Domain, Question, Rule, Tool
from tamis.appraisal.tools import TOOLS

__all__ = [
    "NOT_ANSWERED",
    "NO_INFORMATION",
    "OVERALL",
    "TOOLS",
    "Appraisal",
    "AppraisedDomain",
    "AppraisedQuestion",
    "Domain",
    "Proposal",
    "Question",
    "Rule",
    "Tool",
    "appraise",
    "missing",
    "paths",
    "propose",
    "reached",
]
