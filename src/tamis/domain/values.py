"""Extracted data: values with an anchor or a derivation, and what was looked for and not found."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from tamis.domain.errors import BadInput

__all__ = [
    "ESTIMANDS",
    "STATISTICS",
    "STATUSES",
    "Anchor",
    "Cell",
    "CitationAnchor",
    "Derivation",
    "Extraction",
    "LookedFor",
    "PassageAnchor",
    "Value",
]

#: The five estimands; baseline is a visit and a contrast is an arm, neither is an estimand.
ESTIMANDS = ("ever", "point", "best-by", "change", "follow-up")

STATISTICS = (
    "events", "n", "mean", "sd", "se", "median", "q1", "q3", "min", "max",
    "estimate", "ci_low", "ci_high", "p", "percent", "text",
)  # fmt: skip

#: How well a number is known, best first; the word travels to every place that uses the value.
STATUSES = (
    "passage read",
    "full text read, not attached",
    "abstract or table read",
    "registry",
    "author reply",
    "secondary source",
    "derived",
    "lay article",
    "unverified",
)

#: Statuses that never enter a primary synthesis.
NOT_PRIMARY = frozenset({"unverified", "lay article"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageAnchor:
    """A quote at a place in a document: file hash, page from 1, code points ``[start, end)``."""

    document: str
    page: int
    start: int
    end: int
    quote: str
    prefix: str = ""
    suffix: str = ""
    layer: str = ""

    def __post_init__(self) -> None:
        if not self.quote.strip():
            raise BadInput(
                "a passage anchor has no quote", "copy the sentence that holds the value"
            )
        if self.page < 1 or not 0 <= self.start < self.end:
            raise BadInput(
                f"the anchor page {self.page}, {self.start} to {self.end} is no passage",
                "give a page from 1 and start < end",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class CitationAnchor:
    """Where a value was read when the document itself cannot be opened."""

    citation: str
    location: str
    status: str

    def __post_init__(self) -> None:
        if not self.citation.strip():
            raise BadInput("a citation anchor names no source", "give its address or reference")


@dataclass(frozen=True, slots=True, kw_only=True)
class Derivation:
    """How a value was computed from others; ``inputs`` are value ids when they are recorded."""

    formula: str
    inputs: tuple[str, ...] = ()
    citation: str = ""
    location: str = ""

    def __post_init__(self) -> None:
        if not self.formula.strip():
            raise BadInput("a derivation gives no formula", "write how the number was computed")


Anchor = PassageAnchor | CitationAnchor | Derivation


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What the rows of one analysis cell share (contracts section 3); ``n`` as in the value id."""

    study: str
    outcome: str
    visit: str
    arm: str
    estimand: str
    definition: str = "not-stated"
    n: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One extracted datum.

    Parameters
    ----------
    id
        ``v:<study>/<outcome>/<visit>/<arm>/<statistic>[#n]`` (see ``ids.value_id``).
    cell
        Study, outcome, visit, arm or contrast, estimand, definition.
    statistic
        One of ``STATISTICS``.
    printed
        The text as printed; it sets the rounding width. For ``text`` it is the text itself.
    number
        The printed number, exact, or ``None`` for ``text`` and for bounds such as ``<0.001``.
    source
        Anchor, citation or derivation: a value without one cannot be made.
    status
        One of ``STATUSES``.

    Raises
    ------
    BadInput
        When the source is missing, or a word is none of the declared ones.
    """

    id: str
    cell: Cell
    statistic: str
    printed: str
    number: Decimal | None
    unit: str
    source: Anchor
    status: str
    denominator: str = ""
    extractor: str = ""
    note: str = ""
    event: str = ""

    def __post_init__(self) -> None:
        if not isinstance(self.source, PassageAnchor | CitationAnchor | Derivation):
            raise BadInput(
                f"the value {self.id} has no anchor and no derivation",
                "give the passage, the citation or the formula; if it was sought and not found, "
                "record it as looked-for",
            )
        _check_word(self.statistic, STATISTICS, "statistic")
        _check_word(self.cell.estimand, ESTIMANDS, "estimand")
        _check_word(self.status, STATUSES, "status")
        if self.printed.strip() == "":
            raise BadInput(
                f"the value {self.id} is empty", "unknown is not a value: record it as looked-for"
            )

    @property
    def primary(self) -> bool:
        """Whether its status lets it enter a primary synthesis."""
        return self.status not in NOT_PRIMARY


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedFor:
    """Something sought and not reported where it was looked for. Not a value, and never zero."""

    id: str
    cell: Cell
    statistic: str
    where: str
    note: str = ""
    extractor: str = ""
    event: str = ""


def _check_word(word: str, allowed: tuple[str, ...], what: str) -> None:
    if word not in allowed:
        raise BadInput(f"{word!r} is no {what}", f"use one of {', '.join(allowed)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """Everything extracted for a review, in canonical order."""

    values: tuple[Value, ...] = field(default_factory=tuple)
    looked_for: tuple[LookedFor, ...] = field(default_factory=tuple)
