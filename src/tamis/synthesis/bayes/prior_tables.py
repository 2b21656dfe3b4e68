"""Empirical priors of heterogeneity: Turner 2015 (log odds ratios), Rhodes 2015 (SMD)."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib import resources

from tamis.domain.errors import BadInput
from tamis.synthesis.bayes.priors import TauPrior, log_normal, log_student

__all__ = ["rhodes", "rows_of", "turner"]

_TURNER = "Turner 2015, Statistics in Medicine 34:984"
_RHODES = "Rhodes 2015, Journal of Clinical Epidemiology 68:52"


def turner(outcome: str, comparison: str) -> TauPrior:
    """Return the predictive prior of a binary outcome: ln τ² is normal, on the log odds scale.

    Parameters
    ----------
    outcome, comparison
        As the paper names them (``rows_of("turner2015")`` lists them).

    Examples
    --------
    >>> turner("all-cause mortality", "pharmacological vs. placebo / control").name
    'Turner 2015: all-cause mortality, pharmacological vs. placebo / control'
    """
    row = _row("turner2015", {"outcome": outcome, "comparison": comparison})
    name = f"Turner 2015: {outcome}, {comparison}"
    return log_normal(float(row["mu"]), float(row["sigma"]), name=name, source=_TURNER)


def rhodes(outcome: str, comparison: str, medical_area: str) -> TauPrior:
    """Return the predictive prior of a continuous outcome: ln τ² is a shifted t(5), on the SMD.

    Examples
    --------
    >>> rhodes("obstetric outcome", "pharmacological vs. placebo / control", "other").source
    'Rhodes 2015, Journal of Clinical Epidemiology 68:52'
    """
    wanted = {"outcome": outcome, "comparison": comparison, "medical_area": medical_area}
    row = _row("rhodes2015", wanted)
    name = f"Rhodes 2015: {outcome}, {comparison}, {medical_area}"
    return log_student(float(row["location"]), float(row["scale"]), df=5, name=name, source=_RHODES)


@cache
def rows_of(table: str) -> tuple[Mapping[str, str], ...]:
    """Return the rows of a table: ``turner2015`` or ``rhodes2015``."""
    text = (resources.files("tamis.synthesis.bayes") / f"{table}.csv").read_text("utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def _row(table: str, wanted: Mapping[str, str]) -> Mapping[str, str]:
    rows = rows_of(table)
    for key, value in wanted.items():
        known = dict.fromkeys(row[key] for row in rows)
        if value not in known:
            raise BadInput(f"{value!r} is no {key.replace('_', ' ')} of {table}",
                           f"use one of: {'; '.join(known)}")  # fmt: skip
    found = [row for row in rows if all(row[key] == value for key, value in wanted.items())]
    if not found:
        raise BadInput(f"{table} has no such combination", "choose another comparison or area")
    return found[0]
