"""A program at the JSON of a workbench: it asks, sends, and reads the log afterwards."""

from __future__ import annotations

from typing import Any

from tests.web.conftest import Workbench

from tamis.domain.events import Event

__all__ = ["Program"]


class Program:
    """Sends what a program sends on one's own machine, with the token that changes need."""

    def __init__(self, bench: Workbench) -> None:
        self.bench = bench
        self.base = f"/api/v1/reviews/{bench.name}"

    def get(self, path: str = "", status: int = 200, **query: Any) -> Any:
        """Ask for something of the review."""
        answer = self.bench.client.get(self.base + path, params=query)
        assert answer.status_code == status, answer.text
        return answer.json()

    def post(self, path: str, body: dict[str, Any] | None = None, status: int = 200) -> Any:
        """Send something."""
        return self._sent(path, status, json=body or {})

    def send(self, path: str, *files: tuple[str, bytes], status: int = 200) -> Any:
        """Send files."""
        return self._sent(path, status, files=[("files", file) for file in files])

    def _sent(self, path: str, status: int, **more: Any) -> Any:
        headers = {"X-CSRF-Token": self.bench.client.get("/api/v1/me").json()["csrf"]}
        answer = self.bench.client.post(self.base + path, headers=headers, **more)
        assert answer.status_code == status, answer.text
        return answer.json()

    @property
    def last(self) -> Event:
        """The newest event of the log."""
        return max(self.bench.live.review.events(), key=lambda e: (e.at, e.seq))

    @property
    def count(self) -> int:
        """How many events the log has."""
        return self.bench.live.state.count
