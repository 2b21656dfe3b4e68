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

__all__ = ["BLOCK", "Part", "Survey", "cut", "survey", "unpacked", "utf8_offsets"]

#: Bytes of a part, about: a part ends where a record does.
BLOCK = 1 << 20
#: An archive that unpacks to more is no export of citations.
MOST_UNPACKED = 4 << 30

BOM = b"\xef\xbb\xbf"
GZIP = b"\x1f\x8b"
CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1b\x7f]")


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


def unpacked(file: BinaryIO, *, name: str) -> BinaryIO:
    """Return the file, or what a gzip archive holds, as a stream that can be read twice.

    Raises
    ------
    BadInput
        When the archive is broken, or unpacks to more than 4 GB.

    Examples
    --------
    >>> from io import BytesIO
    >>> unpacked(BytesIO(gzip.compress(b"TY  - JOUR")), name="a.ris.gz").read()
    b'TY  - JOUR'
    """
    head = file.read(2)
    file.seek(0)
    if head != GZIP:
        return file
    archive = cast("BinaryIO", gzip.GzipFile(fileobj=file, mode="rb"))
    size = 0
    try:
        while chunk := archive.read(BLOCK):
            size += len(chunk)
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
    return archive


def survey(file: BinaryIO) -> Survey:
    r"""Read a file once, in blocks, and go back to its start.

    Examples
    --------
    >>> from io import BytesIO
    >>> survey(BytesIO("é".encode())).plain, survey(BytesIO(b"Ren\xe9e")).plain
    (True, False)
    """
    digest, size, plain = hashlib.sha256(), 0, True
    decoder = codecs.getincrementaldecoder("utf-8")()
    while chunk := file.read(BLOCK):
        digest.update(chunk)
        size += len(chunk)
        plain = plain and CONTROL.search(chunk) is None and _decodes(decoder, chunk, final=False)
    plain = plain and _decodes(decoder, b"", final=True)
    file.seek(0)
    return Survey(sha256=digest.hexdigest(), size=size, plain=plain)


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


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True
