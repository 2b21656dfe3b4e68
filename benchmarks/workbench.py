"""How long a reviewer waits in a large review: next record, vote, page of the list, search.

``python benchmarks/workbench.py [--quick] [--json FILE]`` makes a review folder with 100,000
records (10,000 with ``--quick``) of invented words, of which two people have screened two fifths,
and asks the desk 1,000 times each (300 with ``--quick``), as two people who screen on. A figure is
the time that 95 of 100 calls stay under, in milliseconds of the clock, the disk included. The peer
is the same desk on a review with next to no records.

The log, the votes, the list and the search are those of the product; only de-duplication is told
that no two records are the same, because the words are drawn and no question here depends on it.

One line a metric: ``metric ours peer ratio target holds|short``; exit 1 when one falls short.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tamis.app.clusters import dedupe_key
from tamis.app.desk.desk import Desk
from tamis.app.imports import import_files
from tamis.app.init import init_review
from tamis.app.live import LiveReview
from tamis.app.runs import run_once
from tamis.dedupe import write_pairs
from tamis.domain.events import Draft

RECORDS, QUICK_RECORDS, SMALL = 100_000, 10_000, 1_500
CALLS, QUICK_CALLS = 1_000, 300
PEOPLE = ("p-one", "p-two")
STAGE = "title-abstract"

#: Milliseconds that 95 of 100 calls may take.
TARGETS = {"next": 100.0, "vote": 50.0, "list": 300.0, "search": 300.0}

#: Syllables of the invented words; a word is two to four of them.
SYLLABLES = ("ba", "co", "di", "fen", "gul", "ha", "jor", "ki", "lem", "mo", "nar", "pel", "qui",
             "ros", "sa", "ten", "ul", "vo", "wim", "xa", "yel", "zin")  # fmt: skip

PROTOCOL = """
[review]
id = "workbench"
title = "A review of invented words"

[question]
population = "people"
intervention = "a drug"
comparator = "placebo"
outcomes = "remission"
designs = "trials"

[[criterion]]
id = "population"
version = 1
stage = "both"
kind = "include"
text = "People with the condition"
order = 1

[[criterion]]
id = "design"
version = 1
stage = "both"
kind = "include"
text = "A randomised trial"
order = 2

[[source]]
id = "invented"
database = "Invented"
platform = "none"

[[team]]
id = "p-one"
name = "One"

[[team]]
id = "p-two"
name = "Two"
"""


def words(chance: random.Random, vocabulary: Sequence[str], count: int) -> str:
    """Return a text of drawn words; common ones come often, as in real texts."""
    size = len(vocabulary)
    return " ".join(vocabulary[int(size * chance.random() ** 3)] for _ in range(count))


def vocabulary(chance: random.Random) -> list[str]:
    """Return 20,000 different invented words."""
    found: dict[str, None] = {}
    while len(found) < 20_000:
        found["".join(chance.choices(SYLLABLES, k=chance.randint(2, 4)))] = None
    return list(found)


def citations(count: int) -> Iterator[str]:
    """Yield records in RIS with a title of 14 words and an abstract of 180."""
    chance = random.Random(7)
    known = vocabulary(chance)
    for n in range(count):
        accent = " néphrite" if n % 50 == 0 else ""
        yield (
            f"TY  - JOUR\nTI  - {words(chance, known, 14)}\nAU  - {words(chance, known, 1)}, A\n"
            f"AU  - {words(chance, known, 1)}, B\nPY  - {1990 + n % 36}\nT2  - Journal {n % 700}\n"
            f"DO  - 10.9999/t{n}\nLA  - {'en' if n % 9 else 'zh'}\n"
            f"AB  - {words(chance, known, 180)}{accent}\nER  - \n\n"
        )


def make(folder: Path, count: int) -> LiveReview:
    """Make a review of so many records, two fifths of them screened by both people."""
    source = folder / "invented.ris"
    source.write_text("".join(citations(count)), encoding="utf-8")
    root = folder / "review"
    init_review(root, title="A review of invented words", by=PEOPLE[0])
    (root / "review.toml").write_text(PROTOCOL, encoding="utf-8")
    live = LiveReview(root)
    import_files(live.review, [source], source="invented", by=PEOPLE[0])
    key = dedupe_key(live.review, live.protocol)
    run_once(live.review, key, lambda: write_pairs(()))
    chance = random.Random(11)
    drafts = []
    for cluster in sorted(live.clusters)[: count * 2 // 5]:
        for person in PEOPLE:
            decision = chance.choices(("include", "exclude", "maybe"), (3, 90, 7))[0]
            body = {
                "stage": STAGE,
                "records": list(live.clusters[cluster].records),
                "decision": decision,
                "reason": chance.choice(("design", "population")) if decision == "exclude" else "",
                "criteria": {},
            }
            drafts.append(Draft(actor=person, kind="screened.v1", subject=STAGE, body=body))
    live.record(drafts)
    return live


@dataclass(slots=True)
class Session:
    """Two people at the desk; every method is one call of one metric."""

    desk: Desk
    chance: random.Random
    turn: int = 0
    at: str = ""

    def person(self) -> str:
        """Return whose turn it is."""
        return PEOPLE[self.turn % 2]

    def next(self) -> None:
        """Ask for the next record."""
        self.turn += 1
        card = self.desk.next(self.person(), STAGE)
        self.at = card.cluster if card else ""

    def vote(self) -> None:
        """Vote on the record that came."""
        decision, reason = self.chance.choice((("include", ""), ("exclude", "design")))
        self.desk.vote(self.person(), STAGE, self.at, decision, reason=reason)

    def turn_page(self) -> None:
        """Turn to a page of the list, narrowed in changing ways."""
        facets = self.chance.choice(
            ({}, {"mine": ["none"]}, {"state": ["conflict"]}, {"year": ["2001", "2002"]},
             {"mine": ["include", "maybe"], "language": ["zh"]}, {"journal": ["Journal 5"]})
        )  # fmt: skip
        page = self.chance.randint(1, 5)
        self.desk.listing(self.person(), STAGE, facets=facets, page=page)

    def search(self, known: Sequence[str]) -> None:
        """Search for one to three words that were not asked for before."""
        query = words(self.chance, known, self.chance.randint(1, 3))
        self.desk.listing(self.person(), STAGE, query=query)


def p95(work: Sequence[Callable[[], None]], calls: int) -> list[float]:
    """Return, for each piece of work done in turns, the time 95 of 100 calls stay under, in ms."""
    times: list[list[float]] = [[] for _ in work]
    for _ in range(calls):
        for piece, taken in zip(work, times, strict=True):
            start = time.perf_counter()
            piece()
            taken.append((time.perf_counter() - start) * 1000)
    return [sorted(taken)[int(0.95 * (len(taken) - 1))] for taken in times]


def measure(count: int, calls: int) -> dict[str, float]:
    """Return the milliseconds of every metric on a review of so many records."""
    with tempfile.TemporaryDirectory() as there:
        live = make(Path(there), count)
        desk = Desk(live)
        start = time.perf_counter()
        desk.prepare()
        print(f"# {count} records: the desk is ready after "
              f"{time.perf_counter() - start:.1f} s", file=sys.stderr)  # fmt: skip
        session = Session(desk, random.Random(13))
        known = vocabulary(random.Random(7))
        screened = min(calls, count * 3 // 5)  # not more than there are left to screen
        following, voting = p95((session.next, session.vote), screened)
        (listing,) = p95((session.turn_page,), calls)
        (searching,) = p95((lambda: session.search(known),), calls)
        mixed = p95((session.next, session.vote, session.turn_page), min(calls, 100))
    return {
        "next": following,
        "vote": voting,
        "list": listing,
        "search": searching,
        "list_while_voting": mixed[2],
    }


def main() -> int:
    """Run, print, and tell by the exit code whether every target holds."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    count, calls = (QUICK_RECORDS, QUICK_CALLS) if asked.quick else (RECORDS, CALLS)
    peer, ours = measure(SMALL, min(calls, 300)), measure(count, calls)
    rows = []
    for name, milliseconds in ours.items():
        target = TARGETS.get(name, TARGETS["list"])
        rows.append(
            {
                "metric": f"{name}_p95_{count}",
                "ours": round(milliseconds, 2),
                "peer": round(peer[name], 2),
                "ratio": round(milliseconds / peer[name], 2),
                "target": target,
                "holds": milliseconds <= target,
            }
        )
    for row in rows:
        holds = "holds" if row["holds"] else "short"
        print(*(row[key] for key in ("metric", "ours", "peer", "ratio", "target")), holds, sep="  ")
    if asked.json:
        asked.json.write_text(json.dumps({"unit": "milliseconds", "rows": rows}, indent=1) + "\n")
    return 0 if all(row["holds"] for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
