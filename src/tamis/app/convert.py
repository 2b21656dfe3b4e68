"""Citation files of any format that is read into one file of a format that is written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from tamis.app.review import read_outside, write_outside
from tamis.domain.errors import BadInput, Place
from tamis.domain.records import ParsedFile
from tamis.formats import read_citations, write_citations
from tamis.formats.report import FileFacts, facts_of
from tamis.formats.writing import SUFFIXES, WRITERS, Loss, lost

__all__ = ["Converted", "ReadFile", "convert_files"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFile:
    """One file that went in: where it is, what was read from it, and the facts about it."""

    path: Path
    parsed: ParsedFile
    facts: FileFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class Converted:
    """What was written, from which files, and what its format could not carry."""

    path: Path
    format: str
    records: int
    bytes: int
    files: tuple[ReadFile, ...]
    lost: tuple[Loss, ...]


def _quiet(_name: str) -> None:
    """Tell nobody."""


def convert_files(
    paths: Sequence[Path],
    target: Path,
    *,
    fmt: str = "",
    force: bool = False,
    tell: Callable[[str], None] = _quiet,
) -> Converted:
    """Read citation files and write their records as one file, in the order given.

    Everything is read before anything is written, so a file that cannot be read leaves nothing
    behind. Nothing is taken out as a duplicate.

    Parameters
    ----------
    paths
        Files of any format that is read.
    target
        The file to write.
    fmt
        A format that is written; empty: the one that the end of the target's name means.
    force
        Write over a file that stands there.
    tell
        Called with the name of each file before it is read or written.

    Raises
    ------
    BadInput
        When the format is not clear, a file cannot be read, or the target stands there already.
    StorageFailed
        When the disk refuses.
    """
    wanted = _format(target, fmt)
    _refuse_taken(paths, target, force=force)
    files = []
    for path in paths:
        tell(path.name)
        data = read_outside(path)
        parsed = read_citations(data, name=str(path))
        files.append(ReadFile(path=path, parsed=parsed, facts=facts_of(data, parsed)))
    records = tuple(chain.from_iterable(file.parsed.records for file in files))
    tell(target.name)
    data = write_citations(records, wanted)
    write_outside(target, data)
    return Converted(
        path=target,
        format=wanted,
        records=len(records),
        bytes=len(data),
        files=tuple(files),
        lost=(*lost(records, wanted), *_untold(files)),
    )


def _untold(files: Sequence[ReadFile]) -> list[Loss]:
    """Return the raw tags that no field holds: no format carries those of another."""
    tags = dict.fromkeys(tag for file in files for tag in file.facts.unmapped)
    records = sum(
        any(tag in file.facts.unmapped and value.strip() for tag, value in record.raw)
        for file in files
        for record in file.parsed.records
    )
    what = f"tags that no field holds: {', '.join(tags)}"
    return [Loss(field="raw", records=records, what=what)] if tags else []


def _format(target: Path, fmt: str) -> str:
    if fmt:
        if fmt not in WRITERS:
            raise BadInput(f"{fmt!r} is no format that is written", f"use {', '.join(WRITERS)}")
        return fmt
    found = SUFFIXES.get(target.suffix.lower())
    if found is None:
        raise BadInput(
            f"the name {target.name!r} does not say which format to write",
            f"let it end in {', '.join(SUFFIXES)}, or add --to with one of {', '.join(WRITERS)}",
        )
    return found


def _refuse_taken(paths: Sequence[Path], target: Path, *, force: bool) -> None:
    where = Place(file=str(target))
    if target.is_dir():
        raise BadInput("this is a folder", "name the file to write", where=where)
    if not target.parent.is_dir():
        raise BadInput("its folder does not exist", "make it first", where=where)
    if target.resolve() in {path.resolve() for path in paths}:
        raise BadInput("this file would be read and written over", "name another file", where=where)
    if target.exists() and not force:
        raise BadInput(
            "this file exists already",
            "name another file, or write over it: --force",
            where=where,
        )
