"""An open review: its folder, its log and the state folded from it. The composition root.

``open_review`` is the only place that chooses adapters: the folder log, the artifacts and the
clock. ``TAMIS_NOW`` and ``TAMIS_REPLICA`` fix time and replica, so that a scripted review (the
shipped examples) can be made again byte for byte.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol, Self

from tamis.app.ports import Artifacts, Clock, FixedClock, SystemClock
from tamis.domain import process
from tamis.domain.canonical import sha256_hex
from tamis.domain.errors import BadInput, Conflict, NotFound, Place, StorageFailed
from tamis.domain.events import GENESIS, Draft, Event, forge
from tamis.domain.ordering import all_behind, in_order
from tamis.domain.results import Finding
from tamis.domain.state import ReviewState, advance, extend, fold, latest
from tamis.store import (
    FileArtifacts,
    FolderLog,
    Index,
    Overtaken,
    SqlLog,
    atomic_write,
    check_heads,
    derived_lock,
    log_of,
    replica_of,
    write_together,
)
from tamis.store.files import failed
from tamis.store.machine import uncollected

__all__ = [
    "Review",
    "Watcher",
    "check_log",
    "create_review",
    "open_review",
    "read_outside",
    "write_outside",
]

#: How often a write to a database is judged anew because somebody else wrote in between.
_TRIES = 20

#: Replica of events that are only tried out (``Review.dry_run``).
_TRIAL = "00000000"

_IN_MEMORY = "sqlite://"


class Watcher(Protocol):
    """Who wants to know what happens to the state of an open review."""

    def took(self, events: Sequence[Event]) -> None:
        """Learn of new events, in order, after the state has taken them."""
        ...

    def refolded(self) -> None:
        """Learn that the state was made anew: nothing known of it holds any more."""
        ...


class Review:
    """An open review. Its state follows the log event by event; it is folded anew only when asked.

    One thread at a time: a server keeps a lock around it (``app.live``).
    """

    def __init__(
        self,
        root: Path,
        *,
        log: FolderLog | SqlLog,
        index: Index,
        artifacts: Artifacts,
        clock: Clock,
    ) -> None:
        self.root = root
        self.artifacts = artifacts
        self.clock = clock
        self._log = log
        self._index = index
        self._watchers: list[Watcher] = []
        self._still = False
        self.state = ReviewState()
        self.refresh()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close what is open: the index, and the database of a team's log."""
        self._index.close()
        _close(self._log)

    def watch(self, watcher: Watcher) -> None:
        """Tell a watcher of every change of the state from now on."""
        self._watchers.append(watcher)

    def refresh(self) -> None:
        """Take in what was written since; looking costs little when nothing was."""
        if self._still or self._log.heads() == self.state.heads:
            return
        redacted = self._ingest()
        new = in_order(self._index.events({c: seq for c, (seq, _) in self.state.heads.items()}))
        if redacted or not all_behind(self.state.heads, new):
            self._fold()
        else:
            self._take(new)

    def events(self) -> tuple[Event, ...]:
        """Return every event, chain by chain; of a review that is held still, those it knows."""
        self._ingest()
        if not self._still:
            return tuple(self._index.events())
        known = {chain: seq for chain, (seq, _) in self.state.heads.items()}
        return tuple(e for e in self._index.events() if e.seq <= known.get(e.chain, 0))

    @contextmanager
    def still(self) -> Iterator[None]:
        """Hold the state as it is for a long computation, while others go on to write.

        Nobody waits for it. Inside, the state, the events and the files that the log has adopted
        are of one moment, and nothing is recorded.
        """
        before, self._still = self._still, True
        try:
            yield
        finally:
            self._still = before

    def record(self, drafts: Sequence[Draft]) -> tuple[Event, ...]:
        """Write drafts that the process allows, all or none, and let the state take them."""
        if not drafts:
            return ()
        if self._still:
            raise RuntimeError("a review that is held still records nothing")
        with self.exclusively("record"):
            written = self._append(drafts)
            self._take(written)
        return written

    def _append(self, drafts: Sequence[Draft]) -> tuple[Event, ...]:
        """Write drafts, judged by the state that the log is in at that very moment."""
        if not isinstance(self._log, SqlLog):  # the folder is held: nobody else writes
            return self._log.append(drafts, guard=self._guard(drafts))
        for _ in range(_TRIES):
            try:
                known = self.state.heads
                return self._log.append(drafts, guard=self._guard(drafts), known=known)
            except Overtaken:
                self.refresh()
        raise Conflict("others write without a pause", "try again in a moment")

    def absorb(self, events: Sequence[Event]) -> tuple[Event, ...]:
        """Take over events of another copy of this review, as they stand; return the new ones."""
        with self.exclusively("merge another copy"):
            new = self._log.absorb(events)
        self.refresh()
        return new

    def _guard(self, drafts: Sequence[Draft]) -> Callable[[Draft], None]:
        """Return the check of drafts about to be written; one alone needs no trial state."""
        if len(drafts) > 1:
            return self.dry_run()
        return lambda draft: process.check(self.state, draft)

    def _take(self, events: Sequence[Event]) -> None:
        """Let the state take events that stand behind all it knows."""
        if any(event.kind == "redacted.v1" for event in events) or not all(
            extend(self.state, event) for event in events
        ):
            self._ingest()
            self._fold()
            return
        for watcher in self._watchers:
            watcher.took(events)

    def _fold(self) -> None:
        with uncollected():
            self.state = fold(self._index.events())
        for watcher in self._watchers:
            watcher.refolded()

    def _ingest(self) -> int:
        """Bring the index up to the log; returns how many known bodies were redacted."""
        try:
            return self._index.ingest(self._log).redacted
        except StorageFailed:  # the index is a cache: where it cannot be kept, memory does
            self._index = Index.at(_IN_MEMORY)
            return self._index.ingest(self._log).redacted

    def redact(self, event_id: str, *, why: str, by: str, at: str = "") -> Event:
        """Remove the body of an event; its header, its hash and the chain stay."""
        done = self._log.redact(event_id, why=why, by=by, at=at)
        self.refresh()
        if isinstance(self._log, SqlLog) and (self.root / "log").is_dir():
            own = FolderLog(self.root, replica=_TRIAL, clock=self.clock)
            for event in self.events():
                if event.id == event_id:
                    own.forget(event)
        return done

    def dry_run(self) -> Callable[[Draft], None]:
        """Return a check that takes drafts in order, as if each were written when it passes."""
        state = fold(self.events())
        number = 0

        def guard(draft: Draft) -> None:
            nonlocal number
            number += 1
            process.check(state, draft)
            at = draft.at or self.clock.now()
            advance(state, forge(draft, replica=_TRIAL, seq=number, at=at, prev=GENESIS))

        return guard

    @contextmanager
    def exclusively(self, doing: str) -> Iterator[None]:
        """Hold the review for one command; another process that writes gets a Conflict."""
        with self._log.writing(doing):
            self.refresh()
            yield

    @contextmanager
    def building(self, doing: str = "build") -> Iterator[None]:
        """Hold what is derived from the review: one process builds at a time, and all may write."""
        with derived_lock(self.root, doing=doing, since=self.clock.now()):
            yield

    def read_bytes(self, name: str) -> bytes:
        """Read a file of the review folder by its name there."""
        adopted = latest(self.state.amendments, name) if self._still else None
        return adopted.text.encode() if adopted else _read(self.root / name, name)

    def read_text(self, name: str) -> str:
        """Read a UTF-8 text file of the review folder."""
        try:
            return self.read_bytes(name).decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            raise BadInput(
                f"byte {error.start} is not UTF-8",
                "save the file as UTF-8",
                where=Place(file=name, line=line),
            ) from error

    def write(self, name: str, data: bytes) -> None:
        """Write a file of the review folder, whole or not at all."""
        atomic_write(self.root / name, data)

    def write_together(self, folder: str, contents: Mapping[str, bytes], *, last: str) -> None:
        """Write all files of a derived folder, or leave the old ones as they are."""
        staged = self.root / ".tamis" / f"{folder}.new"
        write_together(self.root / folder, contents, staged=staged, last=last)

    def document(self, name: str) -> tuple[str, bytes] | None:
        """Return hash and bytes of a full text, or ``None`` when it is not here."""
        path = self.root / name
        if not path.is_file():
            return None
        data = _read(path, name)
        return sha256_hex(data), data


def open_review(root: Path | str, *, database: str = "", patience: float = 0.0) -> Review:
    """Open the review in a folder.

    Parameters
    ----------
    database
        Address of the database that holds the log; empty where ``log/`` does. What ``log/`` holds
        and the database does not is taken into it (see ``store.placing``).
    patience
        Seconds that a write waits for another process's to end before it is refused.

    Raises
    ------
    NotFound
        When there is no review there.
    Conflict
        When a database holds the log, and it is not named.
    ChainBroken
        When the log is not what was acknowledged.
    """
    root = Path(root)
    if not (root / "review.toml").is_file() or not (root / "log").is_dir():
        raise NotFound(
            "there is no review in this folder",
            "go to a review's folder, name it, or start one: tamis init DIR",
            where=Place(file=str(root)),
        )
    return _open(root, database=database, patience=patience)


def create_review(root: Path, folders: Sequence[str], *, database: str = "") -> Review:
    """Make the folders of a new review and open it."""
    try:
        for name in folders:
            (root / name).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise failed(error, root, doing="make the folders of a review") from error
    return _open(root, database=database)


def check_log(
    root: Path,
    deposited: Mapping[str, tuple[int, str]] | None = None,
    *,
    database: str = "",
) -> tuple[Finding, ...]:
    """Return what is wrong with the log of a review, every place of it.

    ``deposited`` heads must still be in it.
    """
    log = log_of(root, database=database, replica=_TRIAL, clock=SystemClock())
    try:
        found = log.verify()
        if found or not deposited:
            return found
        return check_heads(deposited, log.read(), seal="the deposited seal")
    finally:
        _close(log)


def read_outside(path: Path) -> bytes:
    """Read a file that a person named on the command line."""
    return _read(path, str(path))


def write_outside(path: Path, data: bytes) -> None:
    """Write a file outside any open review, whole or not at all."""
    atomic_write(path, data)


def _open(root: Path, *, database: str = "", patience: float = 0.0) -> Review:
    now = os.environ.get("TAMIS_NOW", "")
    clock: Clock = FixedClock(now) if now else SystemClock()
    replica = os.environ.get("TAMIS_REPLICA", "") or replica_of(root)
    log = log_of(root, database=database, replica=replica, clock=clock, patience=patience)
    try:
        return Review(root, log=log, index=_index(root), artifacts=FileArtifacts(root), clock=clock)
    except BaseException:
        _close(log)
        raise


def _close(log: FolderLog | SqlLog) -> None:
    if isinstance(log, SqlLog):
        log.close()


def _index(root: Path) -> Index:
    """Open the cache of the log, in memory where the disk refuses it."""
    try:
        return Index(root)
    except StorageFailed:
        return Index.at(_IN_MEMORY)


def _read(path: Path, name: str) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise NotFound(
            "this file does not exist",
            "check the name, or put the file back",
            where=Place(file=name),
        ) from error
    except IsADirectoryError as error:
        raise BadInput("this is a folder", "name a file", where=Place(file=name)) from error
    except OSError as error:
        raise StorageFailed(
            f"this file cannot be read: {error.strerror}",
            "check its permissions and the disk",
            where=Place(file=name),
        ) from error
