"""Errors as pages: what is wrong and what to do, in the frame of the page one was on.

No such page is a dead end: it leads back to where one was, and shows again what one had typed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import cookie_parser
from starlette.routing import Route
from starlette.types import ASGIApp, Scope

from tamis.domain.errors import (
    BadInput,
    ChainBroken,
    Conflict,
    NotFound,
    RuleBroken,
    StorageFailed,
    TamisError,
)
from tamis.web.guard import Refusal
from tamis.web.pages import environment
from tamis.web.saying import telling
from tamis.web.visit import LANGUAGE, Visit, is_fragment, review_visit, visit
from tamis.web.words import choose_language, translator

__all__ = ["STATUS", "handle_failures", "refused_page"]

#: Error -> HTTP status; the first row that fits counts.
STATUS: Mapping[type[TamisError], int] = {
    NotFound: 404,
    RuleBroken: 409,
    Conflict: 409,
    BadInput: 422,
    ChainBroken: 500,
    StorageFailed: 507,
}

#: How rules are named that refuse for want of a right.
#: How a refusal is put above the page, which stays as it is.
_ABOVE = "innerHTML show:window:top"

_RIGHTS = ("may-", "no-token")


def handle_failures(app: FastAPI) -> None:
    """Have the application answer every error that Tamis or the framework raises."""
    app.add_exception_handler(TamisError, _refused)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(Exception, _broken)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, TamisError)  # noqa: S101 - registered for this class only
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 400)
    if isinstance(error, RuleBroken) and error.rule.startswith(_RIGHTS):
        status = 403
    where = str(error.where) if error.where else ""
    told = _untold if request.url.path.startswith("/api/") else telling(visit(request).language)
    return await _answer(request, status, told(error.problem), told(error.remedy), where)


def _untold(text: str) -> str:
    """Return what programs are told: the sentence as it was raised."""
    return text


def refused_page(scope: Scope, refusal: Refusal) -> ASGIApp:
    """Return the answer to what the guard refuses: a page for people, JSON for programs."""
    headers = dict(refusal.headers)
    if scope["path"].startswith("/api/") or scope["type"] != "http":
        told = {"problem": refusal.problem, "remedy": refusal.remedy, "where": ""}
        return JSONResponse({"ok": False, "error": told}, refusal.status, headers)
    told_in = Headers(scope=scope)
    language = choose_language(
        cookie_parser(told_in.get("cookie", "")).get(LANGUAGE, ""),
        told_in.get("accept-language", ""),
    )
    t = translator(language)
    part = told_in.get("hx-request-type") == "partial"  # said above the page, which stays
    if part:
        headers |= {"HX-Retarget": "#notices", "HX-Reswap": _ABOVE}
    page = environment().get_template("refusal_part.html.j2" if part else "refusal.html.j2")
    to = "/log-in" if refusal.code in ("log-in", "csrf") and scope["path"].startswith("/r/") else ""
    body = page.render(t=t, language=language, code=refusal.code.replace("-", "_"), to=to)
    return HTMLResponse(body, refusal.status, headers)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class only
    words = {404: "not_found", 405: "not_found", 403: "forbidden", 413: "too_large"}
    t = visit(request).t
    word = words.get(error.status_code, "failed")
    answer = await _answer(
        request, error.status_code, t(f"failures.{word}"), t(f"failures.{word}_remedy"), ""
    )
    answer.headers.update(error.headers or {})
    if error.status_code == 405:
        answer.headers["Allow"] = ", ".join(_methods(request))
    return answer


def _methods(request: Request) -> list[str]:
    """Return every method that an address takes: several routes may share one."""
    at = [
        route.methods or set()
        for route in request.app.routes
        if isinstance(route, Route) and route.path_regex.match(request.url.path)
    ]
    return sorted(set().union(*at))


async def _broken(request: Request, error: Exception) -> Response:
    """Say that the program failed; the error itself goes to the log of the server."""
    del error
    t = visit(request).t
    return await _answer(request, 500, t("failures.broken"), t("failures.broken_remedy"), "")


async def _malformed(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class only
    fields = sorted({str(part["loc"][-1]) for part in error.errors() if part.get("loc")})
    t = visit(request).t
    problem = t("failures.malformed", fields=", ".join(fields))
    return await _answer(request, 422, problem, t("failures.malformed_remedy"), "")


async def _answer(request: Request, status: int, problem: str, remedy: str, where: str) -> Response:
    if request.url.path.startswith("/api/"):
        told = {"problem": problem, "remedy": remedy, "where": where}
        return JSONResponse({"ok": False, "error": told}, status_code=status)
    page = _here(request).page(
        "failure.html.j2", code=status, problem=problem, remedy=remedy, where=where,
        back=_back(request), typed=await _typed(request),
    )  # fmt: skip
    if is_fragment(request):  # said above the page; what was on it stays
        page.headers["HX-Retarget"] = "#notices"
        page.headers["HX-Reswap"] = _ABOVE
    return page


def _here(request: Request) -> Visit:
    """Return the visit in the frame of its review, where there is one that the visitor may see."""
    found = _REVIEW.match(request.url.path)
    if found is None:
        return visit(request)
    try:
        here: Visit = review_visit(request, found[1])
        here.context()
    except TamisError:
        return visit(request)
    return here


_REVIEW = re.compile(r"/r/([a-z0-9-]+)(?:/|\Z)")


def _back(request: Request) -> str:
    """Return the page of this server from which a request came; empty where that is not known."""
    parts = urlsplit(request.headers.get("referer", ""))
    if parts.netloc != request.headers.get("host", "") or not parts.path.startswith("/"):
        return ""
    path = "/" + parts.path.lstrip("/\\")
    return f"{path}?{parts.query}" if parts.query else path


#: Fields whose texts are not shown again: those that nobody types in, and passwords.
_NOT_SHOWN = re.compile(
    r"csrf|back|base|seen|document|target|passage_.*|start|end|password|old|new|username"
)


async def _typed(request: Request) -> tuple[str, ...]:
    """Return the texts of a form that was refused, so that nothing of them is lost."""
    kind = request.headers.get("content-type", "")
    if request.method != "POST" or not kind.startswith(("application/x-www-form", "multipart/")):
        return ()
    form = await request.form()
    return tuple(
        text
        for name, text in form.multi_items()
        if isinstance(text, str) and text.strip() and not _NOT_SHOWN.fullmatch(name)
    )
