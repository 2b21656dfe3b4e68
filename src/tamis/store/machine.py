"""What depends on the machine: file locks, durable writes, the settings folder, the collector.

This is the only module that knows POSIX from Windows.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = [
    "config_home",
    "sync_file",
    "sync_folder",
    "try_lock",
    "uncollected",
    "unlock",
]


@contextmanager
def uncollected() -> Iterator[None]:
    """Pause the search for reference cycles while very many objects are made that have none."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


if sys.platform == "win32":
    import msvcrt

    #: Windows locks are mandatory: a byte far behind the text is locked, and the text readable.
    _FAR = 1 << 30

    def try_lock(descriptor: int, *, shared: bool = False) -> bool:
        """Lock an open file without waiting; Windows has no shared kind here, it is exclusive."""
        os.lseek(descriptor, _FAR, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def unlock(descriptor: int) -> None:
        """Release the lock of an open file."""
        os.lseek(descriptor, _FAR, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

    def sync_file(descriptor: int) -> None:
        """Make the content of an open file durable."""
        os.fsync(descriptor)

    def sync_folder(folder: Path) -> None:
        """Make names in a folder durable: Windows offers no way, its file system journals them."""

    def config_home() -> Path:
        """Return the folder for this person's settings."""
        return Path(os.environ.get("APPDATA") or Path.home()) / "tamis"

else:
    import fcntl

    def try_lock(descriptor: int, *, shared: bool = False) -> bool:
        """Lock an open file without waiting; the system releases it when the process ends."""
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def unlock(descriptor: int) -> None:
        """Release the lock of an open file."""
        fcntl.flock(descriptor, fcntl.LOCK_UN)

    def sync_file(descriptor: int) -> None:
        """Make the content of an open file durable, through the drive's cache where one can ask."""
        full = getattr(fcntl, "F_FULLFSYNC", None)  # macOS: fsync alone stops at the drive's cache
        if full is None:
            os.fsync(descriptor)
        else:
            fcntl.fcntl(descriptor, full)

    def sync_folder(folder: Path) -> None:
        """Make the names in a folder durable."""
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def config_home() -> Path:
        """Return the folder for this person's settings."""
        if sys.platform == "darwin":
            return Path.home() / "Library" / "Application Support" / "tamis"
        return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "tamis"
