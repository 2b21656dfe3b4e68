"""Large files in parts, so that memory does not grow with the file.

A file is cut only where one record has surely ended and another begins, and only if it is plain
UTF-8: what is repaired, guessed or refused for a whole file is told from the whole file.
"""

from __future__ import annotations

import codecs
import gzip
import hashlib
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, cast

from tamis.domain.errors import BadInput, Place

__all__ = ["BLOCK", "Part", "Plain", "Survey", "cut", "opened", "survey", "utf8_offsets"]

#: Bytes of a part, about: a part ends where a record does.
BLOCK = 1 << 20
#: An archive that unpacks to more is no export of citations.
MOST_UNPACKED = 4 << 30

BOM = b"\xef\xbb\xbf"
GZIP = b"\x1f\x8b"
CONTROL = bytes((*range(9), *range(14, 28), 127))


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What a first pass over a file tells: its hash, its size, whether it may be read in parts."""

    sha256: str
    size: int
    plain: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A piece of a file that holds whole records: its text, first byte and first line."""

    text: str
    start: int
    line: int


def opened(file: BinaryIO, *, name: str) -> tuple[BinaryIO, Survey]:
    """Return the file, or what a gzip archive holds, as a stream from its start; and its survey.

    The hash is that of the file as it is, packed or not.

    Raises
    ------
    BadInput
        When the archive is broken, or unpacks to more than 4 GB.

    Examples
    --------
    >>> from io import BytesIO
    >>> stream, seen = opened(BytesIO(gzip.compress(b"TY  - JOUR")), name="a.ris.gz")
    >>> stream.read(), seen.size, seen.plain
    (b'TY  - JOUR', 10, True)
    """
    head = file.read(len(GZIP))
    file.seek(0)
    if head != GZIP:
        return file, survey(file)
    packed = survey(file)
    archive = cast("BinaryIO", gzip.GzipFile(fileobj=file, mode="rb"))
    size, plain = 0, Plain()
    try:
        while chunk := archive.read(BLOCK):
            size += len(chunk)
            plain.hear(chunk)
            if size > MOST_UNPACKED:
                raise BadInput(
                    "the archive unpacks to more than 4 GB", "unpack it and split the file",
                    where=Place(file=name, line=1),
                )  # fmt: skip
    except (EOFError, OSError, zlib.error) as error:
        raise BadInput(
            "the gzip archive is broken or cut short", "download it again",
            where=Place(file=name, line=1),
        ) from error  # fmt: skip
    archive.seek(0)
    return archive, Survey(sha256=packed.sha256, size=size, plain=plain.whole())


def survey(file: BinaryIO) -> Survey:
    r"""Read a file once, in blocks, and go back to its start.

    Examples
    --------
    >>> from io import BytesIO
    >>> survey(BytesIO("é".encode())).plain, survey(BytesIO(b"Ren\xe9e")).plain
    (True, False)
    """
    digest, size, plain = hashlib.sha256(), 0, Plain()
    while chunk := file.read(BLOCK):
        digest.update(chunk)
        size += len(chunk)
        plain.hear(chunk)
    file.seek(0)
    return Survey(sha256=digest.hexdigest(), size=size, plain=plain.whole())


class Plain:
    r"""Hears a file in blocks and tells whether it is UTF-8 without control characters.

    Examples
    --------
    >>> heard = Plain()
    >>> heard.hear(b"caf\xc3"), heard.hear(b"\xa9"), heard.whole()
    (None, None, True)
    """

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._plain = True

    def hear(self, chunk: bytes) -> None:
        """Hear the next block."""
        if self._plain:
            self._plain = len(chunk.translate(None, CONTROL)) == len(chunk) and self._decodes(chunk)

    def whole(self) -> bool:
        """Tell it of the whole file, which ends here."""
        return self._plain and self._decodes(b"", final=True)

    def _decodes(self, chunk: bytes, *, final: bool = False) -> bool:
        try:
            self._decoder.decode(chunk, final)
        except UnicodeDecodeError:
            return False
        return True


def cut(file: BinaryIO, places: re.Pattern[bytes], block: int = BLOCK) -> Iterator[Part]:
    r"""Yield the parts of a plain file, each of about ``block`` bytes or as long as it must be.

    Examples
    --------
    >>> from io import BytesIO
    >>> file = BytesIO(b"TY  - A\nER  - \n\nTY  - B\nER  - \n")
    >>> [(part.start, part.line) for part in cut(file, re.compile(rb"\nER  - \n+(?=TY  -)"), 16)]
    [(0, 1), (16, 4)]
    """
    start, line, held = 0, 1, b""
    while chunk := file.read(block):
        held += chunk
        end = max((found.end() for found in places.finditer(held)), default=0)
        if end:
            yield _part(held[:end], start, line)
            line += held.count(b"\n", 0, end)
            start, held = start + end, held[end:]
    if held:
        if b"\n" not in held and start:
            held += b"\n"  # so that a lone CR counts as it does in the rest of the file
        yield _part(held, start, line)


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
    if start == 0 and data.startswith(BOM):
        return Part(text=data[len(BOM) :].decode(), start=len(BOM), line=line)
    return Part(text=data.decode(), start=start, line=line)
