"""``tamis unpack``: a review from its archive."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tamis.app.building.counted import number_of
from tamis.cli.output import DatabaseOption, JsonOption, emit

__all__ = ["command"]


def command(
    archive: Annotated[Path, typer.Argument(help="An archive that 'tamis pack' wrote.")],
    folder: Annotated[Path, typer.Argument(help="A new or empty folder.")],
    database: Annotated[str, DatabaseOption] = "",
    as_json: Annotated[bool, JsonOption] = False,
) -> None:
    """Unpack an archive into FOLDER; nothing that exists is overwritten."""
    from tamis.app.sharing.unpack import unpack_review

    with unpack_review(archive, folder, database=database) as review:
        count, title = review.state.count, review.state.title
    step = {"command": f"tamis build {folder}", "why": "an archive holds no report"}
    emit(
        {"review": str(folder), "events": count, "next": [step]},
        [
            f"{title}: {number_of(count, 'event')} in {folder}",
            f"next: {step['command']}",
            f"      {step['why']}: it is computed again, then: tamis verify {folder}",
        ],
        as_json=as_json,
    )
