"""The finished report as a server hands it out: built in the background, given to who may see all.

A report tells every verdict. While a verdict is sealed from somebody, it is withheld from them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tamis.app.building.build import BUILD_STEPS, build_review, is_built
from tamis.app.desk.desk import Desk
from tamis.app.live import LiveReview
from tamis.app.review import Review
from tamis.domain.errors import NotFound, RuleBroken

__all__ = ["BUILD_STEPS", "FILES", "Shelved", "build_report", "report_file", "shelved"]

#: File of the report -> how browsers are told what it is.
FILES = {
    "report.html": "text/html; charset=utf-8",
    "report.docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "report.pdf": "application/pdf",
    "bundle.zip": "application/zip",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelved:
    """What there is of the report: its files, whether it is of the log as it stands."""

    files: tuple[str, ...]
    current: bool
    withheld: bool


def shelved(live: LiveReview, viewer: str) -> Shelved:
    """Return what the viewer may have of the report."""
    with live.locked():
        withheld = live.part(Desk).keeps_secrets(viewer)
        here = tuple(name for name in FILES if (live.root / "report" / name).is_file())
        return Shelved(
            files=() if withheld else here, current=is_built(live.review), withheld=withheld
        )


def report_file(live: LiveReview, viewer: str, name: str) -> bytes:
    """Return one file of the report.

    Raises
    ------
    RuleBroken
        While something is sealed from the viewer.
    NotFound
        When there is no such file, or it was not built.
    """
    found = shelved(live, viewer)
    if found.withheld:
        raise RuleBroken(
            "the report would tell verdicts that are sealed from you",
            "wait until both have voted on every report, or ask an owner to close the stage",
            rule="sealed",
        )
    if name not in found.files:
        raise NotFound(f"there is no {name} yet", "build the report first")
    return live.review.read_bytes(f"report/{name}")


def build_report(review: Review, viewer: str, tell: Callable[[str], None]) -> tuple[str, ...]:
    """Build the report of a review that was opened beside the live one, so that others go on.

    Returns what is to be said at the end.
    """
    with review:
        return build_review(review, by=viewer, tell=tell).summary
