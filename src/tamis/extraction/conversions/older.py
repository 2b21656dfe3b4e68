"""Means and SDs from medians as older reviews computed them, to check their numbers.

For new work ``CONVERSIONS`` has better methods behind a gate of skewness. These assume a normal
sample, look at nothing, and are offered nowhere: they answer whether a printed mean and SD came
from a median.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from scipy.special import ndtr, ndtri

__all__ = ["OLDER", "hozo_2005", "walter_yao_2007", "wan_2014"]

Numbers = Mapping[str, float]

#: Mean and SD; ``None`` where the method does not take the numbers at hand.
MeanSd = tuple[float, float] | None

_RANGE = {"min", "median", "max", "n"}
_QUARTILES = {"q1", "median", "q3", "n"}

#: Sizes of a sample between which Hozo 2005 takes a quarter of the range.
_SMALL, _LARGE = 15, 70


def hozo_2005(x: Numbers) -> MeanSd:
    """Mean and SD from median and range (Hozo, Djulbegovic & Hozo 2005, BMC Med Res Methodol 5:13).

    Examples
    --------
    >>> hozo_2005({"min": 1, "median": 7, "max": 18, "n": 20})
    (8.25, 4.25)
    """
    if set(x) != _RANGE:
        return None
    low, middle, high, n = x["min"], x["median"], x["max"], x["n"]
    if n <= _SMALL:
        spread = ((low - 2 * middle + high) ** 2 / 4 + (high - low) ** 2) / 12
        return (low + 2 * middle + high) / 4, float(spread**0.5)
    return (low + 2 * middle + high) / 4, (high - low) / (4 if n <= _LARGE else 6)


def walter_yao_2007(x: Numbers) -> MeanSd:
    """Median for mean, range over its expectation for SD (Walter & Yao 2007).

    Examples
    --------
    >>> mean, sd = walter_yao_2007({"min": 1, "median": 7, "max": 18, "n": 20})
    >>> mean, round(sd, 4)
    (7, 4.5516)
    """
    if set(x) != _RANGE:
        return None
    z = np.linspace(-9, 9, 20_001)
    below = ndtr(z)
    inside = 1 - (1 - below) ** x["n"] - below ** x["n"]
    return x["median"], (x["max"] - x["min"]) / float(np.trapezoid(inside, z))


def wan_2014(x: Numbers) -> MeanSd:
    """Mean and SD from median with range, quartiles or both (Wan, Wang, Liu & Tong 2014).

    Examples
    --------
    >>> mean, sd = wan_2014({"q1": 12, "median": 15, "q3": 18.5, "n": 200})
    >>> round(mean, 4), round(sd, 4)
    (15.1667, 4.8537)
    """
    n = x.get("n", 0.0)
    ends = 2 * float(ndtri((n - 0.375) / (n + 0.25)))
    quartiles = 2 * float(ndtri((0.75 * n - 0.125) / (n + 0.25)))
    if set(x) == _RANGE:
        return (x["min"] + 2 * x["median"] + x["max"]) / 4, (x["max"] - x["min"]) / ends
    if set(x) == _QUARTILES:
        return (x["q1"] + x["median"] + x["q3"]) / 3, (x["q3"] - x["q1"]) / quartiles
    if set(x) == _RANGE | _QUARTILES:
        mean = (x["min"] + 2 * (x["q1"] + x["median"] + x["q3"]) + x["max"]) / 8
        return mean, ((x["max"] - x["min"]) / ends + (x["q3"] - x["q1"]) / quartiles) / 2
    return None


#: The methods by name.
OLDER: Mapping[str, Callable[[Numbers], MeanSd]] = MappingProxyType(
    {"hozo2005": hozo_2005, "walter2007": walter_yao_2007, "wan2014": wan_2014}
)
