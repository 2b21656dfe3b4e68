"""Numbers computed from printed ones: one table of conversions, and what needs more than a row."""

from tamis.extraction.conversions.convert import CONVERSIONS, convert, possible
from tamis.extraction.conversions.groups import CORRELATIONS, Arm, change_grid, combine
from tamis.extraction.conversions.kinds import Conversion, Converted, Given
from tamis.extraction.conversions.survival import (
    Curve,
    HazardRatio,
    Person,
    Reconstruction,
    hazard_ratio,
    reconstruct,
)
from tamis.extraction.conversions.units import convert_unit

__all__ = [
    "CONVERSIONS",
    "CORRELATIONS",
    "Arm",
    "Conversion",
    "Converted",
    "Curve",
    "Given",
    "HazardRatio",
    "Person",
    "Reconstruction",
    "change_grid",
    "combine",
    "convert",
    "convert_unit",
    "hazard_ratio",
    "possible",
    "reconstruct",
]
