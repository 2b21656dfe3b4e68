"""Where the log of a review is: in its folder, or in a database that the folder names.

A folder whose log was taken into a database holds ``log/database.txt``. Without that database it
is not opened: the lines that may still lie in ``log/`` are the beginning of the log at most, and
nobody may take them for the whole.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tamis.domain.errors import BadInput, Conflict, Place, StorageFailed
from tamis.domain.events import Event
from tamis.store.files import atomic_write, failed
from tamis.store.folder_log import FolderLog
from tamis.store.folder_reading import LOG, MARK
from tamis.store.forging import Clock
from tamis.store.sql_log import SqlLog

__all__ = ["Kept", "kept_in", "log_of", "refuse_kept"]

_TOLD = "The log of this review is kept in a database. Name it with --database or TAMIS_DATABASE."


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What a folder says of the database that holds its log: address, and the first event."""

    address: str
    review: str = ""


def kept_in(folder: Path) -> Kept | None:
    """Return which database holds the log of a folder; ``None`` where the folder itself does.

    Raises
    ------
    StorageFailed
        When the folder cannot be read.
    """
    try:
        text = (folder / LOG / MARK).read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise failed(error, folder / LOG / MARK, doing="read where the log is") from error
    said = dict(line.split(": ", 1) for line in text.splitlines()[1:] if ": " in line)
    return Kept(address=said.get("address", "unknown"), review=said.get("review", ""))


def refuse_kept(folder: Path) -> None:
    """Refuse to take the lines in a folder for the log, when a database holds it.

    Raises
    ------
    Conflict
        Naming the database.
    """
    kept = kept_in(folder)
    if kept is not None:
        raise Conflict(
            f"the log of this review is kept in the database {kept.address}",
            "name it with --database or TAMIS_DATABASE; a folder of its own is made by "
            "'tamis pack --database' and 'tamis unpack'",
            where=Place(file=str(folder / LOG / MARK)),
        )


def log_of(
    folder: Path, *, database: str, replica: str, clock: Clock, patience: float = 0.0
) -> FolderLog | SqlLog:
    """Open the log of a review, wherever it is.

    With a database, what the folder's own ``log/`` holds and the database does not is taken into
    it, and from then on the folder names that database.

    Parameters
    ----------
    database
        Address of the database; empty for the folder itself.

    Raises
    ------
    Conflict
        When a database holds the log and none, or another one, is named; when folder and database
        hold different events at one place of a chain.
    BadInput
        When the database holds another review under the name of this folder.
    ChainBroken
        When the lines in the folder do not hold.
    """
    own = FolderLog(folder, replica=replica, clock=clock, patience=patience)
    if not database:
        refuse_kept(folder)
        return own
    log = SqlLog(database, replica=replica, clock=clock, name=Path(os.path.abspath(folder)).name)
    try:
        _take_in(folder, own, log)
    except BaseException:
        log.close()
        raise
    return log


def _take_in(folder: Path, own: FolderLog, log: SqlLog) -> None:
    """Unite what the folder holds with what the database does, and have the folder say so."""
    kept = kept_in(folder)
    there = _created(log.beginnings())
    _same_place(folder, kept, log.address, there)
    if not log.holds(own.heads()):
        events = tuple(own.read())
        here = _created(events)
        if there and here and not there & here:
            raise BadInput(
                f"the database holds another review under the name {log.name!r}",
                "give this folder another name, or name another database",
                where=Place(file=str(folder)),
            )
        log.absorb(events)
        there |= here
    now = Kept(address=log.address, review=min(there, default=""))
    if now != kept and (folder / LOG).is_dir():
        with contextlib.suppress(StorageFailed):  # where nobody can write, nobody is misled
            _mark(folder, now)


def _same_place(folder: Path, kept: Kept | None, address: str, there: set[str]) -> None:
    """Refuse another database than the folder names, unless this review has moved there."""
    if kept is None or kept.address == address or not kept.review or kept.review in there:
        return
    raise Conflict(
        f"the log of this review is kept in the database {kept.address}, and {address} does not "
        "hold it",
        "name the one that does; to move it, pack it from there and unpack it into the other one",
        where=Place(file=str(folder / LOG / MARK)),
    )


def _created(events: Iterable[Event]) -> set[str]:
    return {event.hash for event in events if event.kind == "review_created.v1"}


def _mark(folder: Path, kept: Kept) -> None:
    text = f"{_TOLD}\naddress: {kept.address}\nreview: {kept.review}\n"
    atomic_write(folder / LOG / MARK, text.encode())
