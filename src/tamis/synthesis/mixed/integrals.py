"""The integral over one normal random effect, for any log-concave study likelihood.

A study's integrand exp(Σ log p(η + s z u) − u²/2) is log-concave in u, but may be a narrow peak, a
bell, or a bell cut off by a cliff (an empty arm and a large s), where Gauss-Hermite quadrature sees
maxima that are not there. So the integral is split at its mode; each half, up to where the
integrand has fallen by ``DROP``, is taken by the double-exponential rule (Takahasi & Mori 1974),
whose points crowd at both ends, where the peak and the cliff are.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from tamis.synthesis.mixed.arms import Arm
from tamis.synthesis.tau2 import Floats

__all__ = ["FINE", "QUICK", "Moments", "Rule", "marginal"]

MODE_STEPS, EAGER, DROP_STEPS = 90, 20, 16

#: Slope in units of the width at which the mode is near enough: it only splits the integral.
NEAR_MODE = 1e-2


@dataclass(frozen=True, slots=True)
class Rule:
    """Double-exponential rule on (0, 1), and the fall of the log integrand where it ends."""

    points: Floats
    weights: Floats
    drop: float


def _rule(count: int, reach: float, drop: float) -> Rule:
    t = np.linspace(-reach, reach, count)
    inner = np.pi * np.sinh(t)
    weight = (t[1] - t[0]) * np.pi * np.cosh(t) * expit(inner) * expit(-inner)
    return Rule(expit(inner), weight, drop)


#: For searching (log-likelihood of a study right to about 1e-4 at worst) and for the end of it.
QUICK, FINE = _rule(25, 2.1, 22.0), _rule(71, 2.9, 36.0)


@dataclass(frozen=True, slots=True)
class Moments:
    """Log-likelihood per study (T, k), its gradient (P, T, k), its information (P, P, T, k).

    ``where`` are the modes (T, k) and reaches (2, T, k) of the integrands, to start the next from.
    """

    height: Floats
    gradient: Floats
    information: Floats
    where: tuple[Floats, Floats]


def marginal(
    arms: Sequence[Arm],
    base: Sequence[Floats],
    loading: Floats,
    s: Floats,
    directions: Floats,
    *,
    rule: Rule = QUICK,
    with_s: bool = False,
    near: tuple[Floats, Floats] | None = None,
) -> Moments:
    """Integrate the random effect out, and differentiate under the integral (Louis 1982).

    Parameters
    ----------
    arms
        J of them.
    base
        Linear predictor of each arm without the random effect, shape (T, k).
    loading
        Shape (J,): the random effect enters arm j as s · loading[j] · u, u standard normal.
    s
        Its standard deviation, shape (T,), at least 0.
    directions
        Shape (P, J): derivative of the predictors by P parameters.
    rule
        Quadrature.
    with_s
        Whether s is the last of the parameters, P + 1 in all.
    near
        ``where`` of a neighbouring point of the same shape.
    """
    inner = _Integrand(arms, base, loading, s[:, None])
    mode, width, top = inner.mode(None if near is None else near[0])
    reach = inner.reach(mode, width, top, rule.drop, None if near is None else near[1])
    u = np.concatenate(
        [mode[:, None] + side * reach[at][:, None] * rule.points[:, None]
         for at, side in enumerate((-1.0, 1.0))], axis=1,
    )  # fmt: skip
    weight = np.concatenate([one[:, None] * rule.weights[:, None] for one in reach], axis=1)
    height, slopes, spreads = inner.curves(u)
    top = height.max(axis=1)
    weight = weight * np.exp(height - top[:, None])
    total = weight.sum(axis=1)
    weight /= total[:, None]
    factors: list[list[Floats | float]] = [list(row) for row in directions]
    if with_s:
        factors.append([u * z for z in loading])
    size = len(factors)
    scores = [_combine(row, slopes) for row in factors]
    means = [(weight * one).sum(axis=1) for one in scores]
    information = np.empty((size, size, *total.shape))
    for a in range(size):
        for b in range(a + 1):
            squares = [p * q for p, q in zip(factors[a], factors[b], strict=True)]
            bend = _combine(squares, spreads) - scores[a] * scores[b]
            information[a, b] = (weight * bend).sum(axis=1) + means[a] * means[b]
            information[b, a] = information[a, b]
    return Moments(
        top + np.log(total) - 0.5 * math.log(2 * math.pi),
        np.stack(means),
        information,
        (mode, reach),
    )


def _combine(factors: Sequence[Floats | float], terms: Sequence[Floats]) -> Floats:
    out = factors[0] * terms[0]
    for factor, term in zip(factors[1:], terms[1:], strict=True):
        out = out + factor * term
    return np.asarray(out)


@dataclass(frozen=True, slots=True, eq=False)
class _Integrand:
    """The log integrands of k studies at T values of s; ``scale`` has the shape (T, 1)."""

    arms: Sequence[Arm]
    base: Sequence[Floats]
    loading: Floats
    scale: Floats

    def curves(self, u: Floats) -> tuple[Floats, list[Floats], list[Floats]]:
        """Return log integrand, slopes and spreads of the arms at u of shape (T, …, k)."""
        shape = (u.shape[0], *(1 for _ in range(u.ndim - 2)), -1)
        step = self.scale.reshape(shape) * u
        height, slopes, spreads = -0.5 * u * u, [], []
        for arm, start, z in zip(self.arms, self.base, self.loading, strict=True):
            h, slope, spread = arm.curve(start.reshape(shape) + z * step)
            height = height + h
            slopes.append(slope)
            spreads.append(spread)
        return height, slopes, spreads

    def mode(self, near: Floats | None) -> tuple[Floats, Floats, Floats]:
        """Return mode, width (from the curvature) and height of every integrand, shape (T, k).

        The slope at 0 is one bound of the mode, 0 the other; some steps halve the bracket on a
        scale that reaches over many powers of ten.
        """
        u = np.zeros_like(self.base[0])
        low, high = u, u
        for step in range(MODE_STEPS):
            height, slopes, spreads = self.curves(u)
            pull = self.scale * _combine(list(self.loading), slopes)
            slope = pull - u
            curvature = 1 + self.scale**2 * _combine(list(self.loading**2), spreads)
            if step == 0:
                low, high = np.minimum(pull, 0.0), np.maximum(pull, 0.0)
            low, high = np.where(slope > 0, u, low), np.where(slope > 0, high, u)
            if float((np.abs(slope) / np.sqrt(curvature)).max()) < NEAR_MODE:
                break
            found = u + slope / curvature
            halved = np.sinh(0.5 * (np.arcsinh(low) + np.arcsinh(high)))
            outside = (found < low) | (found > high)
            halves = step % 3 == 2 if step < EAGER else step % 2 == 1
            u = halved if halves else np.where(outside, halved, found)
            if step == 0 and near is not None:
                u = np.clip(near, low, high)
        return u, 1 / np.sqrt(curvature), height

    def reach(
        self, mode: Floats, width: Floats, top: Floats, drop: float, near: Floats | None
    ) -> Floats:
        """Return how far left and right the log integrand has fallen by about ``drop``.

        Shape (2, T, k). Between 0.8 and 2 times the drop is near enough.
        """
        sides = np.array([-1.0, 1.0])[:, None]
        far = np.repeat(width[:, None], 2, axis=1) * math.sqrt(2 * drop)
        far = far if near is None else np.moveaxis(near, 0, 1)
        inner, outer = np.zeros_like(far), np.full_like(far, np.inf)
        for _ in range(DROP_STEPS):
            fall = top[:, None] - self.curves(mode[:, None] + sides * far)[0]
            short, beyond = fall < 0.8 * drop, fall > 2 * drop
            if not (short.any() or beyond.any()):
                break
            inner, outer = np.where(short, far, inner), np.where(beyond, far, outer)
            found = far * np.clip(np.sqrt(drop / np.maximum(fall, 1e-9)), 0.05, 4.0)
            outside = (found <= inner) | (found >= outer)
            middle = 0.5 * (inner + np.where(np.isinf(outer), 8 * far, outer))
            far = np.where(short | beyond, np.where(outside, middle, found), far)
        return np.moveaxis(far, 1, 0)
