"""Certainty: GRADE as people judged it; the rules that propose come with the full room."""

from tamis.certainty.domains import DOMAINS, START, GradeDomain, check_change
from tamis.certainty.rating import LEVELS, DomainRating, Rating, rate

__all__ = [
    "DOMAINS",
    "LEVELS",
    "START",
    "DomainRating",
    "GradeDomain",
    "Rating",
    "check_change",
    "rate",
]
