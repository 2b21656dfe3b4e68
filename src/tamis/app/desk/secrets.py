"""Whether anything is still sealed from somebody: then no report and no export is theirs yet."""

from __future__ import annotations

from dataclasses import replace

from tamis.app.desk.floor import Floor
from tamis.domain.decisions import STAGES
from tamis.domain.results import ScreenState
from tamis.screening import Screening

__all__ = ["as_known", "has_sealed", "let_through"]


def has_sealed(floor: Floor, viewer: str) -> bool:
    """Tell whether others' verdicts on some report are sealed from the viewer.

    A report, its bundle and the log tell every verdict; while one is sealed they are withheld.
    """
    return any(
        not floor.is_open(viewer, cluster, stage)
        for stage in STAGES
        for cluster in floor.running.touched(stage)
        if any(who != viewer for who in floor.voters(cluster, stage))
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
