"""Claims: sentences of a conclusion that are checked against quantities and certainty.

``claims.toml`` is their written form; ``tamis check`` finds more of them in free text. The room
``certainty`` judges them; these are the plain values in which claims and answers travel.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

__all__ = [
    "CheckedClaim",
    "CheckedText",
    "Claim",
    "ClaimFinding",
    "ClaimNumber",
    "Suggestion",
    "suggestions_of",
]

#: Where a suggestion may pass from what to do to the sentence itself.
_COLON = re.compile(r": |：")

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
    is ``None`` when the lexicon decides. ``certainty_required`` (1 to 4) is the lowest certainty at
    which the strength is allowed, where somebody wrote it down; it follows from the strength.
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
    certainty_required: int | None = None
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
class Suggestion:
    """One sentence that the evidence would allow, with every finding that it answers.

    ``advice`` is what else to do ("Name who was studied (adults)"), each once; ``text`` the
    sentence. ``whole`` is both in one.
    """

    text: str
    advice: tuple[str, ...] = ()
    findings: tuple[ClaimFinding, ...] = ()

    @property
    def because(self) -> tuple[str, ...]:
        """What stands behind the findings it answers."""
        return tuple(dict.fromkeys(name for f in self.findings for name in f.because))

    @property
    def whole(self) -> str:
        """The advice and the sentence as one text."""
        if not self.advice:
            return self.text
        chinese = any("\u4e00" <= c <= "\u9fff" for c in self.advice[0])
        between, colon = ("；", "：") if chinese else ("; ", ": ")
        return f"{between.join(self.advice)}{colon}{self.text}"


def suggestions_of(findings: Iterable[ClaimFinding]) -> tuple[Suggestion, ...]:
    """Return each distinct sentence that findings suggest once, in the order of the findings.

    Suggestions that end in the same sentence ("Leave the recommendation out: S", "S") are one.

    Examples
    --------
    >>> found = [ClaimFinding(rule=r, severity="error", message="", suggestion=s) for r, s in
    ...          [("a", "It may help."), ("b", "Name who was studied: It may help.")]]
    >>> [(s.whole, len(s.findings)) for s in suggestions_of(found)]
    [('Name who was studied: It may help.', 2)]
    """
    told = [finding for finding in findings if finding.suggestion.strip()]
    texts = list(dict.fromkeys(finding.suggestion.strip() for finding in told))
    parted = {text: _parted(text, texts) for text in texts}
    cores = list(dict.fromkeys(core for _, core in parted.values()))
    return tuple(
        Suggestion(
            text=core,
            advice=tuple(dict.fromkeys(a for a, c in parted.values() if c == core and a)),
            findings=tuple(f for f in told if parted[f.suggestion.strip()][1] == core),
        )
        for core in cores
    )


def _parted(text: str, texts: Sequence[str]) -> tuple[str, str]:
    """Return advice and sentence of a suggestion, where another one ends in the same sentence."""
    others = [other for other in texts if other != text]
    for advice, core in _splits(text):
        if core in others:
            return advice, core
    endings = {core for other in others for _, core in [*_splits(other)][:1]}
    for advice, core in [*_splits(text)][:1]:
        if core in endings:
            return advice, core
    return "", text


def _splits(text: str) -> Iterator[tuple[str, str]]:
    for colon in _COLON.finditer(text):
        advice, core = text[: colon.start()].strip(), text[colon.end() :].strip()
        if advice and core:
            yield advice, core


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedClaim:
    """One sentence or declared claim with its two answers; offsets are code points of the text.

    ``step`` says where a distortion entered, as in ``Claim``; empty when nobody judged it.
    ``part_of`` is the id of the sentence whose part it is: a fact with a place of its own, which is
    no further claim.
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
    part_of: str = ""

    @property
    def suggestions(self) -> tuple[Suggestion, ...]:
        """Each distinct sentence that the findings suggest, once, with the findings it answers."""
        return suggestions_of(self.findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedText:
    """A whole text with its claims, and what is missing from it."""

    name: str
    lang: str
    claims: tuple[CheckedClaim, ...] = ()
    text_findings: tuple[ClaimFinding, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def sentences(self) -> tuple[CheckedClaim, ...]:
        """The claims, one a sentence: without the parts inside them."""
        return tuple(claim for claim in self.claims if not claim.part_of)

    @property
    def findings(self) -> tuple[ClaimFinding, ...]:
        """Every finding, those of sentences first."""
        return (*(f for c in self.claims for f in c.findings), *self.text_findings)
