"""``claims.toml`` in the folder of a review."""

from __future__ import annotations

from collections.abc import Mapping

from tamis.app.review import Review
from tamis.certainty.claims import check_names, read_claims
from tamis.certainty.claims.written import FILE
from tamis.domain.claims import Claim
from tamis.domain.question import Protocol

__all__ = ["FILE", "declared", "own_claims"]


def own_claims(review: Review) -> Mapping[str, str]:
    """Return ``claims.toml`` of the folder by its name, when there is one: a file to adopt."""
    return {FILE: review.read_text(FILE)} if (review.root / FILE).is_file() else {}


def declared(review: Review, protocol: Protocol) -> tuple[Claim, ...]:
    """Return the claims of ``claims.toml``, checked against the names of the protocol.

    Raises
    ------
    BadInput
        With file and line: unknown keys or words, unknown outcomes or concepts.
    """
    found: tuple[Claim, ...] = ()
    for name, text in own_claims(review).items():
        found = read_claims(text, name=name)
        check_names(found, protocol, text=text, name=name)
    return found
