"""What the use cases need from outside, as protocols of one method or few; fakes ship with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from tamis.domain.events import Draft, Event

__all__ = [
    "Artifacts", "Clock", "Documents", "FixedClock", "Fonts", "Log", "MemoryDocuments", "NoFonts",
    "SystemClock",
]  # fmt: skip


class Clock(Protocol):
    """Tells the time of an event."""

    def now(self) -> str:
        """Return aware UTC as ``YYYY-MM-DDTHH:MM:SS.mmmZ``."""
        ...


class Log(Protocol):
    """The append-only event log: a review folder and a PostgreSQL table are its two adapters."""

    def append(self, drafts: Sequence[Draft]) -> tuple[Event, ...]:
        """Write drafts as events, all or none; when this returns they are on disk."""
        ...

    def read(self, after: Mapping[str, int] | None = None) -> Iterator[Event]:
        """Yield verified events whose seq is beyond ``after[chain]``, chain by chain."""
        ...


class Artifacts(Protocol):
    """Bytes named by their SHA-256."""

    def put(self, data: bytes) -> str:
        """Store bytes that can be computed again; return their hash."""
        ...

    def keep(self, data: bytes) -> str:
        """Store bytes that decisions rest on, as part of the review; return their hash."""
        ...

    def get(self, sha256: str) -> bytes | None:
        """Return the bytes, checked against the hash, or ``None`` when they are absent."""
        ...


class Documents(Protocol):
    """Full texts by hash; absent ones are normal (they are not shared)."""

    def open(self, sha256: str) -> bytes | None:
        """Return the document's bytes, or ``None`` when it is absent."""
        ...


class Fonts(Protocol):
    """Fonts of this machine for languages that the typesetter's own cannot set."""

    def find(self, language: str) -> tuple[str, ...]:
        """Return the folders that hold a font for a language; none where there is none."""
        ...


@dataclass(frozen=True, slots=True)
class NoFonts:
    """A machine without fonts, for tests."""

    def find(self, language: str) -> tuple[str, ...]:
        """Return nothing."""
        del language
        return ()


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The machine's clock."""

    def now(self) -> str:
        """Return the present moment."""
        text = datetime.now(UTC).isoformat(timespec="milliseconds")
        return text.replace("+00:00", "Z")


@dataclass(frozen=True, slots=True)
class FixedClock:
    """A clock that stands still, for tests and for events recorded with a given time."""

    at: str

    def now(self) -> str:
        """Return the given moment."""
        return self.at


@dataclass(frozen=True, slots=True)
class MemoryDocuments:
    """Documents held in memory."""

    by_hash: Mapping[str, bytes] = field(default_factory=dict)

    def open(self, sha256: str) -> bytes | None:
        """Return the document's bytes, or ``None``."""
        return self.by_hash.get(sha256)
