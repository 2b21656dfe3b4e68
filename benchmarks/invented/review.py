"""A review folder with as many records as one likes, made of invented words.

The log, the votes and the imports are those of the product; only what de-duplication found is
told and not computed, because the words are drawn: two in a hundred records are said to be copies
of their neighbour, and two in a hundred to be perhaps one.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from tamis.app.clusters import dedupe_key
from tamis.app.imports import import_files, load_library
from tamis.app.init import init_review
from tamis.app.protocol.amend import read_protocol
from tamis.app.review import Review, open_review
from tamis.app.runs import run_once
from tamis.dedupe import cluster, write_pairs
from tamis.domain.events import Draft
from tamis.domain.records import PairDecision

__all__ = ["PEOPLE", "STAGE", "make", "vocabulary", "words"]

PEOPLE = ("p-one", "p-two")
STAGE = "title-abstract"

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


def make(root: Path, count: int) -> None:
    """Make a review of so many records, two fifths of them screened by both people."""
    source = root.with_suffix(".ris")
    source.write_text("".join(_citations(count)), encoding="utf-8")
    init_review(root, title="A review of invented words", by=PEOPLE[0])
    (root / "review.toml").write_text(PROTOCOL, encoding="utf-8")
    with open_review(root) as review:
        import_files(review, [source], source="invented", by=PEOPLE[0])
        records = sorted(load_library(review).records)
        pairs = tuple(_pairs(records))
        run_once(review, dedupe_key(review, read_protocol(review)), lambda: write_pairs(pairs))
        _screen(review, [c.records for c in cluster(records, pairs)][: count * 2 // 5])
    source.unlink()


def _citations(count: int) -> Iterator[str]:
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


def _pairs(records: Sequence[str]) -> Iterator[PairDecision]:
    """Yield what the engine is made to have found, spread over all records."""
    for at in range(0, len(records) - 3, 50):
        one, copy, other, third = records[at : at + 4]
        yield PairDecision(a=one, b=copy, decision="same", rule="same-doi-and-title")
        yield PairDecision(a=other, b=third, decision="unsure", rule="title-and-author")


def _screen(review: Review, reports: Sequence[tuple[str, ...]]) -> None:
    chance = random.Random(11)
    drafts = []
    for records in reports:
        for person in PEOPLE:
            decision = chance.choices(("include", "exclude", "maybe"), (3, 90, 7))[0]
            reason = chance.choice(("design", "population")) if decision == "exclude" else ""
            body = {
                "stage": STAGE,
                "records": list(records),
                "decision": decision,
                "reason": reason,
                "criteria": {},
            }
            drafts.append(Draft(actor=person, kind="screened.v1", subject=STAGE, body=body))
    review.record(drafts)
