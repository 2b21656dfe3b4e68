"""Whether anything is still sealed from somebody: then no report and no export is theirs yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tamis.app.desk.cards import nameless
from tamis.app.desk.floor import Floor
from tamis.domain.decisions import STAGES
from tamis.domain.results import ScreenState
from tamis.screening import Screening

__all__ = ["as_known", "has_sealed", "let_through", "tells"]


def has_sealed(floor: Floor, viewer: str) -> bool:
    """Tell whether others' verdicts on some report may be sealed from the viewer.

    A report, its bundle and the log tell every verdict; while one may be sealed they are withheld.
    Whether somebody has voted already is no part of the answer: it would tell when they do.
    """
    rules, others = floor.rules, _others(floor, viewer)
    if rules.blinding == "none" or not others:
        return False
    if floor.allocation.needed == 1 and not _hides_finished(floor):
        return False  # whoever votes has unsealed the report
    return any(
        not floor.is_open(viewer, cluster, stage)
        for stage in STAGES
        if stage not in floor.notes.closed
        for cluster in floor.running.reached(stage)
    )


def _others(floor: Floor, viewer: str) -> set[str]:
    """Return who else screens or may: the team, the members, whoever has voted."""
    known = {*floor.allocation.team, *floor.state.members, *(p for p, v in floor.own.items() if v)}
    return known - {viewer}


def tells(
    floor: Floor, viewer: str, stage: str, records: Sequence[str], roles: frozenset[str]
) -> bool:
    """Tell whether every verdict on some records at a stage, with its name, is open to the viewer.

    While a conflict waits, its sides stay without names for who does not coordinate the review.
    """
    found = {floor.cluster_of[name].id for name in records if name in floor.cluster_of}
    return bool(found) and all(
        floor.at_stage(viewer, cluster, stage)
        and floor.is_open(viewer, cluster, stage)
        and not nameless(floor, cluster, stage, roles)
        for cluster in found
    )


def as_known(floor: Floor, viewer: str, found: Screening) -> Screening:
    """Return where every report stands as the viewer may know it: what is sealed still waits.

    Blinded record by record, a report that waits for no vote is unsealed: nothing is to be hidden.
    """
    if _hides_finished(floor):
        states = (s for s in found.states if floor.at_stage(viewer, s.cluster, s.stage))
        return Screening(states=tuple(_as_known(floor, viewer, state) for state in states))
    return found


def let_through(floor: Floor) -> tuple[str, ...]:
    """Return the reports at full text of which everybody who screens may know that they are."""
    reached = sorted(floor.running.reached(STAGES[1]))
    if not _hides_finished(floor):
        return tuple(reached)
    team = floor.allocation.team or ("",)
    return tuple(c for c in reached if all(floor.at_stage(who, c, STAGES[1]) for who in team))


def _hides_finished(floor: Floor) -> bool:
    """Tell whether a report that waits for no vote may still be sealed from somebody."""
    rules = floor.rules
    held = rules.blinding == "per-stage" or rules.allocation == "all"
    return held or any(round_.open for round_ in floor.notes.rounds.values())


def _as_known(floor: Floor, viewer: str, state: ScreenState) -> ScreenState:
    if state.state == "awaiting" or floor.is_open(viewer, state.cluster, state.stage):
        return state
    return replace(state, state="awaiting", reasons=(), reason="")
