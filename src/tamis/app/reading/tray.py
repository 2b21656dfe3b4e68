"""Full texts that were uploaded and wait to be attached: one tray for each person."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from tamis.app.full_text.full_texts import WAITING, FullTexts
from tamis.app.full_text.views import Offered, Upload
from tamis.app.live import LiveReview
from tamis.extraction import MatchCandidate

__all__ = ["OfferTray"]


class OfferTray:
    """The files that each person uploaded and has not attached or put away yet.

    Their bytes wait in the review's folder, and a list for each person beside them: after a restart
    they are looked at again. What nobody asked for in ``DAYS`` leaves.
    """

    #: Files that stay for one person; the oldest leave first.
    KEPT = 200

    #: Days that a file waits.
    DAYS = 30

    def __init__(self, live: LiveReview) -> None:
        self._live = live
        self._lock = threading.Lock()
        self._offers: dict[str, dict[str, Offered]] = {}

    def take(self, viewer: str, full_texts: FullTexts, uploads: Sequence[Upload]) -> int:
        """Look at files and keep what they are; returns how many were refused."""
        offered = full_texts.offer(uploads)
        mine = self._of(viewer, full_texts)
        with self._lock:
            for one in offered:
                mine.pop(one.document, None)
                mine[one.document] = one
            for old in list(mine)[: max(0, len(mine) - self.KEPT)]:
                del mine[old]
            self._keep(viewer)
            self._clear()
        return sum(one.outcome == "refused" for one in offered)

    def waiting(self, viewer: str, full_texts: FullTexts) -> tuple[Offered, ...]:
        """Return a person's files; what was attached since says so.

        A report that was linked since is named as it is now, so that its other files find it.
        """
        mine = tuple(self._of(viewer, full_texts).values())
        renamed = full_texts.renamed()
        attached: Mapping[str, list[str]] = {one.document: [] for one in mine}
        for shown in full_texts.waiting(viewer):
            for document, _, _ in shown.documents:
                if document in attached:
                    attached[document].append(shown.target)
        return tuple(
            replace(one, outcome="attached", attached_to=tuple(attached[one.document]))
            if attached[one.document]
            else replace(one, candidates=tuple(_now(c, renamed) for c in one.candidates))
            for one in mine
        )

    def drop(self, viewer: str, document: str) -> None:
        """Put a file away; one that is not there is no error."""
        with self._lock:
            names = self._names(viewer)
            if names.pop(document, None) is not None:
                self._write(viewer, names)
            self._offers.get(viewer, {}).pop(document, None)

    def _of(self, viewer: str, full_texts: FullTexts) -> dict[str, Offered]:
        """Return a person's files, looked at again if the server was started since."""
        with self._lock:
            held = self._offers.get(viewer)
            if held is not None:
                return held
            names = self._names(viewer)
        found = [(name, self._root / f"{document}.pdf") for document, name in names.items()]
        uploads = [Upload(name=name, data=path.read_bytes()) for name, path in found
                   if path.is_file()]  # fmt: skip
        offered = {one.document: one for one in full_texts.offer(uploads)} if uploads else {}
        with self._lock:
            return self._offers.setdefault(viewer, offered)

    @property
    def _root(self) -> Path:
        return self._live.root / WAITING

    def _names(self, viewer: str) -> dict[str, str]:
        """Return a person's list, document to file name; a list that cannot be read is empty."""
        try:
            told = json.loads((self._root / f"{viewer}.json").read_bytes())
        except (OSError, ValueError):
            return {}
        return {str(k): str(v) for k, v in told.items()} if isinstance(told, dict) else {}

    def _keep(self, viewer: str) -> None:
        waiting = self._offers.get(viewer, {}).values()
        self._write(viewer, {one.document: one.name for one in waiting if one.pages})

    def _write(self, viewer: str, names: Mapping[str, str]) -> None:
        data = json.dumps(names, ensure_ascii=False, indent=1).encode()
        self._live.review.write(f"{WAITING}/{viewer}.json", data)

    def _clear(self) -> None:
        """Remove what has waited too long; a file that somebody has just taken is no trouble."""
        oldest = time.time() - self.DAYS * 86_400
        for path in self._root.glob("*.pdf"):
            with contextlib.suppress(OSError):
                if path.stat().st_mtime < oldest:
                    path.unlink()


def _now(found: MatchCandidate, renamed: Mapping[str, str]) -> MatchCandidate:
    return replace(found, key=renamed.get(found.key, found.key))
