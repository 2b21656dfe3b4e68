"""Agreement: kappa and its relatives for two raters, and for every two reviewers of a review."""

from tamis.agreement.criteria import CRITERION_ANSWERS, criterion_agreement
from tamis.agreement.many_raters import fleiss_kappa
from tamis.agreement.reviewers import (
    CATEGORIES,
    blind_votes,
    changed_later,
    screening_agreement,
)
from tamis.agreement.two_raters import agree

__all__ = [
    "CATEGORIES",
    "CRITERION_ANSWERS",
    "agree",
    "blind_votes",
    "changed_later",
    "criterion_agreement",
    "fleiss_kappa",
    "screening_agreement",
]
