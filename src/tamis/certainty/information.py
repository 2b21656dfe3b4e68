"""Optimal information size: how many people a trial would need to tell two results apart."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from statistics import NormalDist
from types import MappingProxyType

from tamis.domain.errors import BadInput

__all__ = ["VARIANCES", "size_for_difference", "size_for_risks", "total"]

_NORMAL = NormalDist()


def size_for_risks(
    control: float,
    treated: float,
    *,
    alpha: float = 0.05,
    power: float = 0.80,
    variance: str = "unpooled",
) -> float:
    """Participants per group to tell two risks apart, before rounding up.

    Parameters
    ----------
    control, treated
        Risks, 0 to 1. With a relative risk reduction r, ``treated`` is ``control * (1 - r)``.
    alpha, power
        Two-sided error and power; their normal quantiles are exact.
    variance
        ``unpooled`` (GRADE guidelines 6), ``pooled`` (under no difference), ``arcsine``, or
        ``continuity`` (pooled, corrected after Fleiss).

    Returns
    -------
    float
        ``z² [p₁(1−p₁) + p₂(1−p₂)] / (p₁−p₂)²`` for ``unpooled``.

    Raises
    ------
    BadInput
        For risks outside 0 to 1, equal risks, an error or power that is no share, or an unknown
        variance.

    References
    ----------
    Guyatt et al 2011, J Clin Epidemiol 64:1283; Fleiss, Tytun & Ury 1980.

    Examples
    --------
    >>> round(size_for_risks(5 / 6, 0.75), 1)
    368.9
    """
    if not (0 <= control <= 1 and 0 <= treated <= 1) or control == treated:
        raise BadInput(
            f"no number of people tells the risks {control} and {treated} apart",
            "give two different risks between 0 and 1",
        )
    if variance not in VARIANCES:
        raise BadInput(f"{variance!r} is no variance", f"use one of {', '.join(VARIANCES)}")
    z_alpha, z_power = _quantiles(alpha, power)
    return VARIANCES[variance](control, treated, z_alpha, z_power)


def size_for_difference(standardised: float, *, alpha: float = 0.05, power: float = 0.80) -> float:
    """Participants per group to see a standardised difference of means, before rounding up.

    Raises
    ------
    BadInput
        For a difference of zero, or an error or power that is no share.

    Examples
    --------
    >>> round(2 * size_for_difference(0.28), 2)
    400.45
    """
    if standardised == 0 or not math.isfinite(standardised):
        raise BadInput(
            "a difference of zero is seen by no number of people", "give the difference to look for"
        )
    return 2 * sum(_quantiles(alpha, power)) ** 2 / standardised**2


def total(per_group: float) -> int:
    """Return the people of both groups: two whole groups.

    Examples
    --------
    >>> total(368.9)
    738
    """
    return 2 * math.ceil(per_group)


def _quantiles(alpha: float, power: float) -> tuple[float, float]:
    if not (0 < alpha < 1 and 0 < power < 1):
        raise BadInput(
            f"the error {alpha} or the power {power} is no share", "give numbers between 0 and 1"
        )
    return _NORMAL.inv_cdf(1 - alpha / 2), _NORMAL.inv_cdf(power)


def _spread(p: float) -> float:
    return p * (1 - p)


def _unpooled(p: float, q: float, z_alpha: float, z_power: float) -> float:
    return (z_alpha + z_power) ** 2 * (_spread(p) + _spread(q)) / (p - q) ** 2


def _pooled(p: float, q: float, z_alpha: float, z_power: float) -> float:
    under_null = z_alpha * math.sqrt(2 * _spread((p + q) / 2))
    return (under_null + z_power * math.sqrt(_spread(p) + _spread(q))) ** 2 / (p - q) ** 2


def _arcsine(p: float, q: float, z_alpha: float, z_power: float) -> float:
    apart = 2 * (math.asin(math.sqrt(p)) - math.asin(math.sqrt(q)))
    return 2 * (z_alpha + z_power) ** 2 / apart**2


def _continuity(p: float, q: float, z_alpha: float, z_power: float) -> float:
    n = _pooled(p, q, z_alpha, z_power)
    return n / 4 * (1 + math.sqrt(1 + 4 / (n * abs(p - q)))) ** 2


#: Name of a variance -> participants per group from two risks and two quantiles.
VARIANCES: Mapping[str, Callable[[float, float, float, float], float]] = MappingProxyType(
    {
        "unpooled": _unpooled,
        "pooled": _pooled,
        "arcsine": _arcsine,
        "continuity": _continuity,
    }
)
