"""Sheets of screening: what waits for a verdict, conflicts with both verdicts, pairs of records."""

from __future__ import annotations

from collections.abc import Iterator

from tamis.app.clusters import doubtful_pairs
from tamis.app.sheet.ground import Cells, Ground
from tamis.dedupe import REASONS, reads_of
from tamis.domain.decisions import STAGES, Vote
from tamis.domain.records import Cluster, PairDecision, Record

__all__ = ["conflict_rows", "pair_rows", "stage_of_conflicts", "stage_of_votes", "vote_rows"]

#: What the program did with a pair, as its row says it.
_ENGINE = {"same": "taken for one report", "unsure": "not sure: kept as two reports"}


def stage_of_votes(ground: Ground) -> str:
    """Return the stage of a sheet of votes: the first one at which something waits."""
    return ground.stage or next((at for at in STAGES if _unvoted(ground, at)), STAGES[0])


def stage_of_conflicts(ground: Ground) -> str:
    """Return the stage of a sheet of consensus: the first one with a conflict."""
    return ground.stage or next((at for at in STAGES if _conflicts(ground, at)), STAGES[0])


def vote_rows(ground: Ground) -> Iterator[Cells]:
    """Yield what waits for the person's verdict; nobody else's verdict is in it."""
    at = stage_of_votes(ground)
    for cluster in _unvoted(ground, at):
        yield {
            "stage": at,
            "record_id": cluster.primary,
            "reviewer": ground.person,
            **ground.about(cluster),
        }


def conflict_rows(ground: Ground) -> Iterator[Cells]:
    """Yield every conflict of a stage with who said what, and the verdicts that it settles."""
    at = stage_of_conflicts(ground)
    for cluster in _conflicts(ground, at):
        last: dict[str, Vote] = {}
        for vote in ground.review.state.votes.values():
            if vote.stage == at and set(vote.records) & set(cluster.records):
                last[vote.reviewer] = vote
        yield {
            "stage": at,
            "record_id": cluster.primary,
            "settles": ";".join(sorted(vote.event for vote in last.values())),
            "by": ground.person,
            "verdicts": "; ".join(_verdict(vote) for _, vote in sorted(last.items())),
            **ground.about(cluster),
        }


def pair_rows(ground: Ground) -> Iterator[Cells]:
    """Yield the pairs that may be one report, then those that the program took for one."""
    decided = {(pair.a, pair.b) for pair in ground.review.state.pairs.values()}
    pairs = ground.screened.pairs
    merged = [p for p in pairs if p.decision == "same" and (p.a, p.b) not in decided]
    for pair in (*doubtful_pairs(ground.review, pairs), *merged):
        yield _pair(ground, pair)


def _unvoted(ground: Ground, at: str) -> list[Cluster]:
    voted = {
        record
        for vote in ground.review.state.votes.values()
        if vote.stage == at and vote.reviewer == ground.person
        for record in vote.records
    }
    return [c for c in _in_state(ground, at, "awaiting") if not voted & set(c.records)]


def _conflicts(ground: Ground, at: str) -> list[Cluster]:
    return _in_state(ground, at, "conflict", "second-look")


def _in_state(ground: Ground, at: str, *states: str) -> list[Cluster]:
    clusters = {cluster.id: cluster for cluster in ground.screened.clusters}
    return [clusters[s.cluster] for s in ground.screened.screening.at(at) if s.state in states]


def _verdict(vote: Vote) -> str:
    return f"{vote.reviewer}: {vote.decision}" + (f" ({vote.reason})" if vote.reason else "")


def _pair(ground: Ground, pair: PairDecision) -> Cells:
    records = ground.library.records
    return {
        "a": pair.a,
        "b": pair.b,
        "by": ground.person,
        "engine": _ENGINE[pair.decision],
        "rule": f"{pair.rule}: {reads_of(pair.rule)}" if pair.rule in REASONS else pair.rule,
        "record_a": _citation(records[pair.a]),
        "record_b": _citation(records[pair.b]),
    }


def _citation(record: Record) -> str:
    parts = (
        record.title, "; ".join(record.authors), str(record.year or ""), record.journal, record.doi
    )  # fmt: skip
    return " | ".join(part for part in parts if part)
