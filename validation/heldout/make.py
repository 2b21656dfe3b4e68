"""Make the held-out cases: random data with a seed, in the shape of the oracle, without answers.

    python -m validation.heldout.make SEED > cases.json

``metafor/answer.R`` has them answered by metafor (GPL: called, not read). The data are not those
of any paper: 2 to 40 studies, tau2 from 0 to far above the variances, variances over up to six
decades, counts with empty and full cells, one arm far larger than the other.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np

METHODS = ("REML", "ML", "PM", "EB", "DL", "HE", "HS", "SJ", "FE")
TESTS = ("z", "knha", "adhoc")
MEASURES = ("RR", "OR", "RD", "AS")
PER_KIND = 60

#: Of the data sets of a kind every so many are also asked for what takes R long.
SLOW = 6

#: Measures of one arm, of paired means and of correlations, by the data that they take.
OTHERS = {
    "shares": ("PR", "PLN", "PLO", "PAS", "PFT"),
    "pairs": ("MC", "SMCC", "SMCR"),
    "correlations": ("COR", "ZCOR"),
    "rates": ("IRR", "IRD", "IRSD"),
}

Case = dict[str, Any]


def made(seed: int, *, each: int = PER_KIND) -> list[Case]:
    """Return the cases of a seed, ``each`` data sets of every kind."""
    chance = np.random.default_rng(seed)
    cases = [
        *(case for at in range(each) for case in _of_effects(chance, at)),
        *(case for at in range(each) for case in _of_tables(chance, at)),
        *(case for at in range(each) for case in _of_means(chance, at)),
        *(case for at in range(each) for case in _of_others(chance, at)),
    ]
    assert len({case["id"] for case in cases}) == len(cases)
    return cases


def _of_effects(chance: np.random.Generator, at: int) -> Iterator[Case]:
    y, v = _effects(chance)
    for method, test in product(METHODS, TESTS):
        call = f"rma(yi, vi, method='{method}', test='{test}')"
        yield _case("rma.uni.tight", f"{at}/{method}/{test}", call, yi=y, vi=v)
    x = [[1.0, round(float(one), 3)] for one in chance.normal(size=len(y))]
    for method in ("REML", "DL", "PM") if len(y) >= 5 else ():
        call = f"rma(yi, vi, mods=X, method='{method}', test='z')"
        names = ["intrcpt", "x"]
        yield _case("metareg", f"{at}/{method}", call, yi=y, vi=v, X=x, colnames=names)
    if len(y) >= 3:
        yield from _of_one_pool(at, y, v)


def _of_one_pool(at: int, y: list[float], v: list[float]) -> Iterator[Case]:
    """Intervals of tau2, what one study does, asymmetry."""
    for method in ("REML", "ML"):
        call = f"confint(rma(method='{method}'), type='QP & PL')"
        yield _case("tau2-ci", f"{at}/{method}", call, yi=y, vi=v)
    for kind in ("leave1out", "cumul", "influence", "blup"):
        method = "REML" if at % 2 else "FE"
        if kind == "blup" and method == "FE":
            continue
        yield _case("sensitivity", f"{at}/{kind}", f"{kind}(rma(method='{method}'))", yi=y, vi=v)
    for number, call in enumerate(_ASYMMETRY):
        yield _case("bias", f"{at}/{number}", call, yi=y, vi=v)


_ASYMMETRY = (
    "regtest(x, model='lm', predictor='sei')",
    "regtest(x, model='rma', predictor='sei')",
    "ranktest(x)",
    "trimfill(rma(method='FE'), estimator='L0')",
    "trimfill(rma(method='REML'), estimator='R0')",
)


def _of_tables(chance: np.random.Generator, at: int) -> Iterator[Case]:
    table = _tables(chance)
    for measure in MEASURES:
        call = f"escalc(measure='{measure}')"
        yield _case("escalc", f"{at}/{measure}", call, measure=measure, **table)
    for measure in ("OR", "RR", "RD"):
        yield _case("mh", f"{at}/{measure}", f"rma.mh(measure='{measure}', correct=TRUE)", **table)
    yield _case("peto", f"{at}", "rma.peto(ai,n1i,ci,n2i)", **table)
    if at % SLOW == 0 and len(table["ai"]) > 2:
        for model in ("UM.FS", "CM.AL"):
            call = f"rma.glmm(measure='OR', model='{model}', method='ML')"
            yield _case("glmm", f"{at}/OR/{model}", call, **table)


def _of_means(chance: np.random.Generator, at: int) -> Iterator[Case]:
    means = _means(chance)
    for measure in ("MD", "SMD", "ROM"):
        call = f"escalc(measure='{measure}')"
        yield _case("escalc", f"m{at}/{measure}", call, measure=measure, **means)


def _of_others(chance: np.random.Generator, at: int) -> Iterator[Case]:
    data = {name: _DRAWN[name](chance) for name in OTHERS}
    for name, measures in OTHERS.items():
        for measure in measures:
            call = f"escalc(measure='{measure}')"
            yield _case("escalc", f"o{at}/{measure}", call, measure=measure, **data[name])
    if at % SLOW == 0:
        call = "rma.glmm(measure='PLO', method='ML')"
        yield _case("glmm", f"{at}/PLO", call, **data["shares"])


def _case(family: str, name: str, call: str, **inputs: Any) -> Case:
    return {"id": f"heldout/{family}/{name}", "family": family, "call": call, "inputs": inputs}


def _effects(chance: np.random.Generator) -> tuple[list[float], list[float]]:
    k = int(chance.choice([2, 3, 4, 5, 8, 13, 25, 40]))
    decades = float(chance.choice([0.5, 1, 2, 6]))
    v = 10 ** chance.uniform(-3, -3 + decades, k)
    tau2 = float(chance.choice([0, 0, 0.1, 1, 10])) * float(np.median(v))
    y = chance.normal(chance.normal(), np.sqrt(v + tau2))
    return np.round(y, 6).tolist(), np.round(v, 9).tolist()


def _tables(chance: np.random.Generator) -> Case:
    k = int(chance.choice([2, 3, 5, 8, 15]))
    n1 = chance.integers(5, 150, k)
    n2 = np.maximum(4, n1 * chance.choice([1, 1, 2, 0.3])).astype(int)
    risk = chance.choice([0.02, 0.1, 0.4, 0.95])
    return {
        "ai": chance.binomial(n1, risk).tolist(),
        "n1i": n1.tolist(),
        "ci": chance.binomial(n2, min(0.99, risk * chance.choice([1, 1.5, 0.7]))).tolist(),
        "n2i": n2.tolist(),
    }


def _means(chance: np.random.Generator) -> Case:
    k = int(chance.choice([2, 4, 9]))
    sd = chance.uniform(0.5, 5, k)
    return {
        "m1i": np.round(chance.uniform(5, 20, k), 2).tolist(),
        "sd1i": np.round(sd, 3).tolist(),
        "n1i": chance.integers(3, 120, k).tolist(),
        "m2i": np.round(chance.uniform(5, 20, k), 2).tolist(),
        "sd2i": np.round(sd * chance.uniform(0.5, 2, k), 3).tolist(),
        "n2i": chance.integers(3, 120, k).tolist(),
    }


def _shares(chance: np.random.Generator) -> Case:
    k = int(chance.choice([3, 5, 9]))
    n = chance.integers(4, 90, k)
    return {"xi": chance.binomial(n, chance.beta(2, 3, k)).tolist(), "ni": n.tolist()}


def _pairs(chance: np.random.Generator) -> Case:
    whole = _means(chance)
    k = len(whole["m1i"])
    return {
        **{name: whole[name] for name in ("m1i", "sd1i", "m2i", "sd2i")},
        "ni": chance.integers(4, 80, k).tolist(),
        "ri": np.round(chance.uniform(-0.2, 0.9, k), 3).tolist(),
    }


def _correlations(chance: np.random.Generator) -> Case:
    k = int(chance.choice([2, 6]))
    n = chance.integers(6, 200, k)
    return {"ri": np.round(chance.uniform(-0.8, 0.9, k), 3).tolist(), "ni": n.tolist()}


def _rates(chance: np.random.Generator) -> Case:
    k = int(chance.choice([2, 4, 7]))
    t1, t2 = np.round(chance.uniform(5, 400, k), 1), np.round(chance.uniform(5, 400, k), 1)
    rate = float(chance.choice([0.01, 0.1, 0.6]))
    return {
        "x1i": chance.poisson(rate * t1).tolist(),
        "t1i": t1.tolist(),
        "x2i": chance.poisson(rate * 1.4 * t2).tolist(),
        "t2i": t2.tolist(),
    }


_DRAWN = {"shares": _shares, "pairs": _pairs, "correlations": _correlations, "rates": _rates}


if __name__ == "__main__":
    json.dump({"cases": made(int(sys.argv[1]))}, sys.stdout)
