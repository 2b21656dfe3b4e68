"""Where a review stands, and always the next step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tamis.app.amend import is_adopted, read_protocol
from tamis.app.build import is_built
from tamis.app.imports import load_library
from tamis.app.review import Review
from tamis.app.screen import screen_review
from tamis.domain.decisions import STAGES

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
    ("title-abstract screening", _some("titles to screen"), "tamis record votes votes.csv",
     "give the remaining verdicts at title and abstract"),
    ("title-abstract conflicts", _some("title conflicts"), "tamis record consensus consensus.csv",
     "settle the verdicts that differ"),
    ("full-text screening", _some("full texts to screen"), "tamis record votes votes.csv",
     "give the remaining verdicts at full text"),
    ("full-text conflicts", _some("full-text conflicts"), "tamis record consensus consensus.csv",
     "settle the verdicts that differ"),
    ("studies", _none("studies"), "tamis record links links.csv",
     "say which reports belong to which study"),
    ("extraction", _none("values"), "tamis record values values.csv",
     "record the values of each study, one statistic a row"),
    ("report", lambda f: not f.report or not f.adopted, "tamis build",
     "compute the review and write its report"),
    ("done", lambda f: True, "tamis verify",
     "check that every number of the report can be followed to its source"),
)  # fmt: skip


def status_of(review: Review) -> Status:
    """Return the status of a review; reading it writes nothing."""
    protocol = read_protocol(review)
    counts = _counts(review)
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
    )


def _counts(review: Review) -> Mapping[str, int]:
    protocol = read_protocol(review)
    library = load_library(review)
    screened = screen_review(review, protocol, library, write=False)
    counts = {"records": len(library.records), "reports": len(screened.clusters)}
    for stage, word in zip(STAGES, ("title", "full-text"), strict=True):
        states = [s for s in screened.screening.states if s.stage == stage]
        counts[f"{'titles' if word == 'title' else 'full texts'} to screen"] = sum(
            s.state == "awaiting" for s in states
        )
        counts[f"{word} conflicts"] = sum(s.state in ("conflict", "second-look") for s in states)
    state = review.state
    counts["reports included"] = len(screened.screening.included())
    counts["studies"] = len({link.study for link in state.links.values()})
    counts["values"] = len(state.values)
    counts["events"] = state.count
    return counts
