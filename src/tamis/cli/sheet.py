"""``tamis sheet``: write a table to fill in, with everything but the decision."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tamis.app.building.counted import number_of
from tamis.cli.output import ByOption, DatabaseOption, JsonOption, emit

__all__ = ["command"]


def command(
    table: Annotated[
        str,
        typer.Argument(
            help="votes, consensus, pairs, links, documents, values, appraisals, "
            "appraisal-consensus or grades."
        ),
    ] = "votes",
    review: Annotated[
        Path | None, typer.Argument(help="The review's folder.", show_default="this folder")
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option("--to", help="The file to write; it must not exist. Default: TABLE.csv."),
    ] = None,
    stage: Annotated[
        str,
        typer.Option(
            "--stage",
            help="For votes and consensus, title-abstract or full-text. "
            "Default: the first one that waits.",
        ),
    ] = "",
    by: Annotated[str, ByOption] = "",
    database: Annotated[str, DatabaseOption] = "",
    as_json: Annotated[bool, JsonOption] = False,
) -> None:
    """Write what waits for you as a table to fill in and record."""
    from tamis.app.identity import person
    from tamis.app.review import open_review
    from tamis.app.sheet.sheet import SHEETS, make_sheet, write_sheet

    if review is None and table not in SHEETS and Path(table).is_dir():
        table, review = "votes", Path(table)  # 'tamis sheet REVIEW' is a sheet of votes
    target = to or Path(f"{table}.csv")
    with open_review(review or Path(), database=database) as opened:
        sheet = make_sheet(opened, table, person=person(by), stage=stage)
    write_sheet(sheet, target)
    spec = SHEETS[table]
    at = f" at {sheet.stage}" if sheet.stage else ""
    folder = f" {review}" if review else ""
    emit(
        {
            "file": str(target),
            "table": table,
            "stage": sheet.stage,
            "rows": sheet.rows,
            "reports": sheet.rows if table == "votes" else None,
        },
        [
            f"{number_of(sheet.rows, spec.row)} {spec.waits}{at}: {target}",
            f"fill in {spec.fill}, then: tamis record {table} {target}{folder}",
        ]
        if sheet.rows
        else [f"nothing waits for you in {table}{at}; {target} holds the header only"],
        as_json=as_json,
    )
