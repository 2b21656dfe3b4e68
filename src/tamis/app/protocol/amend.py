"""Adopt ``review.toml``, ``claims.toml`` and a review's own tools: a change becomes an event."""

from __future__ import annotations

from tamis.app.judgement.claims_file import declared, own_claims
from tamis.app.protocol.protocol import FILE, parse_protocol, place_in
from tamis.app.review import Review
from tamis.app.tools import check_tools, own_tools, tools_of
from tamis.domain.canonical import sha256_hex
from tamis.domain.errors import BadInput
from tamis.domain.events import Draft
from tamis.domain.question import Protocol
from tamis.domain.state import latest

__all__ = ["adopt", "check_protocol", "is_adopted", "read_protocol"]


def read_protocol(review: Review) -> Protocol:
    """Read and check ``review.toml`` as it stands in the folder."""
    return parse_protocol(_text(review), name=FILE)


def is_adopted(review: Review) -> bool:
    """Tell whether the files in the folder are those the log adopted last."""
    texts = {FILE: _text(review), **own_tools(review), **own_claims(review)}
    return all(_is_newest(review, file, text) for file, text in texts.items())


def adopt(review: Review, *, by: str, at: str = "", reason: str = "") -> Protocol:
    """Record ``review.toml``, ``claims.toml`` and ``tools/*.toml`` where they differ from the log.

    Returns the protocol.

    Raises
    ------
    BadInput
        When the file is wrong; nothing is recorded then.
    """
    text = _text(review)
    protocol = parse_protocol(text, name=FILE)
    check_tools(protocol, tools_of(review))
    declared(review, protocol)
    changed = [
        Draft(
            actor=by,
            kind="protocol_amended.v1",
            subject=file,
            body={"file": file, "sha256": sha256_hex(now.encode()), "text": now, "reason": reason},
            at=at,
        )
        for file, now in {FILE: text, **own_tools(review), **own_claims(review)}.items()
        if not _is_newest(review, file, now)
    ]
    if changed:
        _check_plans(protocol, text)
        review.record(changed)
    return protocol


def check_protocol(review: Review, text: str) -> Protocol:
    """Return the protocol that a text of ``review.toml`` says, checked as ``adopt`` would.

    Raises
    ------
    BadInput
        When the text is wrong, or does not fit the review's tools and claims.
    """
    protocol = parse_protocol(text, name=FILE)
    check_tools(protocol, tools_of(review))
    declared(review, protocol)
    _check_plans(protocol, text)
    return protocol


def _check_plans(protocol: Protocol, text: str) -> None:
    """Refuse a plan that could never be computed, before it is adopted."""
    from tamis.synthesis import check_multiverse, check_plan

    for index, plan in enumerate(protocol.syntheses):
        try:
            check_plan(plan)
        except BadInput as error:
            told = {key: repr(getattr(plan, key)) for key in ("kind", "measure", "method")}
            key = next((key for key, word in told.items() if word in error.problem), "arms")
            where = place_in(text, "synthesis", index, key)
            raise BadInput(error.problem, error.remedy, where=where) from error
    plans = {plan.id: plan for plan in protocol.syntheses}
    for index, multiverse in enumerate(protocol.multiverses):
        try:
            check_multiverse(multiverse, plans[multiverse.synthesis])
        except BadInput as error:
            where = place_in(text, "multiverse", index, "id")
            raise BadInput(error.problem, error.remedy, where=where) from error


def _is_newest(review: Review, file: str, text: str) -> bool:
    newest = latest(review.state.amendments, file)
    return newest is not None and newest.sha256 == sha256_hex(text.encode())


def _text(review: Review) -> str:
    return review.read_text(FILE)
