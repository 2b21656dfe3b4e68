"""Mixtures of normals and densities on a grid: quantiles, shortest intervals, moments."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq, minimize_scalar
from scipy.special import ndtr

from tamis.synthesis.modes import Floats

__all__ = ["Mixture", "Summary", "of_grid", "of_mixture"]

#: A moment is taken to be infinite when its integrand has not fallen this far at the grid's end.
TAIL_SHARE = 1e-4


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A distribution in numbers; ``mean`` and ``sd`` are ``None`` where they are infinite.

    ``low`` and ``high`` are the shortest interval, ``central`` the equal-tailed one.
    """

    mode: float
    median: float
    mean: float | None
    sd: float | None
    low: float
    high: float
    central: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Mixture:
    """Normals with weights that sum to one."""

    weights: Floats
    means: Floats
    spreads: Floats

    def cdf(self, x: float) -> float:
        """Return the share below x."""
        return float(self.weights @ ndtr((x - self.means) / self.spreads))

    def density(self, x: float) -> float:
        """Return the density at x."""
        z = (x - self.means) / self.spreads
        return float(self.weights @ (np.exp(-0.5 * z * z) / self.spreads)) / math.sqrt(2 * math.pi)

    def quantile(self, p: float) -> float:
        """Return the value below which the share p lies."""
        centre = float(self.weights @ self.means)
        step = float(self.weights @ self.spreads)
        low, high = centre - step, centre + step
        while self.cdf(low) > p:
            low -= high - low
        while self.cdf(high) < p:
            high += high - low
        return float(brentq(lambda x: self.cdf(x) - p, low, high, xtol=1e-12, rtol=1e-12))


def of_mixture(mixture: Mixture, *, level: float, moments: tuple[bool, bool]) -> Summary:
    """Summarise a mixture; ``moments`` says which of mean and variance exist."""
    tail = (1 - level) / 2
    median = mixture.quantile(0.5)
    low, high = _shortest(mixture.quantile, 1 - level)
    width = high - low
    mode = minimize_scalar(
        lambda x: -mixture.density(x), bounds=(median - width, median + width), method="bounded",
        options={"xatol": 1e-10 * max(1.0, width)},
    ).x  # fmt: skip
    mean = float(mixture.weights @ mixture.means)
    around = mixture.spreads**2 + (mixture.means - mean) ** 2
    return Summary(
        mode=float(mode),
        median=median,
        mean=mean if moments[0] else None,
        sd=math.sqrt(float(mixture.weights @ around)) if all(moments) else None,
        low=low,
        high=high,
        central=(mixture.quantile(tail), mixture.quantile(1 - tail)),
    )


def of_grid(x: Floats, mass: Floats, density: Floats, *, level: float) -> Summary:
    """Summarise a density on a grid from 0 up.

    Parameters
    ----------
    x, density : array of shape (N,)
        Grid and density (any constant).
    mass : array of shape (N,)
        Share of the distribution that each grid point stands for; sums to one.
    """
    cdf = np.concatenate([[0.0], np.cumsum(0.5 * (mass[1:] + mass[:-1]))])
    cdf /= cdf[-1]

    def quantile(p: float) -> float:
        return float(np.interp(p, cdf, x))

    tail = (1 - level) / 2
    low, high = _shortest(quantile, 1 - level)
    peak = int(np.argmax(density))
    first, second = (_moment(x, mass, power) for power in (1, 2))
    return Summary(
        mode=float(x[peak]),
        median=quantile(0.5),
        mean=first,
        sd=None if first is None or second is None else math.sqrt(max(0.0, second - first**2)),
        low=low,
        high=high,
        central=(quantile(tail), quantile(1 - tail)),
    )


def _moment(x: Floats, mass: Floats, power: int) -> float | None:
    parts = mass * x**power
    return None if parts[-2] > TAIL_SHARE * parts.max() else float(parts.sum())


def _shortest(quantile: Callable[[float], float], outside: float) -> tuple[float, float]:
    """Return the shortest interval that leaves a share outside, of a distribution with one mode."""
    edge = outside * 1e-9
    found = minimize_scalar(
        lambda p: quantile(p + 1 - outside) - quantile(p), bounds=(edge, outside - edge),
        method="bounded", options={"xatol": outside * 1e-7},
    )  # fmt: skip
    p = float(found.x)
    if quantile(1 - outside) - quantile(0.0 + edge) <= float(found.fun):
        p = edge
    return quantile(p) if p > edge else quantile(edge), quantile(p + 1 - outside)
