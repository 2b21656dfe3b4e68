"""Two uncorrelated random effects per study: its level N(γ, σ²) and its contrast N(θ, τ²).

Predictors are A ± B/2 with A = γ + σw and B = θ + τu. The integral over (w, u) is taken at its
mode: by Laplace's approximation (one point, as mixed-model programs do with two effects) or with
more points by adaptive Gauss-Hermite quadrature. Both σ and τ are looked at on {0} and a geometric
grid, then refined; derivatives are central differences of whole batches.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from tamis.synthesis.mixed.arms import Arm
from tamis.synthesis.tau2 import Floats

__all__ = ["LevelAndContrast", "TwoEffectsMaximum"]

TAU, SIGMA = (np.concatenate([[0.0], np.geomspace(*ends)])
              for ends in ((0.05, 12.0, 9), (0.15, 6.0, 5)))  # fmt: skip

MODE_STEPS, HALVINGS, CLIMBS = 100, 12, 40

#: Step of the central differences.
H = 2e-3

SHORTER = np.array([1.0, 0.5, 0.2, 0.05, 0.01])

#: A standard deviation below this is held against zero.
SMALL = 0.02


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TwoEffectsMaximum:
    """θ, γ, σ, τ at the highest point; its log-likelihood, standard error of θ."""

    point: Floats
    ll: float
    se: float


@lru_cache(maxsize=8)
def _square(nodes: int) -> tuple[Floats, Floats, Floats]:
    z, w = np.polynomial.hermite.hermgauss(nodes)
    log_w = np.log(w) + z**2 + 0.5 * math.log(2.0)
    a, b = np.meshgrid(z, z)
    total = log_w[:, None] + log_w[None]
    return math.sqrt(2) * a.ravel(), math.sqrt(2) * b.ravel(), total.ravel()


@dataclass(frozen=True, eq=False)
class LevelAndContrast:
    """Two arms of k studies, and the number of points a side of the quadrature (1: Laplace)."""

    arms: tuple[Arm, Arm]
    nodes: int

    def log_likelihood(self, points: Floats) -> Floats:
        """Return the log-likelihood at points (T, 4): θ, γ, σ, τ; shape (T,)."""
        theta, gamma = points[:, 0, None], points[:, 1, None]
        scales = np.abs(points[:, 2, None]), np.abs(points[:, 3, None]) / 2
        base = gamma + theta / 2, gamma - theta / 2
        mode, matrix = self._mode(base, scales)
        (a, b, c) = matrix
        first = np.sqrt(a)
        low = b / first
        second = np.sqrt(c - low**2)
        z1, z2, log_w = _square(self.nodes)
        u = mode[1][:, None] + (z2[:, None] / second[:, None])
        w = (
            mode[0][:, None]
            + (z1[:, None] - low[:, None] * (u - mode[1][:, None])) / first[:, None]
        )
        deep = tuple(one[:, None] for one in scales)
        height = self._height(tuple(one[:, None] for one in base), deep, w, u)[0]
        height = height + log_w[:, None]
        top = height.max(axis=1)
        total = np.exp(height - top[:, None]).sum(axis=1)
        study = top + np.log(total) - np.log(first * second) - math.log(2 * math.pi)
        return np.asarray(study.sum(axis=1))

    def _height(
        self, base: tuple[Floats, ...], scales: tuple[Floats, ...], w: Floats, u: Floats
    ) -> tuple[Floats, tuple[Floats, ...], tuple[Floats, ...]]:
        level, contrast = scales[0] * w, scales[1] * u
        h1, r1, v1 = self.arms[0].curve(base[0] + level + contrast)
        h2, r2, v2 = self.arms[1].curve(base[1] + level - contrast)
        return h1 + h2 - 0.5 * (w * w + u * u), (r1, r2), (v1, v2)

    def _mode(
        self, base: tuple[Floats, ...], scales: tuple[Floats, ...]
    ) -> tuple[tuple[Floats, Floats], tuple[Floats, Floats, Floats]]:
        """Newton with halving where a step overshoots; returns mode, −Hessian (ww, wu, uu)."""
        sigma, tau = scales
        w = np.zeros((base[0].shape[0], self._k))
        u = w
        top, slopes, spreads = self._height(base, scales, w, u)
        for _ in range(MODE_STEPS):
            g1 = sigma * (slopes[0] + slopes[1]) - w
            g2 = tau * (slopes[0] - slopes[1]) - u
            a, b, c = self._matrix(sigma, tau, spreads)
            det = a * c - b * b
            d1, d2 = (c * g1 - b * g2) / det, (a * g2 - b * g1) / det
            rise = g1 * d1 + g2 * d2
            if float(rise.max()) < 1e-18:
                break
            w, u, top, slopes, spreads = self._forward(base, scales, (w, u, top), (d1, d2))
        return (w, u), self._matrix(sigma, tau, spreads)

    def _forward(
        self,
        base: tuple[Floats, ...],
        scales: tuple[Floats, ...],
        here: tuple[Floats, Floats, Floats],
        step: tuple[Floats, Floats],
    ) -> tuple[Floats, Floats, Floats, tuple[Floats, ...], tuple[Floats, ...]]:
        w, u, top = here
        length = np.ones_like(w)
        for _ in range(HALVINGS):
            new = self._height(base, scales, w + length * step[0], u + length * step[1])
            worse = new[0] < top - 1e-9 * np.abs(top) - 1e-12
            if not worse.any():
                break
            length = np.where(worse, 0.25 * length, length)
        return w + length * step[0], u + length * step[1], *new

    @staticmethod
    def _matrix(
        sigma: Floats, tau: Floats, spreads: tuple[Floats, ...]
    ) -> tuple[Floats, Floats, Floats]:
        both, differ = spreads[0] + spreads[1], spreads[0] - spreads[1]
        return 1 + sigma**2 * both, sigma * tau * differ, 1 + tau**2 * both

    @cached_property
    def _k(self) -> int:
        return int(self.arms[0].saturated().size)

    # ------------------------------------------------------------ maximising
    def maximise(self, theta: float, gamma: float) -> TwoEffectsMaximum:
        """Find the highest point: a grid in (σ, τ), then Newton from its best nodes."""
        sigma, tau = (one.ravel() for one in np.meshgrid(SIGMA, TAU))
        points = np.stack(
            [np.full(sigma.size, theta), np.full(sigma.size, gamma), sigma, tau], axis=1
        )
        points, height = self._settle(points, [0, 1], rounds=3)
        best = self._best(points, height, [0, 1])
        free = [0, 1, *(at for at in (2, 3) if best[at] > 0)]
        _, hessian = self._derivatives(best, free)
        covariance = np.linalg.pinv(-hessian)
        ll = float(self.log_likelihood(best[None])[0])
        return TwoEffectsMaximum(point=best, ll=ll, se=math.sqrt(max(covariance[0, 0], 0.0)))

    def profile(self, top: TwoEffectsMaximum) -> Callable[[float], float]:
        """Return the profile log-likelihood of θ as a function."""
        sigma, tau = (one.ravel() for one in np.meshgrid(SIGMA, TAU))
        held = np.stack(
            [np.full(sigma.size, value) for value in top.point[:2]] + [sigma, tau], axis=1
        )

        def height(theta: float) -> float:
            nonlocal held
            start = held.copy()
            start[:, 0] = theta
            held, found = self._settle(start, [1], rounds=1)
            best = self._best(held, found, [1])
            return float(self.log_likelihood(best[None])[0])

        return height

    def _settle(self, points: Floats, free: list[int], *, rounds: int) -> tuple[Floats, Floats]:
        """Newton steps in some parameters at every point of a batch, by central differences."""
        size = len(free)
        moves = _stencil(size)
        for _ in range(rounds):
            batch = np.repeat(points[:, None], len(moves), axis=1)
            batch[:, :, free] += moves * H
            values = self.log_likelihood(batch.reshape(-1, 4)).reshape(points.shape[0], -1)
            gradient, hessian = _differences(values, size)
            hessian = hessian - 1e-6 * np.eye(size)
            step = np.linalg.solve(-hessian, gradient[..., None])[..., 0]
            points = points.copy()
            points[:, free] += np.clip(step, -1.0, 1.0)
        return points, self.log_likelihood(points)

    def _best(self, points: Floats, height: Floats, fixed: list[int]) -> Floats:
        """Refine the best node, and each node that is highest among its neighbours and near it."""
        table = height.reshape(TAU.size, SIGMA.size)
        padded = np.pad(table, 1, constant_values=-np.inf)
        around = np.max(
            [padded[i : i + TAU.size, j : j + SIGMA.size] for i in range(3) for j in range(3)],
            axis=0,
        )
        peaks = np.flatnonzero((table >= around).ravel() & (height > height.max() - 2.0))
        found = [self._refine(points[at], fixed) for at in peaks]
        return max(found, key=lambda one: float(self.log_likelihood(one[None])[0]))

    def _refine(self, point: Floats, fixed: list[int]) -> Floats:
        """Newton in the fixed part and both standard deviations; one at zero may leave it."""
        point = point.copy()
        for at in (2, 3):
            if point[at] == 0:
                trial = np.repeat(point[None], 3, axis=0)
                trial[1:, at] = (0.5 * SMALL, SMALL)
                point = trial[int(self.log_likelihood(trial).argmax())]
        free = [*fixed, *(at for at in (2, 3) if point[at] > 0)]
        for _ in range(CLIMBS):
            gradient, hessian = self._derivatives(point, free)
            values, vectors = np.linalg.eigh(-hessian)
            step = vectors @ ((vectors.T @ gradient) / np.maximum(np.abs(values), 1e-4))
            trial = np.repeat(point[None], SHORTER.size + 1, axis=0)
            trial[1:, free] += SHORTER[:, None] * np.clip(step, -0.7, 0.7)
            trial = np.concatenate([trial, self._zeroed(trial[1:2])])
            trial[:, 2:] = np.abs(trial[:, 2:])
            height = self.log_likelihood(trial)
            at = int(height.argmax())
            gain = height[at] - height[0]
            point = trial[at]
            free = [*fixed, *(one for one in (2, 3) if point[one] > 0)]
            if gain < 1e-9:
                break
        return point

    @staticmethod
    def _zeroed(point: Floats) -> Floats:
        """Return the point with its small standard deviations at zero, one and both."""
        out = np.repeat(point, 3, axis=0)
        small = np.abs(point[0, 2:]) < SMALL
        out[0, 2] = 0.0 if small[0] else out[0, 2]
        out[1, 3] = 0.0 if small[1] else out[1, 3]
        out[2, 2:] = np.where(small, 0.0, out[2, 2:])
        return out

    def _derivatives(self, point: Floats, free: list[int]) -> tuple[Floats, Floats]:
        moves = _stencil(len(free))
        batch = np.repeat(point[None], len(moves), axis=0)
        batch[:, free] += moves * H
        gradient, hessian = _differences(self.log_likelihood(batch)[None], len(free))
        return gradient[0], hessian[0]


@lru_cache(maxsize=8)
def _stencil(size: int) -> Floats:
    """Return the moves of central differences: centre, ± each, then + + and − − of each pair."""
    unit = np.eye(size)
    pairs = [unit[a] + unit[b] for a in range(size) for b in range(a)]
    moves = [np.zeros(size)]
    for one in [*unit, *pairs]:
        moves += [one, -one]
    return np.array(moves)


def _differences(values: Floats, size: int) -> tuple[Floats, Floats]:
    """Return gradient (T, s) and Hessian (T, s, s) from values at the stencil (T, moves)."""
    centre, plus, minus = values[:, 0], values[:, 1::2], values[:, 2::2]
    gradient = (plus[:, :size] - minus[:, :size]) / (2 * H)
    bend = plus + minus - 2 * centre[:, None]
    hessian = np.zeros((values.shape[0], size, size))
    for a in range(size):
        hessian[:, a, a] = bend[:, a] / H**2
    at = size
    for a in range(size):
        for b in range(a):
            mixed = (bend[:, at] - bend[:, a] - bend[:, b]) / (2 * H**2)
            hessian[:, a, b] = hessian[:, b, a] = mixed
            at += 1
    return gradient, hessian
