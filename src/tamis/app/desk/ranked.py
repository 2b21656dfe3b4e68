"""The order by relevance: learnt from decisions that are unsealed for everybody, one run a time.

A run is an engine's run in the log; its output, the whole order, is kept in the review, so that
everybody reads in the same order, on every machine. What somebody voted alone is never learnt from:
the order would tell it. Reports that are decided keep their places at the front, the next
``STEP`` stay the next ones (people who screen the same reports stay together), and behind them
the rest comes by the ranking.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from types import MappingProxyType

from tamis.app.clusters import clusters_of, pairs_of
from tamis.app.desk.floor import Floor
from tamis.app.desk.listing import first_of
from tamis.app.imports import Library, load_library
from tamis.app.protocol.amend import read_protocol
from tamis.app.review import Review
from tamis.app.runs import EngineKey, inputs_hash, run_once
from tamis.domain.decisions import STAGES, EngineRun
from tamis.domain.errors import RuleBroken
from tamis.domain.events import Event
from tamis.domain.question import Protocol
from tamis.domain.records import Cluster
from tamis.domain.state import ReviewState

__all__ = [
    "STEP", "arranged", "decided", "is_due", "is_ranking", "learnt_from", "order_of", "run_ranking",
]  # fmt: skip

ENGINE, ENGINE_VERSION, STAGE = "ranking", "1", "rank"

#: Reports that stay the next ones when a new ranking comes.
STEP = 20

#: Reports of the review -> new decisions, as a share and at least as many, that make a ranking due.
#: A refit every 5 % costs hardly any reading; in a crowd the words of all are weighed for minutes.
_DUE = ((20_000, 0.05, 5), (10**9, 0.25, 200))

_SETTLED = MappingProxyType({"in": True, "out": False})


def decided(floor: Floor) -> Mapping[str, bool]:
    """Return which reports were included or excluded on title and abstract, as everybody may know.

    A conflict, a *maybe* that stands alone and a vote that waits for another are left out.
    """
    stage, found = STAGES[0], dict[str, bool]()
    for cluster in floor.running.touched(stage):
        told = floor.running.state(cluster, stage)
        if told is None or told.state not in _SETTLED or cluster not in floor.position:
            continue
        if floor.is_complete(cluster, stage) and floor.is_open("", cluster, stage):
            found[cluster] = _SETTLED[told.state]
    return found


def last_run(state: ReviewState) -> EngineRun | None:
    """Return the newest ranking of a review."""
    runs = [run for run in state.engine_runs.values() if run.stage == STAGE]
    return runs[-1] if runs else None


def is_due(floor: Floor) -> bool:
    """Tell whether a new ranking would be worth its while."""
    if floor.rules.order != "ranked":
        return False
    known = learnt_from(floor.state)
    share, least = next((s, n) for most, s, n in _DUE if len(floor.order) <= most)
    wanted = known + max(least, share * known) if known else len(_SETTLED)
    counts = floor.running.counts(STAGES[0])
    if sum(counts.get(state, 0) for state in _SETTLED) < wanted:  # a quick look first
        return False
    told = decided(floor)
    return len(told) >= wanted and len(set(told.values())) == len(_SETTLED)


def learnt_from(state: ReviewState) -> int:
    """Return how many decisions the newest ranking was learnt from."""
    run = last_run(state)
    return int(dict(run.settings).get("decided", "0")) if run else 0


def is_ranking(event: Event) -> bool:
    """Tell whether an event brings a new order."""
    body = event.body
    return event.kind == "engine_ran.v1" and body is not None and body["stage"] == STAGE


def order_of(review: Review) -> tuple[str, ...]:
    """Return the newest order by relevance; empty where there is none yet, or it is gone."""
    run = last_run(review.state)
    kept = review.artifacts.get(run.output) if run else None
    return tuple(kept.decode().split()[1:]) if kept else ()


def run_ranking(review: Review, tell: Callable[[str], None] = lambda _: None) -> tuple[str, ...]:
    """Rank the reports of a review now, and record the run; return what is to be said.

    Raises
    ------
    RuleBroken
        When the protocol does not ask for the order by relevance.
    BadInput
        Without an inclusion and an exclusion that everybody may know.
    """
    from tamis.screening.ranking import RankSettings, features_of, rank

    tell("reading the decisions")
    still = _Still(review)
    floor = Floor(still)
    if floor.rules.order != "ranked":
        raise RuleBroken(
            "the protocol does not order the reports by relevance",
            'set order = "ranked" under [screening] in review.toml',
            rule="order-ranked",
        )
    told, settings = decided(floor), RankSettings()
    rows = (f"{name},{'include' if told[name] else 'exclude'}" for name in sorted(told))
    key = EngineKey(
        engine=ENGINE,
        version=ENGINE_VERSION,
        stage=STAGE,
        settings={
            **settings.as_dict(),
            "kind": "statistical model",
            "decided": str(len(told)),
            "included": str(sum(told.values())),
        },
        inputs=(
            inputs_hash(*(name.encode() for name in sorted(review.state.batches))),
            inputs_hash("\n".join(rows).encode()),
            inputs_hash("\n".join(floor.order).encode()),
        ),
        decides=True,
    )

    def compute() -> bytes:
        tell("weighing the words")
        features = features_of(_texts(floor), settings)
        tell("ranking the reports")
        return "\n".join(("cluster", *arranged(floor.order, told, rank(features, told, settings)),
                          "")).encode()  # fmt: skip

    run_once(review, key, compute)
    return ()


def arranged(
    order: Sequence[str], told: Mapping[str, bool], ranking: Sequence[str]
) -> tuple[str, ...]:
    """Return the new order: what is decided, the next ``STEP`` as they were, the rest ranked.

    Examples
    --------
    >>> order = [str(at) for at in range(25)]
    >>> new = arranged(order, {"3": True}, order[::-1])
    >>> new[:3], new[-4:]
    (('3', '0', '1'), ('24', '23', '22', '21'))
    """
    done = [name for name in order if name in told]
    soon = list(islice((name for name in order if name not in told), STEP))
    ahead = {*done, *soon}
    return (*done, *soon, *(name for name in ranking if name not in ahead))


def _texts(floor: Floor) -> Mapping[str, str]:
    texts = {}
    for name in floor.order:
        held = floor.clusters[name].records
        members = [floor.records[one] for one in held if one in floor.records]
        texts[name] = f"{first_of(members, 'title')} {first_of(members, 'abstract')}"
    return texts


class _Still:
    """A review as a floor wants it, for one look (see ``ports.Standing``)."""

    def __init__(self, review: Review) -> None:
        self.state: ReviewState = review.state
        self.protocol: Protocol = read_protocol(review)
        self.library: Library = load_library(review)
        pairs = pairs_of(review, self.protocol, self.library)
        found = clusters_of(review, self.library, pairs)
        self.clusters: Mapping[str, Cluster] = {one.id: one for one in found}
        self.cluster_of = {name: one for one in found for name in one.records}
        self.ranked = order_of(review)
