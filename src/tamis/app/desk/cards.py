"""A card: one report with everything that stands beside it, as one viewer may see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from tamis.app.desk.floor import Floor, is_coordinator
from tamis.app.desk.listing import first_of
from tamis.app.desk.views import Card, NoteView, ReasonView, TagView, VoteView
from tamis.domain.decisions import STAGES, Vote
from tamis.domain.records import Record
from tamis.screening import GROUPS, Group, Span, criteria_at, highlight

__all__ = ["groups_of", "make_card", "nameless", "vote_view"]

#: Reasons that have a key of their own.
_KEYS = 9


def make_card(
    floor: Floor,
    viewer: str,
    stage: str,
    cluster: str,
    *,
    upcoming: Sequence[str] = (),
    roles: frozenset[str] = frozenset(),
) -> Card:
    """Return a report as the viewer may see it."""
    ids = floor.clusters[cluster].records
    members = [floor.records[name] for name in ids if name in floor.records]
    mine = floor.vote_of(viewer, cluster, stage)
    title, abstract = first_of(members, "title"), first_of(members, "abstract")
    criteria = criteria_at(floor.protocol.criteria, stage)
    groups = groups_of(floor, viewer)
    round_ = floor.notes.round_of(cluster, stage)
    return Card(
        cluster=cluster,
        stage=stage,
        records=ids,
        title=title,
        abstract=abstract,
        authors=next((r.authors for r in members if r.authors), ()),
        year=next((r.year for r in members if r.year), None),
        journal=first_of(members, "journal"),
        doi=first_of(members, "doi"),
        pmid=first_of(members, "pmid"),
        language=first_of(members, "language"),
        type=first_of(members, "type"),
        keywords=_every(members, "keywords"),
        urls=_every(members, "urls"),
        databases=tuple(dict.fromkeys(r.database for r in members if r.database)),
        criteria=criteria,
        reasons=tuple(
            ReasonView(id=c.id, text=c.text, key=str(n) if n <= _KEYS else "")
            for n, c in enumerate(criteria, start=1)
        ),
        state=floor.seen(viewer, cluster, stage, roles=roles),
        may_vote=floor.may_vote(viewer, cluster, stage),
        mine=vote_view(floor, mine) if mine else None,
        others=tuple(
            replace(vote_view(floor, vote), event="")
            for vote in floor.others(viewer, cluster, stage, roles=roles)
        ),
        tags=_tags(floor, viewer, cluster, stage, roles),
        notes=_notes(floor, viewer, cluster, stage, roles),
        highlights=_marked(title, abstract, groups),
        upcoming=tuple(upcoming),
        round=round_.id if round_ and viewer in round_.people else "",
        documents=_documents(floor, ids) if stage != STAGES[0] else (),
    )


def _documents(floor: Floor, records: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return the full texts of a report, by what its records were linked as."""
    names = set(records)
    reports = {link.report for link in floor.state.links.values() if names & set(link.records)}
    found = (one for one in floor.state.documents.values() if one.report in reports)
    return tuple(dict.fromkeys((one.sha256, one.file.rpartition("/")[2]) for one in found))


def vote_view(floor: Floor, vote: Vote) -> VoteView:
    """Return a vote with the name of its caster."""
    cluster = next((floor.cluster_of[r] for r in vote.records if r in floor.cluster_of), None)
    members = [floor.records[r] for r in cluster.records if r in floor.records] if cluster else []
    return VoteView(
        event=vote.event,
        stage=vote.stage,
        cluster=cluster.id if cluster else "",
        reviewer=vote.reviewer,
        decision=vote.decision,
        reason=vote.reason,
        criteria=vote.criteria,
        at=vote.at,
        title=first_of(members, "title"),
    )


def groups_of(floor: Floor, viewer: str) -> tuple[Group, ...]:
    """Return the team's groups of terms and the viewer's own, in order."""
    held = {
        (owner, name): terms
        for (owner, name), terms in floor.notes.highlights.items()
        if owner in ("", viewer)
    }
    rank = {name: at for at, name in enumerate(GROUPS)}
    ordered = sorted(held, key=lambda key: (rank.get(key[1], len(rank)), key[1], key[0]))
    return tuple(Group(name=key[1], terms=held[key]) for key in ordered)


def _marked(title: str, abstract: str, groups: Sequence[Group]) -> Mapping[str, tuple[Span, ...]]:
    return {"title": highlight(title, groups), "abstract": highlight(abstract, groups)}


def nameless(floor: Floor, cluster: str, stage: str, roles: frozenset[str]) -> bool:
    """Tell whether others stay without names: a conflict waits for its consensus."""
    found = floor.running.state(cluster, stage)
    hides = floor.rules.blinding != "none" and not is_coordinator(roles)
    return hides and found is not None and found.state == "conflict"


def _tags(
    floor: Floor, viewer: str, cluster: str, stage: str, roles: frozenset[str]
) -> tuple[TagView, ...]:
    hidden = nameless(floor, cluster, stage, roles)
    shown = (
        TagView(
            word=tag.word,
            scope=tag.scope,
            value=tag.value,
            by="" if hidden and tag.by != viewer else tag.by,
            mine=tag.by == viewer,
        )
        for tag in floor.tags(viewer, cluster)
    )
    return tuple(dict.fromkeys(shown))


def _notes(
    floor: Floor, viewer: str, cluster: str, stage: str, roles: frozenset[str]
) -> tuple[NoteView, ...]:
    hidden = nameless(floor, cluster, stage, roles)
    return tuple(
        NoteView(
            event=note.event if note.by == viewer else "",
            text=note.text,
            scope=note.scope,
            by="" if hidden and note.by != viewer else note.by,
            at="" if hidden and note.by != viewer else note.at,
        )
        for note in floor.remarks(viewer, cluster)
    )


def _every(records: Sequence[Record], name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for record in records for text in getattr(record, name)))
