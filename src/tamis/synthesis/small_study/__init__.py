"""Small-study effects: tests of asymmetry, trim and fill, fail-safe numbers, funnel contours."""

from tamis.synthesis.small_study.asymmetry import (
    ASYMMETRY_TESTS,
    AsymmetryTest,
    asymmetry,
    asymmetry_of_tables,
    rank_test,
    regression_test,
)
from tamis.synthesis.small_study.fail_safe import FailSafe, fail_safe
from tamis.synthesis.small_study.funnel import Funnel, funnel
from tamis.synthesis.small_study.planned import asymmetry_of_synthesis
from tamis.synthesis.small_study.trim_fill import Filled, trim_and_fill

__all__ = [
    "ASYMMETRY_TESTS",
    "AsymmetryTest",
    "FailSafe",
    "Filled",
    "Funnel",
    "asymmetry",
    "asymmetry_of_synthesis",
    "asymmetry_of_tables",
    "fail_safe",
    "funnel",
    "rank_test",
    "regression_test",
    "trim_and_fill",
]
