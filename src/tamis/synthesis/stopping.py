"""Where metafor's searches stop by default, for whoever must reproduce a published analysis.

``PoolSettings(stopping="metafor")`` asks for it. By the manual of metafor 3.8 (``rma.uni`` and
``confint.rma``) REML, ML and EB start from the Hedges-Olkin estimate and take Fisher steps, halved
where they would lead below zero, until one moves tau2 by less than 1e-5, absolute; where the
likelihood is higher at 0, metafor warns and takes 0. PM and the limits of tau2 are found by R's
``uniroot`` (Brent 1973, section 4.6) to a width of 1.22e-4: PM up to 100 or ten squared median
absolute deviations of the effects, limits up to 100 or ten tau2, whichever is more.
A small tau2 is then known to few digits, and a limit above the range is cut off there. The default
of this room, ``stopping="end"``, runs every search to its end: it is the better answer, and the one
that is given where metafor ends with an error.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from tamis.synthesis.least_squares import Regression, Solved, solve
from tamis.synthesis.modes import Floats

__all__ = ["HIGHEST", "STOPPED", "stopped_limit", "stopped_tau2", "uniroot"]

#: Estimators that metafor searches for; the others have a closed form.
STOPPED = ("REML", "ML", "PM", "EB")

#: A Fisher step shorter than this is the last; so many steps are taken at most.
THRESHOLD, STEPS = 1e-5, 100

#: Halvings of a step that would lead below zero end at this length.
SHORTEST = 1e-12

#: Width at which R's ``uniroot`` stops by default, and the range that it is given.
WIDTH = float(np.finfo(np.float64).eps) ** 0.25
HIGHEST = 100.0

#: Makes the median absolute deviation an SD of normal numbers, as R's ``mad`` does.
MAD = 1.4826


def stopped_tau2(method: str, y: Floats, v: Floats, x: Floats | None = None) -> Floats:
    """Estimate tau2 of R data sets as far as metafor goes by default.

    Parameters
    ----------
    method
        REML, ML, EB or PM.
    y, v : array of shape (R, k)
        Effects and variances.
    x : array of shape (R, k, p), optional
        Designs; default: an intercept.

    Returns
    -------
    array of shape (R,)
        NaN where metafor ends with an error: no rest within 100 steps, PM above its range.

    Examples
    --------
    >>> y, v = np.array([[0.1, 0.9, 0.4]]), np.array([[0.02, 0.11, 0.04]])
    >>> stopped_tau2("PM", y, v).round(7)
    array([0.0950586])
    """
    x = np.ones((*y.shape, 1)) if x is None else x
    sets = zip(y, v, x, strict=True)
    if method == "PM":
        return np.array([_paule_mandel(*one) for one in sets])
    return np.array([_settled(method, *one) for one in sets])


def _highest(y: Floats) -> float:
    mad = MAD * float(np.median(np.abs(y - np.median(y))))
    return max(HIGHEST, 10 * mad * mad)


def _paule_mandel(y: Floats, v: Floats, x: Floats) -> float:
    free = int(x.shape[0] - x.shape[1])

    def excess(tau2: float) -> float:
        return float(solve(y, x, 1 / (v + tau2)).q) - free

    if excess(0.0) < 0:
        return 0.0
    end = _highest(y)
    return uniroot(excess, 0.0, end) if excess(end) <= 0 else math.nan


def _settled(method: str, y: Floats, v: Floats, x: Floats) -> float:
    """Return the last of the Fisher steps, or 0 where a likelihood is higher there."""
    tau2 = _scored(method, y, v, x)
    if method == "EB" or not tau2 >= THRESHOLD:
        return tau2
    held = Regression(y[None], v[None], x[None], restricted=method == "REML")
    at_zero, at_end = (float(held.height(np.array([at]))[0]) for at in (0.0, tau2))
    return 0.0 if at_zero > at_end else tau2


def _scored(method: str, y: Floats, v: Floats, x: Floats) -> float:
    tau2 = _hedges_olkin(y, v, x)
    for _ in range(STEPS):
        step = _step(method, y, v, x, tau2)
        while tau2 + step < 0:
            step /= 2
            if abs(step) < SHORTEST:
                return 0.0
        before, tau2 = tau2, tau2 + step
        if abs(tau2 - before) < THRESHOLD:
            return tau2
    return math.nan


def _hedges_olkin(y: Floats, v: Floats, x: Floats) -> float:
    done = solve(y, x, np.ones_like(v))
    hat = ((x @ done.covariance) * x).sum(axis=-1)
    return max(0.0, float((done.q - ((1 - hat) * v).sum()) / (x.shape[0] - x.shape[1])))


def _step(method: str, y: Floats, v: Floats, x: Floats, tau2: float) -> float:
    """Return the Fisher step from tau2 (Harville 1977; EB: Morris 1983)."""
    w = 1 / (v + tau2)
    done = solve(y, x, w)
    squares = float(((w * done.residuals) ** 2).sum())
    match method:
        case "REML":
            return (squares - float(done.trace)) / _trace_of_square(x, w, done)
        case "ML":
            return (squares - float(w.sum())) / float((w * w).sum())
        case _:
            k, p = int(x.shape[0]), int(x.shape[1])
            return (float(done.q) * k / (k - p) - k) / float(w.sum())


def _trace_of_square(x: Floats, w: Floats, done: Solved) -> float:
    """Return tr PP with P = W − WX(X'WX)⁻¹X'W."""
    second = done.covariance @ (x.T @ (x * (w**2)[:, None]))
    third = done.covariance @ (x.T @ (x * (w**3)[:, None]))
    return float((w * w).sum() - 2 * np.trace(third) + np.trace(second @ second))


def stopped_limit(above: Callable[[float], float], inner: float, outer: float) -> float:
    """Return a limit of tau2 as far as ``uniroot`` goes between two ends.

    ``above`` is positive where the data allow tau2; a limit beyond ``outer`` is cut off there.

    Examples
    --------
    >>> stopped_limit(lambda at: 7 - at, 0.0, 5.0)
    5.0
    """
    if above(inner) <= 0:
        return inner
    if above(outer) > 0:
        return outer
    return uniroot(above, min(inner, outer), max(inner, outer))


def uniroot(f: Callable[[float], float], a: float, b: float, width: float = WIDTH) -> float:
    """Find a root between ``a`` and ``b`` as Brent (1973, section 4.6) does, to a width.

    Examples
    --------
    >>> uniroot(lambda at: at - 0.25, 0.0, 1.0)
    0.25
    """
    fa, fb = f(a), f(b)
    c, fc = a, fa
    for _ in range(1000):
        before = b - a
        if abs(fc) < abs(fb):
            a, b, c = b, c, b
            fa, fb, fc = fb, fc, fb
        least = 2 * float(np.finfo(np.float64).eps) * abs(b) + width / 2
        half = (c - b) / 2
        if abs(half) <= least or fb == 0:
            return b
        step = half
        if abs(before) >= least and abs(fa) > abs(fb):
            step = _interpolated((a, b, c), (fa, fb, fc), before, least)
        a, fa = b, fb
        b += step if abs(step) >= least else math.copysign(least, half)
        fb = f(b)
        if (fb > 0) == (fc > 0):
            c, fc = a, fa
    return b


def _interpolated(
    at: tuple[float, float, float], value: tuple[float, float, float], before: float, least: float
) -> float:
    """Return the secant or inverse quadratic step where it is short enough, else half the way."""
    (a, b, c), (fa, fb, fc) = at, value
    span = c - b
    if a == c:
        t1 = fb / fa
        p, q = span * t1, 1 - t1
    else:
        q, t1, t2 = fa / fc, fb / fc, fb / fa
        p = t2 * (span * q * (q - t1) - (b - a) * (t1 - 1))
        q = (q - 1) * (t1 - 1) * (t2 - 1)
    if p > 0:
        q = -q
    else:
        p = -p
    fits = p < 0.75 * span * q - abs(least * q) / 2 and p < abs(before * q / 2)
    return p / q if fits else span / 2
