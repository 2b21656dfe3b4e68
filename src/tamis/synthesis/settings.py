"""Settings of the room: small frozen values that are written beside every result."""

from __future__ import annotations

from dataclasses import dataclass, fields
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from scipy.special import ndtri

from tamis.domain.errors import BadInput

__all__ = [
    "ENGINE_VERSION",
    "ESTIMATORS",
    "LARGEST",
    "PREDICTIONS",
    "TESTS",
    "TESTS_BY_NAME",
    "EffectSettings",
    "PoolSettings",
    "ProportionSettings",
    "confidence",
    "normal_quantile",
]

#: Raised whenever a number of this room changes for the same input.
ENGINE_VERSION = "1"

#: Effects and variances beyond this are refused: their squares would leave double precision.
LARGEST = 1e60

#: Estimators of tau2, and the common-effect model; each is cited in ``tau2``.
ESTIMATORS = ("REML", "ML", "PM", "EB", "DL", "HE", "HS", "SJ", "FE")

#: How the interval of the pooled effect is made. ``auto`` is ``z`` for FE and ``adhoc`` otherwise.
TESTS = ("auto", "adhoc", "knha", "z", "adhoc-ci", "kr")

#: What a protocol calls an interval of a pool -> the test; empty leaves the choice to ``auto``.
TESTS_BY_NAME = {"hartung-knapp": "adhoc", "wald": "z"}

#: Prediction intervals: t(k-1) or t(k-2) or normal with the classic SE, t(k-1) with the HK SE.
PREDICTIONS = ("V", "HTS", "S", "HK", "none")

#: Where searches of tau2 and of its limits stop: at their end, or where metafor's do by default.
STOPPINGS = ("end", "metafor")

ZERO_RULES = ("only0", "if0all", "all", "none")

VARIANCES = ("LS", "LS2", "UB", "AV", "HO")

#: Small-sample terms of the ratios ROM, VR, CVR, ROMC and CVRC (``sizes.ratios``).
CORRECTIONS = ("full", "sd", "none")


@lru_cache(maxsize=64)
def confidence(level: str) -> float:
    """Return a confidence level as a number.

    Raises
    ------
    BadInput
        When the text is no number between 0 and 1.

    Examples
    --------
    >>> confidence("0.95")
    0.95
    """
    try:
        number = Decimal(level)
    except InvalidOperation as error:
        raise _no_level(level) from error
    if not (number.is_finite() and 0 < number < 1):
        raise _no_level(level)
    return float(number)


def _no_level(level: str) -> BadInput:
    return BadInput(f"{level!r} is no confidence level", "give it as a share, for example 0.95")


@lru_cache(maxsize=64)
def normal_quantile(level: float) -> float:
    """Return z such that a standard normal lies within ±z with probability ``level``."""
    return float(ndtri((1 + level) / 2))


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectSettings:
    """How effect sizes are computed.

    Parameters
    ----------
    zero_cells
        Which two-by-two tables get 0.5 in all four cells: those with a zero (``only0``), every
        table when any has one (``if0all``), ``all`` or ``none``. Never used for one study alone.
    drop_double_zero
        Leave out tables without an event, and tables in which everybody had one.
    variance
        Sampling variance of means: for SMD ``LS``, ``LS2``, ``UB`` or ``AV``, for MD ``LS``
        (unequal variances) or ``HO`` (equal ones).
    level
        Confidence level of each study's own interval.
    correction
        Small-sample correction of log ratios of means and spreads: ``full`` (metafor from 5.0
        on), ``sd`` (metafor before 5.0) or ``none``.
    freeman_tukey
        Whether PFT may be computed, whose back-transform is not monotone.
    """

    zero_cells: str = "only0"
    drop_double_zero: bool = False
    variance: str = "LS"
    level: str = "0.95"
    correction: str = "full"
    freeman_tukey: bool = False

    def __post_init__(self) -> None:
        _one_of(self.zero_cells, ZERO_RULES, "rule for zero cells")
        _one_of(self.variance, VARIANCES, "variance")
        _one_of(self.correction, CORRECTIONS, "small-sample correction")
        confidence(self.level)

    def as_dict(self) -> dict[str, str]:
        """Return the settings as texts, for the log and the report."""
        return _as_texts(self)

    def used_by(self, measure: str) -> dict[str, str]:
        """Return those settings that bear on a measure."""
        unused = {
            "correction": measure not in ("ROM", "VR", "CVR", "ROMC", "VRC", "CVRC"),
            "freeman_tukey": measure != "PFT",
        }
        return {name: text for name, text in self.as_dict().items() if not unused.get(name)}


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolSettings:
    """How effects are pooled.

    Parameters
    ----------
    method
        Estimator of tau2 (``ESTIMATORS``); ``FE`` is the common-effect model.
    test
        Interval of the pooled effect (``TESTS``). ``adhoc`` is Hartung-Knapp with the floor
        max(1, q), so that it is never narrower than one study's worth of evidence allows.
    prediction
        Kind of prediction interval (``PREDICTIONS``), shown from three studies on.
    level
        Confidence level.
    stopping
        ``end`` runs every search of tau2 and its limits to its end; ``metafor`` stops where
        metafor does by default, to reproduce a published analysis digit by digit (``stopping``).
    """

    method: str = "REML"
    test: str = "auto"
    prediction: str = "V"
    level: str = "0.95"
    stopping: str = "end"

    def __post_init__(self) -> None:
        _one_of(self.method, ESTIMATORS, "estimator of tau2")
        _one_of(self.test, TESTS, "interval of a pool")
        _one_of(self.prediction, PREDICTIONS, "prediction interval")
        _one_of(self.stopping, STOPPINGS, "rule for stopping")
        confidence(self.level)
        if self.test == "kr" and self.method != "REML":
            raise BadInput(
                f"Kenward-Roger is defined for REML, not for {self.method}",
                "use method REML, or test adhoc",
            )

    @property
    def resolved_test(self) -> str:
        """The test that ``auto`` stands for."""
        if self.test != "auto":
            return self.test
        return "z" if self.method == "FE" else "adhoc"

    def as_dict(self) -> dict[str, str]:
        """Return the settings as texts, for the log and the report."""
        return _as_texts(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProportionSettings:
    """How single-arm proportions are pooled (random-intercept logistic model, ML).

    Parameters
    ----------
    nodes
        Points of the adaptive Gauss-Hermite quadrature, at least 7.
    heterogeneity
        Whether tau2 is estimated (``ML``) or set to zero (``EE``, one common proportion).
    test
        Wald interval with the normal (``z``) or the t(k−1) quantile (``t``); the profile
        likelihood interval, which is shown first, does not depend on it.
    prediction
        ``V`` (t with k−1), ``S`` (normal) or ``none``.
    level
        Confidence level.
    """

    nodes: int = 21
    heterogeneity: str = "ML"
    test: str = "z"
    prediction: str = "V"
    level: str = "0.95"

    def __post_init__(self) -> None:
        _one_of(self.heterogeneity, ("ML", "EE"), "model of heterogeneity")
        _one_of(self.test, ("z", "t"), "test")
        _one_of(self.prediction, ("V", "S", "none"), "prediction interval")
        confidence(self.level)
        if not 7 <= self.nodes <= 101:
            raise BadInput(f"{self.nodes} quadrature points", "use 7 to 101 points")

    def as_dict(self) -> dict[str, str]:
        """Return the settings as texts, for the log and the report."""
        return _as_texts(self)


def _as_texts(settings: EffectSettings | PoolSettings | ProportionSettings) -> dict[str, str]:
    pairs = ((field.name, getattr(settings, field.name)) for field in fields(settings))
    return {name: _text(value) for name, value in pairs if (name, value) != ("stopping", "end")}


def _text(value: object) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _one_of(word: str, allowed: tuple[str, ...], what: str) -> None:
    if word not in allowed:
        raise BadInput(f"{word!r} is no {what}", f"use one of {', '.join(allowed)}")
