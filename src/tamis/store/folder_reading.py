"""Reading the log of a review folder: all of it, what is new in it, and what is wrong with it."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

from tamis.domain.errors import ChainBroken
from tamis.domain.events import GENESIS, Event
from tamis.domain.results import Finding
from tamis.store import intents
from tamis.store.chains import ChainReader, chain_files, tail_finding
from tamis.store.files import FileLayer, failed
from tamis.store.following import Fresh, Mark, refuse_missing
from tamis.store.forging import Head
from tamis.store.locks import reading_lock
from tamis.store.machine import uncollected
from tamis.store.stamps import is_settled, times_of
from tamis.store.verification import broken_finding, check_events

__all__ = ["LOG", "MARK", "open_chains", "read_since", "verify_folder"]

#: The folder of the chains, and how a chain file is named in messages.
LOG = "log"

#: The file there that names the database which holds the log in the folder's stead.
MARK = "database.txt"

_BLOCK = 1 << 20


@contextmanager
def open_chains(folder: Path, *, strict: bool = False) -> Iterator[tuple[ChainReader, ...]]:
    """Open every chain at one moment, between two appends; readers then take their time.

    Raises
    ------
    StorageFailed
        When a file cannot be opened.
    """
    log_folder = folder / LOG
    with ExitStack() as stack:
        with reading_lock(folder):
            short = intents.limits(log_folder)
            readers = []
            for chain, path in chain_files(log_folder).items():
                try:
                    handle = stack.enter_context(path.open("rb"))
                except OSError as error:
                    raise failed(error, path, doing="read the log") from error
                size = os.fstat(handle.fileno()).st_size
                readers.append(
                    ChainReader(
                        chain=chain,
                        name=f"{LOG}/{path.name}",
                        handle=handle,
                        size=min(size, short.get(chain, size)),
                        strict=strict,
                    )
                )
        yield tuple(readers)


def read_since(
    folder: Path, known: Mapping[str, Mark], *, thorough: bool, files: FileLayer
) -> Iterator[Fresh]:
    """Yield what is new in each chain behind the known marks (see ``Followed``).

    A file whose size and time are those of its mark is taken as read. Otherwise the known bytes
    are hashed again, and only what comes behind them is parsed. New lines are made durable before
    they are handed on: nobody may remember what a power cut could still take away.

    Raises
    ------
    ChainBroken
        When a chain does not hold, or a known one is gone.
    """
    with open_chains(folder) as readers:
        refuse_missing(known, {r.chain: r for r in readers}, at=f"{LOG}/{{}}.jsonl")
        for reader in readers:
            mark = known.get(reader.chain)
            stamp = _stamp(reader.handle)
            if mark is not None and mark.stamp == stamp and not thorough:
                continue
            fresh = _fresh(reader, mark, stamp)
            if fresh.mark.seq == 0:  # nothing of this chain was ever acknowledged
                continue
            if fresh.events:
                _settle(folder / reader.name, files)
            yield fresh


def verify_folder(folder: Path) -> tuple[Finding, ...]:
    """Read every line of every chain as strictly as can be, and apply the rules to the whole."""
    findings: list[Finding] = []
    events: list[Event] = []
    with uncollected(), open_chains(folder, strict=True) as readers:
        for reader in readers:
            try:
                events += reader.events()
            except ChainBroken as error:
                findings.append(broken_finding(error))
            told = reader.tail and tail_finding(reader.name, reader.tail)
            findings += [told] if told else []
    findings += check_events(events)
    findings += _strangers(folder / LOG)
    return tuple(findings)


def _fresh(reader: ChainReader, mark: Mark | None, stamp: str) -> Fresh:
    digest = hashlib.sha256()
    head: Head = (0, GENESIS)
    if mark is not None and _hash_on(reader.handle, digest, 0, mark.length) == mark.prefix:
        reader.start = mark.length + _line_end(reader.handle, digest, mark.length)
        reader.head = head = (mark.seq, mark.hash)
    else:
        digest = hashlib.sha256()
    events = tuple(reader.events())
    if events:
        head = (events[-1].seq, events[-1].hash)
    end = reader.tail.whole if reader.tail else reader.start
    prefix = _hash_on(reader.handle, digest, reader.start, end)
    return Fresh(
        chain=reader.chain,
        events=events,
        mark=Mark(seq=head[0], hash=head[1], length=end, prefix=prefix, stamp=stamp),
        whole=mark is not None and reader.start == 0 and mark.length > 0,
    )


def _hash_on(handle: BinaryIO, digest: hashlib._Hash, start: int, end: int) -> str:
    """Hash the bytes from ``start`` to ``end`` on; returns the hash of all so far."""
    handle.seek(start)
    left = end - start
    while left > 0 and (block := handle.read(min(left, _BLOCK))):
        digest.update(block)
        left -= len(block)
    return digest.hexdigest()


def _line_end(handle: BinaryIO, digest: hashlib._Hash, at: int) -> int:
    """Step over a line end that was still missing when the lines before it were read."""
    handle.seek(at)
    if at and handle.read(1) == b"\n":
        digest.update(b"\n")
        return 1
    return 0


def _stamp(handle: BinaryIO) -> str:
    """Name this state of the file; a file that was written just now gets a name for once only."""
    stat = os.fstat(handle.fileno())
    times = times_of(stat)
    return times if is_settled(stat) else f"{times} read at {time.time_ns()}"


def _settle(path: Path, files: FileLayer) -> None:
    try:
        files.sync(path)
    except PermissionError:  # somebody else's log, which only they can write and make durable
        return
    except OSError as error:
        raise failed(error, path, doing="make the log durable") from error


def _strangers(log_folder: Path) -> list[Finding]:
    """Name files that look like chains and are none, such as a synchronised folder's conflicts."""
    known = {path.name for path in chain_files(log_folder).values()}
    if not log_folder.is_dir():
        return []
    return [
        Finding(
            rule="stray-file",
            severity="warning",
            subject=f"{LOG}/{path.name}",
            message="this file is no chain and is not read",
            suggestion="if it is a copy from another machine, merge that copy of the review; "
            "else move it elsewhere",
        )
        for path in sorted(log_folder.iterdir())
        if path.name not in known and path.name != MARK and not path.name.startswith(".")
    ]
