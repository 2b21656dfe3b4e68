"""Tags, notes, highlights, rounds and openings: what people say beside their votes.

All of it is ``note_added`` events; ``TOPICS`` says which topics, what their subject is and which
fields they have. This module folds them; who may see what is decided in ``desk_floor``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from tamis.domain.decisions import STAGES, Note

__all__ = ["SCOPES", "TOPICS", "NoteBook", "Remark", "Round", "SavedFilter", "Tag", "mentioned"]

#: Topic -> what it is about, and its fields.
TOPICS: Mapping[str, str] = MappingProxyType(
    {
        "tag": "a report's record id; action (apply, remove), tag, value, scope, stage",
        "tag-word": "'tags'; action (add, rename, delete), tag, to: rename to a known word merges",
        "note": "a report's record id; text, scope, stage",
        "highlight": "a group; terms (one a line), scope (private, team); no terms removes it",
        "filter": "its name; stage, query (of an address), scope (private, team)",
        "blinding-opened": "a report's record id; stage, why",
        "calibration": "a round; action (open, close), stage, seed, clusters, people",
        "stage": "a stage; state (closed, open)",
    }
)

#: A person named in a note: not the end of an address of mail.
_MENTION = re.compile(r"(?<![\w.@-])@([a-z0-9]+(?:[-.][a-z0-9]+)*)")

#: Who may see a tag or note: its writer; everybody once votes are no longer sealed; everybody.
SCOPES = ("private", "after-vote", "team")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A word that somebody put on a report."""

    subject: str
    stage: str
    word: str
    scope: str
    by: str
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A note that somebody wrote on a report."""

    event: str
    subject: str
    stage: str
    text: str
    scope: str
    by: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedFilter:
    """A search of the list, kept under a name for its maker (``private``) or for the ``team``."""

    name: str
    stage: str
    query: str
    scope: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """A calibration round: these people all vote on these reports."""

    id: str
    stage: str
    clusters: tuple[str, ...]
    people: tuple[str, ...]
    open: bool = True


@dataclass(slots=True)
class NoteBook:
    """The notes of a review that the desk reads, by what they are about."""

    tags: dict[str, list[Tag]] = field(default_factory=lambda: defaultdict(list))
    words: dict[str, None] = field(default_factory=dict)
    remarks: dict[str, list[Remark]] = field(default_factory=lambda: defaultdict(list))
    mentions: dict[str, list[Remark]] = field(default_factory=lambda: defaultdict(list))
    filters: dict[tuple[str, str, str], SavedFilter] = field(default_factory=dict)
    highlights: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    opened: set[tuple[str, str, str]] = field(default_factory=set)
    rounds: dict[str, Round] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, notes: Iterable[Note]) -> NoteBook:
        """Fold notes in canonical order."""
        book = cls()
        for note in notes:
            book.take(note)
        return book

    def take(self, note: Note) -> bool:
        """Take one more note; false when it is none of the desk's."""
        take = _TAKE.get(note.topic)
        if take is None:
            return False
        take(self, note, {name: str(text) for name, text in note.fields})
        return True

    def every_tag(self) -> Iterator[Tag]:
        """Yield every tag on every report."""
        for tags in self.tags.values():
            yield from tags

    def round_of(self, cluster: str, stage: str) -> Round | None:
        """Return the open round that holds a report, the newest where there are two."""
        found = [
            r for r in self.rounds.values() if r.open and r.stage == stage and cluster in r.clusters
        ]
        return found[-1] if found else None


Fields = Mapping[str, str]


def _tag(book: NoteBook, note: Note, said: Fields) -> None:
    word, here = said.get("tag", ""), book.tags[note.subject]
    mine = (note.by, word, said.get("stage", ""))  # a sealed tag takes nothing from an unsealed one
    here[:] = [tag for tag in here if (tag.by, tag.word, tag.stage) != mine]
    if said.get("action", "apply") == "apply" and word:
        here.append(
            Tag(
                subject=note.subject,
                stage=said.get("stage", ""),
                word=word,
                scope=said.get("scope", SCOPES[0]),
                by=note.by,
                value=said.get("value", ""),
            )
        )


def _word(book: NoteBook, note: Note, said: Fields) -> None:
    word, to, action = said.get("tag", ""), said.get("to", ""), said.get("action", "")
    if action == "add":
        book.words[word] = None
        return
    target = to if action == "rename" else ""
    if word in book.words:
        book.words = {(target if w == word else w): None for w in book.words}
        book.words.pop("", None)
    for subject, tags in book.tags.items():
        book.tags[subject] = list(_renamed(tags, word, target, note.by))


def _renamed(tags: Iterable[Tag], word: str, to: str, by: str) -> Iterator[Tag]:
    """Yield tags under their new word, once each; private tags are their writer's alone."""
    seen: set[tuple[str, str, str]] = set()
    for tag in tags:
        meant = tag.word == word and (tag.scope != "private" or tag.by == by)
        now = replace(tag, word=to) if meant else tag
        if now.word and (now.by, now.word, now.stage) not in seen:
            seen.add((now.by, now.word, now.stage))
            yield now


def _note(book: NoteBook, note: Note, said: Fields) -> None:
    remark = Remark(
        event=note.event,
        subject=note.subject,
        stage=said.get("stage", ""),
        text=said.get("text", ""),
        scope=said.get("scope", SCOPES[0]),
        by=note.by,
        at=note.at,
    )
    book.remarks[note.subject].append(remark)
    if (
        remark.scope == "after-vote"
    ):  # who is named in a private note, or before voting, is not told
        for person in mentioned(remark.text):
            book.mentions[person].append(remark)


def mentioned(text: str) -> tuple[str, ...]:
    """Return the people that a note names with ``@``, each once.

    Examples
    --------
    >>> mentioned("@rev-b, see the dose; so does @p-rev-c. a@b.org")
    ('p-rev-b', 'p-rev-c')
    """
    names = (found[1] for found in _MENTION.finditer(text.casefold()))
    return tuple(dict.fromkeys(f"p-{name.removeprefix('p-')}" for name in names))


def _filter(book: NoteBook, note: Note, said: Fields) -> None:
    scope, stage = said.get("scope", SCOPES[0]), said.get("stage", "")
    key = ("" if scope == "team" else note.by, stage, note.subject)
    book.filters.pop(key, None)
    if said.get("query"):
        book.filters[key] = SavedFilter(
            name=note.subject, stage=stage, query=said["query"], scope=scope, by=note.by
        )


def _highlight(book: NoteBook, note: Note, said: Fields) -> None:
    owner = "" if said.get("scope") == "team" else note.by
    terms = tuple(filter(None, (line.strip() for line in said.get("terms", "").splitlines())))
    book.highlights.pop((owner, note.subject), None)
    if terms:
        book.highlights[owner, note.subject] = terms


def _opened(book: NoteBook, note: Note, said: Fields) -> None:
    book.opened.add((note.by, note.subject, said.get("stage", "")))


def _calibration(book: NoteBook, note: Note, said: Fields) -> None:
    known, stage = book.rounds.get(note.subject), said.get("stage", "")
    if said.get("action") == "close":
        if known is not None:
            book.rounds[note.subject] = replace(known, open=False)
        return
    if stage not in STAGES:
        return
    book.rounds[note.subject] = Round(
        id=note.subject,
        stage=stage,
        clusters=tuple(said.get("clusters", "").split()),
        people=tuple(said.get("people", "").split()),
    )


def _stage(book: NoteBook, note: Note, said: Fields) -> None:
    if said.get("state") == "closed":
        book.closed.add(note.subject)
    else:
        book.closed.discard(note.subject)


_TAKE = {
    "tag": _tag,
    "tag-word": _word,
    "note": _note,
    "highlight": _highlight,
    "filter": _filter,
    "blinding-opened": _opened,
    "calibration": _calibration,
    "stage": _stage,
}
