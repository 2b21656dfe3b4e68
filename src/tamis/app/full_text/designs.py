"""Which design a title tells: a proposal for the form that links a report, never a decision."""

from __future__ import annotations

import re

__all__ = ["TOLD", "design_told"]

#: Design -> how a title says it. A title that says two of them proposes none.
TOLD: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("review", re.compile(r"systematic review|meta-?analysis|系统评价|荟萃分析|meta分析", re.I)),
    ("non-randomised", re.compile(r"\bnon-?randomi[sz]ed|非随机", re.I)),
    ("randomised", re.compile(r"(?<!non)(?<!non-)(?<!\w)randomi[sz]ed|(?<!非)随机", re.I)),
    ("single-arm", re.compile(r"\bsingle-? ?arm\b|单臂", re.I)),
    ("case-series", re.compile(r"\bcase series\b|病例系列", re.I)),
)


def design_told(title: str) -> str:
    """Return the design that a title tells, or nothing.

    Examples
    --------
    >>> design_told("Talc for itch: a randomized trial"), design_told("A non-randomised study")
    ('randomised', 'non-randomised')
    >>> design_told("Talc for itch"), design_told("A systematic review of randomised trials")
    ('', '')
    """
    found = [design for design, told in TOLD if told.search(title)]
    return found[0] if len(found) == 1 else ""
