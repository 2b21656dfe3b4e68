"""The application: routes, static files and guards put together. The composition root of the web.

A page is a module under ``routes/`` with a ``router``; ``ROUTES`` lists them in the order of a
review's steps.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from importlib.resources import files
from typing import Any

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from tamis import __version__
from tamis.app.people.team import Team, open_team
from tamis.app.reading.room import ReadingRoom
from tamis.app.shelf import Shelf
from tamis.web.describing import Described
from tamis.web.failures import handle_failures, refused_page
from tamis.web.guard import Cookie, GuardSettings, Site, guarded, report_policy
from tamis.web.jobs import Jobs
from tamis.web.routing import ROUTES
from tamis.web.settings import WebSettings
from tamis.web.visitors import Door, LocalDoor, TeamDoor

__all__ = ["Workbench", "create_app"]

#: Bytes that an upload may have, by path.
_UPLOADS = (
    r"/reviews", r"/r/[^/]+/imports.*", r"/r/[^/]+/full-texts.*", r"/r/[^/]+/along",
    r"/api/v1/reviews/[^/]+/(?:imports|full-texts|along)",
)  # fmt: skip

#: The finished report runs the one script it was built with: its own policy names it by its hash,
#: and the sandbox that it is opened in has an origin of its own.
_REPORT = r"/r/[^/]+/results/report\.html"

#: What a stranger may reach on a team's server, beside the log-in.
_OPEN = ("/invitation", "/preferences")

#: What a program's token opens there; pages, and above all one's account, are for who logs in.
_PROGRAMS = ("/api", "/people.json")

#: Where guessing would pay: limited for each address.
_COSTLY = ("/invitation",)


class Workbench:
    """The application with its guards, as a server runs it.

    Attributes
    ----------
    shelf
        The reviews it serves.
    framework
        The application inside the guards.
    team
        The people of a team's server; ``None`` on one's own machine.
    """

    def __init__(self, app: FastAPI, guard: ASGIApp, shelf: Shelf, team: Team | None) -> None:
        self.framework = app
        self.shelf = shelf
        self.team = team
        self._guard = guard

    def close(self) -> None:
        """Close what is open: reviews, and the database of a team's people."""
        self.shelf.close()
        if self.team is not None:
            self.team.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        await self._guard(scope, receive, send)


def create_app(settings: WebSettings) -> Workbench:
    """Return the application that serves the reviews of a folder."""
    app = Described(
        cookie=Cookie.of(_site(settings)).name,
        team=settings.team,
        title="Tamis",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        lifespan=_reading,
    )
    shelf = Shelf(settings.folder, database=settings.database)
    team = open_team(settings.accounts) if settings.team else None
    door: Door = TeamDoor() if team else LocalDoor(settings.person)
    app.state.settings = settings
    app.state.team = team
    app.state.shelf = shelf
    app.state.door = door
    app.state.jobs = Jobs()
    app.state.reading = ReadingRoom()
    static = files("tamis.web").joinpath("static")
    app.mount("/static", StaticFiles(directory=str(static)), name="static")
    for router in ROUTES:
        app.include_router(router)
    handle_failures(app)
    return Workbench(app, _guarded(app, settings, team), shelf, team)


@asynccontextmanager
async def _reading(app: FastAPI) -> AsyncIterator[None]:
    """Have a process ready for the first PDF, and end them all with the server."""
    room: ReadingRoom = app.state.reading
    room.warm_up()
    try:
        yield
    finally:
        room.close()


def _guarded(app: FastAPI, settings: WebSettings, team: Team | None) -> ASGIApp:
    if team is None:
        return guarded(app, _guard(settings), find=_nobody, answer=refused_page)
    guard = replace(
        _guard(settings), log_in="/log-in", open_paths=_OPEN, programs=_PROGRAMS, costly=_COSTLY
    )
    door = team.sign_in
    return guarded(app, guard, find=door.visitor, find_bearer=door.bearer, answer=refused_page)


def _guard(settings: WebSettings) -> GuardSettings:
    bodies: Mapping[str, int] = dict.fromkeys(_UPLOADS, settings.upload_limit)
    return GuardSettings(
        site=_site(settings),
        bodies=bodies,
        policies={_REPORT: report_policy(scripts=["'unsafe-inline'"])},
    )


def _site(settings: WebSettings) -> Site:
    return Site.at(settings.address) if settings.address else Site.local(settings.port)


def _nobody(secret: str) -> Any:
    """Return nobody: without accounts a cookie's secret opens nothing, it only guards forms."""
    del secret
