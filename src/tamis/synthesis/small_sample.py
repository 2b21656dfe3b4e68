"""One study alone (k = 1): small-sample methods, no tau2, no I², no pooling words.

Nothing is added to empty cells here. An interval and a p shown together come from the same
inversion: doubled tails go with equal-tailed limits.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType

from scipy.special import stdtr, stdtrit

from tamis.domain.results import (
    BinaryRow,
    EffectRow,
    Finding,
    Interval,
    MeansRow,
    ProportionRow,
    Refusal,
    SingleResult,
    StudyEffect,
    SynthesisRow,
)
from tamis.synthesis.effect_sizes import effects
from tamis.synthesis.exact_table import conditional
from tamis.synthesis.measures import measure_of
from tamis.synthesis.score import (
    koopman,
    miettinen_nurminen_difference,
    miettinen_nurminen_odds_ratio,
    miettinen_nurminen_ratio,
)
from tamis.synthesis.settings import EffectSettings, confidence, normal_quantile
from tamis.synthesis.shares import clopper_pearson, newcombe, wilson
from tamis.synthesis.sizes.counts import check_counts, table_of
from tamis.synthesis.sizes.means import check_means

__all__ = ["FOR_BINARY", "effect_of_single", "one_study"]

#: Measures of one controlled trial with a binary outcome, in the order in which they are shown.
FOR_BINARY = ("RD", "RR", "OR")

#: Katz's log interval stands beside the score intervals only when no cell is smaller than this.
KATZ_FROM = 5

Counts = tuple[float, float, float, float]


def one_study(row: SynthesisRow, measure: str, *, level: str = "0.95") -> SingleResult | Refusal:
    """Analyse one study by methods that hold in small samples.

    Parameters
    ----------
    row
        Counts of two arms (RD, RR, OR), means of two arms (MD, SMD), counts of one arm (PR), or
        an effect with its variance (any other measure).
    measure
        Name of the measure.
    level
        Confidence level.

    Returns
    -------
    SingleResult or Refusal
        The default interval first: RD Newcombe, RR Miettinen-Nurminen, OR conditional mid-p, MD
        Welch, PR Clopper-Pearson. A limit that does not exist is infinite. Refused are measures
        without a method here (``no-single-study-method``) and means without any spread
        (``no-variance``).

    Raises
    ------
    BadInput
        For counts or means that cannot be.

    References
    ----------
    Newcombe 1998, Stat Med 17:873; Miettinen & Nurminen 1985, Stat Med 4:213; Koopman 1984;
    Fagerland, Lydersen & Laake 2015; Welch 1947; Clopper & Pearson 1934; Wilson 1927.

    Examples
    --------
    >>> row = BinaryRow(study="deng2017", events_1=9, n_1=12, events_2=5, n_2=6)
    >>> found = one_study(row, "RD")
    >>> [round(x, 4) for x in (found.estimate, found.intervals[0].low, found.intervals[0].high)]
    [-0.0833, -0.397, 0.3449]
    """
    kind = measure_of(measure)
    confidence(level)
    match row:
        case BinaryRow() if kind.name in _BINARY:
            return _binary(row, kind.name, level)
        case MeansRow() if kind.name == "MD":
            return _welch(row, level)
        case ProportionRow() if kind.name == "PR":
            return _proportion(row, level)
        case MeansRow() if kind.name == "SMD":
            return _normal(row, kind.name, level)
        case EffectRow():
            return _normal(row, kind.name, level)
        case _:
            return Refusal(
                rule="no-single-study-method",
                message=f"There is no small-sample method here for a single {kind.label} from "
                "these data.",
            )


def _binary(row: BinaryRow, measure: str, level: str) -> SingleResult:
    a, b, c, d = table_of(row)
    estimate, intervals = _BINARY[measure](a, a + b, c, c + d, level)
    table = conditional(a, a + b, c, c + d)
    informative = 0 < a + c < a + b + c + d
    return SingleResult(
        measure=measure,
        estimate=estimate,
        intervals=intervals,
        p=MappingProxyType(
            {"mid-p": table.mid_p(), "fisher": table.fisher()} if informative else {}
        ),
        p_method="mid-p" if informative else "not defined",
        warnings=tuple(_binary_warnings(measure, a, b, c, d)),
        study=row.study,
        inputs=row.inputs,
    )


def _binary_warnings(measure: str, a: float, b: float, c: float, d: float) -> list[Finding]:
    if a + c == 0 or b + d == 0:
        words = "nobody" if a + c == 0 else "everybody"
        said = f"In both arms {words} had the event: a test of a difference is not defined."
        if measure == "OR" or (measure == "RR" and a + c == 0):
            said += " The ratio is not estimable."
        return [Finding(rule="no-information", severity="warning", subject=measure, message=said)]
    if min(a, b, c, d) == 0:
        said = "An empty cell: nothing was added to it, so a limit of a ratio may not exist."
        return [Finding(rule="empty-cell", severity="note", subject=measure, message=said)]
    return []


def _risk_difference(
    a: float, m: float, c: float, n: float, level: str
) -> tuple[float, tuple[Interval, ...]]:
    return a / m - c / n, (
        newcombe(a, m, c, n, level=level),
        miettinen_nurminen_difference(a, m, c, n, level=level),
    )


def _risk_ratio(
    a: float, m: float, c: float, n: float, level: str
) -> tuple[float | None, tuple[Interval, ...]]:
    if c > 0:
        estimate: float | None = (a / m) / (c / n)
    else:
        estimate = math.inf if a > 0 else None
    found: tuple[Interval, ...] = (
        miettinen_nurminen_ratio(a, m, c, n, level=level),
        koopman(a, m, c, n, level=level),
    )
    if min(a, m - a, c, n - c) >= KATZ_FROM:
        half = normal_quantile(confidence(level)) * math.sqrt(1 / a - 1 / m + 1 / c - 1 / n)
        centre = math.log((a / m) / (c / n))
        found += (
            Interval(
                low=math.exp(centre - half),
                high=math.exp(centre + half),
                method="Katz log",
                level=confidence(level),
            ),
        )
    return estimate, found


def _odds_ratio(
    a: float, m: float, c: float, n: float, level: str
) -> tuple[float | None, tuple[Interval, ...]]:
    table = conditional(a, m, c, n)
    estimate = None if table.at_least and table.at_most else table.estimate()
    return estimate, (
        table.interval(mid=True, level=level),
        table.interval(mid=False, level=level),
        miettinen_nurminen_odds_ratio(a, m, c, n, level=level),
    )


Binary = Callable[[float, float, float, float, str], tuple[float | None, tuple[Interval, ...]]]

_BINARY: Mapping[str, Binary] = MappingProxyType(
    {"RD": _risk_difference, "RR": _risk_ratio, "OR": _odds_ratio}
)


def _welch(row: MeansRow, level: str) -> SingleResult | Refusal:
    check_means(row)
    v1, v2 = row.sd_1**2 / row.n_1, row.sd_2**2 / row.n_2
    if min(row.n_1, row.n_2) < 2 or v1 + v2 == 0:
        return Refusal(
            rule="no-variance",
            message="An arm of one person or two standard deviations of zero: the uncertainty of "
            "the difference cannot be known.",
        )
    se = math.sqrt(v1 + v2)
    part = v1 / (v1 + v2)
    df = 1 / (part**2 / (row.n_1 - 1) + (1 - part) ** 2 / (row.n_2 - 1))
    share, difference = confidence(level), row.mean_1 - row.mean_2
    half = float(stdtrit(df, (1 + share) / 2)) * se
    return SingleResult(
        measure="MD",
        estimate=difference,
        intervals=(
            Interval(low=difference - half, high=difference + half, method="Welch t", level=share),
        ),
        p=MappingProxyType({"welch-t": float(2 * stdtr(df, -abs(difference) / se))}),
        p_method="welch-t",
        se=se,
        df=df,
        study=row.study,
        inputs=row.inputs,
    )


def _proportion(row: ProportionRow, level: str) -> SingleResult:
    check_counts(row.events, row.n, row.study)
    return SingleResult(
        measure="PR",
        estimate=row.events / row.n,
        intervals=(
            clopper_pearson(row.events, row.n, level=level),
            wilson(row.events, row.n, level=level),
        ),
        p_method="none: one arm has no comparator",
        study=row.study,
        inputs=row.inputs,
    )


def _normal(row: MeansRow | EffectRow, measure: str, level: str) -> SingleResult | Refusal:
    found = effects(measure, [row], settings=EffectSettings(level=level))[0]
    if found.estimate is None or found.low is None or found.high is None:
        return Refusal(
            rule="no-variance", message="The effect or its uncertainty cannot be computed."
        )
    said = (
        "The interval is the normal one, because nothing more exact can be computed from what was "
        "given; in a small study it is too narrow."
    )
    return SingleResult(
        measure=measure,
        estimate=found.estimate,
        intervals=(
            Interval(low=found.low, high=found.high, method="Wald", level=confidence(level)),
        ),
        se=found.se,
        warnings=(
            Finding(rule="approximate-interval", severity="warning", subject=measure, message=said),
        ),
        study=row.study,
        inputs=row.inputs,
    )


def effect_of_single(single: SingleResult) -> StudyEffect:
    """Show a single result as a row of a plot, with the same interval as in the text."""
    first, estimate = single.intervals[0], single.estimate
    ratio = measure_of(single.measure).ratio
    y = estimate
    if ratio and estimate is not None:
        y = math.log(estimate) if 0 < estimate < math.inf else None
    return StudyEffect(
        study=single.study,
        measure=single.measure,
        y=y,
        se=single.se,
        estimate=estimate,
        low=first.low,
        high=first.high,
        interval_method=first.method,
        inputs=single.inputs,
    )
