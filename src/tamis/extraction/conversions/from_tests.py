"""Standard errors and SDs of two groups from the tests that papers print: p, t and F.

A test of two means by their pooled SD (Student's) has n1 + n2 - 2 degrees of freedom; what a paper
did otherwise is not known from p alone, and each row says what it takes for granted.

References
----------
Cochrane Handbook for Systematic Reviews of Interventions, version 6.5, chapters 6.3.2 and 6.5.2.3.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import sqrt

from scipy import stats

from tamis.extraction.conversions.kinds import Conversion, Numbers, Step, plain

__all__ = ["FROM_TESTS"]


def _se(x: Numbers, t: float, name: str) -> Step:
    number = abs(x["estimate"]) / t
    return Step(
        "se", number, f"SE = |difference| / {name} = {plain(abs(x['estimate']))} / {plain(t, 4)}"
    )


def _pooled(x: Numbers, se: float) -> Step:
    number = se / sqrt(1 / x["n1"] + 1 / x["n2"])
    return Step("sd", number, f"SD = SE / √(1/n₁ + 1/n₂) = {plain(se)} / √(1/{plain(x['n1'])} + "
                f"1/{plain(x['n2'])})")  # fmt: skip


def _z_of_p(x: Numbers) -> Iterable[Step]:
    yield _se(x, float(stats.norm.isf(x["p"] / 2)), "Φ⁻¹(1 − p/2)")


def _t_of_p(x: Numbers) -> Iterable[Step]:
    df = x["n1"] + x["n2"] - 2
    se = _se(x, float(stats.t.isf(x["p"] / 2, df)), f"t(1 − p/2; {plain(df)})")
    yield from (se, _pooled(x, se.number))


def _t(x: Numbers) -> Iterable[Step]:
    se = _se(x, abs(x["t"]), "|t|")
    yield from (se, _pooled(x, se.number))


def _f(x: Numbers) -> Iterable[Step]:
    se = _se(x, sqrt(x["f"]), "√F")
    yield from (se, _pooled(x, se.number))


def _no_test(x: Numbers) -> str:
    p = x.get("p", 0.5)
    if not 0 < p < 1:
        return "a p value of 0 or 1, or outside, tells no standard error; look for the exact one"
    if x["estimate"] == 0 or x.get("t", 1) == 0 or x.get("f", 1) == 0:
        return "a difference or a test statistic of zero tells no standard error"
    if x.get("f", 1) < 0:
        return "F is never negative"
    signs = x["estimate"] * x.get("t", x["estimate"])
    return "" if signs > 0 else "difference and t have different signs: one is the other way round"


def _of_two(x: Numbers) -> str:
    few = x["n1"] < 1 or x["n2"] < 1 or x["n1"] + x["n2"] < 3
    return "so few people have no test" if few else _no_test(x)


def _of_means(x: Numbers) -> Iterable[str]:
    del x
    yield "the test must be that of this difference, two-sided, with one SD for both groups"


def _of_p(x: Numbers) -> Iterable[str]:
    yield from _of_means(x)
    yield "a rounded p value gives a rough SE: prefer an interval or t"


#: Tests, the exactest first.
FROM_TESTS: tuple[Conversion, ...] = (
    Conversion(id="se-sd.from-t", needs=("estimate", "t", "n1", "n2"), gives=("se", "sd"), steps=_t,
               says="SE and SD from a difference of means and its t", source="Handbook 6.5.2.3",
               doubts=_of_means, refuses=_of_two),
    Conversion(id="se-sd.from-f", needs=("estimate", "f", "n1", "n2"), gives=("se", "sd"), steps=_f,
               says="SE and SD from a difference of means and F with 1 degree of freedom",
               source="Handbook 6.5.2.3", doubts=_of_means, refuses=_of_two),
    Conversion(id="se-sd.from-p", needs=("estimate", "p", "n1", "n2"), gives=("se", "sd"),
               steps=_t_of_p, says="SE and SD from a difference of means and its exact p",
               source="Handbook 6.5.2.3", doubts=_of_p, refuses=_of_two),
    Conversion(id="se.from-p", needs=("estimate", "p"), gives=("se",), steps=_z_of_p,
               says="SE of a difference from its exact p, in large samples",
               source="Handbook 6.3.2", doubts=_of_p, refuses=_no_test),
)  # fmt: skip
