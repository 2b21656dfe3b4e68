"""What people decide: votes, settlements, appraisals, certainty judgements, notes."""

from __future__ import annotations

from dataclasses import dataclass

from tamis.domain.errors import BadInput

__all__ = [
    "STAGES",
    "Amendment",
    "AppraisalAnswer",
    "AppraisalSettlement",
    "CertaintyJudgement",
    "EngineRun",
    "LinkedReport",
    "Note",
    "Settlement",
    "ValueSettlement",
    "Vote",
    "check_decision",
]

#: The two stages at which a report is screened, in order.
STAGES = ("title-abstract", "full-text")

DECISIONS = ("include", "exclude", "maybe", "not-retrieved")


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """One reviewer's verdict on the records they saw as one report."""

    event: str
    stage: str
    records: tuple[str, ...]
    reviewer: str
    decision: str
    reason: str = ""
    criteria: tuple[tuple[str, str], ...] = ()
    at: str = ""

    def __post_init__(self) -> None:
        _stage(self.stage)
        check_decision(self.stage, self.decision)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """A consensus: it names the votes it settles, and reopens when one of them changes."""

    event: str
    stage: str
    records: tuple[str, ...]
    settles: tuple[str, ...]
    decision: str
    reason: str
    by: str
    at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueSettlement:
    """A difference of extractors settled: the events it settles, and the one whose value counts.

    ``chosen`` is one of ``settles``, or the event of a value that was recorded to settle it. It
    reopens when one of the settled values is replaced.
    """

    event: str
    settles: tuple[str, ...]
    chosen: str
    reason: str
    by: str
    at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedReport:
    """A statement that these records are one report of that study."""

    event: str
    study: str
    report: str
    records: tuple[str, ...]
    label: str
    design: str
    role: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AppraisalAnswer:
    """One row of an appraisal: a signalling question's answer, or a domain's judgement.

    ``tool`` is the key of a tool, with its variant (``rob2:assignment``). ``result`` is
    ``study/outcome/visit[.estimand]``, or a study alone for a tool that appraises studies; exactly
    one of ``answer`` and ``judgement`` is set.
    """

    event: str
    tool: str
    version: str
    result: str
    assessor: str
    question: str
    answer: str = ""
    support: str = ""
    anchor: str = ""
    judgement: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppraisalSettlement:
    """A consensus on one question, domain or the whole of one result.

    It names the assessors' events it settles, and reopens when one of them says something else.
    Exactly one of ``answer`` and ``judgement`` is set.
    """

    event: str
    tool: str
    version: str
    result: str
    question: str
    settles: tuple[str, ...]
    by: str
    answer: str = ""
    support: str = ""
    anchor: str = ""
    judgement: str = ""
    reason: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CertaintyJudgement:
    """A person's decision about one GRADE domain of one body: a level change with a reason."""

    event: str
    outcome: str
    body: str
    domain: str
    change: int
    reason: str
    by: str
    at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """One version of ``review.toml`` or ``claims.toml`` as it stood, with the reason given."""

    event: str
    file: str
    sha256: str
    text: str
    reason: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineRun:
    """One run of an engine: its settings, what went in, the artifact that came out."""

    event: str
    engine: str
    version: str
    settings: tuple[tuple[str, str], ...]
    inputs: tuple[str, ...]
    output: str
    stage: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A note on any subject; ``topic`` groups them (``mechanism``, ``deviation``, ``author``)."""

    event: str
    topic: str
    subject: str
    fields: tuple[tuple[str, str], ...]
    by: str
    at: str


def check_decision(stage: str, decision: str) -> None:
    """Refuse a word that is no decision, naming those that there are at the stage.

    Examples
    --------
    >>> check_decision("full-text", "not-retrieved")
    """
    if decision not in DECISIONS:
        known = DECISIONS if stage == STAGES[1] else DECISIONS[:-1]
        raise BadInput(f"{decision!r} is no decision", f"at {stage} use {', '.join(known)}")


def _stage(stage: str) -> None:
    if stage not in STAGES:
        raise BadInput(f"{stage!r} is no screening stage", f"use {' or '.join(STAGES)}")
