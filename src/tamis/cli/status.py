"""``tamis status``: where the review stands, and the next step."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from tamis.cli.output import HERE, ByOption, DatabaseOption, JsonOption, ReviewArgument, emit

__all__ = ["command"]

#: How many waiting records are named on the screen.
SHOWN = 10


def command(
    review: Annotated[Path, ReviewArgument] = HERE,
    by: Annotated[str, ByOption] = "",
    database: Annotated[str, DatabaseOption] = "",
    as_json: Annotated[bool, JsonOption] = False,
) -> None:
    """Say where the review stands, with counts, and what to do next."""
    from tamis.app.identity import person
    from tamis.app.review import open_review
    from tamis.app.status import status_of

    with open_review(review, database=database) as opened:
        status = status_of(opened, by=person(by))
    width = max((len(name) for name in status.counts), default=0)
    lines = [f"{status.title}", f"stage: {status.stage}"]
    lines += [f"  {name:<{width}}  {n}" for name, n in status.counts.items()]
    step, *beside = status.next
    lines.append(f"next: {step.command}\n      {step.why}")
    if status.waiting:
        more = len(status.waiting) - SHOWN
        lines.append(f"      waiting: {', '.join(status.waiting[:SHOWN])}")
        lines += [f"      and {more} more: --json lists them all"] if more > 0 else []
    lines += [f"also: {step.command}\n      {step.why}" for step in beside]
    emit(
        {
            "stage": status.stage,
            "counts": dict(status.counts),
            "waiting": list(status.waiting),
            "next": [{"command": step.command, "why": step.why} for step in status.next],
        },
        lines,
        as_json=as_json,
    )
