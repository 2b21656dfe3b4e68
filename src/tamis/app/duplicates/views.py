"""What the pages about duplicates show, as values: nothing here knows the review."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tamis.app.duplicates.deeds import Word
from tamis.app.duplicates.word_diff import Piece, compared
from tamis.domain.records import Record

__all__ = [
    "Counts",
    "Done",
    "DuplicatesView",
    "FieldView",
    "Found",
    "Merged",
    "Opinion",
    "PairView",
    "RuleCount",
    "TakenBack",
    "fields_of",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many records, reports, merged reports and pairs that wait; what people decided."""

    records: int
    reports: int
    merged: int
    waiting: int
    same: int
    different: int
    unsure: int

    @property
    def removed(self) -> int:
        """Records beyond the first of each report: the flow's duplicates removed."""
        return self.records - self.reports


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleCount:
    """How many pairs a rule decided, and what it reads."""

    rule: str
    decision: str
    pairs: int
    reads: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicatesView:
    """Counts of the whole, and of each rule."""

    counts: Counts
    rules: tuple[RuleCount, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What the engine says of a pair: the rule, what it reads, the case behind it."""

    decision: str
    rule: str
    reads: str
    case: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldView:
    """One field of two records. ``state`` is ``same``, ``differs``, ``one-sided`` or ``absent``."""

    name: str
    a: tuple[Piece, ...]
    b: tuple[Piece, ...]
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PairView:
    """Two records side by side. ``place`` counts from 1 among those that wait; 0: it does not.

    ``person`` is the decision that stands, ``newest`` the event written last about the pair.
    ``mine`` are the viewer's own verdicts on the two: stage, decision, record.
    """

    a: Record
    b: Record
    sources: tuple[str, ...]
    fields: tuple[FieldView, ...]
    engine: Opinion | None
    person: Word | None
    newest: str
    together: bool
    place: int
    waiting: int
    mine: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """A report with several records, and why they stand together: rule or person, and its words."""

    cluster: str
    records: tuple[Record, ...]
    sources: Mapping[str, str]
    why: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A record that a search found; ``others`` counts the records of its report beside it."""

    record: Record
    source: str
    cluster: str
    others: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What a decision did; ``because`` are decisions that keep the two apart all the same."""

    pair: tuple[str, str]
    together: bool
    because: tuple[Word, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack:
    """The pairs whose last decision was taken back."""

    pairs: tuple[tuple[str, str], ...]


#: Name of the field, and how its text is made.
_FIELDS: tuple[tuple[str, Callable[[Record], str]], ...] = (
    ("title", lambda r: r.title),
    ("authors", lambda r: "; ".join(r.authors)),
    ("year", lambda r: str(r.year or "")),
    ("journal", lambda r: r.journal),
    ("volume", lambda r: r.volume),
    ("issue", lambda r: r.issue),
    ("pages", lambda r: r.pages),
    ("doi", lambda r: r.doi),
    ("pmid", lambda r: r.pmid),
    ("type", lambda r: r.type),
    ("language", lambda r: r.language),
    ("abstract", lambda r: r.abstract),
)


def fields_of(a: Record, b: Record) -> tuple[FieldView, ...]:
    """Return the fields of two records side by side, with what differs marked."""
    return tuple(_field(name, made(a), made(b)) for name, made in _FIELDS)


def _field(name: str, a: str, b: str) -> FieldView:
    one, other = compared(a, b)
    if not a and not b:
        state = "absent"
    elif not a or not b:
        state = "one-sided"
    else:
        state = "differs" if any(d for _, d in (*one, *other)) else "same"
    return FieldView(name=name, a=one, b=other, state=state)
