"""The effect measures as one table: what each needs, its scale, its value of no effect."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from scipy.special import expit, logit

from tamis.domain.errors import BadInput

__all__ = ["MEASURES", "Measure", "back", "forth", "measure_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One effect measure.

    Parameters
    ----------
    name, label
        Its short name, and the words that a reader sees.
    rows
        What it is computed from: ``binary``, ``means``, ``proportion`` or ``any``.
    scale
        Analysis scale: ``identity``, ``log``, ``logit`` or ``arcsine``.
    null
        Its value without an effect on the scale that is shown, ``None`` where there is none.
    """

    name: str
    label: str
    rows: str
    scale: str = "identity"
    null: float | None = 0.0

    @property
    def ratio(self) -> bool:
        """Whether it is a ratio, analysed on the log scale."""
        return self.scale == "log" and self.null == 1.0


_ALL = (
    Measure(name="RR", label="risk ratio", rows="binary", scale="log", null=1.0),
    Measure(name="OR", label="odds ratio", rows="binary", scale="log", null=1.0),
    Measure(name="RD", label="risk difference", rows="binary"),
    Measure(name="AS", label="arcsine difference", rows="binary"),
    Measure(name="PETO", label="Peto odds ratio", rows="binary", scale="log", null=1.0),
    Measure(name="MD", label="mean difference", rows="means"),
    Measure(name="SMD", label="standardised mean difference (Hedges g)", rows="means"),
    Measure(name="PR", label="proportion", rows="proportion", null=None),
    Measure(name="PLN", label="proportion (log)", rows="proportion", scale="log", null=None),
    Measure(name="PLO", label="proportion (logit)", rows="proportion", scale="logit", null=None),
    Measure(name="PAS", label="proportion (arcsine)", rows="proportion", scale="arcsine",
            null=None),
    Measure(name="HR", label="hazard ratio", rows="any", scale="log", null=1.0),
    Measure(name="GEN", label="effect", rows="any"),
)  # fmt: skip

MEASURES: Mapping[str, Measure] = MappingProxyType({measure.name: measure for measure in _ALL})


def measure_of(name: str) -> Measure:
    """Return the measure of that name.

    Raises
    ------
    BadInput
        When there is none.

    Examples
    --------
    >>> measure_of("RR").label
    'risk ratio'
    """
    found = MEASURES.get(name)
    if found is None:
        raise BadInput(f"{name!r} is no effect measure", f"use one of {', '.join(MEASURES)}")
    return found


def back(scale: str, y: float) -> float:
    """Return a value of an analysis scale on the scale that is shown.

    Examples
    --------
    >>> back("log", 0.0)
    1.0
    >>> round(back("logit", 0.72784), 5)
    0.67433
    """
    match scale:
        case "log":
            return math.exp(y) if y < 709 else math.inf
        case "logit":
            return float(expit(y))
        case "arcsine":
            return math.sin(min(max(y, 0.0), math.pi / 2)) ** 2
        case _:
            return y


def forth(scale: str, shown: float) -> float:
    """Return a value that is shown on its analysis scale; the inverse of ``back``.

    Examples
    --------
    >>> forth("log", 1.0)
    0.0
    """
    match scale:
        case "log":
            return math.log(shown) if shown > 0 else -math.inf
        case "logit":
            return float(logit(shown))
        case "arcsine":
            return math.asin(math.sqrt(shown))
        case _:
            return shown
