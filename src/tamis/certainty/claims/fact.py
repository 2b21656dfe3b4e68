"""One number of the evidence, in the shape in which texts state it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

__all__ = ["Fact"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One number of the evidence: kind as in ``numbers.Number``, study, outcome, ids behind it.

    ``sure`` tells whether its status lets it judge a text, ``direct`` whether it was read in a
    report of the study itself; ``method`` names how a result was got that is not the main one.
    ``by`` is the method of a main result; ``counts`` tells what people were counted for: ``n``
    (those looked at) or ``events``; ``studies`` are those behind a result of the review; ``of`` are
    the people a percentage is of.
    """

    kind: str
    value: Decimal
    ids: tuple[str, ...]
    study: str = ""
    outcome: str = ""
    whole: Decimal | None = None
    high: Decimal | None = None
    estimand: str = ""
    visit: str = ""
    arm: str = ""
    definition: str = ""
    per_kg: bool = False
    measure: str = ""
    unit: str = ""
    sure: bool = True
    direct: bool = True
    method: str = ""
    by: str = ""
    counts: str = ""
    studies: tuple[str, ...] = ()
    of: Decimal | None = None
