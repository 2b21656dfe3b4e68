"""Compare the product with an R oracle, number by number.

    python -m validation.compare ORACLE.json.gz [--show N]

reads a file of cases (``{"cases": [{id, family, call, inputs, outputs}]}``), answers each with
``solve`` and prints, per family, how many numbers agree at the family's tolerance and the causes of
those that do not (``causes.py``: decided for each number by computation). Only keys that both sides
have are compared; a case that the oracle could not fit is skipped.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from validation.causes import CAUSES, UNEXPLAINED, Difference, cause
from validation.solve import NotCoveredYet, Refused, solve

#: Relative and absolute tolerance by family (the oracle's README); ``rma`` families by estimator.
TOLERANCE: Mapping[str, tuple[float, float]] = {
    "escalc": (1e-8, 1e-12),
    "convert": (1e-8, 1e-12),
    "mh": (1e-8, 1e-12),
    "peto": (1e-8, 1e-12),
    "meta.ciprop": (1e-8, 1e-12),
    "rma.uni.tight": (1e-6, 1e-8),
    "rma.uni": (1e-3, 1e-6),
    "tau2-ci": (1e-3, 1e-6),
    "glmm": (2e-3, 5e-4),
    "metareg": (1e-3, 1e-6),
    "permutest": (0.0, 0.04),
    "sensitivity": (1e-3, 1e-6),
    "bias": (1e-3, 1e-6),
    "meta.bias": (1e-6, 1e-9),
    "bayes": (6e-3, 3e-3),
    "transform": (1e-6, 1e-12),
    "meta.metabin": (1e-3, 1e-6),
    "meta.metacont": (1e-3, 1e-6),
    "meta.metaprop": (1e-3, 1e-6),
}

#: Estimators with a closed form are held to the tolerance of a formula.
EXACT = ("'DL'", "'HE'", "'HS'", "'SJ'", "'FE'")


@dataclass
class Tally:
    """What one family came to."""

    cases: int = 0
    agree: int = 0
    total: int = 0
    not_covered: Counter[str] = field(default_factory=Counter)
    refused: list[str] = field(default_factory=list)
    differ: list[str] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)

    def causes(self) -> Counter[str]:
        """Count the causes of what differs."""
        return Counter(why(one) for one in self.differences)


def tolerance(family: str, call: str) -> tuple[float, float]:
    """Return the tolerances of a case."""
    if family.startswith("rma.uni") and any(name in call for name in EXACT):
        return 1e-8, 1e-9
    return TOLERANCE[family]


def compare(cases: Sequence[Mapping[str, Any]]) -> dict[str, Tally]:
    """Answer every case and count the numbers that agree."""
    found: dict[str, Tally] = defaultdict(Tally)
    for case in cases:
        tally = found[case["family"]]
        if "error" in case["outputs"]:
            continue
        try:
            mine = solve(case["family"], case["inputs"], spoken(case))
        except NotCoveredYet as error:
            tally.not_covered[str(error)] += 1
            continue
        except Refused as error:
            tally.refused.append(f"{case['id']}: {error}")
            continue
        tally.cases += 1
        place: Counter[str] = Counter()
        for name, got, expected in pairs(mine, case["outputs"]):
            tally.total += 1
            place[name] += 1
            if agrees(got, expected, *tolerance(case["family"], case["call"])):
                tally.agree += 1
            else:
                tally.differ.append(f"{case['id']} {name}: {got} against {expected}")
                one = Difference(case, name, place[name] - 1, got, expected)
                tally.differences.append(one)
    return dict(found)


def why(one: Difference) -> str:
    """Name the cause of a difference."""
    case = one.case
    limits = tolerance(case["family"], case["call"])

    def number() -> Any:
        mine = solve(case["family"], case["inputs"], spoken(case))
        held = [got for name, got, _ in pairs(mine, case["outputs"]) if name == one.name]
        return held[one.at]

    return cause(one, number, lambda got, expected: agrees(got, expected, *limits))


def spoken(case: Mapping[str, Any]) -> str:
    """Return the call of a case; the method of an IRLN model stands only at the end of its id."""
    call = str(case["call"])
    if case["family"] != "glmm" or "method" in call:
        return call
    return f"{call}, method='{case['id'].rsplit('/', 1)[-1]}'"


def pairs(mine: Any, theirs: Any, name: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Yield every number that both sides have, with the name of its key."""
    if isinstance(theirs, Mapping):
        for key, value in theirs.items():
            if isinstance(mine, Mapping) and key in mine:
                yield from pairs(mine[key], value, f"{name}.{key}".strip("."))
    elif isinstance(theirs, list):
        own = mine if isinstance(mine, list) else [mine]
        for got, expected in zip(own, theirs, strict=False):
            yield from pairs(got, expected, name)
    elif theirs is not None or mine is not None:
        yield name, mine, theirs


def agrees(got: Any, expected: Any, relative: float, absolute: float) -> bool:
    """Tell whether two numbers agree; ``None`` is the oracle's NA or infinity."""
    if expected is None or got is None:
        return got is expected or (isinstance(got, float) and math.isinf(got))
    if isinstance(expected, str):
        return bool(got == expected)
    return math.isclose(got, expected, rel_tol=relative, abs_tol=absolute)


def main() -> None:
    """Read the command line, compare, print one line a family."""
    parser = argparse.ArgumentParser(description="Compare the product with an R oracle.")
    parser.add_argument("oracle", type=Path, help="file of cases, JSON, may be gzipped")
    parser.add_argument("--show", type=int, default=0, help="differences to print per family")
    options = parser.parse_args()
    data = options.oracle.read_bytes()
    text = gzip.decompress(data) if options.oracle.suffix == ".gz" else data
    report(compare(json.loads(text)["cases"]), show=options.show)


def report(found: Mapping[str, Tally], *, show: int) -> None:
    """Print a line a family, its causes, and what the causes mean."""
    agree = total = 0
    causes: Counter[str] = Counter()
    for family, tally in sorted(found.items()):
        missing = sum(tally.not_covered.values())
        print(
            f"{family:16} {tally.cases:5} cases  {tally.agree:6} of {tally.total:6} numbers agree"
            f"  {len(tally.refused):4} refused  {missing:4} not covered yet"
        )
        told = tally.causes()
        for name, count in told.most_common():
            print(f"    {count:6} {name}")
        for line in tally.differ[:show] + tally.refused[:show]:
            print(f"    {line}")
        agree, total, causes = agree + tally.agree, total + tally.total, causes + told
    print(f"\n{agree} of {total} numbers agree ({agree / max(1, total):.3%})")
    same = agree + causes["peer-stopped-early"]
    print(
        f"{same} ({same / max(1, total):.3%}) under the oracle's own stopping rules; of the others:"
    )
    for name, count in causes.most_common():
        print(f"{count:6} {name}" + ("" if name == UNEXPLAINED else f": {CAUSES[name].meaning}."))
        if name != UNEXPLAINED:
            print(f"       right: {CAUSES[name].right}. Shown: {CAUSES[name].shown}.")


if __name__ == "__main__":
    main()
