"""What two reports that are kept apart are to each other: an erratum and its paper, and so on.

A veto that holds because one of two look-alikes is another kind of document says more than that
they differ: it names the link between them. A record may also state a link itself (PubMed's
"Erratum in", "Comment on"), whatever the titles are. Nothing is compared here: the links are read
from the pair decisions of a run and from what records state.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tamis.dedupe.prepare import Prepared, plain_doi, prepare
from tamis.domain.errors import BadInput
from tamis.domain.records import Cluster, PairDecision, Record

__all__ = [
    "KINDS", "LINKS", "STATED", "Link", "ReportLink", "Statement", "between_reports", "related",
]  # fmt: skip

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

#: Kind of link -> what the one report is to the other; those that concern trust come first.
KINDS: Mapping[str, str] = MappingProxyType(
    {
        "retraction": "retraction of the other",
        "concern": "expression of concern about the other",
        "erratum": "correction of the other",
        "republication": "corrected publication of the other",
        "version": "later version of the other",
        "comment": "comment on the other",
        "reply": "reply to the other",
        "protocol": "protocol of the other",
        "registration-paper": "registration of the other",
        "preprint-article": "preprint of the other",
        "abstract-paper": "meeting abstract of the other",
        "proceedings-article": "paper in proceedings behind the other",
        "thesis-paper": "thesis behind the other",
        "summary": "summary of the other",
        "associated": "companion of the other",
    }
)

#: Rule of a link that a record states and no veto named.
STATED = "stated"

#: The title of a notice of retraction. "Retracted: ..." is the article itself.
_NOTICE = re.compile(r"\W*(?:(?:notice|statement|note) of )?retraction\b", re.IGNORECASE)

Role = Callable[[Prepared, Prepared], bool]


def _marked(name: str) -> Role:
    return lambda one, other: name in one.markers - other.markers


def _kind(name: str) -> Role:
    return lambda one, other: one.kind == name != other.kind


def _later(one: Prepared, other: Prepared) -> bool:
    return one.year is not None and other.year is not None and one.year > other.year


#: Veto -> whether the first of two records is what its link calls the one of the two.
ROLES: Mapping[str, Role] = MappingProxyType(
    {
        "erratum-once": _marked("erratum"),
        "erratum-type-once": _kind("erratum"),
        "points-elsewhere": lambda one, other: one.pointer and not other.pointer,
        "comment-once": _marked("comment"),
        "reply-once": _marked("reply"),
        "protocol-once": _marked("protocol"),
        "registration-once": _kind("registration"),
        "preprint-once": _kind("preprint"),
        "meeting-abstract-once": _kind("meeting abstract"),
        "proceedings-once": _kind("proceedings"),
        "thesis-once": _kind("thesis"),
        "cochrane-version": _later,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A link that a record states.

    Parameters
    ----------
    record
        The record that states it.
    kind
        One of ``KINDS``.
    is_one
        Whether this record is the one of the two ("this is an erratum of ..."); ``False``: the
        other is ("erratum in ..."); ``None``: it does not say.
    pmid, doi
        Numbers of the other report, as far as they are given.
    words
        The statement as it stands in the record.
    """

    record: str
    kind: str
    is_one: bool | None = None
    pmid: str = ""
    doi: str = ""
    words: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise BadInput(f"{self.kind!r} is no kind of link", f"use one of {', '.join(KINDS)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Two records of related reports, the smaller id first, and what relates them.

    ``one`` is the record that ``KINDS`` speaks of (the erratum, the comment, the preprint); empty
    where it is not known which of the two it is. ``rule`` is the veto, or ``stated``; ``said`` are
    the records that state the link, each with its words.
    """

    a: str
    b: str
    kind: str
    rule: str
    one: str = ""
    said: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportLink:
    """Two related reports. ``one`` and ``other`` are record ids, one of each report.

    ``directed`` tells whether it is known that ``one`` is what ``KINDS`` speaks of. ``merged`` says
    that the two stand in one report although a record states otherwise: a person should look.
    ``links`` are the links of records behind it.
    """

    kind: str
    one: str
    other: str
    directed: bool
    links: tuple[Link, ...]
    merged: bool = False


def related(
    pairs: Iterable[PairDecision],
    decided: Iterable[PairDecision] = (),
    *,
    records: Iterable[Record] = (),
    stated: Iterable[Statement] = (),
) -> tuple[Link, ...]:
    """Return the links that a run's decisions name and records state, sorted by the two ids.

    Parameters
    ----------
    pairs
        Decisions of rules and vetoes.
    decided
        Decisions of people; of two on one pair the later counts. A pair that somebody called the
        same, or is unsure about, is no link; *different* leaves the link, since different reports
        are what a link joins.
    records
        The records of the run; without them no statement is followed, and no link says which of
        the two is which.
    stated
        What records state. A report that is not among ``records`` by PMID or DOI has no link.

    Notes
    -----
    Of pairs only those that a rule found alike are there to be read: a paper whose title shares
    little with its meeting abstract is not found, unless one of them states it. Of a veto and a
    statement about one pair the statement names the kind. Linear in records, pairs and statements.

    Examples
    --------
    >>> related([PairDecision(a="x:1", b="x:2", decision="different", rule="preprint-once"),
    ...          PairDecision(a="x:1", b="x:3", decision="different", rule="other-place")])
    (Link(a='x:1', b='x:2', kind='preprint-article', rule='preprint-once', one='', said=()),)
    >>> held = [Record(id="x:1", raw=(), pmid="11"), Record(id="x:2", raw=(), pmid="12")]
    >>> found, = related([], records=held, stated=[
    ...     Statement(record="x:1", kind="erratum", is_one=False, pmid="12")])
    >>> found.kind, found.one, found.rule
    ('erratum', 'x:2', 'stated')
    """
    spoken = {(d.a, d.b): d.decision for d in decided}
    held = {record.id: record for record in records}
    found: dict[tuple[str, str], Link] = {}
    for pair in pairs:
        if pair.decision == "different" and pair.rule in LINKS:
            found[pair.a, pair.b] = _of_veto(pair, held)
    for link in _of_statements(stated, held):
        key = link.a, link.b
        found[key] = _joined(found[key], link) if key in found else link
    return tuple(found[key] for key in sorted(found) if spoken.get(key, "different") == "different")


def between_reports(links: Iterable[Link], clusters: Iterable[Cluster]) -> tuple[ReportLink, ...]:
    """Return the links between reports: those of their records, put together by kind.

    Links that concern trust come first (the order of ``KINDS``), then by the ids. Where a report
    has several records the smallest id that is linked stands for it.

    Examples
    --------
    >>> links = [Link(a="x:1", b=b, kind="erratum", rule="stated", one="x:1")
    ...          for b in ("x:2", "y:2")]
    >>> reports = [Cluster(records=("x:1",)), Cluster(records=("x:2", "y:2"))]
    >>> found, = between_reports(links, reports)
    >>> found.one, found.other, found.directed, len(found.links)
    ('x:1', 'x:2', True, 2)
    """
    of = {name: cluster.id for cluster in clusters for name in cluster.records}
    groups: dict[tuple[str, str, str], list[Link]] = {}
    for link in links:
        ends = sorted((of.get(link.a, link.a), of.get(link.b, link.b)))
        groups.setdefault((link.kind, ends[0], ends[1]), []).append(link)
    rank = {kind: place for place, kind in enumerate(KINDS)}
    made = [_between(group, of) for group in groups.values()]
    return tuple(sorted(made, key=lambda r: (not r.merged, rank[r.kind], r.one, r.other)))


def _between(group: list[Link], of: Mapping[str, str]) -> ReportLink:
    group = sorted(group, key=lambda link: (link.a, link.b))
    directed = [link for link in group if link.one]
    first = (directed or group)[0]
    report = {of.get(link.one, link.one) for link in directed}
    merged = of.get(first.a, first.a) == of.get(first.b, first.b)
    known = bool(directed) and (len(report) == 1 or merged)
    one = first.one if known else first.a
    return ReportLink(
        kind=first.kind,
        one=one,
        other=first.b if one == first.a else first.a,
        directed=known,
        links=tuple(group),
        merged=merged,
    )


def _of_veto(pair: PairDecision, held: Mapping[str, Record]) -> Link:
    one = ""
    if pair.a in held and pair.b in held:
        one = _one_of(pair.rule, held[pair.a], held[pair.b])
    return Link(a=pair.a, b=pair.b, kind=LINKS[pair.rule], rule=pair.rule, one=one)


def _one_of(rule: str, a: Record, b: Record) -> str:
    """Return the id of the record that is the one of the two, or an empty text."""
    if rule == "retraction-once":
        notices = [r.id for r in (a, b) if _NOTICE.match(r.title)]
        return notices[0] if len(notices) == 1 else ""
    first, second = prepare(a), prepare(b)
    role = ROLES[rule]
    if role(first, second):
        return a.id
    return b.id if role(second, first) else ""


def _of_statements(stated: Iterable[Statement], held: Mapping[str, Record]) -> Iterator[Link]:
    by_pmid: dict[str, list[str]] = {}
    by_doi: dict[str, list[str]] = {}
    for name in sorted(held):
        if pmid := _plain_pmid(held[name].pmid):
            by_pmid.setdefault(pmid, []).append(name)
        if doi := plain_doi(held[name].doi):
            by_doi.setdefault(doi, []).append(name)
    found: dict[tuple[str, str], Link] = {}
    for one in sorted(stated, key=lambda s: (s.record, s.kind, s.pmid, s.doi, s.words)):
        if one.record not in held:
            continue
        own = held[one.record]
        pmid, doi = _plain_pmid(one.pmid), plain_doi(one.doi)
        if (pmid and pmid == _plain_pmid(own.pmid)) or (doi and doi == plain_doi(own.doi)):
            continue  # it names itself: nothing is said of another report
        for other in by_pmid.get(pmid) or by_doi.get(doi) or ():
            link = _stated(one, other)
            key = link.a, link.b
            found[key] = _joined(found[key], link) if key in found else link
    yield from found.values()


def _plain_pmid(text: str) -> str:
    return text.strip().lstrip("0")


def _stated(one: Statement, other: str) -> Link:
    a, b = sorted((one.record, other))
    which = "" if one.is_one is None else one.record if one.is_one else other
    return Link(a=a, b=b, kind=one.kind, rule=STATED, one=which, said=((one.record, one.words),))


def _joined(known: Link, more: Link) -> Link:
    """Return one link of two about a pair: the kind that matters more, and all that is said."""
    rank = list(KINDS)
    if known.said and rank.index(known.kind) <= rank.index(more.kind):
        first, second = known, more
    else:
        first, second = more, known
    rule = next((link.rule for link in (known, more) if link.rule != STATED), STATED)
    same = first.kind == second.kind
    return Link(
        a=first.a,
        b=first.b,
        kind=first.kind,
        rule=rule if same or not first.said else STATED,
        one=first.one or (second.one if same else ""),
        said=tuple(sorted({*known.said, *more.said})),
    )
