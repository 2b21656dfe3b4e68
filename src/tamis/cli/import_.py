"""``tamis import``: bring in export files of databases and registers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from tamis.app.building.counted import number_of
from tamis.cli.file_reports import as_lines, as_object
from tamis.cli.output import HERE, AtOption, ByOption, DatabaseOption, JsonOption, emit
from tamis.cli.progress import progress
from tamis.domain.records import Record

__all__ = ["command"]

#: How many groups of duplicates are named on the screen.
SHOWN = 5
#: Steps that are told beside one for each file: the import, and the look for duplicates.
STEPS = 2


def command(
    files: Annotated[list[Path], typer.Argument(help="Export files of any format that is read.")],
    review: Annotated[Path, typer.Option("--review", help="The review's folder.")] = HERE,
    source: Annotated[
        str, typer.Option("--source", help="Source id of review.toml, when it is not plain.")
    ] = "",
    as_is: Annotated[
        bool,
        typer.Option("--as-is", help="Import a file although it looks cut short or garbled."),
    ] = False,
    by: Annotated[str, ByOption] = "",
    at: Annotated[str, AtOption] = "",
    database: Annotated[str, DatabaseOption] = "",
    as_json: Annotated[bool, JsonOption] = False,
) -> None:
    """Import export files; the bytes are kept unchanged and every record gets its id."""
    from tamis.app.clusters import new_duplicates
    from tamis.app.identity import person
    from tamis.app.import_reports import facts_of_file
    from tamis.app.imports import import_files, load_library
    from tamis.app.protocol.amend import read_protocol
    from tamis.app.review import open_review

    with (
        open_review(review, database=database) as opened,
        progress(len(files) + STEPS, as_json=as_json) as tell,
    ):
        done = import_files(
            opened, files, source=source, by=person(by), at=at, as_is=as_is, tell=tell
        )
        tell("looking for duplicates")
        twice = new_duplicates(opened, read_protocol(opened), load_library(opened), done)
    lines, objects = [], []
    for path, item in zip(files, done, strict=True):
        parsed, facts = item.parsed, facts_of_file(path, item.parsed)
        lines.append(
            f"{item.path}: {number_of(len(parsed.records), 'record')} from {item.source} "
            f"({parsed.format}, "
            f"{parsed.encoding})" + ("" if item.new else ": already imported, nothing changed")
        )
        lines += as_lines(parsed, facts)
        objects.append({**as_object(item.path, parsed, facts), "new": item.new})
    payload = {
        "files": objects,
        "merged": [[record.id for record in group] for group in twice.merged],
        "doubtful": [[record.id for record in pair] for pair in twice.doubtful],
    }
    lines += _twice("taken for one report", twice.merged)
    lines += _twice("may be one report, kept apart", twice.doubtful)
    if twice.merged or twice.doubtful:
        lines.append("  to look at them: tamis sheet pairs --to pairs.csv")
    emit(payload, lines, as_json=as_json)


def _twice(what: str, groups: Sequence[Sequence[Record]]) -> list[str]:
    """Return a line for each group of records, the first of them by title, and how many more."""
    lines = []
    for group in groups[:SHOWN]:
        title = next((record.title for record in group if record.title), "without a title")
        lines.append(f"  {what}: {' and '.join(record.id for record in group)}: {title}")
    more = len(groups) - SHOWN
    return [*lines, f"  {what}: {more} more; --json lists them all"] if more > 0 else lines
