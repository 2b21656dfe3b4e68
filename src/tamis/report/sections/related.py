"""Related reports: an erratum and its paper, a preprint and its article; kept apart, and linked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from tamis.dedupe import KINDS, STATED, ReportLink, reads_of
from tamis.domain.quantities import Quantity
from tamis.report.book import Book
from tamis.report.engine import anchor_id
from tamis.report.flow import Flow
from tamis.report.phrase import Link, Phrase, Piece, counted, distinct, join, say
from tamis.report.sections.plain_summary import languages
from tamis.report.view import Row, Table, columns, row

__all__ = ["MOST", "bears", "related_lead", "related_table", "serious"]

#: Links that the page lists; more stand in related.csv.
MOST = 200

#: Kinds of link that bear on whether a report can be believed as it stands.
TRUST = frozenset({"retraction", "concern", "erratum", "republication"})

#: Kind -> what the first report is to the second.
IS: Mapping[str, str] = MappingProxyType(
    {
        "retraction": "is the retraction of",
        "concern": "is an expression of concern about",
        "erratum": "is a correction of",
        "republication": "is the corrected publication of",
        "version": "is a later version of",
        "comment": "is a comment on",
        "reply": "is a reply to",
        "protocol": "is the protocol of",
        "registration-paper": "is the registration of",
        "preprint-article": "is a preprint of",
        "abstract-paper": "is a meeting abstract of",
        "proceedings-article": "is a paper in proceedings behind",
        "thesis-paper": "is a thesis behind",
        "summary": "is a summary of",
        "associated": "belongs with",
    }
)

#: Kind -> how pairs of it are counted, in English and in Chinese.
COUNTED: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "retraction": ("retraction", "撤稿"),
        "concern": ("expression of concern", "关注声明"),
        "erratum": ("correction", "更正"),
        "republication": ("corrected publication", "更正后重新发表"),
        "version": ("later version", "更新版本"),
        "comment": ("comment", "评论"),
        "reply": ("reply", "答复"),
        "protocol": ("protocol", "研究方案"),
        "registration-paper": ("registration and paper", "注册记录与论文"),
        "preprint-article": ("preprint and article", "预印本与正式论文"),
        "abstract-paper": ("meeting abstract and paper", "会议摘要与论文"),
        "proceedings-article": ("proceedings and article", "会议论文与期刊论文"),
        "thesis-paper": ("thesis and paper", "学位论文与论文"),
        "summary": ("summary", "摘要版"),
        "associated": ("belonging together", "相关联"),
    }
)

#: Kinds in which neither report is said to come from the other.
MUTUAL = frozenset({"associated"})

NOTE = (
    "A related report is a report of its own: it is screened by itself, and no record was counted "
    "as a duplicate for it. The links come from what kept two look-alikes apart and from what "
    "records state; a link to a report that was not imported is not listed."
)


def related_lead(book: Book, flow: Flow) -> tuple[Phrase, Phrase | None]:
    """Return how many links of which kind there are, in English, and in Chinese where wanted."""
    links = book.content.related
    if not links:
        chinese = say("未发现彼此相关的报告。") if "zh" in languages(book) else None
        return say("No two reports are known to be related in another way."), chinese
    kinds = Counter(link.kind for link in links)
    names = [kind for kind in KINDS if kinds[kind]]
    english = say(
        "Pairs of reports that are related and kept apart: {all} ({kinds}).{serious}",
        all=_number(book, "all", links),
        kinds=_kinds(book, names, links, 0),
        serious=_warning(book, flow),
    )
    if "zh" not in languages(book):
        return english, None
    return english, say(
        "彼此相关而分开保留的报告共 {all} 对（{kinds}）。{serious}",
        all=_number(book, "all", links), kinds=_kinds(book, names, links, 1),
        serious=_warning(book, flow, chinese=True),
    )  # fmt: skip


def _kinds(book: Book, names: Sequence[str], links: Sequence[ReportLink], lang: int) -> Phrase:
    return join(
        [
            say("{k}：{n}" if lang else "{k}: {n}", k=COUNTED[name][lang],
                n=_number(book, name, [link for link in links if link.kind == name]))
            for name in names
        ],
        "，" if lang else ", ",
    )  # fmt: skip


def _number(book: Book, name: str, links: Sequence[ReportLink]) -> Quantity:
    return book.number(
        f"related:{name}#pairs",
        len(links),
        digits=0,
        inputs=sorted({record for link in links for record in (link.one, link.other)}),
        rule="number of pairs of reports with a link of this kind",
        what=say("pairs of related reports, {k}", k=COUNTED[name][0] if name in COUNTED else name),
    )


def serious(links: Sequence[ReportLink], included: frozenset[str]) -> tuple[ReportLink, ...]:
    """Return the links that bear on trust and concern one of the ``included`` records."""
    return tuple(link for link in links if bears(link, included))


def bears(link: ReportLink, included: frozenset[str]) -> bool:
    """Tell whether a link bears on trust and concerns one of the ``included`` records."""
    return link.kind in TRUST and not included.isdisjoint((link.one, link.other))


def _included(book: Book, flow: Flow) -> frozenset[str]:
    """Return every record of the included reports."""
    primaries = set(flow.box("included-reports").ids)
    return frozenset(
        name for c in book.content.clusters if c.primary in primaries for name in c.records
    )


def _warning(book: Book, flow: Flow, *, chinese: bool = False) -> Piece:
    found = serious(book.content.related, _included(book, flow))
    if not found:
        return ""
    if chinese:
        number = _number(book, "included", found)
        return say("其中 {n} 对涉及已纳入的报告，列于表首。", n=number)
    return say(
        " {n} on an included report: retractions, corrections, expressions of concern "
        "and new publications stand first in the table.",
        n=counted(_number(book, "included", found), "of them bears", "of them bear"),
    )


def related_table(book: Book, flow: Flow) -> Table | None:
    """Return the links, those that bear on an included report first; ``None`` without any."""
    links = book.content.related
    if not links:
        return None
    inside = _included(book, flow)
    ordered = sorted(links, key=lambda link: not bears(link, inside))
    notes: list[Piece] = [NOTE]
    if len(ordered) > MOST:
        shown = book.number(
            "related:shown#pairs", MOST, digits=0, inputs=(book.content.protocol.head.id,),
            rule="most links that the page lists", what="links listed in the page",
        )  # fmt: skip
        notes.append(say("The first {n} are listed; all stand in related.csv.", n=shown))
    return Table(
        id="table-related",
        caption="Related reports that are kept apart",
        columns=columns("Report", "What it is", "Other report", "Known from"),
        rows=tuple(_row(book, link, inside) for link in ordered[:MOST]),
        notes=tuple(notes),
    )


def _row(book: Book, link: ReportLink, inside: frozenset[str]) -> Row:
    words: Piece = IS[link.kind]
    if not link.directed and link.kind not in MUTUAL:
        words = say("one of the two {w} the other", w=IS[link.kind])
    loud: list[Piece] = []
    if bears(link, inside):
        loud.append("bears on an included report")
    if link.merged:
        loud.append("both stand in one report: look at the pair")
    if loud:
        words = say("{w} ({l})", w=words, l=join(loud, "; "))
    return row(
        _report(book, link.one),
        words,
        _report(book, link.other),
        join(distinct(_known_from(book, link)), "; "),
    )


def _report(book: Book, name: str) -> Piece:
    record = book.content.records.get(name)
    title = book.text(record.title, "citation", "no title") if record else "not imported"
    place = Link(book.lit(name, "identifier"), f"#{anchor_id(name, 'r')}")
    return say("{t} [{p}]", t=title, p=place)


def _known_from(book: Book, link: ReportLink) -> list[Piece]:
    found: list[Piece] = []
    for one in link.links:
        if one.rule != STATED:
            found.append(say("{w} ({r})", w=reads_of(one.rule, unknown="a rule"),
                             r=book.lit(one.rule, "identifier")))  # fmt: skip
        found += [
            say("a record states it: “{w}”", w=book.lit(words, "quote")) if words
            else "a record states it"
            for _, words in one.said
        ]  # fmt: skip
    return found
