"""``solve(family, inputs, call) -> outputs``: the product answers a case of an R oracle.

A case is one call of metafor or meta on one data set; ``outputs`` carries the oracle's own key
names. A family or measure that the product does not have yet raises ``NotCoveredYet``, which says
what is missing; it is never answered by something similar. Where the product knows something to be
undefined (tau2 of a single study), the key is absent: that is no zero.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

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

__all__ = ["FAMILIES", "NotCoveredYet", "Refused", "solve"]


def solve(family: str, inputs: Inputs, call: str = "") -> Outputs:
    """Answer one case.

    Parameters
    ----------
    family
        Family of the oracle: ``escalc``, ``rma.uni``, ``rma.uni.tight``, ``tau2-ci``, ``mh``,
        ``peto``, ``glmm``, ``meta.metabin``, ``meta.metacont``, ``meta.metaprop``,
        ``meta.ciprop``.
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
