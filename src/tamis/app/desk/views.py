"""What the desk shows: values made for one viewer, who may see everything that stands in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tamis.domain.question import Criterion
from tamis.domain.results import AgreementResult

__all__ = [
    "UNTOLD",
    "AgreementView",
    "Card",
    "ConflictView",
    "Done",
    "FacetView",
    "FilterView",
    "ListingView",
    "MentionView",
    "Moment",
    "NoteView",
    "PersonProgress",
    "ProgressView",
    "ReasonView",
    "RoundView",
    "RowView",
    "Side",
    "TagView",
    "VoteView",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteView:
    """A vote as the viewer may see it; ``reviewer`` is empty where no name is shown.

    ``event`` stands only with one's own votes: its number tells how many others there are.
    """

    event: str
    stage: str
    cluster: str
    reviewer: str
    decision: str
    reason: str = ""
    criteria: tuple[tuple[str, str], ...] = ()
    at: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TagView:
    """A tag on a report; ``mine`` are those the viewer may take off."""

    word: str
    scope: str
    value: str = ""
    by: str = ""
    mine: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteView:
    """A note on a report."""

    event: str
    text: str
    scope: str
    by: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonView:
    """A reason for exclusion in the team's order; ``key`` is 1 to 9, empty beyond."""

    id: str
    text: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One report to be screened, with everything that stands beside it.

    ``state`` is what the viewer may know: ``to-do``, ``waiting`` (for others), ``others`` (not the
    viewer's to screen), ``closed`` (enough others voted), or the state itself. ``others`` are
    votes that are no longer sealed. ``upcoming`` are the next clusters of the viewer's queue.
    ``documents`` are the full texts that are here: SHA-256 and file name.
    """

    cluster: str
    stage: str
    records: tuple[str, ...]
    title: str
    abstract: str
    authors: tuple[str, ...]
    year: int | None
    journal: str
    doi: str
    pmid: str
    language: str
    type: str
    keywords: tuple[str, ...]
    urls: tuple[str, ...]
    databases: tuple[str, ...]
    criteria: tuple[Criterion, ...]
    reasons: tuple[ReasonView, ...]
    state: str
    may_vote: bool
    mine: VoteView | None
    others: tuple[VoteView, ...]
    tags: tuple[TagView, ...]
    notes: tuple[NoteView, ...]
    highlights: Mapping[str, tuple[tuple[int, int, str], ...]]
    upcoming: tuple[str, ...] = ()
    round: str = ""
    documents: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What went with a vote: the records shown, the milliseconds on the screen, its note's scope.

    Without ``records``, whoever calls answers for what was shown; 0 ``ms`` were not measured.
    """

    records: tuple[str, ...] = ()
    ms: int = 0
    scope: str = "after-vote"
    at: str = ""


#: Nothing is told of the moment.
UNTOLD = Moment()


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A vote was recorded; ``state`` is what its caster may know of the report now."""

    vote: VoteView
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RowView:
    """One line of the list."""

    cluster: str
    title: str
    authors: str
    year: int | None
    journal: str
    state: str
    mine: str
    reason: str
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetView:
    """One facet with its counts over the whole list, most frequent first.

    ``disabled`` says why a facet that would unblind has no values.
    """

    name: str
    values: tuple[tuple[str, int], ...]
    chosen: tuple[str, ...] = ()
    disabled: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterView:
    """A kept search of the list; ``query`` is that of its address, ``mine`` one may remove."""

    name: str
    query: str
    scope: str
    by: str
    mine: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MentionView:
    """A note that names the viewer; ``by`` is empty where no name is shown."""

    cluster: str
    stage: str
    title: str
    text: str
    by: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingView:
    """One page of the list; ``found`` counts all pages, ``total`` the list without filters."""

    rows: tuple[RowView, ...]
    facets: tuple[FacetView, ...]
    page: int
    pages: int
    found: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One side of a conflict, without a name; ``vote`` is there once it was opened."""

    label: str
    vote: VoteView | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictView:
    """A conflict: its sides, and on which criteria they differ.

    ``named``: the protocol's own rule makes the viewer one who settles it, whatever their role.
    """

    cluster: str
    stage: str
    title: str
    light: bool
    reopened: bool
    sides: tuple[Side, ...]
    criteria: tuple[str, ...]
    reasons_differ: bool
    opened: bool
    may_settle: bool
    why_not: str = ""
    named: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonProgress:
    """How far one person is; unknown is ``None`` (``median_seconds``: not enough yet)."""

    person: str
    done: int
    left: int | None
    median_seconds: float | None = None
    seconds_left: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressView:
    """How far a stage is, as the viewer may know it.

    ``mine`` counts reports by what the viewer may know of each (the words of ``Card.state``; a
    coordinator knows the state of every report whose votes are unsealed);
    ``settled`` are those that a consensus decided, among the states shown. ``votes`` (how many
    reports have 0, 1, 2 … votes) and ``people`` are there for coordinators. ``left`` is at most so
    many where others may take the same reports, and ``None`` where nobody can tell.
    """

    stage: str
    total: int
    mine: Mapping[str, int]
    me: PersonProgress
    settled: int
    votes: Mapping[int, int] | None = None
    people: tuple[PersonProgress, ...] = ()
    running: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementView:
    """Agreement at one stage, over reports whose votes are no longer sealed.

    ``hidden`` says why nothing is shown. ``blocks`` are the results of the blocks of the order.
    ``closed``: a coordinator has closed the stage. ``changed`` verdicts stand otherwise than before
    they were unsealed: the figures are of what was said before.
    """

    stage: str
    hidden: str = ""
    closed: bool = False
    overall: tuple[AgreementResult, ...] = ()
    three_way: tuple[AgreementResult, ...] = ()
    criteria: tuple[AgreementResult, ...] = ()
    blocks: tuple[tuple[int, AgreementResult], ...] = ()
    fleiss: float | None = None
    changed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundView:
    """A calibration round; agreement is there when it is closed or everybody has voted."""

    id: str
    stage: str
    clusters: tuple[str, ...]
    people: tuple[str, ...]
    open: bool
    done: int
    agreement: tuple[AgreementResult, ...] = ()
    disagreements: tuple[str, ...] = ()
    reached: bool | None = None
