"""What every test stands on: the ``needs`` marker, the Hypothesis profiles, one BLAS thread.

``@pytest.mark.needs("postgres")`` skips a test, visibly and with the remedy, on a machine that
lacks the thing. Where ``TAMIS_REQUIRE`` (a comma list) names it, the same absence is a failure.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Generator, Iterable
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

for _threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_threads, "1")

ROOT = Path(__file__).resolve().parents[1]

# ---------------------------------------------------------------- Hypothesis
# default: the same examples on every run of one commit; sweep: many, drawn afresh every time.
_COMMON = settings(
    deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow], database=None
)
settings.register_profile("default", _COMMON, max_examples=60, derandomize=True)
settings.register_profile("sweep", _COMMON, max_examples=3000, derandomize=False)
settings.register_profile(
    "quick", _COMMON, max_examples=10, derandomize=True, phases=[Phase.explicit, Phase.generate]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


# ---------------------------------------------------------------- what this machine has
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FONT_FOLDERS = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path("/Library/Fonts"),
    Path("/System/Library/Fonts"),
    Path("C:/Windows/Fonts"),
)
CJK_FILES = (
    "*NotoSansCJK*", "*NotoSerifCJK*", "*NotoSansSC*", "*SourceHanSans*", "*wqy*", "*PingFang*",
    "*msyh*", "*simsun*",
)  # fmt: skip
POSTGRES_GLOBS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql*/bin",
)


def find_chromium() -> str | None:
    """Return the browser's executable; ``TAMIS_CHROMIUM`` names another one."""
    named = os.environ.get("TAMIS_CHROMIUM")
    if named:
        return named if Path(named).is_file() else None
    return next((found for name in CHROMIUM_NAMES if (found := shutil.which(name))), None)


def find_cjk(folders: Iterable[Path] = FONT_FOLDERS) -> str | None:
    """Return one font file that can set Chinese."""
    if lister := shutil.which("fc-list"):
        done = subprocess.run(
            [lister, ":lang=zh", "file"], capture_output=True, text=True, check=False
        )
        lines = done.stdout.split("\n")
        if done.returncode == 0 and lines[0].strip():
            return min(line.strip().rstrip(":") for line in lines if line.strip())
    present = (folder for folder in folders if folder.is_dir())
    found = (path for folder in present for name in CJK_FILES for path in folder.rglob(name))
    return next((str(path) for path in found), None)


def find_postgres(globs: Iterable[str] = POSTGRES_GLOBS) -> str | None:
    """Return the folder that holds ``initdb`` and ``postgres``, the newest where there are many."""
    on_path = shutil.which("initdb")
    if on_path and shutil.which("postgres", path=str(Path(on_path).resolve().parent)):
        return str(Path(on_path).resolve().parent)
    folders = [
        folder
        for pattern in globs
        for folder in Path("/").glob(pattern.lstrip("/"))
        if (folder / "initdb").exists() and (folder / "postgres").exists()
    ]
    return str(max(folders, key=_version)) if folders else None


def find_r() -> str | None:
    """Return R's program for scripts where it can load metafor and what its models need."""
    program = shutil.which("Rscript")
    if program is None:
        return None
    asked = [program, "-e", "library(metafor); library(lme4); library(jsonlite)"]
    done = subprocess.run(asked, capture_output=True, check=False, timeout=120)
    return program if done.returncode == 0 else None


def find_duckdb() -> str | None:
    """Return where DuckDB is installed, beside splink."""
    found = find_spec("duckdb")
    return found.origin if found and find_spec("splink") else None


def find_spark() -> str | None:
    """Return where pyspark is installed, beside splink and on a machine that also has Java."""
    found = find_spec("pyspark") if find_spec("splink") else None
    return found.origin if found and shutil.which("java") else None


def find_bench() -> str | None:
    """Return the folder of benchmark data: ``TAMIS_BENCH``, else ``../shared/bench``."""
    named = os.environ.get("TAMIS_BENCH")
    folder = Path(named) if named else ROOT.parent / "shared" / "bench"
    return str(folder.resolve()) if folder.is_dir() and any(folder.iterdir()) else None


def _version(folder: Path) -> tuple[int, ...]:
    digits = "".join(c if c.isdigit() else " " for c in str(folder))
    return tuple(int(part) for part in digits.split())


#: What a test can need: how to find it, and what to install where it is absent.
NEEDS: dict[str, tuple[Callable[[], str | None], str]] = {
    "chromium": (find_chromium, "install Debian's 'chromium', or name one in TAMIS_CHROMIUM"),
    "cjk": (find_cjk, "install a Chinese font, for example Debian's 'fonts-noto-cjk'"),
    "postgres": (find_postgres, "install the PostgreSQL 15 server, Debian's 'postgresql'"),
    "r": (find_r, "install R: Debian's r-cran-metafor, r-cran-lme4 and r-cran-jsonlite"),
    "bench": (find_bench, "name the folder of benchmark data in TAMIS_BENCH"),
    "duckdb": (find_duckdb, "install them: pip install duckdb splink"),
    "spark": (find_spark, "install pyspark and splink, and Java 17"),
}

_FOUND: dict[str, str | None] = {}


def found(what: str) -> str | None:
    """Return where a need was found, looking once per run."""
    if what not in _FOUND:
        _FOUND[what] = NEEDS[what][0]()
    return _FOUND[what]


def required() -> frozenset[str]:
    """Return what ``TAMIS_REQUIRE`` names."""
    return frozenset(filter(None, os.environ.get("TAMIS_REQUIRE", "").replace(" ", "").split(",")))


def demand(what: str) -> str:
    """Return where a need was found, or skip (or fail) the test that runs now."""
    if what not in NEEDS:
        pytest.fail(f"needs({what!r}): no such need; use one of {', '.join(NEEDS)}", pytrace=False)
    place = found(what)
    if place is None:
        reason = f"needs {what}: {NEEDS[what][1]}"
        if what in required():
            pytest.fail(f"{reason} (TAMIS_REQUIRE names {what})", pytrace=False)
        pytest.skip(reason)
    return place


# ---------------------------------------------------------------- the order, and what is measured
TESTS = Path(__file__).resolve().parent

#: Folders whose tests drive what other folders test: the laws and the house itself. Commands and
#: pages are measured: much of ``app`` is reached by them alone.
WHOLE = frozenset({"laws", "house"})


def is_measured(item: pytest.Item) -> bool:
    """Say whether coverage is measured in a test: in plain examples, not in what repeats them.

    Measuring makes Python three times slower, and a property test, a slow one, or one that drives
    the whole program walks the same lines over and over: a line counts as tested when a plain
    example of its own room reaches it, on any machine.
    """
    if item.path.is_relative_to(TESTS) and item.path.relative_to(TESTS).parts[0] in WHOLE:
        return False
    drawn = getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
    return not (drawn or item.get_closest_marker("slow") or item.get_closest_marker("needs"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the slow tests, so that no worker waits for one at the end.

    What stands beside a slow test follows it at once: what the module made is made once.
    """
    place = {path: at for at, path in enumerate(dict.fromkeys(item.path for item in items))}
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(
        key=lambda item: (
            item.path not in slow,
            place[item.path],
            item.get_closest_marker("slow") is None,
        )
    )


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Take the tracer off where nothing is measured (pytest-cov's marker fails under xdist)."""
    if is_measured(item):
        return (yield)
    tracer, threads = sys.gettrace(), threading.gettrace()
    sys.settrace(None)
    threading.settrace(None)
    try:
        return (yield)
    finally:
        sys.settrace(tracer)
        threading.settrace(threads)


# ---------------------------------------------------------------- hooks and fixtures
def pytest_configure(config: pytest.Config) -> None:
    """Refuse a TAMIS_REQUIRE that names nothing known: a typing error must not pass as a skip."""
    unknown = sorted(required() - NEEDS.keys())
    if unknown:
        raise pytest.UsageError(f"TAMIS_REQUIRE names {unknown}; known are {sorted(NEEDS)}")
    config.addinivalue_line("markers", f"needs(what): needs one of {', '.join(NEEDS)}")


def pytest_report_header() -> list[str]:
    """Say on the first lines of a run what is here and what is not."""
    return [f"{what}: {found(what) or 'absent'}" for what in NEEDS]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Look for everything the test's ``needs`` markers name before any fixture is made."""
    for marker in item.iter_markers("needs"):
        for what in marker.args:
            demand(what)


@pytest.fixture(scope="session")
def repository() -> Path:
    """Return the root of the repository."""
    return ROOT


@pytest.fixture(scope="session")
def bench() -> Path:
    """Return the folder of benchmark data; skips where there is none."""
    return Path(demand("bench"))


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the browser's executable; skips where there is none."""
    return demand("chromium")


@pytest.fixture(scope="session")
def cjk_font() -> str:
    """Return a font file that can set Chinese; skips where there is none."""
    return demand("cjk")


@pytest.fixture(scope="session")
def postgres_bin() -> Path:
    """Return the folder of the PostgreSQL server binaries; skips where there is none."""
    return Path(demand("postgres"))
