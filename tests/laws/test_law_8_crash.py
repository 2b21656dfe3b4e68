"""Law 8: a process killed, or a disk that fails a write, at any moment loses no acknowledged event,
and the log still verifies."""

from __future__ import annotations

import itertools
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.laws.power import CutFiles, PowerCut
from tests.laws.writers import open_log
from tests.store.making import (
    REPLICAS,
    Step,
    TickingClock,
    created,
    draft_of,
    folder_log,
    lines,
    note,
    vote,
    worlds,
    writes,
)

from tamis.domain.errors import StorageFailed
from tamis.domain.events import Event
from tamis.domain.results import Finding
from tamis.store import Fault, FaultyFiles, FolderLog, Index, SqlLog

ROOT = Path(__file__).resolve().parents[2]

_fresh = itertools.count()

#: What a kill may leave and the next writer mends: told, and no fault of anybody.
HARMLESS = {"torn-tail", "open-tail", "redaction-unfinished"}


def sound(findings: Iterable[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.rule not in HARMLESS]


# ---------------------------------------------------------------- killed
class Nursery:
    """Starts writers and kills them (see ``writers``)."""

    def __init__(self) -> None:
        environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.laws.writers"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            pipesize=4096,  # a writer that nobody listens to soon waits
            cwd=ROOT,
            env=environment,
        )

    def kill_one(
        self, kind: str, target: str, seed: str, *, calls: int, after: float
    ) -> list[list[str]]:
        """Let a writer write, kill it, and return what it acknowledged.

        The kill comes ``after`` seconds behind the moment at which ``calls`` calls had returned:
        counted in calls and not in seconds alone, it hits the middle of the work on any machine.
        """
        pid = self.start(kind, target, seed)
        told = self.hear(calls)
        time.sleep(after)
        return told + self.kill(pid)

    def start(self, kind: str, target: str, seed: str) -> int:
        """Let a writer write from now on; returns its process."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{kind} {target} {seed}\n")
        self.process.stdin.flush()
        word, pid = self._line()
        assert word == "pid"
        return int(pid)

    def hear(self, calls: int) -> list[list[str]]:
        """Wait until so many more calls have returned; returns what was acknowledged."""
        told = [self._line() for _ in range(calls)]
        assert all(words[0] in {"ack", "gone"} for words in told), told
        return told

    def kill(self, pid: int) -> list[list[str]]:
        """Kill the writer and return what it acknowledged that was not heard yet."""
        os.kill(pid, signal.SIGKILL)
        told = []
        while (words := self._line())[0] != "dead":
            told.append(words)
        assert words[1] == str(int(signal.SIGKILL)), "the writer ended by itself"
        return told

    def _line(self) -> list[str]:
        assert self.process.stdout is not None
        words = self.process.stdout.readline().split()
        assert words[:2] not in ([], ["dead", "by"]), "the writer ended by itself"
        return words

    def close(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(timeout=600)


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    nursery = Nursery()
    yield nursery
    nursery.close()


def hold_against(told: Iterable[list[str]], events: dict[str, Event]) -> None:
    """Everything acknowledged is there; and of a call either all or nothing."""
    for word, *names in told:
        missing = [name for name in names if name not in events]
        assert missing == [], f"acknowledged and lost: {missing}"
        if word == "gone":
            assert all(events[name].body is None for name in names)
    calls = Counter(e.subject for e in events.values() if e.kind == "note_added.v1")
    halves = {call: n for call, n in calls.items() if n != int(call.rpartition(":")[2])}
    assert halves == {}, "a call was written in part"


POSIX = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows has no SIGKILL")


@POSIX
@pytest.mark.parametrize("series", range(10))
def test_killed_writers_of_a_folder(nursery: Nursery, tmp_path: Path, series: int) -> None:
    """Twenty writers in one folder, one after the other, each killed at a random moment."""
    rng = random.Random(series)
    root = tmp_path / "review"
    told: list[list[str]] = []
    root.mkdir()
    log = open_log("folder", str(root), "")
    with Index(root) as index:
        for number in range(20):
            calls, pause = rng.choice([0, 0, 1, 2, 3, 5, 9]), rng.random() * 0.006
            told += nursery.kill_one(
                "folder", str(root), f"{series}.{number}", calls=calls, after=pause
            )
            index.ingest(log)  # what a reader has seen is never taken back
            hold_against(told, {event.id: event for event in log.read()})
        assert sound(log.verify()) == []
        (last,) = log.append([note("the end")])
        assert last.id in {event.id for event in log.read()}
        index.ingest(log)
        assert lines(index.events()) == lines(log.read())
    assert {finding.rule for finding in log.verify()} <= {"redaction-unfinished"}
    assert sum(len(names) for word, *names in told if word == "ack") > 20


@POSIX
@pytest.mark.parametrize(
    "kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.needs("postgres"))]
)
def test_killed_writers_of_a_table(
    nursery: Nursery, tmp_path: Path, kind: str, request: pytest.FixtureRequest
) -> None:
    rng = random.Random(kind)
    target = f"sqlite:///{tmp_path / 'log.sqlite'}"
    if kind == "postgres":
        target = request.getfixturevalue("postgres_url")
    told: list[list[str]] = []
    with SqlLog(target, replica=REPLICAS[0], clock=TickingClock(), name="kill") as log:
        for number in range(15):
            calls, pause = rng.choice([0, 1, 2, 3, 5]), rng.random() * 0.02
            told += nursery.kill_one(kind, target, f"{kind}.{number}", calls=calls, after=pause)
            hold_against(told, {event.id: event for event in log.read()})
        assert log.verify() == ()
        log.append([note("the end")])
        assert log.verify() == ()
    assert sum(len(names) for word, *names in told if word == "ack") > 10


@POSIX
def test_reading_while_somebody_writes(nursery: Nursery, tmp_path: Path) -> None:
    """A reader never meets half an append, nor misses what was acknowledged before it looked; and
    what it has seen is never taken back.

    The writer goes on until the reader has looked often enough: each look waits for more calls to
    have returned, and a writer that runs ahead soon waits to be heard.
    """
    root = tmp_path / "review"
    root.mkdir()
    log = open_log("folder", str(root), "")
    told: list[list[str]] = []
    writer = nursery.start("folder", str(root), "1")
    with Index(root) as index:
        for _ in range(20):
            told += nursery.hear(3)
            seen = {event.id: event for event in log.read()}
            hold_against(told, seen)
            index.ingest(log)
            assert seen.keys() <= {event.id for event in index.events()}
        told += nursery.kill(writer)
        index.ingest(log)
        assert lines(index.events()) == lines(log.read())
    hold_against(told, {event.id: event for event in log.read()})


# ---------------------------------------------------------------- the power goes
@given(
    steps=st.lists(st.lists(writes(1), min_size=1, max_size=4), min_size=1, max_size=5),
    redacts=st.sets(st.integers(0, 4), max_size=2),
    at=st.integers(1, 40),
    seed=st.integers(0, 2**32),
)
@settings(max_examples=300)
def test_a_power_cut_at_any_step(
    tmp_path_factory: pytest.TempPathFactory,
    steps: list[list[Step]],
    redacts: set[int],
    at: int,
    seed: int,
) -> None:
    """Whatever the disk then holds of what was not yet durable, the acknowledged is there."""
    here = tmp_path_factory.getbasetemp() / f"cut-{next(_fresh)}"
    root = here / "review"
    root.mkdir(parents=True)
    layer = CutFiles(at=at, rng=random.Random(seed))
    log = folder_log(root, files=layer)
    acknowledged: list[Event] = []
    gone: list[str] = []
    calls: list[int] = []
    try:
        for number, call in enumerate(steps):
            calls.append(len(call))
            acknowledged += log.append([draft_of(step, log) for step in call])
            if number in redacts:
                said = log.redact(acknowledged[0].id, why="a name", by="p-chair")
                acknowledged.append(said)
                gone.append(acknowledged[0].id)
    except PowerCut:
        pass
    layer.after(root, here / "after")
    (here / "after").mkdir(exist_ok=True)
    log = folder_log(here / "after")
    found = {event.id: event for event in log.read()}
    assert {event.id: event.hash for event in acknowledged}.items() <= {
        name: event.hash for name, event in found.items()
    }.items()
    assert all(found[name].body is None for name in gone)
    assert sound(log.verify()) == []
    more = [event for event in found.values() if event not in acknowledged and event.body]
    more = [event for event in more if event.kind != "redacted.v1" and event.id not in gone]
    unknown = {event.id for event in more} - {event.id for event in acknowledged}
    assert len(unknown) in {0, calls[-1]}, "a call was written in part"
    log.append([note("and on it goes")])
    assert {f.rule for f in log.verify()} <= {"redaction-unfinished"}


# ---------------------------------------------------------------- the disk refuses
faults = st.lists(
    st.builds(
        Fault,
        op=st.sampled_from(["append", "write", "truncate", "replace", "remove", "sync_folder"]),
        nth=st.integers(1, 8),
        kind=st.sampled_from(["short", "full", "sync", "read-only"]),
    ),
    max_size=5,
)


def redacted(log: FolderLog, acknowledged: set[str]) -> set[str]:
    """Redact an event, disk willing; returns what must be in the log now."""
    events = {e.line: e for e in log.read() if e.body is not None and e.kind != "redacted.v1"}
    line = min(acknowledged & events.keys(), default="")
    if not line:
        return acknowledged
    try:
        said = {log.redact(events[line].id, why="a name", by="p-chair").line}
    except StorageFailed:
        said = set()
    (now,) = (other.line for other in log.read() if other.id == events[line].id)
    assert said == set() or now != line
    return (acknowledged - {line}) | {now} | said


@given(
    steps=worlds(copies=2, size=10),
    planned=faults,
    bulk=st.integers(1, 5),
    redacts=st.sets(st.integers(0, 9), max_size=3),
)
@settings(max_examples=60)
def test_a_disk_that_fails_any_of_its_steps(
    tmp_path_factory: pytest.TempPathFactory,
    steps: list[Step],
    planned: list[Fault],
    bulk: int,
    redacts: set[int],
) -> None:
    here = tmp_path_factory.getbasetemp() / f"fault-{next(_fresh)}"
    here.mkdir()
    layer = FaultyFiles(planned)
    log = folder_log(here / "a", files=layer)
    other = folder_log(here / "b", REPLICAS[1])
    other.append([vote(n, actor="p-rev-b") for n in range(3)])
    acknowledged: set[str] = set()
    with Index(here / "a") as index:
        for number, step in enumerate(steps):
            before = lines(log.read())
            try:
                if step.merges is not None:
                    acknowledged |= lines(log.absorb(other.read()))
                else:
                    acknowledged |= lines(log.append([draft_of(step, log)] * bulk))
            except StorageFailed:
                assert before <= lines(log.read())
            if number in redacts:
                acknowledged = redacted(log, acknowledged)
            if number % 2:
                index.ingest(log)
            assert acknowledged <= lines(log.read())
            assert sound(log.verify()) == []
        log.append([created()]) if not planned else None
        index.ingest(log)
    again = folder_log(here / "a")
    again.append([note("the disk is mended")])
    assert acknowledged <= lines(again.read())
    assert sound(again.verify()) == []


# ---------------------------------------------------------------- one byte
def small_log(root: Path) -> Path:
    log = folder_log(root)
    log.append([created(), vote(1)])
    log.append([note("a name"), vote(1, actor="p-rev-b"), note('"quoted" é 中')])
    log.redact("p-rev-a.9f3c12ab/2", why="a name", by="p-chair")
    return root


@pytest.mark.slow
def test_every_single_byte_counts(tmp_path: Path) -> None:
    """Flip any byte of any chain file, in several ways: it is found, whichever byte it is."""
    root = small_log(tmp_path / "review")
    log = folder_log(root)
    assert log.verify() == ()
    checked = 0
    for path in sorted((root / "log").iterdir()):
        whole = path.read_bytes()
        for at in range(len(whole)):
            for flip in (0x01, 0x20):
                changed = bytearray(whole)
                changed[at] ^= flip
                path.write_bytes(changed)
                findings = log.verify()
                assert any(f.severity == "error" for f in findings), (path.name, at, flip)
                checked += 1
        path.write_bytes(whole)
    assert log.verify() == ()
    assert checked > 4000


def test_every_byte_that_is_lost_or_added_counts(tmp_path: Path) -> None:
    root = small_log(tmp_path / "review")
    log = folder_log(root)
    with Index(root) as index:
        index.ingest(log)
        known = lines(index.events())
    for path in sorted((root / "log").iterdir()):
        whole = path.read_bytes()
        for at in range(0, len(whole), 7):
            for changed in (whole[:at] + whole[at + 1 :], whole[:at] + b"x" + whole[at:]):
                path.write_bytes(changed)
                rules = {f.rule for f in log.verify()}
                # the last line end may go: the line before it is whole, and still read
                assert rules, (path.name, at)
                if not rules - {"open-tail", "torn-tail"}:
                    assert at >= len(whole) - 1
        path.write_bytes(whole)
    assert lines(log.read()) == known
