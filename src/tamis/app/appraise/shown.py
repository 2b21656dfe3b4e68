"""Values in which risk of bias reaches a page, made for one viewer by ``app.appraise_view``."""

from __future__ import annotations

from dataclasses import dataclass

from tamis.domain.summaries import BiasWord

__all__ = [
    "NOT_JUDGED",
    "DomainShown",
    "FormShown",
    "LightShown",
    "OverviewShown",
    "ProposalShown",
    "QuestionShown",
    "ResultRow",
    "TableShown",
    "TickShown",
]

#: Symbol and label of a result that nobody whom the viewer may see has judged.
NOT_JUDGED = BiasWord(id="", label="", symbol="·", rank=-1, tone="none")


@dataclass(frozen=True, slots=True, kw_only=True)
class LightShown:
    """One cell of the overview: the judgement of a domain or the whole; ``label`` empty is none."""

    place: str
    word: BiasWord


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultRow:
    """A result of the overview.

    ``mine`` is ``none``, ``begun`` or ``finished``; ``stage`` is ``todo``, ``waiting`` (one has
    finished, a second person has not), ``compare`` (differences are open), ``agreed``, ``sealed``
    (one other person has finished, and one has not looked) or ``single`` (opened, one assessor).
    """

    parts: tuple[str, ...]
    result: str
    study: str
    label: str
    outcome: str
    visit: str
    mine: str
    stage: str
    open: int = 0
    whose: str = ""
    lights: tuple[LightShown, ...] = ()
    overall: str = ""
    scores: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TableShown:
    """The results appraised with one tool; ``key`` empty: no tool is planned for their design."""

    key: str
    name: str
    variant: str
    status: str
    note: str
    url: str
    domains: tuple[tuple[str, str], ...]
    rows: tuple[ResultRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewShown:
    """Everything there is to appraise, what one has done, and what is sealed."""

    tables: tuple[TableShown, ...]
    done: int
    all: int
    sealed: int
    untooled: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalShown:
    """What a rule proposes, its name, and the answers that decided; ``undecided`` says why not."""

    word: BiasWord | None
    rule: str
    because: tuple[tuple[str, str], ...]
    undecided: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionShown:
    """A question with the viewer's own answer; ``reached`` is false where nothing leads to it."""

    id: str
    label: str
    wording: str
    options: tuple[tuple[str, str], ...]
    answer: str
    support: str
    anchor: str
    reached: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainShown:
    """A domain, or the whole: questions, proposal, the viewer's own judgement with its reason."""

    id: str
    label: str
    judged: bool
    questions: tuple[QuestionShown, ...]
    proposal: ProposalShown | None
    judgement: str
    reason: str
    overridden: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TickShown:
    """Something only a person can say of the whole."""

    id: str
    label: str
    said: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FormShown:
    """One result to appraise, as one person sees it.

    ``free`` says that the tool has no words of its own for a judgement. ``licence`` is that of the
    official wording that was loaded, empty where none was. ``compare`` says that the comparison is
    open to the viewer; ``locked`` that they have seen it without having appraised.
    """

    parts: tuple[str, ...]
    key: str
    name: str
    variant: str
    version: str
    status: str
    note: str
    url: str
    licence: str
    result: str
    label: str
    outcome: str
    visit: str
    words: tuple[BiasWord, ...]
    free: bool
    domains: tuple[DomainShown, ...]
    overall: DomainShown
    ticks: tuple[TickShown, ...]
    scores: tuple[tuple[str, str], ...]
    missing: tuple[str, ...]
    answered: int
    asked: int
    finished: bool
    compare: bool
    sealed: bool
    locked: bool
    following: tuple[str, ...] = ()
