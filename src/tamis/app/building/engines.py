"""Before a report is computed: the protocol is adopted and every engine has run on the log.

Others may go on to write. So it is tried until nothing is missing for the log as it stands then;
should they write faster than engines run, they wait for the last try.
"""

from __future__ import annotations

from tamis.app.building.assemble import Tell, extraction_of, studies_of
from tamis.app.building.synthesise import (
    multiverse_key,
    run_analyses,
    synthesis_key,
)
from tamis.app.clusters import dedupe_key, pairs_of
from tamis.app.imports import load_library
from tamis.app.protocol.amend import adopt
from tamis.app.review import Review
from tamis.app.runs import find_run
from tamis.domain.errors import Conflict
from tamis.domain.question import Protocol

__all__ = ["run_engines"]

#: Tries that hold nobody up.
_TRIES = 3


def run_engines(review: Review, *, by: str, why: str = "", tell: Tell) -> Protocol:
    """Adopt the protocol and record the engine runs that a report of this log rests on.

    When this returns, the state that the review holds lacks none of them.

    Raises
    ------
    Conflict
        When another process does not end writing, or others change what engines work on each time.
    """
    tell("engines")
    for _ in range(_TRIES):
        with review.exclusively("build"):
            protocol = adopt(review, by=by, reason=why)
        if not _missing(review, protocol):
            return protocol
        _run(review, protocol)
    with review.exclusively("build"):
        protocol = adopt(review, by=by, reason=why)
        _run(review, protocol)
    if _missing(review, protocol):  # a database holds nobody off between two events
        raise Conflict("others write faster than the engines run", "build again in a quiet moment")
    return protocol


def _missing(review: Review, protocol: Protocol) -> bool:
    state = review.state
    if any(batch.records for batch in state.batches.values()) and (
        find_run(state, dedupe_key(review, protocol)) is None
    ):
        return True
    if not protocol.syntheses:
        return False
    extraction, studies = extraction_of(state), studies_of(state)
    keys = [synthesis_key(protocol, extraction, studies)]
    if protocol.multiverses:
        keys.append(multiverse_key(protocol, extraction, studies))
    return any(find_run(state, key) is None for key in keys)


def _run(review: Review, protocol: Protocol) -> None:
    if find_run(review.state, dedupe_key(review, protocol)) is None:
        pairs_of(review, protocol, load_library(review))
    state = review.state
    extraction, studies = extraction_of(state), studies_of(state)
    run_analyses(review, protocol, extraction, studies, write=True)
