"""``tamis build``: compute everything and write the report."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from tamis.cli.output import HERE, ByOption, DatabaseOption, JsonOption, ReviewArgument, emit, show
from tamis.cli.progress import progress

__all__ = ["command"]


class Only(StrEnum):
    """What can be built alone."""

    HTML = "html"


def command(
    review: Annotated[Path, ReviewArgument] = HERE,
    by: Annotated[str, ByOption] = "",
    why: Annotated[
        str, typer.Option("--why", help="Why review.toml was changed, when it was.")
    ] = "",
    only: Annotated[
        Only | None,
        typer.Option("--only", help="html: leave Word file, PDF and figures out.", metavar="html"),
    ] = None,
    database: Annotated[str, DatabaseOption] = "",
    as_json: Annotated[bool, JsonOption] = False,
) -> None:
    """Compute the review from its log and write report/: page, Word file, PDF, figures, data."""
    from tamis.app.building.build import BUILD_STEPS, build_review
    from tamis.app.identity import person
    from tamis.app.review import open_review

    with (
        open_review(review, database=database) as opened,
        progress(BUILD_STEPS, as_json=as_json) as tell,
    ):
        built = build_review(opened, by=person(by), why=why, only=only or "", tell=tell)
    payload = {
        "report": {
            "html": str(built.html),
            "docx": str(built.docx) if built.docx else None,
            "pdf": str(built.pdf) if built.pdf else None,
        },
        "quantities": built.quantities,
        "seconds": round(built.seconds, 2),
        "findings": [
            {"rule": f.rule, "severity": f.severity, "subject": f.subject, "message": f.message}
            for f in built.findings
        ],
    }
    papers = [f"Also: {path}" for path in (built.docx, built.pdf) if path]
    lines = [
        *(show(f) for f in built.findings if f.severity == "error"),
        *built.summary[:1],
        *papers,
        *built.summary[1:],
    ]
    emit(payload, lines, as_json=as_json)
