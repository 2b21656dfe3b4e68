"""No wrong number about the worked review is called faithful, and no true one contradicted.

``held_out_independent.csv`` was written by somebody who had not read the checker; it has been seen
by now: what its first run showed was mended as general faults (README.md has the first run), so
this test keeps what was reached and measures nothing new. ``numbers_first.csv``, ``_second`` and
``_third`` (true and wrong twins of every facet, by somebody who had read the checker) were each
written before their first run and mended against after it. Wrong called faithful and true called
contradicted at those first runs: first 1 of 22 and 1 of 17 (English), 4 of 23 and 2 of 18
(Chinese); second 6 of 24 and 0 of 17, 3 of 22 and 0 of 16; third 1 of 18 and 1 of 15, 1 of 19 and
2 of 15.

Scored as the README says: contradicted before faithful before cannot-tell over a sentence and its
parts.
"""

from __future__ import annotations

import csv
import shutil
from importlib.resources import as_file, files
from pathlib import Path

import pytest

from tamis.app.building.assemble import assemble
from tamis.app.judgement.claims import evidence_of
from tamis.app.protocol.amend import read_protocol
from tamis.app.review import open_review
from tamis.certainty.claims import ClaimEvidence, check, check_text
from tamis.certainty.claims.context import Knowledge

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
INDEPENDENT = "held_out_independent.csv"
OWN = ("numbers_first.csv", "numbers_second.csv", "numbers_third.csv")
_WORST = ("contradicted", "faithful", "cannot-tell", "none")

Row = dict[str, str]


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> ClaimEvidence:
    folder = tmp_path_factory.mktemp("worked") / "review"
    with as_file(files("tamis.examples") / "worked" / "review") as example:
        shutil.copytree(example, folder)
    with open_review(folder) as review:
        return evidence_of(assemble(review, read_protocol(review), write=False).content)


@pytest.fixture(scope="module")
def known(evidence: ClaimEvidence) -> Knowledge:
    return Knowledge(evidence)


def rows(name: str, lang: str) -> list[Row]:
    with (HERE / name).open(encoding="utf-8", newline="") as handle:
        return [row for row in csv.DictReader(handle) if row["lang"] == lang]


def answer(row: Row, evidence: ClaimEvidence) -> str:
    done = check_text(row["sentence"], name="one", evidence=evidence, lang=row["lang"])
    given = {claim.number for claim in done.claims}
    return next(a for a in _WORST if a in given)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", [INDEPENDENT, *OWN])
def test_no_wrong_number_is_called_faithful(
    name: str, lang: str, evidence: ClaimEvidence, known: Knowledge,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(check, "Knowledge", lambda _: known)  # prepared once: it is the same
    told = [(row, answer(row, evidence)) for row in rows(name, lang)]
    wrong = [row["sentence"] for row, said in told
             if row["number"] == "contradicted" and said == "faithful"]  # fmt: skip
    accused = [row["sentence"] for row, said in told
               if row["number"] == "faithful" and said == "contradicted"]  # fmt: skip
    stated = [row for row, said in told if not row["number"] and said != "none"]
    assert wrong == []
    assert accused == []
    assert stated == []


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", [INDEPENDENT, *OWN])
def test_most_numbers_are_decided(
    name: str, lang: str, evidence: ClaimEvidence, known: Knowledge,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(check, "Knowledge", lambda _: known)
    found = [row for row in rows(name, lang) if row["number"]]
    right = sum(answer(row, evidence) == row["number"] for row in found)
    assert right >= 0.9 * len(found)


@pytest.mark.parametrize("name", OWN)
def test_the_own_sets_hold_true_and_wrong_numbers_in_both_languages(name: str) -> None:
    for lang in ("en", "zh"):
        wrong = [row["number"] == "contradicted" for row in rows(name, lang)]
        assert 0.4 < sum(wrong) / len(wrong) < 0.7
        assert len({row["facet"] for row in rows(name, lang)}) >= 6
