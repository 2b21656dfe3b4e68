"""Reckoning with moments as texts, ``YYYY-MM-DDTHH:MM:SS.mmmZ``, as events have them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

__all__ = ["later", "seconds_until"]


def later(moment: str, seconds: float) -> str:
    """Return the moment so many seconds after another; negative ones go back.

    Examples
    --------
    >>> later("2026-11-22T10:00:00.000Z", -1.5)
    '2026-11-22T09:59:58.500Z'
    """
    moved = datetime.fromisoformat(moment).astimezone(UTC) + timedelta(seconds=seconds)
    return moved.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def seconds_until(moment: str, *, since: str) -> float:
    """Return the seconds from ``since`` to a moment; negative when it is past.

    Examples
    --------
    >>> seconds_until("2026-11-22T10:00:00.000Z", since="2026-11-22T09:59:00.000Z")
    60.0
    """
    return (datetime.fromisoformat(moment) - datetime.fromisoformat(since)).total_seconds()
