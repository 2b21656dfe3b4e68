"""Forged requests: every change carries a token that only a page of the same session can know.

The token is made from the session's cookie by a one-way function, so that nothing must be stored
and forms survive a restart. It is masked anew each time, so that a compressed page does not give it
away piece by piece (the BREACH attack).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tamis.web.guard.origin import SAFE
from tamis.web.guard.refusals import Answer, plain_answer, refuse
from tamis.web.guard.sessions import visit_of

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

__all__ = ["FIELD", "HEADER", "Csrf", "holds", "issue"]

#: Where the token is looked for: the header first, then the form's field.
HEADER = "X-CSRF-Token"
FIELD = "csrf"

#: How much of a form is read to find its field: all of a plain one, the beginning of an upload.
LONGEST_FORM = 2**20
LONGEST_BEGINNING = 2**16

_SIZE = 32


def issue(secret: str) -> str:
    """Return a token for a page, from the secret of its session; another text each time."""
    pad = secrets.token_bytes(_SIZE)
    return base64.urlsafe_b64encode(pad + _mixed(pad, _proof(secret))).decode("ascii")


def holds(secret: str, given: str) -> bool:
    """Tell whether a token is one of this session, in a time that tells nothing about it."""
    try:
        raw = base64.b64decode(given.encode("ascii"), altchars=b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error, ValueError):
        return False
    if not secret or len(raw) != 2 * _SIZE:
        return False
    return hmac.compare_digest(_mixed(raw[:_SIZE], raw[_SIZE:]), _proof(secret))


def _proof(secret: str) -> bytes:
    return hmac.digest(secret.encode("utf-8"), b"tamis csrf", hashlib.sha256)


def _mixed(pad: bytes, data: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(pad, data, strict=True))


class Csrf:
    """Refuses a change without the token of its session.

    A program that shows a token of its own sends no cookie that another site could use, and is let
    through. In an upload the field ``csrf`` must be the first one, before the files.
    """

    def __init__(self, app: ASGIApp, *, answer: Answer = plain_answer) -> None:
        self.app = app
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on or refuse."""
        if scope["type"] != "http" or scope["method"] in SAFE or visit_of(scope).via == "bearer":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        replayed = _Replayed(receive)
        given = headers.get(HEADER)
        if given is None:
            given = await _from_form(headers.get("content-type", ""), replayed)
        if not holds(visit_of(scope).secret, given):
            await refuse("csrf", self._answer, scope, receive, send)
            return
        await self.app(scope, replayed, send)


class _Replayed:
    """A request's body that was partly read, and is handed on from its beginning."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._kept: list[Message] = []
        self.ended = False

    async def __call__(self) -> Message:
        return self._kept.pop(0) if self._kept else await self._receive()

    async def more(self) -> bytes:
        """Read on, and keep what was read."""
        message = await self._receive()
        self._kept.append(message)
        self.ended = message["type"] != "http.request" or not message.get("more_body", False)
        return bytes(message.get("body", b""))


async def _from_form(content_type: str, body: _Replayed) -> str:
    kind, options = parse_options_header(content_type)
    if kind == b"application/x-www-form-urlencoded":
        return await _from_plain(body)
    if kind == b"multipart/form-data" and b"boundary" in options:
        return await _from_upload(options[b"boundary"], body)
    return ""


async def _from_plain(body: _Replayed) -> str:
    read = bytearray()
    while not body.ended and len(read) <= LONGEST_FORM:
        read += await body.more()
    if len(read) > LONGEST_FORM:
        return ""
    try:
        fields = parse_qsl(read.decode("ascii"), max_num_fields=10_000)
    except ValueError:  # not ASCII, or too many fields
        return ""
    return next((value for name, value in fields if name == FIELD), "")


async def _from_upload(boundary: bytes, body: _Replayed) -> str:
    first = _FirstPart()
    read = 0
    try:
        parser = MultipartParser(boundary, first.callbacks())
        while not (body.ended or first.ended or read > LONGEST_BEGINNING):
            chunk = await body.more()
            read += len(chunk)
            parser.write(chunk[:LONGEST_BEGINNING])
    except FormParserError:
        return ""
    return first.value() if first.ended else ""


class _FirstPart:
    """The first part of an upload, as the parser tells it."""

    def __init__(self) -> None:
        self._name, self._header, self._data = bytearray(), bytearray(), bytearray()
        self._disposition = b""
        self.ended = False

    def callbacks(self) -> MultipartCallbacks:
        return {
            "on_header_field": self._adds(self._name),
            "on_header_value": self._adds(self._header),
            "on_header_end": self._end_header,
            "on_part_data": self._adds(self._data),
            "on_part_end": self._end,
        }

    def value(self) -> str:
        kind, options = parse_options_header(self._disposition)
        named = kind == b"form-data" and options.get(b"name") == FIELD.encode()
        plain = named and b"filename" not in options
        return self._data.decode("ascii", "replace") if plain else ""

    def _adds(self, to: bytearray) -> Callable[[bytes, int, int], None]:
        def add(data: bytes, start: int, end: int) -> None:
            if not self.ended:
                to.extend(data[start:end])

        return add

    def _end_header(self) -> None:
        if self._name.lower() == b"content-disposition" and not self.ended:
            self._disposition = bytes(self._header)
        self._name.clear()
        self._header.clear()

    def _end(self) -> None:
        self.ended = True
