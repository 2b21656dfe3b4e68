"""Finding where a monotone function crosses zero, without evaluating it at its ends."""

from __future__ import annotations

import math
from collections.abc import Callable

__all__ = ["crossing", "outward"]

#: Halvings of a bracket; 200 exhaust double precision from any start.
HALVINGS = 200

#: How far outwards a limit on a log scale is sought before it counts as infinite.
FARTHEST = 300.0


def crossing(f: Callable[[float], float], inner: float, outer: float) -> float:
    """Return the point between ``inner`` and ``outer`` where ``f`` stops being positive.

    ``f`` is positive at ``inner`` and falls towards ``outer``; neither end is evaluated, so
    that a variance that vanishes at the edge of the parameter space does no harm.

    Examples
    --------
    >>> round(crossing(lambda x: 2 - x, 0.0, 5.0), 9)
    2.0
    """
    for _ in range(HALVINGS):
        middle = 0.5 * (inner + outer)
        if middle in (inner, outer):
            break
        if f(middle) > 0:
            inner = middle
        else:
            outer = middle
    return outer


def outward(f: Callable[[float], float], start: float, direction: int) -> float:
    """Return the crossing of ``f`` beyond ``start``, doubling the step; ±inf when there is none.

    Examples
    --------
    >>> round(outward(lambda x: 3 + x, 0.0, -1), 9)
    -3.0
    """
    inner, step = start, 0.5
    while abs(inner - start) < FARTHEST:
        outer = inner + direction * step
        if f(outer) <= 0:
            return crossing(f, inner, outer)
        inner, step = outer, 2 * step
    return math.inf * direction
