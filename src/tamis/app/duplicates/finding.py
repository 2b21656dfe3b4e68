"""Looking for duplicates after an import: at once among few records, apart among many."""

from __future__ import annotations

from collections.abc import Callable

from tamis.app.apart import run_apart
from tamis.app.live import LiveReview

__all__ = ["AT_ONCE", "find_apart", "find_at_once"]

#: Records among which duplicates are found within a second.
AT_ONCE = 3000


def find_at_once(live: LiveReview) -> bool:
    """Find and record the duplicates of a review of few records; ``False`` where there are more."""
    with live.locked():
        if sum(batch.records for batch in live.state.batches.values()) > AT_ONCE:
            return False
        if live.library.records and live.clusters:
            live.log_pairs()
        return True


def find_apart(
    live: LiveReview, by: str, tell: Callable[[str], None], *, database: str = ""
) -> tuple[str, ...]:
    """Find and record the duplicates of a review in a process of its own; nothing is to be said."""
    return run_apart("duplicates", live.root, by=by, database=database, tell=tell)
