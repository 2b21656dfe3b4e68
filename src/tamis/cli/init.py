"""``tamis init``: start a review."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tamis.cli.output import AtOption, ByOption, DatabaseOption, JsonOption, emit

__all__ = ["command"]


def command(
    folder: Annotated[Path, typer.Argument(help="A new or empty folder, or one with review.toml.")],
    title: Annotated[str, typer.Option("--title", help="Title of the review.")] = "",
    by: Annotated[str, ByOption] = "",
    at: Annotated[str, AtOption] = "",
    database: Annotated[str, DatabaseOption] = "",
    as_json: Annotated[bool, JsonOption] = False,
) -> None:
    """Start a review in FOLDER: its log, and a review.toml to fill in."""
    from tamis.app.init import init_review

    with init_review(folder, title=title, by=by, at=at, database=database) as made:
        name = made.state.id
    emit(
        {"review": str(folder), "id": name},
        [
            f"The review {name!r} starts in {folder}",
            "Next: write your question and sources into review.toml, then 'tamis status'.",
        ],
        as_json=as_json,
    )
