"""Maximum likelihood with one normal random effect, and the profile of its first parameter.

At every standard deviation s the log-likelihood is concave in all that is fixed (Prékopa 1973), so
Newton steps find its only maximum. In s it may have several: it is looked at on {0} and a
geometric grid, at the estimate and at every point of a profile, refined about the best node and
compared.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import brentq

from tamis.synthesis.mixed.arms import Arm
from tamis.synthesis.mixed.integrals import FINE, QUICK, Moments, Rule, marginal
from tamis.synthesis.tau2 import Floats

__all__ = ["Likelihood", "Maximum", "limit", "maximise", "profile"]

#: Standard deviations (log scale of the effect) that are looked at before refining.
GRID = np.concatenate([[0.0], np.geomspace(0.03, 60.0, 16)])

#: Rounds of closing in on the best node, and their points.
ZOOMS, ZOOM_POINTS = 2, 7

#: Newton steps, and the longest one in a parameter (times s where that is above 1).
NEWTON_STEPS, LONGEST = 60, 2.0

#: A study's own parameter is not followed beyond this: its likelihood is flat there.
EDGE = 40.0

#: Precision of a limit, in standard errors.
PRECISION = 1e-5

#: A limit farther than this from the estimate counts as not existing.
FARTHEST = 40.0


@dataclass(frozen=True, eq=False)
class Likelihood:
    """The model: J arms, how P common parameters, one per study and the random effect enter them.

    Parameters
    ----------
    arms
        J of them, each of k studies.
    common
        Shape (P, J).
    loading
        Of the random effect, shape (J,).
    local
        Of a free parameter per study that is maximised over, shape (J,), or ``None``.
    start
        Values of the local parameter to start from, shape (k,).
    """

    arms: tuple[Arm, ...]
    common: Floats
    loading: Floats
    local: Floats | None
    start: Floats

    def moments(
        self,
        state: _State,
        s: Floats,
        *,
        rule: Rule = QUICK,
        with_s: bool = False,
        near: tuple[Floats, Floats] | None = None,
    ) -> Moments:
        """Return the studies' log-likelihoods and derivatives: common, local, then s."""
        own = 0.0 if self.local is None else self.local
        base = [
            state.own * one_own + (state.common @ column)[:, None]
            for column, one_own in zip(self.common.T, np.broadcast_to(own, self.loading.shape),
                                       strict=True)
        ]  # fmt: skip
        free = () if self.local is None else (self.local,)
        directions = np.vstack([self.common, *free])
        return marginal(
            self.arms,
            base,
            self.loading,
            s,
            directions,
            rule=rule,
            with_s=with_s,
            near=near,
        )


@dataclass(frozen=True, slots=True, eq=False)
class _State:
    """Common parameters (T, P) and local ones (T, k), one row for each s; where integrands lie."""

    common: Floats
    own: Floats
    where: tuple[Floats, Floats] | None = None

    def row(self, at: int, times: int = 1) -> _State:
        return _State(np.repeat(self.common[at : at + 1], times, 0),
                      np.repeat(self.own[at : at + 1], times, 0))  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Maximum:
    """Where the likelihood is highest: common parameters, s, log-likelihood, covariance.

    ``covariance`` (P, P) comes from the observed information in all parameters together; ``common``
    and ``ll`` at s = 0 stand in ``at_zero``.
    """

    common: Floats
    s: float
    ll: float
    covariance: Floats
    state: _State
    at_zero: tuple[Floats, float]


def _climb(
    model: Likelihood,
    state: _State,
    s: Floats,
    *,
    fixed: tuple[int, ...] = (),
    tolerance: float = 1e-4,
    rule: Rule = QUICK,
) -> tuple[_State, Floats]:
    """Newton in all that is fixed, at each s; ``fixed`` common parameters stay where they are."""
    p = model.common.shape[0]
    free = [at for at in range(p) if at not in fixed]
    near, far = state.where, LONGEST * np.maximum(1.0, s)[:, None]
    for _ in range(NEWTON_STEPS):
        found = model.moments(state, s, rule=rule, near=near)
        near = found.where
        height = found.height.sum(axis=1)
        if not free and model.local is None:
            return replace(state, where=near), height
        step, own = _step(found, free, p, model.local is not None)
        decrement = _decrement(found, step, own, p)
        common = state.common + np.clip(step, -far, far)
        more = np.clip(own, -LONGEST, LONGEST)
        state = _State(common, np.clip(state.own + more, -EDGE, EDGE), near)
        if float(decrement.max()) < tolerance**2:
            return state, height + 0.5 * decrement
    return state, model.moments(state, s, rule=rule).height.sum(axis=1)


def _step(found: Moments, free: list[int], p: int, local: bool) -> tuple[Floats, Floats]:
    """Return the Newton steps (T, P) and (T, k); the studies' own parameters are eliminated."""
    t, k = found.height.shape
    gradient, information = found.gradient[:p], found.information[:p, :p]
    if local:
        curve = np.maximum(found.information[p, p], 1e-12)
        pull, cross = found.gradient[p], found.information[:p, p]
        gradient = gradient - cross * pull / curve
        information = information - cross[:, None] * cross[None] / curve
    step = np.zeros((t, p))
    if free:
        matrix = np.moveaxis(information.sum(axis=-1), -1, 0)[:, free][:, :, free]
        side = gradient.sum(axis=-1).T[:, free]
        matrix = matrix + 1e-12 * np.eye(len(free))
        step[:, free] = np.linalg.solve(matrix, side[..., None])[..., 0]
    if not local:
        return step, np.zeros((t, k))
    return step, (pull - np.einsum("ptk,tp->tk", cross, step)) / curve


def _decrement(found: Moments, step: Floats, own: Floats, p: int) -> Floats:
    """Return twice the rise that the steps promise, shape (T,)."""
    rise = np.einsum("ptk,tp->t", found.gradient[:p], step)
    if found.gradient.shape[0] > p:
        rise = rise + (found.gradient[p] * own).sum(axis=1)
    return np.asarray(np.abs(rise))


def maximise(model: Likelihood, *, common_effect: bool) -> Maximum:
    """Find the highest point of the likelihood over all parameters and s ≥ 0."""
    p = model.common.shape[0]
    zero = np.zeros(1)
    first = _State(np.zeros((1, p)), model.start[None])
    state, _ = _climb(model, first, zero, tolerance=1e-9, rule=FINE)
    at_zero = _at(model, state, 0.0)
    if common_effect:
        return at_zero
    states, height = _climb(model, state.row(0, GRID.size), GRID, tolerance=1e-2)
    peaks = [
        at for at in range(1, GRID.size)
        if height[at] >= height[at - 1] and (at + 1 == GRID.size or height[at] >= height[at + 1])
    ]  # fmt: skip
    if height[1] > height[0] and 1 not in peaks:
        peaks.append(1)
    near = [at for at in peaks if height[at] > height.max() - 2.0]
    found = [at_zero, *(_polish(model, states, at, at_zero) for at in near)]
    found += _polish_first(model, states, height, at_zero)
    return max(found, key=lambda one: one.ll)


def _polish_first(
    model: Likelihood, states: _State, height: Floats, at_zero: Maximum
) -> list[Maximum]:
    """Look between 0 and the first node, where a maximum may hide when 0 is the best node."""
    if height.argmax() > 1:
        return []
    s = np.linspace(0, GRID[1], ZOOM_POINTS)
    more, near = _climb(model, states.row(0, s.size), s, tolerance=1e-5, rule=FINE)
    at = int(near.argmax())
    if at == 0 or near[at] <= near[0] + 1e-10:
        return []
    return [_refine(model, more.row(at), float(s[at]), at_zero)]


def _polish(model: Likelihood, states: _State, at: int, at_zero: Maximum) -> Maximum:
    low, high = GRID[at - 1], GRID[min(at + 1, GRID.size - 1)]
    state, s = states.row(at), float(GRID[at])
    for _ in range(ZOOMS):
        grid = np.linspace(low, high, ZOOM_POINTS)
        found, height = _climb(model, state.row(0, grid.size), grid, tolerance=1e-3)
        best = int(height.argmax())
        state, s = found.row(best), float(grid[best])
        low, high = grid[max(best - 1, 0)], grid[min(best + 1, grid.size - 1)]
    return _refine(model, state, s, at_zero)


def _refine(model: Likelihood, state: _State, s: float, at_zero: Maximum) -> Maximum:
    """Newton in everything at once, from nearby: the root of the score, not a flat top."""
    p, local = model.common.shape[0], model.local is not None
    best = _at(model, state, s, at_zero)
    for _ in range(30):
        found = model.moments(state, np.array([s]), rule=FINE, with_s=True)
        order = [*range(p), p + local, *([p] if local else [])]
        turned = Moments(
            found.height,
            found.gradient[order],
            found.information[np.ix_(order, order)],
            found.where,
        )
        step, own = _step(turned, list(range(p + 1)), p + 1, local)
        bounded = np.clip(step, -0.1, 0.1)
        state = _State(state.common + bounded[:, :p],
                       np.clip(state.own + np.clip(own, -0.5, 0.5), -EDGE, EDGE))  # fmt: skip
        s = max(s + float(bounded[0, p]), 0.0)
        if np.abs(step).max() < 1e-10 or s == 0:
            break
    done = _at(model, state, s, at_zero)
    return done if done.ll >= best.ll - 1e-7 else best


def _at(model: Likelihood, state: _State, s: float, at_zero: Maximum | None = None) -> Maximum:
    """Return the point with its log-likelihood and covariance."""
    p, local = model.common.shape[0], model.local is not None
    found = model.moments(state, np.array([s]), rule=FINE, with_s=s > 0)
    information = found.information[:, :, 0]
    order = [*range(p), *([p + local] if s > 0 else [])]
    total = information[np.ix_(order, order)].sum(axis=-1)
    if local:
        cross = information[order][:, p]
        total = total - (cross[:, None] * cross[None] / np.maximum(information[p, p], 1e-12)).sum(
            axis=-1
        )
    covariance = np.linalg.pinv(total)[:p, :p]
    ll = float(found.height.sum())
    common = state.common[0]
    return Maximum(
        common=common,
        s=s,
        ll=ll,
        covariance=covariance,
        state=state,
        at_zero=(common, ll) if at_zero is None else at_zero.at_zero,
    )


def profile(model: Likelihood, top: Maximum, *, common_effect: bool) -> Callable[[float], float]:
    """Return the function that gives the profile log-likelihood of the first parameter.

    It keeps the last solutions over the grid to start the next from.
    """
    grid = np.zeros(1) if common_effect else GRID
    held = top.state.row(0, grid.size)

    def height(theta: float) -> float:
        nonlocal held
        start = _put(held, theta)
        held, found = _climb(model, start, grid, fixed=(0,), tolerance=1e-2)
        best = int(found.argmax())
        if common_effect:
            return float(found[0])
        s, state = grid, held
        for _ in range(ZOOMS):
            low, high = s[max(best - 1, 0)], s[min(best + 1, s.size - 1)]
            s = np.linspace(low, high, ZOOM_POINTS)
            state, found = _climb(model, state.row(best, s.size), s, fixed=(0,), tolerance=1e-3)
            best = int(found.argmax())
        return _vertex(s, found, best)

    return height


def _put(state: _State, theta: float) -> _State:
    common = state.common.copy()
    common[:, 0] = theta
    return replace(state, common=common)


def _vertex(s: Floats, height: Floats, best: int) -> float:
    """Return the top of the parabola through the best of equally spaced points."""
    if not 0 < best < s.size - 1:
        return float(height[best])
    left, middle, right = height[best - 1 : best + 2]
    curve = left - 2 * middle + right
    return float(middle - (right - left) ** 2 / (8 * curve)) if curve < 0 else float(middle)


def limit(
    profile_at: Callable[[float], float], top: tuple[float, float], z: float, se: float, side: int
) -> float:
    """Return where the profile has fallen by z²/2, bracketed outwards from its top.

    Parameters
    ----------
    profile_at
        The profile log-likelihood.
    top
        Where it is highest, and its height there.
    z, se
        Quantile, and the standard error that gives the first step.
    side
        −1 or 1.

    Notes
    -----
    The root is sought for √(2 · fall) − z, which is close to a straight line.
    """
    at, ll = top

    def beyond(far: float) -> float:
        return math.sqrt(2 * max(0.0, ll - profile_at(at + side * far))) - z

    inner, outer = 0.0, z * se
    while (over := beyond(outer)) < 0:
        inner, outer = outer, min(2.0, 1.1 * z / max(over + z, 0.55 * z)) * outer
        if outer > FARTHEST:
            return side * math.inf
    return at + side * float(brentq(beyond, inner, outer, xtol=PRECISION * se))
