"""One request of one person: who asks, in which language, on which review, and the answer's page.

Every route takes a ``Visit`` (or a ``ReviewVisit``); it is the only way to make a page, so that
each page knows its visitor, its language and the token that guards its forms.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import quote, urlsplit

from fastapi import Depends, Request
from fastapi.exceptions import HTTPException
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from tamis import __version__
from tamis.app.live import LiveReview
from tamis.domain.errors import NotFound
from tamis.web.own import own_words, shipped
from tamis.web.pages import environment
from tamis.web.retelling import retelling
from tamis.web.saying import reading, telling
from tamis.web.steps import FINISHED, STEPS
from tamis.web.visitors import Door, Visitor
from tamis.web.words import LANGUAGES, Translate, choose_language, translator, words

__all__ = ["AReviewVisit", "AVisit", "AnyReviewVisit", "ReviewVisit", "Visit", "is_fragment"]

#: Cookies that hold a preference and nothing secret.
LANGUAGE, THEME = "tamis-language", "tamis-theme"

THEMES = ("auto", "light", "dark")


@dataclass(frozen=True, kw_only=True)
class Visit:
    """A request and who made it."""

    request: Request
    visitor: Visitor
    language: str
    theme: str

    @property
    def t(self) -> Translate:
        """The words of the visitor's language."""
        return translator(self.language)

    @property
    def person(self) -> str:
        """The actor of what the visitor does: ``p-…``."""
        return self.visitor.person

    def may(self, action: str) -> bool:
        """Tell whether the visitor's role allows an action (``app.permissions``)."""
        return self.visitor.may(self.review_name, action)

    @property
    def review_name(self) -> str:
        """The review that rights are asked for; empty outside any."""
        return ""

    def require(self, action: str) -> None:
        """Refuse what the visitor's role does not allow.

        Raises
        ------
        HTTPException
            403, when it does not.
        """
        if not self.may(action):
            raise HTTPException(403)

    def page(self, template: str, *, code: int = 200, **context: Any) -> HTMLResponse:
        """Return a page (or the part of one that htmx asks for) made from a template."""
        body = environment().get_template(template).render(self.context(**context))
        return HTMLResponse(body, status_code=code)

    def context(self, **more: Any) -> dict[str, Any]:
        """Return what every template may use, and ``more``."""
        return {
            "t": self.t,
            "says": telling(self.language),
            "reads": reading(self.language),
            "ruled": retelling(self.language),
            "own": lambda text: shipped(text, self.language),
            "kind_word": self.kind_word,
            "language": self.language,
            "languages": LANGUAGES,
            "theme": self.theme,
            "visitor": self.visitor,
            "csrf": self.visitor.csrf,
            "here": self.request.url.path,
            "fragment": is_fragment(self.request),
            "version": __version__,
            "review": None,
            "steps": (),
            **more,
        }

    def kind_word(self, kind: str) -> str:
        """Return what a kind of record is called; words that are none of ours stay."""
        return words(self.language).get(f"kinds.{kind.replace(' ', '_')}", kind)

    def goto(self, path: str) -> Response:
        """Send the browser to another page after something was done."""
        return RedirectResponse(path, status_code=303)

    def back(self, path: str) -> Response:
        """Send the browser back to a page of this server that a form named; never elsewhere."""
        parts = urlsplit(path)
        inside = path.startswith("/") and not path.startswith("//") and "\\" not in path
        return self.goto(path if inside and not parts.netloc and not parts.scheme else "/")


@dataclass(frozen=True, kw_only=True)
class ReviewVisit(Visit):
    """A request on one review."""

    name: str
    live: LiveReview

    @property
    def review_name(self) -> str:
        """The review that rights are asked for."""
        return self.name

    @property
    def roles(self) -> frozenset[str]:
        """The roles of the visitor in this review.

        On one's own machine they are those of ``[[team]]``; who is not named there is the owner.
        """
        if self.visitor.team:
            return frozenset({self.visitor.role})
        told = [m.roles for m in self.live.protocol.team if m.id == self.person]
        return frozenset(told[0]) if told and told[0] else frozenset({"owner"})

    def reason_text(self, reason: str) -> str:
        """Return the words of a criterion that is a reason; other words stay as they are."""
        found = (c.text for c in self.live.protocol.criteria if c.id == reason)
        return next(found, reason)

    def url(self, *parts: str) -> str:
        """Return the address of a page of this review."""
        return "/".join(("", "r", self.name, *(quote(part, safe="") for part in parts)))

    def context(self, **more: Any) -> dict[str, Any]:
        """Return what templates of a review's pages may use."""
        steps = STEPS if self.may("read") else FINISHED
        return super().context(
            **{
                "review": self.live.protocol.head,
                "own": own_words(self.live.protocol, self.language),
                "url": self.url,
                "reason_text": self.reason_text,
                "steps": steps,
                **more,
            }
        )


def visit(request: Request) -> Visit:
    """Find out who asks."""
    door: Door = request.app.state.door
    return Visit(
        request=request,
        visitor=door.visitor(request, review=""),
        language=_language(request),
        theme=_theme(request),
    )


def review_visit(request: Request, review: str) -> ReviewVisit:
    """Find out who asks, and open the review; who has no part in it learns nothing of it."""
    door: Door = request.app.state.door
    visitor = door.visitor(request, review=review)
    if not visitor.role:
        raise NotFound(f"there is no review {review!r} here", "choose one of the list")
    return ReviewVisit(
        request=request,
        visitor=visitor,
        language=_language(request),
        theme=_theme(request),
        name=review,
        live=request.app.state.shelf.open(review),
    )


def reading_visit(visit: AnyReviewVisit) -> ReviewVisit:
    """Open the review for somebody who may read it; a guest is refused here, once for all pages."""
    visit.require("read")
    return visit


AVisit = Annotated[Visit, Depends(visit)]

#: Anybody with a part in the review, a guest too: the route itself asks for the right it needs.
AnyReviewVisit = Annotated[ReviewVisit, Depends(review_visit)]

#: Somebody who may at least read the review.
AReviewVisit = Annotated[ReviewVisit, Depends(reading_visit)]


def is_fragment(request: Request) -> bool:
    """Tell whether htmx asks for a part of a page."""
    return request.headers.get("HX-Request-Type") == "partial"


def _language(request: Request) -> str:
    accept = request.headers.get("accept-language", "")
    return choose_language(request.cookies.get(LANGUAGE, ""), accept)


def _theme(request: Request) -> str:
    found = request.cookies.get(THEME, THEMES[0])
    return found if found in THEMES else THEMES[0]
