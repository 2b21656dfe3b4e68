"""The profile-likelihood interval of the between-study variance (Hardy & Thompson 1996).

It holds the tau2 whose (restricted) likelihood is within a chi-square quantile of the highest one.
Where the Q-profile interval leaves out the estimate, because the two rest on different weights,
this one does not. A likelihood with two modes may have a gap in that set: the limits are its ends.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from scipy.special import chdtri

from tamis.domain.errors import BadInput
from tamis.domain.results import EffectRow, Interval, Refusal
from tamis.synthesis.inverse_variance import NO_DATA, ONE_STUDY, check_rows
from tamis.synthesis.roots import crossing
from tamis.synthesis.settings import confidence
from tamis.synthesis.stopping import HIGHEST, stopped_limit
from tamis.synthesis.tau2 import OneMean, estimate_tau2

__all__ = ["tau2_by_likelihood"]

#: Points at which the set is looked for between 0 and where the likelihood only falls.
NODES = 400


def tau2_by_likelihood(
    rows: Sequence[EffectRow], *, method: str = "REML", level: str = "0.95", stopping: str = "end"
) -> Interval | Refusal:
    """Return the profile-likelihood interval of tau2.

    Parameters
    ----------
    rows
        Effects and variances of two or more studies.
    method
        ``REML`` or ``ML``.
    level
        Confidence level.
    stopping
        As in ``PoolSettings``.

    Returns
    -------
    Interval or Refusal
        Limits of tau2 on the squared analysis scale; refused for fewer than two studies.

    Examples
    --------
    >>> rows = [EffectRow(study=str(at), y=y, v=0.02) for at, y in enumerate((0.1, 0.9, 0.4, -0.2))]
    >>> found = tau2_by_likelihood(rows)
    >>> round(found.low, 4), round(found.high, 4)
    (0.042, 1.8988)
    """
    if method not in ("REML", "ML"):
        raise BadInput(f"{method!r} has no likelihood", "use REML or ML")
    check_rows(rows)
    if len(rows) < 2:
        return ONE_STUDY if rows else NO_DATA
    y = np.array([[row.y for row in rows]], dtype=np.float64)
    v = np.array([[row.v for row in rows]], dtype=np.float64)
    share = confidence(level)
    likelihood = OneMean(y, v, restricted=method == "REML")
    best = float(estimate_tau2(method, y, v, stopping=stopping)[0])
    floor = float(likelihood.height(np.array([best]))[0]) - float(chdtri(1, 1 - share)) / 2

    def above(tau2: float) -> float:
        return float(likelihood.height(np.array([tau2]))[0]) - floor

    if stopping == "metafor":
        low = stopped_limit(above, best, 0.0)
        high = stopped_limit(above, best, max(HIGHEST, 10 * best))
    else:
        low, high = _limits(likelihood, best, above)
    return Interval(low=low, high=high, method="profile likelihood", level=share)


def _limits(
    likelihood: OneMean, best: float, above: Callable[[float], float]
) -> tuple[float, float]:
    end = max(float(likelihood.reach[1][0]), 2 * best)
    while above(end) > 0:
        end *= 4
    least = 1e-9 * float(likelihood.reach[0][0])
    nodes = [0.0, *np.geomspace(least, end, NODES).tolist(), best]
    nodes.sort()
    inside = [at for at, tau2 in enumerate(nodes) if above(tau2) > 0]
    first, last = inside[0], inside[-1]
    low = 0.0 if first == 0 else crossing(above, nodes[first], nodes[first - 1])
    return low, crossing(above, nodes[last], nodes[last + 1])
