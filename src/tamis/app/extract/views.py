"""What the extraction desk takes and returns: plain values, made for one viewer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tamis.domain.results import Finding
from tamis.domain.values import CitationAnchor, Derivation, LookedFor, Value
from tamis.extraction import Compared, Unaligned

__all__ = [
    "STAGES",
    "ComparedStudy",
    "DocumentShown",
    "OwnExtraction",
    "Passage",
    "Reading",
    "Recorded",
    "Source",
    "StudyShown",
    "TrajectoryShown",
]

#: Where a study stands for one viewer -> what it means.
STAGES: Mapping[str, str] = {
    "open": "you can extract it",
    "waiting": "you have sealed it; nobody else has",
    "compare": "two people have sealed it, and differences are open",
    "settled": "two people have sealed it, and nothing is open",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """What was selected: code points ``[start, end)`` of a page (from 1) of a document."""

    document: str
    page: int
    start: int
    end: int


Source = Passage | CitationAnchor | Derivation


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one person read: a cell, a statistic, and what is printed there.

    ``number`` is the printed text (for the statistic ``text``: the words themselves).
    """

    study: str
    arm: str
    outcome: str
    visit: str
    estimand: str
    statistic: str
    number: str = ""
    unit: str = ""
    denominator: str = ""
    definition: str = "not-stated"
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What was written: the event, the value or looked-for, and findings that touch it."""

    event: str
    datum: Value | LookedFor
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentShown:
    """A full text of a study; ``here`` is false where the file itself is not in the folder."""

    report: str
    kind: str
    document: str
    name: str
    pages: int
    here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyShown:
    """A study as a viewer sees it: nothing of it depends on another's unsealed work.

    ``own`` counts the viewer's values and looked-for; ``stage`` is a key of ``STAGES``; ``open`` is
    the number of open differences, ``None`` as long as the viewer may not compare.
    """

    study: str
    label: str
    design: str
    role: str
    documents: tuple[DocumentShown, ...]
    own: int
    stage: str
    open: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnExtraction:
    """A viewer's own readings of a study, by value id, and what the rules say of them."""

    study: str
    values: tuple[Value, ...]
    looked_for: tuple[LookedFor, ...]
    findings: tuple[Finding, ...]
    sealed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedStudy:
    """Two people's readings of a study side by side.

    ``rows`` are all pairs; those that agree are there too (``row.state``). ``findings`` maps each
    of the two people to what the rules say of their readings.
    """

    study: str
    a: str
    b: str
    rows: tuple[Compared, ...]
    unaligned: tuple[Unaligned, ...]
    findings: Mapping[str, tuple[Finding, ...]] = field(default_factory=dict)

    @property
    def open(self) -> int:
        """How many rows wait for a settlement."""
        return sum(row.open for row in self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrajectoryShown:
    """The visits of one arm, outcome and statistic, in order of time, as far as they are read.

    ``points`` are (months from baseline, number, event); a visit without months is left out.
    """

    outcome: str
    arm: str
    statistic: str
    unit: str
    points: tuple[tuple[float, float, str], ...]
