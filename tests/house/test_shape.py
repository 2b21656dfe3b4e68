"""The shape of the code: small modules, quiet rooms, thin doors, and a light start."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from tests.yardstick import cpu_seconds

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "tamis"
MODULES = sorted(SOURCE.rglob("*.py"))
EVERY = sorted(
    path
    for folder in ("src", "tests", "tools", "benchmarks", "validation")
    for path in (ROOT / folder).rglob("*.py")
)
CONFIG = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
THINKING = {
    name.removeprefix("tamis.")
    for row in CONFIG["tool"]["importlinter"]["contracts"]
    if row["id"] == "thinking-rooms-touch-nothing"
    for name in row["source_modules"]
}


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), filename=str(path))


def room(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0]


def calls(path: Path) -> Iterator[tuple[str, int]]:
    """Yield the dotted name and line of every call in a module."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node.lineno


# ------------------------------------------------------------------ size and names
def test_no_module_is_over_450_lines() -> None:
    """Tests may be longer, within reason: their cases are tables."""
    sizes = {shown(path): len(path.read_text("utf-8").splitlines()) for path in EVERY}
    limits = {name: 600 if name.startswith("tests/") else 450 for name in sizes}
    assert not {name: size for name, size in sizes.items() if size > limits[name]}


def test_no_function_is_over_50_lines() -> None:
    """Lines of the body without its docstring."""
    long = []
    for path in MODULES:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                has_text = ast.get_docstring(node) and len(node.body) > 1
                body = node.body[1:] if has_text else node.body
                lines = (body[-1].end_lineno or 0) - body[0].lineno + 1
                if lines > 50:
                    long.append(f"{shown(path)}: {node.name}: {lines} lines")
    assert not long


def test_no_module_has_a_name_that_says_nothing() -> None:
    empty = re.compile(r"(^|_)(utils?|helpers?|managers?|misc|common)($|_)|^base_")
    parts = {part for path in MODULES for part in path.relative_to(SOURCE).with_suffix("").parts}
    assert not [part for part in sorted(parts) if empty.search(part)]


def test_every_module_says_what_it_is() -> None:
    assert not [shown(path) for path in MODULES if not ast.get_docstring(tree(path))]


def test_a_door_hands_names_on_and_does_nothing_else() -> None:
    more = [
        f"{shown(path)}:{node.lineno}"
        for path in MODULES
        if path.name == "__init__.py"
        for node in tree(path).body
        if not _hands_on(node) and not (path.parent == SOURCE and _is_lazy_door(node))
    ]
    assert not more


def _hands_on(node: ast.stmt) -> bool:
    match node:
        case ast.Expr(value=ast.Constant(value=str())) | ast.Import() | ast.ImportFrom():
            return True
        case ast.Assign(targets=[ast.Name(id="__all__" | "__version__")]):
            return True
        case ast.AnnAssign(target=ast.Name(id="__all__" | "__version__")):
            return True
    return False


def _is_lazy_door(node: ast.stmt) -> bool:
    """The package's own door may be lazy, so that a light start stays light (PEP 562)."""
    match node:
        case ast.FunctionDef(name="__getattr__" | "__dir__"):
            return True
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return True
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return name.startswith("_")
    return False


# ------------------------------------------------------------------ quiet rooms
def called(paths: Iterable[Path], pattern: str) -> list[str]:
    """Return file, line and name of every call whose name matches."""
    names = re.compile(pattern)
    return [
        f"{shown(path)}:{line}: {name}"
        for path in paths
        for name, line in calls(path)
        if names.fullmatch(name)
    ]


def test_only_the_command_line_prints() -> None:
    loud = r"p?print|pprint\.p?print|sys\.std(out|err)\.write|warnings\.warn"
    assert not called([p for p in MODULES if room(p) not in ("cli", "__main__.py")], loud)
    assert called([p for p in MODULES if room(p) == "cli"], loud), "the search finds nothing"


def test_thinking_rooms_open_nothing_and_ask_no_clock() -> None:
    """What an import contract cannot see: built-in functions, and clocks inside datetime."""
    touching = (
        r"open|input|breakpoint|exec|eval|__import__|(\w+\.)*(now|utcnow|today|getenv)"
        r"|(np|numpy)\.random\.(?!default_rng|Generator|SeedSequence)\w+"
    )
    assert not called([p for p in MODULES if room(p) in THINKING], touching)
    assert called([p for p in MODULES if room(p) == "app"], touching), "the search finds nothing"


def test_random_numbers_have_a_seed() -> None:
    unseeded = [
        f"{shown(path)}:{node.lineno}"
        for path in MODULES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).endswith(("default_rng", "SeedSequence"))
        and not node.args
        and not node.keywords
    ]
    assert not unseeded


def test_no_error_is_swallowed_unseen() -> None:
    """Everything may be caught only to tidy up and raise it again."""
    blind = [
        f"{shown(path)}:{node.lineno}"
        for path in MODULES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or ast.unparse(node.type) in ("Exception", "BaseException"))
        and not (isinstance(node.body[-1], ast.Raise) and node.body[-1].exc is None)
    ]
    assert not blind


def test_no_test_has_to_hurry() -> None:
    """Hypothesis neither sets a deadline nor minds slow examples, whatever else a test sets."""
    said = [
        (f"{shown(path)}:{node.value.lineno}", node.arg, ast.unparse(node.value))
        for path in EVERY
        for node in ast.walk(tree(path))
        if isinstance(node, ast.keyword) and node.arg in ("deadline", "suppress_health_check")
    ]
    assert len(said) > 5, "the search finds nothing"
    assert not [place for place, name, what in said if name == "deadline" and what != "None"]
    assert not [place for place, name, what in said if name != "deadline" and "slow" not in what]


# ------------------------------------------------------------------ a light start
HEAVY = {
    "alembic", "duckdb", "fastapi", "httpx", "jinja2", "lxml", "matplotlib", "narwhals", "numpy",
    "psycopg", "pydantic", "pypdfium2", "rapidfuzz", "scipy", "sklearn", "sqlalchemy", "typst",
}  # fmt: skip

STARTS = {
    "import tamis": "import tamis",
    "import tamis.domain": (
        "import pkgutil, tamis.domain\n"
        "for module in pkgutil.iter_modules(tamis.domain.__path__):\n"
        "    __import__(f'tamis.domain.{module.name}')"
    ),
    "import tamis.cli": "import tamis.cli",
    "tamis --help": "import sys, tamis.cli\nsys.argv = ['tamis', '--help']\ntamis.cli.main()",
    "tamis --version": "import sys, tamis.cli\nsys.argv = ['tamis', '--version']\ntamis.cli.main()",
}

SHELL = """
import json, sys, time
try:
{code}
except SystemExit:
    pass
loaded = sorted({{name.partition('.')[0] for name in sys.modules}})
print('\\n@@' + json.dumps([loaded, time.process_time()]))
"""


def start(code: str) -> tuple[set[str], float]:
    """Return the packages that were loaded, and the CPU seconds of the whole process."""
    indented = "\n".join(f"    {line}" for line in code.splitlines())
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("COV", "PYTHON"))}
    done = subprocess.run(
        [sys.executable, "-c", SHELL.format(code=indented)],
        env={**environment, "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
        timeout=600,
    )
    loaded, seconds = json.loads(done.stdout.rpartition("@@")[2])
    return set(loaded), seconds


@pytest.mark.parametrize("name", list(STARTS))
def test_a_start_loads_nothing_heavy(name: str) -> None:
    loaded, _ = start(STARTS[name])
    assert "tamis" in loaded
    assert not sorted(loaded & HEAVY)


def test_help_comes_at_once() -> None:
    """At most 0.3 CPU seconds, on a slower machine as many more (see ``yardstick``)."""
    assert cpu_seconds(lambda: start(STARTS["tamis --help"])[1], limit=0.3) <= 0.3
