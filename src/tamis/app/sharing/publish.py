"""The finished report as a server hands it out: built in the background, given to who may see all.

A report tells every verdict, value and judgement. While one of them is sealed from somebody, it is
withheld from them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tamis.app.apart import run_apart
from tamis.app.building.build import BUILD_STEPS, is_built
from tamis.app.live import LiveReview
from tamis.app.overview import keeps_secrets
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
        withheld = keeps_secrets(live, viewer)
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
            "the report would tell what is sealed from you",
            "finish your own part, and wait until the others have voted on every report",
            rule="sealed",
        )
    if name not in found.files:
        raise NotFound(f"there is no {name} yet", "build the report first")
    return live.review.read_bytes(f"report/{name}")


def build_report(
    live: LiveReview, viewer: str, tell: Callable[[str], None], *, database: str = ""
) -> tuple[str, ...]:
    """Build the report of a live review in a process of its own, so that others go on.

    Returns what is to be said at the end.
    """
    return run_apart("build", live.root, by=viewer, database=database, tell=tell)
