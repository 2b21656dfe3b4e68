"""References: reports of included and of other studies, and every other text that was cited."""

from __future__ import annotations

from collections.abc import Sequence

from tamis.domain.records import Record, Report, Study
from tamis.domain.values import CitationAnchor, Derivation, Value
from tamis.report.book import Book
from tamis.report.flow import Flow
from tamis.report.phrase import Link, Phrase, Piece, counted, join, say
from tamis.report.sections.selection import box_count
from tamis.report.sources import address, citation

__all__ = ["record_reference", "reference_note", "references", "short_reference"]

#: Authors named before "et al.".
AUTHORS = 6
ET_AL = ", et al"


def references(book: Book) -> tuple[tuple[str, tuple[Phrase, ...]], ...]:
    """Return (heading, entries) of the reference list."""
    groups = (
        ("Included studies", ("included",)),
        ("Published reviews taken up", ("published-review",)),
        ("Studies of the wider set", ("wider",)),
    )
    found: list[tuple[str, tuple[Phrase, ...]]] = []
    for heading, roles in groups:
        entries: list[Phrase] = []
        for study in sorted(book.content.studies, key=lambda s: (s.label, s.id)):
            if study.role in roles:
                entries += _of_study(book, study)
        if entries:
            found.append((heading, tuple(entries)))
    cited = _cited(book)
    if cited:
        found.append(("Texts in which values were read", cited))
    return tuple(found)


def reference_note(book: Book, flow: Flow) -> Phrase | None:
    """Return why the list of included studies is longer than the flow's number of reports."""
    studies = [s for s in book.content.studies if s.role == "included"]
    listed = [r.id for s in studies for r in s.reports]
    kept = {name for c in book.content.clusters if c.id in flow.box("included-reports").ids
            for name in c.records}  # fmt: skip
    outside = [r.id for s in studies for r in s.reports if not kept & set(r.records)]
    if not outside:
        return None
    return say(
        "The list has {all} of {k}. {out} of them, such as registrations and congress abstracts, "
        "came from no imported record and are therefore not among the {n} of the flow.",
        all=counted(
            book.count("references:included", listed, "set of reports of included studies",
                       "reports of included studies"), "report", "reports"),
        k=counted(book.count("references:studies", [s.id for s in studies],
                             "set of studies with the role included", "included studies"),
                  "study", "studies"),
        out=book.count("references:outside", outside, "set of reports without an included record",
                       "reports that are no imported record"),
        n=counted(box_count(book, flow.box("included-reports")), "report", "reports"),
    )  # fmt: skip


def short_reference(book: Book, study: Study) -> Phrase:
    """Return a study's article as a reference, or words where no record of it was imported.

    The fullest record of a report of the kind ``article`` stands for the study; only where there is
    none the fullest of its other reports.
    """
    articles = [report for report in study.reports if report.kind == "article"]
    best = _fullest(book, articles) or _fullest(book, study.reports)
    if best is None:
        return say("its citation is not among the imported records")
    return record_reference(book, best)


def _fullest(book: Book, reports: Sequence[Report]) -> Record | None:
    names = [name for report in reports for name in report.records]
    held = [book.content.records[name] for name in names if name in book.content.records]
    return max(held, key=_completeness, default=None)


def _of_study(book: Book, study: Study) -> list[Phrase]:
    entries = []
    for report in study.reports:
        best = _fullest(book, (report,))
        body: Piece
        if best is not None:
            body = record_reference(book, best)
        else:
            body = say(
                "{kind} {id}; its citation is not among the imported records",
                kind=book.lit(report.kind, "label"),
                id=book.lit(report.id, "identifier"),
            )
        entries.append(say("{study}: {body}.", study=book.lit(study.label, "label"), body=body))
    return entries


def _completeness(record: Record) -> tuple[int, str]:
    filled = (record.doi, record.pmid, record.journal, record.volume, record.pages, record.title)
    return sum(1 for field in filled if field) + len(record.authors), record.id


def record_reference(book: Book, record: Record) -> Phrase:
    """Return a record in the order of a reference: authors, title, journal, year, place, DOI."""
    parts: list[Piece] = []
    if record.authors:
        names = [book.lit(name, "citation") for name in record.authors[:AUTHORS]]
        more = ET_AL if len(record.authors) > AUTHORS else ""
        stop = "" if not more and names[-1].text.endswith(".") else "."
        parts.append(say("{a}{more}{stop} ", a=join(names), more=more, stop=stop))
    title = book.text(record.title.strip().rstrip("."), "citation", "no title")
    parts.append(say("{t}. ", t=title))
    if record.journal:
        parts.append(say("{j} ", j=book.lit(record.journal, "citation")))
    if record.year is not None:
        parts.append(book.lit(str(record.year), "year"))
    place = _place(book, record)
    if place:
        parts.append(say(";{p}", p=place))
    if record.doi:
        doi = book.lit(record.doi, "identifier")
        parts.append(
            say(". doi {d}", d=Link(doi, address(record.doi) or f"https://doi.org/{record.doi}"))
        )
    if record.pmid:
        parts.append(say(". PMID {p}", p=book.lit(record.pmid, "identifier")))
    return Phrase(tuple(parts))


def _place(book: Book, record: Record) -> Phrase:
    parts: list[Piece] = []
    if record.volume:
        parts.append(book.lit(record.volume, "identifier"))
    if record.issue:
        parts.append(say("({i})", i=book.lit(record.issue, "identifier")))
    if record.pages:
        parts.append(say(":{p}", p=book.lit(record.pages, "identifier")))
    return Phrase(tuple(parts))


def _cited(book: Book) -> tuple[Phrase, ...]:
    """Return every distinct citation of values and mechanism notes, once."""
    texts = {c for v in book.content.extraction.values if (c := _citation(v).strip())}
    texts |= {
        cited
        for note in book.content.notes
        if note.topic == "mechanism" and (cited := dict(note.fields).get("citation", "").strip())
    }
    return tuple(say("{c}", c=citation(book, text)) for text in sorted(texts))


def _citation(value: Value) -> str:
    source = value.source
    return source.citation if isinstance(source, CitationAnchor | Derivation) else ""
