"""Merging two copies of a review folder: the union of their logs, and the files behind it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tamis.domain.errors import BadInput, Conflict, NotFound, Place
from tamis.store.files import REAL_FILES, FileLayer, atomic_write, failed
from tamis.store.folder_log import FolderLog
from tamis.store.folder_reading import LOG
from tamis.store.forging import Clock
from tamis.store.placing import log_of, refuse_kept
from tamis.store.sql_log import SqlLog
from tamis.store.uniting import unite

__all__ = ["Merged", "merge"]

#: Folders whose files are written once and never edited, so that their union makes sense.
_WRITTEN_ONCE = ("imports", "search", "decisions")


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What a merge brought: ids of new events, and names of new files."""

    events: tuple[str, ...]
    files: tuple[str, ...]


def merge(
    source: Path,
    into: Path,
    *,
    clock: Clock,
    database: str = "",
    files: FileLayer = REAL_FILES,
) -> Merged:
    """Bring into one copy of a review what another copy has; the other one stays as it is.

    ``review.toml`` and ``claims.toml`` are left alone: the amendments in the log tell which
    version of them was adopted last.

    Parameters
    ----------
    source, into
        Two copies of one review.
    clock
        Tells other processes since when the review is being merged.
    database
        Address of the database that holds the log of ``into``; empty where its folder does.

    Raises
    ------
    NotFound
        When one of them holds no log.
    Conflict
        When they hold different events at one place of a chain, different files of one name, when
        another process is writing, or when a database holds the log of one and is not named.
    BadInput
        When they are not copies of one review.
    ChainBroken
        When the log of one of them does not hold.
    """
    for folder in (source, into):
        if not (folder / LOG).is_dir():
            raise NotFound(f"{folder} holds no log", "name two copies of one review")
    refuse_kept(source)
    theirs = FolderLog(source, replica="", clock=clock, files=files)
    with _opened(into, database=database, clock=clock, files=files) as ours:
        return _united(theirs, ours, source=source, into=into, files=files)


@contextmanager
def _opened(
    into: Path, *, database: str, clock: Clock, files: FileLayer
) -> Iterator[FolderLog | SqlLog]:
    if not database:
        refuse_kept(into)
        yield FolderLog(into, replica="", clock=clock, files=files)
        return
    log = log_of(into, database=database, replica="", clock=clock)
    try:
        yield log
    finally:
        if isinstance(log, SqlLog):
            log.close()


def _united(
    theirs: FolderLog, ours: FolderLog | SqlLog, *, source: Path, into: Path, files: FileLayer
) -> Merged:
    with ours.writing("merge another copy"):
        events = list(theirs.read())
        _same_review(ours, {e.id: e.hash for e in events if e.kind == "review_created.v1"})
        unite(ours.read(), events, ours_at=str(into))  # refuses before anything is written
        plan = _plan(source, into)
        for name, data in plan.items():
            atomic_write(into / name, data, files=files)
        new = ours.absorb(events)
    return Merged(events=tuple(event.id for event in new), files=tuple(plan))


def _same_review(ours: FolderLog | SqlLog, theirs: dict[str, str]) -> None:
    mine = {e.id: e.hash for e in ours.read() if e.kind == "review_created.v1"}
    if mine and theirs and not mine.items() & theirs.items():
        raise BadInput(
            "these are two different reviews, not two copies of one", "name copies of one review"
        )


def _plan(source: Path, into: Path) -> dict[str, bytes]:
    """Return the files that the source has and the other copy has not."""
    plan = {}
    for part in _WRITTEN_ONCE:
        for path in sorted((source / part).rglob("*")):
            if not path.is_file() or path.name.startswith("."):
                continue
            name = path.relative_to(source).as_posix()
            data, there = _read(path), into / name
            if not there.exists():
                plan[name] = data
            elif _read(there) != data:
                raise Conflict(
                    "the two copies have different files of this name",
                    "give one of them the right content; raw files are never edited",
                    where=Place(file=name),
                )
    return plan


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise failed(error, path, doing="read this file") from error
