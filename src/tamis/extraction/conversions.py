"""Numbers computed from printed ones, each with its formula, its inputs and its warnings.

A conversion makes a *derivation*: the value that it gives says how it was computed and from which
values. Nothing is converted by itself: a person takes what is offered. Where the inputs say that
the method does not hold (a skewed sample), the conversion is refused with the reason.

References
----------
Cochrane Handbook for Systematic Reviews of Interventions, version 6.5, chapter 6 (SE, limits and
changes); Luo 2018, Stat Methods Med Res 27:1785 (means from medians); Wan 2014, BMC Med Res
Methodol 14:135 and Shi 2020, Res Synth Methods 11:641 (SDs); Shi 2023, Stat Med 42:2338 (the test
of skewness).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import log, sqrt
from typing import NamedTuple

from scipy import stats

from tamis.domain.errors import BadInput
from tamis.domain.results import Refusal
from tamis.domain.value_rows import parse_number
from tamis.domain.values import Derivation
from tamis.extraction.field_ranges import conversion, unit_key
from tamis.extraction.rounding import counts_that_fit

__all__ = ["CONVERSIONS", "Conversion", "Converted", "Given", "convert", "convert_unit", "possible"]

#: Fewest people for means and SDs from medians.
FEWEST = 5

#: With fewer people than this, half the width of an interval is taken as t and not as z.
SMALL = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A printed number and the id of the value that it is, if it is recorded."""

    printed: str
    id: str = ""

    @property
    def number(self) -> Decimal:
        """The number, exactly.

        Raises
        ------
        BadInput
            For a bound such as ``<0.001``, which is no number to compute with.
        """
        found = parse_number(self.printed)
        if found is None:
            raise BadInput(f"{self.printed!r} is a bound", "give a number to compute with")
        return found

    @property
    def decimals(self) -> int:
        """How many digits are printed behind the point."""
        exponent = self.number.as_tuple().exponent
        return max(0, -exponent) if isinstance(exponent, int) else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Converted:
    """What a conversion gives: a statistic, the number to record, how it came about.

    ``printed`` has one digit more than the inputs; ``number`` is not rounded.
    """

    statistic: str
    printed: str
    number: float
    derivation: Derivation
    unit: str = ""
    warnings: tuple[str, ...] = ()


Numbers = Mapping[str, float]


class _Step(NamedTuple):
    """One number that a conversion gives, and the arithmetic as it is shown."""

    statistic: str
    number: float
    shown: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """One row: what it needs, what it gives, and when it does not hold.

    ``doubts`` gives warnings; ``refuses`` a reason why it must not be made ("" where it may).
    """

    id: str
    needs: tuple[str, ...]
    gives: tuple[str, ...]
    says: str
    steps: Callable[[Numbers], Iterable[_Step]]
    source: str
    doubts: Callable[[Numbers], Iterable[str]] = lambda _: ()
    refuses: Callable[[Numbers], str] = lambda _: ""


def possible(given: Iterable[str]) -> tuple[Conversion, ...]:
    """Return the conversions whose needs are met and that give something new.

    Parameters
    ----------
    given
        Names of statistics at hand; for changes also ``sd_baseline``, ``sd_final``, ``r``.

    Examples
    --------
    >>> [row.id for row in possible(["mean", "se", "n"])]
    ['sd.from-se']
    """
    have = set(given)
    return tuple(
        row for row in CONVERSIONS if set(row.needs) <= have and not set(row.gives) <= have
    )


def convert(name: str, given: Mapping[str, Given]) -> tuple[Converted, ...] | Refusal:
    """Make a conversion.

    Parameters
    ----------
    name
        Id of a row of ``CONVERSIONS``.
    given
        The printed numbers, by the names that the row needs.

    Returns
    -------
    tuple of Converted, or Refusal
        One for each statistic that it gives; a refusal says why the method does not hold here.

    Raises
    ------
    BadInput
        When there is no such conversion, or a number that it needs is missing or impossible.

    Examples
    --------
    >>> (sd,) = convert("sd.from-se", {"se": Given(printed="0.14"), "n": Given(printed="34")})
    >>> sd.printed, sd.derivation.formula
    ('0.816', 'SD = SE × √n = 0.14 × √34 = 0.816')
    """
    row = next((row for row in CONVERSIONS if row.id == name), None)
    if row is None:
        known = ", ".join(row.id for row in CONVERSIONS)
        raise BadInput(f"there is no conversion {name!r}", f"use one of {known}")
    missing = [need for need in row.needs if need not in given]
    if missing:
        raise BadInput(f"{name} needs {', '.join(missing)}", "record them first")
    numbers = {need: float(given[need].number) for need in row.needs}
    if "percent" in numbers:  # its printed digits say which counts fit
        numbers["decimals"] = given["percent"].decimals
    _check(numbers)
    why = row.refuses(numbers)
    if why:
        return Refusal(rule=row.id, message=why)
    decimals = 1 + max(given[need].decimals for need in row.needs if need not in ("n", "r"))
    inputs = tuple(dict.fromkeys(given[n].id for n in row.needs if given[n].id))
    warnings = tuple(row.doubts(numbers))
    found = []
    for step in row.steps(numbers):
        printed = _rounded(step.number, 0 if step.statistic == "events" else decimals)
        formula = f"{step.shown} = {printed}"
        derivation = Derivation(formula=formula, inputs=inputs, citation=row.source)
        found.append(
            Converted(
                statistic=step.statistic, printed=printed, number=step.number,
                derivation=derivation, warnings=warnings,
            )
        )  # fmt: skip
    return tuple(found)


def convert_unit(given: Given, *, statistic: str, outcome: str, unit: str, to: str) -> Converted:
    """Convert a number to another unit of its field, by the table of factors.

    A factor holds for levels, changes and spreads alike; counts and p values have no unit.

    Raises
    ------
    BadInput
        When no factor between the two units is known for this outcome.

    Examples
    --------
    >>> convert_unit(Given(printed="0.9"), statistic="mean", outcome="creatinine",
    ...              unit="mg/dL", to="µmol/L").printed
    '79.6'
    """
    row, one, other = conversion(outcome, unit), unit_key(unit), unit_key(to)
    if row is None or {one, other} != {row.one, row.other} or one == other:
        raise BadInput(
            f"no factor from {unit or 'no unit'} to {to or 'no unit'} is known for {outcome}",
            "keep the printed unit; 24-hour protein and protein/creatinine are never converted",
        )
    onward = one == row.one
    number = Fraction(given.number) * (Fraction(row.factor) if onward else 1 / Fraction(row.factor))
    decimals = max(0, given.decimals + (0 if onward == (row.factor > 1) else 2))
    printed = _rounded(float(number), max(decimals, 1) if given.decimals else decimals)
    sign = "×" if onward else "÷"
    return Converted(
        statistic=statistic,
        printed=printed,
        number=float(number),
        unit=to,
        derivation=Derivation(
            formula=f"{given.printed} {unit} {sign} {row.factor} = {printed} {to}",
            inputs=(given.id,) if given.id else (),
        ),
    )


# ------------------------------------------------------------------ the arithmetic
def _sd_from_se(x: Numbers) -> Iterable[_Step]:
    shown = f"SD = SE × √n = {_s(x['se'])} × √{_s(x['n'])}"
    yield _Step("sd", x["se"] * sqrt(x["n"]), shown)


def _quantile(n: float) -> tuple[float, str]:
    if n >= SMALL:
        return float(stats.norm.ppf(0.975)), "1.96"
    t = float(stats.t.ppf(0.975, n - 1))
    return t, f"t(0.975; {_s(n - 1)})"


def _sd_from_limits(x: Numbers) -> Iterable[_Step]:
    q, name = _quantile(x["n"])
    width = x["ci_high"] - x["ci_low"]
    shown = (
        f"SD = √n × (upper − lower) / (2 × {name}) = √{_s(x['n'])} × {_s(width)} / {_s(2 * q, 4)}"
    )
    yield _Step("sd", sqrt(x["n"]) * width / (2 * q), shown)


def _se_from_limits(x: Numbers) -> Iterable[_Step]:
    width = x["ci_high"] - x["ci_low"]
    yield _Step("se", width / (2 * float(stats.norm.ppf(0.975))),
                f"SE = (upper − lower) / (2 × 1.96) = {_s(width)} / 3.92")  # fmt: skip


def _sd_from_range(x: Numbers) -> float:
    z = float(stats.norm.ppf((x["n"] - 0.375) / (x["n"] + 0.25)))
    return (x["max"] - x["min"]) / (2 * z)


def _sd_from_quartiles(x: Numbers) -> float:
    z = float(stats.norm.ppf((0.75 * x["n"] - 0.125) / (x["n"] + 0.25)))
    return (x["q3"] - x["q1"]) / (2 * z)


def _from_range(x: Numbers) -> Iterable[_Step]:
    w = 4 / (4 + x["n"] ** 0.75)
    mean = w * (x["min"] + x["max"]) / 2 + (1 - w) * x["median"]
    yield _Step("mean", mean, "mean = w (min + max) / 2 + (1 − w) median, w = 4 / (4 + n^0.75) = "
                f"{_s(w, 4)}")  # fmt: skip
    yield _Step("sd", _sd_from_range(x), "SD = (max − min) / (2 Φ⁻¹((n − 0.375) / (n + 0.25)))")


def _from_quartiles(x: Numbers) -> Iterable[_Step]:
    w = 0.7 + 0.39 / x["n"]
    mean = w * (x["q1"] + x["q3"]) / 2 + (1 - w) * x["median"]
    yield _Step("mean", mean, f"mean = w (q1 + q3) / 2 + (1 − w) median, w = 0.7 + 0.39 / n = "
                f"{_s(w, 4)}")  # fmt: skip
    yield _Step("sd", _sd_from_quartiles(x),
                "SD = (q3 − q1) / (2 Φ⁻¹((0.75 n − 0.125) / (n + 0.25)))")  # fmt: skip


def _from_five(x: Numbers) -> Iterable[_Step]:
    n = x["n"]
    w1, w2 = 2.2 / (2.2 + n**0.75), 0.7 - 0.72 / n**0.55
    mean = (
        w1 * (x["min"] + x["max"]) / 2 + w2 * (x["q1"] + x["q3"]) / 2 + (1 - w1 - w2) * x["median"]
    )
    yield _Step("mean", mean, "mean = w₁ (min + max) / 2 + w₂ (q1 + q3) / 2 + (1 − w₁ − w₂) median,"
                f" w₁ = {_s(w1, 4)}, w₂ = {_s(w2, 4)}")  # fmt: skip
    omega = 1 / (1 + 0.07 * n**0.6)
    sd = omega * _sd_from_range(x) + (1 - omega) * _sd_from_quartiles(x)
    yield _Step("sd", sd, "SD = ω × SD of the range + (1 − ω) × SD of the quartiles, ω = "
                f"{_s(omega, 4)}")  # fmt: skip


def _change_sd(x: Numbers) -> Iterable[_Step]:
    a, b, r = x["sd_baseline"], x["sd_final"], x["r"]
    shown = (
        "SD of the change = √(SD₁² + SD₂² − 2 r SD₁ SD₂) = "
        f"√({_s(a)}² + {_s(b)}² − 2 × {_s(r)} × {_s(a)} × {_s(b)})"
    )
    yield _Step("sd", sqrt(max(0.0, a * a + b * b - 2 * r * a * b)), shown)


def _count(x: Numbers) -> Iterable[_Step]:
    fitting, _ = counts_that_fit(_percent(x), int(x["n"]))
    shown = f"the only count of {_s(x['n'])} that rounds to {_percent(x)} %"
    yield _Step("events", float(fitting[0]), shown)


def _percent(x: Numbers) -> Decimal:
    """Return the percentage with the digits that were printed."""
    return Decimal(f"{x['percent']:.{int(x['decimals'])}f}")


def _no_single_count(x: Numbers) -> str:
    fitting, cut = counts_that_fit(_percent(x), int(x["n"]))
    if len(fitting) == 1:
        return ""
    several = " and ".join(map(str, fitting or cut))
    if fitting:
        return f"the counts {several} of {_s(x['n'])} all round to {_percent(x)} %"
    why = f"; cut off, it would be {several}" if several else ""
    return f"no count of {_s(x['n'])} rounds to {_percent(x)} %{why}"


# ------------------------------------------------------------------ when it does not hold
def _t_range(x: Numbers) -> float:
    width = x["max"] - x["min"]
    return abs(x["min"] + x["max"] - 2 * x["median"]) / width if width else 0.0


def _t_quartiles(x: Numbers) -> float:
    width = x["q3"] - x["q1"]
    return abs(x["q1"] + x["q3"] - 2 * x["median"]) / width if width else 0.0


def _skew(t: float, critical: float) -> str:
    if t <= critical:
        return ""
    return (
        f"the sample is skewed: T = {_s(t, 3)} is above {_s(critical, 3)}, so mean and SD of a "
        "normal sample do not describe it; keep the median, or work on the log scale"
    )


def _skew_range(x: Numbers) -> str:
    n = x["n"]
    return _few(n) or _skew(_t_range(x), 1 / log(n + 9) + 2.5 / (n + 1))


def _skew_quartiles(x: Numbers) -> str:
    n = x["n"]
    return _few(n) or _skew(_t_quartiles(x), 2.65 / sqrt(n) - 6 / n**2)


def _skew_five(x: Numbers) -> str:
    n = x["n"]
    t = max(2.65 * log(0.6 * n) / sqrt(n) * _t_range(x), _t_quartiles(x))
    return _few(n) or _skew(t, 3 / sqrt(n) - 40 / n**3)


def _few(n: float) -> str:
    return "" if n >= FEWEST else f"with {_s(n)} people this is no estimate (at least {FEWEST})"


def _normal_assumed(x: Numbers) -> Iterable[str]:
    del x
    yield "this assumes a normal sample; do a sensitivity analysis without it"


def _limits_of_one_mean(x: Numbers) -> Iterable[str]:
    yield "the interval must be that of one arm's own mean, at 95 %, computed from its SD"
    if x["n"] < SMALL:
        yield "taken as a t interval, since the sample is small; a z interval would give more"


def _r_assumed(x: Numbers) -> Iterable[str]:
    del x
    yield "r is assumed unless it was printed: try 0.3, 0.5, 0.7 and 0.9"


def _few_people(x: Numbers) -> str:
    return "" if x["n"] >= 2 else "one person has no spread"


def _outside(x: Numbers) -> str:
    return "" if -1 <= x["r"] <= 1 else "a correlation lies between −1 and 1"


#: Every conversion, the simplest first.
CONVERSIONS: tuple[Conversion, ...] = (
    Conversion(id="sd.from-se", needs=("se", "n"), gives=("sd",), steps=_sd_from_se,
               says="SD from the standard error", source="Handbook 6.5.2.2",
               refuses=_few_people),
    Conversion(id="sd.from-limits", needs=("ci_low", "ci_high", "n"), gives=("sd",),
               steps=_sd_from_limits, says="SD from the confidence interval of a mean",
               source="Handbook 6.5.2.2", doubts=_limits_of_one_mean, refuses=_few_people),
    Conversion(id="se.from-limits", needs=("estimate", "ci_low", "ci_high"), gives=("se",),
               steps=_se_from_limits, says="SE from the 95 % interval of a difference",
               source="Handbook 6.3.1",
               doubts=lambda _: ("for a difference; a ratio is computed on the log scale",)),
    Conversion(id="mean-sd.from-quartiles", needs=("q1", "median", "q3", "n"),
               gives=("mean", "sd"), steps=_from_quartiles,
               says="mean and SD from median and quartiles", source="Luo 2018; Wan 2014",
               doubts=_normal_assumed, refuses=_skew_quartiles),
    Conversion(id="mean-sd.from-range", needs=("min", "median", "max", "n"),
               gives=("mean", "sd"), steps=_from_range,
               says="mean and SD from median and range", source="Luo 2018; Wan 2014",
               doubts=_normal_assumed, refuses=_skew_range),
    Conversion(id="mean-sd.from-five", needs=("min", "q1", "median", "q3", "max", "n"),
               gives=("mean", "sd"), steps=_from_five,
               says="mean and SD from median, quartiles and range",
               source="Luo 2018; Shi 2020", doubts=_normal_assumed, refuses=_skew_five),
    Conversion(id="sd.of-change", needs=("sd_baseline", "sd_final", "r"), gives=("sd",),
               steps=_change_sd, says="SD of the change from baseline, with a correlation",
               source="Handbook 6.5.2.8", doubts=_r_assumed, refuses=_outside),
    Conversion(id="events.from-percent", needs=("percent", "n"), gives=("events",), steps=_count,
               says="the count, where only one fits the percentage", source="",
               refuses=_no_single_count),
)  # fmt: skip


def _check(x: Numbers) -> None:
    n = x.get("n")
    if n is not None and (n < 1 or n != int(n) or n > 10_000_000):
        raise BadInput(f"{_s(n)} is no number of people", "give a whole number")
    ordered = [x[name] for name in ("min", "q1", "median", "q3", "max") if name in x]
    if ordered != sorted(ordered):
        raise BadInput("minimum, quartiles, median and maximum are not in order", "look again")
    if "ci_low" in x and x["ci_low"] > x["ci_high"]:
        raise BadInput("the lower limit is above the upper one", "look again")
    for name in ("se", "sd_baseline", "sd_final"):
        if x.get(name, 0) < 0:
            raise BadInput(f"a spread of {_s(x[name])} is impossible", "look again")
    if not 0 <= x.get("percent", 0) <= 100:
        raise BadInput(f"{_s(x['percent'])} % of people is impossible", "look again")


def _s(number: float, digits: int = 6) -> str:
    """Return a number for a formula, without trailing zeros."""
    text = f"{number:.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _rounded(number: float, decimals: int) -> str:
    unit = Decimal(1).scaleb(-decimals)
    return str(Decimal(repr(number)).quantize(unit, rounding=ROUND_HALF_UP))
