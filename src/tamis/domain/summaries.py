"""What a report says of risk of bias and certainty: results as people settled them, to be printed.

The rooms ``appraisal`` and ``certainty`` decide; these are the plain values in which their answer
travels to the report. Unknown stays ``None`` or an empty text, and is printed as such.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["AppraisalItem", "AppraisalSummary", "DomainSummary", "RatingSummary"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AppraisalItem:
    """One question of a tool as answered for one result.

    ``answer`` is the word shown ("yes", "no", "unclear", "no information"), or empty when nobody
    answered it: that prints "not answered". ``support`` is the assessor's own text.
    """

    question: str
    label: str
    answer: str = ""
    support: str = ""
    anchor: str = ""
    event: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppraisalSummary:
    """The appraisal of one result (``study/outcome/visit``) by one person with one tool."""

    tool: str
    tool_name: str
    version: str
    url: str
    study: str
    result: str
    assessor: str
    items: tuple[AppraisalItem, ...] = ()
    judgement: str = ""
    reason: str = ""
    event: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainSummary:
    """One GRADE domain of one body; ``change`` is ``None`` until a person has decided it."""

    domain: str
    label: str
    change: int | None
    reason: str = ""
    by: str = ""
    at: str = ""
    event: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingSummary:
    """Certainty of one body of evidence for one outcome.

    ``level`` is 4 (high) to 1 (very low), or ``None`` while a domain is undecided; ``status`` is
    ``not judged``, ``in progress`` or ``confirmed``.
    """

    body: str
    outcome: str
    start: int
    domains: tuple[DomainSummary, ...]
    level: int | None
    label: str
    symbols: str
    status: str
