"""``tamis record``: put people's decisions from a table into the log."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tamis.app.building.counted import number_of
from tamis.cli.output import (
    HERE,
    AtOption,
    ByOption,
    DatabaseOption,
    JsonOption,
    ReviewArgument,
    emit,
    show,
)

__all__ = ["command"]


def command(
    table: Annotated[
        str,
        typer.Argument(
            help="pairs, votes, consensus, links, documents, values, appraisals, "
            "appraisal-consensus, grades or notes."
        ),
    ],
    file: Annotated[Path, typer.Argument(help="The table, as CSV in UTF-8.")],
    review: Annotated[Path, ReviewArgument] = HERE,
    by: Annotated[str, ByOption] = "",
    at: Annotated[str, AtOption] = "",
    database: Annotated[str, DatabaseOption] = "",
    as_json: Annotated[bool, JsonOption] = False,
) -> None:
    """Record a table of decisions: all of its rows, or none when one is wrong."""
    from tamis.app.identity import person
    from tamis.app.record.record import record_table
    from tamis.app.review import open_review

    with open_review(review, database=database) as opened:
        done = record_table(opened, table, file, by=person(by), at=at)
    emit(
        {
            "table": table,
            "recorded": len(done.events),
            "already": done.already,
            "events": [event.id for event in done.events],
            "findings": [
                {"rule": f.rule, "severity": f.severity, "subject": f.subject, "message": f.message}
                for f in done.findings
            ],
        },
        [
            f"{len(done.events)} recorded from {file}, {done.already} already there",
            *(
                f"{number_of(rows, 'row')} recorded as said by {who}, entered by {done.by}: "
                "the log says both"
                for who, rows in done.of_others.items()
            ),
            *(show(f) for f in done.findings),
        ],
        as_json=as_json,
    )
