"""What the guard refuses, as a table; how it is said is the caller's choice.

The answer is made by ``answer(scope, refusal)``, an ASGI application: the default writes one plain
sentence in English, the pages of the workbench put their own words there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["REFUSALS", "Answer", "Refusal", "plain_answer", "refuse"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One reason to turn a request away; ``code`` is the key for words of other languages."""

    code: str
    status: int
    problem: str
    remedy: str
    headers: Mapping[str, str] = field(default_factory=dict)


Answer = Callable[[Scope, Refusal], ASGIApp]


def _row(code: str, status: int, problem: str, remedy: str) -> tuple[str, Refusal]:
    return code, Refusal(code=code, status=status, problem=problem, remedy=remedy)


#: Read aloud: code, status, what is wrong, what to do.
REFUSALS: Mapping[str, Refusal] = dict(
    (
        _row("host", 400, "this server does not answer to that name",
             "open the address that was printed when it was started"),
        _row("cross-site", 403, "another site sent this request",
             "open the page here and do it again"),
        _row("csrf", 403, "this form is not from your session, or the session has ended",
             "load the page again and send it once more"),
        _row("log-in", 401, "you are not logged in", "log in first"),
        _row("program", 403, "a token opens no page",
             "use what is under /api, or log in with the browser"),
        _row("too-large", 413, "this is more than can be taken in at once",
             "send smaller files, or fewer at a time"),
        _row("too-many", 429, "these are too many requests", "wait a little and try again"),
        _row("closed", 503, "the accounts cannot be read at this moment", "try again in a minute"),
    )
)  # fmt: skip


def plain_answer(scope: Scope, refusal: Refusal) -> ASGIApp:
    """Return a response of one plain sentence."""
    del scope
    text = f"{refusal.problem}. To do: {refusal.remedy}.\n"
    return PlainTextResponse(text, status_code=refusal.status, headers=dict(refusal.headers))


async def refuse(
    code: str,
    answer: Answer,
    scope: Scope,
    receive: Receive,
    send: Send,
    *,
    headers: Mapping[str, str] | None = None,
) -> None:
    """Turn a request away; a WebSocket is closed before it was accepted (the client sees 403)."""
    refusal = replace(REFUSALS[code], headers=headers or {})
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": refusal.problem})
    else:
        await answer(scope, refusal)(scope, receive, send)
