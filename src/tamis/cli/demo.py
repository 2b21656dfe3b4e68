"""``tamis demo``: copy the worked review, build it, say where the report is."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tamis.cli.output import JsonOption, emit
from tamis.cli.progress import progress

__all__ = ["command"]


def command(
    folder: Annotated[Path, typer.Argument(help="Where to put it.")] = Path("tamis-demo"),
    practice: Annotated[
        bool, typer.Option("--practice", help="Copy the practice set (invented papers) instead.")
    ] = False,
    as_json: Annotated[bool, JsonOption] = False,
) -> None:
    """Copy the worked review to FOLDER, build it, and say where the report is."""
    from tamis.app.building.build import BUILD_STEPS
    from tamis.app.demo import run_demo

    with progress(BUILD_STEPS, as_json=as_json) as tell:
        done = run_demo(folder, practice=practice, tell=tell)
    payload = {
        "review": str(done.folder),
        "report": {"html": str(done.built.html)},
        "quantities": done.built.quantities,
        "seconds": round(done.built.seconds, 2),
        "summary": list(done.built.summary),
    }
    emit(payload, done.built.summary, as_json=as_json)
