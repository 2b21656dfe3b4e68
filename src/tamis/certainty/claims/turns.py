"""Marks and numbers in turn: which of two times, studies or outcomes a number is told of."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tamis.certainty.claims.context import Context
from tamis.certainty.claims.numbers import Number

__all__ = ["told_of"]

_AND = re.compile(r"\band\b|、|和|与|及", re.IGNORECASE)
_CLAUSE = re.compile(r"[;；。]|\b(?:than|with|versus|vs)\b", re.IGNORECASE)
_RESPECTIVELY = re.compile(r"\brespectively\b|分别", re.IGNORECASE)


def told_of(marks: Sequence[tuple[int, str]], context: Context, number: Number) -> str:
    """Return the mark of a number where marks and numbers of its kind stand in turn."""
    like = [n for n in context.numbers if n.kind == number.kind]
    if len(marks) != len(like) or len(marks) < 2:
        return ""
    order = "".join(
        c for _, c in sorted([(at, "M") for at, _ in marks] + [(n.start, "N") for n in like])
    )
    listed = order == "M" * len(marks) + "N" * len(marks) and _joined(marks, context)
    if (
        listed
        or order in ("MN" * len(marks), "NM" * len(marks))
        or _RESPECTIVELY.search(context.sentence.text)
    ):
        return marks[like.index(number)][1]
    return ""


def _joined(marks: Sequence[tuple[int, str]], context: Context) -> bool:
    """Tell whether marks stand in one list: "in the first and the second"."""
    between = context.span(marks[0][0], marks[-1][0])
    return bool(_AND.search(between)) and not _CLAUSE.search(between)
