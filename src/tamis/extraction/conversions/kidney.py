"""Estimated glomerular filtration of one person from serum creatinine."""

from __future__ import annotations

import math

from tamis.domain.errors import BadInput

__all__ = ["MG_PER_UMOL", "ckd_epi_2021"]

#: Milligrams per decilitre of creatinine in one micromole per litre.
MG_PER_UMOL = 1 / 88.4


def ckd_epi_2021(creatinine: float, age: float, *, female: bool) -> float:
    """Return the eGFR in mL/min/1.73 m² by the CKD-EPI equation of 2021, without race.

    It holds for one adult. The mean creatinine of a group does not give its mean eGFR.

    Parameters
    ----------
    creatinine
        Serum creatinine in mg/dL (``MG_PER_UMOL`` times µmol/L).
    age
        Years, 18 or more.
    female
        Sex.

    Raises
    ------
    BadInput
        For a creatinine not above 0 or an age below 18.

    References
    ----------
    Inker 2021, N Engl J Med 385:1737.

    Examples
    --------
    >>> round(ckd_epi_2021(0.9, 55, female=True), 4)
    75.4988
    """
    if not (math.isfinite(creatinine) and creatinine > 0):
        raise BadInput(f"a creatinine of {creatinine} cannot be", "give mg/dL, above 0")
    if not (math.isfinite(age) and age >= 18):
        raise BadInput(f"the equation does not hold at {age} years", "give an age from 18 on")
    at, power, factor = (0.7, -0.241, 1.012) if female else (0.9, -0.302, 1.0)
    ratio = creatinine / at
    slow, fast = min(ratio, 1.0) ** power, max(ratio, 1.0) ** -1.2
    return float(142 * slow * fast * 0.9938**age * factor)
