"""What comes in: how much of it, under which name, and packed how tightly.

A name that a browser sends is shown to people and never used as a path. A packed file is unpacked
by counting what comes out, not by believing what it says of itself.
"""

from __future__ import annotations

import io
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO

from starlette.datastructures import Headers
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from tamis.domain.errors import BadInput, Place
from tamis.web.guard.refusals import Answer, plain_answer, refuse

__all__ = ["BodyLimit", "Bounds", "Upload", "unpacked", "upload_name"]

_MIB = 2**20


class BodyLimit:
    """Refuses a body that is too long: at once when it says so, else when it gets there.

    Parameters
    ----------
    most
        Bytes.
    at
        Other limits of single paths, as regular expressions that match the whole path; the first
        that matches counts.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        most: int = _MIB,
        at: Mapping[str, int] | None = None,
        answer: Answer = plain_answer,
    ) -> None:
        self._limits = [(re.compile(path), bytes_) for path, bytes_ in (at or {}).items()]
        self._apps = {
            limit: RequestBodyLimitMiddleware(app, max_body_size=limit)
            for limit in {most, *(at or {}).values()}
        }
        self.app = app
        self._most = most
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is short enough."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = self._limit(scope["path"])
        if _told_length(scope) > limit:
            await refuse("too-large", self._answer, scope, receive, send)
            return
        await self._apps[limit](scope, receive, send)

    def _limit(self, path: str) -> int:
        found = (limit for seen, limit in self._limits if seen.fullmatch(path))
        return next(found, self._most)


def _told_length(scope: Scope) -> int:
    """Return the longest length that the headers tell; what is no number is left to counting."""
    told = Headers(scope=scope).getlist("content-length")
    return max((int(each) for each in told if each.isascii() and each.isdigit()), default=0)


# ---------------------------------------------------------------- names
#: Names of devices: Windows gives them to no file, with whatever ending.
_DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|\Z)", re.IGNORECASE)

#: Controls, format and bidi marks, surrogates, what is not assigned, line separators.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})

_LONGEST_ENDING = 12


def upload_name(told: str | None, *, longest: int = 120) -> str:
    r"""Return the name of an uploaded file to show and to record; never a path, never empty.

    Parameters
    ----------
    told
        As the browser sends it; some send a whole path.
    longest
        In bytes of UTF-8; the ending is kept.

    Examples
    --------
    >>> upload_name("C:\\review\\export.ris"), upload_name("../../etc/passwd"), upload_name("")
    ('export.ris', 'passwd', 'file')
    """
    text = unicodedata.normalize("NFC", told or "")
    text = "".join(c for c in text if unicodedata.category(c) not in _UNSEEN)
    text = re.split(r"[/\\]", text)[-1]
    text = re.sub(r'[<>:"|?*]', "_", " ".join(text.split()))
    text = _shortened(text.strip(". "), longest).strip(". ") or "file"
    text = f"_{text}" if _DEVICE.match(text) else text
    return unicodedata.normalize("NFC", text)


def _shortened(text: str, longest: int) -> str:
    if len(text.encode()) <= longest - 1:  # one byte is kept for what may be put before it
        return text
    stem, dot, ending = text.rpartition(".")
    if not stem or len(ending.encode()) > _LONGEST_ENDING:
        stem, dot, ending = text, "", ""
    room = longest - 1 - len((dot + ending).encode())
    return stem.encode()[:room].decode("utf-8", "ignore").rstrip(". ") + dot + ending


# ---------------------------------------------------------------- packed files
@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How much may come out of a packed file before it is refused as a trap.

    ``files`` in all, ``size`` bytes in all, and ``ratio`` times what went in; what is below
    ``small`` bytes is not asked for its ratio.
    """

    files: int = 1000
    size: int = 256 * _MIB
    ratio: int = 200
    small: int = 4 * _MIB


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file that came in."""

    name: str
    data: bytes = field(repr=False)


def unpacked(
    name: str, data: bytes, *, bounds: Bounds | None = None, keep_gzip: bool = False
) -> tuple[Upload, ...]:
    """Return the files of an upload: itself, or what a ``.gz`` or ``.zip`` holds.

    One layer is unpacked: a packed file in a packed file is handed on as it is. Which it is, is
    read from the bytes; a Word or Excel file, which is a zip too, stays whole. With ``keep_gzip``
    a ``.gz`` is looked through and stays as it is: an import file is known by its own bytes.

    Raises
    ------
    BadInput
        When it is damaged, encrypted, holds a link, or would unpack to more than the bounds.
    """
    bounds = bounds or Bounds()
    shown = upload_name(name)
    if data.startswith(b"\x1f\x8b"):
        if keep_gzip:
            deque(_gunzipped(data, shown, bounds), maxlen=0)
            return (Upload(name=shown, data=data),)
        ending = re.compile(r"\.gz\Z", re.IGNORECASE)
        content = b"".join(_gunzipped(data, shown, bounds))
        return (Upload(name=ending.sub("", shown) or shown, data=content),)
    if data.startswith(_ZIP) and not re.search(r"\.(docx|xlsx|odt|ods)\Z", shown, re.IGNORECASE):
        try:
            return tuple(_unzipped(data, shown, bounds))
        except _BROKEN as error:
            raise _damaged(shown) from error
    return (Upload(name=shown, data=data),)


#: A zip with something in it, and an empty one.
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")

_BROKEN = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, struct.error,
    UnicodeDecodeError, ValueError, OverflowError,
)  # fmt: skip

_CHUNK = 2**16


def _gunzipped(data: bytes, name: str, bounds: Bounds) -> Iterator[bytes]:
    """Yield what comes out of one or several gzip members, piece by piece."""
    out = at = members = 0
    while data.startswith(b"\x1f\x8b", at):
        members += 1
        member = zlib.decompressobj(wbits=31)
        while not member.eof:
            fed = member.unconsumed_tail or data[at : at + _CHUNK]
            at += 0 if member.unconsumed_tail else len(fed)
            try:
                piece = member.decompress(fed, _CHUNK)
            except zlib.error as error:
                raise _damaged(name) from error
            if not (fed or piece or member.eof):
                raise _damaged(name)  # it ends before its end
            out += len(piece)
            _stop_trap(name, out, len(data), bounds)
            yield piece
        at -= len(member.unused_data)
        if members > _MEMBERS:
            raise _trap(name)
    if data[at:].strip(b"\0"):
        raise _damaged(name)  # what follows is neither a member nor padding


#: Members of one gzip file; block-wise writers make one for 64 KiB.
_MEMBERS = 100_000


def _unzipped(data: bytes, name: str, bounds: Bounds) -> Iterator[Upload]:
    if data.count(_ENTRY) > 10 * bounds.files:
        raise _trap(name)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = [entry for entry in archive.infolist() if not entry.filename.endswith("/")]
        if len(entries) > bounds.files:
            raise _trap(name)
        out = 0
        for entry in entries:
            _check_entry(entry, name)
            with archive.open(entry) as stream:
                content = _all_of(stream, name, out, len(data), bounds)
            out += len(content)
            yield Upload(name=upload_name(entry.filename), data=content)


#: Begins each line of a zip's list of contents, which the library reads whole before it says how
#: long it is. Zips inside have such lines too, hence the tolerance.
_ENTRY = b"PK\x01\x02"


def _all_of(stream: IO[bytes], name: str, before: int, packed: int, bounds: Bounds) -> bytes:
    read = bytearray()
    while piece := stream.read(_CHUNK):
        read += piece
        _stop_trap(name, before + len(read), packed, bounds)
    return bytes(read)


def _check_entry(entry: zipfile.ZipInfo, name: str) -> None:
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if entry.flag_bits & 0x1 or kind not in (0, stat.S_IFREG):
        raise BadInput(
            "something in it is encrypted, or is no plain file",
            "pack the files again, without a password and without links",
            where=Place(file=name),
        )
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise BadInput(
            "it is packed in an unusual way", "pack it again as an ordinary zip",
            where=Place(file=name),
        )  # fmt: skip


def _stop_trap(name: str, out: int, packed: int, bounds: Bounds) -> None:
    if out > bounds.size or (out > bounds.small and out > bounds.ratio * packed):
        raise _trap(name)


def _trap(name: str) -> BadInput:
    return BadInput(
        "this would unpack to far more than was sent",
        "unpack it yourself and send the files that you need",
        where=Place(file=name),
    )


def _damaged(name: str) -> BadInput:
    return BadInput(
        "this packed file is damaged", "pack it again, or send what is in it",
        where=Place(file=name),
    )  # fmt: skip
