"""Law 7: the same log, inputs and pinned versions give the same report bytes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


def built(folder: Path, *, seed: str, example: str) -> dict[str, bytes]:
    """Build an example in another process, with another order of hashes; return its report."""
    environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": "Asia/Shanghai", "LC_ALL": "C"}
    arguments = ["demo", str(folder), *(["--practice"] if example == "practice" else [])]
    subprocess.run(
        [sys.executable, "-m", "tamis", *arguments],
        env=environment,
        check=True,
        capture_output=True,
    )
    report = folder / "report"
    return {
        p.relative_to(report).as_posix(): p.read_bytes() for p in report.rglob("*") if p.is_file()
    }


@pytest.mark.parametrize("example", ["worked", "practice"])
def test_building_twice_gives_the_same_bytes(tmp_path: Path, example: str) -> None:
    one = built(tmp_path / "one", seed="1", example=example)
    again = built(tmp_path / "one", seed="2", example=example)
    elsewhere = built(tmp_path / "another-place", seed="3", example=example)
    assert one.keys() == again.keys() == elsewhere.keys()
    assert "report.html" in one
    for name, data in one.items():
        assert data == again[name], name
        assert data == elsewhere[name], name
