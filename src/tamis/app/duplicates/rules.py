"""What the engine says of a pair, in words."""

from __future__ import annotations

from tamis.app.duplicates.views import Opinion
from tamis.dedupe import REASONS
from tamis.domain.records import PairDecision

__all__ = ["opinion"]


def opinion(said: PairDecision | None) -> Opinion | None:
    """Return what the engine says of a pair, in words."""
    if said is None:
        return None
    reads, case = REASONS.get(said.rule, (said.rule, ""))
    return Opinion(decision=said.decision, rule=said.rule, reads=reads, case=case)
