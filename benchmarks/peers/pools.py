"""A Python peer answers the jobs of ``benchmarks/synthesis.py``, in the interpreter it lives in.

``python pools.py PEER`` says ``ready PEER VERSION`` and reads jobs, a line each: a file of effects
and variances, how many studies a data set has, the estimator, how often to fit. It answers with
the CPU seconds and, for each data set, estimate, standard error, limits (Hartung-Knapp) and tau2;
or with ``error`` and what was raised. Reading the file is not timed.
"""

from __future__ import annotations

import sys
import time
import warnings
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import numpy as np


def pimeta() -> Callable[[Any, Any, str], tuple[float, ...]]:
    """Answer with pimeta."""
    from pimeta import rma

    def fit(y: Any, v: Any, method: str) -> tuple[float, ...]:
        one = rma(y, v, method=method, test="knha")
        return _first(one.b), _first(one.se), _first(one.ci_lb), _first(one.ci_ub), one.tau2

    return fit


def pymare() -> Callable[[Any, Any, str], tuple[float, ...]]:
    """Answer with PyMARE; its standard error stays the plain one, so the interval's is given."""
    from pymare import Dataset
    from pymare.estimators import VarianceBasedLikelihoodEstimator
    from scipy.stats import t

    def fit(y: Any, v: Any, method: str) -> tuple[float, ...]:
        model = VarianceBasedLikelihoodEstimator(
            method=method, small_sample_correction="knapp-hartung"
        )
        made = model.fit_dataset(Dataset(y, v)).summary()
        told = made.get_fe_stats()
        low, high = _first(told["ci_l"]), _first(told["ci_u"])
        se = (high - low) / 2 / quantile(y.size)
        return _first(told["est"]), se, low, high, _first(made.tau2)

    known: dict[int, float] = {}

    def quantile(k: int) -> float:
        return known.setdefault(k, float(t.ppf(0.975, k - 1)))

    return fit


def pymetaanalysis() -> Callable[[Any, Any, str], tuple[float, ...]]:
    """Answer with PyMetaAnalysis."""
    from meta_analyze import meta_analysis

    def fit(y: Any, v: Any, method: str) -> tuple[float, ...]:
        one = meta_analysis(effect=y, variance=v, tau2_method=method, ci_method="hartung_knapp")
        return one.estimate, one.standard_error, one.ci_low, one.ci_high, one.tau2

    return fit


def statsmodels() -> Callable[[Any, Any, str], tuple[float, ...]]:
    """Answer with statsmodels, which has Paule-Mandel (``iterated``) and no REML."""
    from statsmodels.stats.meta_analysis import combine_effects

    def fit(y: Any, v: Any, method: str) -> tuple[float, ...]:
        if method != "PM":
            raise NotImplementedError(method)
        one = combine_effects(y, v, method_re="iterated", use_t=True)
        low, high = one.conf_int()[3]
        return one.mean_effect_re, one.sd_eff_w_re_hksj, low, high, one.tau2

    return fit


#: Peer -> name in the registry and how it fits.
PEERS = {
    "pimeta": ("pimeta", pimeta),
    "PyMARE": ("PyMARE", pymare),
    "PyMetaAnalysis": ("PyMetaAnalysis", pymetaanalysis),
    "statsmodels": ("statsmodels", statsmodels),
}


def _first(value: Any) -> float:
    return float(np.asarray(value).ravel()[0])


def answer(fit: Callable[[Any, Any, str], tuple[float, ...]], line: str) -> str:
    """Answer one job."""
    path, k, method, times = line.split()
    held = np.loadtxt(path).reshape(-1, int(k), 2)
    sets = [(np.ascontiguousarray(one[:, 0]), np.ascontiguousarray(one[:, 1])) for one in held]
    start = time.process_time()
    for _ in range(int(times)):
        found = [fit(y, v, method) for y, v in sets]
    used = time.process_time() - start
    return " ".join(repr(float(x)) for x in (used, *(x for one in found for x in one)))


def main() -> None:
    """Answer jobs until there are no more."""
    name, make = PEERS[sys.argv[1]]
    warnings.simplefilter("ignore")
    fit = make()
    print("ready", sys.argv[1], version(name), flush=True)
    for line in sys.stdin:
        try:
            print(answer(fit, line), flush=True)
        except Exception as error:  # noqa: BLE001 - whatever a peer raises is its answer
            print("error", type(error).__name__, str(error).replace("\n", " ")[:200], flush=True)


if __name__ == "__main__":
    main()
