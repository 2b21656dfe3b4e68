"""Language, theme and, on one's own machine, the name one works under: kept in cookies."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Response

from tamis.web.visit import LANGUAGE, THEME, THEMES, AVisit
from tamis.web.visitors import PERSON, named
from tamis.web.words import LANGUAGES

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

_YEAR = 365 * 24 * 3600

Text = Annotated[str, Form()]


@router.post("/preferences")
def preferences(
    visit: AVisit, language: Text = "", theme: Text = "", person: Text = "", back: Text = "/"
) -> Response:
    """Keep what was chosen and go back to the page."""
    response = visit.back(back)
    if language in LANGUAGES:
        response.set_cookie(LANGUAGE, language, max_age=_YEAR, httponly=True, samesite="lax")
    if theme in THEMES:
        response.set_cookie(THEME, theme, max_age=_YEAR, httponly=True, samesite="lax")
    if person and not visit.visitor.team:
        response.set_cookie(PERSON, named(person), max_age=_YEAR, httponly=True, samesite="lax")
    return response
