"""Duplicates: how they were found, what each source kept, which rule or person decided what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from tamis.dedupe import reads_of
from tamis.domain.quantities import Quantity
from tamis.domain.records import PairDecision
from tamis.report.book import Book
from tamis.report.flow import Flow
from tamis.report.overlap import Overlap, Share, overlap
from tamis.report.phrase import Phrase, Piece, counted, join, say
from tamis.report.sections.plain_summary import languages
from tamis.report.view import Cell, Column, Row, Table, columns, row

__all__ = ["dedupe", "duplicates_lead", "overlap_table", "rules_table", "still_open"]

#: What is decided of a pair -> how it is said of all pairs of a rule.
VERDICTS: Mapping[str, str] = MappingProxyType(
    {"same": "Same report", "different": "Alike, kept apart", "unsure": "In doubt: people decide"}
)

BY_HAND = "decided by hand"

#: Part of a source's records -> head of its column, what it is a set of.
PARTS: tuple[tuple[str, str, str], ...] = (
    ("records", "Records", "set of records of the source"),
    ("within", "Repeats within the source",
     "set of records that repeat another record of their source"),
    ("across", "Repeats across sources",
     "set of records whose report is counted by a record of another source"),
    ("standing", "Left", "set of records of the source that stand for their report"),
    ("reports", "Reports", "set of records of the source, one a report"),
    ("only", "Found here only", "set of records of reports that no other source has"),
    ("shared", "Also elsewhere", "set of records of reports that another source has too"),
)  # fmt: skip

NOTE = (
    "“Records” are “repeats within the source”, “repeats across sources” and “left” together. "
    "Where two sources have one report, its record with the smallest id is left and the other "
    "counts as a repeat across sources: which of the two it is says nothing of them. “Found here "
    "only” and “also elsewhere” do not depend on it; together they are “reports”."
)

Pair = tuple[str, str]


def dedupe(book: Book) -> tuple[Phrase, ...]:
    """Return how records of one report were put together."""
    content = book.content
    same = [p for p in content.pairs if p.decision == "same"]
    rules = sorted({p.rule for p in same})
    by_hand = content.pairs_by_hand
    lines = [
        say(
            "Records that are the same report were put together by named rules and people's "
            "decisions, and none was deleted. Pairs judged the same: {same}{rules}; pairs "
            "undecided and kept apart: {unsure}.{hand}",
            same=_pairs(book, "same", [(p.a, p.b) for p in same]),
            rules=say(" ({r})", r=join([_who(book, r) for r in rules])) if rules else "",
            unsure=_open(book),
            hand=say(" Decided by hand: {n}; a person’s word counts over a rule’s.",
                     n=counted(_pairs(book, "by-hand", _ids(by_hand)), "pair", "pairs"))
            if by_hand else "",
        )
    ]  # fmt: skip
    policy = content.protocol.dedupe_policy
    lines.append(
        say(
            "Policy for versions of one report: {p}.",
            p=book.text(policy.replace("-", " "), "label"),
        )
    )
    return tuple(lines)


def still_open(
    pairs: Iterable[PairDecision], by_hand: Iterable[PairDecision]
) -> tuple[PairDecision, ...]:
    """Return the pairs that wait for a person: in doubt, and not judged same or different by one.

    Examples
    --------
    >>> doubt = PairDecision(a="x:1", b="x:2", decision="unsure", rule="one-part")
    >>> still_open([doubt], [PairDecision(a="x:1", b="x:2", decision="same", rule="p-a")])
    ()
    """
    said = {(p.a, p.b): p for p in by_hand}
    left = {(p.a, p.b): p for p in pairs if p.decision == "unsure"}
    left |= {pair: p for pair, p in said.items() if p.decision == "unsure"}
    settled = {pair for pair, p in said.items() if p.decision != "unsure"}
    return tuple(left[pair] for pair in sorted(left) if pair not in settled)


def duplicates_lead(book: Book, flow: Flow) -> tuple[Phrase, Phrase | None]:
    """Return what came in, what repeats, what is left: in English, and in Chinese where wanted."""
    found = overlap(book.content)
    pieces: dict[str, Piece] = {
        "records": _part(book, "all", "records", flow.box("identified").ids),
        "within": _together(book, found, "within"),
        "across": _together(book, found, "across"),
        "left": _part(book, "all", "standing", found.together("standing")),
        "open": _open(book),
    }
    removed = book.number(
        "overlap:all/removed#n",
        len(found.together("within")) + len(found.together("across")),
        digits=0,
        inputs=("overlap:all/within#n", "overlap:all/across#n"),
        rule="sum of the repeats within and across sources",
        what="records that repeat another, by source",
    )
    english = say(
        "Of {records} records, {removed} repeat another: {within} a record of the same source, "
        "{across} one of another source. {left} are left, one a report. {open} in doubt and kept "
        "apart until somebody decides.",
        removed=removed,
        **{**pieces, "open": counted(_open(book), "pair of records is", "pairs of records are")},
    )
    if "zh" not in languages(book):
        return english, None
    return english, say(
        "{records} 条题录中有 {removed} 条与其他题录重复：{within} 条与同一来源的题录重复，"
        "{across} 条与其他来源的题录重复。保留 {left} 条，每篇报告一条。"
        "另有 {open} 对题录存疑，在有人判定之前不合并。",
        removed=removed, **pieces,
    )  # fmt: skip


def overlap_table(book: Book) -> Table | None:
    """Return what each source gave, what was counted once, what it alone has."""
    found = overlap(book.content)
    shares = [share for share in found.shares if share.records]
    if not shares:
        return None
    rows = [_share_row(book, share) for share in shares]
    if len(shares) > 1:
        rows.append(_all_row(book, found))
    return Table(
        id="table-overlap",
        caption="Records by source, before and after duplicates were counted once",
        columns=columns("Source", *(Column(piece=head, number=True) for _, head, _ in PARTS)),
        rows=tuple(rows),
        notes=(NOTE, *_hits(book, shares)),
    )


def _hits(book: Book, shares: Sequence[Share]) -> Iterator[Phrase]:
    """Say of which sources the platform counted another number of records than came in."""
    for share in shares:
        source = book.content.protocol.source(share.source)
        if source is None or source.hits is None or source.hits == len(share.records):
            continue
        yield say(
            "{source}: the platform counted {hits}, and {n} came in.",
            source=book.names.source(source.id),
            hits=book.number(
                f"hits:{source.id}#n", source.hits, digits=0, inputs=(source.id,),
                rule="hits of the search as the protocol states them",
                what=say("hits, {s}", s=book.names.source(source.id)),
            ),
            n=_part(book, share.source, "records", share.records),
        )  # fmt: skip


def _share_row(book: Book, share: Share) -> Row:
    return row(
        book.names.source(share.source),
        *(_part(book, share.source or "unknown", part, getattr(share, part))
          for part, _, _ in PARTS),
    )  # fmt: skip


def _all_row(book: Book, found: Overlap) -> Row:
    """Return the row of all sources; its reports are counted once, whoever has them."""
    reports = {"reports": (*found.only, *found.shared), "only": found.only, "shared": found.shared}
    return row(
        "All sources",
        *(
            _part(book, "all", part, reports[part]) if part in reports
            else _together(book, found, part)
            for part, _, _ in PARTS
        ),
        total=True,
    )  # fmt: skip


def _together(book: Book, found: Overlap, part: str) -> Quantity:
    return _part(book, "all", part, found.together(part))


def _part(book: Book, source: str, part: str, ids: Iterable[str]) -> Quantity:
    head, rule = next((head, rule) for name, head, rule in PARTS if name == part)
    who: Piece = "all sources" if source == "all" else book.names.source(source)
    return book.count(f"overlap:{source}/{part}", ids, rule, say("{h}, {w}", h=head, w=who))


def rules_table(book: Book) -> Table | None:
    """Return how many pairs each rule and each person decided, what decided first."""
    content = book.content
    rows: list[Row] = []
    for verdict, words in VERDICTS.items():
        groups = [
            *_by_rule(p for p in content.pairs if p.decision == verdict),
            *_by_rule(p for p in content.pairs_by_hand if p.decision == verdict),
        ]
        for nth, (rule, pairs) in enumerate(groups):
            first = [Cell(piece=words, head=True, rows=len(groups))] if nth == 0 else []
            rows.append(Row(cells=(*first, *_rule_cells(book, verdict, rule, pairs))))
    if not rows:
        return None
    return Table(
        id="table-dedupe-rules",
        caption="Pairs of records by the rule or the person that decided them",
        columns=columns("Pairs", "Rule or person", "What it reads",
                        Column(piece="Number", number=True)),
        rows=tuple(rows),
        notes=_rule_notes(book),
    )  # fmt: skip


def _by_rule(pairs: Iterable[PairDecision]) -> list[tuple[str, list[PairDecision]]]:
    found: dict[str, list[PairDecision]] = {}
    for pair in pairs:
        found.setdefault(pair.rule, []).append(pair)
    return sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))


def _rule_cells(
    book: Book, verdict: str, rule: str, pairs: Sequence[PairDecision]
) -> tuple[Cell, ...]:
    number = book.number(
        f"dedupe:{verdict}/{rule}#pairs",
        len(pairs),
        digits=0,
        inputs=_names(_ids(pairs)),
        rule="number of pairs with this decision by this rule or person",
        what=say("pairs of records, {v}, {r}", v=VERDICTS[verdict].lower(), r=_who(book, rule)),
    )
    reads = BY_HAND if rule.startswith("p-") else reads_of(rule, unknown="not described")
    return Cell(piece=_who(book, rule)), Cell(piece=reads), Cell(piece=number)


def _rule_notes(book: Book) -> tuple[Piece, ...]:
    notes: list[Piece] = [
        "Three records of one report make up to three pairs, so pairs are no records. A pair that "
        "no rule finds alike has no row.",
    ]
    said = {(p.a, p.b): p.decision for p in book.content.pairs}
    by_hand = book.content.pairs_by_hand
    against = [p for p in by_hand if said.get((p.a, p.b), p.decision) != p.decision]
    if against:
        number = _pairs(book, "overruled", _ids(against))
        notes.append(
            say("Of the pairs decided by hand, {n} had another word from a rule.", n=number)
        )
    return tuple(notes)


def _who(book: Book, rule: str) -> Piece:
    return book.names.person(rule) if rule.startswith("p-") else book.lit(rule, "identifier")


def _open(book: Book) -> Quantity:
    content = book.content
    return _pairs(book, "unsure", _ids(still_open(content.pairs, content.pairs_by_hand)))


def _ids(pairs: Iterable[PairDecision]) -> list[Pair]:
    return [(p.a, p.b) for p in pairs]


def _names(pairs: Iterable[Pair]) -> list[str]:
    return sorted({name for pair in pairs for name in pair})


def _pairs(book: Book, decision: str, pairs: Sequence[Pair]) -> Quantity:
    return book.number(
        f"dedupe:{decision}#pairs",
        len(pairs),
        digits=0,
        inputs=_names(pairs),
        rule="number of pairs with this decision",
        what=say("pairs of records judged {d}", d=decision.replace("-", " ")),
    )
