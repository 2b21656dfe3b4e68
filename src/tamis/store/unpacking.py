"""Unpacking an archive that anybody may have made: nothing outside the folder, nothing unlisted."""

from __future__ import annotations

import json
import os
import shutil
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tamis.domain.canonical import sha256_hex
from tamis.domain.errors import BadInput, Conflict, NotFound, Place
from tamis.store.files import REAL_FILES, FileLayer, failed
from tamis.store.names import check_names
from tamis.store.packing import FORMAT, GIT, LEFT_OUT, MANIFEST

__all__ = ["Limits", "Unpacked", "unpack"]

_LINK = 0o120000
_KIND = 0o170000


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much an archive may hold before it is refused as a trap.

    ``files`` in all, bytes in all, how many times its packed size a file may have (files below
    ``small`` bytes are not asked), and how many times its own size the whole may have.
    """

    files: int = 100_000
    size: int = 8 * 2**30
    ratio: int = 250
    small: int = 2**24
    whole: int = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpacked:
    """A review that was unpacked, and what its archive had left out: path to SHA-256."""

    folder: Path
    files: tuple[str, ...]
    left_out: tuple[tuple[str, str], ...]


def unpack(
    archive: Path, folder: Path, *, limits: Limits | None = None, files: FileLayer = REAL_FILES
) -> Unpacked:
    """Unpack an archive into a new or empty folder, whole or not at all.

    Raises
    ------
    NotFound
        When there is no such archive.
    Conflict
        When the folder holds something.
    BadInput
        When the archive is damaged, was not made by ``pack``, names a file outside the folder,
        holds a link, or would fill the disk.
    StorageFailed
        When the disk refuses; nothing is left behind.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Conflict(
            "this folder holds something already", "unpack into a new or empty folder",
            where=Place(file=str(folder)),
        )  # fmt: skip
    limits = limits or Limits()
    with _opened(archive) as opened:
        told = _manifest(opened, archive, limits)
        listed = {entry["path"]: entry for entry in told["files"]}
        _check_entries(opened, listed, archive, limits)
        with _beside(folder) as temporary:
            for name, entry in listed.items():
                _write(temporary / name, _content(opened, name, entry, archive), files)
            _put_in_place(temporary, folder, files)
    return Unpacked(
        folder=folder,
        files=tuple(sorted(listed)),
        left_out=tuple((entry["path"], entry["sha256"]) for entry in told["left_out"]),
    )


@contextmanager
def _opened(archive: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(archive) as opened:
            yield opened
    except FileNotFoundError as error:
        raise NotFound(f"there is no file {archive}", "name an archive") from error
    except (
        zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError,
        UnicodeDecodeError, struct.error,
    ) as error:  # fmt: skip
        raise _damaged(archive, str(error)) from error
    except OSError as error:
        raise failed(error, archive, doing="unpack this archive") from error


def _manifest(opened: zipfile.ZipFile, archive: Path, limits: Limits) -> dict[str, Any]:
    if MANIFEST not in opened.namelist():
        raise BadInput(
            "this archive was not made by 'tamis pack'", "ask for one that was",
            where=Place(file=str(archive)),
        )  # fmt: skip
    if _swells(opened.getinfo(MANIFEST), limits):
        raise _trap(archive)
    told = json.loads(opened.read(MANIFEST))
    if not _shaped(told):
        raise _damaged(archive, f"{MANIFEST} is not as it should be")
    if told["format"] != FORMAT:
        raise BadInput(
            f"this archive has the format {told['format']!r}, which this program does not know",
            "update Tamis: pip install --upgrade tamis",
            where=Place(file=str(archive)),
        )
    return dict(told)


def _shaped(told: Any) -> bool:
    return (
        isinstance(told, dict)
        and isinstance(told.get("format"), str)
        and all(_entries_shaped(told.get(key)) for key in ("files", "left_out"))
    )


def _entries_shaped(entries: Any) -> bool:
    return isinstance(entries, list) and all(
        isinstance(entry, dict)
        and isinstance(entry.get("path"), str)
        and isinstance(entry.get("sha256"), str)
        and type(entry.get("size")) is int
        for entry in entries
    )


def _check_entries(
    opened: zipfile.ZipFile, listed: Mapping[str, Mapping[str, Any]], archive: Path, limits: Limits
) -> None:
    """Hold what the archive holds against what it says, before anything is written."""
    entries: Sequence[zipfile.ZipInfo] = opened.infolist()
    names = [entry.filename for entry in entries]
    size = sum(entry.file_size for entry in entries)
    packed = max(1, sum(entry.compress_size for entry in entries))
    if len(names) > limits.files or size > limits.size:
        raise _trap(archive)
    if size > limits.small and size > limits.whole * packed:
        raise _trap(archive)
    if any(_swells(entry, limits) for entry in entries):
        raise _trap(archive)
    check_names(names)
    _check_places(names, archive)
    if set(names) != {*listed, MANIFEST}:
        wrong = sorted(set(names) ^ {*listed, MANIFEST})
        raise _damaged(archive, f"{wrong[0]} is listed and absent, or there and not listed")
    for entry in entries:
        if entry.external_attr >> 16 & _KIND == _LINK:
            raise BadInput(
                f"{entry.filename} is a link", "an archive of a review holds files only",
                where=Place(file=str(archive)),
            )  # fmt: skip
        if entry.filename != MANIFEST and entry.file_size != listed[entry.filename]["size"]:
            raise _damaged(archive, f"{entry.filename} has another size than it should")


def _check_places(names: Sequence[str], archive: Path) -> None:
    """Refuse files where ``pack`` puts none: a cache that lies, a hook of git."""
    for name in names:
        parts = [part.casefold() for part in name.split("/")]
        if parts[0] in LEFT_OUT or {GIT, "git~1"} & set(parts):
            raise BadInput(
                f"{name} stands in this archive, and 'tamis pack' never packs it",
                "do not unpack it unless you know who made it",
                where=Place(file=str(archive)),
            )


def _swells(entry: zipfile.ZipInfo, limits: Limits) -> bool:
    packed = max(entry.compress_size, 1)
    return entry.file_size > limits.small and entry.file_size > limits.ratio * packed


def _content(opened: zipfile.ZipFile, name: str, entry: Mapping[str, Any], archive: Path) -> bytes:
    with opened.open(name) as handle:
        data = handle.read(entry["size"] + 1)  # a size that lies is seen one byte later
    if len(data) != entry["size"] or sha256_hex(data) != entry["sha256"]:
        raise _damaged(archive, f"{name} is not what was packed")
    return data


@contextmanager
def _beside(folder: Path) -> Iterator[Path]:
    """Make a folder beside the one to come, on the same disk; gone when it was not used."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        temporary = folder.with_name(f".{folder.name}.{os.getpid()}.unpacking")
        temporary.mkdir()
    except OSError as error:
        raise failed(error, folder, doing="make this folder") from error
    try:
        yield temporary
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _write(path: Path, data: bytes, files: FileLayer) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        files.write(path, data)
    except OSError as error:
        raise failed(error, path, doing="write this file") from error


def _put_in_place(temporary: Path, folder: Path, files: FileLayer) -> None:
    try:
        if folder.exists():
            folder.rmdir()
        files.replace(temporary, folder)
        files.sync_folder(folder.parent)
    except OSError as error:
        raise failed(error, folder, doing="put the review in place") from error


def _damaged(archive: Path, what: str) -> BadInput:
    return BadInput(
        f"this archive is damaged: {what}", "ask for it again, or pack it again",
        where=Place(file=str(archive)),
    )  # fmt: skip


def _trap(archive: Path) -> BadInput:
    return BadInput(
        "this archive would unpack to more than a review ever holds",
        "do not unpack it unless you know who made it",
        where=Place(file=str(archive)),
    )
