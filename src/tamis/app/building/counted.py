"""A number with its noun in the right form: "1 report", "2 reports"."""

from __future__ import annotations

__all__ = ["number_of"]


def number_of(n: int, noun: str) -> str:
    """Return a count with its noun, in the plural where it is not one.

    Examples
    --------
    >>> number_of(1, "duplicate"), number_of(0, "warning"), number_of(2, "study")
    ('1 duplicate', '0 warnings', '2 studies')
    >>> number_of(1, "synthesis"), number_of(3, "synthesis")
    ('1 synthesis', '3 syntheses')
    """
    if n == 1:
        return f"1 {noun}"
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return f"{n} {noun[:-1]}ies"
    if noun.endswith("is"):
        return f"{n} {noun[:-2]}es"
    return f"{n} {noun}s"
