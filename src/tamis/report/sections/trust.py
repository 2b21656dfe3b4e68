"""What the sources say against themselves, shown with the study, each remark with its anchor."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from tamis.domain.results import Finding
from tamis.domain.values import Value
from tamis.report.book import Book
from tamis.report.corpus import literal
from tamis.report.engine import anchor_id
from tamis.report.phrase import Link, Phrase, Piece, distinct, join, say, sentence
from tamis.report.sections.studies import included
from tamis.report.sources import short_source
from tamis.report.view import Cell, Row, Table, columns, row

__all__ = ["GROUPS", "missing_table", "trust_cell", "trust_table", "wider_table"]

#: Heading -> the first word of the rules under it.
GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Notices", ("notice",)),
    ("Registration", ("registry",)),
    ("Conduct and funding", ("stopped", "funding", "interests", "design")),
    ("Patients in common", ("overlap",)),
    ("Other remarks", ("account",)),
)

#: What a heading asks: its place in ``GROUPS``, the words, the outcome slugs that it is asked of
#: (none: of records, numbers and notes, which are always there).
CHECKS: tuple[tuple[int, str, tuple[str, ...]], ...] = (
    (0, "notices", ()),
    (1, "registration", ("registration", "registered-n", "registered-arms", "registered-on",
                         "registered-follow-up-months", "registered-primary-outcome",
                         "registered-status")),
    (2, "early stopping", ("stopped-early", "planned-n", "registered-n")),
    (2, "who paid", ("funding", "funding-kind")),
    (2, "who made what was tested", ("manufacturer",)),
    (2, "interests of the authors", ("interests",)),
    (2, "design as its reports state it", ("design-as-stated",)),
    (3, "patients in common", ()),
    (3, "centre and time of recruitment", ("centre", "recruitment-start", "recruitment-end")),
    (4, "other remarks", ()),
)  # fmt: skip

#: Rules about studies that are not in; they have a table of their own.
ELSEWHERE = "eligible"

CAPTION = "Checks on the sources: what they, their records and their registrations say"

#: Words of the review that a message quotes; all else in it was written by the rule.
_QUOTED = re.compile(r"“([^”]*)”")


def trust_table(book: Book) -> Table | None:
    """Return one row an included study, and one a subject that is no study of this review.

    Included studies have a row even where nothing was noticed. ``None`` when no study is included
    and nothing was noticed.
    """
    studies = included(book)
    by_study = _by_study(book)
    wider = {s.id for s in included(book, ("wider",))}
    own = {s.id for s in studies}
    rows = [_row(book, s.id, by_study.get(s.id, ())) for s in studies]
    rows += [_row(book, n, by_study[n]) for n in sorted(by_study) if n not in own | wider]
    return _table("table-trust", CAPTION, rows) if rows else None


def wider_table(book: Book) -> Table | None:
    """Return one row a study of the wider set in which something was noticed."""
    by_study = _by_study(book)
    studies = [s for s in included(book, ("wider",)) if s.id in by_study]
    rows = [_row(book, s.id, by_study[s.id]) for s in studies]
    return _table("table-trust-wider", f"{CAPTION} (the wider set)", rows) if rows else None


def _table(name: str, caption: str, rows: Sequence[Row]) -> Table:
    return Table(
        id=name,
        caption=caption,
        columns=columns("Study", "What was noticed, and where it was read"),
        rows=tuple(rows),
        notes=(
            "Facts, each with the place it was read in; there is no score, and what follows from "
            "one is decided by people. “Nothing noticed” speaks of the records, values and notes "
            "of this review: nobody searched a list of retractions for it. “Not recorded” means "
            "that no value and no note of this review says anything to check.",
        ),
    )


def _by_study(book: Book) -> Mapping[str, Sequence[Finding]]:
    found: dict[str, list[Finding]] = {}
    for finding in book.content.trust_findings:
        if _prefix(finding) != ELSEWHERE:
            found.setdefault(finding.subject, []).append(finding)
    return found


def trust_cell(book: Book, study: str) -> Cell:
    """Return everything noticed about one study as a list, for a table of characteristics."""
    found = [f for f in book.content.trust_findings if f.subject == study]
    return _cell(book, study, found)


def _row(book: Book, study: str, findings: Sequence[Finding]) -> Row:
    return row(book.names.study(study), _cell(book, study, findings))


def _prefix(finding: Finding) -> str:
    return re.split(r"[.-]", finding.rule, maxsplit=1)[0]


def _group(finding: Finding) -> int:
    """Return the column of a finding; what no column names stands in the last one."""
    for place, (_, prefixes) in enumerate(GROUPS):
        if _prefix(finding) in prefixes:
            return place
    return len(GROUPS) - 1


def _cell(book: Book, study: str, findings: Sequence[Finding]) -> Cell:
    """Return the remarks by group, then what was checked without one, and what could not be."""
    items: list[Piece] = []
    silent: list[str] = []
    unknown: list[str] = []
    for place, (heading, _) in enumerate(GROUPS):
        own = [finding for finding in findings if _group(finding) == place]
        items += [say("{h}. {i}", h=heading, i=_item(book, finding)) for finding in own]
        for at, words, slugs in CHECKS:
            if at != place:
                continue
            if slugs and not _recorded(book, study, slugs):
                unknown.append(words)
            elif not own:
                silent.append(words)
    if silent:
        items.append(say("Nothing noticed: {what}.", what=join(silent, "; ")))
    if unknown and any(one.id == study for one in book.content.studies):
        items.append(say("Not recorded, so not checked: {what}.", what=join(unknown, "; ")))
    return Cell(items=tuple(items))


def _recorded(book: Book, study: str, slugs: Sequence[str]) -> bool:
    """Tell whether a value, an item looked for or a note of registration says anything of these."""
    found = book.content.extraction
    cells = [*(v.cell for v in found.values), *(item.cell for item in found.looked_for)]
    noted = "registration" in slugs and any(
        note.topic == "registration" and dict(note.fields).get("study") == study
        for note in book.content.notes
    )
    return noted or any(cell.study == study and cell.outcome in slugs for cell in cells)


def missing_table(book: Book) -> Table | None:
    """Return the studies that are known or registered and not in this review; ``None`` if none."""
    found = [f for f in book.content.trust_findings if _prefix(f) == ELSEWHERE]
    if not found:
        return None
    return Table(
        id="table-known",
        caption="Studies known from other sources and not included",
        columns=columns("Study or registration", "What is known"),
        rows=tuple(row(book.names.study(f.subject), _item(book, f)) for f in found),
        notes=("Results that nobody has seen may be missing from every synthesis here.",),
    )


def _item(book: Book, finding: Finding) -> Phrase:
    """Return one remark: the message, its numbers as quantities, and where it was read."""
    words = _message(book, finding, sentence(finding.message))
    places = distinct(_places(book, finding))
    loud = {"error": "Error: ", "warning": "", "note": ""}[finding.severity]
    where = say(" [{p}]", p=join(places, "; ")) if places else ""
    return say("{loud}{words}{where}", loud=loud, words=words, where=where)


def _message(book: Book, finding: Finding, text: str) -> Phrase:
    pieces: list[Piece] = []
    name = f"trust/{finding.subject}/{finding.rule}/{_short(finding)}"
    inputs = [item for item in finding.because if _leads(book, item)]
    end = 0
    for found in _QUOTED.finditer(text):
        pieces.append(_said(book, finding, text[end : found.start()], f"{name}/{end}", inputs))
        quote = literal(found[1], "quote")
        if book.corpus.allows(quote):
            pieces.append(say("“{q}”", q=quote))
        else:
            pieces.append(_said(book, finding, found[0], f"{name}/{found.start()}", inputs))
        end = found.end()
    pieces.append(_said(book, finding, text[end:], f"{name}/{end}", inputs))
    return Phrase(tuple(piece for piece in pieces if piece != ""))


def _said(book: Book, finding: Finding, text: str, name: str, inputs: Sequence[str]) -> Piece:
    if not text:
        return ""
    return book.spoken(text, name=name, inputs=inputs, rule=finding.rule)


def _short(finding: Finding) -> str:
    """Return a name for a finding among those of its rule and study."""
    return anchor_id("|".join((finding.message, *finding.because)), "f")


def _leads(book: Book, name: str) -> bool:
    """Tell whether an id is a thing of this review that a trail can end in."""
    content = book.content
    sought = {item.id for item in content.extraction.looked_for}
    return (
        name in book.values or name in content.records or name in content.events or name in sought
    )


def _places(book: Book, finding: Finding) -> Iterable[Piece]:
    """Yield where a remark was read: sources of values, records, notes and looked-for."""
    sought = {item.id: item for item in book.content.extraction.looked_for}
    for name in finding.because:
        value: Value | None = book.values.get(name)
        if value is not None and value.cell.study == finding.subject:
            yield short_source(book, value)
        elif name in book.content.records:
            yield Link(book.lit(name, "identifier"), f"#{anchor_id(name, 'r')}")
        elif name in sought:
            yield say("looked for in: {w}", w=book.text(sought[name].where, "citation", "texts"))
        elif name in book.content.events:
            yield "a note of this review"
