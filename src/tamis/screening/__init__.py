"""Screening: votes and consensus become one state for each report at each stage."""

from tamis.screening.allocation import MODES, SCREENERS, Allocation, draw_number, screeners
from tamis.screening.ballots import Ballot
from tamis.screening.criteria import ANSWERS, criteria_at, follows
from tamis.screening.desk import Screening, screen
from tamis.screening.highlight import GROUPS, Group, Span, check_terms, highlight
from tamis.screening.leases import LEASE_SECONDS, Leases
from tamis.screening.order import BLOCK, ORDERS, Placed, arrange, blocks
from tamis.screening.progress import ENOUGH, LONGEST_GAP, Pace, pace_of
from tamis.screening.reasons import order_of, ordered
from tamis.screening.running import Running
from tamis.screening.sample import draw_sample
from tamis.screening.states import MAYBE_COUNTS_AS, SETTLED_AS, STATES, StateRow, Tally, state_of

__all__ = [
    "ANSWERS",
    "BLOCK",
    "ENOUGH",
    "GROUPS",
    "LEASE_SECONDS",
    "LONGEST_GAP",
    "MAYBE_COUNTS_AS",
    "MODES",
    "ORDERS",
    "SCREENERS",
    "SETTLED_AS",
    "STATES",
    "Allocation",
    "Ballot",
    "Group",
    "Leases",
    "Pace",
    "Placed",
    "Running",
    "Screening",
    "Span",
    "StateRow",
    "Tally",
    "arrange",
    "blocks",
    "check_terms",
    "criteria_at",
    "draw_number",
    "draw_sample",
    "follows",
    "highlight",
    "order_of",
    "ordered",
    "pace_of",
    "screen",
    "screeners",
    "state_of",
]
