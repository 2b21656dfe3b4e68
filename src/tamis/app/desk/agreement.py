"""Agreement in a live review: over unsealed votes, and not for screeners while they screen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TypedDict

from tamis.agreement import (
    blind_votes,
    changed_later,
    criterion_agreement,
    fleiss_kappa,
    screening_agreement,
)
from tamis.app.desk.floor import Floor, is_coordinator
from tamis.app.desk.views import AgreementView
from tamis.domain.decisions import Vote
from tamis.domain.records import Cluster
from tamis.domain.results import AgreementResult
from tamis.screening import blocks

__all__ = ["agreement", "over", "two_way"]


def agreement(floor: Floor, viewer: str, stage: str, roles: frozenset[str]) -> AgreementView:
    """Return the agreement at a stage, or why it is not shown."""
    closed = stage in floor.notes.closed
    if not floor.is_closed(stage) and not is_coordinator(roles):
        return AgreementView(stage=stage, hidden="figures are shown when the stage has ended")
    known = _known(floor, viewer, stage)
    votes, clusters = _votes(floor, stage, known), _clusters(floor, known)
    how = _how(floor)
    return AgreementView(
        stage=stage,
        closed=closed,
        overall=over(floor, stage, known),
        three_way=screening_agreement(
            votes, clusters, stage=stage, maybe_counts_as="own-class", **how
        ),
        criteria=criterion_agreement(votes, clusters, stage=stage, **how),
        blocks=_over_time(floor, stage, known),
        fleiss=_fleiss(floor, stage, known),
        changed=changed_later(votes, clusters, stage, **how),
    )


def two_way(floor: Floor, viewer: str, stage: str) -> tuple[AgreementResult, ...]:
    """Return the agreement of every two people with maybe as include, over unsealed votes."""
    known = _known(floor, viewer, stage)
    votes, clusters = _votes(floor, stage, known), _clusters(floor, known)
    return screening_agreement(votes, clusters, stage=stage, **_how(floor))


def _known(floor: Floor, viewer: str, stage: str) -> list[str]:
    """Return the reports whose votes are unsealed for the viewer, in order."""
    return sorted(
        (
            c
            for c in floor.running.touched(stage)
            if floor.is_complete(c, stage) and floor.is_open(viewer, c, stage)
        ),
        key=floor.position.__getitem__,
    )


def over(floor: Floor, stage: str, known: Sequence[str]) -> tuple[AgreementResult, ...]:
    """Return the agreement of every two people over some reports, as the protocol counts maybe."""
    return screening_agreement(
        _votes(floor, stage, known),
        _clusters(floor, known),
        stage=stage,
        maybe_counts_as=floor.rules.maybe_counts_as,
        **_how(floor),
    )


def _over_time(
    floor: Floor, stage: str, known: Sequence[str]
) -> tuple[tuple[int, AgreementResult], ...]:
    """Return the agreement in each block of the order, numbered from 1."""
    here = set(known)
    return tuple(
        (number, result)
        for number, block in enumerate(blocks(floor.order), start=1)
        if (some := [cluster for cluster in block if cluster in here])
        for result in over(floor, stage, some)
    )


def _fleiss(floor: Floor, stage: str, known: Iterable[str]) -> float | None:
    """Return Fleiss' kappa where three or more people rated, over reports of the usual number."""
    given = []
    for cluster in known:
        votes, here = _votes(floor, stage, [cluster]), [floor.clusters[cluster]]
        said = blind_votes(votes, here, stage, **_how(floor))
        last = {who: vote.decision for who, vote in said.get(cluster, {}).items()}
        told = [("include" if d == "maybe" else d) for d in last.values() if d != "not-retrieved"]
        given.append(tuple(told))
    sizes = Counter(len(told) for told in given if len(told) > 2)
    if not sizes:
        return None
    usual = max(sizes, key=lambda size: (sizes[size], size))
    return fleiss_kappa([told for told in given if len(told) == usual])


def _votes(floor: Floor, stage: str, known: Sequence[str]) -> list[Vote]:
    """Return what was said of some reports, what was taken back too, in the order it was said."""
    votes = [vote for c in known for vote in floor.running.ballot(c, stage).attached]
    here = dict.fromkeys(known)
    back = [
        vote
        for vote in floor.state.taken_back.values()
        if vote.stage == stage and any(_at(floor, r) in here for r in vote.records)
    ]
    return sorted([*votes, *back], key=lambda vote: vote.at) if back else votes


def _at(floor: Floor, record: str) -> str:
    found = floor.cluster_of.get(record)
    return found.id if found else ""


def _clusters(floor: Floor, known: Iterable[str]) -> list[Cluster]:
    return [floor.clusters[c] for c in known]


class _How(TypedDict):
    needed: int
    taken_back: Mapping[str, str]


def _how(floor: Floor) -> _How:
    """Return with how many votes a report is unsealed, and which were taken back when."""
    return _How(needed=max(2, floor.rules.reviewers_per_record), taken_back=floor.state.withdrawn)
