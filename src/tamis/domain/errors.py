"""Every error Tamis raises on purpose.

    TamisError
    ├── BadInput         a file or an argument is wrong: mend it and run again  exit 2
    │   └── BadRows      several rows of one table are, each with its line      exit 2
    ├── RuleBroken       the review process does not allow this step now        exit 2
    ├── ChainBroken      the event log is not what was acknowledged             exit 2 (verify: 1)
    ├── NotFound         something that was named does not exist                exit 2
    ├── Conflict         somebody else is writing, or wrote first               exit 2
    ├── StorageFailed    the disk refused (full, read-only, failed fsync)       exit 2
    └── MissingExtra     an optional dependency is not installed                exit 2

A child tells what the *caller* can do about it. Every message has three parts: where (file and
line, when there is one), what is wrong, and what to do; one renderer per border prints them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = [
    "BadInput",
    "BadRows",
    "ChainBroken",
    "Conflict",
    "MissingExtra",
    "NotFound",
    "Place",
    "RuleBroken",
    "StorageFailed",
    "TamisError",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where in a file something stands; ``line`` counts from 1."""

    file: str
    line: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        text = self.file if self.line is None else f"{self.file}:{self.line}"
        return text if self.column is None else f"{text} [{self.column}]"


class TamisError(Exception):
    """What went wrong, where, and what to do.

    Parameters
    ----------
    problem
        One sentence that says what is wrong.
    remedy
        One sentence that says what to do next.
    where
        File and line, when the problem stands in a file.

    Examples
    --------
    >>> print(BadInput("the column 'unit' is missing", "add it to the header",
    ...                where=Place(file="values.csv", line=1)))
    values.csv:1: the column 'unit' is missing. To do: add it to the header.
    """

    def __init__(self, problem: str, remedy: str, *, where: Place | None = None) -> None:
        super().__init__(problem, remedy, where)
        self.problem = problem
        self.remedy = remedy
        self.where = where

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        return f"{place}{_stopped(self.problem)} To do: {_stopped(self.remedy)}"


class BadInput(TamisError):
    """A file or an argument cannot be read as what it should be."""


class BadRows(BadInput):
    """Several rows of one table are wrong; ``each`` holds one error a row, in their order.

    Parameters
    ----------
    each
        Two errors or more.

    Examples
    --------
    >>> rows = [BadInput("the cell is empty", "fill it", where=Place(file="t.csv", line=at))
    ...         for at in (2, 5)]
    >>> print(BadRows(rows))
    t.csv:2: the cell is empty. To do: fill it.
    t.csv:5: the cell is empty. To do: fill it.
    """

    def __init__(self, each: Sequence[BadInput]) -> None:
        first = each[0]
        super().__init__(first.problem, first.remedy, where=first.where)
        self.each = tuple(each)

    def __str__(self) -> str:
        return "\n".join(str(one) for one in self.each)


class RuleBroken(TamisError):
    """The review process refuses this step; ``rule`` names the row of the transition table."""

    def __init__(self, problem: str, remedy: str, *, rule: str, where: Place | None = None) -> None:
        super().__init__(problem, remedy, where=where)
        self.rule = rule


class ChainBroken(TamisError):
    """A hash chain of the log does not hold: an acknowledged event is missing or altered."""


class NotFound(TamisError):
    """A file, a review, an outcome or an event that was named does not exist."""


class Conflict(TamisError):
    """Another process holds the review, or has changed what this one was working on."""


class StorageFailed(TamisError):
    """The disk or the database refused to write or to make the write durable."""


class MissingExtra(TamisError):
    """An optional dependency is needed for this and is not installed."""


def _stopped(text: str) -> str:
    """Return a sentence with one stop at its end."""
    return text if text.endswith(("?", "!")) else f"{text.rstrip('.')}."
