"""The benchmark's environment of peers: what is somebody else's is neither filled nor deleted."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

FILE = Path(__file__).parents[2] / "benchmarks" / "synthesis.py"


@pytest.fixture(scope="module")
def benchmark_module() -> ModuleType:
    spec = importlib.util.spec_from_file_location("benchmarks_synthesis", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_a_folder_that_is_no_environment_is_left_as_it_is(
    benchmark_module: ModuleType, tmp_path: Path
) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "mine").write_text("kept")
    with pytest.raises(SystemExit, match="no virtual environment"):
        benchmark_module.environment(tmp_path)
    assert (tmp_path / "bin" / "mine").read_text() == "kept"
    assert [one.name for one in tmp_path.iterdir()] == ["bin"]


def test_an_environment_that_is_there_is_used(benchmark_module: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").write_text("")
    (tmp_path / "pyvenv.cfg").write_text("")
    assert benchmark_module.environment(tmp_path) == tmp_path / "bin" / "python"


def test_what_it_made_itself_is_removed_when_it_cannot_be_filled(
    benchmark_module: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def create(folder: Path, *, with_pip: bool) -> None:
        (folder / "bin").mkdir(parents=True)

    def fails(*_: object, **__: object) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess([], 1)

    monkeypatch.setattr(benchmark_module.venv, "create", create)
    monkeypatch.setattr(benchmark_module.subprocess, "run", fails)
    assert benchmark_module.environment(tmp_path / "new") is None
    assert list(tmp_path.iterdir()) == []
