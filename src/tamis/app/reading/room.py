"""What a server keeps for reading full texts: processes once, desks once for each review."""

from __future__ import annotations

import threading

from tamis.app.desk.desk import Desk
from tamis.app.extract.extraction import ExtractionDesk
from tamis.app.full_text.full_texts import FullTexts
from tamis.app.full_text.page_process import PageProcesses
from tamis.app.full_text.pages import Pages
from tamis.app.live import LiveReview
from tamis.domain.ids import check_slug

__all__ = ["ArmsNamed", "ReadingRoom"]


class ReadingRoom:
    """Everything of a server that opens documents.

    Each method returns the one object of a review; it is made when first asked for.
    """

    def __init__(self, processes: PageProcesses | None = None) -> None:
        self._processes = processes or PageProcesses()

    def warm_up(self) -> threading.Thread:
        """Start a process now, so that the first page need not wait for it."""
        thread = threading.Thread(target=self._processes.warm_up, daemon=True)
        thread.start()
        return thread

    def close(self) -> None:
        """End the processes."""
        self._processes.close()

    def pages(self, live: LiveReview) -> Pages:
        """Return the pages of a review's documents."""
        return live.part(self._pages)

    def full_texts(self, live: LiveReview) -> FullTexts:
        """Return the full texts of a review."""
        return live.part(self._full_texts)

    def extraction(self, live: LiveReview) -> ExtractionDesk:
        """Return the extraction desk of a review."""
        return live.part(self._extraction)

    def _pages(self, live: LiveReview) -> Pages:
        return Pages(live.review, self._processes)

    def _full_texts(self, live: LiveReview) -> FullTexts:
        passed = live.part(Desk).let_through
        return FullTexts(live, self.pages(live), self._processes, passed=passed)

    def _extraction(self, live: LiveReview) -> ExtractionDesk:
        return ExtractionDesk(live, self.pages(live))


class ArmsNamed:
    """Arms that a person has named and recorded nothing of yet, by study; kept in memory."""

    def __init__(self, live: LiveReview) -> None:
        del live
        self._lock = threading.Lock()
        self._arms: dict[tuple[str, str], dict[str, None]] = {}

    def add(self, viewer: str, study: str, arm: str) -> None:
        """Name an arm.

        Raises
        ------
        BadInput
            When it cannot stand in the id of a value.
        """
        check_slug(arm, what="the arm")
        with self._lock:
            self._arms.setdefault((viewer, study), {})[arm] = None

    def of(self, viewer: str, study: str) -> tuple[str, ...]:
        """Return a person's arms of a study, in the order of naming."""
        with self._lock:
            return tuple(self._arms.get((viewer, study), ()))
