"""What every family needs: the words of a call, refusals, empty keys."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from tamis.domain.results import (
    Refusal,
)
from tamis.synthesis import PoolSettings

_STOPPING: ContextVar[str] = ContextVar("stopping", default="end")

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


@contextmanager
def stopping(rule: str) -> Iterator[None]:
    """Have every pool of a block asked for with a rule for stopping of the product."""
    token = _STOPPING.set(rule)
    try:
        yield
    finally:
        _STOPPING.reset(token)


def stopping_rule() -> str:
    """Return the rule for stopping that holds now."""
    return _STOPPING.get()


def pooling(method: str = "REML", test: str = "auto", prediction: str = "V") -> PoolSettings:
    """Return the settings of a pool under the rule for stopping that holds now."""
    return PoolSettings(method=method, test=test, prediction=prediction, stopping=_STOPPING.get())


def without_none(outputs: Outputs) -> Outputs:
    return {name: value for name, value in outputs.items() if value is not None}


def logit(p: float) -> float | None:
    return None if p in (0, 1) else math.log(p) - math.log1p(-p)
