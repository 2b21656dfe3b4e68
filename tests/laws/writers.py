"""Writers that are there to be killed: a nursery that starts one process after another.

Run as a program. It reads a line ``kind target seed`` from its input, forks a child that writes to
that log as fast as it can, and tells on its output what the child acknowledged: ``pid N`` first,
``ack id id id`` after each append that returned, ``gone id`` after each redaction; at last, when
the child is dead, ``dead``.
"""

from __future__ import annotations

import os
import random
import sys
from pathlib import Path
from typing import Any

from tests.store.making import PEOPLE, TickingClock

from tamis.domain.events import Draft
from tamis.store import FolderLog, SqlLog

REPLICA = "9f3c12ab"


def open_log(kind: str, target: str, name: str) -> Any:
    if kind == "folder":
        return FolderLog(Path(target), replica=REPLICA, clock=TickingClock(), patience=20.0)
    return SqlLog(target, replica=REPLICA, clock=TickingClock(), name=name)


def drafts(rng: random.Random, batch: str) -> list[Draft]:
    """One event, or many over several chains; the subject names the call and how many it has."""
    count = rng.choice([1, 1, 1, 2, 5, 30])
    return [
        Draft(
            actor=rng.choice(PEOPLE),
            kind="note_added.v1",
            subject=f"{batch}:{count}",
            body={"topic": "t", "fields": {"text": "x" * rng.choice([1, 100, 5000])}},
        )
        for _ in range(count)
    ]


def write(kind: str, target: str, seed: str) -> None:
    rng = random.Random(seed)
    log = open_log(kind, target, "kill")
    mine: list[str] = []
    number = 0
    while True:
        number += 1
        if mine and rng.random() < 0.15:
            name = mine.pop(rng.randrange(len(mine)))
            log.redact(name, why="because", by="p-chair")
            tell(f"gone {name}")
            continue
        events = log.append(drafts(rng, f"{seed}-{number}"))
        names = [event.id for event in events]
        mine += names
        tell("ack " + " ".join(names))


def tell(line: str) -> None:
    os.write(1, f"{line}\n".encode())


def main() -> None:
    for line in sys.stdin:
        kind, target, seed = line.split()
        pid = os.fork()
        if pid == 0:
            tell(f"pid {os.getpid()}")
            try:
                write(kind, target, seed)
            finally:
                os._exit(1)
        _, status = os.waitpid(pid, 0)
        tell(f"dead {os.WTERMSIG(status) if os.WIFSIGNALED(status) else 'by itself'}")


if __name__ == "__main__":
    main()
