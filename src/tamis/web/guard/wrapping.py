"""The guard around the whole application, in its one right order.

It stands outside the framework's own error handling, so that even the answer to a program error
carries the headers. Read ``guarded`` from its end: what comes in meets the last line first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.types import ASGIApp

from tamis.web.guard.csrf import Csrf
from tamis.web.guard.headers import SecureHeaders
from tamis.web.guard.origin import HostGuard, OriginGuard, Site
from tamis.web.guard.rate import Pace, RateLimit
from tamis.web.guard.refusals import Answer, plain_answer
from tamis.web.guard.sessions import Cookie, Find, Gate, Sessions
from tamis.web.guard.uploads import BodyLimit

__all__ = ["GuardSettings", "guarded"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardSettings:
    """How an application is guarded.

    Attributes
    ----------
    site
        The addresses of the server.
    log_in
        The path of the log-in page; empty where there are no accounts, and everybody may enter.
    open_paths
        Paths (and what is under them) that need no log-in.
    programs
        Paths (and what is under them) that a program's token opens.
    static
        Paths (and what is under them) that are the same for everybody and may be kept.
    costly
        Paths whose changes are limited per address, beside the log-in.
    body, bodies
        Bytes that a request may have; other limits by path (regular expression).
    policies
        Content policies by path (regular expression), where the strict one does not fit.
    """

    site: Site
    log_in: str = ""
    open_paths: tuple[str, ...] = ()
    programs: tuple[str, ...] = ("/",)
    static: tuple[str, ...] = ("/static",)
    costly: tuple[str, ...] = ()
    pace: Pace = field(default_factory=Pace)
    body: int = 2**20
    bodies: Mapping[str, int] = field(default_factory=dict)
    policies: Mapping[str, str] = field(default_factory=dict)


def guarded(
    app: ASGIApp,
    settings: GuardSettings,
    *,
    find: Find,
    find_bearer: Find | None = None,
    answer: Answer = plain_answer,
) -> ASGIApp:
    """Return the application with the whole guard around it.

    Parameters
    ----------
    find, find_bearer
        Who a cookie's secret, and a program's token, belong to; ``None`` for nobody.
    answer
        Makes the page of a refusal.
    """
    s = settings
    app = Csrf(app, answer=answer)
    if s.log_in:
        free = (*s.open_paths, *s.static)
        app = Gate(
            app, open_paths=free, log_in=s.log_in, programs=s.programs, answer=answer
        )  # fmt: skip
    app = Sessions(
        app, cookie=Cookie.of(s.site), find=find, find_bearer=find_bearer, quiet=s.static,
        answer=answer,
    )  # fmt: skip
    app = BodyLimit(app, most=s.body, at=s.bodies, answer=answer)
    costly = (*s.costly, *((s.log_in,) if s.log_in else ()))
    app = RateLimit(app, paths=costly, pace=s.pace, answer=answer)
    app = OriginGuard(app, site=s.site, answer=answer)
    app = HostGuard(app, site=s.site, answer=answer)
    return SecureHeaders(app, https=s.site.https, policies=s.policies, cached=s.static)
