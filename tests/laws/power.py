"""A disk whose power can be cut: it knows which bytes and which names would be there afterwards."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from pathlib import Path

from tamis.store import REAL_FILES


class PowerCut(BaseException):
    """The machine is dark. Not an ``Exception``: nothing that runs afterwards may mend anything."""


@dataclass
class CutFiles:
    """Does what it is told on the real disk until step ``at``, which it leaves half done.

    A step that returned is durable as ``FileLayer`` promises: bytes are; names (of new, renamed and
    removed files) are only after their folder was synced. What is not durable may be lost or not.
    """

    at: int
    rng: random.Random
    steps: int = 0
    bytes: dict[int, bytes] = field(default_factory=dict)
    names: dict[Path, int] = field(default_factory=dict)
    durable: dict[Path, int] = field(default_factory=dict)
    pending: list[tuple[Path, int | None]] = field(default_factory=list)
    folders: set[Path] = field(default_factory=set)
    made: int = 0

    def append(self, path: Path, data: bytes) -> None:
        whole = path.read_bytes() if path.exists() else b""
        self._step(path, whole, data)
        REAL_FILES.append(path, data)
        self._hold(path, whole + data)

    def write(self, path: Path, data: bytes) -> None:
        self._step(path, b"", data)
        REAL_FILES.write(path, data)
        self._hold(path, data)

    def truncate(self, path: Path, size: int) -> None:
        whole = path.read_bytes()
        self._step(path, self.rng.choice([whole, whole[:size]]))
        REAL_FILES.truncate(path, size)
        self._hold(path, whole[:size])

    def replace(self, source: Path, target: Path) -> None:
        self._step()
        REAL_FILES.replace(source, target)
        self._name(target, self.names.pop(source))
        self.pending.append((source, None))

    def remove(self, path: Path) -> None:
        self._step()
        REAL_FILES.remove(path)
        self.names.pop(path, None)
        self.pending.append((path, None))

    def sync(self, path: Path) -> None:
        self._step()

    def sync_folder(self, folder: Path) -> None:
        self._step()
        kept = []
        for path, inode in self.pending:
            if path.parent == folder:
                self._apply(path, inode)
            else:
                kept.append((path, inode))
        self.pending = kept
        self.folders |= {p for p in folder.iterdir() if p.is_dir()}

    def after(self, root: Path, copy: Path) -> None:
        """Make the folder as it is when the power is back, in another place."""
        for path, inode in self.pending[: self.rng.randint(0, len(self.pending))]:
            self._apply(path, inode)
        for path, inode in self.durable.items():
            there = path.parent == root or path.parent in self.folders or self.rng.random() < 0.5
            if there:
                target = copy / path.relative_to(root)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(self.bytes[inode])

    def _step(self, path: Path | None = None, whole: bytes = b"", more: bytes = b"") -> None:
        """Count a step; when it is the last one, a part of it may be on the disk."""
        self.steps += 1
        if self.steps < self.at:
            return
        if path is not None:
            part = more[: self.rng.randint(0, len(more))]
            if self.rng.random() < 0.2:  # a page of it was lost
                part = b"\0" * len(part)
            self._hold(path, whole + part)
        raise PowerCut

    def _hold(self, path: Path, data: bytes) -> None:
        if path not in self.names:
            self.made += 1
            self._name(path, self.made)
        self.bytes[self.names[path]] = data

    def _name(self, path: Path, inode: int) -> None:
        self.names[path] = inode
        self.pending.append((path, inode))

    def _apply(self, path: Path, inode: int | None) -> None:
        if inode is None:
            self.durable.pop(path, None)
        else:
            self.durable[path] = inode
