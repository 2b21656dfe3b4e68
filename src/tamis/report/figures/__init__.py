"""Figures of a meta-analysis as values: each is drawn once and handed out as SVG, PDF or PNG."""

from tamis.report.figures.arms_plot import labbe, radial
from tamis.report.figures.bubble_plot import bubble
from tamis.report.figures.figure import Figure, suffix_of
from tamis.report.figures.forest_plot import forest
from tamis.report.figures.funnel_plot import funnel
from tamis.report.figures.influence_plot import baujat, influence
from tamis.report.figures.kinds import KINDS, figure_of
from tamis.report.figures.series_plot import cumulative, leave_one_out

__all__ = [
    "KINDS",
    "Figure",
    "baujat",
    "bubble",
    "cumulative",
    "figure_of",
    "forest",
    "funnel",
    "influence",
    "labbe",
    "leave_one_out",
    "radial",
    "suffix_of",
]
