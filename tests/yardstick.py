"""Limits in CPU seconds that mean the same on every machine.

A limit is set in seconds of one machine, the reference. Elsewhere it is scaled by a fixed piece of
work that is timed just before and just after: a machine on which that takes ten times as long has
ten times as long. A faster machine has the whole limit. Run as a program, this does the work.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from time import process_time

#: CPU seconds of the work on the machine that the limits were set on.
REFERENCE = 0.072


def cpu_seconds(measure: Callable[[], float], *, limit: float) -> float:
    """Return the CPU seconds that something takes, in those of the reference machine.

    It is measured once more, and once more again, while it is above the limit: a neighbour on the
    same machine may cost it a while, and what is really too slow is too slow every time.
    """
    tries: list[float] = []
    while len(tries) < 3 and (not tries or tries[-1] > limit):
        before = slowness()
        tries.append(measure() / max(before, slowness()))
    return min(tries)


def slowness() -> float:
    """Return how many times slower than the reference this machine is now, at least 1.

    In a process of its own, because measuring coverage slows this one.
    """
    done = subprocess.run([sys.executable, __file__], capture_output=True, text=True, check=True)
    return max(1.0, float(done.stdout) / REFERENCE)


def work() -> float:
    """Write and read lines as the log does, sort them, and return the CPU seconds it took."""
    started = process_time()
    kept = {}
    for n in range(12_000):
        event = {"id": f"p-{n}", "n": n, "words": ["drug", "people", str(n)]}
        line = json.dumps(event, sort_keys=True)
        read = json.loads(line)
        kept[read["id"]] = (read["n"], tuple(read["words"]), re.sub(r"\d+", "#", line))
    sorted(kept.items(), key=lambda pair: pair[1][1])
    return process_time() - started


if __name__ == "__main__":
    print(work())
