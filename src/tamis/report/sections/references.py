"""References: reports of included and of other studies, and every other text that was cited."""

from __future__ import annotations

from tamis.domain.records import Record, Study
from tamis.domain.values import CitationAnchor, Derivation, Value
from tamis.report.book import Book
from tamis.report.phrase import Link, Phrase, Piece, join, say
from tamis.report.sources import address, citation

__all__ = ["record_reference", "references"]

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


def _of_study(book: Book, study: Study) -> list[Phrase]:
    entries = []
    for report in study.reports:
        held = [book.content.records[name] for name in report.records
                if name in book.content.records]  # fmt: skip
        best = max(held, key=_completeness, default=None)
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
        parts.append(
            say(
                "{a}{more}. ",
                a=join(names),
                more=ET_AL if len(record.authors) > AUTHORS else "",
            )
        )
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
