"""Claims: sentences of a conclusion that are checked against quantities and certainty.

``claims.toml`` is their written form; ``tamis check`` finds more of them in free text. The room
``certainty`` judges them; these are the plain values in which claims and answers travel.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["CheckedClaim", "CheckedText", "Claim", "ClaimFinding", "ClaimNumber"]

#: Answers about the number a claim states, and about what is made of it.
NUMBER_ANSWERS = ("faithful", "contradicted", "cannot-tell", "none")
READING_ANSWERS = ("ok", "flag", "cannot-tell")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimNumber:
    """A number a claim states, and the value or result it is held against, if somebody said so."""

    value: str
    unit: str = ""
    result: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One claim, with the fields of ``claims.toml`` (docs/reference: claims).

    ``source_kind`` is ``report``, ``abstract``, ``lay`` or ``external``; ``interest`` says what its
    publisher has to gain, as far as known: it is reported and not judged. ``step`` says where a
    distortion entered: ``study``, ``review`` or ``lay``, empty when nobody judged it. ``strength``
    is ``None`` when the lexicon decides.
    """

    id: str
    lang: str
    text: str
    source_kind: str = "external"
    source_ref: str = ""
    interest: str = ""
    span: tuple[int, int] | None = None
    voice: str = "synthesis"
    study: str = ""
    outcome: str = "unspecified"
    population: str = ""
    intervention: str = ""
    comparator: str = "unspecified"
    direction: str = "unclear"
    strength: int | None = None
    size: str = ""
    quantifier: str = ""
    time: str = ""
    numbers: tuple[ClaimNumber, ...] = ()
    step: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimFinding:
    """What a rule says of a claim or of a text.

    ``rule`` is one of the twelve (docs/reference: claim rules), ``severity`` error, warning or
    note; ``because`` are ids of quantities, values, bodies or events; ``suggestion`` is the
    sentence the evidence would allow, in the claim's language. ``subject`` names the study or
    section of a text-level finding.
    """

    rule: str
    severity: str
    message: str
    because: tuple[str, ...] = ()
    suggestion: str = ""
    subject: str = ""
    accepted: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedClaim:
    """One sentence or declared claim with its two answers; offsets are code points of the text.

    ``step`` says where a distortion entered, as in ``Claim``; empty when nobody judged it.
    """

    text: str
    start: int
    end: int
    lang: str
    strength: int
    number: str
    reading: str
    findings: tuple[ClaimFinding, ...] = ()
    id: str = ""
    section: str = ""
    subject: str = ""
    voice: str = "synthesis"
    ceiling: int | None = None
    outcome: str = ""
    step: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedText:
    """A whole text with its claims, and what is missing from it."""

    name: str
    lang: str
    claims: tuple[CheckedClaim, ...] = ()
    text_findings: tuple[ClaimFinding, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def findings(self) -> tuple[ClaimFinding, ...]:
        """Every finding, those of sentences first."""
        return (*(f for c in self.claims for f in c.findings), *self.text_findings)
