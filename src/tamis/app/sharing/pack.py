"""Write a review as one archive: the same review gives the same bytes."""

from __future__ import annotations

from pathlib import Path

from tamis.app.review import open_review
from tamis.store import Packed, pack

__all__ = ["pack_review"]


def pack_review(root: Path, target: Path | None = None) -> Packed:
    """Pack the review in ``root``; the log is verified before.

    Full texts and derived files are left out by name: they are not this review's to share, or can
    be built again. Without a target the archive stands beside the review's folder.
    """
    review = open_review(root)
    return pack(root, target or root.resolve().parent / f"{review.state.id}.tamis.zip")
