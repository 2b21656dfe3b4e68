"""The level reached on the development sentences on words, held by language and first rule.

A guard against losing what was reached, and no measure of new sentences: ``README.md`` tells how
the sets were made and what their first runs gave.
"""

from __future__ import annotations

import csv
import shutil
from collections import Counter
from pathlib import Path

import pytest

import tamis
from tamis.app.building.assemble import assemble
from tamis.app.judgement.claims import evidence_of
from tamis.app.protocol.amend import read_protocol
from tamis.app.review import open_review
from tamis.certainty.claims import RULES, check, check_text
from tamis.certainty.claims.context import Knowledge

HERE = Path(__file__).parent
EXAMPLE = Path(tamis.__file__).parent / "examples" / "worked"

#: Language, first rule (or "silent") -> sentences read rightly at least, of so many.
REACHED = {
    ("en", "caveat-missing"): (10, 10),
    ("en", "no-comparator"): (13, 13),
    ("en", "number-differs"): (9, 9),
    ("en", "recommendation"): (14, 14),
    ("en", "silent"): (100, 100),
    ("en", "subgroup-headline"): (10, 10),
    ("en", "surrogate"): (8, 8),
    ("en", "verb-too-strong"): (59, 60),
    ("zh", "caveat-missing"): (10, 10),
    ("zh", "no-comparator"): (13, 13),
    ("zh", "number-differs"): (8, 9),
    ("zh", "recommendation"): (14, 14),
    ("zh", "silent"): (97, 98),
    ("zh", "subgroup-headline"): (10, 10),
    ("zh", "surrogate"): (8, 8),
    ("zh", "verb-too-strong"): (58, 59),
}


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Knowledge:
    folder = tmp_path_factory.mktemp("words") / "worked"
    shutil.copytree(EXAMPLE / "review", folder)
    with open_review(folder) as review:
        content = assemble(review, read_protocol(review), write=False).content
    return Knowledge(evidence_of(content))


@pytest.mark.slow
def test_the_level_reached_holds(known: Knowledge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "Knowledge", lambda _evidence: known)
    right: Counter[tuple[str, str]] = Counter()
    every: Counter[tuple[str, str]] = Counter()
    wrong: list[str] = []
    for path in sorted(HERE.glob("words_*.csv")):
        with path.open(encoding="utf-8", newline="") as handle:
            rows = list(csv.DictReader(handle))
        for row in rows:
            wanted = set(filter(None, row["rules"].split(";")))
            assert wanted <= set(RULES)
            done = check_text(row["sentence"], name="one", evidence=known.evidence)
            fired = {f.rule for c in done.claims for f in c.findings if f.severity != "note"}
            fits = bool(fired & wanted) if wanted else not fired
            key = row["lang"], row["rules"].split(";")[0] or "silent"
            every[key] += 1
            right[key] += fits
            wrong += [] if fits else [row["sentence"]]
    assert {key: of for key, (_, of) in REACHED.items()} == every
    short = {key: (right[key], least) for key, (least, _) in REACHED.items() if right[key] < least}
    assert not short, wrong
