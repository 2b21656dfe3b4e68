"""Run de-duplication once for the imported files, and give the clusters as people decided them."""

from __future__ import annotations

from tamis.app.imports import Library
from tamis.app.review import Review
from tamis.app.runs import EngineKey, run_once
from tamis.dedupe import (
    ENGINE,
    ENGINE_VERSION,
    DedupeSettings,
    cluster,
    deduplicate,
    read_pairs,
    write_pairs,
)
from tamis.domain.question import Protocol
from tamis.domain.records import Cluster, PairDecision

__all__ = ["clusters_of", "dedupe_key", "pairs_of"]


def dedupe_key(review: Review, protocol: Protocol) -> EngineKey:
    """Return the key of the de-duplication run for the review as it stands."""
    settings = DedupeSettings(policy=protocol.dedupe_policy)
    return EngineKey(
        engine=ENGINE,
        version=ENGINE_VERSION,
        stage="dedupe",
        settings=settings.as_dict(),
        inputs=tuple(sorted(review.state.batches)),
        decides=True,
    )


def pairs_of(
    review: Review, protocol: Protocol, library: Library, *, write: bool = True
) -> tuple[PairDecision, ...]:
    """Return the engine's pair decisions for the imported records."""
    if not library.records:
        return ()
    settings = DedupeSettings(policy=protocol.dedupe_policy)

    def compute() -> bytes:
        result = deduplicate(tuple(library.records.values()), settings=settings)
        return write_pairs(result.pairs)

    output = run_once(review, dedupe_key(review, protocol), compute, write=write)
    return read_pairs(output, name="decisions of the de-duplication engine")


def clusters_of(
    review: Review, library: Library, pairs: tuple[PairDecision, ...]
) -> tuple[Cluster, ...]:
    """Join engine's pairs and people's pair decisions into clusters; people decide."""
    decided = tuple(review.state.pairs.values())
    return cluster(tuple(library.records), pairs, decided)
