"""Criteria answered one by one, and the decision that follows from the answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tamis.domain.question import Criterion
from tamis.screening.reasons import order_of, ordered

__all__ = ["ANSWERS", "criteria_at", "follows"]

#: What may be answered to a criterion.
ANSWERS = ("met", "not met", "unclear")


def criteria_at(criteria: Sequence[Criterion], stage: str) -> tuple[Criterion, ...]:
    """Return the newest version of every criterion of a stage, first deciding reason first."""
    newest = {c.id: c for c in sorted(criteria, key=lambda c: c.version)}
    here = (c for c in newest.values() if c.stage in (stage, "both"))
    return tuple(sorted(here, key=lambda c: (c.order, c.id)))


def follows(
    answers: Mapping[str, str], criteria: Sequence[Criterion], stage: str
) -> tuple[str, str] | None:
    """Return the decision and the reason that follow from answers; ``None``: not all answered.

    Any *not met* excludes, for the first of these in the order of reasons; else any *unclear* is
    maybe; all *met* includes.

    Examples
    --------
    >>> criteria = [Criterion(id="design", version=1, stage="both", kind="include",
    ...                       text="a trial", order=1)]
    >>> follows({"design": "not met"}, criteria, "title-abstract")
    ('exclude', 'design')
    >>> follows({}, criteria, "title-abstract") is None
    True
    """
    not_met = [name for name, answer in answers.items() if answer == "not met"]
    if not_met:
        return "exclude", ordered(not_met, order_of(criteria))[0]
    asked = [c.id for c in criteria_at(criteria, stage)]
    if not asked or any(name not in answers for name in asked):
        return None
    return ("maybe" if "unclear" in answers.values() else "include"), ""
