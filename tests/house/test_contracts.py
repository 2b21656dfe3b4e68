"""Every import contract is enforced: a violation planted in a copy of the package breaks it.

The copy is checked with the project's own configuration. A clean copy keeps every contract; each
planted import breaks the contract it was planted for.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import cycle, pairwise
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONFIG = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
CONTRACTS: dict[str, dict[str, Any]] = {row["id"]: row for row in CONFIG["contracts"]}

#: A planted violation: contract, module that breaks it, the line that breaks it.
Seed = tuple[str, str, str]


def rooms(layer: str) -> list[str]:
    return [name.strip() for name in layer.replace(":", "|").split("|")]


def of_layers(contract: str) -> Iterator[Seed]:
    """Plant in each layer an import of the layer above, and in each room one of its neighbour."""
    layers = [rooms(layer) for layer in CONTRACTS[contract]["layers"]]
    for outer, inner in pairwise(layers):
        yield contract, f"tamis.{inner[0]}", f"import tamis.{outer[0]}"
    for layer in layers:
        for one, other in pairwise(layer):
            yield contract, f"tamis.{one}", f"import tamis.{other}"
            yield contract, f"tamis.{other}", f"from tamis import {one}"


def of_forbidden(contract: str) -> Iterator[Seed]:
    """Plant every forbidden module once and use every source module once."""
    row = CONTRACTS[contract]
    sources, forbidden = row["source_modules"], row["forbidden_modules"]
    count = max(len(sources), len(forbidden))
    pairs = zip(cycle(sources), cycle(forbidden), strict=False)
    for (source, name), _ in zip(pairs, range(count), strict=False):
        yield contract, source, f"import {name}"


def of_knots(contract: str) -> Iterator[Seed]:
    """Tie a knot between two rooms, and one between two modules inside a room."""
    yield contract, "tamis.domain", "import tamis.app"
    yield contract, "tamis.domain.errors", "import tamis.domain.state"


SEEDS: list[Seed] = [
    seed
    for name, row in CONTRACTS.items()
    for seed in {"layers": of_layers, "forbidden": of_forbidden, "acyclic_siblings": of_knots}[
        row["type"]
    ](name)
]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the package with the project's configuration beside it."""
    folder = tmp_path_factory.mktemp("house")
    leave = shutil.ignore_patterns("__pycache__", "examples")
    shutil.copytree(ROOT / "src" / "tamis", folder / "tamis", ignore=leave)
    examples = folder / "tamis" / "examples"
    examples.mkdir()
    for module in (ROOT / "src" / "tamis" / "examples").glob("*.py"):
        shutil.copy(module, examples)
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def lint(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    code = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    return subprocess.run(
        [sys.executable, "-c", code, "--no-cache", "--no-logo", *options],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200", "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=600,
    )


def module_file(folder: Path, module: str) -> Path:
    place = folder.joinpath(*module.split("."))
    return place / "__init__.py" if place.is_dir() else place.with_suffix(".py")


def imported(line: str) -> str:
    """Return the module that an import statement names.

    >>> imported("from tamis import store")
    'tamis.store'
    """
    return line.removeprefix("import ").replace("from tamis import ", "tamis.")


def test_a_clean_copy_keeps_every_contract(copy: Path) -> None:
    done = lint(copy)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(CONTRACTS)} kept, 0 broken" in done.stdout


def test_every_contract_has_a_planted_violation() -> None:
    assert {seed[0] for seed in SEEDS} == set(CONTRACTS)
    assert len(CONTRACTS) >= 7


@contextmanager
def planted(copy: Path, seeds: Sequence[Seed]) -> Iterator[None]:
    """Plant violations in the copy, and take them out again."""
    clean = {path: path.read_bytes() for path in (module_file(copy, seed[1]) for seed in seeds)}
    lines = dict.fromkeys(clean, b"")
    for _, module, line in seeds:
        lines[module_file(copy, module)] += f"\n{line}\n".encode()
    try:
        for path, data in clean.items():
            path.write_bytes(data + lines[path])
        yield
    finally:
        for path, data in clean.items():
            path.write_bytes(data)


@pytest.fixture(scope="module")
def said(copy: Path) -> Callable[[str], str]:
    """Return what is said of a contract when all its violations are planted at once."""

    @cache
    def broken(contract: str) -> str:
        with planted(copy, [seed for seed in SEEDS if seed[0] == contract]):
            done = lint(copy, "--contract", contract)
        return _breaks(contract, done)

    return broken


def _breaks(contract: str, done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 1, done.stdout + done.stderr
    assert "0 kept, 1 broken" in done.stdout
    assert f"{CONTRACTS[contract]['name']} BROKEN" in done.stdout
    return done.stdout


KNOTS = [seed for seed in SEEDS if CONTRACTS[seed[0]]["type"] == "acyclic_siblings"]


@pytest.mark.parametrize(
    ("contract", "module", "line"),
    [seed for seed in SEEDS if seed not in KNOTS],
    ids=lambda part: part.replace("tamis.", ""),
)
def test_a_planted_violation_breaks_its_contract(
    said: Callable[[str], str], contract: str, module: str, line: str
) -> None:
    assert f"{module} -> {imported(line)} (l." in said(contract)


@pytest.mark.parametrize(
    ("contract", "module", "line"), KNOTS, ids=lambda part: part.replace("tamis.", "")
)
def test_a_planted_knot_breaks_its_contract(
    copy: Path, contract: str, module: str, line: str
) -> None:
    """One by one: a knot names its way round, which another knot may shorten."""
    with planted(copy, [(contract, module, line)]):
        _breaks(contract, lint(copy, "--contract", contract))


def test_a_room_that_no_layer_names_is_refused(copy: Path) -> None:
    exhaustive = [row["id"] for row in CONTRACTS.values() if row.get("exhaustive")]
    assert exhaustive == ["layers"]
    attic = copy / "tamis" / "attic"
    attic.mkdir()
    (attic / "__init__.py").write_text('"""A new room."""\n', encoding="utf-8")
    try:
        done = lint(copy, "--contract", "layers")
    finally:
        shutil.rmtree(attic)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "tamis.attic" in done.stdout


def test_the_layers_name_rooms_that_exist() -> None:
    named = {room for layer in CONTRACTS["layers"]["layers"] for room in rooms(layer)}
    present = {p.name for p in (ROOT / "src" / "tamis").iterdir() if (p / "__init__.py").exists()}
    assert named == present | {"__main__"}


def test_thinking_rooms_are_all_guarded() -> None:
    """The nine stages, report and domain stand under the contract that they touch nothing."""
    layers = CONTRACTS["layers"]["layers"]
    stages = rooms(next(layer for layer in layers if "screening" in layer))
    assert len(stages) == 9
    wanted = {f"tamis.{room}" for room in [*stages, "report", "domain"]}
    assert set(CONTRACTS["thinking-rooms-touch-nothing"]["source_modules"]) == wanted
