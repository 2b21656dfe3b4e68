"""Make held-out cases, have metafor answer them, compare: the whole of it in one run.

    python -m validation.heldout.run [--seed N] [--each N] [--keep FILE.json.gz]
    python -m validation.heldout.run --kept FILE.json.gz

The first needs ``Rscript`` with metafor, lme4 and jsonlite (in Debian r-cran-metafor, r-cran-lme4
and r-cran-jsonlite).
Nobody has seen the cases of a new seed. With ``--keep`` cases and answers are written, and the hash
of the file is printed, before the product answers the first of them. Cases that metafor could not
fit are counted and left out. The second compares with a file that was kept, without R.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from validation.compare import compare, report
from validation.heldout.make import PER_KIND, made
from validation.metafor.tighten import SCRIPT, answered
from validation.score import score

#: The set that ships: answered once, hashed, and only then compared.
KEPT = Path(__file__).with_name("seed-20261125.json.gz")


def with_answers(cases: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the engine and the cases with its outputs."""
    engine, outputs = answered(cases, SCRIPT)
    return {
        "engine": engine,
        "cases": [dict(case) | {"outputs": _plain(outputs[case["id"]])} for case in cases],
    }


def _plain(outputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return outputs with tau2 as a number: R writes one as a vector of one."""
    tau2 = outputs.get("tau2")
    one = isinstance(tau2, list) and len(tau2) == 1
    return dict(outputs) | ({"tau2": tau2[0]} if one else {})


def keep(held: Mapping[str, Any], file: Path) -> str:
    """Write a set, the same bytes for the same content, and return their SHA-256."""
    data = gzip.compress(json.dumps(held, separators=(",", ":")).encode("utf-8"), mtime=0)
    file.write_bytes(data)
    return hashlib.sha256(data).hexdigest()


def read(file: Path) -> dict[str, Any]:
    """Read a set that was kept."""
    held: dict[str, Any] = json.loads(gzip.decompress(file.read_bytes()))
    return held


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description="Compare with metafor on cases nobody has seen.")
    parser.add_argument("--seed", type=int, default=20261125)
    parser.add_argument("--each", type=int, default=PER_KIND, help="data sets of every kind")
    parser.add_argument("--keep", type=Path, help="file for the cases with their answers")
    parser.add_argument("--kept", type=Path, help="compare with this file; R is not needed")
    parser.add_argument("--show", type=int, default=5)
    options = parser.parse_args()
    if options.kept:
        held = read(options.kept)
    else:
        held = with_answers(made(options.seed, each=options.each))
        if options.keep:
            print(f"{options.keep}: sha256 {keep(held, options.keep)}")
    failed = [case["id"] for case in held["cases"] if "error" in case["outputs"]]
    print(f"{held['engine']}: {len(held['cases'])} cases, {len(failed)} that it could not fit")
    found = compare(held["cases"])
    report(found, show=options.show)
    print()
    print(score(found))


if __name__ == "__main__":
    main()
