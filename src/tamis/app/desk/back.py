"""Sending a report back: its verdicts and consensuses at a stage are superseded, with a reason."""

from __future__ import annotations

from tamis.app.desk.floor import Floor, is_coordinator
from tamis.domain.decisions import Settlement, Vote
from tamis.domain.errors import BadInput, NotFound, RuleBroken
from tamis.domain.events import Draft

__all__ = ["sent_back"]


def sent_back(
    floor: Floor, viewer: str, stage: str, cluster: str, *, reason: str, roles: frozenset[str]
) -> Draft:
    """Return the event that sends a report back.

    Raises
    ------
    RuleBroken
        When the viewer does not coordinate the review.
    BadInput
        Without a reason.
    NotFound
        When nobody has voted on it.
    """
    if not is_coordinator(roles):
        raise RuleBroken(
            "only an owner or a methodologist sends a report back",
            "ask one of them; your own vote you can take back",
            rule="coordinates",
        )
    if not reason.strip():
        raise BadInput("a report is sent back with a reason", "say what has changed")
    said: tuple[Vote | Settlement, ...] = (
        *floor.running.ballot(cluster, stage).live,
        *floor.running.settlements(cluster, stage),
    )
    events = tuple(item.event for item in said)
    if not events:
        raise NotFound("nobody has voted on this report at this stage", "nothing is to be undone")
    records = sorted({record for item in said for record in item.records})
    body = {"stage": stage, "records": records, "events": list(events), "reason": reason.strip()}
    return Draft(actor=viewer, kind="moved_back.v1", subject=stage, body=body, supersedes=events)
