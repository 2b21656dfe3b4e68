"""What GRADE gives a report: absolute effects, statements, rows of a summary of findings.

The room ``certainty`` computes them; these are the plain values in which they travel. Unknown is
``None`` and prints as such.
"""

from __future__ import annotations

from dataclasses import dataclass
from string import Formatter

from tamis.domain.results import Finding, Interval

__all__ = ["AbsoluteEffect", "FindingsRow", "Statement", "StatementNumber"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementNumber:
    """A number that stands in a statement: ``slot`` names its place in the pattern."""

    slot: str
    value: float
    digits: int
    inputs: tuple[str, ...]
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """An informative statement: words with slots for its numbers, in one language.

    ``pattern`` holds no digit; ``{slot}`` stands where a number of ``numbers`` goes.
    ``strength`` is the strength of the claim check (0 to 5), ``size`` is ``large``, ``moderate``,
    ``small``, ``trivial``, ``unsized`` or ``observed`` (no comparator), ``column`` the column of
    the matrix that was used.
    """

    lang: str
    pattern: str
    strength: int
    size: str
    column: str
    level: int | None
    ending: str = ""
    numbers: tuple[StatementNumber, ...] = ()

    @property
    def text(self) -> str:
        """The statement as plain text, its certainty at the end."""
        shown = {n.slot: f"{n.value:.{n.digits}f}" for n in self.numbers}
        parts = []
        for words, slot, _, _ in Formatter().parse(self.pattern + self.ending):
            parts.append(words)
            if slot is not None:
                parts.append(shown[slot])
        return "".join(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsoluteEffect:
    """Risks per 1 and their difference, for one baseline risk.

    ``source`` says where the baseline comes from; ``controls`` is the number of control
    participants behind it (``None`` for an external risk). ``only`` is ``this trial only`` or
    ``these trials only`` when that is fewer than 100, else empty. ``intervals`` are intervals of
    the difference, the default one first; a limit outside [0, 1] is never printed.
    """

    label: str
    source: str
    baseline: float
    intervention: float | None
    difference: float | None
    intervals: tuple[Interval, ...] = ()
    controls: int | None = None
    only: str = ""
    nnt: float | None = None
    inputs: tuple[str, ...] = ()
    warnings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingsRow:
    """One row of the summary of findings: one body of evidence, or an outcome nobody reported.

    ``relative`` is the pooled or single result on its own scale (measure, estimate, interval);
    ``None`` where there is no comparison or nothing could be estimated. ``statements`` holds one
    statement a language; for single-arm bodies it lists what each study saw, and ``observed`` holds
    the same one by one, never merged. ``conclusions`` tell the counts of a single small trial
    before they say how certain they are (one a language). Slots are unique within a row and
    language. ``reported`` is false for outcomes of the protocol about which no study says anything.
    ``level`` is ``None`` until every domain is decided; ``proposed_level`` is what the rules alone
    would give. ``size_source`` is the source of the threshold that the size rests on, with its
    words when it was set for a demonstration. ``difference`` is the absolute effect in the unit of
    the scale (means) or per 1 (risks), on which the size rests. ``size_span`` holds the sizes of
    the two limits where the interval reaches to both sides of no effect, lower limit first.
    """

    outcome: str
    body: str = ""
    synthesis: str = ""
    importance: str = ""
    harm: bool = False
    visit: str = ""
    estimand: str = ""
    design: str = ""
    studies: tuple[str, ...] = ()
    participants: int | None = None
    participants_inputs: tuple[str, ...] = ()
    measure: str = ""
    estimate: float | None = None
    interval: Interval | None = None
    estimate_inputs: tuple[str, ...] = ()
    unit: str = ""
    absolutes: tuple[AbsoluteEffect, ...] = ()
    level: int | None = None
    label: str = ""
    symbols: str = ""
    status: str = "not judged"
    size: str = "unsized"
    size_source: str = ""
    statements: tuple[Statement, ...] = ()
    reported: bool = True
    single_arm: bool = False
    warnings: tuple[Finding, ...] = ()
    observed: tuple[Statement, ...] = ()
    conclusions: tuple[Statement, ...] = ()
    proposed_level: int | None = None
    difference: float | None = None
    size_span: tuple[str, ...] = ()

    def conclusion(self, lang: str) -> Statement | None:
        """Return the conclusion of a single small trial, else the statement, or ``None``."""
        found = next((s for s in self.conclusions if s.lang == lang), None)
        return found or self.statement(lang)

    def statement(self, lang: str) -> Statement | None:
        """Return the statement in a language, or ``None``."""
        return next((s for s in self.statements if s.lang == lang), None)
