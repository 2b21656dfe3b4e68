"""Make the shipped example reviews from their input tables, with the product's own commands only.

    python tools/make_examples.py [worked] [practice] [--check]

For each example, ``src/tamis/examples/<name>/inputs/`` holds what people made (protocol,
strategies, exports, tables of decisions). This script runs ``tamis init``, ``tamis import``,
``tamis record`` and ``tamis build`` on them in an empty folder and keeps what the commands wrote as
``src/tamis/examples/<name>/review/``. ``--check`` makes everything again in a temporary folder and
fails if a byte differs.
"""

from __future__ import annotations

import argparse
import filecmp
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parents[1] / "src" / "tamis" / "examples"

#: Name -> who acts where a table names nobody, when the review was begun and the exports imported,
#: and the tables in order: table, file, time of rows that give none.
RECIPES: dict[str, tuple[str, str, str, tuple[tuple[str, str, str], ...]]] = {
    "worked": (
        "p-reconstruction",
        "2026-01-03T09:00:00.000Z",
        "2026-01-03T10:00:00.000Z",
        (
            ("pairs", "pairs.csv", "2026-01-04T09:00:00.000Z"),
            ("votes", "votes.csv", "2026-01-05T09:00:00.000Z"),
            ("links", "links.csv", "2026-01-12T09:00:00.000Z"),
            ("values", "values.csv", "2026-01-15T09:00:00.000Z"),
            ("appraisals", "appraisals.csv", "2026-01-18T09:00:00.000Z"),
            ("grades", "grades.csv", "2026-01-20T09:00:00.000Z"),
            ("notes", "notes.csv", "2026-01-22T09:00:00.000Z"),
        ),
    ),
    "practice": (
        "p-rev-a",
        "2026-01-03T09:00:00.000Z",
        "2026-01-03T10:00:00.000Z",
        (
            ("pairs", "pairs.csv", "2026-01-04T09:00:00.000Z"),
            ("votes", "votes-title-abstract.csv", "2026-01-05T09:00:00.000Z"),
            ("consensus", "consensus-title-abstract.csv", "2026-01-08T09:00:00.000Z"),
            ("votes", "votes-full-text.csv", "2026-01-09T09:00:00.000Z"),
            ("consensus", "consensus-full-text.csv", "2026-01-11T09:00:00.000Z"),
            ("links", "links.csv", "2026-01-12T09:00:00.000Z"),
            ("documents", "documents.csv", "2026-01-13T09:00:00.000Z"),
            ("values", "values.csv", "2026-01-15T09:00:00.000Z"),
            ("appraisals", "appraisals.csv", "2026-01-18T09:00:00.000Z"),
            ("appraisal-consensus", "appraisal-consensus.csv", "2026-01-19T09:00:00.000Z"),
            ("grades", "grades.csv", "2026-01-20T09:00:00.000Z"),
            ("notes", "notes.csv", "2026-01-22T09:00:00.000Z"),
        ),
    ),
}

#: A replica drawn once for each example, so that its chains are the same wherever it is made.
REPLICAS = {"worked": "7a315001", "practice": "7a315002"}

#: The engines' events get this time (they are run while the example is made).
MADE_AT = "2026-01-31T18:00:00.000Z"

#: What of a review folder is shipped; the rest is derived or stands in inputs/ already.
KEPT = ("review.toml", "claims.toml", "search", "imports", "log", "decisions")


def tamis(*arguments: str, replica: str, now: str) -> None:
    """Run one command of the product, as a person would."""
    environment = {**os.environ, "TAMIS_REPLICA": replica, "TAMIS_NOW": now}
    command = [sys.executable, "-m", "tamis", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(arguments)}\n{done.stdout}{done.stderr}")
    print("tamis", *arguments[:2], "·", done.stdout.strip().splitlines()[-1])


def make(name: str, target: Path) -> None:
    """Make one example in ``target``, a folder that does not exist."""
    by, begun, imported, tables = RECIPES[name]
    inputs = EXAMPLES / name / "inputs"
    target.mkdir(parents=True)
    shutil.copy(inputs / "review.toml", target)
    if (inputs / "claims.toml").exists():
        shutil.copy(inputs / "claims.toml", target)
    shutil.copytree(inputs / "search", target / "search")
    run = {"replica": REPLICAS[name], "now": MADE_AT}
    tamis("init", str(target), "--by", by, "--at", begun, **run)
    exports = sorted(str(path) for path in (inputs / "imports").iterdir())
    tamis("import", *exports, "--review", str(target), "--by", by, "--at", imported, **run)
    for table, file, at in tables:
        if (inputs / file).exists():
            where = str(inputs / file)
            tamis("record", table, where, str(target), "--by", by, "--at", at, **run)
    tamis("build", str(target), "--by", by, **run)
    tamis("verify", str(target), **run)
    for path in sorted(target.iterdir()):
        if path.name not in KEPT:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def differences(left: Path, right: Path) -> list[str]:
    """Return the names of files that differ or stand on one side only."""
    names = {
        path.relative_to(root).as_posix()
        for root in (left, right)
        for path in root.rglob("*")
        if path.is_file()
    }
    return sorted(
        name
        for name in names
        if not (left / name).exists()
        or not (right / name).exists()
        or not filecmp.cmp(left / name, right / name, shallow=False)
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Make or check the examples; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", default=sorted(RECIPES))
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args(arguments)
    wrong = 0
    for name in options.names or sorted(RECIPES):
        shipped = EXAMPLES / name / "review"
        with tempfile.TemporaryDirectory() as folder:
            made = Path(folder) / name
            make(name, made)
            if options.check:
                found = differences(made, shipped)
                print(f"{name}: {'same' if not found else 'differs: ' + ', '.join(found)}")
                wrong += bool(found)
            else:
                shutil.rmtree(shipped, ignore_errors=True)
                shutil.copytree(made, shipped)
                print(f"{name}: written")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
