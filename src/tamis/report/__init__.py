"""The report: one self-contained page in which every number leads to its source, and its data."""

from tamis.report.account import account, count_digit_runs
from tamis.report.build import Report, build_report
from tamis.report.content import Document, EventMark, ReportContent
from tamis.report.figures import (
    Figure,
    baujat,
    bubble,
    cumulative,
    forest,
    funnel,
    influence,
    labbe,
    leave_one_out,
    radial,
)
from tamis.report.flow import Box, Flow, build_flow, check_flow

__all__ = [
    "Box",
    "Document",
    "EventMark",
    "Figure",
    "Flow",
    "Report",
    "ReportContent",
    "account",
    "baujat",
    "bubble",
    "build_flow",
    "build_report",
    "check_flow",
    "count_digit_runs",
    "cumulative",
    "forest",
    "funnel",
    "influence",
    "labbe",
    "leave_one_out",
    "radial",
]
