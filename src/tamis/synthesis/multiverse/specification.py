"""What a specification is: one option of every axis, its data, its outcome and its statement."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from tamis.domain.errors import BadInput
from tamis.domain.results import SynthesisRow
from tamis.synthesis.measures import measure_of

__all__ = [
    "STATEMENTS",
    "DataSet",
    "Options",
    "Outcome",
    "Specification",
    "Thresholds",
    "absolute_statement",
    "statement_of",
]

#: What an analysis can come to. ``refused`` is an analysis that cannot be made.
STATEMENTS = ("benefit", "little-or-none", "harm", "cannot-tell", "refused")


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSet:
    """The rows that one choice of data gives, with the options that chose them.

    ``options`` names the data axes: estimand, change or follow-up, denominator, overlap,
    imputation, study set; every data set of a multiverse has the same axes. ``refused`` says why
    a choice of data gives no analysis at all; it is counted, and not computed.
    """

    rows: tuple[SynthesisRow, ...]
    options: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    refused: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The options of the axes of analysis, each list as the protocol defends it.

    Parameters
    ----------
    measures
        Effect measures that the rows allow.
    estimators
        Estimators of tau2, ``FE``, and for counts ``MH`` and ``PETO``.
    intervals
        ``z``, ``knha``, ``adhoc``, ``adhoc-ci`` and ``bayes`` (half-normal(0.5), REML only).
    zero_cells
        Rules for empty cells (``EffectSettings``).
    alone
        Intervals of one study by itself, by the names that ``one_study`` gives them. Where this is
        given, data of one study are analysed by these alone, and estimators do not apply to them.
    """

    measures: tuple[str, ...]
    estimators: tuple[str, ...] = ("REML",)
    intervals: tuple[str, ...] = ("adhoc",)
    zero_cells: tuple[str, ...] = ("only0",)
    alone: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("measures", "estimators", "intervals", "zero_cells"):
            if not getattr(self, name):
                raise BadInput(f"the axis {name} has no option", "give one at least")
        for measure in self.measures:
            measure_of(measure)


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """What counts as important, on the shown scale of each measure.

    Parameters
    ----------
    better
        ``lower`` or ``higher``: which side of no effect is a benefit.
    important
        Measure -> smallest important difference as a distance from no effect: for RR 0.8 write
        0.8, for RD 0.05 write 0.05. A measure without one is judged against no effect alone.
    absolute
        Smallest important absolute difference (a share, or units of the outcome). Where it is
        given, every result is turned into an absolute difference and judged on that scale.
    """

    better: str
    absolute: float | None = None
    important: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        if self.better not in ("lower", "higher"):
            raise BadInput(f"{self.better!r} is no direction", "write lower or higher")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Estimate and interval on the shown scale with the statement, or why there is none."""

    statement: str
    k: int
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    refused: str = ""
    absolute: tuple[float, float, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Specification:
    """One full assignment of options, its outcome, and the specifications it coincides with.

    ``id`` is the hash of the options. ``same_as`` is the id of the first specification that comes
    to the same analysis of the same rows, empty for that first one.
    """

    id: str
    options: Mapping[str, str]
    outcome: Outcome
    same_as: str = ""
    inputs: tuple[str, ...] = ()


def identity(options: Mapping[str, str]) -> str:
    """Return the id of a specification: twelve hex digits of the hash of its options.

    Examples
    --------
    >>> identity({"measure": "RR"}) == identity({"measure": "RR"})
    True
    """
    text = json.dumps(dict(sorted(options.items())), ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def statement_of(measure: str, low: float, high: float, thresholds: Thresholds) -> str:
    """Say what an interval allows to be stated.

    ``benefit`` and ``harm`` need the whole interval beyond the smallest important difference;
    ``little-or-none`` the whole interval within it; everything else is ``cannot-tell``.

    Parameters
    ----------
    measure
        Effect measure.
    low, high
        Interval on the shown scale.
    thresholds
        Direction and importance.

    Examples
    --------
    >>> marks = Thresholds(better="lower", important={"RR": 0.8})
    >>> [statement_of("RR", *ends, marks) for ends in ((0.4, 0.7), (0.85, 1.1), (0.4, 1.2))]
    ['benefit', 'little-or-none', 'cannot-tell']
    """
    kind = measure_of(measure)
    null = kind.null if kind.null is not None else 0.0
    mark = thresholds.important.get(measure, null)
    if kind.scale == "log":
        down, up = sorted((mark, 1 / mark)) if mark > 0 else (null, null)
    else:
        down, up = null - abs(mark - null), null + abs(mark - null)
    below, above = high < down, low > up
    if down == up:
        below, above = high < null, low > null
    elif low > down and high < up:
        return "little-or-none"
    if below or above:
        return "benefit" if below == (thresholds.better == "lower") else "harm"
    return "cannot-tell"


def absolute_statement(shown: tuple[float, float, float], thresholds: Thresholds) -> str:
    """Say what an absolute difference allows to be stated, by its smallest important one.

    Examples
    --------
    >>> absolute_statement((-0.3, -0.5, -0.1), Thresholds(better="lower", absolute=0.05))
    'benefit'
    """
    mark = MappingProxyType({"RD": thresholds.absolute or 0.0})
    marks = Thresholds(better=thresholds.better, important=mark)
    return statement_of("RD", shown[1], shown[2], marks)
