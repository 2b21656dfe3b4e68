"""Families ``escalc`` and ``convert``: effect sizes and conversions."""

from __future__ import annotations

import re
from collections.abc import Mapping

from validation.families.cases import (
    Inputs,
    NotCoveredYet,
    Outputs,
    word,
)
from validation.families.rows import (
    ROWS,
)

from tamis.domain.results import Refusal
from tamis.extraction.conversions import CONVERSIONS, Conversion, Given
from tamis.extraction.conversions import convert as convert_numbers
from tamis.extraction.conversions.older import OLDER
from tamis.synthesis import (
    MEASURES,
    EffectSettings,
    effects,
)


def escalc(inputs: Inputs, call: str) -> Outputs:
    """metafor 3.8-1 corrects the spread of ratios only; 5.x says in its call what it corrects."""
    asked = re.search(r"correct=(TRUE|FALSE)", call)
    correction = "sd" if asked is None else {"TRUE": "full", "FALSE": "none"}[asked[1]]
    settings = EffectSettings(
        zero_cells=inputs.get("to", "only0"),
        drop_double_zero=bool(inputs.get("drop00", False)),
        variance=inputs.get("vtype", "LS"),
        correction=correction,
        freeman_tukey=True,
    )
    kind = MEASURES.get(inputs["measure"])
    if kind is None or kind.rows not in ROWS:
        raise NotCoveredYet(f"the effect size {inputs['measure']}")
    found = effects(kind.name, ROWS[kind.rows](inputs), settings=settings)
    return {
        "yi": [one.y for one in found],
        "vi": [None if one.se is None else one.se**2 for one in found],
    }


def convert(inputs: Inputs, call: str) -> Outputs:
    if "measure" in inputs:
        return escalc(inputs, call)
    return _five_numbers(inputs, call)


_FIVE = ("min", "q1", "median", "q3", "max", "n")


def _five_numbers(inputs: Inputs, call: str) -> Outputs:
    """Mean and SD from a five-number summary; a skewed sample is refused, as the oracle's NA.

    ``test=FALSE`` takes the product's formulas without their gate.
    """
    method, tested = word(call, "method"), "test=FALSE" not in call
    if method not in ("default", *OLDER):
        raise NotCoveredYet("medians of a lognormal sample, left on the log scale")
    made = []
    for at in range(len(inputs["n"])):
        numbers = {name: inputs[name][at] for name in _FIVE if inputs[name][at] is not None}
        gated = _converted(numbers)
        if method in OLDER:
            found = OLDER[method](numbers)
            plain = {} if found is None else {"mean": found[0], "sd": found[1]}
            made.append(plain if gated or not tested else {})
        else:
            made.append(gated if tested else _without_gate(numbers))
    return {"mean": [one.get("mean") for one in made], "sd": [one.get("sd") for one in made]}


def _row(numbers: Mapping[str, float]) -> Conversion:
    return next(row for row in reversed(CONVERSIONS) if set(row.needs) == set(numbers))


def _without_gate(numbers: Mapping[str, float]) -> dict[str, float]:
    return {step.statistic: step.number for step in _row(numbers).steps(numbers)}


def _converted(numbers: Mapping[str, float]) -> dict[str, float]:
    given_as = {name: Given(printed=str(number)) for name, number in numbers.items()}
    found = convert_numbers(_row(numbers).id, given_as)
    return {} if isinstance(found, Refusal) else {one.statistic: one.number for one in found}
