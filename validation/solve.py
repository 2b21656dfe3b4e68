"""``solve(family, inputs, call) -> outputs``: the product answers a case of an R oracle.

    python -m validation.solve ORACLE.json.gz [--family NAME …] [--stopping metafor] [--show N]

answers a file of cases, and prints the score by family, by case and by number, with the cause of
everything that does not agree and who is right there (``compare.py``, ``score.py``).

A case is one call of metafor or meta on one data set; ``outputs`` carries the oracle's own key
names. A family or measure that the product does not have yet raises ``NotCoveredYet``, which says
what is missing; it is never answered by something similar. Where the product knows something to be
undefined (tau2 of a single study), the key is absent: that is no zero.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Callable, Mapping
from pathlib import Path

from validation.families.bayesian import hierarchical
from validation.families.cases import Inputs, NotCoveredYet, Outputs, Refused
from validation.families.effect_sizes import convert, escalc
from validation.families.glmm import glmm, interval_of_share
from validation.families.meta_package import metabin, metacont, metaprop
from validation.families.pools import rma, tau2_interval
from validation.families.regression import metareg, permutest
from validation.families.sensitivity import sensitivity
from validation.families.small_study import bias, metabias
from validation.families.strata import mantel_haenszel, peto
from validation.families.transforms import transform

from tamis.synthesis.settings import STOPPINGS

__all__ = ["FAMILIES", "NotCoveredYet", "Refused", "solve"]


def solve(family: str, inputs: Inputs, call: str = "") -> Outputs:
    """Answer one case.

    Parameters
    ----------
    family
        Family of the oracle, a key of ``FAMILIES``.
    inputs
        The case's inputs, vectors as lists.
    call
        The R call in words; method, test and measure are read from it.

    Raises
    ------
    NotCoveredYet
        For a family, model or measure that the product does not have.
    Refused
        When the product refuses the data.
    """
    answer = FAMILIES.get(family)
    if answer is None:
        raise NotCoveredYet(f"the family {family!r}; covered are {', '.join(sorted(FAMILIES))}")
    return answer(inputs, call)


FAMILIES: Mapping[str, Callable[[Inputs, str], Outputs]] = {
    "convert": convert,
    "escalc": escalc,
    "rma.uni": rma,
    "rma.uni.tight": rma,
    "tau2-ci": tau2_interval,
    "metareg": metareg,
    "permutest": permutest,
    "sensitivity": sensitivity,
    "bias": bias,
    "meta.bias": metabias,
    "bayes": hierarchical,
    "transform": transform,
    "mh": mantel_haenszel,
    "peto": peto,
    "glmm": glmm,
    "meta.ciprop": interval_of_share,
    "meta.metabin": metabin,
    "meta.metacont": metacont,
    "meta.metaprop": metaprop,
}


def main() -> None:
    """Read the command line, compare, print the score."""
    from validation.compare import compare, report
    from validation.score import score

    parser = argparse.ArgumentParser(description="Compare the product with an R oracle.")
    parser.add_argument("oracle", type=Path, help="file of cases, JSON, may be gzipped")
    parser.add_argument("--family", nargs="*", help="only these families")
    parser.add_argument(
        "--stopping", choices=STOPPINGS, default="end",
        help="metafor: stop where metafor does, in families made with its default control",
    )  # fmt: skip
    parser.add_argument("--show", type=int, default=0, help="differences to print per family")
    options = parser.parse_args()
    data = options.oracle.read_bytes()
    cases = json.loads(gzip.decompress(data) if options.oracle.suffix == ".gz" else data)["cases"]
    if options.family:
        cases = [case for case in cases if case["family"] in options.family]
    found = compare(cases, rule=options.stopping)
    report(found, show=options.show)
    print()
    print(score(found))


if __name__ == "__main__":
    main()
