"""A whole review taken away: its folder as ``tamis pack`` packs it, wherever its log is kept.

Who takes it away sees everything in it, sealed or not. Where something is sealed from them, that
they took it is itself recorded, and shows in the activity: blinding is opened, not circumvented.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from tamis.app.live import LiveReview
from tamis.app.overview import keeps_secrets
from tamis.app.ports import SystemClock
from tamis.domain.events import Draft
from tamis.store import FolderLog, pack

__all__ = ["export_review"]

#: What belongs to one machine alone, and what the log is written anew into.
_LEFT = shutil.ignore_patterns(".tamis", "log", ".git")


def export_review(live: LiveReview, viewer: str) -> bytes:
    """Return the whole review as an archive that ``tamis unpack`` opens.

    Parameters
    ----------
    viewer
        Who takes it away; the caller has checked that they have the right to.
    """
    with live.locked():
        if keeps_secrets(live, viewer):
            body = {"topic": "exported", "fields": {"why": "the whole review was taken away"}}
            live.record(
                [Draft(actor=viewer, kind="note_added.v1", subject=live.state.id, body=body)]
            )
        events = live.review.events()
        with tempfile.TemporaryDirectory(prefix="tamis-") as place:
            folder = Path(place) / "review"
            shutil.copytree(live.root, folder, ignore=_LEFT)
            (folder / "log").mkdir()
            FolderLog(folder, replica="", clock=SystemClock()).absorb(events)
            return pack(folder, Path(place) / "export.zip").archive.read_bytes()
