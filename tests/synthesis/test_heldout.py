"""The held-out set: made with a seed, answered by metafor, hashed, and only then compared."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import Any

import pytest
from validation.compare import compare
from validation.heldout.make import made
from validation.heldout.run import KEPT, keep, read
from validation.score import verdicts

#: SHA-256 of the file as it was written, before the product answered its first case.
HASH = "600b133c9392255e5008fc6d737443c79373633308c4bcfb8d801b6425020e36"


@pytest.fixture(scope="module")
def held() -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = read(KEPT)["cases"]
    return cases


def test_the_set_is_the_one_that_was_hashed(held: list[dict[str, Any]]) -> None:
    assert hashlib.sha256(KEPT.read_bytes()).hexdigest() == HASH
    assert len(held) == 1270
    assert not [case["id"] for case in held if "error" in case["outputs"]]


def test_its_questions_come_from_the_seed(held: list[dict[str, Any]]) -> None:
    """Nothing was left out or chosen after the answers were seen."""
    questions = [{k: v for k, v in case.items() if k != "outputs"} for case in held]
    assert questions == made(20261125, each=20)


def test_held_out_cases_agree(held: list[dict[str, Any]]) -> None:
    found = compare(held)
    came = sum((verdicts(family, one) for family, one in found.items()), Counter[str]())
    assert came.total() == len(held)
    assert came["agree"] / came.total() >= 0.995
    assert came["agree"] + came["ended"] + came["typed"] == came.total()
    agree, numbers = (sum(getattr(one, k) for one in found.values()) for k in ("agree", "total"))
    assert agree / numbers > 0.999


def test_what_is_kept_is_read_again(tmp_path: Any) -> None:
    file = tmp_path / "some.json.gz"
    first = keep({"engine": "none", "cases": []}, file)
    assert keep(read(file), file) == first
