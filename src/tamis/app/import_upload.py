"""Imports from a browser: files wait in a tray until somebody says where each comes from.

A file that was sent is read at once and kept under ``.tamis/incoming`` by its hash, never under its
name. Its report is shown, a source is proposed, and it is imported on its owner's word by the same
use case as on the command line (``imports.import_incoming``). What nobody says anything of leaves
the tray after ``DAYS_WAITING`` days.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path, PurePosixPath

from tamis.app.import_reports import Facts, FileReport, report_of
from tamis.app.imports import Imported, Incoming, import_incoming, refuse_doubtful
from tamis.app.live import LiveReview
from tamis.app.planning.sources import database_told, name_source, platform_told
from tamis.domain.canonical import sha256_hex
from tamis.domain.errors import BadInput, NotFound, TamisError
from tamis.domain.ids import check_slug
from tamis.domain.question import Protocol
from tamis.domain.records import ParsedFile
from tamis.formats import read_citations

__all__ = [
    "DAYS_WAITING",
    "MOST_WAITING",
    "NEW",
    "Answer",
    "Sent",
    "Taken",
    "Tray",
    "Turned",
    "Waiting",
    "turned_away",
]

#: Stands for the source of a file that the protocol does not name yet; no id has this sign.
NEW = "+"

#: Where files wait: a cache that can be deleted, and that no pack holds.
TRAY = ".tamis/incoming"

#: Files of one person that may wait at a time.
MOST_WAITING = 60

#: Days that a file waits; then it is taken out of the tray, and has to be sent again.
DAYS_WAITING = 30

_SUFFIX = re.compile(r"\.[a-z0-9]{1,8}\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A file that a browser sent: the name it told (shown, never a path) and its bytes."""

    name: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned:
    """A file that was turned away; ``kind`` is ``document`` for a full text, else ``citation``."""

    name: str
    kind: str
    problem: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A file in the tray. ``known`` names the file it is in the review already, if it is.

    ``proposed`` is the source it seems to come from (``NEW``: one that is not named yet, and whose
    database is known); ``database`` and ``platform`` are what it tells of itself.
    """

    sha256: str
    name: str
    size: int
    proposed: str
    database: str
    platform: str
    known: str
    report: FileReport
    trouble: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What its owner says of a waiting file: its source, and that it is whole as it is.

    Where ``source`` is ``NEW``, ``database`` and ``searched_on`` (may be unknown) name it.
    """

    source: str
    as_is: bool = False
    database: str = ""
    searched_on: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What was imported, by name, and why the others still wait (hash to error)."""

    imported: tuple[tuple[str, Imported], ...]
    left: Mapping[str, TamisError]


class Tray:
    """The files that wait in one review, each seen by the person who sent it.

    Parameters
    ----------
    live
        The open review.
    """

    def __init__(self, live: LiveReview) -> None:
        self._live = live
        self._parsed: dict[str, ParsedFile] = {}

    def put(self, person: str, files: Sequence[Sent]) -> tuple[Turned, ...]:
        """Read files and keep those that hold citations; return the others with the reason.

        Raises
        ------
        BadInput
            When more files would wait than may.
        """
        held = self._names(person)
        turned = []
        for file in files:
            if not file.data and not file.name:
                continue
            sha256 = sha256_hex(file.data)
            if len(held) >= MOST_WAITING and sha256 not in held:
                raise BadInput(
                    f"{MOST_WAITING} files wait already", "import or discard them, then send more"
                )
            try:
                self._parsed[sha256] = _read(file)
            except TamisError as error:
                turned.append(_turned(file, error))
                continue
            head = json.dumps({"name": file.name}).encode("utf-8")
            with self._live.locked():
                self._live.review.write(
                    f"{self._folder(person)}/{sha256}", head + b"\n" + file.data
                )
            held = held | {sha256}
        return tuple(turned)

    def waiting(
        self, person: str, left: Mapping[str, TamisError] | None = None
    ) -> tuple[Waiting, ...]:
        """Return a person's waiting files by name; ``left`` is what the last try said of them."""
        left = left or {}
        found = []
        for sha256 in self._names(person):
            sent = self._sent(person, sha256)
            parsed = self._parsed_of(sha256, sent)
            with self._live.locked():
                batch = self._live.state.batches.get(sha256)
                proposed = _proposed(self._live.protocol, sent.name, parsed)
            database = database_told(parsed.database, sent.name)
            said = left.get(sha256)
            found.append(
                Waiting(
                    sha256=sha256,
                    name=sent.name,
                    size=len(sent.data),
                    proposed=proposed or (NEW if database else ""),
                    database=database,
                    platform=platform_told(parsed.database),
                    known=batch.file if batch else "",
                    report=report_of(
                        parsed, self._live.part(Facts).of(parsed, partial(bytes, sent.data))
                    ),
                    trouble=said.problem if said else "",
                    remedy=said.remedy if said else "",
                )
            )
        return tuple(sorted(found, key=lambda w: (w.name, w.sha256)))

    def take(self, person: str, answers: Mapping[str, Answer]) -> Taken:
        """Import the waiting files that an answer names; each for itself, whole or not at all."""
        imported: list[tuple[str, Imported]] = []
        left: dict[str, TamisError] = {}
        for sha256, answer in answers.items():
            sent = self._sent(person, sha256)
            file = Incoming(
                path=_plain(sent.name), data=sent.data, parsed=self._parsed_of(sha256, sent)
            )
            try:
                with self._live.locked():
                    (done,) = import_incoming(
                        self._live.review,
                        [file],
                        source=self._source(person, sent, file, answer),
                        by=person,
                        as_is=answer.as_is,
                    )
            except TamisError as error:
                left[sha256] = error
                continue
            imported.append((sent.name, done))
            self.drop(person, sha256)
        return Taken(imported=tuple(imported), left=left)

    def drop(self, person: str, sha256: str) -> None:
        """Take a waiting file out of the tray; nothing was imported from it.

        Raises
        ------
        NotFound
            When the person has no such file waiting.
        """
        if sha256 not in self._names(person):
            raise _no_file()
        (self._live.root / self._folder(person) / sha256).unlink(missing_ok=True)
        self._parsed.pop(sha256, None)

    def _source(self, person: str, sent: Sent, file: Incoming, answer: Answer) -> str:
        """Return the source that was said; a new one is named once the file is fit to be taken."""
        if answer.source != NEW:
            return _said(answer)
        parsed = file.parsed or _read(sent)
        batch = self._live.state.batches.get(parsed.sha256)
        if batch is not None:
            return batch.source
        if not answer.as_is:
            refuse_doubtful(parsed, file.path)
        return name_source(
            self._live,
            person,
            answer.database,
            platform=platform_told(parsed.database),
            searched_on=answer.searched_on,
            file=sent.name,
        )

    def _folder(self, person: str) -> str:
        check_slug(person, what="the person")
        return f"{TRAY}/{person}"

    def _names(self, person: str) -> frozenset[str]:
        folder = self._live.root / self._folder(person)
        if not folder.is_dir():
            return frozenset()
        files = [path for path in folder.iterdir() if re.fullmatch(r"[0-9a-f]{64}", path.name)]
        old = {path.name for path in files if self._is_old(path)}
        for path in files:
            if path.name in old:
                path.unlink(missing_ok=True)
                self._parsed.pop(path.name, None)
        return frozenset(path.name for path in files) - old

    def _is_old(self, path: Path) -> bool:
        """Tell whether a file has waited longer than files wait."""
        now = datetime.fromisoformat(self._live.review.clock.now()).timestamp()
        try:
            return now - path.stat().st_mtime > DAYS_WAITING * 24 * 3600
        except FileNotFoundError:  # taken by another request of the same person
            return True

    def _sent(self, person: str, sha256: str) -> Sent:
        if sha256 not in self._names(person):
            raise _no_file()
        kept = self._live.review.read_bytes(f"{self._folder(person)}/{sha256}")
        head, _, data = kept.partition(b"\n")
        return Sent(name=str(json.loads(head)["name"]), data=data)

    def _parsed_of(self, sha256: str, sent: Sent) -> ParsedFile:
        if sha256 not in self._parsed:
            self._parsed[sha256] = _read(sent)
        return self._parsed[sha256]


def _no_file() -> NotFound:
    return NotFound("this file does not wait here any more", "send it again")


def _said(answer: Answer) -> str:
    if not answer.source:
        raise BadInput("it is not said which source this file comes from", "choose its source")
    return answer.source


def turned_away(files: Sequence[Sent]) -> tuple[Turned, ...]:
    """Return the files that cannot be read as citations, with the reason; nothing is kept.

    Raises
    ------
    BadInput
        When they are more than may wait.
    """
    if len(files) > MOST_WAITING:
        raise BadInput(f"{len(files)} files are more than {MOST_WAITING}", "send fewer at a time")
    turned = []
    for file in files:
        try:
            _read(file)
        except TamisError as error:
            turned.append(_turned(file, error))
    return tuple(turned)


def _read(file: Sent) -> ParsedFile:
    if file.data.startswith(b"%PDF-"):
        raise BadInput("this is a full text, not a list of citations", "add it under full texts")
    return read_citations(file.data, name=file.name)


def _turned(file: Sent, error: TamisError) -> Turned:
    document = file.data.startswith(b"%PDF-")
    line = f" (line {error.where.line})" if error.where and (error.where.line or 1) > 1 else ""
    return Turned(
        name=file.name,
        kind="document" if document else "citation",
        problem=error.problem + line,
        remedy=error.remedy,
    )


def _plain(name: str) -> Path:
    """Return a path that says nothing but the ending: the told name never names a file here."""
    suffix = PurePosixPath(name.lower()).suffix
    return Path(f"export{suffix if _SUFFIX.match(suffix) else '.txt'}")


def _proposed(protocol: Protocol, name: str, parsed: ParsedFile) -> str:
    """Return the source that a file seems to come from: by its name, else by its database."""
    stem = PurePosixPath(name.lower().removesuffix(".gz")).stem
    named = [s.id for s in protocol.sources if stem == s.id or stem.endswith(f"-{s.id}")]
    within = [s.id for s in protocol.sources if s.id in re.split(r"[^a-z0-9]+", stem)]
    told = [s.id for s in protocol.sources if _alike(s.database, parsed.database)]
    return next((found[0] for found in (named, told, within) if len(found) == 1), "")


def _alike(one: str, other: str) -> bool:
    one, other = one.casefold(), other.casefold()
    return bool(one and other) and (one in other or other in one)
