"""Where a request may come from: the names of this server, and its own pages.

The allow-list of names ends DNS rebinding (a stranger's name that points to 127.0.0.1); the check
of ``Sec-Fetch-Site`` and ``Origin`` ends requests that other sites make a browser send. Both come
before anything is read from a request.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from tamis.domain.errors import BadInput
from tamis.web.guard.refusals import Answer, plain_answer, refuse

__all__ = ["SAFE", "HostGuard", "OriginGuard", "Site", "local_path"]

#: Methods that change nothing.
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

_STANDARD = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The addresses under which this server is reached, as browsers write an origin.

    Examples
    --------
    >>> Site.local(8765).origins
    ('http://localhost:8765', 'http://127.0.0.1:8765', 'http://[::1]:8765')
    >>> Site.at("https://Review.example.org/").hosts
    frozenset({'review.example.org'})
    """

    origins: tuple[str, ...]

    @classmethod
    def local(cls, port: int) -> Site:
        """Return this machine's own names, for a server without accounts."""
        at = "" if port == _STANDARD["http"] else f":{port}"
        return cls(origins=tuple(f"http://{name}{at}" for name in _LOOPBACK))

    @classmethod
    def at(cls, *addresses: str) -> Site:
        """Return the site of public addresses, for example ``https://review.example.org``.

        Raises
        ------
        BadInput
            When an address is none, or they mix http and https.
        """
        origins = tuple(_origin(address) for address in addresses)
        if len({origin.partition(":")[0] for origin in origins}) != 1:
            raise BadInput(
                "a server has addresses of one kind", "write all with https://, or all with http://"
            )
        return cls(origins=origins)

    @property
    def hosts(self) -> frozenset[str]:
        """The ``Host`` headers that name this server."""
        return frozenset(origin.partition("://")[2] for origin in self.origins)

    @property
    def https(self) -> bool:
        """Whether browsers reach this server encrypted."""
        return self.origins[0].startswith("https:")


_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


def _origin(address: str) -> str:
    try:
        parts = urlsplit(address.strip())
        scheme, host, port = parts.scheme.lower(), parts.hostname or "", parts.port
    except ValueError:
        scheme, host, port = "", "", None
    if scheme not in _STANDARD or not host or parts.path.strip("/") or parts.username:
        raise BadInput(
            f"{address!r} is no address of a server",
            "write it without a path, for example https://review.example.org",
        )
    name = f"[{host}]" if ":" in host else host.encode("idna").decode("ascii")
    return f"{scheme}://{name}" + ("" if port in (None, _STANDARD[scheme]) else f":{port}")


class HostGuard:
    """Answers only requests whose ``Host`` is one of the site's."""

    def __init__(self, app: ASGIApp, *, site: Site, answer: Answer = plain_answer) -> None:
        self.app = app
        self._hosts = site.hosts
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on or refuse."""
        if scope["type"] in _GUARDED:
            given = [host.lower() for host in Headers(scope=scope).getlist("host")]
            if len(given) != 1 or given[0] not in self._hosts:
                await refuse("host", self._answer, scope, receive, send)
                return
        await self.app(scope, receive, send)


_GUARDED = ("http", "websocket")


class OriginGuard:
    """Refuses what another site makes a browser send.

    Read aloud: a change must come from a page of this very origin. A page may be opened from
    anywhere, as by a link in a letter; but no other site may load anything of ours into its own
    pages, not even to measure how long it takes. A client that is no browser says neither where it
    comes from nor whether; for it the token of the session decides.
    """

    def __init__(self, app: ASGIApp, *, site: Site, answer: Answer = plain_answer) -> None:
        self.app = app
        self._origins = frozenset(site.origins)
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on or refuse."""
        if scope["type"] in _GUARDED and not self._welcome(scope):
            await refuse("cross-site", self._answer, scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _welcome(self, scope: Scope) -> bool:
        headers = Headers(scope=scope)
        sites = set(headers.getlist("sec-fetch-site"))
        if scope["type"] == "http" and scope["method"] in SAFE:
            return sites <= _OWN or _opens_page(headers)
        return sites <= _OWN and all(
            self._ours(origin, headers, vouched="same-origin" in sites)
            for origin in headers.getlist("origin")
        )

    def _ours(self, origin: str, headers: Headers, *, vouched: bool) -> bool:
        """Tell whether an origin is the one asked; ``null`` needs a browser that vouches for it.

        A browser writes ``null`` for its own forms, too, on a page that sends no referrer.
        """
        if origin == "null":
            return vouched
        host = headers.get("host", "").lower()
        return origin in self._origins and origin.partition("://")[2] == host


#: ``none``: a person typed the address or opened a bookmark.
_OWN = frozenset({"same-origin", "none"})


def _opens_page(headers: Headers) -> bool:
    """Tell whether a browser follows a link to a page of its own, in no frame of another site."""
    return (
        headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
    )


def local_path(text: str) -> str:
    r"""Return a path of this site to go on to after log-in; ``/`` when it leads anywhere else.

    Examples
    --------
    >>> local_path("/reviews/r?n=1"), local_path("//evil.example"), local_path("/\\evil.example")
    ('/reviews/r?n=1', '/', '/')
    """
    harmless = text.isprintable() and "\\" not in text and " " not in text
    within = text.startswith("/") and not text.startswith("//")
    return text if harmless and within else "/"
