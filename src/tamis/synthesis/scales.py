"""From the scale on which effects are analysed to the one that is shown, and back."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType

from scipy.special import expit, logit

__all__ = ["SIZED", "back", "forth"]


def _exponential(y: float) -> float:
    return math.exp(y) if y < 709 else math.inf


def _share_of_arcsine(y: float) -> float:
    return math.sin(min(max(y, 0.0), math.pi / 2)) ** 2


def _arcsine_of_share(shown: float) -> float:
    return math.asin(math.sqrt(shown))


def _fisher_z(shown: float) -> float:
    return math.copysign(math.inf, shown) if abs(shown) >= 1 else math.atanh(shown)


def _same(y: float) -> float:
    return y


#: Scale -> (to what is shown, from what is shown).
_PLAIN: Mapping[str, tuple[Callable[[float], float], Callable[[float], float]]] = MappingProxyType(
    {
        "identity": (_same, _same),
        "log": (_exponential, lambda shown: math.log(shown) if shown > 0 else -math.inf),
        "logit": (lambda y: float(expit(y)), lambda shown: float(logit(shown))),
        "arcsine": (_share_of_arcsine, _arcsine_of_share),
        "fisher-z": (math.tanh, _fisher_z),
        "square-root": (lambda y: max(y, 0.0) ** 2, lambda shown: math.sqrt(max(shown, 0.0))),
    }
)  # fmt: skip


def _share_of_double_arcsine(y: float, n: float) -> float:
    """Miller 1978, for half the double arcsine; beyond the values of 0 and n events: 0 and 1."""
    least = 0.5 * math.asin(math.sqrt(1 / (n + 1)))
    most = 0.5 * (math.asin(math.sqrt(n / (n + 1))) + math.pi / 2)
    if y <= least:
        return 0.0
    if y >= most:
        return 1.0
    sine = math.sin(2 * y)
    inner = sine + (sine - 1 / sine) / n
    share = 0.5 * (1 - math.copysign(1, math.cos(2 * y)) * math.sqrt(max(0.0, 1 - inner**2)))
    return min(max(share, 0.0), 1.0)


def _double_arcsine_of_share(shown: float, n: float) -> float:
    x = shown * n
    return 0.5 * sum(math.asin(math.sqrt(min(1.0, (x + more) / (n + 1)))) for more in (0, 1))


def _rate_of_double_root(y: float, t: float) -> float:
    """Solve y = ½(√r + √(r + 1/t)); below its value at r = 0: 0."""
    if y <= 0.5 * math.sqrt(1 / t):
        return 0.0
    return ((4 * y * y - 1 / t) / (4 * y)) ** 2


def _double_root_of_rate(shown: float, t: float) -> float:
    return 0.5 * (math.sqrt(shown) + math.sqrt(shown + 1 / t))


Sized = Callable[[float, float], float]

#: Scales whose way back depends on how many people, or how much time, stand behind the value. A
#: pool is carried back with the harmonic mean of its studies (Miller 1978).
SIZED: Mapping[str, tuple[Sized, Sized]] = MappingProxyType(
    {
        "freeman-tukey": (_share_of_double_arcsine, _double_arcsine_of_share),
        "freeman-tukey-rate": (_rate_of_double_root, _double_root_of_rate),
    }
)


def back(scale: str, y: float, size: float | None = None) -> float:
    """Return a value of an analysis scale on the scale that is shown.

    Parameters
    ----------
    scale
        ``identity``, ``log``, ``logit``, ``arcsine``, ``fisher-z``, ``square-root``,
        ``freeman-tukey`` or ``freeman-tukey-rate``.
    y
        The value.
    size
        People, or person-time, behind the value; for the two Freeman-Tukey scales only.

    Examples
    --------
    >>> back("log", 0.0)
    1.0
    >>> round(back("logit", 0.72784), 5)
    0.67433
    >>> round(back("freeman-tukey", 0.7, 20), 4)
    0.4109
    """
    if scale in SIZED:
        return SIZED[scale][0](y, _given(size, scale))
    return _PLAIN[scale][0](y)


def forth(scale: str, shown: float, size: float | None = None) -> float:
    """Return a value that is shown on its analysis scale; the inverse of ``back``.

    Examples
    --------
    >>> forth("log", 1.0)
    0.0
    """
    if scale in SIZED:
        return SIZED[scale][1](shown, _given(size, scale))
    return _PLAIN[scale][1](shown)


def _given(size: float | None, scale: str) -> float:
    if size is None:
        raise ValueError(f"the scale {scale} needs the size of the sample")
    return size
