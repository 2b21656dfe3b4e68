"""Where a review stands, and always the next step."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tamis.app.building.assemble import extraction_of, studies_of
from tamis.app.building.build import is_built
from tamis.app.building.counted import number_of
from tamis.app.clusters import doubtful_pairs
from tamis.app.imports import load_library
from tamis.app.judgement.bias_todo import (
    ToAppraise,
    ToSettle,
    not_appraised,
    results_to_appraise,
    to_settle,
)
from tamis.app.judgement.judge import rating_summaries
from tamis.app.protocol.amend import is_adopted, read_protocol
from tamis.app.review import Review
from tamis.app.screen import Screened, screen_review
from tamis.app.tools import tools_of
from tamis.domain.decisions import STAGES
from tamis.domain.question import Protocol
from tamis.domain.state import ReviewState

__all__ = ["Status", "Step", "status_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A command to run next, and why."""

    command: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The stage a review is in, what has been counted, and what to do next.

    ``next`` begins with the step of the stage; what else is undone follows.
    """

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
    without_tool: int = 0
    unread: int = 0


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
    ("title-abstract conflicts", _some("title conflicts"),
     "tamis sheet consensus --to consensus.csv",
     "settle the verdicts that differ, then: tamis record consensus consensus.csv"),
    ("full-text screening", _some("full texts to screen"), "tamis sheet --to votes.csv",
     "fill in the verdicts at full text, then: tamis record votes votes.csv"),
    ("full-text conflicts", _some("full-text conflicts"),
     "tamis sheet consensus --to consensus.csv",
     "settle the verdicts that differ, then: tamis record consensus consensus.csv"),
    ("studies", _none("studies"), "tamis sheet links --to links.csv",
     "say which reports belong to which study, then: tamis record links links.csv"),
    ("extraction", lambda f: f.counts["values"] == 0 or f.unread > 0,
     "tamis sheet values --to values.csv",
     "fill in what each study reports, one statistic a row, then: "
     "tamis record values values.csv"),
    ("synthesis plan", _none("syntheses planned"), "edit review.toml",
     "plan what to do with the values: one [[synthesis]] a result, one [[body]] to rate"),
    ("risk of bias", _some("appraisals to settle"),
     "tamis sheet appraisal-consensus --to appraisal-consensus.csv",
     "settle what the assessors say differently, then: "
     "tamis record appraisal-consensus appraisal-consensus.csv"),
    ("certainty", _some("bodies not rated to the end"), "tamis sheet grades --to grades.csv",
     "decide every GRADE domain of each body, then: tamis record grades grades.csv"),
    ("report", lambda f: not f.report or not f.adopted, "tamis build",
     "compute the review and write its report"),
    ("done", lambda f: True, "tamis verify",
     "check that every number of the report can be followed to its source"),
)  # fmt: skip

#: Stages in which what else is undone is named beside the step of the stage.
_LATE = ("risk of bias", "certainty", "report", "done")

#: What may be undone whatever the stage is: from which stages on it is said, when, and what to do.
_BESIDE: tuple[tuple[tuple[str, ...], Callable[[_Facts], bool], str, str], ...] = (
    (("title-abstract screening",),
     lambda f: f.counts["doubtful pairs"] > 0 or f.counts["reports"] < f.counts["records"],
     "tamis sheet pairs --to pairs.csv",
     "look at the records taken for one report, and at those that may be one ({doubtful}), "
     "then: tamis record pairs pairs.csv"),
    (_LATE, lambda f: f.counts["results not appraised"] > f.without_tool,
     "tamis sheet appraisals --to appraisals.csv",
     "appraise the results that a synthesis uses and nobody has appraised: {names}"),
    (_LATE, lambda f: f.without_tool > 0, "edit review.toml",
     "name a tool for each design under [tools]: without one nobody can appraise its results"),
)  # fmt: skip


def status_of(
    review: Review,
    *,
    by: str = "",
    screened: Screened | None = None,
    judged: ReviewState | None = None,
) -> Status:
    """Return the status of a review; reading it writes nothing.

    Parameters
    ----------
    by
        Who asks, as ``p-name``: where all that waits has their verdict already, the next step is
        another person's. Empty: nobody in particular.
    screened
        Where every report stands, from somebody who keeps it at hand; else it is computed.
    judged
        The state with the appraisals that count for who asks; else all of them count.
    """
    protocol = read_protocol(review)
    if screened is None:
        screened = screen_review(review, protocol, load_library(review), write=False)
    bias = _bias(review, protocol, judged or review.state)
    counts = _counts(review, protocol, screened)
    counts |= {
        "doubtful pairs": len(doubtful_pairs(review, screened.pairs)),
        "results not appraised": len(bias.bare),
        "appraisals to settle": len(bias.open),
        "events": review.state.count,
    }
    facts = _Facts(
        sources=len(protocol.sources),
        adopted=is_adopted(review),
        report=is_built(review),
        counts=counts,
        without_tool=sum(not one.tool for one in bias.bare),
        unread=len(_unread(review.state)),
    )
    stage, command, why = next(
        (name, command, why) for name, holds, command, why in _STAGES if holds(facts)
    )
    step = _others_turn(review, protocol, screened, stage, by) or Step(command=command, why=why)
    said = {
        "names": _named([one.result for one in bias.bare]),
        "doubtful": number_of(counts["doubtful pairs"], "pair"),
    }
    beside = (
        Step(command=command, why=why.format(**said))
        for stages, holds, command, why in _BESIDE
        if stage in stages and holds(facts)
    )
    return Status(
        title=protocol.head.title,
        stage=stage,
        counts=counts,
        next=(step, *beside),
        waiting=_all_waiting(review, protocol, screened, bias, stage),
    )


def _unread(state: ReviewState) -> tuple[str, ...]:
    """Return the included studies of which nobody has recorded anything, found or looked for."""
    read = {value.cell.study for value in state.values.values()}
    read |= {looked.cell.study for looked in state.looked_for.values()}
    return tuple(
        study.id for study in studies_of(state) if study.role == "included" and study.id not in read
    )


def _named(names: Sequence[str], most: int = 3) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def _all_waiting(
    review: Review, protocol: Protocol, screened: Screened, bias: _Bias, stage: str
) -> tuple[str, ...]:
    """Return what the stage waits for: reports, studies, results to settle, bodies to rate."""
    if stage == "extraction":
        return _unread(review.state)
    if stage == "risk of bias":
        return tuple(one.result for one in bias.open)
    if stage == "certainty":
        return _not_rated(review, protocol)
    return _waiting(screened, stage)


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


def _others_turn(
    review: Review, protocol: Protocol, screened: Screened, stage: str, by: str
) -> Step | None:
    """Return the step of another reviewer where this one has voted on all that waits."""
    if not by or not stage.endswith("screening"):
        return None
    at, _ = _WAITING[stage]
    left = set(_waiting(screened, stage))
    records = {cluster.id: cluster.records for cluster in screened.clusters}
    voted = {
        record
        for vote in review.state.votes.values()
        if vote.stage == at and vote.reviewer == by
        for record in vote.records
    }
    if not all(voted & set(records[cluster]) for cluster in left):
        return None
    others = [member.id for member in protocol.team if member.id != by]
    name = others[0] if len(others) == 1 else "p-other"
    needed = protocol.screening.reviewers_per_record
    who = "a second reviewer" if needed == 2 else "another reviewer"
    return Step(
        command=f"tamis sheet --to votes-of-{name[2:]}.csv --by {name}",
        why=f"you have voted on all of them: {number_of(len(left), 'report')} "
        f"{'waits' if len(left) == 1 else 'wait'} for {who}",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bias:
    """Results that nobody has appraised, and those about which assessors differ."""

    bare: tuple[ToAppraise, ...]
    open: tuple[ToSettle, ...]


def _bias(review: Review, protocol: Protocol, state: ReviewState) -> _Bias:
    tools = tools_of(review)
    results = results_to_appraise(protocol, state, extraction_of(state), studies_of(state), tools)
    return _Bias(bare=not_appraised(results), open=to_settle(state, tools))


def _not_rated(review: Review, protocol: Protocol) -> tuple[str, ...]:
    """Return the bodies that await a decision: all that were begun or have data to rate."""
    state = review.state
    studies = [study for study in studies_of(state) if study.role == "included"]
    reported = {(v.cell.study, v.cell.outcome) for v in state.values.values()}
    bodies = {body.id: body for body in protocol.bodies}
    found = []
    for rating in rating_summaries(state, protocol):
        body = bodies[rating.body]
        has_data = any(
            study.design in body.designs and (study.id, body.outcome) in reported
            for study in studies
        )
        if rating.status == "in progress" or (rating.status == "not judged" and has_data):
            found.append(rating.body)
    return tuple(found)


def _counts(review: Review, protocol: Protocol, screened: Screened) -> dict[str, int]:
    records = sum(len(cluster.records) for cluster in screened.clusters)
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
    counts["bodies not rated to the end"] = len(_not_rated(review, protocol))
    return counts
