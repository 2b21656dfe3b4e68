"""Effects as absolute differences: the scale on which thresholds stand and measures compare."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from statistics import median
from types import MappingProxyType

from tamis.domain.results import BinaryRow, SynthesisRow

__all__ = ["ABSOLUTE", "absolute_of"]

Three = tuple[float, float, float]

#: Measures that are absolute differences themselves.
ABSOLUTE = ("RD", "MD", "GEN")


def _by_ratio(x: float, risk: float) -> float:
    return min(max(risk * x, 0.0), 1.0) - risk


def _by_odds(x: float, risk: float) -> float:
    if x == float("inf"):
        return 1.0 - risk
    return x * risk / (1 - risk + x * risk) - risk


_TURNED: Mapping[str, Callable[[float, float], float]] = MappingProxyType(
    {"RR": _by_ratio, "OR": _by_odds, "PETO": _by_odds}
)


def absolute_of(measure: str, rows: Sequence[SynthesisRow], shown: Three) -> Three | str:
    """Return estimate and limits as an absolute difference, or why there is none.

    Ratios are turned with the median risk of the comparators, as in a summary of findings.

    Parameters
    ----------
    measure
        Effect measure of ``shown``.
    rows
        The rows it was computed from.
    shown
        Estimate, lower and upper limit on the shown scale.

    References
    ----------
    Cochrane Handbook, 14.1.5.

    Examples
    --------
    >>> row = BinaryRow(study="a", events_1=9, n_1=12, events_2=5, n_2=6)
    >>> [round(x, 3) for x in absolute_of("RR", [row], (0.9, 0.523, 1.845))]
    [-0.083, -0.398, 0.167]
    """
    if measure in ABSOLUTE:
        return shown
    turn = _TURNED.get(measure)
    risks = [row.events_2 / row.n_2 for row in rows if isinstance(row, BinaryRow) and row.n_2]
    if turn is None or len(risks) != len(rows):
        return f"a {measure} of these data gives no absolute difference"
    risk = median(risks)
    if risk in (0.0, 1.0):
        who = "nobody" if risk == 0 else "everybody"
        return f"{who} of the comparator had the event, so a ratio gives no absolute difference"
    return turn(shown[0], risk), turn(shown[1], risk), turn(shown[2], risk)
