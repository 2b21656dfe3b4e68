"""Things kept on disk by name while a run needs them one at a time; gone when it ends."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self

__all__ = ["Shelf"]


class Shelf:
    """Bytes by name in a temporary file; memory does not grow with them.

    Parameters
    ----------
    folder
        Where the file lies; the system's folder for such files by default.

    Examples
    --------
    >>> with Shelf() as shelf:
    ...     shelf.fill([("b", b"2"), ("a", b"1")])
    ...     shelf.get("a"), shelf.names()
    (b'1', ['a', 'b'])
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = TemporaryDirectory(prefix="tamis-shelf-", dir=folder)
        self._held = sqlite3.connect(Path(self._folder.name) / "shelf.db", isolation_level=None)
        self._held.execute("PRAGMA journal_mode = OFF")
        self._held.execute("PRAGMA synchronous = OFF")
        self._held.execute("CREATE TABLE held (name TEXT NOT NULL, data BLOB NOT NULL)")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self._held.close()
        self._folder.cleanup()

    def fill(self, things: Iterable[tuple[str, bytes]]) -> None:
        """Put things on the shelf; a name that comes twice is kept twice."""
        self._held.execute("BEGIN")
        self._held.executemany("INSERT INTO held VALUES (?, ?)", things)
        self._held.execute("COMMIT")
        self._held.execute("CREATE INDEX IF NOT EXISTS by_name ON held (name)")

    def names(self) -> list[str]:
        """Return every name, sorted as Python sorts text."""
        return sorted(name for (name,) in self._held.execute("SELECT name FROM held"))

    def get(self, name: str) -> bytes:
        """Return what was put there under a name.

        Raises
        ------
        KeyError
            When there is nothing.
        """
        found = self._held.execute("SELECT data FROM held WHERE name = ?", [name]).fetchone()
        if found is None:
            raise KeyError(name)
        return bytes(found[0])
