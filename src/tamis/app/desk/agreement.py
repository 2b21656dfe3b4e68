"""Agreement in a live review: over unsealed votes, and not for screeners while they screen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from tamis.agreement import criterion_agreement, fleiss_kappa, screening_agreement
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
    return AgreementView(
        stage=stage,
        closed=closed,
        overall=over(floor, stage, known),
        three_way=screening_agreement(votes, clusters, stage=stage, maybe_counts_as="own-class"),
        criteria=criterion_agreement(votes, clusters, stage=stage),
        blocks=_over_time(floor, stage, known),
        fleiss=_fleiss(floor, stage, known),
    )


def two_way(floor: Floor, viewer: str, stage: str) -> tuple[AgreementResult, ...]:
    """Return the agreement of every two people with maybe as include, over unsealed votes."""
    known = _known(floor, viewer, stage)
    return screening_agreement(_votes(floor, stage, known), _clusters(floor, known), stage=stage)


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
        last = {v.reviewer: v.decision for v in floor.running.ballot(cluster, stage).live}
        told = [("include" if d == "maybe" else d) for d in last.values() if d != "not-retrieved"]
        given.append(tuple(told))
    sizes = Counter(len(told) for told in given if len(told) > 2)
    if not sizes:
        return None
    usual = max(sizes, key=lambda size: (sizes[size], size))
    return fleiss_kappa([told for told in given if len(told) == usual])


def _votes(floor: Floor, stage: str, known: Iterable[str]) -> list[Vote]:
    return [vote for c in known for vote in floor.running.ballot(c, stage).attached]


def _clusters(floor: Floor, known: Iterable[str]) -> list[Cluster]:
    return [floor.clusters[c] for c in known]
