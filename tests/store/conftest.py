"""The three logs and the two indexes that every law is held to; and who waits for a lock."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from tests.postgres_server import postgres_url
from tests.store.indexes import new_index
from tests.store.logs import new_logs

from tamis.store import machine

__all__ = ["new_index", "new_logs", "postgres_url"]


@pytest.fixture
def turned_away(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Give what is set once somebody has asked for a lock that another one holds."""
    refused = threading.Event()
    real = machine.try_lock

    def try_lock(*asked: Any, **how: Any) -> bool:
        if real(*asked, **how):
            return True
        refused.set()
        return False

    monkeypatch.setattr(machine, "try_lock", try_lock)
    return refused
