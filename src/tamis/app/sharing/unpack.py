"""Bring a review back from its archive."""

from __future__ import annotations

from pathlib import Path

from tamis.app.review import Review, open_review
from tamis.store import unpack

__all__ = ["unpack_review"]


def unpack_review(archive: Path, folder: Path, *, database: str = "") -> Review:
    """Unpack an archive into a new or empty folder and open it; the log is verified on the way.

    With a database, the log goes there, united with what it holds of this review.
    """
    unpack(archive, folder)
    return open_review(folder, database=database)
