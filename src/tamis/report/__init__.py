"""The report: one self-contained page in which every number leads to its source, and its data."""

from tamis.report.account import account, count_digit_runs
from tamis.report.build import Report, build_report
from tamis.report.content import Document, EventMark, ReportContent
from tamis.report.flow import Box, Flow, build_flow, check_flow

__all__ = [
    "Box",
    "Document",
    "EventMark",
    "Flow",
    "Report",
    "ReportContent",
    "account",
    "build_flow",
    "build_report",
    "check_flow",
    "count_digit_runs",
]
