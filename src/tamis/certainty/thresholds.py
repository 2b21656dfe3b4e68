"""Sizes of effect: the protocol's thresholds, and the size of an effect by its point estimate."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType

from tamis.domain.errors import BadInput
from tamis.domain.question import Outcome, Threshold

__all__ = ["SIZES", "Thresholds", "read_thresholds"]

#: Sizes from the smallest; ``unsized`` is not one of them.
SIZES = ("trivial", "small", "moderate", "large")

#: A minimally important difference alone gives all three (grading.md A9).
FROM_MID: Mapping[str, int] = MappingProxyType({"small": 1, "moderate": 2, "large": 3})

#: Units of a risk difference -> what one of them is as a share.
RISK_UNITS: Mapping[str, float] = MappingProxyType(
    {
        "per 1,000": 1 / 1000,
        "per 1000": 1 / 1000,
        "per 100": 1 / 100,
        "%": 1 / 100,
        "percentage points": 1 / 100,
        "risk difference": 1.0,
    }
)

KNOWN = ("small", "moderate", "large", "mid", "response")

#: Two numbers closer than this are the same threshold: 0.1 is 3/12 − 3/20 as well.
SAME = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """Smallest absolute effects called small, moderate and large.

    ``small``, ``moderate`` and ``large`` are positive, in the unit of the effect: shares for risk
    differences, units of the scale for differences of means. ``sources`` maps a size to the words
    of its source, ``from_mid`` says that they are multiples of one minimally important difference.
    """

    small: float
    moderate: float
    large: float
    unit: str
    sources: Mapping[str, str]
    from_mid: bool = False

    def size(self, effect: float) -> str:
        """Return the size of an effect by its absolute value.

        Examples
        --------
        >>> found = Thresholds(small=0.1, moderate=0.15, large=0.25, unit="", sources={})
        >>> [found.size(x) for x in (-0.0833, 0.1, -0.2, 0.25)]
        ['trivial', 'small', 'moderate', 'large']
        """
        away = abs(effect) + SAME
        return next(
            (name for name in ("large", "moderate", "small") if away >= getattr(self, name)),
            "trivial",
        )

    def source(self, size: str) -> str:
        """Return the source of the threshold that a size rests on; trivial rests on small."""
        return self.sources.get("small" if size == "trivial" else size, "")

    def points(self) -> tuple[float, ...]:
        """Return every threshold on both sides, from the lowest."""
        sizes = sorted({self.small, self.moderate, self.large})
        return (*(-size for size in reversed(sizes)), *sizes)


def read_thresholds(outcome: Outcome) -> Thresholds | None:
    """Read the thresholds of an outcome; ``None`` where the protocol gives none.

    Thresholds within a person (``response``) are kept in the protocol and never used here.

    Raises
    ------
    BadInput
        For an unknown size, a threshold that stands twice or is no positive number, thresholds
        that are incomplete, crossed or in another unit than the outcome.

    Examples
    --------
    >>> from tamis.domain.question import Outcome, Threshold
    >>> mid = Threshold(size="mid", value="2.64", unit="points", source="a paper")
    >>> found = read_thresholds(Outcome(id="s", name="s", importance="critical", unit="points",
    ...                                 kind="continuous", better="lower", thresholds=(mid,)))
    >>> found.small, found.moderate
    (2.64, 5.28)
    """
    given: dict[str, Threshold] = {}
    for one in outcome.thresholds:
        if one.size not in KNOWN:
            raise BadInput(
                f"{one.size!r} is no size of the outcome {outcome.id!r}",
                f"use one of {', '.join(KNOWN)}",
            )
        if one.size in given and one.size != "response":
            raise BadInput(
                f"the threshold {one.size!r} of {outcome.id!r} stands twice",
                "keep one of them",
            )
        given[one.size] = one
    given.pop("response", None)
    if not given:
        return None
    scale = _scale(outcome, given)
    if "mid" in given:
        return _from_mid(outcome, given, scale)
    return _three(outcome, given, scale)


def _from_mid(outcome: Outcome, given: Mapping[str, Threshold], scale: float) -> Thresholds:
    if len(given) > 1:
        raise BadInput(
            f"the outcome {outcome.id!r} gives a minimally important difference and sizes",
            "give the mid alone, or small, moderate and large",
        )
    mid = given["mid"]
    number = _number(outcome, mid) * scale
    said = f"a multiple of the minimally important difference: {mid.source}"
    return Thresholds(
        small=number,
        moderate=number * FROM_MID["moderate"],
        large=number * FROM_MID["large"],
        unit=mid.unit,
        sources=MappingProxyType({"small": mid.source, "moderate": said, "large": said}),
        from_mid=True,
    )


def _three(outcome: Outcome, given: Mapping[str, Threshold], scale: float) -> Thresholds:
    missing = [size for size in FROM_MID if size not in given]
    if missing:
        raise BadInput(
            f"the outcome {outcome.id!r} has no threshold {' and no '.join(missing)}",
            "give small, moderate and large, or a minimally important difference (mid) alone",
        )
    numbers = {size: _number(outcome, given[size]) * scale for size in FROM_MID}
    for lower, upper in pairwise(FROM_MID):
        if numbers[lower] > numbers[upper]:
            raise BadInput(
                f"the thresholds of {outcome.id!r} are crossed: {lower} ({given[lower].value}) is "
                f"more than {upper} ({given[upper].value})",
                "order them: small, moderate, large",
            )
    return Thresholds(
        small=numbers["small"],
        moderate=numbers["moderate"],
        large=numbers["large"],
        unit=given["small"].unit,
        sources=MappingProxyType({size: given[size].source for size in FROM_MID}),
    )


def _number(outcome: Outcome, threshold: Threshold) -> float:
    try:
        number = float(threshold.value.replace(",", ""))
    except ValueError:
        number = math.nan
    if not (math.isfinite(number) and number > 0):
        raise BadInput(
            f"the threshold {threshold.size!r} of {outcome.id!r} is {threshold.value!r}",
            "give a number above zero; the outcome's 'better' says which way is which",
        )
    return number


def _scale(outcome: Outcome, given: Mapping[str, Threshold]) -> float:
    """Return what one unit of the thresholds is in the unit of the effect."""
    units = {one.unit for one in given.values()}
    if len(units) > 1:
        raise BadInput(
            f"the thresholds of {outcome.id!r} stand in {' and '.join(sorted(units))}",
            "give all of them in one unit",
        )
    unit = units.pop()
    if outcome.kind == "continuous":
        if unit != outcome.unit:
            raise BadInput(
                f"the thresholds of {outcome.id!r} are in {unit!r}, the outcome in "
                f"{outcome.unit!r}",
                "convert them; the size is of a difference in the outcome's own unit",
            )
        return 1.0
    if unit not in RISK_UNITS:
        raise BadInput(
            f"the thresholds of {outcome.id!r} are in {unit!r}",
            f"the size is of a risk difference: use one of {', '.join(RISK_UNITS)}",
        )
    return RISK_UNITS[unit]
