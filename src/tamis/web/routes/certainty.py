"""Certainty: the summary of findings, and one body of evidence domain by domain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Response

from tamis.app.grading.view import BodyRated, Ratings
from tamis.domain.errors import BadInput, TamisError
from tamis.web.visit import AReviewVisit, ReviewVisit, is_fragment

__all__ = ["router"]

router = APIRouter(include_in_schema=False, prefix="/r/{review}/certainty")

Text = Annotated[str, Form()]
Asked = Annotated[str, Query()]


def thresholds(small: Text = "", moderate: Text = "", large: Text = "") -> dict[str, str]:
    """Return the thresholds that stand on the page."""
    return {"small": small, "moderate": moderate, "large": large}


@router.get("")
def overview(visit: AReviewVisit) -> Response:
    """Show the summary of findings as it stands."""
    view = visit.live.part(Ratings).overview(visit.person)
    return visit.page("certainty/page.html.j2", view=view)


@router.get("/{body}")
def one(
    visit: AReviewVisit, body: str, small: Asked = "", moderate: Asked = "", large: Asked = ""
) -> Response:
    """Show one body of evidence, with other thresholds where some are tried."""
    return _body(visit, body, {"small": small, "moderate": moderate, "large": large})


@router.post("/{body}")
def judge(
    visit: AReviewVisit,
    body: str,
    *,
    domain: Text = "",
    change: Text = "",
    accept: Text = "",
    reason: Text = "",
    tried: Annotated[dict[str, str], Depends(thresholds)],
) -> Response:
    """Record a decision on one domain: the one chosen, or the one proposed."""
    visit.require("grade")
    chosen = accept or change
    try:
        told = "" if accept else reason
        visit.live.part(Ratings).judge(visit.person, body, domain, _change(chosen), reason=told)
    except BadInput as error:
        typed = {"domain": domain, "change": change, "reason": reason}
        return _body(visit, body, tried, error=error, typed=typed)
    if not is_fragment(visit.request):
        return visit.goto(f"{visit.url('certainty', body)}#domain-{domain}")
    return _body(visit, body, tried, said=visit.t("certainty.recorded"))


def _change(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise BadInput("no decision was chosen", "choose how the certainty changes") from error


def _body(
    visit: ReviewVisit,
    body: str,
    tried: Mapping[str, str],
    *,
    error: TamisError | None = None,
    typed: Mapping[str, str] | None = None,
    said: str = "",
) -> Response:
    desk = visit.live.part(Ratings)
    view: BodyRated
    try:
        view = desk.body(visit.person, body, thresholds=tried)
    except BadInput as caught:
        error = error or caught
        view = desk.body(visit.person, body)
    template = "rating" if is_fragment(visit.request) else "body"
    return visit.page(
        f"certainty/{template}.html.j2",
        code=422 if error else 200,
        view=view,
        error=error,
        typed=typed or {"domain": "", "change": "", "reason": ""},
        tried=tried if error is not None or view.tried else {},
        may=visit.may("grade"),
        saved=said,
    )
