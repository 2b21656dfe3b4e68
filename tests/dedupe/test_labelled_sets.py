"""Sensitivity, precision and specificity on five labelled sets of real records.

The sets are public, were used to tune other tools and were looked at while these rules were
written: the figures are those of a development set. The truth is not clean; nothing here is
adjudicated. Pairs are counted after transitive closure.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from tests.dedupe.making import LABELLED, joined, labelled

from tamis.dedupe import DedupeSettings, deduplicate
from tamis.dedupe.block import block
from tamis.dedupe.prepare import prepare

pytestmark = [pytest.mark.needs("bench"), pytest.mark.slow]


@dataclass(frozen=True, kw_only=True)
class Score:
    """What a run found against the truth of a set."""

    records: int
    true: int
    hits: int
    false_merges: tuple[tuple[str, str], ...]
    missed_but_asked: int
    asked: int

    @property
    def sensitivity(self) -> float:
        return self.hits / self.true

    @property
    def with_queue(self) -> float:
        return (self.hits + self.missed_but_asked) / self.true

    @property
    def specificity(self) -> float:
        unrelated = self.records * (self.records - 1) // 2 - self.true
        return 1 - len(self.false_merges) / unrelated


@cache
def score(bench: Path, name: str) -> Score:
    records, truth = labelled(bench, name)
    result = deduplicate(records)
    found = joined(result)
    asked = {(p.a, p.b) for p in result.unsure}
    return Score(
        records=len(records),
        true=len(truth),
        hits=len(found & truth),
        false_merges=tuple(sorted(found - truth)),
        missed_but_asked=len((asked - found) & truth),
        asked=len(asked),
    )


#: Sensitivity measured, rounded down to three digits; a change for the worse must be seen.
MEASURED = {
    "cytology_screening": 0.996,
    "respiratory": 0.982,
    "diabetes": 0.993,
    "exp_mis_baseline": 0.992,
    "digital_work": 0.994,
}


@pytest.mark.parametrize("name", LABELLED)
def test_no_two_reports_are_merged(bench: Path, name: str) -> None:
    assert score(bench, name).false_merges == ()
    assert score(bench, name).specificity == 1


@pytest.mark.parametrize("name", LABELLED)
def test_duplicates_are_found(bench: Path, name: str) -> None:
    assert score(bench, name).sensitivity >= MEASURED[name]


@pytest.mark.parametrize("name", LABELLED)
def test_what_is_missed_is_mostly_asked_and_the_queue_is_short(bench: Path, name: str) -> None:
    found = score(bench, name)
    assert found.with_queue >= 0.988
    assert found.asked <= 0.01 * found.records


@pytest.mark.parametrize("name", LABELLED)
def test_blocking_loses_next_to_nothing_for_few_candidates(bench: Path, name: str) -> None:
    records, truth = labelled(bench, name)
    ready = sorted(map(prepare, records), key=lambda r: r.id)
    candidates = {(ready[i].id, ready[j].id) for i, j in block(ready, DedupeSettings()).pairs}
    assert len(truth & candidates) >= 0.998 * len(truth)
    assert len(candidates) <= 5 * len(records)
