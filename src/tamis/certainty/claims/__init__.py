"""The claim check: no sentence may say more than the evidence behind it (law 6)."""

from tamis.certainty.claims.check import check_text
from tamis.certainty.claims.declared import check_claims
from tamis.certainty.claims.evidence import ClaimEvidence
from tamis.certainty.claims.rules import RULES, ClaimRule
from tamis.certainty.claims.written import KEYS, check_names, read_claims

__all__ = [
    "KEYS",
    "RULES",
    "ClaimEvidence",
    "ClaimRule",
    "check_claims",
    "check_names",
    "check_text",
    "read_claims",
]
