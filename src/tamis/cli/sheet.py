"""``tamis sheet``: write the table a reviewer fills in to screen."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tamis.cli.output import HERE, ByOption, JsonOption, ReviewArgument, emit

__all__ = ["command"]


def command(
    review: Annotated[Path, ReviewArgument] = HERE,
    to: Annotated[Path, typer.Option("--to", help="The file to write; it must not exist.")] = Path(
        "votes.csv"
    ),
    stage: Annotated[
        str,
        typer.Option(
            "--stage", help="title-abstract or full-text. Default: the first one that waits."
        ),
    ] = "",
    by: Annotated[str, ByOption] = "",
    as_json: Annotated[bool, JsonOption] = False,
) -> None:
    """Write the reports that wait for your verdict as a table to fill in and record."""
    from tamis.app.identity import person
    from tamis.app.review import open_review
    from tamis.app.sheet import screening_sheet, write_sheet

    sheet = screening_sheet(open_review(review), reviewer=person(by), stage=stage)
    write_sheet(sheet, to)
    emit(
        {"file": str(to), "stage": sheet.stage, "reports": sheet.reports},
        [
            f"{sheet.reports} reports to screen at {sheet.stage}: {to}",
            f"fill in the column 'decision', then: tamis record votes {to}",
        ]
        if sheet.reports
        else [f"nothing waits for your verdict at {sheet.stage}; {to} holds the header only"],
        as_json=as_json,
    )
