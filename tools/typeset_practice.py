"""Make the materials of the practice set: papers, exports, and tables that point into both.

    python tools/typeset_practice.py [--check]

``src/tamis/examples/practice/plan/`` and ``papers/`` hold what people wrote: the citations, the
papers as typst sources, the decisions and the values with the words they were read from. This
script typesets the papers, writes the exports in each database's dialect, looks up record ids and
passages with the product's own functions, and writes ``inputs/``. Nothing depends on the clock or
the machine: the same sources give the same bytes. ``--check`` writes nothing and fails if a byte
would differ. The hand-written files of ``inputs/`` (protocol, strategies, appraisals, grades) stay
as they are.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from practice.exports import exports
from practice.papers import papers
from practice.tables import tables

PRACTICE = Path(__file__).resolve().parents[1] / "src" / "tamis" / "examples" / "practice"


def materials(practice: Path = PRACTICE) -> dict[str, bytes]:
    """Return every made file by its path below ``inputs/``."""
    documents = papers(practice / "papers")
    imports = exports(practice / "plan" / "records.toml")
    made = {f"documents/{name}": data for name, data in documents.items()}
    made |= {f"imports/{name}": data for name, data in imports.items()}
    return made | tables(practice / "plan", documents=documents, imports=imports)


def differing(made: Mapping[str, bytes], inputs: Path) -> list[str]:
    """Return the names of made files that are missing or not the same, and of files left over."""
    wrong = [
        name
        for name, data in made.items()
        if not (inputs / name).is_file() or (inputs / name).read_bytes() != data
    ]
    for folder in ("documents", "imports"):
        here = (inputs / folder).glob("*") if (inputs / folder).is_dir() else ()
        wrong += [f"{folder}/{p.name}" for p in here if f"{folder}/{p.name}" not in made]
    return sorted(wrong)


def main(arguments: Sequence[str] | None = None) -> int:
    """Make or check the materials; return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; fail if bytes differ")
    options = parser.parse_args(arguments)
    made, inputs = materials(), PRACTICE / "inputs"
    wrong = differing(made, inputs)
    if options.check:
        print("same" if not wrong else "differs: " + ", ".join(wrong))
        return 1 if wrong else 0
    for name, data in made.items():
        target = inputs / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    for name in differing(made, inputs):
        (inputs / name).unlink()
    print(f"{len(made)} files, {len(wrong)} of them new or changed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
