"""How many requests one address may send: a blunt limit in memory, before anything costs much.

The limits of log-in itself, per person and address, are in ``app.attempts`` and survive a restart.
"""

from __future__ import annotations

import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from tamis.web.guard.origin import SAFE
from tamis.web.guard.refusals import Answer, plain_answer, refuse
from tamis.web.guard.sessions import under

__all__ = ["Pace", "RateLimit", "address_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """``burst`` requests at once, then ``per_minute`` of them."""

    burst: int = 20
    per_minute: float = 20


class RateLimit:
    """Refuses an address that sends too many changes to some paths, with 429.

    Parameters
    ----------
    paths
        Where it counts: the paths that compute a password hash.
    now
        Tells seconds that only grow.
    most
        How many addresses are remembered, the latest ones.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        paths: Sequence[str],
        pace: Pace | None = None,
        answer: Answer = plain_answer,
        now: Callable[[], float] = time.monotonic,
        most: int = 10_000,
    ) -> None:
        self.app = app
        self._paths = tuple(paths)
        self._pace = pace or Pace()
        self._answer = answer
        self._now = now
        self._most = most
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on or refuse."""
        if scope["type"] == "http" and scope["method"] not in SAFE:
            wait = self._wait(address_of(scope)) if under(scope["path"], self._paths) else 0
            if wait:
                headers = {"Retry-After": str(wait)}
                await refuse("too-many", self._answer, scope, receive, send, headers=headers)
                return
        await self.app(scope, receive, send)

    def _wait(self, address: str) -> int:
        """Take one request from what an address has left; returns the seconds until the next."""
        now, each = self._now(), self._pace.per_minute / 60
        left, at = self._left.pop(address, (float(self._pace.burst), now))
        left = min(self._pace.burst, left + (now - at) * each)
        allowed = left >= 1
        self._left[address] = (left - 1 if allowed else left, now)
        while len(self._left) > self._most:
            self._left.popitem(last=False)
        return 0 if allowed else max(1, math.ceil((1 - left) / each))


def address_of(asked: Scope | HTTPConnection) -> str:
    """Return the address that a limit counts: of IPv6 the network, which one person has whole.

    Behind a proxy this is the proxy's, unless the server is told to trust what it forwards.

    Examples
    --------
    >>> address_of({"client": ("2001:db8:1:2:3:4:5:6", 443)})
    '2001:db8:1:2::/64'
    >>> address_of({"client": ("::ffff:192.0.2.1", 443)}), address_of({"client": None})
    ('192.0.2.1', 'unknown')
    """
    scope = asked.scope if isinstance(asked, HTTPConnection) else asked
    client = scope.get("client")
    try:
        found = ipaddress.ip_address(str(client[0]).partition("%")[0]) if client else None
    except ValueError:
        return "unknown"
    match found:
        case None:
            return "unknown"
        case ipaddress.IPv6Address(ipv4_mapped=None):
            return str(ipaddress.ip_network((found, 64), strict=False))
        case ipaddress.IPv6Address(ipv4_mapped=inner):
            return str(inner)
        case _:
            return str(found)
