"""What records state of other reports: PubMed's comments and corrections, read from the raw tags.

Read are the tags of PubMed's text format (``EIN``, ``CON``, ...) and the elements
``CommentsCorrections`` of its XML. Other platforms keep these relations in notes, if at all; those
are not read here.

Source: National Library of Medicine, "MEDLINE/PubMed data element (field) descriptions" and
"XML help for PubMed: CommentsCorrectionsList".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from tamis.dedupe import Statement
from tamis.domain.records import Record

__all__ = ["PARTIAL", "TYPES", "statements_of"]

#: Relations that retract a part of a report only.
PARTIAL = frozenset({"PRIN", "PROF", "PartialRetractionIn", "PartialRetractionOf"})

#: Tag of the text format, name in XML, kind of link, whether the record itself is the one of the
#: two ("this is an erratum for ...") or the other is ("erratum in ...").
_TABLE: tuple[tuple[str, str, str, bool], ...] = (
    ("CIN", "CommentIn", "comment", False),
    ("CON", "CommentOn", "comment", True),
    ("EIN", "ErratumIn", "erratum", False),
    ("EFR", "ErratumFor", "erratum", True),
    ("RIN", "RetractionIn", "retraction", False),
    ("ROF", "RetractionOf", "retraction", True),
    ("PRIN", "PartialRetractionIn", "retraction", False),
    ("PROF", "PartialRetractionOf", "retraction", True),
    ("ECI", "ExpressionOfConcernIn", "concern", False),
    ("ECF", "ExpressionOfConcernFor", "concern", True),
    ("CRI", "CorrectedandRepublishedIn", "republication", False),
    ("CRF", "CorrectedandRepublishedFrom", "republication", True),
    ("RRI", "RetractedandRepublishedIn", "retraction", False),
    ("RRF", "RetractedandRepublishedFrom", "retraction", True),
    ("RPI", "RepublishedIn", "republication", False),
    ("RPF", "RepublishedFrom", "republication", True),
    ("UIN", "UpdateIn", "version", False),
    ("UOF", "UpdateOf", "version", True),
    ("SPIN", "SummaryForPatientsIn", "summary", False),
    ("ORI", "OriginalReportIn", "summary", True),
)

#: Tag or name -> kind of link, and whether the record itself is the one of the two.
TYPES: Mapping[str, tuple[str, bool]] = MappingProxyType(
    {name: (kind, own) for tag, xml, kind, own in _TABLE for name in (tag, xml)}
)

_XML = re.compile(r"CommentsCorrections@(?:.*@)?RefType=(\w+)")
_PART = re.compile(r"CommentsCorrections/(RefSource|PMID)\b")
_PMID = re.compile(r"PMID:?\s*0*([1-9]\d{0,7})\b", re.IGNORECASE)
_DOI = re.compile(r"\b10\.\d{4,9}/[^\s,;]+")
_PREPRINT = re.compile(r"rxiv|preprint|research square|ssrn", re.IGNORECASE)


def statements_of(records: Iterable[Record]) -> Iterator[Statement]:
    """Yield what records state of other reports, in the order of their fields.

    An update of a preprint, or one that is a preprint, is the link of a preprint and its article.

    Examples
    --------
    >>> record = Record(id="x:0", raw=(("EIN", "J Talc. 2020;1:2. PMID: 12"),), title="Talc")
    >>> one, = statements_of([record])
    >>> one.kind, one.is_one, one.pmid
    ('erratum', False, '12')
    """
    for record in records:
        for name, words, pmid in _stated(record.raw):
            kind, own = TYPES[name]
            if kind == "version" and _of_preprint(record, words, own=own):
                kind, own = "preprint-article", not own
            text = " ".join(words.split())
            doi = _DOI.search(text)
            found = _PMID.search(text)
            yield Statement(
                record=record.id,
                kind=kind,
                is_one=own,
                pmid=pmid or (found[1] if found else ""),
                doi=doi[0].rstrip(".") if doi else "",
                words=f"{name}: {text}" if text else name,
            )


def _of_preprint(record: Record, words: str, *, own: bool) -> bool:
    """Tell whether the earlier of two versions is a preprint."""
    earlier = words if own else f"{record.type} {record.journal}"
    return bool(_PREPRINT.search(earlier))


def _stated(raw: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str, str]]:
    """Yield name, words and PMID of each relation that a record holds."""
    name = words = pmid = ""
    for tag, held in raw:
        part = _PART.search(tag)
        if name and part:
            words, pmid = (words, held.strip()) if part[1] == "PMID" else (held, pmid)
            continue
        if name:
            yield name, words, pmid
            name = words = pmid = ""
        if tag in TYPES:
            yield tag, held, ""
        elif "RefType=" in tag and (found := _XML.search(tag)) and found[1] in TYPES:
            name = found[1]
    if name:
        yield name, words, pmid
