"""``tamis changes``: what is told otherwise than on a day."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.cli.conftest import Tamis, snapshot

from tamis import examples

PRACTICE = Path(examples.__file__).parent / "practice" / "review"


def test_what_was_told_then_and_is_told_now(tmp_path: Path, tamis: Tamis) -> None:
    root = tmp_path / "review"
    shutil.copytree(PRACTICE, root)
    before = snapshot(root / "log")
    told = tamis("changes", root, "--since", "2026-01-14", "--json").json
    found = {(one["kind"], one["about"]): one for one in told["changes"]}
    values = found["count", "values"]
    assert (values["before"], int(values["after"]) > 100) == ("0", True)
    response = found["result", "Response at month 6: three trials"]
    assert response["after"].startswith("RR ")
    assert found["certainty", "response (response-rct)"]["after"] == "low"
    said = {one["language"]: one["after"] for one in told["changes"] if one["kind"] == "statement"}
    assert set(said) == {"en", "zh"}
    assert any("\u4e00" <= character <= "\u9fff" for character in said["zh"])
    assert not [one for one in told["changes"] if one["kind"] == "study"]
    assert snapshot(root / "log") == before
    assert "Nothing is told otherwise" in tamis("changes", root, "--since", "2026-12-01").out


def test_a_day_that_is_none_or_too_early_is_refused(tmp_path: Path, tamis: Tamis) -> None:
    root = tmp_path / "review"
    shutil.copytree(PRACTICE, root)
    for since, why in (("soon", "no day"), ("2020-01-01", "no protocol")):
        done = tamis("changes", root, "--since", since)
        assert done.code == 2
        assert why in done.err
