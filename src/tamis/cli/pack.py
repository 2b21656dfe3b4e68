"""``tamis pack``: the review as one archive."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tamis.app.building.counted import number_of
from tamis.cli.output import HERE, DatabaseOption, JsonOption, ReviewArgument, emit

__all__ = ["command"]


def command(
    review: Annotated[Path, ReviewArgument] = HERE,
    to: Annotated[Path | None, typer.Option("--to", help="The archive to write.")] = None,
    person: Annotated[
        str, typer.Option("--for", help="One person's part, to screen elsewhere: p-name.")
    ] = "",
    database: Annotated[str, DatabaseOption] = "",
    as_json: Annotated[bool, JsonOption] = False,
) -> None:
    """Write the review as one archive, without full texts and derived files."""
    from tamis.app.sharing.pack import pack_part, pack_review

    done = (
        pack_part(review, person, to, database=database)
        if person
        else pack_review(review, to, database=database)
    )
    emit(
        {"archive": str(done.archive), "sha256": done.sha256, "left_out": list(done.left_out)},
        [
            f"{done.archive}  sha256 {done.sha256}",
            f"left out by name: {number_of(len(done.left_out), 'file')}",
        ],
        as_json=as_json,
    )
