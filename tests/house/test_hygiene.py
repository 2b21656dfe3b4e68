"""The repository: pinned versions, small files, names that every system takes, only our words."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from tools import make_reference

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
IGNORED = [
    line.rstrip("/")
    for line in (ROOT / ".gitignore").read_text("utf-8").split()
    if not line.startswith("#")
]
TEXT = {
    "", ".bib", ".cfg", ".css", ".csv", ".html", ".ini", ".j2", ".js", ".json", ".jsonl", ".md",
    ".nbib", ".py", ".r", ".R", ".ris", ".sql", ".svg", ".toml", ".txt", ".typ", ".yaml", ".yml",
}  # fmt: skip


def files() -> Iterator[Path]:
    """Yield the repository's own files: everything that .gitignore does not leave out."""
    for place, folders, names in os.walk(ROOT):
        folders[:] = sorted(
            name
            for name in folders
            if name != ".git" and not any(fnmatch(name, pattern) for pattern in IGNORED)
        )
        for name in sorted(names):
            if not any(fnmatch(name, pattern) for pattern in IGNORED):
                yield Path(place, name)


FILES = list(files())


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


# ------------------------------------------------------------------ versions
def test_constraints_hold_names_and_versions_and_nothing_else() -> None:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    for line in lines:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*==[0-9][0-9a-z.]*", line), line
    names = [line.partition("==")[0] for line in lines]
    assert names == sorted(set(names))


def test_every_dependency_is_pinned_and_has_a_floor() -> None:
    pinned = make_reference.pins()
    extras = PROJECT["optional-dependencies"].values()
    for line in [*PROJECT["dependencies"], *(line for extra in extras for line in extra)]:
        need = Requirement(line)
        assert [spec.operator for spec in need.specifier] == [">="], line
        assert need.url is None
        assert need.specifier.contains(pinned[canonicalize_name(need.name)]), line


# ------------------------------------------------------------------ licences
def test_every_runtime_dependency_is_permissive_and_listed() -> None:
    page = (ROOT / "docs" / "reference" / "licences.md").read_text("utf-8")
    brought = make_reference.runtime()
    assert len(brought) >= 12
    for name in brought:
        licence = make_reference.licence(name)
        assert make_reference.is_permissive(licence), f"{name}: {licence}"
        assert f"| {name} | {make_reference.pins()[name]} | {licence} |" in page


@pytest.mark.parametrize(
    "licence", ["GPL-3.0-only", "MIT AND LGPL-3.0-only", "AGPL-3.0", "not stated", "Proprietary"]
)
def test_what_is_not_permissive_is_noticed(licence: str) -> None:
    assert not make_reference.is_permissive(licence)


def test_the_projects_own_licence_is_here() -> None:
    assert PROJECT["license"] == "Apache-2.0"
    assert "Apache License" in (ROOT / "LICENSE").read_text("utf-8")
    assert (ROOT / "NOTICE").exists()


# ------------------------------------------------------------------ files
def test_no_file_is_larger_than_800_kb() -> None:
    sizes = {shown(path): path.stat().st_size for path in FILES}
    large = {name for name, size in sizes.items() if size > 800_000}
    assert large == set(MEANT)


#: Files that are meant to be large, and why.
MEANT = {
    "src/tamis/examples/worked/review/log/p-reconstruction.7a315001.jsonl": (
        "the log of the worked review: one line an event, made by the product's own commands"
    ),
}


def test_every_name_is_legal_on_every_system() -> None:
    reserved = {
        "con",
        "prn",
        "aux",
        "nul",
        *(f"{port}{n}" for port in ("com", "lpt") for n in "123"),
    }
    bad = [
        shown(path)
        for path in FILES
        if re.search(r'[<>:"\\|?*\x00-\x1f]|[ .]$', path.name)
        or path.name.partition(".")[0].lower() in reserved
        or not path.name.isascii()
        or len(shown(path)) > 150
    ]
    assert not bad


def test_no_two_names_differ_only_in_case() -> None:
    names = [shown(path).lower() for path in FILES]
    assert len(names) == len(set(names))


#: Files that keep on purpose what a text of ours would not have.
AS_GIVEN = ("imports/", "oddities/", "published/data/", "search/")


def test_texts_are_utf8_with_plain_line_ends() -> None:
    bad = []
    for path in FILES:
        if path.suffix not in TEXT or any(part in shown(path) for part in AS_GIVEN):
            continue
        data = path.read_bytes()
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            bad.append(f"{shown(path)}: not UTF-8")
        if b"\r" in data:
            bad.append(f"{shown(path)}: has carriage returns")
        if data and path.suffix in {".py", ".md", ".toml"} and not data.endswith(b"\n"):
            bad.append(f"{shown(path)}: does not end with a line end")
    assert not bad


#: Words that have no place in the repository: places of one machine, and how a text came about.
FORBIDDEN = (
    r"(?<![\w.])/(work|root|home|Users|mnt)/\w",
    r"[A-Z]:\\Users\\",
    r"(?<![\w])\.library\b",
    r"\b(chat ?gpt|copilot|anthropic|openai)\b",
    r"\bas an ai\b",
    r"\bco-authored-by\b",
    r"\b(lorem ipsum|fixme|xxx+)\b",
)


def test_no_file_speaks_of_a_machine_or_of_its_making() -> None:
    patterns = [re.compile(pattern, re.I) for pattern in FORBIDDEN]
    found = []
    for path in FILES:
        if path.suffix not in TEXT or path == Path(__file__).resolve():
            continue
        for n, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1):
            found += [f"{shown(path)}:{n}: {p.pattern}" for p in patterns if p.search(line)]
    assert not found


def test_the_search_for_forbidden_words_finds_them() -> None:
    for text in ("see " + "/work/" + "main", "/home/" + "ann/x", ".libr" + "ary/env"):
        assert any(re.search(pattern, text, re.I) for pattern in FORBIDDEN)
    for text in ("homework/main", "tests/homepage", "https://x.org/workshop", "a library"):
        assert not any(re.search(pattern, text, re.I) for pattern in FORBIDDEN)


# ------------------------------------------------------------------ make and ci
def test_every_target_that_make_promises_has_a_rule() -> None:
    text = (ROOT / "Makefile").read_text("utf-8")
    promised = re.findall(r"^\.PHONY: (.+)$", text, re.M)
    names = {name for line in promised for name in line.split()}
    rules = set(re.findall(r"^([a-z][\w-]*):", text, re.M))
    assert {"demo", "test"} <= names
    assert names <= rules


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_ci_requires_everything_and_calls_make_test(tmp_path: Path) -> None:
    """With every package at hand (pretended), the script comes down to one call of make."""
    stage = tmp_path / "bin"
    stage.mkdir()
    told = 'echo "make $*|$CI|$TAMIS_REQUIRE|$TAMIS_BENCH"'
    pretend = {
        "make": told, "chromium": "true", "python3": "true", "Rscript": "true",
        "fc-list": "echo font", "apt-get": "true", "sudo": "true", "id": "echo 0",
    }  # fmt: skip
    for name, does in pretend.items():
        (stage / name).write_text(f"#!/bin/sh\n{does}\n", encoding="utf-8")
        (stage / name).chmod(0o755)
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("TAMIS_", "CI"))}
    done = subprocess.run(
        ["bash", str(ROOT / ".ci" / "run")],
        env={**environment, "PATH": f"{stage}{os.pathsep}{os.environ['PATH']}"},
        cwd=tmp_path, capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    words = done.stdout.splitlines()[-1].split("|")
    assert words[:3] == ["make test", "true", "chromium,cjk,postgres,bench,r"]
    assert Path(words[3]) == ROOT / ".." / "shared" / "bench"


def test_the_tests_run_from_the_checkout_and_not_from_an_installed_copy() -> None:
    import tamis

    assert Path(tamis.__file__ or "").resolve().is_relative_to(ROOT / "src")
    assert sys.version_info >= (3, 11)
