"""Related reports of a review: what kept look-alikes apart, and what records state."""

from __future__ import annotations

from collections.abc import Iterable

from tamis.app.stated_relations import statements_of
from tamis.dedupe import KINDS, Link, ReportLink, between_reports, related
from tamis.domain.records import Cluster, PairDecision, Record
from tamis.domain.results import Finding

__all__ = ["TRUST", "links_in", "merged_doubts", "related_in"]

#: Kinds of link that bear on whether a report can be believed as it stands.
TRUST = frozenset({"retraction", "concern", "erratum", "republication"})


def links_in(
    records: Iterable[Record],
    pairs: Iterable[PairDecision],
    decided: Iterable[PairDecision] = (),
) -> tuple[Link, ...]:
    """Return the links between records: those that vetoes name and those that records state.

    Parameters
    ----------
    records
        The records of the run.
    pairs
        What rules and vetoes said.
    decided
        What people said.

    Examples
    --------
    >>> held = [Record(id="x:1", raw=(), title="Erratum: A drug"),
    ...         Record(id="x:2", raw=(), title="A drug")]
    >>> pair = PairDecision(a="x:1", b="x:2", decision="different", rule="erratum-once")
    >>> [(link.kind, link.one) for link in links_in(held, [pair])]
    [('erratum', 'x:1')]
    """
    held = tuple(records)
    return related(pairs, decided, records=held, stated=statements_of(held))


def related_in(
    records: Iterable[Record],
    pairs: Iterable[PairDecision],
    decided: Iterable[PairDecision],
    clusters: Iterable[Cluster],
) -> tuple[ReportLink, ...]:
    """Return the related reports of a review."""
    return between_reports(links_in(records, pairs, decided), clusters)


def merged_doubts(links: Iterable[ReportLink]) -> tuple[Finding, ...]:
    """Return one finding for each two related records that stand in one report all the same."""
    return tuple(
        Finding(
            rule="related-merged",
            severity="warning",
            subject=f"{link.one}, {link.other}",
            message=f"two records are one report, and one is said to be the {KINDS[link.kind]}",
            because=(link.one, link.other),
            suggestion="look at the two side by side, and split them if they are two reports",
        )
        for link in links
        if link.merged
    )
