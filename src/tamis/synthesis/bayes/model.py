"""The normal-normal hierarchical model, integrated over τ on a grid: no sampling, no seed.

At every τ the posterior of μ is normal in closed form; over τ one adds up. So μ, the effect of a
new study and the effects of the studies themselves are mixtures of normals.

References
----------
Röver 2020, Journal of Statistical Software 93(6); Röver 2021; Friede 2017 (few studies).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tamis.domain.errors import BadInput
from tamis.domain.results import EffectRow, Finding, Refusal
from tamis.synthesis.bayes.mixture import Mixture, Summary, of_grid, of_mixture
from tamis.synthesis.bayes.priors import TauPrior, half_normal
from tamis.synthesis.inverse_variance import NO_DATA, check_rows
from tamis.synthesis.modes import Floats
from tamis.synthesis.settings import confidence

__all__ = ["BayesResult", "Posterior", "bayes"]

#: Points of the grid of τ; they lie evenly in asinh(τ/s), close near 0 and far apart in the tail.
POINTS = 3000

#: The grid ends where the posterior has fallen by this factor (in logarithms), or here:
FALL, FARTHEST = 60.0, 1e12

#: Components with less weight than this are left out of the mixtures.
LEAST = 1e-14


@dataclass(frozen=True, slots=True, kw_only=True)
class Posterior:
    """One quantity after the data, with its name."""

    name: str
    summary: Summary


@dataclass(frozen=True, slots=True, kw_only=True)
class BayesResult:
    """The posterior on the analysis scale.

    ``mu`` is the mean effect, ``theta`` the effect in a new study (predictive), ``tau`` the SD
    between studies, ``studies`` each study's own effect drawn towards the mean.
    """

    k: int
    prior: str
    mu_prior: str
    level: float
    mu: Summary
    theta: Summary
    tau: Summary
    studies: tuple[Posterior, ...]
    warnings: tuple[Finding, ...] = ()


def bayes(
    rows: Sequence[EffectRow],
    *,
    prior: TauPrior | None = None,
    mu_prior: tuple[float, float] | None = None,
    level: str = "0.95",
    shrinkage: bool = True,
) -> BayesResult | Refusal:
    """Fit the model.

    Parameters
    ----------
    rows
        Effects and variances on the analysis scale; one is enough with a proper prior.
    prior
        Of τ; default half-normal(0.5), which is meant for log ratios. Say another for MD.
    mu_prior
        Mean and SD of a normal prior of μ; default: flat.
    level
        Of the intervals.
    shrinkage
        Whether the studies' own effects are summarised too.

    Returns
    -------
    BayesResult or Refusal
        Refused where the posterior would not be proper (an improper prior with too few studies).

    Examples
    --------
    >>> rows = [EffectRow(study=s, y=y, v=v)
    ...         for s, y, v in (("a", -0.5, 0.1), ("b", 0.1, 0.15), ("c", -0.9, 0.3))]
    >>> done = bayes(rows)
    >>> [round(x, 3) for x in (done.mu.median, done.mu.low, done.mu.high)]
    [-0.377, -1.055, 0.285]
    """
    chosen = prior or half_normal(0.5)
    check_rows(rows)
    if mu_prior is not None and not (math.isfinite(mu_prior[0]) and mu_prior[1] > 0):
        raise BadInput("the prior of the mean needs a mean and an SD above 0", "give both")
    if not rows:
        return NO_DATA
    if len(rows) < chosen.proper_from:
        return Refusal(
            rule="improper-posterior",
            message=f"With {len(rows)} {'study' if len(rows) == 1 else 'studies'} the prior "
            f"{chosen.name!r} gives no proper posterior; it needs {chosen.proper_from}.",
        )
    y = np.array([row.y for row in rows], dtype=np.float64)
    v = np.array([row.v for row in rows], dtype=np.float64)
    found = _integrate(y, v, chosen, mu_prior)
    coverage = confidence(level)
    tau = of_grid(found.tau, found.mass, found.density, level=coverage)
    moments = (tau.mean is not None, tau.sd is not None)
    own = (
        tuple(
            Posterior(
                name=row.study,
                summary=of_mixture(found.study(y[at], v[at]), level=coverage, moments=(True, True)),
            )
            for at, row in enumerate(rows)
        )
        if shrinkage
        else ()
    )
    return BayesResult(
        k=len(rows),
        prior=chosen.name,
        mu_prior="flat" if mu_prior is None else f"normal({mu_prior[0]:g}, {mu_prior[1]:g})",
        level=coverage,
        mu=of_mixture(found.mean(), level=coverage, moments=moments),
        theta=of_mixture(found.new_study(), level=coverage, moments=moments),
        tau=tau,
        studies=own,
        warnings=_warnings(len(rows)),
    )


@dataclass(frozen=True, slots=True)
class _Integrated:
    """The posterior of τ on its grid, and that of μ at every τ."""

    tau: Floats
    mass: Floats
    density: Floats
    centre: Floats
    variance: Floats

    def mean(self) -> Mixture:
        return self._mixture(self.centre, self.variance)

    def new_study(self) -> Mixture:
        return self._mixture(self.centre, self.variance + self.tau**2)

    def study(self, y: float, v: float) -> Mixture:
        pull = v / (v + self.tau**2)
        return self._mixture(
            (1 - pull) * y + pull * self.centre, (1 - pull) * v + pull**2 * self.variance
        )

    def _mixture(self, means: Floats, variances: Floats) -> Mixture:
        kept = self.mass > LEAST
        weights = self.mass[kept] / self.mass[kept].sum()
        return Mixture(weights, means[kept], np.sqrt(variances[kept]))


def _integrate(
    y: Floats, v: Floats, prior: TauPrior, mu_prior: tuple[float, float] | None
) -> _Integrated:
    near = 0.02 * math.sqrt(float(v.min()))
    far = 10 * (float(np.ptp(y)) + math.sqrt(float(v.max())))
    while True:
        u = np.linspace(0.0, math.asinh(far / near), POINTS)
        tau = np.maximum(near * np.sinh(u), 1e-9 * near)
        height, centre, variance = _posterior(y, v, tau, prior, mu_prior)
        along = height + np.log(near * np.cosh(u))  # density in u
        if along[-1] < along.max() - FALL or far > FARTHEST:
            break
        far *= 10
    mass = np.exp(along - along.max())
    mass[0] *= 0.5
    mass[-1] *= 0.5
    return _Integrated(tau, mass / mass.sum(), np.exp(height - height.max()), centre, variance)


def _posterior(
    y: Floats, v: Floats, tau: Floats, prior: TauPrior, mu_prior: tuple[float, float] | None
) -> tuple[Floats, Floats, Floats]:
    """Return the log posterior of τ (up to a constant), and mean and variance of μ at each τ."""
    w = 1 / (v + tau[:, None] ** 2)
    precision, pull, square = w.sum(axis=-1), (w * y).sum(axis=-1), (w * y * y).sum(axis=-1)
    if mu_prior is not None:
        m0, s0 = mu_prior
        precision, pull, square = precision + 1 / s0**2, pull + m0 / s0**2, square + m0**2 / s0**2
    centre = pull / precision
    height = (
        prior.log_density(tau, v)
        + 0.5 * np.log(w).sum(axis=-1)
        - 0.5 * np.log(precision)
        - 0.5 * (square - precision * centre**2)
    )
    return np.asarray(height), np.asarray(centre), np.asarray(1 / precision)


def _warnings(k: int) -> tuple[Finding, ...]:
    if k > 1:
        return ()
    return (
        Finding(
            rule="bayes-one-study",
            severity="warning",
            subject="prior",
            message="One study says nothing about the variance between studies: what is shown of "
            "it is the prior.",
        ),
    )
