"""Calibration rounds and the end of a stage: coordinators open and close them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from tamis.app.desk.agreement import over
from tamis.app.desk.floor import Floor, is_coordinator
from tamis.app.desk.views import RoundView
from tamis.domain.decisions import STAGES
from tamis.domain.errors import BadInput, NotFound, RuleBroken
from tamis.domain.events import Draft
from tamis.domain.ids import is_person
from tamis.domain.results import AgreementResult
from tamis.screening import draw_sample

__all__ = ["closing", "ending", "opening", "view"]


def opening(
    floor: Floor,
    viewer: str,
    stage: str,
    people: Sequence[str],
    *,
    size: int,
    seed: int,
    roles: frozenset[str],
) -> Draft:
    """Return the note that opens a round: its sample is written down with it."""
    _coordinates(roles)
    who = tuple(dict.fromkeys(people))
    if len(who) < 2 or not all(is_person(name) for name in who):
        raise BadInput("a calibration round needs two people or more", "name them, as p-…")
    if any(r.open and r.stage == stage for r in floor.notes.rounds.values()):
        raise RuleBroken(
            "a calibration round is open at this stage", "close it first", rule="one-round"
        )
    sample = draw_sample(_strata(floor, stage), size, seed=seed)
    if not sample:
        raise BadInput(
            "no record at this stage is without votes", "draw the sample before people screen"
        )
    fields = {
        "action": "open",
        "stage": stage,
        "seed": str(seed),
        "clusters": " ".join(sample),
        "people": " ".join(who),
    }
    return _note(viewer, f"calibration-{len(floor.notes.rounds) + 1}", "calibration", fields)


def ending(floor: Floor, viewer: str, round_id: str, *, roles: frozenset[str]) -> Draft:
    """Return the note that closes a round."""
    _coordinates(roles)
    found = floor.notes.rounds.get(round_id)
    if found is None or not found.open:
        raise NotFound(f"there is no open round {round_id}", "look at the list of rounds")
    return _note(viewer, round_id, "calibration", {"action": "close", "stage": found.stage})


def closing(viewer: str, stage: str, *, closed: bool, roles: frozenset[str]) -> Draft:
    """Return the note that closes a stage, or opens it again."""
    _coordinates(roles)
    return _note(viewer, stage, "stage", {"state": "closed" if closed else "open"})


def view(floor: Floor, viewer: str, round_id: str) -> RoundView:
    """Return a round; its agreement is there when its votes are unsealed."""
    found = floor.notes.rounds[round_id]
    here = [c for c in found.clusters if c in floor.running.reached(found.stage)]
    unsealed = bool(here) and all(
        floor.is_open(viewer, c, found.stage) and floor.is_complete(c, found.stage) for c in here
    )
    results = over(floor, found.stage, here) if unsealed else ()
    return RoundView(
        id=found.id,
        stage=found.stage,
        clusters=tuple(here),
        people=found.people,
        open=found.open,
        done=sum(viewer in floor.voters(c, found.stage) for c in here),
        agreement=results,
        disagreements=tuple(c for c in here if unsealed and _differ(floor, c, found.stage)),
        reached=_reached(results, float(floor.rules.agreement_bar)) if results else None,
    )


def _differ(floor: Floor, cluster: str, stage: str) -> bool:
    return len({v.decision for v in floor.running.ballot(cluster, stage).live}) > 1


def _reached(results: Sequence[AgreementResult], bar: float) -> bool:
    """Tell whether every pair reached the bar by kappa or, where prevalence hides it, AC1."""
    best = [max((x for x in (r.kappa, r.ac1) if x is not None), default=None) for r in results]
    return all(figure is not None and figure >= bar for figure in best)


def _strata(floor: Floor, stage: str) -> dict[str, list[str]]:
    """Return the reports of a stage on which nobody voted, by their first source."""
    strata: dict[str, list[str]] = defaultdict(list)
    sources = {batch.sha256[:12]: batch.source for batch in floor.state.batches.values()}
    touched = set(floor.running.touched(stage))
    for cluster in floor.running.reached(stage):
        if cluster not in touched:
            first = floor.clusters[cluster].primary.partition(":")[0]
            strata[sources.get(first, "")].append(cluster)
    return strata


def _coordinates(roles: frozenset[str]) -> None:
    if not is_coordinator(roles):
        raise RuleBroken(
            "only an owner or a methodologist may do this", "ask one of them", rule="coordinators"
        )


def _note(viewer: str, subject: str, topic: str, fields: dict[str, str]) -> Draft:
    if topic == "stage" and subject not in STAGES:
        raise BadInput(f"{subject!r} is no screening stage", f"use {' or '.join(STAGES)}")
    body = {"topic": topic, "fields": fields}
    return Draft(actor=viewer, kind="note_added.v1", subject=subject, body=body)
