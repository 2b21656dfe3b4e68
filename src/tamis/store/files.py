"""Durable writes: the seven things the store does to a disk, a layer that fails on purpose, a rule.

Everything that must survive a power cut goes through a ``FileLayer``, so that tests can make any of
its steps fail. A step that returns is durable; a step that raises may have left a part behind.
"""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from tamis.domain.errors import Place, StorageFailed
from tamis.store import machine

__all__ = ["REAL_FILES", "Fault", "FaultyFiles", "FileLayer", "RealFiles", "atomic_write", "failed"]


class FileLayer(Protocol):
    """The steps by which bytes become durable. Each raises ``OSError`` when the disk refuses."""

    def append(self, path: Path, data: bytes) -> None:
        """Write ``data`` behind the end of the file (made if new) in one write, and fsync it."""
        ...

    def write(self, path: Path, data: bytes) -> None:
        """Make the file hold exactly ``data``, and fsync it."""
        ...

    def truncate(self, path: Path, size: int) -> None:
        """Cut the file to ``size`` bytes, and fsync it."""
        ...

    def replace(self, source: Path, target: Path) -> None:
        """Give a file another name, replacing what had it."""
        ...

    def remove(self, path: Path) -> None:
        """Remove a file."""
        ...

    def sync(self, path: Path) -> None:
        """Fsync a file that somebody else wrote."""
        ...

    def sync_folder(self, folder: Path) -> None:
        """Fsync the names in a folder."""
        ...


@dataclass(frozen=True, slots=True)
class RealFiles:
    """The disk."""

    def append(self, path: Path, data: bytes) -> None:
        """Write behind the end of the file, and fsync it."""
        self._put(path, data, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def write(self, path: Path, data: bytes) -> None:
        """Make the file hold exactly ``data``, and fsync it."""
        self._put(path, data, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)

    def truncate(self, path: Path, size: int) -> None:
        """Cut the file to ``size`` bytes, and fsync it."""
        with path.open("r+b") as handle:
            handle.truncate(size)
            machine.sync_file(handle.fileno())

    def replace(self, source: Path, target: Path) -> None:
        """Give a file another name."""
        source.replace(target)

    def remove(self, path: Path) -> None:
        """Remove a file."""
        path.unlink()

    def sync(self, path: Path) -> None:
        """Fsync a file."""
        with path.open("r+b") as handle:
            machine.sync_file(handle.fileno())

    def sync_folder(self, folder: Path) -> None:
        """Fsync the names in a folder."""
        machine.sync_folder(folder)

    @staticmethod
    def _put(path: Path, data: bytes, flags: int) -> None:
        descriptor = os.open(path, flags | getattr(os, "O_BINARY", 0), 0o666)
        try:
            view = memoryview(data)
            while view:
                view = view[os.write(descriptor, view) :]
            machine.sync_file(descriptor)
        finally:
            os.close(descriptor)


#: The layer that is used unless another is given.
REAL_FILES = RealFiles()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One planned failure: the ``nth`` call (from 1) of the step ``op`` fails.

    ``kind`` is ``short`` (half of the bytes arrive, then the disk is full), ``full`` (nothing
    arrives), ``sync`` (everything arrives, making it durable fails) or ``read-only``.
    """

    op: str
    nth: int
    kind: str


_ERRNO = {
    "short": errno.ENOSPC,
    "full": errno.ENOSPC,
    "sync": errno.EIO,
    "read-only": errno.EROFS,
}


@dataclass(slots=True)
class FaultyFiles:
    """A disk that fails as planned; what it does not fail, ``inner`` does.

    Examples
    --------
    >>> layer = FaultyFiles([Fault(op="remove", nth=1, kind="read-only")])
    >>> layer.remove(Path("anything"))
    Traceback (most recent call last):
    ...
    OSError: [Errno 30] Read-only file system: 'anything'
    """

    faults: Sequence[Fault]
    inner: FileLayer = REAL_FILES
    calls: dict[str, int] = field(default_factory=dict)

    def append(self, path: Path, data: bytes) -> None:
        """Append, or fail as planned."""
        kind = self._planned("append")
        if kind in ("short", "sync"):
            self.inner.append(path, data[: len(data) // 2] if kind == "short" else data)
        self._raise(kind, path)
        self.inner.append(path, data)

    def write(self, path: Path, data: bytes) -> None:
        """Write, or fail as planned."""
        kind = self._planned("write")
        if kind in ("short", "sync"):
            self.inner.write(path, data[: len(data) // 2] if kind == "short" else data)
        self._raise(kind, path)
        self.inner.write(path, data)

    def truncate(self, path: Path, size: int) -> None:
        """Truncate, or fail as planned."""
        self._raise(self._planned("truncate"), path)
        self.inner.truncate(path, size)

    def replace(self, source: Path, target: Path) -> None:
        """Rename, or fail as planned."""
        self._raise(self._planned("replace"), target)
        self.inner.replace(source, target)

    def remove(self, path: Path) -> None:
        """Remove, or fail as planned."""
        self._raise(self._planned("remove"), path)
        self.inner.remove(path)

    def sync(self, path: Path) -> None:
        """Fsync, or fail as planned."""
        self._raise(self._planned("sync"), path)
        self.inner.sync(path)

    def sync_folder(self, folder: Path) -> None:
        """Fsync a folder, or fail as planned."""
        self._raise(self._planned("sync_folder"), folder)
        self.inner.sync_folder(folder)

    def _planned(self, op: str) -> str:
        count = self.calls[op] = self.calls.get(op, 0) + 1
        return next((f.kind for f in self.faults if f.op == op and f.nth == count), "")

    @staticmethod
    def _raise(kind: str, path: Path) -> None:
        if kind:
            number = _ERRNO[kind]
            raise OSError(number, os.strerror(number), str(path))


#: Read aloud: what the disk said, and what a person does about it.
_REMEDIES = {
    errno.ENOSPC: "free some space on this disk and run the command again",
    errno.EDQUOT: "free some of your space on this disk and run the command again",
    errno.EROFS: "copy the review to a folder that can be written, and work there",
    errno.EACCES: "change the permissions of the folder, or copy the review to one of your own",
    errno.EPERM: "change the permissions of the folder, or copy the review to one of your own",
    errno.EIO: "this disk reports errors: copy the review to another one and run 'tamis verify'",
}


def failed(error: OSError, path: Path, *, doing: str) -> StorageFailed:
    """Return the error that tells a person what the disk refused and what to do.

    Examples
    --------
    >>> failed(OSError(errno.ENOSPC, "No space left"), Path("x"), doing="write the event").remedy
    'free some space on this disk and run the command again'
    """
    reason = error.strerror or str(error)
    remedy = _REMEDIES.get(
        error.errno or 0, "close other programs that use this file, then run again"
    )
    return StorageFailed(f"cannot {doing}: {reason}", remedy, where=Place(file=str(path)))


def atomic_write(path: Path, data: bytes, *, files: FileLayer = REAL_FILES) -> None:
    """Write a whole file so that a reader, a kill or a power cut sees the old one or the new one.

    Folders on the way are made. On failure the old file is as it was.

    Raises
    ------
    StorageFailed
        When the disk refuses.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        files.write(temporary, data)
        files.replace(temporary, path)
        files.sync_folder(path.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise failed(error, path, doing="write this file") from error
