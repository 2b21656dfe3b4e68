"""The pages say of the claim check what the tables say."""

from __future__ import annotations

import re
from pathlib import Path

from tamis.certainty.claims import KEYS, RULES

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "contracts.md"


def part(heading: str) -> str:
    text = PAGE.read_text("utf-8")
    found = re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", text, re.M | re.S)
    assert found is not None, heading
    return found[1]


def test_the_keys_of_claims_toml() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", part("claims.toml"), re.M))
    assert rows == dict(KEYS)


def test_the_twelve_rules() -> None:
    rows = re.findall(
        r"^\| (\d+) \| `([a-z-]+)` \| (\w+) \| ([a-z ]+) \| (.+) \|$",
        part("Rules of the claim check"),
        re.M,
    )
    assert rows == [(str(r.number), r.id, r.severity, r.level, r.sentence) for r in RULES.values()]
