"""Ids that the parts of the sample review share."""

from __future__ import annotations

A, B = "a" * 12, "b" * 12
ADDRESS = "https://example.org/trial/2017"
PDF = "c0ffee" + "0" * 58
WHO = "p-rev-a"
AT = "2025-11-20T10:00:00.000Z"


def event(n: int) -> str:
    return f"{WHO}.9f3c12ab/{n}"


def value_id(study: str, outcome: str, visit: str, arm: str, statistic: str) -> str:
    return f"v:{study}/{outcome}/{visit}/{arm}/{statistic}"
