"""Large files in parts, so that memory does not grow with the file.

A file is cut only where one record has surely ended and another begins, and only if it is plain
UTF-8: what is repaired, guessed or refused for a whole file is told from the whole file.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, cast

from tamis.domain.errors import BadInput, Place

__all__ = ["BLOCK", "NotPlain", "Part", "cut", "opened", "utf8_offsets"]

#: Bytes of a part, about: a part ends where a record does.
BLOCK = 1 << 20
#: Bytes at the end of a part where the end of a record is first sought.
NEAR = 1 << 14
#: An archive that unpacks to more is no export of citations.
MOST_UNPACKED = 4 << 30
#: Nor is one that unpacks to so many times its size, once it is this large.
MOST_TIMES, LARGE = 200, 1 << 26

BOM = b"\xef\xbb\xbf"
GZIP = b"\x1f\x8b"
CONTROL = bytes((*range(9), *range(14, 28), 127))


class NotPlain(Exception):
    """A file turns out to be no plain UTF-8 when some of its parts were read already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A piece of a file that holds whole records: its text, first byte and first line."""

    text: str
    start: int
    line: int


def opened(file: BinaryIO, *, name: str) -> tuple[BinaryIO, str]:
    """Return the file, or what a gzip archive holds, as a stream from its start; and its SHA-256.

    The hash is that of the file as it is, packed or not.

    Raises
    ------
    BadInput
        When the stream is read: the archive is broken, or unpacks to more than 4 GB or 200 times
        its size.

    Examples
    --------
    >>> from io import BytesIO
    >>> stream, sha256 = opened(BytesIO(gzip.compress(b"TY  - JOUR")), name="a.ris.gz")
    >>> stream.read(), len(sha256)
    (b'TY  - JOUR', 64)
    """
    digest = hashlib.sha256()
    size = 0
    while chunk := file.read(BLOCK):
        digest.update(chunk)
        size += len(chunk)
    file.seek(0)
    packed = file.read(len(GZIP)) == GZIP
    file.seek(0)
    return cast("BinaryIO", _Archive(file, name, size)) if packed else file, digest.hexdigest()


class _Archive:
    """What a gzip archive holds, as a stream; a broken one is refused where it breaks."""

    def __init__(self, file: BinaryIO, name: str, size: int) -> None:
        self._unpacked = gzip.GzipFile(fileobj=file, mode="rb")
        self._most = max(LARGE, size * MOST_TIMES)
        self._name = name
        self._read = 0

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, or all that follow."""
        if size < 0:
            return b"".join(iter(lambda: self.read(BLOCK), b""))
        try:
            chunk = self._unpacked.read(size)
        except (EOFError, OSError, zlib.error) as error:
            raise self._refused(
                "the gzip archive is broken or cut short", "download it again"
            ) from error
        self._read += len(chunk)
        if self._read > MOST_UNPACKED:
            raise self._refused(
                "the archive unpacks to more than 4 GB", "unpack it and split the file"
            )
        if self._read > self._most:
            raise self._refused(
                "the archive unpacks to far more than it should", "look into it, and unpack it"
            )
        return chunk

    def seek(self, position: int) -> int:
        """Go to a position, which only the start is sought at."""
        self._read = self._unpacked.seek(position)
        return self._read

    def _refused(self, problem: str, remedy: str) -> BadInput:
        return BadInput(problem, remedy, where=Place(file=self._name, line=1))


def cut(file: BinaryIO, places: re.Pattern[bytes], block: int = BLOCK) -> Iterator[Part]:
    r"""Yield the parts of a plain file, each of about ``block`` bytes or as long as it must be.

    Raises
    ------
    NotPlain
        When a control character comes, or a byte that is no UTF-8.

    Examples
    --------
    >>> from io import BytesIO
    >>> file = BytesIO(b"TY  - A\nER  - \n\nTY  - B\nER  - \n")
    >>> [(part.start, part.line) for part in cut(file, re.compile(rb"\nER  - \n+(?=TY  -)"), 16)]
    [(0, 1), (16, 4)]
    """
    start, line, held = 0, 1, b""
    while chunk := file.read(block):
        if len(chunk.translate(None, CONTROL)) != len(chunk):
            raise NotPlain
        held += chunk
        end = _last_end(held, places)
        if end:
            yield _part(held[:end], start, line)
            line += held.count(b"\n", 0, end)
            start, held = start + end, held[end:]
    if held:
        if b"\n" not in held and start:
            held += b"\n"  # so that a lone CR counts as it does in the rest of the file
        yield _part(held, start, line)


def _last_end(held: bytes, places: re.Pattern[bytes]) -> int:
    """Return where the last place ends, sought from behind; 0 if there is none."""
    reach = NEAR
    while True:
        begin = max(0, len(held) - reach)
        end = max((found.end() for found in places.finditer(held, begin)), default=0)
        if end or not begin:
            return end
        reach *= 8


def utf8_offsets(text: str, positions: Sequence[int], start: int) -> list[int]:
    """Return the byte offset in the file of each position of a part that begins at ``start``.

    Examples
    --------
    >>> utf8_offsets("é TY", [0, 2], 10)
    [10, 13]
    """
    if text.isascii():
        return [start + position for position in positions]
    offsets, reached, byte = [], 0, start
    for position in positions:
        byte += len(text[reached:position].encode())
        offsets.append(byte)
        reached = position
    return offsets


def _part(data: bytes, start: int, line: int) -> Part:
    mark = len(BOM) if start == 0 and data.startswith(BOM) else 0
    try:
        return Part(text=data[mark:].decode(), start=start + mark, line=line)
    except UnicodeDecodeError as error:
        raise NotPlain from error
