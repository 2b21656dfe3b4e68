"""What a pool rests on: studies left out, added one by one, their influence, shrunken effects."""

from tamis.synthesis.sensitivity.influence import Influence, baujat, influence
from tamis.synthesis.sensitivity.shrinkage import Shrunken, shrink
from tamis.synthesis.sensitivity.subsets import Step, cumulative, leave_one_out

__all__ = [
    "Influence",
    "Shrunken",
    "Step",
    "baujat",
    "cumulative",
    "influence",
    "leave_one_out",
    "shrink",
]
