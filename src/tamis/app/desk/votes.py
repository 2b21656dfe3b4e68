"""A vote before it is written: words checked, the decision that follows, the draft of an event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tamis.app.desk.floor import Floor
from tamis.app.desk.ranked import last_run
from tamis.app.desk.views import UNTOLD, Moment
from tamis.app.words import check_reason
from tamis.domain.decisions import STAGES, Vote
from tamis.domain.errors import BadInput, Conflict, NotFound
from tamis.domain.events import Draft
from tamis.screening import ANSWERS, follows

__all__ = ["check_decision", "check_shown", "check_stage", "vote_draft", "withdrawal"]

#: A page that stayed open longer says nothing about how long a verdict took.
_LONGEST_MS = 6 * 3600 * 1000


def check_stage(stage: str) -> None:
    """Refuse a stage that is none."""
    if stage not in STAGES:
        raise BadInput(f"{stage!r} is no screening stage", f"use {' or '.join(STAGES)}")


def check_decision(floor: Floor, stage: str, decision: str, reason: str) -> None:
    """Refuse a decision that this stage has not, and a reason that is no criterion."""
    known = ("include", "exclude", "maybe", *(["not-retrieved"] if stage == STAGES[1] else []))
    if decision not in known:
        raise BadInput(f"{decision!r} is no decision here", f"use {', '.join(known)}")
    check_reason(floor.protocol, decision, reason)


def check_shown(floor: Floor, cluster: str, shown: Sequence[str]) -> None:
    """Refuse a vote on a report that has other records than its caster was shown.

    A program that does not say what was shown answers for that itself.
    """
    if shown and set(shown) != set(floor.clusters[cluster].records):
        raise Conflict(
            "this report has other records now than you were shown",
            "read it again, then vote; what you typed is kept",
        )


def vote_draft(
    floor: Floor,
    viewer: str,
    stage: str,
    cluster: str,
    *,
    decision: str,
    reason: str,
    answers: Mapping[str, str],
    moment: Moment = UNTOLD,
) -> Draft | None:
    """Return the vote to be written; ``None`` when the viewer said the very same before.

    Without a decision, the one that follows from the answers is taken. Only an exclusion has a
    reason.
    """
    known = {c.id for c in floor.protocol.criteria}
    for name, answer in answers.items():
        if name not in known or answer not in ANSWERS:
            raise BadInput(
                f"{name!r}: {answer!r} answers no criterion of this review",
                f"answer {', '.join(ANSWERS)}",
            )
    implied = follows(answers, floor.protocol.criteria, stage)
    if not decision and implied is None:
        raise BadInput("this vote has no decision", "decide, or answer every criterion")
    said = decision or (implied[0] if implied else "")
    why = reason or (implied[1] if implied and implied[0] == said else "")
    check_decision(floor, stage, said, why)
    body: dict[str, Any] = {
        "stage": stage,
        "records": sorted(floor.clusters[cluster].records),
        "decision": said,
        "reason": why if said == "exclude" else "",
        "criteria": dict(answers),
    }
    before = floor.vote_of(viewer, cluster, stage)
    if before is not None and _same(before, body):
        return None
    body |= _circumstances(floor, stage, cluster, moment.ms)
    return Draft(actor=viewer, kind="screened.v1", subject=stage, body=body, at=moment.at)


def _circumstances(floor: Floor, stage: str, cluster: str, ms: int) -> dict[str, str | int]:
    """Return what is known of the moment: place and run of a ranked order, time on the screen."""
    told: dict[str, str | int] = {}
    run = last_run(floor.state) if floor.rules.order == "ranked" and stage == STAGES[0] else None
    if run is not None and cluster in floor.position:
        told = {"rank_shown": floor.position[cluster] + 1, "score_model": run.event}
    if 0 < ms <= _LONGEST_MS:
        told["ms_on_screen"] = ms
    return told


def withdrawal(floor: Floor, viewer: str, stage: str, cluster: str, *, reason: str) -> Draft:
    """Return the draft that takes back the viewer's standing vote on a report."""
    vote = floor.vote_of(viewer, cluster, stage)
    if vote is None:
        raise NotFound("you have no vote on this record", "nothing needs to be undone")
    body = {"stage": stage, "records": list(vote.records), "event": vote.event}
    return Draft(
        actor=viewer,
        kind="vote_withdrawn.v1",
        subject=stage,
        body={**body, **({"reason": reason} if reason else {})},
        supersedes=(vote.event,),
    )


def _same(vote: Vote, body: Mapping[str, object]) -> bool:
    said = (body["decision"], body["reason"], body["criteria"], body["records"])
    return said == (vote.decision, vote.reason, dict(vote.criteria), list(vote.records))
