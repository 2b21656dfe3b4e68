"""The published article whose claims are labelled: every bar of the benchmark holds.

Reads ``TAMIS_EVIDENCE`` (default ``../shared/evidence`` beside the repository); skipped visibly
where it is absent. The program is run as a person would run it.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from benchmarks import claims

EXAMPLE = claims.ROOT / "src" / "tamis" / "examples" / "worked"


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, object]]:
    article = claims.EVIDENCE / "lay-article.zh.txt"
    if not article.is_file():
        pytest.skip(f"{article} is not here: name its folder with TAMIS_EVIDENCE")
    review = tmp_path_factory.mktemp("article") / "worked"
    shutil.copytree(EXAMPLE / "review", review)
    shutil.copy(EXAMPLE / "inputs" / "review.toml", review)
    copied = Path(shutil.copy(article, review.parent / "article.txt"))
    scored = claims.Scored(
        text=article.read_text("utf-8"),
        labels=json.loads((claims.EVIDENCE / "claims.json").read_text("utf-8")),
        answer=claims.run_check(copied, review),
    )
    return {str(row["metric"]): row for row in claims.measure(scored)}


@pytest.mark.parametrize(
    "metric",
    ["sensitivity", "sensitivity_sentence", "sensitivity_text", "specificity",
     "specificity_sentence", "cannot_tell", "expected_rows", "silent_list", "offsets",
     "suggestions_in_chinese", "number_answers"],
)  # fmt: skip
def test_the_bar_holds(rows: dict[str, dict[str, object]], metric: str) -> None:
    row = rows[metric]
    assert row["holds"], row


def test_no_rule_names_a_claim_or_a_study() -> None:
    """What the rules know of this review they know from its data."""
    names = (
        "gu2014",
        "deng",
        "barbado",
        "ranjbar",
        "parlindungan",
        "lupus",
        "狼疮",
        "干细胞",
        "msc",
    )
    for path in (claims.ROOT / "src" / "tamis" / "certainty" / "claims").glob("*.py"):
        text = path.read_text("utf-8").lower()
        code = "\n".join(line for line in text.splitlines() if ">>>" not in line)
        found = [name for name in names if name in code]
        assert not found, f"{path.name}: {found}"
