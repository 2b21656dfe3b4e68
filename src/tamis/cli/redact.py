"""``tamis redact``: remove the body of an event, keeping the chain."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tamis.cli.output import (
    HERE,
    AtOption,
    ByOption,
    DatabaseOption,
    JsonOption,
    ReviewArgument,
    emit,
)

__all__ = ["command"]


def command(
    event: Annotated[str, typer.Argument(help="The event, as <actor>.<replica>/<seq>.")],
    why: Annotated[str, typer.Option("--why", help="The reason; it stays in the log.")],
    review: Annotated[Path, ReviewArgument] = HERE,
    by: Annotated[str, ByOption] = "",
    at: Annotated[str, AtOption] = "",
    database: Annotated[str, DatabaseOption] = "",
    as_json: Annotated[bool, JsonOption] = False,
) -> None:
    """Remove the body of one event (a name, a long quote); its hash and the chain stay."""
    from tamis.app.identity import person
    from tamis.app.review import open_review
    from tamis.app.sharing.redact import redact_event

    with open_review(review, database=database) as opened:
        done = redact_event(opened, event, why=why, by=person(by), at=at)
    emit({"event": event, "by": done.id}, [f"{event} redacted by {done.id}"], as_json=as_json)
