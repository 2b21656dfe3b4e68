"""Adopt ``review.toml``: a change of the file becomes an event with the full text."""

from __future__ import annotations

from tamis.app.protocol import FILE, parse_protocol
from tamis.app.review import Review
from tamis.domain.canonical import sha256_hex
from tamis.domain.events import Draft
from tamis.domain.question import Protocol
from tamis.domain.state import latest

__all__ = ["adopt", "is_adopted", "read_protocol"]


def read_protocol(review: Review) -> Protocol:
    """Read and check ``review.toml`` as it stands in the folder."""
    return parse_protocol(_text(review), name=FILE)


def is_adopted(review: Review) -> bool:
    """Tell whether the file in the folder is the one the log adopted last."""
    newest = latest(review.state.amendments, FILE)
    return newest is not None and newest.sha256 == sha256_hex(_text(review).encode())


def adopt(review: Review, *, by: str, at: str = "", reason: str = "") -> Protocol:
    """Record ``review.toml`` when it differs from what the log holds; return the protocol.

    Raises
    ------
    BadInput
        When the file is wrong; nothing is recorded then.
    """
    text = _text(review)
    protocol = parse_protocol(text, name=FILE)
    if not is_adopted(review):
        body = {"file": FILE, "sha256": sha256_hex(text.encode()), "text": text, "reason": reason}
        review.record([Draft(actor=by, kind="protocol_amended.v1", subject=FILE, body=body, at=at)])
    return protocol


def _text(review: Review) -> str:
    return review.read_text(FILE)
