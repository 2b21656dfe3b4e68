"""Make held-out cases, have metafor answer them, compare: the whole of it in one run.

    python -m validation.heldout.run [--seed N] [--keep FILE]

needs ``Rscript`` with metafor and jsonlite (Debian: r-cran-metafor, r-cran-jsonlite). Nobody has
seen the cases of a new seed. Cases that metafor could not fit are counted and left out; ``--keep``
writes cases and answers in the form that ``validation.compare`` reads.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from validation.compare import compare, report
from validation.heldout.make import made

ANSWER = Path(__file__).with_name("answer.R")


def answered(cases: Sequence[Mapping[str, Any]]) -> tuple[str, list[dict[str, Any]]]:
    """Return the engine and the cases with its outputs."""
    with tempfile.TemporaryDirectory() as folder:
        asked, told = Path(folder, "cases.json"), Path(folder, "answers.json")
        asked.write_text(json.dumps({"cases": cases}), "utf-8")
        subprocess.run(["Rscript", str(ANSWER), str(asked), str(told)], check=True)
        found = json.loads(told.read_text("utf-8"))
    by_id = {one["id"]: one["outputs"] for one in found["answers"]}
    return found["engine"], [dict(case) | {"outputs": by_id[case["id"]]} for case in cases]


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description="Compare with metafor on cases nobody has seen.")
    parser.add_argument("--seed", type=int, default=20261123)
    parser.add_argument("--keep", type=Path, help="file for the cases with their answers")
    parser.add_argument("--show", type=int, default=5)
    options = parser.parse_args()
    engine, cases = answered(made(options.seed))
    if options.keep:
        options.keep.write_text(json.dumps({"engine": engine, "cases": cases}), "utf-8")
    failed = [case for case in cases if "error" in case["outputs"]]
    print(f"seed {options.seed}, {engine}: {len(cases)} cases, {len(failed)} that it could not fit")
    report(compare(cases), show=options.show)


if __name__ == "__main__":
    main()
