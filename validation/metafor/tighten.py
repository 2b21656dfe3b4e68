"""Have metafor itself go on where it stopped early, and hold the product to what it prints then.

    python -m validation.metafor.tighten ORACLE.json.gz [--show N]

takes the cases whose differences are typed as an iteration ended early or a search cut off, has
``Rscript`` (Debian's r-cran-metafor, r-cran-lme4, r-cran-jsonlite) answer the same calls with
tight control, and compares at 1e-6. The engine is called; nothing of it is read.
"""

from __future__ import annotations

import argparse
import gzip
import json
import subprocess
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from validation.causes import ENDED
from validation.compare import agrees, compare, pairs, spoken
from validation.solve import solve

SCRIPT = Path(__file__).with_name("answer.R")

#: Families that the script can ask again; those of the package meta need that package.
FAMILIES = ("rma.uni", "tau2-ci", "metareg", "sensitivity", "bias", "transform")

RELATIVE, ABSOLUTE = 1e-6, 1e-8

#: The root of a tau2 of 1e-14, which the engine prints for 0.
TAU = 1e-6

#: trimfill mirrors the studies about a centre that its own loose iterations found.
FILLED = 1e-4


@dataclass
class Tightened:
    """What came of the cases: those that agree now, by family, and what still differs."""

    engine: str
    agree: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    differ: list[str] = field(default_factory=list)


def stopped(cases: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the cases whose every difference is an iteration or a search that was not ended."""
    found = compare([case for case in cases if case["family"] in FAMILIES])
    ended = {
        name
        for tally in found.values()
        for name, causes in tally.by_case().items()
        if set(causes) <= ENDED
    }
    return [case for case in cases if case["id"] in ended]


def answered(cases: Sequence[Mapping[str, Any]], script: Path) -> tuple[str, dict[str, Any]]:
    """Return the engine, and its outputs by case."""
    with tempfile.TemporaryDirectory() as folder:
        asked, told = Path(folder, "cases.json"), Path(folder, "answers.json")
        asked.write_text(json.dumps({"cases": list(cases)}), "utf-8")
        subprocess.run(["Rscript", str(script), str(asked), str(told)], check=True)
        found = json.loads(told.read_text("utf-8"))
    return found["engine"], {one["id"]: one["outputs"] for one in found["answers"]}


def tightened(cases: Sequence[Mapping[str, Any]]) -> Tightened:
    """Ask again, and compare."""
    engine, outputs = answered(cases, SCRIPT)
    done = Tightened(engine)
    for case in cases:
        mine = solve(case["family"], case["inputs"], spoken(case))
        held = list(pairs(mine, outputs[case["id"]]))
        relative = FILLED if case["call"].startswith("trimfill") else RELATIVE
        wrong = [
            one
            for one in held
            if not agrees(one[1], one[2], relative, TAU if one[0] == "QP.tau" else ABSOLUTE)
        ]
        done.asked[case["family"]] += 1
        done.agree[case["family"]] += bool(held) and not wrong
        done.differ += [
            f"{case['id']} {name}: {got} against {theirs}" for name, got, theirs in wrong
        ]
        if not held:
            done.differ.append(f"{case['id']}: {outputs[case['id']]}")
    return done


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description="Have metafor end its iterations, and compare.")
    parser.add_argument("oracle", type=Path)
    parser.add_argument("--show", type=int, default=20)
    options = parser.parse_args()
    cases = json.loads(gzip.decompress(options.oracle.read_bytes()))["cases"]
    done = tightened(stopped(cases))
    print(f"{done.engine}, tight control: cases that agree to {RELATIVE:g}")
    for family, count in sorted(done.asked.items()):
        print(f"{family:16} {done.agree[family]:5} of {count:5}")
    print(f"{'all':16} {done.agree.total():5} of {done.asked.total():5}")
    print(*done.differ[: options.show], sep="\n")


if __name__ == "__main__":
    main()
