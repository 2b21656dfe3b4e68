"""Numbers computed from printed ones, each with its formula, its inputs and its warnings.

A conversion makes a *derivation*: the value that it gives says how it was computed and from which
values. Nothing is converted by itself: a person takes what is offered. Where the inputs say that
the method does not hold (a skewed sample), the conversion is refused with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tamis.domain.errors import BadInput
from tamis.domain.results import Refusal
from tamis.domain.values import Derivation
from tamis.extraction.conversions.counts import COUNTS
from tamis.extraction.conversions.from_tests import FROM_TESTS
from tamis.extraction.conversions.kinds import Conversion, Converted, Given, Numbers, plain, rounded
from tamis.extraction.conversions.medians import MEDIANS
from tamis.extraction.conversions.ratios import RATIOS
from tamis.extraction.conversions.spreads import SPREADS

__all__ = ["CONVERSIONS", "convert", "possible"]

#: Every conversion, the simplest first.
CONVERSIONS: tuple[Conversion, ...] = (*SPREADS, *FROM_TESTS, *MEDIANS, *RATIOS, *COUNTS)


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
        printed = rounded(step.number, 0 if step.statistic == "events" else decimals)
        formula = f"{step.shown} = {printed}"
        derivation = Derivation(formula=formula, inputs=inputs, citation=row.source)
        found.append(
            Converted(
                statistic=step.statistic, printed=printed, number=step.number,
                derivation=derivation, warnings=warnings,
            )
        )  # fmt: skip
    return tuple(found)


def _check(x: Numbers) -> None:
    n = x.get("n")
    if n is not None and (n < 1 or n != int(n) or n > 10_000_000):
        raise BadInput(f"{plain(n)} is no number of people", "give a whole number")
    ordered = [x[name] for name in ("min", "q1", "median", "q3", "max") if name in x]
    if ordered != sorted(ordered):
        raise BadInput("minimum, quartiles, median and maximum are not in order", "look again")
    if "ci_low" in x and x["ci_low"] > x["ci_high"]:
        raise BadInput("the lower limit is above the upper one", "look again")
    for name in ("se", "sd_baseline", "sd_final"):
        if x.get(name, 0) < 0:
            raise BadInput(f"a spread of {plain(x[name])} is impossible", "look again")
    if not 0 <= x.get("percent", 0) <= 100:
        raise BadInput(f"{plain(x['percent'])} % of people is impossible", "look again")
