"""Priors of the between-study standard deviation τ, as logarithms of densities in τ."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tamis.domain.errors import BadInput
from tamis.synthesis.modes import Floats

__all__ = ["TauPrior", "half_cauchy", "half_normal", "log_normal", "log_student", "tau_prior"]

LogDensity = Callable[[Floats, Floats], Floats]


@dataclass(frozen=True, slots=True, kw_only=True)
class TauPrior:
    """A prior of τ.

    Parameters
    ----------
    name
        What is printed: ``half-normal(0.5)``.
    log_density
        Function of τ (array) and the sampling variances (array), up to a constant where improper.
    proper_from
        Fewest studies with which the posterior is proper: 1, or more for an improper prior.
    source
        Where it comes from.
    """

    name: str
    log_density: LogDensity
    proper_from: int = 1
    source: str = ""


def half_normal(scale: float) -> TauPrior:
    """Return the half-normal prior with a scale, on the analysis scale (0.5 for log ratios).

    References
    ----------
    Röver 2021, Research Synthesis Methods 12:448.
    """
    _positive(scale)

    def density(tau: Floats, v: Floats) -> Floats:
        return 0.5 * math.log(2 / math.pi) - math.log(scale) - 0.5 * (tau / scale) ** 2

    return TauPrior(name=f"half-normal({scale:g})", log_density=density, source="Röver 2021")


def half_cauchy(scale: float) -> TauPrior:
    """Return the half-Cauchy prior with a scale; its tail is heavy."""
    _positive(scale)

    def density(tau: Floats, v: Floats) -> Floats:
        return np.asarray(math.log(2 / (math.pi * scale)) - np.log1p((tau / scale) ** 2))

    return TauPrior(name=f"half-Cauchy({scale:g})", log_density=density, source="Gelman 2006")


def log_normal(mean: float, sd: float, *, name: str, source: str = "") -> TauPrior:
    """Return the prior of τ under which ln τ² is normal."""
    _positive(sd)

    def density(tau: Floats, v: Floats) -> Floats:
        z = (2 * np.log(tau) - mean) / sd
        return np.asarray(
            math.log(2) - np.log(tau) - math.log(sd) - 0.5 * math.log(2 * math.pi) - 0.5 * z**2
        )

    return TauPrior(name=name, log_density=density, source=source)


def log_student(
    location: float, scale: float, *, df: float, name: str, source: str = ""
) -> TauPrior:
    """Return the prior of τ under which ln τ² is location + scale · t(df)."""
    _positive(scale)
    constant = math.lgamma((df + 1) / 2) - math.lgamma(df / 2) - 0.5 * math.log(df * math.pi)

    def density(tau: Floats, v: Floats) -> Floats:
        t = (2 * np.log(tau) - location) / scale
        tail = (df + 1) / 2 * np.log1p(t**2 / df)
        return np.asarray(constant + math.log(2) - np.log(tau) - math.log(scale) - tail)

    return TauPrior(name=name, log_density=density, source=source)


def _uniform(tau: Floats, v: Floats) -> Floats:
    return np.zeros_like(tau)


def _jeffreys(tau: Floats, v: Floats) -> Floats:
    """τ √Σ 1/(v+τ²)²: the information in τ alone (Bodnar 2017)."""
    information = (1 / (v + tau[:, None] ** 2) ** 2).sum(axis=-1)
    return np.asarray(np.log(tau) + 0.5 * np.log(information))


def _harmonic(v: Floats) -> float:
    return v.size / float((1 / v).sum())


def _dumouchel(tau: Floats, v: Floats) -> Floats:
    """s/(s+τ)² with s² the harmonic mean of the variances (DuMouchel & Normand 2000)."""
    s = math.sqrt(_harmonic(v))
    return np.asarray(math.log(s) - 2 * np.log(s + tau))


def _shrinkage(tau: Floats, v: Floats) -> Floats:
    """Return the density under which the shrinkage s²/(s²+τ²) is uniform (Daniels 1999)."""
    s2 = _harmonic(v)
    return np.asarray(np.log(2 * s2 * tau) - 2 * np.log(s2 + tau**2))


_NAMED = {
    "uniform": TauPrior(name="uniform", log_density=_uniform, proper_from=3, source="Gelman 2006"),
    "Jeffreys": TauPrior(
        name="Jeffreys", log_density=_jeffreys, proper_from=2, source="Bodnar 2017"
    ),
    "DuMouchel": TauPrior(
        name="DuMouchel", log_density=_dumouchel, source="DuMouchel & Normand 2000"
    ),
    "shrinkage": TauPrior(name="shrinkage", log_density=_shrinkage, source="Daniels 1999"),
}


def tau_prior(name: str, scale: float = 0.5) -> TauPrior:
    """Return a prior by its name.

    Parameters
    ----------
    name
        ``half-normal`` or ``half-Cauchy`` (with ``scale``), ``uniform``, ``Jeffreys``,
        ``DuMouchel`` or ``shrinkage``.
    scale
        Of the first two.

    Examples
    --------
    >>> tau_prior("half-normal").name
    'half-normal(0.5)'
    """
    if name == "half-normal":
        return half_normal(scale)
    if name == "half-Cauchy":
        return half_cauchy(scale)
    if name not in _NAMED:
        raise BadInput(
            f"{name!r} is no prior of tau", f"use half-normal, half-Cauchy, {', '.join(_NAMED)}"
        )
    return _NAMED[name]


def _positive(scale: float) -> None:
    if not (math.isfinite(scale) and scale > 0):
        raise BadInput(f"a scale of {scale:g} cannot be", "give a number above 0")
