"""De-duplication with another engine's candidates: the rules of the house decide about each pair.

The engine answers which records are worth comparing, in chunks; which pairs are the same, kept
apart or left to people is decided here, by the rules of ``tamis.dedupe``, so that the log of
decisions is the same whatever machine found the pairs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from tamis.dedupe.block import KEYS, SPLIT_BY
from tamis.dedupe.clusters import cluster
from tamis.dedupe.engine import DedupeResult, check_ids, collapse, complete, decide
from tamis.dedupe.prepare import Prepared, prepare
from tamis.dedupe.settings import DedupeSettings
from tamis.domain.records import PairDecision, Record
from tamis.engines.features import FeatureRow, Features

__all__ = ["PairEngine", "deduplicate_with", "features_of"]


class PairEngine(Protocol):
    """Finds which records are worth comparing; ``capped`` counts groups that met the cap."""

    capped: int

    def candidates(self, features: Features) -> Iterator[list[tuple[int, int]]]:
        """Yield pairs of positions ``i < j`` in order, in chunks; none comes twice."""
        ...


def deduplicate_with(
    engine: PairEngine,
    records: Iterable[Record],
    *,
    settings: DedupeSettings | None = None,
    decided: Sequence[PairDecision] = (),
) -> DedupeResult:
    """Return what ``tamis.dedupe.deduplicate`` returns, with the candidates of an engine.

    Notes
    -----
    Candidates are never held all at once. The prepared records are, some kB each.
    """
    settings = DedupeSettings() if settings is None else settings
    ready = sorted(map(prepare, records), key=lambda r: r.id)
    check_ids(ready)
    apart = {name for d in decided if d.decision != "same" for name in (d.a, d.b)}
    singles, copies = collapse(ready, apart)
    pairs: dict[tuple[str, str], PairDecision] = {}
    for chunk in engine.candidates(features_of(singles, settings)):
        for i, j in chunk:
            found = decide(singles[i], singles[j], settings)
            if found is not None:
                pairs[found.a, found.b] = found
    pairs |= {(p.a, p.b): p for p in copies}
    complete(pairs, singles, decided, {p.b: p.a for p in copies}, settings)
    ordered = tuple(pairs[key] for key in sorted(pairs))
    return DedupeResult(
        clusters=cluster((r.id for r in ready), ordered, decided),
        pairs=ordered, settings=settings, decided=tuple(decided), capped=engine.capped,
    )  # fmt: skip


def features_of(records: Iterable[Prepared], settings: DedupeSettings) -> Features:
    """Return the feature table of prepared records: the keys by which they are grouped here too."""
    return Features(
        rows=(
            FeatureRow(
                keys=[key(r) for _, key, _ in KEYS], parts=[split(r) for split in SPLIT_BY],
                title=r.title, words=r.words,
            )
            for r in records
        ),
        cap=settings.block_cap, window=settings.window,
    )  # fmt: skip
