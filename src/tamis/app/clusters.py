"""Run de-duplication once for the imported files, and give the clusters as people decided them."""

from __future__ import annotations

from collections.abc import Sequence

from tamis.app.imports import Duplicates, Imported, Library
from tamis.app.review import Review
from tamis.app.runs import EngineKey, kept_output, run_once
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

__all__ = [
    "clusters_of", "dedupe_key", "doubtful_pairs", "log_pairs", "new_duplicates", "pairs_of",
    "pairs_seen",
]  # fmt: skip

_OUTPUT = "decisions of the de-duplication engine"


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
    return read_pairs(output, name=_OUTPUT)


def pairs_seen(
    review: Review, protocol: Protocol, library: Library
) -> tuple[tuple[PairDecision, ...], bool]:
    """Return the engine's pair decisions and whether the log has them; nothing is written.

    They are read where the run was logged, and computed where it was not: ``log_pairs`` records
    them, before anybody decides on them.
    """
    kept = kept_output(review, dedupe_key(review, protocol)) if library.records else b""
    if kept:
        return read_pairs(kept, name=_OUTPUT), True
    return pairs_of(review, protocol, library, write=False), not library.records


def log_pairs(review: Review, protocol: Protocol, pairs: tuple[PairDecision, ...]) -> None:
    """Record pair decisions that were computed for the imports as they stand."""
    run_once(review, dedupe_key(review, protocol), lambda: write_pairs(pairs))


def clusters_of(
    review: Review, library: Library, pairs: tuple[PairDecision, ...]
) -> tuple[Cluster, ...]:
    """Join engine's pairs and people's pair decisions into clusters; people decide."""
    decided = tuple(review.state.pairs.values())
    return cluster(tuple(library.records), pairs, decided)


def new_duplicates(
    review: Review, protocol: Protocol, library: Library, done: Sequence[Imported]
) -> Duplicates:
    """Return which of the newly imported records are taken for one report, and which may be."""
    fresh = {record.id for item in done if item.new for record in item.parsed.records}
    if not fresh:
        return Duplicates()
    pairs = pairs_of(review, protocol, library, write=False)
    groups = [c.records for c in clusters_of(review, library, pairs) if len(c.records) > 1]
    records = library.records
    return Duplicates(
        merged=tuple(
            tuple(records[name] for name in group) for group in groups if fresh & set(group)
        ),
        doubtful=tuple(
            (records[pair.a], records[pair.b])
            for pair in doubtful_pairs(review, pairs)
            if fresh & {pair.a, pair.b}
        ),
    )


def doubtful_pairs(review: Review, pairs: tuple[PairDecision, ...]) -> tuple[PairDecision, ...]:
    """Return the engine's pairs that may be one report and that no person has decided."""
    decided = {(pair.a, pair.b) for pair in review.state.pairs.values()}
    return tuple(p for p in pairs if p.decision == "unsure" and (p.a, p.b) not in decided)
