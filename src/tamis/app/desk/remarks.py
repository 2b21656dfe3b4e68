"""Tags, notes and highlighted terms: written as notes, read back as the viewer may see them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from urllib.parse import parse_qsl, urlencode

from tamis.app.desk.cards import groups_of, nameless
from tamis.app.desk.floor import Floor
from tamis.app.desk.listing import FACETS, first_of
from tamis.app.desk.notes import SCOPES, Remark
from tamis.app.desk.ports import Live
from tamis.app.desk.views import FilterView, MentionView
from tamis.app.desk.votes import check_stage
from tamis.domain.errors import BadInput, NotFound
from tamis.domain.events import Draft
from tamis.screening import Group, check_terms

__all__ = ["Remarks"]


class Remarks:
    """What people say beside their votes.

    Parameters
    ----------
    live
        The open review.
    floor
        Gives the floor as it is now; called under the lock.
    """

    def __init__(self, live: Live, floor: Callable[[], Floor]) -> None:
        self._live = live
        self._floor = floor

    def tag(
        self,
        viewer: str,
        stage: str,
        cluster: str,
        word: str,
        *,
        value: str = "",
        scope: str = "after-vote",
    ) -> None:
        """Put a tag on a report; ``value`` is a choice, a number or a text, empty for a flag."""
        _check_scope(scope)
        fields = {"action": "apply", "tag": _word(word), "value": value, "scope": scope}
        self._on_report(viewer, "tag", stage, cluster, fields)

    def untag(self, viewer: str, stage: str, cluster: str, word: str) -> None:
        """Take a tag of one's own off a report, at whatever stage one gave it."""
        with self._live.locked():
            check_stage(stage)
            floor = self._floor()
            held = floor.tags(viewer, floor.cluster(cluster).id)
            mine = {(t.subject, t.stage) for t in held if t.by == viewer and t.word == word}
            if not mine:
                raise NotFound(f"you have no tag {word!r} on this record", "reload the record")
            for subject, at in sorted(mine):
                fields = {"action": "remove", "tag": word, "stage": at}
                self._write(viewer, "tag", subject, fields)

    def add_word(self, viewer: str, word: str) -> None:
        """Add a word to the team's vocabulary of tags."""
        self._write(viewer, "tag-word", "tags", {"action": "add", "tag": _word(word)})

    def rename(self, viewer: str, word: str, to: str) -> None:
        """Rename a tag; a word that exists already is merged with. Others' private tags stay."""
        fields = {"action": "rename", "tag": _word(word), "to": _word(to)}
        self._write(viewer, "tag-word", "tags", fields)

    def delete_word(self, viewer: str, word: str) -> None:
        """Delete a tag from the vocabulary and from every report; the log keeps it."""
        self._write(viewer, "tag-word", "tags", {"action": "delete", "tag": _word(word)})

    def vocabulary(self, viewer: str) -> tuple[str, ...]:
        """Return the words the viewer may know: the team's, and those of tags they may see."""
        with self._live.locked():
            floor = self._floor()
            seen = (tag.word for tag in floor.notes.every_tag() if floor.may_see(viewer, tag))
            return tuple(sorted({*floor.notes.words, *seen}))

    def note(
        self, viewer: str, stage: str, cluster: str, text: str, *, scope: str = "after-vote"
    ) -> None:
        """Write a note on a report."""
        _check_scope(scope)
        if not text.strip():
            raise BadInput("the note is empty", "write what is to be noted")
        self._on_report(viewer, "note", stage, cluster, {"text": text.strip(), "scope": scope})

    def set_terms(
        self, viewer: str, group: str, terms: Sequence[str], *, scope: str = "private"
    ) -> None:
        """Set the terms of a highlighted group, for oneself or for the team; none removes it."""
        if scope not in ("private", "team"):
            raise BadInput(f"{scope!r} is no scope of highlights", "use private or team")
        check_terms(term for term in terms if term.strip())
        fields = {"terms": "\n".join(terms), "scope": scope}
        self._write(viewer, "highlight", _word(group), fields)

    def terms(self, viewer: str) -> Mapping[tuple[str, str], tuple[str, ...]]:
        """Return the terms by scope (``team``, ``private``) and group, as the viewer has them."""
        with self._live.locked():
            held = self._floor().notes.highlights.items()
            return {
                ("private" if owner else "team", group): terms
                for (owner, group), terms in held
                if owner in ("", viewer)
            }

    def groups(self, viewer: str) -> tuple[Group, ...]:
        """Return the highlighted groups: the team's and the viewer's own."""
        with self._live.locked():
            return groups_of(self._floor(), viewer)

    def save_filter(
        self, viewer: str, stage: str, name: str, query: str, *, scope: str = "private"
    ) -> None:
        """Keep a search of the list under a name, for oneself or the team; none removes it.

        Raises
        ------
        BadInput
            For a name that is none, a scope that is none, or a query that asks for nothing.
        NotFound
            When somebody else shared the filter of that name.
        """
        if scope not in ("private", "team"):
            raise BadInput(f"{scope!r} is no scope of a filter", "use private or team")
        check_stage(stage)
        name = _word(name)
        pairs = [(k, v) for k, v in parse_qsl(query) if k in (*FACETS, "q") and v]
        if query and not pairs:
            raise BadInput("this filter asks for nothing", "search or choose facets, then keep it")
        with self._live.locked():
            held = self._floor().notes.filters.get(("", stage, name))
            if scope == "team" and held is not None and held.by != viewer:
                raise NotFound(f"the filter {name!r} is not yours", "choose another name")
            told = urlencode(pairs)
            fields = {"stage": stage, "query": told, "scope": scope}
            self._write(viewer, "filter", name, fields)

    def filters(self, viewer: str, stage: str) -> tuple[FilterView, ...]:
        """Return the kept filters of a stage: the viewer's own and the team's, by name."""
        with self._live.locked():
            held = self._floor().notes.filters.items()
            found = [f for (owner, at, _), f in held if owner in ("", viewer) and at == stage]
        return tuple(
            FilterView(name=f.name, query=f.query, scope=f.scope, by=f.by, mine=f.by == viewer)
            for f in sorted(found, key=lambda f: (f.name.casefold(), f.scope, f.name))
        )

    def mentions(self, viewer: str, *, roles: frozenset[str] = frozenset()
                 ) -> tuple[MentionView, ...]:  # fmt: skip
        """Return the notes of others that name the viewer and are unsealed, the newest first."""
        with self._live.locked():
            floor = self._floor()
            told = floor.notes.mentions.get(viewer, ())
            seen = [note for note in told if note.by != viewer and floor.may_see(viewer, note)]
            return tuple(_mention(floor, note, roles) for note in reversed(seen))

    def _on_report(
        self, viewer: str, topic: str, stage: str, cluster: str, fields: Mapping[str, str]
    ) -> None:
        with self._live.locked():
            floor = self._floor()
            found = floor.cluster(cluster)
            if not floor.at_stage(viewer, found.id, stage):
                raise NotFound(
                    f"the record {found.id} is not at the stage {stage}",
                    "go back to the list of records",
                )
            self._write(viewer, topic, found.primary, {**fields, "stage": stage})

    def _write(self, viewer: str, topic: str, subject: str, fields: Mapping[str, str]) -> None:
        with self._live.locked():
            body = {"topic": topic, "fields": dict(fields)}
            draft = Draft(actor=viewer, kind="note_added.v1", subject=subject, body=body)
            self._live.record([draft])


def _mention(floor: Floor, note: Remark, roles: frozenset[str]) -> MentionView:
    cluster = floor.cluster_of[note.subject]
    members = [floor.records[r] for r in cluster.records if r in floor.records]
    hidden = nameless(floor, cluster.id, note.stage, roles)
    return MentionView(
        cluster=cluster.id,
        stage=note.stage,
        title=first_of(members, "title"),
        text=note.text,
        by="" if hidden else note.by,
        at="" if hidden else note.at,
    )


def _check_scope(scope: str) -> None:
    if scope not in SCOPES:
        raise BadInput(f"{scope!r} is no scope", f"use {', '.join(SCOPES)}")


def _word(word: str) -> str:
    plain = " ".join(word.split())
    if not 0 < len(plain) <= 100:
        raise BadInput(f"the word has {len(plain)} characters", "use 1 to 100")
    return plain
