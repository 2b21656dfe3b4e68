"""A live review in memory, with as many reports, people and rules as a test wants."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from types import MappingProxyType

from tamis.app.desk.desk import Desk
from tamis.app.imports import Library
from tamis.app.review import Watcher
from tamis.domain import process
from tamis.domain.events import GENESIS, Draft, Event, forge
from tamis.domain.question import (
    Criterion,
    Protocol,
    Question,
    ReviewHead,
    ScreeningRules,
    Source,
    TeamMember,
)
from tamis.domain.records import Cluster, Record
from tamis.domain.state import ReviewState, extend, fold

TITLES, TEXTS = "title-abstract", "full-text"
SHA = {"one": "1" * 64, "two": "2" * 64}
CRITERIA = (
    Criterion(id="population", version=1, stage="both", kind="include", text="lupus", order=10),
    Criterion(id="design", version=1, stage="both", kind="include", text="a trial", order=20),
    Criterion(id="language", version=1, stage="full-text", kind="include", text="read", order=30),
)
OWNER = frozenset({"owner"})


def plan(rules: ScreeningRules, people: Sequence[str]) -> Protocol:
    """Return a protocol with these rules and these people, who all screen."""
    return Protocol(
        head=ReviewHead(id="demo", title="A question"),
        question=Question(
            population="p", intervention="i", comparator="c", outcomes="o", designs="d"
        ),
        criteria=CRITERIA,
        sources=tuple(Source(id=name, database=name, platform="") for name in SHA),
        screening=rules,
        team=tuple(TeamMember(id=f"p-{who}", name=who) for who in people),
    )


def record(number: int) -> Record:
    """Return the record of a number; odd ones come from the second source."""
    source = "one" if number % 2 == 0 else "two"
    return Record(
        id=f"{SHA[source][:12]}:{number}",
        raw=(),
        database=source,
        type="journal article",
        title=f"Report {number} on lupus",
        authors=(f"Author {number}", "Müller M"),
        year=2000 + number % 20,
        journal=f"Journal {number % 3}",
        doi=f"10.1/{number}",
        abstract=f"Abstract of number {number} with néphrite." if number % 5 else "",
        language="en" if number % 4 else "zh",
    )


class MemoryLive:
    """What the desk needs of a live review, without a folder."""

    def __init__(self, protocol: Protocol, reports: Sequence[Sequence[int]]) -> None:
        numbers = sorted({n for group in reports for n in group})
        self.protocol = protocol
        records = {r.id: r for r in map(record, numbers)}
        self.library = Library(files=(), records=MappingProxyType(records))
        self.cluster_up(reports)
        self.state = ReviewState()
        self.ranked: tuple[str, ...] = ()
        self.log: list[Event] = []
        self._watchers: list[Watcher] = []
        self._minute = 0
        self.moment = ""
        self.record([Draft(actor="p-o", kind="review_created.v1", subject="demo",
                           body={"id": "demo", "title": "A question"})])  # fmt: skip
        for source, sha in SHA.items():
            body = {"source": source, "file": source, "sha256": sha, "format": "ris",
                    "database": source, "encoding": "utf-8", "records": len(numbers)}  # fmt: skip
            self.record([Draft(actor="p-o", kind="batch_imported.v1", subject=source, body=body)])

    def cluster_up(self, reports: Sequence[Sequence[int]]) -> None:
        found = [Cluster(records=tuple(record(n).id for n in group)) for group in reports]
        self.clusters: Mapping[str, Cluster] = {c.id: c for c in found}
        self.cluster_of: Mapping[str, Cluster] = {r: c for c in found for r in c.records}

    @contextmanager
    def locked(self) -> Iterator[None]:
        yield

    def watch(self, watcher: Watcher) -> None:
        self._watchers.append(watcher)

    def record(self, drafts: Sequence[Draft]) -> tuple[Event, ...]:
        written = []
        for draft in drafts:
            process.check(self.state, draft)
            chain = f"{draft.actor}.00000001"
            seq, _ = self.state.heads.get(chain, (0, ""))
            self._minute += 1
            at = (
                draft.at
                or self.moment
                or f"2026-01-01T{self._minute // 60:02}:{self._minute % 60:02}:00.000Z"
            )
            seen = {c: (n, h[:12]) for c, (n, h) in self.state.heads.items() if c != chain}
            prev = self.state.heads.get(chain, (0, GENESIS))[1]
            event = forge(draft, replica="00000001", seq=seq + 1, at=at, prev=prev, seen=seen)
            self.log.append(event)
            if extend(self.state, event):
                for watcher in self._watchers:
                    watcher.took([event])
            else:
                self.refold()
            written.append(event)
        return tuple(written)

    def refold(self) -> None:
        self.state = fold(self.log)
        for watcher in self._watchers:
            watcher.refolded()


def make(
    count: int = 6,
    *,
    people: str = "ab",
    reports: Sequence[Sequence[int]] = (),
    now: float = 0.0,
    **rules: object,
) -> tuple[Desk, MemoryLive]:
    """Return a desk over ``count`` reports of one record each."""
    settings = replace(ScreeningRules(order="imported"), **rules)  # type: ignore[arg-type]
    live = MemoryLive(plan(settings, people), reports or [[n] for n in range(count)])
    return Desk(live, now=lambda: now), live


def rid(number: int) -> str:
    """Return the id of a record, and of its report where it stands alone."""
    return record(number).id
