"""The mark of this installation on its chains of a review."""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path

from tamis.domain.canonical import sha256_hex
from tamis.domain.errors import StorageFailed
from tamis.store import machine
from tamis.store.files import REAL_FILES, FileLayer, atomic_write, failed

__all__ = ["replica_of"]

_ID = re.compile(r"[0-9a-f]{32}\Z")


def replica_of(folder: Path, *, home: Path | None = None, files: FileLayer = REAL_FILES) -> str:
    """Return 8 hex digits for the chains that this installation writes in this folder.

    They come from an id drawn once per installation, and from where the folder stands: so neither
    one person on two machines, nor two copies of a review on one machine, ever fork a chain.

    Parameters
    ----------
    folder
        The review folder.
    home
        Where the installation's id is kept; ``TAMIS_HOME``, else the person's settings folder.

    Notes
    -----
    Where the id cannot be kept (a settings folder that is read-only), one is drawn each time:
    every command then writes a chain of its own, which is untidy and never wrong.
    """
    try:
        drawn = _installation(home or _home(), files)
    except StorageFailed:
        drawn = secrets.token_hex(16)
    return sha256_hex(f"{drawn} {folder.resolve().as_posix()}".encode())[:8]


def _home() -> Path:
    told = os.environ.get("TAMIS_HOME")
    return Path(told) if told else machine.config_home()


def _installation(home: Path, files: FileLayer) -> str:
    path = home / "installation"
    try:
        drawn = path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        drawn = ""
    except (OSError, UnicodeDecodeError) as error:
        reason = error if isinstance(error, OSError) else OSError(str(error))
        raise failed(reason, path, doing="read the id of this installation") from error
    if not _ID.match(drawn):
        atomic_write(path, f"{secrets.token_hex(16)}\n".encode(), files=files)
        drawn = path.read_text(encoding="ascii").strip()  # of two at once, the last one counts
    return drawn
