"""Headers that every response carries, so that a page can do no more than it was made for."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tamis.web.guard.sessions import under

__all__ = ["PAGE_POLICY", "SecureHeaders", "report_policy", "source_of"]

#: The content policy of the workbench: our own files, nothing inline, nobody else's anything.
PAGE_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)

#: Read aloud: header, value. ``same-origin`` and not ``no-referrer``: with the latter a browser
#: writes ``Origin: null`` on our own forms, and without encryption that is all it says of them.
_ALWAYS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": (
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(),"
        " magnetometer=(), microphone=(), midi=(), payment=(), usb=()"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

_HSTS = "max-age=31536000"


def source_of(text: str) -> str:
    """Return the source expression of an inline script or style, for a content policy.

    Examples
    --------
    >>> source_of("")
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
    """
    made = base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest())
    return f"'sha256-{made.decode('ascii')}'"


def report_policy(*, scripts: Sequence[str] = ()) -> str:
    """Return the policy of a finished report: one file with its own style, in a sandbox.

    In the sandbox it has an origin of its own: it reaches neither the workbench nor its session,
    sends nothing, and runs only the scripts whose sources (``source_of``) are named.
    """
    runs = f"script-src {' '.join(scripts)}" if scripts else "script-src 'none'"
    allow = "allow-popups allow-popups-to-escape-sandbox" + (" allow-scripts" if scripts else "")
    return "; ".join(
        (
            "default-src 'none'",
            runs,
            "style-src 'unsafe-inline'",
            "img-src data:",
            "font-src data:",
            "form-action 'none'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            f"sandbox {allow}",
        )
    )


class SecureHeaders:
    """Writes the headers, over whatever the response said.

    Parameters
    ----------
    https
        Whether browsers reach this server encrypted; only then are they told to insist on it.
    policies
        Content policies of single paths, as regular expressions that match the whole path; the
        first that matches counts. All others have ``PAGE_POLICY``.
    cached
        Paths (and what is under them) that may say themselves how long they may be kept. Nothing
        else is kept anywhere.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        https: bool,
        policies: Mapping[str, str] | None = None,
        cached: Sequence[str] = (),
    ) -> None:
        self.app = app
        self._always = {**_ALWAYS, **({"Strict-Transport-Security": _HSTS} if https else {})}
        self._policies = [(re.compile(path), said) for path, said in (policies or {}).items()]
        self._cached = tuple(cached)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and write the headers when the response starts."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        policy = self._policy(scope["path"])
        kept = under(scope["path"], self._cached)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._always.items():
                    headers[name] = value
                headers["Content-Security-Policy"] = policy
                if not (kept and "cache-control" in headers and message["status"] in _KEPT):
                    headers["Cache-Control"] = "no-store"
            await send(message)

        await self.app(scope, receive, send_with_headers)

    def _policy(self, path: str) -> str:
        return next((said for seen, said in self._policies if seen.fullmatch(path)), PAGE_POLICY)


#: Only what was found may be kept.
_KEPT = frozenset({200, 206, 304})
