"""``tamis status``: where the review stands, and the next step."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from tamis.cli.output import HERE, JsonOption, ReviewArgument, emit

__all__ = ["command"]


def command(
    review: Annotated[Path, ReviewArgument] = HERE,
    as_json: Annotated[bool, JsonOption] = False,
) -> None:
    """Say where the review stands, with counts, and what to do next."""
    from tamis.app.review import open_review
    from tamis.app.status import status_of

    status = status_of(open_review(review))
    width = max((len(name) for name in status.counts), default=0)
    lines = [f"{status.title}", f"stage: {status.stage}"]
    lines += [f"  {name:<{width}}  {n}" for name, n in status.counts.items()]
    lines += [f"next: {step.command}\n      {step.why}" for step in status.next]
    emit(
        {
            "stage": status.stage,
            "counts": dict(status.counts),
            "next": [{"command": step.command, "why": step.why} for step in status.next],
        },
        lines,
        as_json=as_json,
    )
