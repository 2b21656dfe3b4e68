"""A review as one file, and back: the same review gives the same bytes.

An archive holds every file of the folder but those that are left out by name: full texts (which
are not ours to share), derived files, caches. Full texts and derived files are listed with their
hashes, so that whoever unpacks can see whether theirs are the same. The first entry says all this.
The bytes are the same wherever the compression library is the same.
"""

from __future__ import annotations

import io
import os
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tamis.domain.canonical import canonical, sha256_hex
from tamis.domain.errors import BadInput, Conflict, NotFound, Place
from tamis.domain.events import Event
from tamis.store.chains import chain_files
from tamis.store.files import REAL_FILES, FileLayer, atomic_write, failed
from tamis.store.folder_reading import LOG, MARK, open_chains
from tamis.store.names import check_names

__all__ = ["LEFT_OUT", "MANIFEST", "Packed", "pack"]

#: The first entry of an archive.
MANIFEST = "tamis-pack.json"

FORMAT = "tamis-pack/1"

#: Read aloud: folder, why it is left out, and whether its files are listed with their hashes.
LEFT_OUT: Mapping[str, tuple[str, bool]] = {
    "documents": ("full texts are not shared", True),
    "wording": ("official wording of tools belongs to its owners", True),
    "report": ("derived: 'tamis build' makes it again", True),
    ".tamis": ("a cache", False),
    ".git": ("versions are kept elsewhere", False),
}

#: Left out at any depth: what stands in it is run by other programs.
GIT = ".git"

#: Files that systems and editors leave behind.
_LITTER = re.compile(r"(?:\.DS_Store|Thumbs\.db|desktop\.ini|\..*\.tmp|.*~)\Z")

#: The earliest time that a ZIP file can hold; ordinary rights; made on Unix, wherever it was made.
_TIME = (1980, 1, 1, 0, 0, 0)
_RIGHTS = 0o100644 << 16
_UNIX = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """An archive that was written, and what it left out by name."""

    archive: Path
    sha256: str
    files: tuple[str, ...]
    left_out: tuple[str, ...]


def pack(
    folder: Path,
    target: Path,
    *,
    events: Iterable[Event] | None = None,
    files: FileLayer = REAL_FILES,
) -> Packed:
    """Write the review in ``folder`` as the archive ``target``.

    Lines of the log that were never acknowledged are not packed.

    Parameters
    ----------
    events
        The log, when a database holds it and not the folder. The bytes are those that a folder
        with the same events gives.

    Raises
    ------
    NotFound
        When the folder is none.
    BadInput
        When the target lies in the folder, a file is a link, or a name is not legal everywhere.
    Conflict
        When a database holds the log and its events are not given.
    ChainBroken
        When a chain of the log does not hold.
    StorageFailed
        When the disk refuses.
    """
    if not folder.is_dir():
        raise NotFound(f"{folder} is no folder", "name the folder of a review")
    if folder.resolve() in target.resolve().parents:
        raise BadInput(
            "the archive would lie in the review that it holds",
            "give it a name outside the folder with --to",
            where=Place(file=str(target)),
        )
    if events is None and (folder / LOG / MARK).exists():
        raise Conflict(
            "the log of this review is kept in a database", "name it with --database",
            where=Place(file=str(folder / LOG / MARK)),
        )  # fmt: skip
    content = dict(_content(folder, events))
    check_names([*content, MANIFEST])
    left_out = list(_left_out(folder))
    told = {
        "format": FORMAT,
        "files": [_entry(name, data) for name, data in sorted(content.items())],
        "left_out": left_out,
        "left_out_folders": {name: why for name, (why, _) in LEFT_OUT.items()},
    }
    data = _zipped({MANIFEST: canonical(told), **dict(sorted(content.items()))})
    atomic_write(target, data, files=files)
    return Packed(
        archive=target,
        sha256=sha256_hex(data),
        files=tuple(sorted(content)),
        left_out=tuple(str(entry["path"]) for entry in left_out),
    )


def _zipped(content: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in content.items():
            entry = zipfile.ZipInfo(name, date_time=_TIME)
            entry.create_system = _UNIX
            entry.external_attr = _RIGHTS
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data, compresslevel=6)
    return buffer.getvalue()


def _entry(name: str, data: bytes) -> dict[str, str | int]:
    return {"path": name, "sha256": sha256_hex(data), "size": len(data)}


def _content(folder: Path, events: Iterable[Event] | None) -> Iterator[tuple[str, bytes]]:
    chains = _log(folder) if events is None else _chains(events)
    yield from chains
    yield from _beside_chains(folder)
    for path in _walk(folder, skip={*LEFT_OUT}):
        name = path.relative_to(folder).as_posix()
        if name == MANIFEST:
            raise BadInput(
                f"a file of the review is called {MANIFEST}", "give it another name",
                where=Place(file=name),
            )  # fmt: skip
        if not name.startswith(f"{LOG}/"):
            yield name, _read(path)


def _log(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield every chain, proven, without what was never acknowledged."""
    with open_chains(folder) as readers:
        for reader in readers:
            events = sum(1 for _ in reader.events())
            if events == 0 or reader.tail is None:
                continue
            reader.handle.seek(0)
            yield reader.name, reader.handle.read(reader.tail.whole)


def _chains(events: Iterable[Event]) -> Iterator[tuple[str, bytes]]:
    """Yield the chains of events as the files that a folder would have."""
    lines: dict[str, list[tuple[int, str]]] = {}
    for event in events:
        lines.setdefault(event.chain, []).append((event.seq, event.line))
    for chain, numbered in sorted(lines.items()):
        yield f"{LOG}/{chain}.jsonl", "".join(f"{text}\n" for _, text in sorted(numbered)).encode()


def _beside_chains(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the files of ``log/`` that are no chains."""
    if (folder / LOG).is_dir():
        chains = set(chain_files(folder / LOG).values())
        for path in _walk(folder / LOG, skip={MARK}):
            if path not in chains and not path.name.startswith(".append.json"):
                yield path.relative_to(folder).as_posix(), _read(path)


def _left_out(folder: Path) -> Iterator[dict[str, str | int]]:
    for name, (_, listed) in sorted(LEFT_OUT.items()):
        if listed and (folder / name).is_dir():
            for path in _walk(folder / name, skip=set()):
                yield _entry(path.relative_to(folder).as_posix(), _read(path))


def _walk(folder: Path, *, skip: set[str]) -> Iterator[Path]:
    """Yield the files below a folder in the order of their names; links are refused."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        raise failed(error, folder, doing="read this folder") from error
    for entry in entries:
        if entry.name in skip or entry.name == GIT or _LITTER.match(entry.name):
            continue
        if entry.is_symlink():
            raise BadInput(
                "this is a link, and an archive holds files only",
                "put the file itself in its place",
                where=Place(file=entry.path),
            )
        if entry.is_dir():
            yield from _walk(Path(entry.path), skip=set())
        elif entry.is_file():
            yield Path(entry.path)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise failed(error, path, doing="read this file") from error
