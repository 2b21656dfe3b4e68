"""How long a reviewer waits in a large review, over HTTP, with the page rendered.

``python benchmarks/workbench.py [--quick] [--folder DIR] [--json FILE]`` makes a review folder of
100,000 records (10,000 with ``--quick``) of invented words, of which two people have screened two
fifths, and one of 60 records. ``tamis serve`` serves each in a process of its own, as on a laptop;
a browser's requests come over the loopback, 1,000 of each kind (200 with ``--quick``), one to the
large review and one to the small one in turn, so that a busy machine slows both alike.

The figure is the time under which 95 of 100 requests stay, in milliseconds of the clock, the disk
included. The peer is the same request to the small review. ``cpu`` is the time that the server's
own process computed for one request to the large review, which a busy machine does not change.

One line a metric: ``metric ours peer ratio target holds|short`` and on; exit 1 when one falls
short. ``--folder`` keeps the reviews that were made, and uses those that are there; ``--only next
vote`` measures no others.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
from invented import PEOPLE, STAGE, make, vocabulary, words

RECORDS, QUICK_RECORDS, SMALL = 100_000, 10_000, 60
CALLS, QUICK_CALLS = 1_000, 200

#: Milliseconds under which 95 of 100 requests stay. Whoever votes sees the next record in the
#: answer: it may take what both may take.
TARGETS = {
    "next": 100.0,
    "vote": 50.0,
    "vote_and_next": 150.0,
    "list": 300.0,
    "search": 300.0,
    "duplicates": 300.0,
    "decide_pair": 300.0,
    "conflicts": 300.0,
    "home": 300.0,
}

#: Ways in which the list is narrowed.
FACETS: tuple[dict[str, list[str]], ...] = (
    {},
    {"mine": ["none"]},
    {"state": ["conflict"]},
    {"year": ["2001", "2002"]},
    {"mine": ["include", "maybe"], "language": ["zh"]},
    {"journal": ["Journal 5"]},
)

_TOKEN = re.compile(r'name="csrf" value="([^"]+)"')
_RECORD = re.compile(r'action="([^"]+)/vote"')
_PAIR = re.compile(r'action="([^"]+/duplicates/pair/[^"]+)".*?name="seen" value="([^"]+)"', re.S)


@dataclass(slots=True)
class Browser:
    """Two people at one server; every method is one request of one metric."""

    client: httpx2.Client
    pid: int
    small: bool
    chance: random.Random = field(default_factory=lambda: random.Random(13))
    known: list[str] = field(default_factory=lambda: vocabulary(random.Random(7)))
    turn: int = 0
    record: str = ""
    pair: tuple[str, str] = ("", "")
    token: str = ""

    def get(self, path: str, **params: Any) -> str:
        """Get a page as the person whose turn it is."""
        answer = self.client.get(f"/r/review/{path}", params=params, headers=self._who())
        answer.raise_for_status()
        return answer.text

    def post(self, path: str, *, partial: bool = False, **form: str) -> str:
        """Send a form, as htmx does or as a plain form."""
        headers = self._who() | ({"HX-Request-Type": "partial"} if partial else {})
        answer = self.client.post(path, data={"csrf": self.token, **form}, headers=headers)
        if answer.status_code not in (200, 303):
            raise SystemExit(f"{path}: {answer.status_code}\n{answer.text[:2000]}")
        return answer.text

    def _who(self) -> dict[str, str]:
        kept = "; ".join(f"{c.name}={c.value}" for c in self.client.cookies.jar)
        return {"cookie": f"{kept}; tamis-person={PEOPLE[self.turn % 2]}"}

    def next(self) -> None:
        """Get the page of the next record."""
        self.turn += 1
        self._seen(self.get(f"screen/{STAGE}"))

    def _seen(self, page: str) -> None:
        found = _RECORD.search(page)
        token = _TOKEN.search(page)
        if found is None or token is None:
            raise SystemExit("no record came to vote on:\n" + page[:2000])
        self.record, self.token = found[1], token[1]

    def vote(self) -> None:
        """Vote by a plain form: the answer sends the browser on."""
        self.post(f"{self.record}/vote", **self._decision())

    def vote_and_next(self) -> None:
        """Vote by htmx: the answer is the next record."""
        self.turn += 1
        self._seen(self.post(f"{self.record}/vote", partial=True, **self._decision()))

    def undo(self) -> None:
        """Take a vote of the small review back, so that its records last."""
        if self.small:
            self.post(f"/r/review/screen/{STAGE}/undo")

    def _decision(self) -> dict[str, str]:
        return self.chance.choice(({"decision": "include"}, {"reason": "design"}))

    def list(self) -> None:
        """Turn to a page of the list, narrowed in changing ways."""
        chosen = self.chance.choice(FACETS)
        self.get(f"screen/{STAGE}/list", page=self.chance.randint(1, 5), **chosen)

    def search(self) -> None:
        """Search for one to three words."""
        self.get(
            f"screen/{STAGE}/list", q=words(self.chance, self.known, self.chance.randint(1, 3))
        )

    def duplicates(self) -> None:
        """Get the page of the pair that waits."""
        found = _PAIR.search(page := self.get("duplicates"))
        token = _TOKEN.search(page)
        if found is None or token is None:
            raise SystemExit("no pair waits:\n" + page[:2000])
        self.pair, self.token = (found[1], found[2]), token[1]

    def decide_pair(self) -> None:
        """Decide a pair by a plain form."""
        decision = self.chance.choice(("same", "different"))
        self.post(self.pair[0], decision=decision, seen=self.pair[1])

    def undo_pair(self) -> None:
        """Take a decision of the small review back."""
        if self.small:
            self.post("/r/review/duplicates/undo")

    def conflicts(self) -> None:
        """Get the page of the conflicts."""
        self.get(f"conflicts/{STAGE}")

    def home(self) -> None:
        """Get the page of all reviews."""
        self.client.get("/", headers=self._who()).raise_for_status()

    def computed(self) -> float:
        """Return the milliseconds that the server computed so far; 0 where nobody tells."""
        try:
            told = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return 0.0
        return (int(told[11]) + int(told[12])) * 1000 / os.sysconf("SC_CLK_TCK")

    def memory(self, name: str) -> float:
        """Return the megabytes the server holds (``VmRSS``) or held at most (``VmHWM``)."""
        try:
            told = Path(f"/proc/{self.pid}/status").read_text()
        except OSError:
            return 0.0
        found = re.search(rf"{name}:\s+(\d+)", told)
        return int(found[1]) / 1024 if found else 0.0


@contextmanager
def served(folder: Path, *, small: bool) -> Iterator[tuple[Browser, float]]:
    """Serve a folder in a process of its own; yields a browser and when the process was begun."""
    begun = time.perf_counter()
    command = [sys.executable, "-m", "tamis", "serve", str(folder), "--port", "0", "--no-browser"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        line = server.stdout.readline() if server.stdout else ""
        address = "http://" + line.partition("http://")[2].split()[0].rstrip("/")
        with httpx2.Client(base_url=address, timeout=600) as client:
            client.get("/").raise_for_status()  # takes the cookie of the session
            yield Browser(client=client, pid=server.pid, small=small), begun
    finally:
        server.terminate()
        server.wait()
        if server.stdout:
            server.stdout.close()


@dataclass(slots=True)
class Times:
    """Milliseconds of every metric, request by request, and what they cost the large server."""

    ours: dict[str, list[float]] = field(default_factory=dict)
    peer: dict[str, list[float]] = field(default_factory=dict)
    cpu: dict[str, float] = field(default_factory=dict)


def alternate(
    large: Browser, small: Browser, names: tuple[str, ...], calls: int, times: Times,
    *, after: Callable[[Browser], None],
) -> None:  # fmt: skip
    """Let both browsers make the same requests in turn."""
    for _ in range(calls):
        for browser, kept in ((large, times.ours), (small, times.peer)):
            for name in names:
                before, start = browser.computed(), time.perf_counter()
                getattr(browser, name)()
                kept.setdefault(name, []).append((time.perf_counter() - start) * 1000)
                if browser is large:
                    spent = browser.computed() - before
                    times.cpu[name] = times.cpu.get(name, 0.0) + spent / calls
            after(browser)


def _nothing(_: Browser) -> None:
    """Leave everything as it is."""


#: Metrics that are measured together, the most requests of them, and what takes them back.
PARTS: tuple[tuple[tuple[str, ...], int, Callable[[Browser], None]], ...] = (
    (("next", "vote"), 0, Browser.undo),
    (("vote_and_next",), 0, Browser.undo),
    (("list",), 0, _nothing),
    (("search",), 0, _nothing),
    (("duplicates", "decide_pair"), 160, Browser.undo_pair),
    (("conflicts",), 0, _nothing),
    (("home",), 100, _nothing),
)


def measure(
    folder: Path, count: int, calls: int, only: Collection[str]
) -> tuple[Times, dict[str, float]]:
    """Return the times of every metric, and what is told once."""
    times, once = Times(), {}
    with (
        served(folder / "small", small=True) as (small, _),
        served(folder / str(count), small=False) as (large, begun),
    ):
        for browser in (small, large):
            start = time.perf_counter()
            for name in ("next", "list", "search", "duplicates", "conflicts"):
                before, spent = time.perf_counter(), browser.computed()
                getattr(browser, name)()
                once[f"first_{name}_s"] = time.perf_counter() - before
                once[f"first_{name}_cpu_s"] = (browser.computed() - spent) / 1000
            once["server_ready_s"] = start - begun
            once["all_pages_once_s"] = time.perf_counter() - start
        once["memory_after_opening_mb"] = large.memory("VmRSS")
        once["memory_small_mb"] = small.memory("VmRSS")
        for names, most, after in PARTS:
            wanted = tuple(name for name in names if name in only)
            if not wanted:
                continue
            for browser in (small, large):
                browser.next()
            alternate(large, small, names, min(calls, most or calls, count), times, after=after)
        once["memory_at_the_end_mb"] = large.memory("VmRSS")
        once["memory_most_mb"] = large.memory("VmHWM")
    return times, once


def part(times: list[float], share: float) -> float:
    """Return the time under which a share of the requests stays."""
    return sorted(times)[int(share * (len(times) - 1))]


def rows(times: Times, count: int) -> Iterator[dict[str, Any]]:
    """Yield what is told of each metric."""
    for name, taken in times.ours.items():
        ours, peer = part(taken, 0.95), part(times.peer[name], 0.95)
        yield {
            "metric": f"{name}_p95_{count}",
            "ours": round(ours, 1),
            "peer": round(peer, 1),
            "ratio": round(ours / peer, 2),
            "target": TARGETS[name],
            "holds": ours <= TARGETS[name],
            "p50": round(part(taken, 0.5), 1),
            "peer_p50": round(part(times.peer[name], 0.5), 1),
            "p99": round(part(taken, 0.99), 1),
            "cpu": round(times.cpu[name], 1),
            "requests": len(taken),
        }


def main() -> int:
    """Run, print, and tell by the exit code whether every target holds."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--calls", type=int, default=0)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--only", nargs="+", choices=sorted(TARGETS), default=sorted(TARGETS))
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    count, calls = (QUICK_RECORDS, QUICK_CALLS) if asked.quick else (RECORDS, CALLS)
    calls = asked.calls or calls
    with tempfile.TemporaryDirectory() as there:
        folder: Path = asked.folder or Path(there)
        for name, size in (("small", SMALL), (str(count), count)):
            root = folder / name / "review"
            if not (root / "log").is_dir():
                root.parent.mkdir(parents=True, exist_ok=True)
                make(root, size)
        times, once = measure(folder, count, calls, asked.only)
    told = list(rows(times, count))
    for name, value in once.items():
        print(f"# {name} {value:.1f}")
    print("metric  ours  peer  ratio  target  holds  p50  peer_p50  p99  cpu  requests")
    for row in told:
        shown = {**row, "holds": "holds" if row["holds"] else "short"}
        print(*shown.values(), sep="  ")
    if asked.json:
        kept = {"unit": "milliseconds", "rows": told, "once": once}
        asked.json.write_text(json.dumps(kept, indent=1) + "\n")
    return 0 if all(row["holds"] for row in told) else 1


if __name__ == "__main__":
    sys.exit(main())
