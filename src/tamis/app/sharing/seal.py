"""Read out the heads of all chains, so that they can be deposited."""

from __future__ import annotations

from collections.abc import Mapping

from tamis.app.building.build import is_built, mark_built
from tamis.app.review import Review
from tamis.domain.events import Draft

__all__ = ["seal_review"]


def seal_review(
    review: Review, *, by: str, at: str = "", deposit: str = ""
) -> Mapping[str, tuple[int, str]]:
    """Return every chain's head and record that they were read out.

    The heads are those before the ``sealed`` event itself; whoever holds them can show that
    anything up to them was written before.
    """
    heads = dict(review.state.heads)
    body = {
        "heads": {chain: [seq, digest] for chain, (seq, digest) in heads.items()},
        "deposit": deposit,
    }
    built = is_built(review)
    review.record([Draft(actor=by, kind="sealed.v1", subject=review.state.id, body=body, at=at)])
    if built:
        mark_built(review)
    return heads
