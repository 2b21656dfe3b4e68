"""The description of the JSON for programs: OpenAPI, with how one shows who one is."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

from tamis.web.guard import HEADER

__all__ = ["Described"]

_ABOUT = """\
Every step of a review as JSON: the same use cases as the pages of the workbench, with the same
rights. What is sealed from you on a page is sealed from your programs too.

On a team's server send a token of yours: `Authorization: Bearer tamis_…` (menu, *Your account*). It
may do what you may do, within what you ticked. On your own machine no token is needed: ask
`GET /api/v1/me`, keep its cookie, and send what it says as `csrf` in the header `X-CSRF-Token` with
every change.

When a change is answered with 2xx, it is in the log on the disk. An error is always a `Problem`:
what is wrong, and what to do.
"""


class Described(FastAPI):
    """The application, that says of every route how one shows who one is.

    Parameters
    ----------
    cookie
        Name of the cookie that holds a browser's session.
    team
        Whether people log in; else reading needs nothing.
    """

    def __init__(self, *, cookie: str, team: bool, **more: Any) -> None:
        super().__init__(description=_ABOUT, generate_unique_id_function=_name_of, **more)
        self._cookie = cookie
        self._team = team

    def openapi(self) -> dict[str, Any]:
        """Return the description."""
        if self.openapi_schema is None:
            made = super().openapi()
            schemes = made.setdefault("components", {}).setdefault("securitySchemes", {})
            schemes |= self._schemes()
            for operations in made["paths"].values():
                for method, operation in operations.items():
                    operation["security"] = self._needed(changes=method != "get")
        return super().openapi()

    def _schemes(self) -> dict[str, dict[str, str]]:
        return {
            "token": {
                "type": "http",
                "scheme": "bearer",
                "bearerFormat": "tamis_…",
                "description": "A token of yours on a team's server, limited to what you ticked.",
            },
            "session": {
                "type": "apiKey",
                "in": "cookie",
                "name": self._cookie,
                "description": "The session of a browser; drawn by the server.",
            },
            "csrf": {
                "type": "apiKey",
                "in": "header",
                "name": HEADER,
                "description": "`csrf` of `GET /api/v1/me`; with a session, for every change.",
            },
        }

    def _needed(self, *, changes: bool) -> list[dict[str, list[str]]]:
        """Return the ways to show who one is, each alone enough."""
        session: dict[str, list[str]] = {"session": []}
        if changes:
            session["csrf"] = []
        if self._team:
            return [{"token": []}, session]
        return [session] if changes else [{}]


def _name_of(route: APIRoute) -> str:
    """Return how programs may call an operation: its step, and what it does."""
    step = str(route.tags[0]) if route.tags else route.path
    return f"{step} {route.name}".replace(" ", "-").replace("_", "-")
