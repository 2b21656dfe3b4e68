"""The addresses that citations give: which reference each is, and what was read there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tamis.domain.records import Record
from tamis.domain.values import CitationAnchor, Derivation
from tamis.report.content import ReportContent
from tamis.report.corpus import literal
from tamis.report.names import Names
from tamis.report.phrase import Phrase, Piece, join

__all__ = ["Cited"]

#: A citation with its address in brackets at the end.
_LINKED = re.compile(r"(.*\S)\s*\((https?://[^\s()]*)\)\Z", re.DOTALL)


class Cited:
    """What is known of the addresses that citations give: their reference, and what they tell of.

    A bare address is no reference. The words come from a citation that gives the same address in
    brackets, from the record whose DOI or PMID stands in it, or from the studies read there.
    """

    def __init__(self, content: ReportContent) -> None:
        self._words: dict[str, str] = {}
        self._studies: dict[str, list[str]] = {}
        for text in _citations(content):
            linked = _LINKED.match(text.strip())
            if linked:
                self._words.setdefault(linked[2].rstrip("/"), linked[1])
        for value in content.extraction.values:
            source = value.source
            if isinstance(source, CitationAnchor | Derivation) and source.citation:
                found = self._studies.setdefault(source.citation.strip(), [])
                if value.cell.study not in found:
                    found.append(value.cell.study)
        held = (r for r in content.records.values() if r.doi or r.pmid)
        self._records = sorted(held, key=lambda r: (-len(r.authors), r.id))

    def words(self, url: str) -> Piece | None:
        """Return a reference for an address, or ``None`` when no citation and no record has it."""
        text = self._words.get(url.rstrip("/"))
        if text is not None:
            return literal(text, "citation")
        parts = set(re.split(r"[/=?&]", url.lower()))
        for record in self._records:
            if (record.doi and len(record.doi) > 8 and record.doi.lower() in url.lower()) or (
                record.pmid and "pubmed" in url and record.pmid in parts
            ):
                return _short_record(record)
        return None

    def about(self, names: Names, url: str) -> Piece:
        """Return the studies of which values were read at an address."""
        studies = self._studies.get(url, [])
        return join([names.study(s) for s in sorted(studies)], ", ", " and ")


def _citations(content: ReportContent) -> Iterator[str]:
    for value in content.extraction.values:
        source = value.source
        if isinstance(source, CitationAnchor | Derivation):
            yield source.citation
    for note in content.notes:
        for _, text in note.fields:
            yield from text.split("; ")


def _short_record(record: Record) -> Phrase:
    """Return a record in one line: first author, journal, year, volume and pages."""
    parts: list[Piece] = []
    if record.authors:
        more = " et al. " if len(record.authors) > 1 else " "
        parts += [literal(record.authors[0], "citation"), more]
    if record.journal:
        parts += [literal(record.journal, "citation"), " "]
    if record.year is not None:
        parts.append(literal(str(record.year), "year"))
    if record.volume:
        parts += [";", literal(record.volume, "identifier")]
    if record.pages:
        parts += [":", literal(record.pages, "identifier")]
    return Phrase(tuple(parts))
