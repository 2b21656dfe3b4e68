"""Where a review stands, and always the next step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tamis.app.amend import is_adopted, read_protocol
from tamis.app.assemble import studies_of
from tamis.app.build import is_built
from tamis.app.imports import load_library
from tamis.app.judge import rating_summaries
from tamis.app.review import Review
from tamis.app.screen import Screened, screen_review
from tamis.domain.decisions import STAGES
from tamis.domain.question import Protocol

__all__ = ["Status", "Step", "status_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A command to run next, and why."""

    command: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The stage a review is in, what has been counted, and what to do next."""

    title: str
    stage: str
    counts: Mapping[str, int]
    next: tuple[Step, ...]
    waiting: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Facts:
    sources: int
    adopted: bool
    report: bool
    counts: Mapping[str, int]


def _none(name: str) -> Callable[[_Facts], bool]:
    return lambda facts: facts.counts[name] == 0


def _some(name: str) -> Callable[[_Facts], bool]:
    return lambda facts: facts.counts[name] > 0


#: Read aloud: the review is in the first stage whose condition holds; then this is the next step.
_STAGES: tuple[tuple[str, Callable[[_Facts], bool], str, str], ...] = (
    ("question", lambda f: f.sources == 0, "edit review.toml",
     "name the databases to search, one [[source]] each"),
    ("search", _none("records"), "tamis import FILE...",
     "export the results of each search and import them"),
    ("title-abstract screening", _some("titles to screen"), "tamis sheet --to votes.csv",
     "fill in the verdicts at title and abstract, then: tamis record votes votes.csv"),
    ("title-abstract conflicts", _some("title conflicts"), "tamis record consensus consensus.csv",
     "settle the verdicts that differ"),
    ("full-text screening", _some("full texts to screen"), "tamis sheet --to votes.csv",
     "fill in the verdicts at full text, then: tamis record votes votes.csv"),
    ("full-text conflicts", _some("full-text conflicts"), "tamis record consensus consensus.csv",
     "settle the verdicts that differ"),
    ("studies", _none("studies"), "tamis record links links.csv",
     "say which reports belong to which study"),
    ("extraction", _none("values"), "tamis record values values.csv",
     "record the values of each study, one statistic a row"),
    ("synthesis plan", _none("syntheses planned"), "edit review.toml",
     "plan what to do with the values: one [[synthesis]] a result, one [[body]] to rate"),
    ("certainty", _some("bodies not rated to the end"), "tamis record grades grades.csv",
     "decide every GRADE domain of each body (docs/reference/contracts.md lists them)"),
    ("report", lambda f: not f.report or not f.adopted, "tamis build",
     "compute the review and write its report"),
    ("done", lambda f: True, "tamis verify",
     "check that every number of the report can be followed to its source"),
)  # fmt: skip


def status_of(review: Review) -> Status:
    """Return the status of a review; reading it writes nothing."""
    protocol = read_protocol(review)
    library = load_library(review)
    screened = screen_review(review, protocol, library, write=False)
    counts = _counts(review, protocol, len(library.records), screened)
    facts = _Facts(
        sources=len(protocol.sources),
        adopted=is_adopted(review),
        report=is_built(review),
        counts=counts,
    )
    stage, command, why = next(
        (name, command, why) for name, holds, command, why in _STAGES if holds(facts)
    )
    return Status(
        title=protocol.head.title,
        stage=stage,
        counts=counts,
        next=(Step(command=command, why=why),),
        waiting=_waiting(screened, stage),
    )


#: Stage of the review -> stage of screening and states of the reports that it waits for.
_WAITING: Mapping[str, tuple[str, frozenset[str]]] = {
    "title-abstract screening": (STAGES[0], frozenset({"awaiting"})),
    "title-abstract conflicts": (STAGES[0], frozenset({"conflict", "second-look"})),
    "full-text screening": (STAGES[1], frozenset({"awaiting"})),
    "full-text conflicts": (STAGES[1], frozenset({"conflict", "second-look"})),
}


def _waiting(screened: Screened, stage: str) -> tuple[str, ...]:
    """Return the ids of the reports that the stage waits for."""
    if stage not in _WAITING:
        return ()
    at, states = _WAITING[stage]
    return tuple(s.cluster for s in screened.screening.at(at) if s.state in states)


def _counts(
    review: Review, protocol: Protocol, records: int, screened: Screened
) -> Mapping[str, int]:
    counts = {"records": records, "reports": len(screened.clusters)}
    for stage, word in zip(STAGES, ("title", "full-text"), strict=True):
        states = [s for s in screened.screening.states if s.stage == stage]
        counts[f"{'titles' if word == 'title' else 'full texts'} to screen"] = sum(
            s.state == "awaiting" for s in states
        )
        counts[f"{word} conflicts"] = sum(s.state in ("conflict", "second-look") for s in states)
    state = review.state
    counts["reports included"] = len(screened.screening.included())
    studies = studies_of(state)
    counts["studies"] = sum(study.role == "included" for study in studies)
    counts["studies beside them"] = len(studies) - counts["studies"]
    counts["values"] = len(state.values)
    counts["syntheses planned"] = len(protocol.syntheses)
    ratings = rating_summaries(state, protocol)
    counts["bodies not rated to the end"] = sum(r.status == "in progress" for r in ratings)
    counts["events"] = state.count
    return counts
