"""Conflicts: anonymous sides, who may settle, opening the sides, the consensus."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from string import ascii_uppercase

from tamis.app.desk.floor import Floor, is_coordinator
from tamis.app.desk.listing import first_of
from tamis.app.desk.views import ConflictView, Side, VoteView
from tamis.app.desk.votes import check_stage
from tamis.domain.decisions import Vote
from tamis.domain.errors import NotFound, RuleBroken
from tamis.domain.events import Draft

__all__ = [
    "ConflictPage", "concerning", "consensus", "every", "may_settle", "named", "one", "opening",
    "page_of", "reason_and_note",
]  # fmt: skip

#: Conflicts on a page.
PAGE = 100

#: Rules of ``[screening] settling`` that name who settles, whatever their role is.
_NAMING = ("voter", "group")


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictPage:
    """Some of the conflicts that concern somebody; ``total`` counts all of them."""

    views: tuple[ConflictView, ...]
    page: int
    last: int
    total: int


def may_settle(floor: Floor, viewer: str, cluster: str, stage: str) -> str:
    """Return why the viewer may not settle a conflict; empty when they may."""
    rule, voted = floor.rules.settling, viewer in floor.voters(cluster, stage)
    if rule == "voter" and not voted:
        return "it is settled by one of those who voted"
    if rule == "third" and voted:
        return "it is settled by somebody who has not voted on it"
    if rule == "group" and viewer not in floor.rules.settlers:
        return "it is settled by the people that the protocol names"
    return ""


def named(floor: Floor, viewer: str, cluster: str, stage: str) -> bool:
    """Tell whether the protocol itself makes the viewer one who settles this conflict."""
    return floor.rules.settling in _NAMING and not may_settle(floor, viewer, cluster, stage)


def every(floor: Floor, viewer: str, stage: str, roles: frozenset[str]) -> Iterator[ConflictView]:
    """Yield the conflicts that concern the viewer, in order."""
    return (_view(floor, viewer, stage, name) for name in concerning(floor, viewer, stage, roles))


def page_of(
    floor: Floor, viewer: str, stage: str, roles: frozenset[str], page: int
) -> ConflictPage:
    """Return a page of the conflicts that concern the viewer; the last one for a page beyond."""
    names = list(concerning(floor, viewer, stage, roles))
    last = max(1, ceil(len(names) / PAGE))
    page = min(max(1, page), last)
    shown = names[(page - 1) * PAGE : page * PAGE]
    views = tuple(_view(floor, viewer, stage, name) for name in shown)
    return ConflictPage(views=views, page=page, last=last, total=len(names))


def concerning(floor: Floor, viewer: str, stage: str, roles: frozenset[str]) -> Iterator[str]:
    """Yield the reports whose conflicts concern the viewer, in order."""
    waiting = sorted(floor.running.conflicts(stage), key=floor.position.__getitem__)
    coordinates = is_coordinator(roles)
    for cluster in waiting:
        concerns = (
            coordinates
            or viewer in floor.voters(cluster, stage)
            or not may_settle(floor, viewer, cluster, stage)
        )
        if concerns and _unsealed(floor, viewer, stage, cluster):
            yield cluster


def one(floor: Floor, viewer: str, stage: str, cluster: str) -> ConflictView:
    """Return one conflict."""
    check_stage(stage)
    if not _known(floor, viewer, stage, cluster):
        raise NotFound("there is no conflict on this record", "go back to the list of conflicts")
    return _view(floor, viewer, stage, cluster)


def opening(floor: Floor, viewer: str, stage: str, cluster: str, why: str) -> Draft:
    """Return the note that the viewer looked at what each side said, and why if they say so."""
    found = floor.cluster(cluster)
    one(floor, viewer, stage, found.id)
    told = {"why": why.strip()} if why.strip() else {}
    body = {"topic": "blinding-opened", "fields": {"stage": stage, **told}}
    return Draft(actor=viewer, kind="note_added.v1", subject=found.primary, body=body)


def reason_and_note(floor: Floor, decision: str, reason: str, words: str) -> tuple[str, str]:
    """Return the reason of a consensus, and the note that is kept beside it.

    An exclusion has its reason from the list; what is said in words beside it is a note. Where
    nothing is excluded, or there is no list, the words are the reason.
    """
    listed = decision == "exclude" and bool(floor.protocol.criteria)
    why = reason.strip() or ("" if listed else words.strip())
    return why, "" if words.strip() == why else words.strip()


def consensus(
    floor: Floor,
    viewer: str,
    stage: str,
    cluster: str,
    *,
    decision: str,
    reason: str,
    at: str = "",
) -> Draft:
    """Return the consensus on a conflict; it names the votes that count now.

    Only an exclusion at full text has to have a reason: that one the report counts.
    """
    one(floor, viewer, stage, cluster)
    why_not = may_settle(floor, viewer, cluster, stage)
    if why_not:
        raise RuleBroken(
            f"this conflict is not yours to settle: {why_not}",
            "leave it to them, or change [screening] settling",
            rule="settled-by-others",
        )
    body = {
        "stage": stage,
        "records": sorted(floor.clusters[cluster].records),
        "settles": [vote.event for vote in floor.running.ballot(cluster, stage).counted],
        "decision": decision,
        "reason": reason.strip(),
    }
    return Draft(actor=viewer, kind="conflict_settled.v1", subject=stage, body=body, at=at)


def _known(floor: Floor, viewer: str, stage: str, cluster: str) -> bool:
    waiting = floor.running.conflicts(stage)
    return cluster in waiting and _unsealed(floor, viewer, stage, cluster)


def _unsealed(floor: Floor, viewer: str, stage: str, cluster: str) -> bool:
    at_stage = floor.at_stage(viewer, cluster, stage)
    return at_stage and floor.is_open(viewer, cluster, stage)


def _view(floor: Floor, viewer: str, stage: str, cluster: str) -> ConflictView:
    state = floor.state_of(cluster, stage)
    votes = sorted(
        floor.running.ballot(cluster, stage).counted, key=lambda v: _drawn(floor, cluster, v)
    )
    opened = floor.rules.blinding == "none" or floor.has_opened(viewer, cluster, stage)
    why_not = may_settle(floor, viewer, cluster, stage)
    members = [floor.records[r] for r in floor.clusters[cluster].records if r in floor.records]
    return ConflictView(
        cluster=cluster,
        stage=stage,
        title=first_of(members, "title"),
        light=state.light,
        reopened=state.reopened,
        sides=tuple(
            Side(label=label, vote=_nameless(cluster, vote) if opened else None)
            for label, vote in zip(ascii_uppercase, votes, strict=False)
        ),
        criteria=_differing(votes),
        reasons_differ=len(state.reasons) > 1,
        opened=opened,
        may_settle=not why_not,
        why_not=why_not,
        named=named(floor, viewer, cluster, stage),
    )


def _drawn(floor: Floor, cluster: str, vote: Vote) -> str:
    """Return by what sides are ordered: nothing that tells who cast the vote or when."""
    text = f"{floor.state.id}\n{cluster}\n{vote.stage}\n{vote.reviewer}\n{vote.records}"
    return hashlib.blake2b(text.encode()).hexdigest()


def _nameless(cluster: str, vote: Vote) -> VoteView:
    """Return what a side says, without name, event or time, which would tell the name."""
    return VoteView(
        event="",
        stage=vote.stage,
        cluster=cluster,
        reviewer="",
        decision=vote.decision,
        reason=vote.reason,
        criteria=vote.criteria,
    )


def _differing(votes: Sequence[Vote]) -> tuple[str, ...]:
    """Return the criteria that two sides answered differently."""
    answers: dict[str, set[str]] = {}
    for vote in votes:
        for name, answer in vote.criteria:
            answers.setdefault(name, set()).add(answer)
    return tuple(sorted(name for name, given in answers.items() if len(given) > 1))
