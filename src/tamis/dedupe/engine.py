"""The whole run: prepare, block, compare, decide, cluster. The same input, the same result."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from itertools import combinations, pairwise

from tamis.dedupe.block import block
from tamis.dedupe.clusters import cluster, effective
from tamis.dedupe.compare import Pair
from tamis.dedupe.prepare import Prepared, prepare
from tamis.dedupe.rules import EXACT_COPY, rule_for
from tamis.dedupe.settings import DedupeSettings
from tamis.dedupe.vetoes import veto
from tamis.domain.errors import BadInput
from tamis.domain.records import Cluster, PairDecision, Record

__all__ = ["DedupeResult", "check_ids", "collapse", "complete", "decide", "deduplicate"]

Decisions = dict[tuple[str, str], PairDecision]


@dataclass(frozen=True, slots=True, kw_only=True)
class DedupeResult:
    """What a run found.

    ``clusters`` hold every record once. ``pairs`` are the rules' decisions, sorted: *same*,
    *different* (look-alikes that a veto keeps apart) and *unsure* (kept for people, not merged).
    ``capped`` counts the groups of records that were too large to compare all with all.
    """

    clusters: tuple[Cluster, ...]
    pairs: tuple[PairDecision, ...]
    settings: DedupeSettings
    decided: tuple[PairDecision, ...] = ()
    capped: int = 0

    @property
    def unsure(self) -> tuple[PairDecision, ...]:
        """The pairs that wait for a person: unsure, and not yet judged by one."""
        judged = {(d.a, d.b) for d in self.decided}
        return tuple(p for p in self.pairs if p.decision == "unsure" and (p.a, p.b) not in judged)

    @property
    def refused(self) -> tuple[tuple[str, str], ...]:
        """The *same* pairs that clustering could not honour without joining a forbidden pair."""
        of = {name: c.id for c in self.clusters for name in c.records}
        joins, _ = effective(self.pairs, self.decided)
        return tuple(sorted((a, b) for a, b in joins if of[a] != of[b]))


def deduplicate(
    records: Iterable[Record],
    *,
    settings: DedupeSettings | None = None,
    decided: Sequence[PairDecision] = (),
) -> DedupeResult:
    """Find the records that are the same report. Nothing is dropped and nothing is changed.

    Parameters
    ----------
    records
        Records with distinct ids, in any order.
    settings
        Policy and caps; the defaults keep versions of a report apart.
    decided
        What people decided about pairs; it overrides the rules (see ``clusters``).

    Returns
    -------
    DedupeResult
        The same for any order of ``records``.

    Raises
    ------
    BadInput
        When two records have one id.
    NotFound
        When ``decided`` names a record that is not there.

    Notes
    -----
    Cost is near linear: about 0.3 ms of CPU a record. Rules and vetoes are the tables
    ``rules.RULES`` and ``vetoes.VETOES``; no number in them was learnt inside a review.

    Examples
    --------
    >>> a = Record(id="a:0", raw=(), title="Talc for malignant effusions: a trial", year=2001,
    ...            authors=("Lee, K.", "Day, J."), doi="10.1000/xyz")
    >>> b = Record(id="b:0", raw=(), title="Talc for malignant effusions - a trial.", year=2001,
    ...            authors=("K. Lee",), doi="https://doi.org/10.1000/XYZ")
    >>> result = deduplicate([b, a])
    >>> [c.records for c in result.clusters], result.pairs[0].rule
    ([('a:0', 'b:0')], 'same-doi-and-title')
    """
    settings = DedupeSettings() if settings is None else settings
    ready = sorted(map(prepare, records), key=lambda r: r.id)
    check_ids([record.id for record in ready])
    apart = {name for d in decided if d.decision != "same" for name in (d.a, d.b)}
    places, copies = collapse(ready, apart)
    singles = [ready[place] for place in places]
    pairs, capped = _compare(singles, settings)
    pairs |= {(p.a, p.b): p for p in copies}
    standing_for = {p.b: p.a for p in copies}
    complete(pairs, singles, decided, standing_for, settings)
    ordered = tuple(pairs[key] for key in sorted(pairs))
    return DedupeResult(
        clusters=cluster((r.id for r in ready), ordered, decided),
        pairs=ordered,
        settings=settings,
        decided=tuple(decided),
        capped=capped,
    )


def decide(a: Prepared, b: Prepared, settings: DedupeSettings) -> PairDecision | None:
    """Return what rules and vetoes say about two records; ``None`` when nothing joins them."""
    pair = Pair(a, b)
    rule = rule_for(pair, settings)
    if rule is None:
        return None
    row = veto(pair, settings)
    verdict, name = (rule.verdict, rule.name) if row is None else (row.verdict, row.name)
    return _decision(a, b, verdict, name)


def _decision(a: Prepared, b: Prepared, verdict: str, name: str) -> PairDecision:
    low, high = sorted((a.id, b.id))
    return PairDecision(a=low, b=high, decision=verdict, rule=name)


def check_ids(names: Sequence[str]) -> None:
    """Refuse two records with one id; ``names`` are the ids, sorted.

    Raises
    ------
    BadInput
        Naming the id.
    """
    for one, other in pairwise(names):
        if one == other:
            raise BadInput(
                f"two records have the id {one}", "import each file once; ids must be distinct"
            )


def collapse(ready: Sequence[Prepared], apart: set[str]) -> tuple[list[int], list[PairDecision]]:
    """Let the first of several identical records stand for them, so that copies cost nothing.

    A record without a title, or with a column's title and no page, is never taken for a copy.

    Returns
    -------
    places
        Of the records that are compared, in order.
    copies
        What is decided about the others.
    """
    first: defaultdict[int, list[int]] = defaultdict(list)
    places: list[int] = []
    copies: list[PairDecision] = []
    for place, record in enumerate(ready):
        telling = record.title and not (record.column and record.pages.empty and not record.doi)
        if not telling or record.id in apart:
            places.append(place)
            continue
        signature = _signature(record)
        alike = first[hash(signature)]
        one = next((ready[at] for at in alike if _signature(ready[at]) == signature), None)
        if one is None:
            alike.append(place)
            places.append(place)
        else:
            copies.append(_decision(one, record, "same", EXACT_COPY))
    return places, copies


_COMPARED = tuple(f.name for f in fields(Prepared) if f.name != "id")


def _signature(record: Prepared) -> tuple[object, ...]:
    return tuple(getattr(record, name) for name in _COMPARED)


def _compare(singles: Sequence[Prepared], settings: DedupeSettings) -> tuple[Decisions, int]:
    blocks = block(singles, settings)
    found: Decisions = {}
    for i, j in blocks.pairs:
        decision = decide(singles[i], singles[j], settings)
        if decision is not None:
            found[decision.a, decision.b] = decision
    return found, blocks.capped


def complete(
    pairs: Decisions,
    singles: Sequence[Prepared],
    decided: Sequence[PairDecision],
    standing_for: dict[str, str],
    settings: DedupeSettings,
) -> None:
    """Ask the vetoes about every pair that transitivity would join, not only those compared.

    A group that chains more records than the cap is no group of copies: its pairs become unsure.
    """
    by_id = {record.id: place for place, record in enumerate(singles)}
    joins, _ = effective(pairs.values(), decided)
    linked = [(standing_for.get(a, a), standing_for.get(b, b)) for a, b in joins]
    for group in _components(linked):
        if len(group) > settings.block_cap:
            _doubt(pairs, set(group))
            continue
        for a, b in combinations(group, 2):
            if (a, b) in pairs or a not in by_id or b not in by_id:
                continue
            one, other = singles[by_id[a]], singles[by_id[b]]
            row = veto(Pair(one, other), settings)
            if row is not None:
                pairs[a, b] = _decision(one, other, row.verdict, row.name)


def _doubt(pairs: Decisions, group: set[str]) -> None:
    for key, pair in pairs.items():
        if pair.decision == "same" and pair.rule != EXACT_COPY and group.issuperset(key):
            pairs[key] = replace(pair, decision="unsure")


def _components(joins: Iterable[tuple[str, str]]) -> list[list[str]]:
    neighbours: dict[str, set[str]] = defaultdict(set)
    for a, b in joins:
        neighbours[a].add(b)
        neighbours[b].add(a)
    left = set(neighbours)
    found: list[list[str]] = []
    for start in sorted(neighbours):
        if start not in left:
            continue
        left.discard(start)
        group, open_ends = [start], [start]
        while open_ends:
            fresh = neighbours[open_ends.pop()] & left
            left -= fresh
            group += fresh
            open_ends += fresh
        found.append(sorted(group))
    return found
