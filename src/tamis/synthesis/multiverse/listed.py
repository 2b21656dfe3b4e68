"""Specifications as rows of a table."""

from __future__ import annotations

import math
from collections.abc import Mapping

from tamis.synthesis.multiverse.specification import Specification

__all__ = ["jsonable", "listed"]


def listed(one: Specification, *, primary: str) -> Mapping[str, object]:
    """Return a specification as one mapping: id, options, result, statement."""
    found = one.outcome
    return {
        "id": one.id,
        **one.options,
        "k": found.k,
        "estimate": found.estimate,
        "ci_low": found.low,
        "ci_high": found.high,
        "statement": found.statement,
        "refused": found.refused,
        "same_as": one.same_as,
        "primary": one.id == primary,
    }


def jsonable(cell: object) -> object:
    """Return a cell as JSON has it: an infinite limit as a text.

    Examples
    --------
    >>> jsonable(math.inf), jsonable(0.5)
    ('Infinity', 0.5)
    """
    if isinstance(cell, float) and math.isinf(cell):
        return "Infinity" if cell > 0 else "-Infinity"
    return cell
