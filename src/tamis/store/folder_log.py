"""The log of a review folder: ``log/<actor>.<replica>.jsonl``, one file a chain.

An event is acknowledged when ``append`` returns: its line is then on the disk. One process writes
at a time. What a killed process left unfinished was never acknowledged and is cut off by the next
writer; the bytes are kept under ``.tamis/torn/``.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tamis.domain.events import GENESIS, Draft, Event, redact_line
from tamis.domain.results import Finding
from tamis.store import intents
from tamis.store.chains import Tail, chain_files, tail_finding
from tamis.store.files import REAL_FILES, FileLayer, atomic_write, failed
from tamis.store.folder_reading import LOG, open_chains, read_since, verify_folder
from tamis.store.following import Fresh, Mark
from tamis.store.forging import Clock, Guard, Head, forge_all
from tamis.store.intents import Part
from tamis.store.locks import commit_lock, writer_lock
from tamis.store.redacting import find_redacted
from tamis.store.uniting import Newer, unite

__all__ = ["FolderLog"]


class FolderLog:
    """The append-only event log of one review folder.

    Parameters
    ----------
    folder
        The review folder; ``log/`` is made by the first append.
    replica
        This installation's mark on its chains (see ``replica_of``).
    clock
        Tells the time of events whose draft does not.
    files
        The disk, or one that fails on purpose.
    patience
        Seconds to wait for another writing process before refusing with ``Conflict``.
    """

    def __init__(
        self,
        folder: Path,
        *,
        replica: str,
        clock: Clock,
        files: FileLayer = REAL_FILES,
        patience: float = 0.0,
    ) -> None:
        self.folder = folder
        self.replica = replica
        self.mended: list[Finding] = []
        self._clock = clock
        self._files = files
        self._patience = patience
        self._thread = threading.RLock()
        self._depth = 0

    @contextmanager
    def writing(self, doing: str = "write") -> Iterator[None]:
        """Hold the review for a whole use case: what is read inside stays so until it ends.

        Raises
        ------
        Conflict
            When another process holds it; the message says which.
        StorageFailed
            When the folder cannot be written.
        """
        with self._thread, contextlib.ExitStack() as stack:
            if self._depth == 0:
                lock = writer_lock(
                    self.folder, doing=doing, since=self._clock.now(), patience=self._patience
                )
                if stack.enter_context(lock):
                    self._settle()
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1

    def append(self, drafts: Sequence[Draft], *, guard: Guard | None = None) -> tuple[Event, ...]:
        """Write drafts as events, all or none; when this returns they are on the disk.

        Parameters
        ----------
        drafts
            In their order; drafts of one actor land in one chain and cost one fsync.
        guard
            Called with each draft while nobody else can write; what it raises ends the call.

        Raises
        ------
        Conflict
            When another process is writing.
        ChainBroken
            When the end of a chain is not an acknowledged event.
        StorageFailed
            When the disk refuses; the log is then as it was, and nothing is acknowledged.
        """
        if not drafts:
            return ()
        with self.writing("append events"):
            tails = self._tails()
            heads = {chain: tail.head for chain, tail in tails.items() if tail.head[0]}
            events = forge_all(
                drafts, replica=self.replica, clock=self._clock, heads=heads, guard=guard
            )
            self._commit(events, tails)
            return events

    def absorb(self, events: Iterable[Event]) -> tuple[Event, ...]:
        """Take over events of another copy of this review, as they stand; returns the new ones.

        The result is the union of both sets. A body that one of the two has redacted is redacted.

        Raises
        ------
        Conflict
            When the two copies hold different events at the same place of a chain.
        ChainBroken
            When an event would stand behind a gap.
        """
        with self.writing("merge another copy"):
            tails = self._tails()
            newer = unite(self.read(), events, ours_at=str(self.folder))
            self._commit(newer.events, tails)
            self._shorten(newer)
            return newer.events

    def redact(
        self, event_id: str, *, why: str, by: str, at: str = "", guard: Guard | None = None
    ) -> Event:
        """Remove the body of an event; returns the ``redacted`` event that says so.

        That event is written first. A kill in between leaves the body there, which verification
        finds and this same call finishes.

        Raises
        ------
        NotFound
            When there is no such event.
        BadInput
            For an empty reason, or an event that itself records a redaction.
        StorageFailed
            When the disk refuses; no half-written line is left.
        """
        with self.writing("redact an event"):
            event, said = find_redacted(self.read(), event_id)
            gone = redact_line(event, why=said.body["why"] if said and said.body else why)
            if said is None:
                body = {"event": event_id, "why": why}
                draft = Draft(actor=by, kind="redacted.v1", subject=event_id, body=body, at=at)
                (said,) = self.append([draft], guard=guard)
            if event.body is not None:
                self._rewrite(event.chain, {event.seq: gone})
            return said

    def forget(self, event: Event) -> None:
        """Remove the body of an event here too, when another log of this review has redacted it.

        A folder keeps the lines that it had before a database took over its log.
        """
        with self.writing("redact an event"):
            known = {one.seq: one for one in self.read() if one.chain == event.chain}
            if event.seq in known and known[event.seq].body is not None:
                self._rewrite(event.chain, {event.seq: event})

    def read(self, after: Mapping[str, int] | None = None) -> Iterator[Event]:
        """Yield verified events whose seq is beyond ``after[chain]``, chain by chain.

        All chains are read as they stood at one moment, between two appends.

        Raises
        ------
        ChainBroken
            With file and line, when a hash, a link or a sequence number does not hold.
        """
        with open_chains(self.folder) as readers:
            for reader in readers:
                yield from reader.events((after or {}).get(reader.chain, 0))

    def since(self, known: Mapping[str, Mark], *, thorough: bool = False) -> Iterator[Fresh]:
        """Yield what is new behind the known marks (see ``Followed``)."""
        return read_since(self.folder, known, thorough=thorough, files=self._files)

    def heads(self) -> dict[str, Head]:
        """Return chain to (seq, hash), reading the last line of each chain."""
        return {chain: tail.head for chain, tail in self._ends().items() if tail.head[0]}

    def repairs(self) -> tuple[Finding, ...]:
        """Return what readers leave out now because a killed writer did not finish it."""
        ends = self._ends().items()
        found = [tail_finding(f"{LOG}/{chain}.jsonl", tail) for chain, tail in ends]
        return tuple(finding for finding in found if finding is not None)

    def verify(self) -> tuple[Finding, ...]:
        """Read everything again, as strictly as can be; returns what does not hold."""
        return verify_folder(self.folder)

    def _settle(self) -> None:
        """Make durable what a killed writer wrote: events to come will have seen it."""
        for path in chain_files(self.folder / LOG).values():
            with contextlib.suppress(PermissionError):
                try:
                    self._files.sync(path)
                except OSError as error:
                    raise failed(error, path, doing="make the log durable") from error

    def _path(self, chain: str) -> Path:
        return self.folder / LOG / f"{chain}.jsonl"

    def _tails(self) -> dict[str, Tail]:
        """Finish or undo what a killed writer left, and return how every chain ends."""
        log_folder = self.folder / LOG
        try:
            if not log_folder.is_dir():
                log_folder.mkdir(parents=True, exist_ok=True)
                self._files.sync_folder(self.folder)
            with commit_lock(self.folder):
                for chain in intents.recover(log_folder, files=self._files):
                    self._mend(f"{LOG}/{chain}.jsonl", "an append that was not finished was undone")
        except OSError as error:
            raise failed(error, log_folder, doing="write in this review") from error
        ends = self._ends()
        mine = {c: t for c, t in ends.items() if c.endswith(f".{self.replica}")}
        for chain, tail in mine.items():
            if tail.torn or tail.open:
                with commit_lock(self.folder):
                    self._close(chain, tail)
        return self._ends() if any(t.torn or t.open for t in mine.values()) else ends

    def _ends(self) -> dict[str, Tail]:
        with open_chains(self.folder) as readers:
            ends = {reader.chain: reader.peek() for reader in readers}
        return {chain: tail for chain, tail in ends.items() if tail is not None}

    def _commit(self, events: Sequence[Event], tails: Mapping[str, Tail]) -> None:
        """Make the lines durable, or leave every file as it was."""
        if not events:
            return
        lines: dict[str, list[str]] = {}
        for event in events:
            lines.setdefault(event.chain, []).append(event.line)
        nothing = Tail(whole=0, head=(0, GENESIS))
        with commit_lock(self.folder):
            parts = {}
            for chain, texts in lines.items():
                tail = tails.get(chain, nothing)
                self._cut(chain, tail)
                text = "".join(f"{line}\n" for line in texts)
                data = (b"\n" if tail.open else b"") + text.encode()
                parts[chain] = Part(path=self._path(chain), before=tail.whole, data=data)
            self._write(parts, several=len(events) > 1)

    def _write(self, parts: Mapping[str, Part], *, several: bool) -> None:
        log_folder = self.folder / LOG
        new = [part for part in parts.values() if not part.path.exists()]
        at = log_folder
        try:
            if several:
                intents.make_note(log_folder, parts, files=self._files)
            for part in parts.values():
                at = part.path
                self._files.append(at, part.data)
            if new:
                self._files.sync_folder(log_folder)
        except OSError as error:
            self._undo(parts, new)
            raise failed(error, at, doing="write these events, and none is recorded") from error
        with contextlib.suppress(OSError):  # a note of a finished append harms nobody
            intents.void_note(log_folder, files=self._files)

    def _undo(self, parts: Mapping[str, Part], new: Sequence[Part]) -> None:
        """Cut the files back; what cannot be cut now, the note has the next writer cut."""
        with contextlib.suppress(OSError):
            for part in parts.values():
                if part.path.exists():
                    self._files.truncate(part.path, part.before)
            intents.void_note(self.folder / LOG, files=self._files)
            for part in new:
                self._files.remove(part.path)

    def _close(self, chain: str, tail: Tail) -> None:
        """Have the chain end in a whole line."""
        if not tail.open:
            self._cut(chain, tail)
            return
        try:
            self._files.append(self._path(chain), b"\n")
        except OSError as error:
            raise failed(error, self._path(chain), doing="end the last line") from error
        self._mend(f"{LOG}/{chain}.jsonl", "the line end behind its last line was added")

    def _cut(self, chain: str, tail: Tail) -> None:
        """Cut off a line that was never acknowledged, keeping its bytes aside."""
        if not tail.torn:
            return
        aside = self.folder / ".tamis" / "torn" / f"{chain}.{tail.whole}"
        atomic_write(aside, tail.torn, files=self._files)
        try:
            self._files.truncate(self._path(chain), tail.whole)
        except OSError as error:
            raise failed(error, self._path(chain), doing="cut off a torn line") from error
        self._mend(f"{LOG}/{chain}.jsonl", "a line that was never acknowledged was cut off")

    def _mend(self, name: str, message: str) -> None:
        self.mended.append(Finding(rule="mended", severity="note", subject=name, message=message))

    def _shorten(self, newer: Newer) -> None:
        by_chain: dict[str, dict[int, Event]] = {}
        for event in newer.redacted:
            by_chain.setdefault(event.chain, {})[event.seq] = event
        for chain, gone in by_chain.items():
            self._rewrite(chain, gone)

    def _rewrite(self, chain: str, gone: Mapping[int, Event]) -> None:
        """Put other text on some lines of a chain: a new file that takes the old one's name."""
        path = self._path(chain)
        with commit_lock(self.folder):
            try:  # a note tells lengths, and they are about to change
                intents.recover(path.parent, files=self._files)
                lines = path.read_bytes().split(b"\n")
            except OSError as error:
                raise failed(error, path, doing="rewrite this chain") from error
            for seq, event in gone.items():
                lines[seq - 1] = event.line.encode()
            atomic_write(path, b"\n".join(lines), files=self._files)
