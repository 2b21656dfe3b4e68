"""``tamis changes``: what the review tells otherwise than at an earlier moment."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from tamis.cli.output import HERE, DatabaseOption, JsonOption, ReviewArgument, emit

__all__ = ["command"]

SinceOption = typer.Option("--since", help="A day, as 2026-11-22, or a moment.")


def command(
    since: Annotated[str, SinceOption],
    review: Annotated[Path, ReviewArgument] = HERE,
    database: Annotated[str, DatabaseOption] = "",
    as_json: Annotated[bool, JsonOption] = False,
) -> None:
    """Say which counts, studies, results and certainties changed since a day."""
    from tamis.app.building.changes import changes_since
    from tamis.app.review import open_review

    with open_review(review, database=database) as opened:
        found = changes_since(opened, since)
    lines = [f"{one.kind}: {one.about}\n  was: {one.before or '-'}\n  is:  {one.after or '-'}"
             for one in found if one.language in ("", "en")]  # fmt: skip
    emit(
        {"since": since, "changes": [asdict(one) for one in found]},
        lines or [f"Nothing is told otherwise than on {since}."],
        as_json=as_json,
    )
