"""Compare the product with an R oracle, number by number.

    python -m validation.solve ORACLE.json.gz [--show N]

reads a file of cases (``{"cases": [{id, family, call, inputs, outputs}]}``), answers each with
``solve`` and prints, per family, how many cases and how many numbers agree at the family's
tolerance and the causes of those that do not (``causes.py``: decided for each number by
computation). Only keys that both sides have are compared; a case that the oracle could not fit is
skipped. The score by case is made in ``score.py``.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from validation.causes import CAUSES, ENDED, UNEXPLAINED, Difference, cause
from validation.families.cases import stopping
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

#: Families whose calls left the engine's control as it is by default (bench README: the others of
#: ``rma.uni`` were made with tight control). ``stopping="metafor"`` is asked for in these only.
LOOSE = frozenset(
    {"rma.uni", "tau2-ci", "metareg", "sensitivity", "bias", "meta.metabin", "meta.metacont",
     "meta.metaprop", "meta.bias", "transform"}
)  # fmt: skip

#: Estimators with a closed form are held to the tolerance of a formula, in these families.
EXACT = ("'DL'", "'HE'", "'HS'", "'SJ'", "'FE'")
_METHOD = ("method=", "method.tau=")
_WITH_FORMULA = ("rma.uni", "rma.uni.tight", "metareg", "sensitivity", "meta.metabin")


@dataclass
class Tally:
    """What one family came to."""

    cases: int = 0
    agree: int = 0
    total: int = 0
    failed: int = 0
    absent: list[str] = field(default_factory=list)
    not_covered: Counter[str] = field(default_factory=Counter)
    refused: list[str] = field(default_factory=list)
    differ: list[str] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    _told: dict[str, list[str]] = field(default_factory=dict)

    def causes(self) -> Counter[str]:
        """Count the causes of what differs."""
        return Counter(name for names in self.by_case().values() for name in names)

    def by_case(self) -> Mapping[str, list[str]]:
        """Return the causes of each case that differs, one a number; decided once."""
        if not self._told:
            for one in self.differences:
                self._told.setdefault(one.case["id"], []).append(why(one))
        return self._told


def tolerance(family: str, call: str) -> tuple[float, float]:
    """Return the tolerances of a case."""
    if family in _WITH_FORMULA and any(f"{at}{name}" in call for at in _METHOD for name in EXACT):
        return 1e-8, 1e-9
    return TOLERANCE[family]


def compare(cases: Sequence[Mapping[str, Any]], *, rule: str = "end") -> dict[str, Tally]:
    """Answer every case and count the numbers that agree.

    ``rule`` is the product's ``stopping`` for families made with the engine's default control.
    """
    found: dict[str, Tally] = defaultdict(Tally)
    siblings: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for case in cases:
        siblings[beginning(case)].append(case)
    for case in cases:
        tally = found[case["family"]]
        if "error" in case["outputs"]:
            tally.failed += 1
            continue
        try:
            with stopping(rule if case["family"] in LOOSE else "end"):
                mine = solve(case["family"], case["inputs"], spoken(case))
        except NotCoveredYet as error:
            tally.not_covered[str(error)] += 1
            tally.absent.append(case["id"])
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
                one = Difference(
                    case, name, place[name] - 1, got, expected, tuple(siblings[beginning(case)])
                )
                tally.differences.append(one)
    return dict(found)


def beginning(case: Mapping[str, Any]) -> str:
    """Return family and data set of a case: its id up to the model."""
    return f"{case['family']} {'/'.join(str(case['id']).split('/')[:2])}"


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
    same = agree + sum(causes[name] for name in ENDED)
    print(
        f"{same} ({same / max(1, total):.3%}) where the oracle's iterations and searches are "
        "brought to their end; what differs as printed:"
    )
    for name, count in causes.most_common():
        print(f"{count:6} {name}" + ("" if name == UNEXPLAINED else f": {CAUSES[name].meaning}."))
        if name != UNEXPLAINED:
            print(f"       right: {CAUSES[name].right}. Shown: {CAUSES[name].shown}.")
