"""The multiverse: every defensible analysis of one question, and whether the statement holds."""

from tamis.synthesis.multiverse.axes import AxisShare, axis_shares
from tamis.synthesis.multiverse.reviewed import check_multiverse, run_multiverse
from tamis.synthesis.multiverse.run import Multiverse, multiverse
from tamis.synthesis.multiverse.specification import (
    DataSet,
    Options,
    Outcome,
    Specification,
    Thresholds,
    statement_of,
)

__all__ = [
    "AxisShare",
    "DataSet",
    "Multiverse",
    "Options",
    "Outcome",
    "Specification",
    "Thresholds",
    "axis_shares",
    "check_multiverse",
    "multiverse",
    "run_multiverse",
    "statement_of",
]
