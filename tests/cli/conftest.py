"""Run the program in this process, as its entry point does."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from tamis.cli import main

REPLICA = "0e571ab1"
NOW = "2026-02-01T08:00:00.000Z"


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one object on standard output."""
        found: dict[str, Any] = json.loads(self.out)
        return found


Tamis = Callable[..., Ran]


@pytest.fixture
def tamis(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Tamis]:
    """Return a function that runs one command and gives code and output."""
    _be_the_tester(monkeypatch)

    def run(*arguments: str | Path) -> Ran:
        capsys.readouterr()
        with monkeypatch.context() as patch:
            code = _run(arguments, patch)
        captured = capsys.readouterr()
        return Ran(code=code, out=captured.out, err=captured.err)

    return run


def _be_the_tester(patch: pytest.MonkeyPatch) -> None:
    """Say who, when and on which machine."""
    patch.setenv("TAMIS_REPLICA", REPLICA)
    patch.setenv("TAMIS_NOW", NOW)
    patch.setenv("TAMIS_ACTOR", "p-tester")


def _run(arguments: tuple[str | Path, ...], patch: pytest.MonkeyPatch) -> int:
    """Run one command and return its code."""
    patch.setattr(sys, "argv", ["tamis", *map(str, arguments)])
    try:
        main()
    except SystemExit as stop:
        return int(stop.code or 0)
    return 0


PROTOCOL = """\
[review]
id = "small"
title = "Does the drug help?"

[question]
population = "people"
intervention = "the drug"
comparator = "placebo"
outcomes = "remission"
designs = "trials"

[[criterion]]
id = "population"
version = 1
stage = "both"
kind = "exclude"
text = "another disease"
order = 1

[[source]]
id = "pubmed"
database = "PubMed"
platform = "NCBI"
strategy_file = "search/pubmed.txt"
searched_on = "2026-01-31"

[[visit]]
id = "m6"
label = "6 months"
months = "6"

[[outcome]]
id = "remission"
name = "remission"
importance = "critical"
kind = "binary"
better = "higher"

[[synthesis]]
id = "remission"
title = "Remission"
outcome = "remission"
estimand = "point"
visit = "m6"
designs = ["randomised"]
measure = "RD"
method = "one-study"
kind = "controlled"
arms = ["drug", "placebo"]

[screening]
reviewers_per_record = 1
"""

RIS = """\
TY  - JOUR
TI  - The drug in people
AU  - Writer, A
PY  - 2020
JO  - Journal of Examples
DO  - 10.9999/example.1
ER  - 

TY  - JOUR
TI  - Something else entirely
AU  - Other, B
PY  - 2019
JO  - Journal of Examples
ER  - 
"""  # noqa: W291

VALUES = """\
study,arm_or_contrast,outcome,definition,estimand,visit,statistic,number,unit,anchor_kind,\
citation,location,status,extractor
writer2020,drug,remission,not-stated,point,m6,events,9,patients,citation,Writer 2020,Table 2,\
abstract or table read,p-tester
writer2020,drug,remission,not-stated,point,m6,n,12,patients,citation,Writer 2020,Table 2,\
abstract or table read,p-tester
writer2020,placebo,remission,not-stated,point,m6,events,5,patients,citation,Writer 2020,Table 2,\
abstract or table read,p-tester
writer2020,placebo,remission,not-stated,point,m6,n,6,patients,citation,Writer 2020,Table 2,\
abstract or table read,p-tester
"""


@pytest.fixture(scope="session")
def small_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the small review once, beside the tables that it was made of."""
    folder = tmp_path_factory.mktemp("small")
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(StringIO()):
        _be_the_tester(patch)
        patch.delenv("TAMIS_DATABASE", raising=False)
        _make_small(folder, lambda *arguments: _run(arguments, patch))
    return folder


@pytest.fixture
def small(small_once: Path, tmp_path: Path, tamis: Tamis) -> Path:
    """Copy a small review made by commands alone: two records, one included study, four values."""
    shutil.copytree(small_once, tmp_path, dirs_exist_ok=True)
    return tmp_path / "review"


def _make_small(folder: Path, run: Callable[..., int]) -> None:
    root, tables = folder / "review", folder / "tables"
    (root / "search").mkdir(parents=True)
    (root / "review.toml").write_text(PROTOCOL, encoding="utf-8")
    (root / "search" / "pubmed.txt").write_text("drug AND people\n", encoding="utf-8")
    tables.mkdir()
    export = tables / "2026-01-31-pubmed.ris"
    export.write_text(RIS, encoding="utf-8")
    assert run("init", root) == 0
    assert run("import", export, "--review", root) == 0
    ids = record_ids(root)
    votes = tables / "votes.csv"
    votes.write_text(
        "stage,record_id,reviewer,decision,reason\n"
        f"title-abstract,{ids[0]},p-tester,include,\n"
        f"title-abstract,{ids[1]},p-tester,exclude,population\n"
        f"full-text,{ids[0]},p-tester,include,\n",
        encoding="utf-8",
    )
    links = tables / "links.csv"
    links.write_text(
        "study,label,design,role,report,kind,record_ids\n"
        f"writer2020,Writer 2020,randomised,included,writer2020-paper,article,{ids[0]}\n",
        encoding="utf-8",
    )
    values = tables / "values.csv"
    values.write_text(VALUES, encoding="utf-8")
    for table in ("votes", "links", "values"):
        assert run("record", table, tables / f"{table}.csv", root) == 0


def record_ids(root: Path) -> list[str]:
    """Return the ids of the imported records, in file order."""
    from tamis.app.imports import load_library
    from tamis.app.review import open_review

    return list(load_library(open_review(root)).records)


def snapshot(root: Path) -> dict[str, bytes]:
    """Return every file of a review that is not a cache, with its bytes."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and ".tamis" not in path.parts
    }
