"""Sessions on the server, known to the browser by a cookie; who asks stands in ``visit_of``.

Every browser gets a cookie with a random secret. Only the server knows what it opens: nothing until
somebody logs in, and then a new one is drawn, so that a secret planted before opens nothing
(session fixation). A program shows its token in ``Authorization: Bearer`` instead.
"""

from __future__ import annotations

import re
import secrets
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Generic, Literal, TypeVar
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tamis.domain.errors import TamisError
from tamis.web.guard.origin import Site
from tamis.web.guard.refusals import Answer, plain_answer, refuse

__all__ = ["Cookie", "Find", "Gate", "LocalSessions", "Sessions", "Visit", "under", "visit_of"]

P = TypeVar("P")

#: Returns who a secret belongs to, or ``None``; called in a thread.
Find = Callable[[str], Any]

_SECRET = re.compile(r"[A-Za-z0-9_-]{43}\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cookie:
    """How the secret is kept in the browser.

    ``__Host-`` makes browsers refuse the cookie from other hosts, other paths and without
    encryption. Cookies do not know ports, so a local one carries the port in its name.
    """

    name: str
    secure: bool

    @classmethod
    def of(cls, site: Site) -> Cookie:
        """Return the cookie of a site."""
        if site.https:
            return cls(name="__Host-tamis", secure=True)
        port = site.origins[0].rpartition(":")[2]
        return cls(name=f"tamis-{port}" if port.isdigit() else "tamis", secure=False)

    def write(self, secret: str, *, seconds: int | None = None) -> str:
        """Return the header that sets it: for so many seconds, or until the browser is closed."""
        parts = [f"{self.name}={secret}", "Path=/", "HttpOnly", "SameSite=Lax"]
        if self.secure:
            parts.append("Secure")
        if seconds is not None:
            parts.append(f"Max-Age={seconds}")
        return "; ".join(parts)

    def read(self, headers: Headers) -> str:
        """Return the secret of a request, empty when there is none, or more than one."""
        pairs = (
            pair.partition("=") for line in headers.getlist("cookie") for pair in line.split(";")
        )
        found = {value.strip() for name, _, value in pairs if name.strip() == self.name}
        secret = found.pop() if len(found) == 1 else ""
        return secret if _SECRET.match(secret) else ""


@dataclass(slots=True, kw_only=True)
class Visit:
    """Who asks, and what becomes of the cookie.

    Attributes
    ----------
    visitor
        What ``find`` returned, or ``None`` for a stranger.
    secret
        The cookie's value, from which the CSRF token is made.
    via
        What spoke: a cookie, or the token of a program.
    """

    visitor: Any = None
    secret: str = field(default="", repr=False)
    via: Literal["cookie", "bearer"] = "cookie"
    _write: tuple[str, int | None] | None = field(default=None, repr=False)

    def take(self, secret: str, *, seconds: int | None = None) -> None:
        """Put the secret of a session that was just opened into the browser."""
        self.secret = secret
        self._write = (secret, seconds)

    def drop(self) -> None:
        """Give the browser a new secret that opens nothing, as after logging out."""
        self.take(secrets.token_urlsafe(32))
        self.visitor = None


def visit_of(asked: Scope | HTTPConnection) -> Visit:
    """Return the visit of a request, or of its scope."""
    scope = asked.scope if isinstance(asked, HTTPConnection) else asked
    found = scope.get("state", {}).get("visit")
    return found if isinstance(found, Visit) else Visit()


class Sessions:
    """Finds out who asks, before anything else sees the request.

    Parameters
    ----------
    find
        Who a cookie's secret belongs to.
    find_bearer
        Who a program's token belongs to; without it there are none.
    quiet
        Paths (and what is under them) that are the same for everybody: no cookie, no look-up.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        cookie: Cookie,
        find: Find,
        find_bearer: Find | None = None,
        quiet: Sequence[str] = (),
        answer: Answer = plain_answer,
    ) -> None:
        self.app = app
        self._cookie = cookie
        self._find = find
        self._find_bearer = find_bearer
        self._quiet = tuple(quiet)
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on with the visit in ``scope["state"]``."""
        if scope["type"] not in ("http", "websocket") or under(scope["path"], self._quiet):
            await self.app(scope, receive, send)
            return
        try:
            visit = await self._visit(Headers(scope=scope))
        except TamisError:
            await refuse("closed", self._answer, scope, receive, send)
            return
        scope.setdefault("state", {})["visit"] = visit

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start" and visit._write:
                secret, seconds = visit._write
                line = self._cookie.write(secret, seconds=seconds)
                MutableHeaders(scope=message).append("set-cookie", line)
            await send(message)

        await self.app(scope, receive, send_with_cookie)

    async def _visit(self, headers: Headers) -> Visit:
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and self._find_bearer:
            visitor = await run_in_threadpool(self._find_bearer, token.strip())
            return Visit(visitor=visitor, via="bearer")
        visit = Visit(secret=self._cookie.read(headers))
        if visit.secret:
            visit.visitor = await run_in_threadpool(self._find, visit.secret)
        else:
            visit.drop()
        return visit


class Gate:
    """Lets nobody in who is not logged in, except on the open paths.

    A page that is opened leads to the log-in; everything else is refused with 401. A program's
    token opens what is under ``programs`` and nothing else: pages are for who logs in.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        open_paths: Sequence[str],
        log_in: str = "/log-in",
        programs: Sequence[str] = ("/",),
        answer: Answer = plain_answer,
    ) -> None:
        self.app = app
        self._open = (*open_paths, log_in)
        self._programs = tuple(programs)
        self._log_in = log_in
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, lead to the log-in, or refuse."""
        free = scope["type"] not in ("http", "websocket") or under(scope["path"], self._open)
        visit = visit_of(scope)
        if not free and visit.via == "bearer" and not under(scope["path"], self._programs):
            await refuse("program", self._answer, scope, receive, send)
        elif free or visit.visitor is not None:
            await self.app(scope, receive, send)
        elif _is_page(scope):
            query = scope.get("query_string", b"").decode("latin-1")
            wanted = scope["path"] + (f"?{query}" if query else "")
            to = f"{self._log_in}?next={quote(wanted, safe='/')}"
            headers = [(b"location", to.encode("ascii")), (b"content-length", b"0")]
            await send({"type": "http.response.start", "status": 303, "headers": headers})
            await send({"type": "http.response.body", "body": b""})
        else:
            headers_401 = {"WWW-Authenticate": "Bearer"}
            await refuse("log-in", self._answer, scope, receive, send, headers=headers_401)


def _is_page(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] != "GET":
        return False
    headers = Headers(scope=scope)
    return "text/html" in headers.get("accept", "") and "hx-request" not in headers


def under(path: str, prefixes: Sequence[str]) -> bool:
    """Tell whether a path is one of some, or lies under one.

    Examples
    --------
    >>> under("/static/a.css", ["/static"]), under("/statics", ["/static"])
    (True, False)
    """
    return any(path == each or path.startswith(f"{each.rstrip('/')}/") for each in prefixes)


class LocalSessions(Generic[P]):
    """Sessions of a server without accounts, in memory: who was chosen from the menu, where."""

    def __init__(self, *, most: int = 1000) -> None:
        self._most = most
        self._chosen: OrderedDict[str, P] = OrderedDict()
        self._lock = Lock()

    def find(self, secret: str) -> P | None:
        """Return who was chosen in a browser."""
        with self._lock:
            return self._chosen.get(secret)

    def choose(self, visit: Visit, person: P) -> None:
        """Let a browser act as a person from now on, under a new secret."""
        secret = secrets.token_urlsafe(32)
        with self._lock:
            self._chosen.pop(visit.secret, None)
            self._chosen[secret] = person
            while len(self._chosen) > self._most:
                self._chosen.popitem(last=False)
        visit.take(secret)
        visit.visitor = person
