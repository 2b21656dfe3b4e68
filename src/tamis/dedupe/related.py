"""What two reports that are kept apart are to each other: an erratum and its paper, and so on.

A veto that holds because one of two look-alikes is another kind of document says more than that
they differ: it names the link between them. Nothing is compared here; the links are read from the
pair decisions of a run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tamis.domain.records import PairDecision

__all__ = ["LINKS", "Link", "related"]

#: Veto -> the link that it names. A veto about place, number or part names none.
LINKS: Mapping[str, str] = MappingProxyType(
    {
        "erratum-once": "erratum",
        "erratum-type-once": "erratum",
        "points-elsewhere": "erratum",
        "retraction-once": "retraction",
        "comment-once": "comment",
        "reply-once": "reply",
        "protocol-once": "protocol",
        "registration-once": "registration-paper",
        "preprint-once": "preprint-article",
        "meeting-abstract-once": "abstract-paper",
        "proceedings-once": "proceedings-article",
        "thesis-once": "thesis-paper",
        "cochrane-version": "version",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Two records of related reports, the smaller id first, and what relates them."""

    a: str
    b: str
    kind: str
    rule: str


def related(
    pairs: Iterable[PairDecision], decided: Iterable[PairDecision] = ()
) -> tuple[Link, ...]:
    """Return the links that a run's decisions name, sorted by the two ids.

    Parameters
    ----------
    pairs
        Decisions of rules and vetoes.
    decided
        Decisions of people; of two on one pair the later counts. A pair that somebody called the
        same, or is unsure about, is no link; *different* leaves the link, since different reports
        are what a link joins.

    Notes
    -----
    Only pairs that a rule found alike are there to be read: a paper whose title shares little
    with its meeting abstract is not found. The link does not say which of the two is which.

    Examples
    --------
    >>> related([PairDecision(a="x:1", b="x:2", decision="different", rule="preprint-once"),
    ...          PairDecision(a="x:1", b="x:3", decision="different", rule="other-place")])
    (Link(a='x:1', b='x:2', kind='preprint-article', rule='preprint-once'),)
    """
    spoken = {(d.a, d.b): d.decision for d in decided}
    found = {
        (pair.a, pair.b): Link(a=pair.a, b=pair.b, kind=LINKS[pair.rule], rule=pair.rule)
        for pair in pairs
        if pair.decision == "different"
        and pair.rule in LINKS
        and spoken.get((pair.a, pair.b), "different") == "different"
    }
    return tuple(found[key] for key in sorted(found))
