"""All or none: the note that is made before several lines are appended at once.

A single line is whole or torn, and a torn one is cut off. Several lines, perhaps in several chains,
could be left half done by a kill. So ``log/.append.json`` first says how long each file is, how
long it will be, and the hash of what comes between. Whoever finds the note looks: when all of it is
there the append was done, otherwise none of it counts.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tamis.domain.canonical import canonical, sha256_hex
from tamis.domain.errors import ChainBroken, Place
from tamis.store.files import FileLayer

__all__ = ["Part", "limits", "make_note", "recover", "void_note"]

_NOTE = ".append.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What an append does to one chain file: ``data`` goes behind its first ``before`` bytes."""

    path: Path
    before: int
    data: bytes


def make_note(log_folder: Path, parts: Mapping[str, Part], *, files: FileLayer) -> None:
    """Write the note durably. Raises ``OSError``."""
    told = {
        chain: [part.before, part.before + len(part.data), sha256_hex(part.data)]
        for chain, part in parts.items()
    }
    temporary = log_folder / f"{_NOTE}.tmp"
    files.write(temporary, canonical(told))
    files.replace(temporary, log_folder / _NOTE)
    files.sync_folder(log_folder)


def void_note(log_folder: Path, *, files: FileLayer) -> None:
    """Take the note back. Raises ``OSError``.

    It is emptied before it is removed: a power cut may bring a removed name back, and the note
    must not then cut off what was appended later.
    """
    note = log_folder / _NOTE
    if note.exists():
        files.truncate(note, 0)
        files.remove(note)


def limits(log_folder: Path) -> dict[str, int]:
    """Return chain to length for chains of which only that many bytes count; usually none."""
    told = _told(log_folder / _NOTE)
    if all(_done(log_folder / f"{chain}.jsonl", *part) for chain, part in told.items()):
        return {}
    return {chain: before for chain, (before, _, _) in told.items()}


def recover(log_folder: Path, *, files: FileLayer) -> tuple[str, ...]:
    """Undo an append that was not finished, or make a finished one durable.

    Returns the chains that were cut. Raises ``OSError``.
    """
    short = limits(log_folder)
    cut = []
    for chain in _told(log_folder / _NOTE):
        path = log_folder / f"{chain}.jsonl"
        if chain not in short:
            files.sync(path)
        elif path.exists() and path.stat().st_size > short[chain]:
            files.truncate(path, short[chain])
            cut.append(chain)
        if short.get(chain) == 0 and path.exists():
            files.remove(path)
    void_note(log_folder, files=files)
    for left in log_folder.glob(".*.tmp"):
        with contextlib.suppress(OSError):
            files.remove(left)
    return tuple(cut)


def _told(note: Path) -> dict[str, tuple[int, int, str]]:
    """Read the note; an empty one was taken back, and a note is never half written."""
    try:
        raw = json.loads(note.read_bytes() or b"{}")
        return {chain: (int(part[0]), int(part[1]), str(part[2])) for chain, part in raw.items()}
    except FileNotFoundError:
        return {}
    except (ValueError, LookupError, AttributeError, TypeError) as error:
        raise ChainBroken(
            "the note of an append that was not finished was damaged",
            "remove this file: at worst, events that were never acknowledged then show",
            where=Place(file=f"{note.parent.name}/{note.name}"),
        ) from error


def _done(path: Path, before: int, after: int, digest: str) -> bool:
    try:
        with path.open("rb") as handle:
            handle.seek(before)
            return sha256_hex(handle.read(after - before)) == digest
    except FileNotFoundError:
        return False
