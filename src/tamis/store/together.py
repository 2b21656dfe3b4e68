"""Write several files of one folder together: all of them new, or all of them as they were."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from tamis.domain.errors import StorageFailed
from tamis.store.files import REAL_FILES, FileLayer, atomic_write, failed

__all__ = ["write_together"]


def write_together(
    folder: Path,
    contents: Mapping[str, bytes],
    *,
    staged: Path,
    last: str = "",
    files: FileLayer = REAL_FILES,
) -> None:
    """Write files under a folder so that a disk that fails leaves the old ones whole.

    Everything is written under ``staged`` first (a folder of the same disk, emptied before and
    after), where it takes the space it needs; only then is each file moved to its place. Files in
    sub-folders that are no part of it any more are removed; files beside them are a person's own
    and stay. ``last`` names the file that says the others are complete: it
    is taken away before the first is moved, and comes back last.

    Raises
    ------
    StorageFailed
        When the disk refuses; nothing in ``folder`` has changed then, unless the process was
        stopped among the moves, which the absence of ``last`` tells.
    """
    shutil.rmtree(staged, ignore_errors=True)
    try:
        for name, data in sorted(contents.items()):
            atomic_write(staged / name, data, files=files)
    except StorageFailed:
        shutil.rmtree(staged, ignore_errors=True)
        raise
    try:
        if last:
            (folder / last).unlink(missing_ok=True)
        for name in sorted(contents, key=lambda one: (one == last, one)):
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            (staged / name).replace(target)
        _clear(folder, set(contents))
    except OSError as error:
        raise failed(error, folder, doing="put the new files in place") from error
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def _clear(folder: Path, kept: set[str]) -> None:
    """Remove from the sub-folders what an earlier version wrote and this one does not."""
    for part in sorted({name.partition("/")[0] for name in kept if "/" in name}):
        for path in sorted((folder / part).rglob("*"), reverse=True):
            if path.is_dir():
                if not any(path.iterdir()):
                    path.rmdir()
            elif path.relative_to(folder).as_posix() not in kept:
                path.unlink()
