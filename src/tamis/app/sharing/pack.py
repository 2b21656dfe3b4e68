"""Write a review as one archive: the same review gives the same bytes."""

from __future__ import annotations

from pathlib import Path

from tamis.app.review import open_review, write_outside
from tamis.app.sharing.along import take_along
from tamis.domain.canonical import sha256_hex
from tamis.store import Packed, pack

__all__ = ["pack_part", "pack_review"]


def pack_review(root: Path, target: Path | None = None, *, database: str = "") -> Packed:
    """Pack the review in ``root``; the log is verified before.

    Full texts and derived files are left out by name: they are not this review's to share, or can
    be built again. Without a target the archive stands beside the review's folder. ``database``
    holds the log where the folder does not; the archive is the same.
    """
    with open_review(root, database=database) as review:
        place = target or root.resolve().parent / f"{review.state.id}.tamis.zip"
        return pack(root, place, events=review.events() if database else None)


def pack_part(root: Path, person: str, target: Path | None = None, *, database: str = "") -> Packed:
    """Pack one person's part of the review in ``root``, to be worked on elsewhere.

    It holds no verdict, value, judgement or note of anybody else (see ``along``).
    """
    with open_review(root, database=database) as review:
        data = take_along(review, person)
        place = target or root.resolve().parent / f"{review.state.id}-{person}.tamis.zip"
    write_outside(place, data)
    return Packed(archive=place, sha256=sha256_hex(data), files=(), left_out=())
