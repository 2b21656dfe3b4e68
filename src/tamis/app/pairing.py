"""De-duplication with another engine's candidates: the rules of the house decide about each pair.

The engine answers which records are worth comparing, in chunks; which pairs are the same, kept
apart or left to people is decided here, by the rules of ``tamis.dedupe``, so that the log of
decisions is the same whatever machine found the pairs. The records wait on disk meanwhile.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Protocol, cast, overload

from tamis.dedupe.block import KEYS, SPLIT_BY
from tamis.dedupe.clusters import cluster
from tamis.dedupe.engine import DedupeResult, check_ids, collapse, complete, decide
from tamis.dedupe.prepare import Prepared, prepare
from tamis.dedupe.settings import DedupeSettings
from tamis.domain.records import PairDecision, Record
from tamis.engines.features import FeatureRow, Features
from tamis.engines.shelf import Shelf

__all__ = ["PairEngine", "deduplicate_with", "features_of"]

#: Prepared records that stay in memory: candidates come in order, so near ones are asked for again.
AT_HAND = 5_000


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
    Memory grows with the ids and the decisions only: records are taken one at a time, what is
    compared of them lies on disk, and candidates are never held all at once.
    """
    settings = DedupeSettings() if settings is None else settings
    apart = {name for d in decided if d.decision != "same" for name in (d.a, d.b)}
    with Shelf() as shelf:
        shelf.fill((one.id, pickle.dumps(one, protocol=5)) for one in map(prepare, records))
        names = shelf.names()
        check_ids(names)
        places, copies = collapse(_OnShelf(shelf, names), apart)
        singles = _OnShelf(shelf, [names[place] for place in places])
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
        clusters=cluster(names, ordered, decided),
        pairs=ordered, settings=settings, decided=tuple(decided), capped=engine.capped,
    )  # fmt: skip


class _OnShelf(Sequence[Prepared]):
    """Prepared records by their position, read from the shelf when they are asked for."""

    def __init__(self, shelf: Shelf, names: Sequence[str]) -> None:
        self._names = names

        def read(name: str) -> Prepared:
            return cast("Prepared", pickle.loads(shelf.get(name)))  # noqa: S301 - our own, above

        self._read = read
        self._at_hand = lru_cache(maxsize=AT_HAND)(read)

    def __len__(self) -> int:
        return len(self._names)

    def __iter__(self) -> Iterator[Prepared]:
        return map(self._read, self._names)

    @overload
    def __getitem__(self, place: int) -> Prepared: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Prepared]: ...
    def __getitem__(self, place: int | slice) -> Prepared | Sequence[Prepared]:
        if isinstance(place, slice):
            return [self._at_hand(name) for name in self._names[place]]
        return self._at_hand(self._names[place])


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
