"""How long a review's events take to become its state: from the index, and from the files.

``python benchmarks/fold.py [--quick] [--json FILE]`` makes a log of 200,000 events (50,000 with
``--quick``), takes it into an index and folds it both ways. Times are CPU seconds of this process,
the best of three. The peer is the least that any reader must do: parsing the same lines with the
standard library's ``json``, without checking a hash and without making anything of them.

One line a metric: ``metric ours peer ratio target holds|short``; exit 1 when one falls short.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tamis.domain.events import Draft
from tamis.domain.state import fold
from tamis.store import FolderLog, Index
from tamis.store.machine import uncollected

EVENTS = 200_000
QUICK = 50_000
SECONDS = 5.0
SESSION = 25
REVIEWERS = ("p-rev-a", "p-rev-b", "p-rev-c", "p-rev-d")


@dataclass(slots=True)
class Clock:
    """A clock that moves on by a second an event."""

    seconds: int = 1_700_000_000

    def now(self) -> str:
        """Return the next moment."""
        self.seconds += 1
        return time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(self.seconds))


def drafts(count: int) -> Iterator[Draft]:
    """Four reviewers who screen in turns, a session at a time."""
    body = {"id": "r", "title": "A large review"}
    yield Draft(actor="p-chair", kind="review_created.v1", subject="r", body=body)
    for n in range(1, count):
        yield Draft(
            actor=REVIEWERS[n // SESSION % len(REVIEWERS)],
            kind="screened.v1",
            subject="title-abstract",
            body={
                "stage": "title-abstract",
                "records": [f"9f3c12ab9f3c:{n}", f"0a1b2c3d4e5f:{n * 7}"],
                "decision": "exclude" if n % 5 else "include",
                "reason": "wrong population" if n % 5 else "",
            },
        )


def best(work: Callable[[], object]) -> float:
    """Return the least CPU time of three runs, in seconds."""
    times = []
    for _ in range(3):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def fold_files(log: FolderLog) -> object:
    """Read and prove every line, and fold."""
    with uncollected():
        return fold(log.read())


def parse_only(log: FolderLog) -> int:
    """Parse every line and keep nothing."""
    count = 0
    for path in (log.folder / "log").glob("*.jsonl"):
        with path.open("rb") as handle:
            count += sum(1 for line in handle if json.loads(line))
    return count


def measure(count: int) -> list[dict[str, object]]:
    """Make the log, fold it, and return a row a metric."""
    with tempfile.TemporaryDirectory() as there:
        log = FolderLog(Path(there), replica="9f3c12ab", clock=Clock())
        log.append(list(drafts(count)))
        peer = best(lambda: parse_only(log))
        with Index(log.folder) as index:
            start = time.process_time()
            index.ingest(log)
            ingest = time.process_time() - start
            ours = {
                f"fold_{count}_from_index": best(index.state),
                f"fold_{count}_from_files": best(lambda: fold_files(log)),
                f"ingest_{count}_once": ingest,
            }
    target = SECONDS * count / EVENTS
    return [
        {
            "metric": name,
            "ours": round(seconds, 3),
            "peer": round(peer, 3),
            "ratio": round(seconds / peer, 2),
            "target": round(target, 3),
            "holds": seconds < target,
        }
        for name, seconds in ours.items()
    ]


def main() -> int:
    """Run, print, and tell by the exit code whether every target holds."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    rows = measure(QUICK if asked.quick else EVENTS)
    for row in rows:
        holds = "holds" if row["holds"] else "short"
        print(*(row[key] for key in ("metric", "ours", "peer", "ratio", "target")), holds, sep="  ")
    if asked.json:
        asked.json.write_text(json.dumps({"unit": "CPU seconds", "rows": rows}, indent=1) + "\n")
    return 0 if all(row["holds"] for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
