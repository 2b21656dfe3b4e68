"""The finished report as a server hands it out: built in the background, given to who may see all.

A report tells every verdict, value and judgement. While one of them is sealed from somebody, it is
withheld from them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tamis.app.apart import run_apart
from tamis.app.building.build import BUILD_STEPS, is_built
from tamis.app.building.typeset import FIGURES
from tamis.app.live import LiveReview
from tamis.app.overview import keeps_secrets
from tamis.domain.errors import NotFound, RuleBroken

__all__ = [
    "BUILD_STEPS",
    "FIGURE_TYPES",
    "FILES",
    "Shelved",
    "build_report",
    "figure_file",
    "figures",
    "report_file",
    "shelved",
]

#: File of the report -> how browsers are told what it is.
FILES = {
    "report.html": "text/html; charset=utf-8",
    "report.docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "report.pdf": "application/pdf",
    "bundle.zip": "application/zip",
}

#: Ending of a figure -> how browsers are told what it is.
FIGURE_TYPES = {"svg": "image/svg+xml", "pdf": "application/pdf", "png": "image/png"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelved:
    """What there is of the report: its files, whether it is of the log as it stands."""

    files: tuple[str, ...]
    current: bool
    withheld: bool


#: Files that hold the log, with everybody's notes whatever their scope.
WHOLE = frozenset({"bundle.zip"})


def shelved(live: LiveReview, viewer: str, *, whole: bool = False) -> Shelved:
    """Return what the viewer may have of the report.

    ``whole`` says whether they have the right to take the whole review away, log and all.
    """
    with live.locked():
        withheld = keeps_secrets(live, viewer)
        names = (name for name in FILES if whole or name not in WHOLE)
        here = tuple(name for name in names if (live.root / "report" / name).is_file())
        return Shelved(
            files=() if withheld else here, current=is_built(live.review), withheld=withheld
        )


def report_file(live: LiveReview, viewer: str, name: str, *, whole: bool = False) -> bytes:
    """Return one file of the report; ``whole`` as for ``shelved``.

    Raises
    ------
    RuleBroken
        While something is sealed from the viewer; for the bundle, without the right to the log.
    NotFound
        When there is no such file, or it was not built.
    """
    found = shelved(live, viewer, whole=whole)
    if found.withheld:
        raise RuleBroken(
            "the report would tell what is sealed from you",
            "finish your own part, and wait until the others have voted on every report",
            rule="sealed",
        )
    if name in WHOLE and not whole:
        raise RuleBroken(
            "the bundle holds the log, and with it everybody's notes",
            "ask an owner or a methodologist for it; the report itself is yours",
            rule="right-export",
        )
    if name not in found.files:
        raise NotFound(f"there is no {name} yet", "build the report first")
    return live.review.read_bytes(f"report/{name}")


def figures(live: LiveReview, viewer: str) -> tuple[str, ...]:
    """Return the names of the figures of the report; none while it is withheld."""
    with live.locked():
        if shelved(live, viewer).withheld:
            return ()
        found = (live.root / "report" / FIGURES).glob("*")
        return tuple(sorted(path.name for path in found if path.suffix[1:] in FIGURE_TYPES))


def figure_file(live: LiveReview, viewer: str, name: str) -> bytes:
    """Return one figure of the report.

    Raises
    ------
    NotFound
        When there is no such figure, or the report is withheld from the viewer.
    """
    if name not in figures(live, viewer):
        raise NotFound(f"there is no figure {name!r}", "choose one of the list")
    return live.review.read_bytes(f"report/{FIGURES}/{name}")


def build_report(
    live: LiveReview, viewer: str, tell: Callable[[str], None], *, database: str = ""
) -> tuple[str, ...]:
    """Build the report of a live review in a process of its own, so that others go on.

    Returns what is to be said at the end.
    """
    return run_apart("build", live.root, by=viewer, database=database, tell=tell)
