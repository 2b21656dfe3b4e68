"""What every route of the JSON shares: who asks and with which right, what may go wrong, pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Depends, Path, Query, UploadFile
from fastapi.exceptions import HTTPException
from pydantic import BaseModel, ConfigDict, Field

from tamis.web.settings import WebSettings
from tamis.web.visit import AnyReviewVisit, ReviewVisit

__all__ = [
    "PREFIX",
    "REFUSALS",
    "Appraiser",
    "Asked",
    "Extractor",
    "Grader",
    "Guest",
    "Importer",
    "Limit",
    "Line",
    "Manager",
    "Opener",
    "PageNumber",
    "Planner",
    "Problem",
    "Reader",
    "Settler",
    "Skip",
    "Slice",
    "Slug",
    "Stage",
    "Taker",
    "Text",
    "Told",
    "Voter",
    "Words",
    "check_size",
    "slice_of",
]

#: Where the routes of one review begin.
PREFIX = "/api/v1/reviews/{review}"

T = TypeVar("T")


class Asked(BaseModel):
    """The body of a request: what is not known is refused, not passed over."""

    model_config = ConfigDict(extra="forbid")


class Told(BaseModel):
    """What is wrong, what to do, and where (a file and its line) if that is known."""

    problem: str = Field(examples=["there is no review 'other' here"])
    remedy: str = Field(examples=["choose one of the list"])
    where: str = Field(default="", examples=["review.toml:12"])


class Problem(BaseModel):
    """Why nothing was done: the problem, what to do, and where."""

    ok: bool = Field(default=False, description="Always false.")
    error: Told


_MEANINGS = {
    400: "The request cannot be read, or it calls the server by another name.",
    401: "Nobody is logged in: the token is missing, wrong, revoked or out of date.",
    403: "Your role, or the token, does not allow this; or the CSRF token is missing.",
    404: "There is no such thing, or not for you.",
    405: "This address does not take this method.",
    409: "The rules of the review do not allow it now, or somebody was quicker.",
    413: "More bytes than are taken in at once.",
    422: "A field is wrong: nothing was written.",
    429: "Too many requests: wait.",
    500: "The program failed, or the log is not what was acknowledged.",
    503: "The accounts cannot be read at this moment.",
    507: "The disk refused to write.",
}

#: What every route may answer besides success.
REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "description": meaning} for status, meaning in _MEANINGS.items()
}


class Slice(BaseModel, Generic[T]):
    """A part of a long list."""

    total: int = Field(description="How many there are.", examples=[120])
    skip: int = Field(description="How many stand before the first of these.", examples=[0])
    items: tuple[T, ...]


def slice_of(found: Sequence[T], skip: int, limit: int) -> Slice[T]:
    """Return some of a list, and how long it is."""
    return Slice(total=len(found), skip=skip, items=tuple(found[skip : skip + limit]))


#: Texts that are typed: a line, a paragraph or two, a whole document.
Line = Annotated[str, Field(max_length=1000)]
Text = Annotated[str, Field(max_length=10_000)]
Words = Annotated[str, Field(max_length=200_000)]
Slug = Annotated[str, Field(max_length=200)]

Stage = Annotated[str, Path(pattern="^(title-abstract|full-text)$", description="The stage.")]
Skip = Annotated[int, Query(ge=0, le=10_000_000, description="Leave out so many.")]
Limit = Annotated[int, Query(ge=1, le=1000, description="At most so many.")]
PageNumber = Annotated[int, Query(ge=1, le=1_000_000, description="Page, from 1.")]


def _needs(action: str) -> Any:
    """Return the dependency that refuses visitors without the right to an action."""

    def check(visit: AnyReviewVisit) -> ReviewVisit:
        visit.require(action)
        return visit

    return Depends(check)


Guest = Annotated[ReviewVisit, _needs("read-report")]
Reader = Annotated[ReviewVisit, _needs("read")]
Importer = Annotated[ReviewVisit, _needs("import")]
Voter = Annotated[ReviewVisit, _needs("vote")]
Settler = Annotated[ReviewVisit, _needs("settle")]
Extractor = Annotated[ReviewVisit, _needs("extract")]
Appraiser = Annotated[ReviewVisit, _needs("appraise")]
Grader = Annotated[ReviewVisit, _needs("grade")]
Planner = Annotated[ReviewVisit, _needs("edit-protocol")]
Opener = Annotated[ReviewVisit, _needs("open-blinding")]
Manager = Annotated[ReviewVisit, _needs("manage-people")]
Taker = Annotated[ReviewVisit, _needs("export")]


def check_size(visit: ReviewVisit, files: Sequence[UploadFile]) -> None:
    """Refuse files that are more together than may be sent at once.

    Raises
    ------
    HTTPException
        413, when they are.
    """
    settings: WebSettings = visit.request.app.state.settings
    if sum(file.size or 0 for file in files) > settings.upload_limit:
        raise HTTPException(413)
