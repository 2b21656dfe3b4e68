"""Families ``escalc`` and ``convert``: effect sizes and conversions."""

from __future__ import annotations

import re

from validation.families.cases import (
    Inputs,
    NotCoveredYet,
    Outputs,
)
from validation.families.rows import (
    ROWS,
)

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
    raise NotCoveredYet("five-number summaries")
