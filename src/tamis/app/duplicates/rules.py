"""What the rules of de-duplication read, in words: from the tables they stand in."""

from __future__ import annotations

from collections.abc import Mapping

from tamis.app.duplicates.views import Opinion
from tamis.dedupe import RULES, VETOES
from tamis.domain.records import PairDecision

__all__ = ["REASONS", "opinion", "reads_of"]

#: Rule or veto -> what it reads, and the case that motivated it.
REASONS: Mapping[str, tuple[str, str]] = {
    "exact-copy": ("every field that is compared is the same", "one search exported twice"),
    **{rule.name: (rule.reads, rule.case) for rule in RULES},
    **{veto.name: (veto.reads, veto.case) for veto in VETOES},
}


def reads_of(rule: str) -> str:
    """Return what a rule reads; the name of one that is not known.

    Examples
    --------
    >>> reads_of("same-title-and-place")
    'title, first page and volume or journal agree, authors and year do not disagree'
    """
    return REASONS.get(rule, (rule, ""))[0]


def opinion(said: PairDecision | None) -> Opinion | None:
    """Return what the engine says of a pair, in words."""
    if said is None:
        return None
    reads, case = REASONS.get(said.rule, (said.rule, ""))
    return Opinion(decision=said.decision, rule=said.rule, reads=reads, case=case)
