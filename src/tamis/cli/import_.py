"""``tamis import``: bring in export files of databases and registers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from tamis.cli.output import HERE, AtOption, ByOption, JsonOption, emit
from tamis.domain.records import RefusedPart, Repair

__all__ = ["command"]


def command(
    files: Annotated[list[Path], typer.Argument(help="Export files (RIS, PubMed nbib, CSV).")],
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
    as_json: Annotated[bool, JsonOption] = False,
) -> None:
    """Import export files; the bytes are kept unchanged and every record gets its id."""
    from tamis.app.identity import person
    from tamis.app.imports import import_files
    from tamis.app.review import open_review

    done = import_files(
        open_review(review), files, source=source, by=person(by), at=at, as_is=as_is
    )
    lines = []
    for item in done:
        parsed = item.parsed
        lines.append(
            f"{item.path}: {len(parsed.records)} records from {item.source} ({parsed.format}, "
            f"{parsed.encoding})" + ("" if item.new else ": already imported, nothing changed")
        )
        lines += _told("repaired", parsed.repaired)
        lines += _told("not a record", parsed.refused)
    payload = {
        "files": [
            {
                "path": item.path,
                "format": item.parsed.format,
                "database": item.parsed.database,
                "encoding": item.parsed.encoding,
                "records": len(item.parsed.records),
                "new": item.new,
                "repaired": [
                    {"line": r.line, "code": r.code, "message": r.message}
                    for r in item.parsed.repaired
                ],
                "refused": [
                    {"line": r.line, "code": r.code, "message": r.message}
                    for r in item.parsed.refused
                ],
            }
            for item in done
        ]
    }
    emit(payload, lines, as_json=as_json)


def _told(what: str, parts: Sequence[Repair | RefusedPart]) -> list[str]:
    """Return one line a kind of remark, with the first place and how often; --json lists all."""
    lines = []
    for code in dict.fromkeys(part.code for part in parts):
        found = [part for part in parts if part.code == code]
        more = f" ({len(found)} times; --json lists them all)" if len(found) > 1 else ""
        lines.append(f"  line {found[0].line}: {what}: {found[0].message}{more}")
    return lines
