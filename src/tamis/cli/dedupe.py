"""``tamis dedupe``: the same reports in export files, without a review."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tamis.cli.output import JsonOption, emit
from tamis.cli.progress import progress

__all__ = ["command"]


def command(
    files: Annotated[list[Path], typer.Argument(help="Export files of any readable format.")],
    out: Annotated[Path, typer.Option("--out", help="Folder to write the answer to.")],
    policy: Annotated[
        str,
        typer.Option("--policy", help="versions-are-links or versions-are-duplicates."),
    ] = "versions-are-links",
    language: Annotated[
        str, typer.Option("--language", help="Of the page of merges: en or zh.")
    ] = "en",
    engine: Annotated[
        str,
        typer.Option("--engine", help="Who finds the pairs to compare: duckdb or spark."),
    ] = "",
    force: Annotated[bool, typer.Option("--force", help="Write over an earlier answer.")] = False,
    as_json: Annotated[bool, JsonOption] = False,
) -> None:
    """Find the same reports in export files; no record is deleted or changed."""
    from tamis.app.dedupe_files import dedupe_files, write_deduped
    from tamis.app.dedupe_files.run import STEPS
    from tamis.dedupe import DedupeSettings

    settings = DedupeSettings(policy=policy)
    with progress(len(files) + STEPS, as_json=as_json) as tell:
        made = dedupe_files(files, settings=settings, engine=engine, language=language, tell=tell)
        write_deduped(made, out, force=force, tell=tell)
    written = [str(out / name) for name in made.files]
    emit(
        {**made.payload, "written": written},
        [*made.lines, f"Written to {out}: {', '.join(made.files)}"],
        as_json=as_json,
    )
