"""Agreement: kappa and its relatives for two raters, and for every two reviewers of a review."""

from tamis.agreement.reviewers import CATEGORIES, screening_agreement
from tamis.agreement.two_raters import agree

__all__ = ["CATEGORIES", "agree", "screening_agreement"]
