"""A number on which product and oracle differ."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["Agrees", "Difference", "Proof"]


@dataclass(frozen=True)
class Difference:
    """A number that differs: its case, key, place among the numbers of that key, both values.

    ``siblings`` are the oracle's cases of the same family and data.
    """

    case: Mapping[str, Any]
    name: str
    at: int
    got: Any
    expected: Any
    siblings: tuple[Mapping[str, Any], ...] = ()


Agrees = Callable[[Any, Any], bool]

#: Whether a difference has a cause: the difference, the product's number computed anew, agreement.
Proof = Callable[[Difference, Callable[[], Any], Agrees], bool]
