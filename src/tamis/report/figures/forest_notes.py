"""What stands below a forest plot: model, heterogeneity, tests, what was not done and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from tamis.domain.results import PooledResult, Refusal
from tamis.report.figures.given import Given
from tamis.report.figures.words import UNKNOWN, number, p_value, percent, span

__all__ = ["forest_notes", "heterogeneity", "model_words"]

#: Method -> how it is called below a figure, where its own name does not say it.
_MODELS: Mapping[str, str] = MappingProxyType(
    {
        "FE": "common effect (inverse variance)",
        "MH": "common effect (Mantel-Haenszel)",
        "Mantel-Haenszel": "common effect (Mantel-Haenszel)",
        "PETO": "common effect (Peto)",
        "Peto": "common effect (Peto)",
        "GLMM": "random effects (logit mixed model)",
    }
)


def model_words(method: str, *, common: bool = False) -> str:
    """Return a method in words; ``common`` says that its model has no tau².

    Examples
    --------
    >>> model_words("REML"), model_words("FE"), model_words("GLMM (UM.FS)")
    ('random effects (REML)', 'common effect (inverse variance)', 'random effects, GLMM (UM.FS)')
    """
    if method in _MODELS:
        return _MODELS[method]
    effects = "common effect" if common else "random effects"
    return f"{effects}, {method}" if "(" in method else f"{effects} ({method})"


def forest_notes(given: Given) -> Iterator[str]:
    """Yield the notes of a result, each a sentence or two."""
    if given.refused is not None:
        yield f"Not pooled: {given.refused.message}"
    pooled = given.pooled
    if pooled is not None:
        words = model_words(pooled.method, common=pooled.tau2 is None)
        tested = pooled.p is not None and given.kind.null is not None
        test = f" Test of no effect: {p_value(pooled.p)}." if tested else ""
        yield f"Model: {words}; interval of the summary: {pooled.interval_method}.{test}"
        yield f"Heterogeneity: {heterogeneity(pooled, given.percent)}."
    elif given.refused is None:
        tests = [f"{p_value(p)} ({name})" for one in given.single for name, p in one.p.items()]
        test = f" Test of no effect: {'; '.join(tests)}." if tests else ""
        few = "One study: nothing is pooled." if len(given.studies) == 1 else "Nothing is pooled."
        yield f"{few}{test}"
    yield from _subgroups(given)
    yield from _intervals(given)
    corrected = [one.study for one in given.studies if one.corrected]
    if corrected:
        yield f"A continuity correction was added to cells of: {', '.join(corrected)}."


def _intervals(given: Given) -> Iterator[str]:
    methods = dict.fromkeys(
        one.interval_method for one in given.studies if one.estimate is not None
    )
    others = [name for name in methods if name and name != "Wald"]
    if others:
        whose = "Interval of the study" if len(given.studies) == 1 else "Intervals of the studies"
        yield f"{whose}: {'; '.join(others)}."


def _subgroups(given: Given) -> Iterator[str]:
    found = given.subgroups
    if isinstance(found, Refusal):
        yield f"Subgroups: {found.message}"
    elif found is not None:
        yield (
            f"Test of subgroup differences ({found.column}): Q = {number(found.q, 2)} "
            f"(df {found.df}, {p_value(found.p)})."
        )


def heterogeneity(pooled: PooledResult, level: str) -> str:
    """Return tau², I² and Q in words; what is not defined is said to be."""
    parts = []
    if pooled.tau2 is not None:
        interval = ""
        if pooled.tau2_ci is not None:
            interval = f" ({level} CI {span(*pooled.tau2_ci, log=True, digits=2)})"
        parts.append(f"tau² = {_small(pooled.tau2)}{interval}")
    if pooled.i2 is not None:
        parts.append(f"I² = {percent(pooled.i2)}")
    if pooled.q is not None:
        parts.append(f"Q = {number(pooled.q, 2)} (df {pooled.q_df}, {p_value(pooled.q_p)})")
    return ", ".join(parts) or UNKNOWN


def _small(value: float) -> str:
    """Return a variance with three figures that say something."""
    return "0" if value == 0 else f"{value:.3g}" if 1e-4 <= value < 1000 else f"{value:.2e}"
