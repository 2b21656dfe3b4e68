"""Screening: votes and consensus become one state for each report at each stage."""

from tamis.screening.desk import Screening, screen
from tamis.screening.states import MAYBE_COUNTS_AS, SETTLED_AS, STATES, StateRow, Tally, state_of

__all__ = [
    "MAYBE_COUNTS_AS",
    "SETTLED_AS",
    "STATES",
    "Screening",
    "StateRow",
    "Tally",
    "screen",
    "state_of",
]
