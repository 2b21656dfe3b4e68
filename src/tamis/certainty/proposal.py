"""A proposal for one GRADE domain: a change of level or none, the rule, the numbers behind it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["DomainProposal", "listing", "number", "percent"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainProposal:
    """What the rules propose for one domain.

    ``change`` is ``None`` where they propose nothing and a person decides; ``message`` says why,
    with the numbers; ``because`` are ids of values, studies or events. A person decides every
    domain, whatever is proposed.
    """

    domain: str
    change: int | None
    rule: str
    message: str
    because: tuple[str, ...] = ()


def percent(share: float) -> str:
    """Write a share for a message.

    Examples
    --------
    >>> percent(2 / 3), percent(1.0)
    ('66.7 %', '100 %')
    """
    return f"{round(100 * share, 1):g} %"


def number(value: float | None, digits: int = 2) -> str:
    """Write a number for a message, or words where there is none.

    Examples
    --------
    >>> number(-3.04), number(None), number(float("inf")), number(0.254, 3)
    ('−3.04', 'not known', 'no limit', '0.254')
    """
    if value is None or math.isnan(value):
        return "not known"
    if math.isinf(value):
        return "no limit"
    shown = f"{abs(value):.{digits}f}"
    return f"−{shown}" if value < 0 and float(shown) != 0 else shown


def listing(names: Sequence[str]) -> str:
    """Join names as a list in a sentence.

    Examples
    --------
    >>> listing(["a", "b", "c"])
    'a, b and c'
    """
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"
