"""The state of a report at a stage: one table, read from the top, the first row that holds counts.

Source: the truth table of Covidence's public guide (two people, maybe counts as yes), widened to
one, two or three people and to *maybe* as a class of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

__all__ = ["MAYBE_COUNTS_AS", "NEEDED", "SETTLED_AS", "STATES", "StateRow", "Tally", "state_of"]

#: How many people screen a report.
NEEDED = (1, 2, 3)

#: What *maybe* may count as.
MAYBE_COUNTS_AS = ("include", "own-class")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """The counted votes on one report at one stage.

    ``people`` is how many persons cast them, ``needed`` how many must; ``decisions`` are the
    different decisions among them.
    """

    stage: str
    people: int
    needed: int
    decisions: frozenset[str]
    maybe_counts_as: str = "include"


@dataclass(frozen=True, slots=True, kw_only=True)
class StateRow:
    """One row: its name, when it holds, the state, and how it reads."""

    name: str
    holds: Callable[[Tally], bool]
    state: str
    reads: str
    light: bool = False


def _all(*decisions: str) -> Callable[[Tally], bool]:
    return lambda t: t.decisions == frozenset(decisions)


def _maybe_included(t: Tally) -> bool:
    return t.maybe_counts_as == "include" and _all("include", "maybe")(t)


def _not_retrieved(t: Tally) -> bool:
    return t.stage == "full-text" and _all("not-retrieved")(t)


STATES: tuple[StateRow, ...] = (
    StateRow(name="too-few", holds=lambda t: t.people < t.needed, state="awaiting",
             reads="fewer people than needed have voted: awaiting, k of n"),
    StateRow(name="all-include", holds=_all("include"), state="in",
             reads="everybody includes: in, on to the next stage"),
    StateRow(name="all-maybe", holds=_all("maybe"), state="in",
             reads="everybody says maybe: nobody excludes, so in"),
    StateRow(name="include-or-maybe", holds=_maybe_included, state="in",
             reads="include and maybe, and maybe counts as include: in"),
    StateRow(name="discuss", holds=_all("include", "maybe"), state="conflict", light=True,
             reads="include and maybe, and maybe is a class of its own: a light conflict"),
    StateRow(name="all-exclude", holds=_all("exclude"), state="out",
             reads="everybody excludes: out"),
    StateRow(name="all-not-retrieved", holds=_not_retrieved, state="not-retrieved",
             reads="nobody could get the full text: not retrieved, a state and never an exclusion"),
    StateRow(name="mixed", holds=lambda t: True, state="conflict",
             reads="anything else: a conflict"),
)  # fmt: skip

#: What a consensus makes of a report.
SETTLED_AS: Mapping[str, str] = MappingProxyType(
    {"include": "in", "maybe": "in", "exclude": "out", "not-retrieved": "not-retrieved"}
)


def state_of(tally: Tally) -> StateRow:
    """Return the first row of ``STATES`` that holds.

    Examples
    --------
    >>> state_of(Tally(stage="title-abstract", people=2, needed=2,
    ...                decisions=frozenset({"include", "exclude"}))).state
    'conflict'
    """
    return next(row for row in STATES if row.holds(tally))
