"""Bytes named by their hash: what engines made, and the full texts."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

from tamis.domain.canonical import sha256_hex
from tamis.domain.errors import BadInput, ChainBroken, NotFound, Place
from tamis.store.files import REAL_FILES, FileLayer, atomic_write, failed
from tamis.store.stamps import stamp_of

__all__ = ["FileArtifacts", "FolderDocuments"]

_SHA256 = re.compile(r"[0-9a-f]{64}\Z")


class FileArtifacts:
    """Engines' outputs: ``.tamis/artifacts/<sha>``, a cache, and ``decisions/<sha>.csv``, kept.

    Parameters
    ----------
    folder
        The review folder.
    files
        The disk, or one that fails on purpose.
    """

    def __init__(self, folder: Path, *, files: FileLayer = REAL_FILES) -> None:
        self._cache = folder / ".tamis" / "artifacts"
        self._kept = folder / "decisions"
        self._files = files

    def put(self, data: bytes) -> str:
        """Store bytes that can be computed again; returns their SHA-256."""
        return self._put(self._cache / sha256_hex(data), data)

    def keep(self, data: bytes) -> str:
        """Store a table that decisions rest on (clusters that were screened); returns its SHA-256.

        It belongs to the review, is packed with it, and is never overwritten.
        """
        return self._put(self._kept / f"{sha256_hex(data)}.csv", data)

    def get(self, sha256: str) -> bytes | None:
        """Return the bytes, checked against the hash, or ``None`` when they are absent.

        Raises
        ------
        ChainBroken
            When a kept table is no longer what its name says. A damaged cache entry is removed
            and counts as absent.
        BadInput
            When ``sha256`` is no such hash.
        """
        if not _SHA256.match(sha256):
            raise BadInput(f"{sha256!r} is no SHA-256", "give 64 lower-case hex digits")
        kept = self._kept / f"{sha256}.csv"
        data = _read(kept)
        if data is not None:
            if sha256_hex(data) != sha256:
                raise ChainBroken(
                    "this table was changed after decisions were made on it",
                    "restore it from a copy of the review",
                    where=Place(file=f"decisions/{kept.name}"),
                )
            return data
        cached = self._cache / sha256
        data = _read(cached)
        if data is not None and sha256_hex(data) != sha256:
            cached.unlink(missing_ok=True)
            return None
        return data

    def _put(self, path: Path, data: bytes) -> str:
        if _read(path) != data:
            atomic_write(path, data, files=self._files)
        return sha256_hex(data)


class FolderDocuments:
    """Full texts in ``documents/``, found by their hash whatever they are called.

    Parameters
    ----------
    folder
        The review folder.
    """

    def __init__(self, folder: Path, *, files: FileLayer = REAL_FILES) -> None:
        self._folder = folder / "documents"
        self._files = files
        self._known: dict[Path, tuple[str, str]] = {}

    def open(self, sha256: str) -> bytes | None:
        """Return the document's bytes, or ``None`` when it is absent."""
        for path, found in self._hashes():
            if found == sha256:
                data = _read(path)
                if data is not None and sha256_hex(data) == sha256:
                    return data
        return None

    def add(self, data: bytes, *, name: str) -> Path:
        """Keep a full text under ``name``; the same bytes are kept once.

        Raises
        ------
        BadInput
            When another document has that name, or it is no plain file name.
        """
        digest = sha256_hex(data)
        for path, found in self._hashes():
            if found == digest:
                return path
        path = self._folder / name
        if path.name != name or name.startswith("."):
            raise BadInput(f"{name!r} is no plain file name", "give a name without folders")
        if path.exists():
            raise BadInput(f"another document is called {name}", "give this one another name")
        atomic_write(path, data, files=self._files)
        return path

    def require(self, sha256: str) -> bytes:
        """Return the document's bytes.

        Raises
        ------
        NotFound
            When it is absent.
        """
        data = self.open(sha256)
        if data is None:
            raise NotFound(
                f"the document {sha256[:12]} is not here",
                "put the file into documents/ under any name",
            )
        return data

    def _hashes(self) -> list[tuple[Path, str]]:
        """Hash every document, once per state of its file."""
        if not self._folder.is_dir():
            return []
        found = []
        for path in sorted(self._folder.rglob("*")):
            if not path.is_file() or path.name.startswith("."):
                continue
            stamp = stamp_of(path.stat(), partial(_bytes, path))
            known = self._known.get(path)
            if known is None or known[0] != stamp:
                known = (stamp, sha256_hex(_bytes(path)))
                self._known[path] = known
            found.append((path, known[1]))
        return found


def _bytes(path: Path) -> bytes:
    return _read(path) or b""


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise failed(error, path, doing="read this file") from error
