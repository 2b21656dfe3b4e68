"""What every family needs: the words of a call, refusals, empty keys."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from tamis.domain.results import (
    Refusal,
)

Inputs = Mapping[str, Any]


Outputs = dict[str, Any]


class NotCoveredYet(Exception):
    """The product has no method for this case yet; the message names what is missing."""


class Refused(Exception):
    """The product refuses this case, and says why."""


def word(call: str, name: str, default: str = "") -> str:
    found = re.search(rf"{re.escape(name)}\s*=\s*'([^']*)'", call)
    return found[1] if found else default


def given(found: Any) -> Any:
    if isinstance(found, Refusal):
        raise Refused(f"{found.rule}: {found.message}")
    return found


def without_none(outputs: Outputs) -> Outputs:
    return {name: value for name, value in outputs.items() if value is not None}


def logit(p: float) -> float | None:
    return None if p in (0, 1) else math.log(p) - math.log1p(-p)
