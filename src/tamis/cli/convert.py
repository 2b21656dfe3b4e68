"""``tamis convert``: citation files of any format into one file of another."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tamis.cli.file_reports import as_lines, as_object
from tamis.cli.output import JsonOption, emit
from tamis.cli.progress import progress

__all__ = ["command"]


def command(
    files: Annotated[list[Path], typer.Argument(help="Files to read, of any format; joined.")],
    target: Annotated[Path, typer.Argument(help="The file to write.", metavar="OUT")],
    to: Annotated[
        str,
        typer.Option(
            "--to",
            help="ris, nbib, csv, xlsx, bibtex, csl-json, endnote-xml or asreview. "
            "Default: by the end of OUT's name.",
        ),
    ] = "",
    force: Annotated[bool, typer.Option("--force", help="Write over OUT if it exists.")] = False,
    as_json: Annotated[bool, JsonOption] = False,
) -> None:
    """Convert citation files, and say what was mended, set aside, and cannot be carried."""
    from tamis.app.building.counted import number_of
    from tamis.app.convert import convert_files

    with progress(len(files) + 1, as_json=as_json) as tell:
        done = convert_files(files, target, fmt=to, force=force, tell=tell)
    lines = []
    for file in done.files:
        parsed = file.parsed
        lines.append(
            f"{file.path}: {number_of(len(parsed.records), 'record')} "
            f"({parsed.format}, {parsed.encoding})"
        )
        lines += as_lines(parsed, file.facts, written=True)
    lines.append(f"{done.path}: {number_of(done.records, 'record')} ({done.format})")
    lines += [
        f"  {done.format} cannot carry: {loss.field} of {number_of(loss.records, 'record')} "
        f"({loss.what})"
        for loss in done.lost
        if loss.field != "raw"
    ]
    payload = {
        "to": {
            "path": str(done.path),
            "format": done.format,
            "records": done.records,
            "bytes": done.bytes,
        },
        "files": [as_object(str(file.path), file.parsed, file.facts) for file in done.files],
        "lost": [
            {"field": loss.field, "records": loss.records, "what": loss.what} for loss in done.lost
        ],
    }
    emit(payload, lines, as_json=as_json)
