"""What ``tamis meta`` computes beside the pool, as lines for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tamis.domain.quantities import Quantity
from tamis.synthesis import MetaResult

__all__ = ["beside_lines", "number_text"]

#: Fields that are shown of a series of analyses, in this order, with their headings.
_SHOWN: Mapping[str, tuple[tuple[str, str], ...]] = {
    "leave-one-out": (("mu", "effect"), ("low", "from"), ("high", "to"), ("p", "p"),
                      ("tau2", "tau2")),
    "cumulative": (("mu", "effect"), ("low", "from"), ("high", "to"), ("p", "p"),
                   ("tau2", "tau2")),
    "influence": (("rstudent", "residual"), ("dffits", "DFFITS"), ("cook", "Cook"),
                  ("cov_ratio", "cov. ratio"), ("hat", "leverage")),
}  # fmt: skip

_HEADINGS = {
    "leave-one-out": "without each study in turn (analysis scale)",
    "cumulative": "study by study, in the order of the table (analysis scale)",
    "influence": "influence of each study",
    "asymmetry": "asymmetry of the funnel",
    "bayes": "Bayesian model (analysis scale)",
    "heterogeneity": "heterogeneity (tau2 on the squared analysis scale, I2 in per cent)",
    "bootstrap": "prediction by parametric bootstrap",
}


def beside_lines(result: MetaResult) -> tuple[str, ...]:
    """Return subgroups, regression and every further analysis as lines."""
    body = result.as_json()
    lines = [*_subgroups(body.get("subgroups")), *_regression(body.get("regression"))]
    also: Any = body.get("also") or {}
    for name, found in also.items():
        lines.append(f"{_HEADINGS[name]}:")
        lines += [f"  {line}" for line in _also(name, found)]
    return tuple(lines)


def _subgroups(found: Any) -> Iterator[str]:
    if found is None:
        return
    if "rule" in found:
        yield f"subgroups: {found['message']}"
        return
    yield f"subgroups by {found['column']}:"
    for one in found["groups"]:
        span = f"{number_text(one['ci_low'])} to {number_text(one['ci_high'])}"
        yield f"  {one['name']} (k = {one['k']}): {number_text(one['estimate'])} ({span})"
    yield (
        f"  test between them: Q {number_text(found['q'], 2)} (df {found['df']}, "
        f"p {number_text(found['p'])}); with one tau2: Q {number_text(found['pooled_q'], 2)}, "
        f"p {number_text(found['pooled_p'])}"
    )


def _regression(found: Any) -> Iterator[str]:
    if found is None:
        return
    if "rule" in found:
        yield f"regression: {found['message']}"
        return
    yield f"regression (analysis scale), k = {found['k']}, {found['method']}:"
    for one in found["coefficients"]:
        span = f"{number_text(one['low'])} to {number_text(one['high'])}"
        yield f"  {one['name']}: {number_text(one['estimate'])} ({span}), p {number_text(one['p'])}"
    yield (
        f"  residual tau2 {number_text(found['tau2'])}, I2 {number_text(found['i2'], 1)} %, "
        f"explained {number_text(found['r2'], 1)} %, test of all: p {number_text(found['qm_p'])}"
    )
    yield from (f"  {one['severity']}: {one['message']}" for one in found["warnings"])


def _heterogeneity(found: Any) -> Iterator[str]:
    yield f"Q {number_text(found['q'], 2)} (df {found['df']}, p {number_text(found['p'])})"
    for one in found["measures"]:
        spans = "; ".join(
            f"{number_text(i['low'])} to {number_text(i['high'])}, {i['method']}"
            for i in one["intervals"]
        )
        told = f" ({spans})" if spans else ""
        basis = "" if one["name"] == "tau2" else f" from {one['basis']}"
        yield f"{one['name']}{basis}: {number_text(one['estimate'])}{told}"


def _also(name: str, found: Any) -> Iterator[str]:
    if isinstance(found, dict) and "rule" in found:
        yield found["message"]
    elif name in _SHOWN:
        yield from _series(_SHOWN[name], found)
    elif name == "asymmetry":
        yield (
            f"{found['test']}: statistic {number_text(found['statistic'])} "
            f"(df {found['df']}), p {number_text(found['p'])}"
        )
    elif name == "heterogeneity":
        yield from _heterogeneity(found)
    elif name == "bootstrap":
        yield f"a new study: {number_text(found['low'])} to {number_text(found['high'])}"
    else:
        for part, words in (("mu", "mean effect"), ("theta", "a new study"), ("tau", "tau")):
            one = found[part]
            span = f"{number_text(one['low'])} to {number_text(one['high'])}"
            yield f"{words}: median {number_text(one['median'])} ({span})"
        yield f"prior of tau: {found['prior']}"


def _series(shown: Sequence[tuple[str, str]], found: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for one in found:
        cells = ", ".join(f"{heading} {_cell(one[name])}" for name, heading in shown)
        mark = "  influential" if one.get("influential") else ""
        yield f"{one['study']}: {cells}{mark}"


def _cell(value: object) -> str:
    return number_text(value) if isinstance(value, float) else "not estimable"


def number_text(number: float | None, digits: int = 4) -> str:
    """Return a number as the report would print it; what is unknown is said to be."""
    return str(
        Quantity(
            id="meta:table#n",
            value=number,
            digits=digits,
            inputs=("table",),
            rule="tamis meta",
            absent="not estimable",
        )
    )
