"""A client that can send anything: it speaks ASGI itself, so that no library mends its attacks."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

Pairs = Sequence[tuple[str, str]]

LOCAL = "http://localhost:8765"


@dataclass
class Reply:
    """What came back."""

    status: int = 0
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key == name.lower()]

    def one(self, name: str) -> str:
        (value,) = self.all(name)
        return value

    @property
    def text(self) -> str:
        return self.body.decode()


def send(
    app: Any,
    method: str = "GET",
    path: str = "/",
    *,
    headers: Pairs = (),
    body: bytes | Iterable[bytes] = b"",
    client: tuple[str, int] | None = ("192.0.2.1", 5000),
    kind: str = "http",
) -> Reply:
    """Send one request; ``Host`` is the local one unless given. A body of pieces is chunked."""
    sent = [(k.lower(), v) for k, v in headers]
    if not any(k == "host" for k, _ in sent):
        sent.append(("host", "localhost:8765"))
    sent = [(k, v) for k, v in sent if v != "(none)"]
    where, _, query = path.partition("?")
    scope = {
        "type": kind, "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method,
        "scheme": "http", "path": where, "raw_path": where.encode("latin-1", "replace"),
        "query_string": query.encode(), "root_path": "", "client": client,
        "headers": [(k.encode("latin-1"), v.encode("latin-1")) for k, v in sent],
        "server": ("127.0.0.1", 8765), "state": {},
    }  # fmt: skip
    reply = Reply()
    pieces = [body] if isinstance(body, bytes) else list(body)
    asyncio.run(_run(app, scope, pieces, reply))
    return reply


async def _run(app: Any, scope: dict[str, Any], pieces: list[bytes], reply: Reply) -> None:
    left = list(pieces)

    async def receive() -> dict[str, Any]:
        if scope["type"] == "websocket":
            return {"type": "websocket.connect"}
        if not left:
            return {"type": "http.disconnect"}
        piece = left.pop(0)
        return {"type": "http.request", "body": piece, "more_body": bool(left)}

    async def take(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            reply.status = message["status"]
            reply.headers = [(k.decode().lower(), v.decode()) for k, v in message["headers"]]
        elif message["type"] == "http.response.body":
            reply.body += message.get("body", b"")
        else:
            reply.status = {"websocket.close": 403, "websocket.accept": 101}[message["type"]]

    await app(scope, receive, take)


def jar(reply: Reply) -> str:
    """Return the cookie that a reply sets, as a browser sends it back."""
    return reply.one("set-cookie").partition(";")[0]


async def echo(scope: Any, receive: Any, send: Any) -> None:
    """An application that answers with the body it got."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        return
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body})
