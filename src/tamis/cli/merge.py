"""``tamis merge``: two copies of a review that were worked on apart become one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tamis.cli.output import HERE, DatabaseOption, JsonOption, ReviewArgument, emit

__all__ = ["command"]


def command(
    copy: Annotated[Path, typer.Argument(help="The folder of the other copy, or its archive.")],
    review: Annotated[Path, ReviewArgument] = HERE,
    database: Annotated[str, DatabaseOption] = "",
    as_json: Annotated[bool, JsonOption] = False,
) -> None:
    """Bring in what another copy of this review has; the other copy stays as it is."""
    from tamis.app.building.counted import number_of
    from tamis.app.sharing.along import merge_archive
    from tamis.app.sharing.merge import merge_copy

    merged = (merge_archive if copy.is_file() else merge_copy)(copy, review, database=database)
    brought = f"{number_of(len(merged.events), 'event')}, {number_of(len(merged.files), 'file')}"
    emit(
        {"events": len(merged.events), "files": list(merged.files)},
        [f"from {copy}: {brought}", f"next: tamis status {review}"],
        as_json=as_json,
    )
