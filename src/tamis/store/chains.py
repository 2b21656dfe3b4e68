"""Chain files: ``log/<actor>.<replica>.jsonl``, one event a line, read with every link checked.

A line that a killed writer left unfinished at the end of a file was never acknowledged: readers
leave it out and say so. Anything else that does not hold is ``ChainBroken`` with file and line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from tamis.domain.errors import ChainBroken, Place
from tamis.domain.events import GENESIS, Event
from tamis.domain.results import Finding
from tamis.store.forging import Head
from tamis.store.lines import could_be_torn, read_line, usual_line

__all__ = ["ChainReader", "Tail", "chain_files", "check_link", "tail_finding"]

_NAME = re.compile(r"([a-z0-9]+(?:[-.][a-z0-9]+)*\.[0-9a-f]{8})\.jsonl\Z")

_BLOCK = 1 << 16

#: A page that a file system lost in a power cut reads as zeros; canonical JSON never holds one.
_LOST_PAGE = b"\0" * 16

_RESTORE = "restore this file from a copy, or run 'tamis verify' to see all of it"


def chain_files(log_folder: Path) -> dict[str, Path]:
    """Return chain to file for every chain file of a log folder, in the order of their names."""
    if not log_folder.is_dir():
        return {}
    found = {}
    for path in sorted(log_folder.iterdir()):
        match = _NAME.match(path.name)
        if match:
            found[match[1]] = path
    return found


def check_link(event: Event, *, chain: str, head: Head, where: Place) -> None:
    """Refuse an event that does not stand right behind ``head`` in ``chain``.

    Raises
    ------
    ChainBroken
        When the chain, the sequence number or the link is another.
    """
    seq, digest = head
    if event.chain != chain:
        raise ChainBroken(f"an event of {event.chain} stands in {chain}", _RESTORE, where=where)
    if event.seq != seq + 1:
        raise ChainBroken(
            f"event {seq + 1} of {chain} is missing and event {event.seq} stands in its place",
            _RESTORE,
            where=where,
        )
    if event.prev != digest:
        raise ChainBroken(f"{event.id} does not follow the event before it", _RESTORE, where=where)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tail:
    """How a chain file ends.

    ``whole`` is the length in bytes of its acknowledged lines; ``torn`` is what a killed writer
    left behind them; ``open`` says that the last line is whole and only its line end is missing.
    """

    whole: int
    head: Head
    torn: bytes = b""
    open: bool = False


@dataclass(slots=True, kw_only=True)
class ChainReader:
    """Reads one chain file, checking every hash and link.

    It reads from the byte ``start``, which stands right behind the event ``head``, to the byte
    ``size``. ``tail`` tells, when the lines are read, how the file ended.
    """

    chain: str
    name: str
    handle: BinaryIO
    size: int
    start: int = 0
    head: Head = (0, GENESIS)
    strict: bool = False
    tail: Tail | None = None

    def events(self, after: int = 0) -> Iterator[Event]:
        """Yield the events beyond sequence number ``after``.

        Lines before ``after`` are counted and not proven: ``Index`` holds the hash of that
        prefix, and ``verify`` reads all of it.

        Raises
        ------
        ChainBroken
            With file and line.
        """
        position, head = self.start, self.head
        self.handle.seek(position)
        for number, raw in enumerate(self.handle, start=head[0] + 1):
            line = raw[: self.size - position]
            if not line:
                break
            if number < after:
                head = (number, "")
            else:
                event = _usual(line, strict=self.strict)
                if event is None:
                    event = self._event(line, number, last=position + len(line) >= self.size)
                if event is None:
                    self.tail = Tail(whole=position, head=head, torn=line)
                    return
                if number == after:
                    head = (number - 1, event.prev)
                if (event.chain, event.seq - 1, event.prev) != (self.chain, *head):
                    check_link(event, chain=self.chain, head=head, where=self._place(number))
                head = (event.seq, event.hash)
                if number > after:
                    yield event
            position += len(line)
        if head[0] < after:
            problem = f"{self.chain} had {after} events and has {head[0]}"
            raise ChainBroken(problem, _RESTORE, where=self._place(head[0]))
        self.tail = Tail(whole=position, head=head, open=self._open(position))

    def peek(self) -> Tail | None:
        """Return how the file ends, reading its last lines only; ``None`` when it is empty.

        Raises
        ------
        ChainBroken
            When the last line is neither an event nor what a killed writer leaves.
        """
        block = _BLOCK
        while True:
            start = max(0, self.size - block)
            self.handle.seek(start)
            data = self.handle.read(self.size - start)
            tail = _tail(data, start, chain=self.chain, name=self.name)
            if tail is not None or start == 0:
                return tail
            block *= 4

    def _event(self, line: bytes, number: int, *, last: bool) -> Event | None:
        """Return the event of a line, or ``None`` for what a killed writer left at the end."""
        ended = line.endswith(b"\n")
        if last and not ended and torn(line):
            return None
        where = self._place(number)
        try:
            text = (line[:-1] if ended else line).decode()
            return read_line(text, where=where, strict=self.strict)
        except UnicodeDecodeError as error:
            raise ChainBroken("this line is not UTF-8", _RESTORE, where=where) from error
        except ChainBroken as error:
            if last and _LOST_PAGE in line:
                return None
            if line.endswith(b"\r\n"):
                raise ChainBroken(
                    "another program changed the line ends of this file",
                    "restore it, and write 'log/*.jsonl -text' into .gitattributes",
                    where=where,
                ) from error
            raise

    def _open(self, position: int) -> bool:
        if position == self.start:
            return False
        self.handle.seek(position - 1)
        return self.handle.read(1) != b"\n"

    def _place(self, number: int) -> Place:
        return Place(file=self.name, line=number)


def _usual(line: bytes, *, strict: bool) -> Event | None:
    """Read the usual line fast; ``None`` leaves it to the closer look."""
    try:
        return usual_line(line[:-1].decode(), strict=strict) if line.endswith(b"\n") else None
    except UnicodeDecodeError:
        return None


def torn(line: bytes) -> bool:
    """Tell whether a text without line end is the front part of a line (or a lost page)."""
    return could_be_torn(line.decode(errors="replace")) or _LOST_PAGE in line


def _tail(data: bytes, start: int, *, chain: str, name: str) -> Tail | None:
    """Look at the last bytes of a file; ``None`` when they do not reach back to a line's start."""
    lines = data.split(b"\n")
    rest, whole_lines = lines[-1], lines[:-1]
    if start > 0:  # what comes before the first line end may be cut
        whole_lines = whole_lines[1:]
    end = start + len(data) - len(rest)
    where = Place(file=name)
    if rest and (start == 0 or whole_lines) and not torn(rest):
        event = read_line(_text(rest, where), where=where)
        return Tail(whole=start + len(data), head=(event.seq, event.hash), open=True)
    if whole_lines and _LOST_PAGE in whole_lines[-1]:
        rest = whole_lines.pop() + b"\n" + rest
        end = start + len(data) - len(rest)
    if not whole_lines:
        if start == 0 and rest:
            return Tail(whole=0, head=(0, GENESIS), torn=rest)
        return None
    event = read_line(_text(whole_lines[-1], where), where=where)
    if event.chain != chain:
        raise ChainBroken(f"an event of {event.chain} stands in {chain}", _RESTORE, where=where)
    return Tail(whole=end, head=(event.seq, event.hash), torn=rest)


def _text(line: bytes, where: Place) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError as error:
        raise ChainBroken("the last line is not UTF-8", _RESTORE, where=where) from error


def tail_finding(name: str, tail: Tail) -> Finding | None:
    """Return what a reader says about the end of a file, when there is something to say."""
    if tail.torn:
        message = f"the last {len(tail.torn)} bytes are a line that was never acknowledged"
        suggestion = (
            "nothing to do: it is left out, and the next writer on this machine cuts it off"
        )
        return _repair("torn-tail", name, message, suggestion)
    if tail.open:
        message = "the last line is whole and its line end is missing"
        suggestion = "nothing to do: the next writer on this machine adds it"
        return _repair("open-tail", name, message, suggestion)
    return None


def _repair(rule: str, name: str, message: str, suggestion: str) -> Finding:
    return Finding(rule=rule, severity="note", subject=name, message=message, suggestion=suggestion)
