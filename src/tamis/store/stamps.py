"""Telling cheaply that a file is as it was: by its size, times and number, where those can tell.

File times move in steps of some milliseconds, of two seconds on some file systems. A file that is
rewritten within one step, with as many bytes, has the same times as before. So the times of a file
say nothing until they lie a step back; until then its content is asked.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable

from tamis.domain.canonical import sha256_hex

__all__ = ["STEP", "is_settled", "stamp_of", "times_of"]

#: A file time this near (nanoseconds) does not tell two writes apart; FAT steps by two seconds.
STEP = 2_000_000_000


def stamp_of(stat: os.stat_result, content: Callable[[], bytes]) -> str:
    """Return a text that is another one whenever the file is.

    Parameters
    ----------
    stat
        What the system says of the file, asked before its content is.
    content
        Reads the file; called only while its times say nothing.
    """
    times = times_of(stat)
    return times if is_settled(stat) else f"{times} {sha256_hex(content())}"


def times_of(stat: os.stat_result) -> str:
    """Return size, times and number of a file as one text."""
    return f"{stat.st_size} {stat.st_mtime_ns} {stat.st_ctime_ns} {stat.st_ino}"


def is_settled(stat: os.stat_result) -> bool:
    """Tell whether a further write to the file would show in its times."""
    now = time.time_ns()
    return all(abs(now - at) > STEP for at in (stat.st_mtime_ns, stat.st_ctime_ns))
