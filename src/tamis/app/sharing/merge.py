"""Unite two copies of a review that were worked on apart: the union of their logs."""

from __future__ import annotations

from pathlib import Path

from tamis.app.ports import SystemClock
from tamis.store import Merged, merge

__all__ = ["Merged", "merge_copy"]


def merge_copy(copy: Path, into: Path, *, database: str = "") -> Merged:
    """Bring into a review what another copy of it has; the copy stays as it is.

    ``database`` holds the log of ``into`` where its folder does not.

    Raises
    ------
    NotFound, BadInput
        When one of the folders holds no log, or they are not copies of one review.
    Conflict
        When both hold different events at one place of a chain, or somebody is writing.
    """
    return merge(copy, into, clock=SystemClock(), database=database)
