"""What a report says of risk of bias and certainty: results as people settled them, to be printed.

The rooms ``appraisal`` and ``certainty`` decide; these are the plain values in which their answer
travels to the report. Unknown stays ``None`` or an empty text, and is printed as such.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "AppraisalItem",
    "AppraisalSummary",
    "BiasDomain",
    "BiasScore",
    "BiasWord",
    "DomainSummary",
    "RatingSummary",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class BiasWord:
    """A judgement as it is shown: the tool's own id, its label, a symbol, a rank.

    ``rank`` orders judgements of one tool from the best (0) to the worst; -1 is "no information".
    ``tone`` is one of ``good``, ``fair``, ``poor``, ``worst``, ``unknown``: what figures colour by.
    """

    id: str
    label: str
    symbol: str
    rank: int
    tone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BiasDomain:
    """One domain of an appraisal: what the rules propose and what the person judged, both kept.

    ``because`` holds pairs of question id and answer that decided the proposal; ``undecided`` says
    why a tool proposes nothing although every question is answered.
    """

    id: str
    label: str
    proposal: BiasWord | None = None
    judgement: BiasWord | None = None
    reason: str = ""
    because: tuple[tuple[str, str], ...] = ()
    undecided: str = ""
    event: str = ""

    @property
    def overridden(self) -> bool:
        """Whether the person judged otherwise than the rules propose."""
        return bool(self.proposal and self.judgement and self.proposal.id != self.judgement.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class BiasScore:
    """A sum of points of an appraisal; ``points`` is ``None`` while one of its items is open."""

    id: str
    label: str
    points: int | None
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AppraisalItem:
    """One question of a tool as answered for one result.

    ``answer`` is the word shown ("yes", "no", "unclear", "no information"), or empty when nobody
    answered it: that prints "not answered". It is "not reached" where the other answers do not
    lead to the question. ``support`` is the assessor's own text; ``wording`` is the official
    question, only where whoever loaded it said that it may be printed.
    """

    question: str
    label: str
    answer: str = ""
    support: str = ""
    anchor: str = ""
    event: str = ""
    wording: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppraisalSummary:
    """The appraisal of one result (``study/outcome/visit[.estimand]``) by one person with one tool.

    ``status`` is the tool's standing (``verified`` or ``provisional``); ``role`` is ``single`` (one
    assessor), ``assessor`` (one of two) or ``consensus`` (settles the events in ``settles``).
    ``domains`` is empty for a checklist without domains. ``overall`` is the judgement of the whole.
    ``missing`` are questions that are reached and have no answer; ``open`` is what assessors see
    differently and nobody settled, and ``reopened`` the part of it that had been settled before an
    answer changed. ``agreed`` names the assessors of a consensus that nobody had to settle, because
    they judged alike; its ``assessor`` is empty. ``note`` is what a reader has to know of the tool.
    """

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
    variant: str = ""
    status: str = "verified"
    role: str = "single"
    settles: tuple[str, ...] = ()
    domains: tuple[BiasDomain, ...] = ()
    overall: BiasDomain | None = None
    variant_label: str = ""
    note: str = ""
    scores: tuple[BiasScore, ...] = ()
    missing: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    reopened: tuple[str, ...] = ()
    agreed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainSummary:
    """One GRADE domain of one body; ``change`` is ``None`` until a person has decided it.

    ``proposal`` is what the rules propose (``None``: they propose nothing and a person decides),
    ``rule`` names the rule, ``message`` says it with its numbers, ``because`` are the ids of the
    quantities or values behind it.
    """

    domain: str
    label: str
    change: int | None
    reason: str = ""
    by: str = ""
    at: str = ""
    event: str = ""
    proposal: int | None = None
    rule: str = ""
    message: str = ""
    because: tuple[str, ...] = ()

    @property
    def overridden(self) -> bool:
        """Whether the person decided otherwise than the rules propose."""
        return None not in (self.change, self.proposal) and self.change != self.proposal


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
