"""Who may write a review folder now, and when its log may be read without seeing half an append.

Three lock files stand in ``.tamis/``. ``writer.lock`` is held for a whole use case: one process at
a time changes a review. ``commit.lock`` is held for the moment in which lines become durable, and
shared by readers for the moment in which they look how long each file is. ``derived.lock`` is held
while what is derived from the review is computed; it stops nobody from writing. All are locks of
the operating system, so the lock of a killed process is gone with it; the text inside only says
who.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tamis.domain.errors import Conflict, Place
from tamis.store import machine
from tamis.store.files import failed

__all__ = ["commit_lock", "derived_lock", "reading_lock", "writer_lock"]

PAUSE = 0.01

#: How long an append waits for readers, and a reader for an append, before it says so (seconds).
COMMIT_PATIENCE = 30.0


@contextmanager
def writer_lock(folder: Path, *, doing: str, since: str, patience: float = 0.0) -> Iterator[bool]:
    """Hold the review for writing; yields whether the last holder was killed while it wrote.

    Parameters
    ----------
    folder
        The review folder.
    doing, since
        What is being done, and the time: another process reads them when it is refused.
    patience
        Seconds to wait for another process before refusing.

    Raises
    ------
    Conflict
        When another process is writing; the message names it.
    StorageFailed
        When the folder cannot be written.
    """
    path = folder / ".tamis" / "writer.lock"
    with _held(path, doing=doing, since=since, patience=patience) as killed:
        yield killed


@contextmanager
def derived_lock(folder: Path, *, doing: str, since: str, patience: float = 0.0) -> Iterator[None]:
    """Hold what is derived from the review, its report: one process at a time makes it anew.

    Parameters and errors are those of ``writer_lock``; the log may be written meanwhile.
    """
    path = folder / ".tamis" / "derived.lock"
    with _held(path, doing=doing, since=since, patience=patience):
        yield


@contextmanager
def _held(path: Path, *, doing: str, since: str, patience: float) -> Iterator[bool]:
    descriptor = _take(path, patience=patience)
    try:
        holder = {"pid": os.getpid(), "host": socket.gethostname(), "doing": doing, "since": since}
        killed = os.fstat(descriptor).st_size > 0  # who ends in peace clears what it told
        _tell(descriptor, json.dumps(holder).encode())
        yield killed
    finally:
        _tell(descriptor, b"")
        machine.unlock(descriptor)
        os.close(descriptor)


@contextmanager
def commit_lock(folder: Path) -> Iterator[None]:
    """Hold off readers while lines become durable; only the holder of the writer lock asks."""
    descriptor = _take(folder / ".tamis" / "commit.lock", patience=COMMIT_PATIENCE)
    try:
        yield
    finally:
        machine.unlock(descriptor)
        os.close(descriptor)


@contextmanager
def reading_lock(folder: Path) -> Iterator[None]:
    """Hold off appends while looking at the log; without a lock file there is no writer to fear."""
    path = folder / ".tamis" / "commit.lock"
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:  # no writer was ever here, or its lock may not be opened by this person
        yield
        return
    try:
        _wait(descriptor, path, patience=COMMIT_PATIENCE, shared=True)
        yield
    finally:
        os.close(descriptor)


def _take(path: Path, *, patience: float) -> int:
    """Open and lock the file; taken again when somebody removed the file in between."""
    while True:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        except OSError as error:
            raise failed(error, path, doing="write in this review") from error
        try:
            _wait(descriptor, path, patience=patience, shared=False)
            if _same(descriptor, path):
                return descriptor
        except Conflict:
            os.close(descriptor)
            raise
        os.close(descriptor)


def _wait(descriptor: int, path: Path, *, patience: float, shared: bool) -> None:
    deadline = time.monotonic() + patience
    while not machine.try_lock(descriptor, shared=shared):
        if time.monotonic() >= deadline:
            deed = "building" if path.name == "derived.lock" else "writing"
            raise Conflict(
                f"another process is {deed} this review ({_holder(path)})",
                "wait until it has ended and run again; if it hangs, end that process",
                where=Place(file=str(path)),
            )
        time.sleep(PAUSE)


def _same(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except OSError:
        return False


def _tell(descriptor: int, text: bytes) -> None:
    with contextlib.suppress(OSError):  # a full disk must not stop the lock: it only names us
        os.ftruncate(descriptor, 0)
        os.lseek(descriptor, 0, os.SEEK_SET)
        os.write(descriptor, text)


def _holder(path: Path) -> str:
    name = "writer.lock" if path.name == "commit.lock" else path.name  # whoever commits, writes
    try:
        told = json.loads((path.parent / name).read_text(encoding="utf-8"))
        return f"{told['doing']}, process {told['pid']} on {told['host']} since {told['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "it did not say who it is"
