"""Retractions, expressions of concern, corrections: what databases write, and where they write it.

The tags of PubMed are those of the National Library of Medicine's fact sheet on errata,
retractions, partial retractions and republished articles; the forms of titles and the document
types are those that publishers and databases were seen to use. Each row of a table is one of them.
A notice is a document of its own: it is never taken for the article that it is about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tamis.domain.records import Record, Study
from tamis.domain.results import Finding
from tamis.extraction.trust_case import Case, folded, quoted, remark

__all__ = ["KINDS", "Mark", "marks_of", "notice_of", "notices"]

#: Kind of notice -> severity, and what is said of the source.
KINDS: Mapping[str, tuple[str, str]] = {
    "retracted": ("error", "has been retracted"),
    "withdrawn": ("error", "was withdrawn by its publisher"),
    "partly-retracted": ("warning", "has been retracted in part"),
    "concern": ("warning", "has an expression of concern"),
    "corrected": ("note", "has a published correction"),
    "republished": ("note", "was corrected and published again"),
}

#: PubMed's tags on the article itself, and on the notice about it.
TAGS_ON_ARTICLE = {
    "RIN": "retracted", "RRI": "retracted", "PRIN": "partly-retracted", "ECI": "concern",
    "EIN": "corrected", "CRI": "republished",
}  # fmt: skip
TAGS_ON_NOTICE = {
    "ROF": "retracted", "RRF": "retracted", "PROF": "partly-retracted", "ECF": "concern",
    "EFR": "corrected", "CRF": "republished",
}  # fmt: skip

#: Document types of the article itself (Medline, Web of Science, Scopus, Embase).
TYPES_ON_ARTICLE = {
    "retracted publication": "retracted",
    "retracted article": "retracted",
    "retracted": "retracted",
    "withdrawn publication": "withdrawn",
    "withdrawn": "withdrawn",
    "corrected and republished article": "republished",
}
#: Document types of a notice.
TYPES_ON_NOTICE = {
    "retraction of publication": "retracted",
    "retraction notice": "retracted",
    "retraction": "retracted",
    "expression of concern": "concern",
    "published erratum": "corrected",
    "erratum": "corrected",
    "corrigendum": "corrected",
    "correction": "corrected",
    "author correction": "corrected",
}


def _patterns(*rows: tuple[str, str]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in rows)


#: What may part a label from the title: a colon or full stop, or a dash with spaces around it.
_PART = r"(?:\s*[:：.]|\s+[-–—]\s)"

#: Titles of the article itself. "Retracted eyelids" has no separator and is none.
TITLES_ON_ARTICLE = _patterns(
    ("retracted", rf"^\W*retracted(?:\s+(?:article|paper|chapter))?{_PART}"),
    ("retracted", r"[(\[]\s*retracted(?:\s+(?:article|paper|publication))?\s*[.)\]:]"),
    ("retracted", r"[(\[]\s*retracted\s+(?:article|paper)\b[^)\]]{0,200}[)\]]?"),
    ("retracted", r"[已被]撤稿|[(（\[【]撤稿[)）\]】]"),
    ("withdrawn", rf"^\W*(?:withdrawn(?:\s+article)?|temporary removal){_PART}"),
    ("withdrawn", r"[(\[]\s*withdrawn(?:\s+(?:article|paper))?[)\]]"),
    ("corrected", r"\[corrected\]\W*$"),
)

_OF = r"(?:\s+(?:to|of|for|on|about|in)\b)?"

#: Titles of a notice; what follows is the title of the article it is about. "Retraction of the
#: eyelid" and "Correction of acidosis" are none: the separator or the word "notice" decides.
TITLES_ON_NOTICE = _patterns(
    ("partly-retracted", rf"^\W*partial retraction\b(?:\s+(?:notice|note))?{_OF}{_PART}?"),
    ("retracted", r"^\W*(?:notice|statement) of retraction\b"),
    ("retracted", rf"^\W*retraction (?:notice|note|statement)\b{_OF}"),
    ("retracted", r"^\W*retraction(?:\s+(?:to|for|of)\b[^:：]{0,80})?\s*[:：]"),
    ("retracted", r"^\W*(?:撤稿(?:声明|启事|通知)|关于撤销)"),
    ("concern", rf"^\W*(?:editorial\s+|notice:?\s+)?expressions? of (?:editorial )?concern\b{_OF}"),
    (
        "corrected",
        r"^\W*(?:author'?s?\s+|publisher'?s?\s+)?corrections?(?:\s+(?:to|for)\b[^:：]{0,40})?\s*[:：]",
    ),
    ("corrected", rf"^\W*(?:corrigend(?:um|a)|errat(?:um|a))(?:{_PART}|\s+(?:to|for)\b|\W*\Z)"),
    ("corrected", r"^\W*(?:更正|勘误)(?:声明|启事|[:：])"),
)

#: Phrases in notes and titles, as Ovid, Zotero and EndNote keep PubMed's relations.
PHRASES = _patterns(
    ("partly-retracted", r"\bpartial retraction in\b"),
    ("retracted", r"(?<!partial )\bretract(?:ion in|ed and republished in)\b"),
    ("retracted", r"\bretracted (?:publication|article)\b"),
    ("concern", r"\bexpression of concern in\b"),
    ("corrected", r"\berrat(?:um|a) (?:appears )?in\b"),
    ("republished", r"\bcorrected and republished in\b"),
)

#: Fields that hold types, titles and notes. Lists of references name other papers' retractions.
TYPE_FIELDS = frozenset({"pt", "m3", "dt", "ty", "document type", "publication type",
                         "publication types", "article type", "type"})  # fmt: skip
TITLE_FIELDS = frozenset({"ti", "t1", "title", "article title", "st"})
NOTE_FIELDS = frozenset({"n1", "nt", "t3", "note", "notes", "gn", "u2"})
FLAG_FIELDS = frozenset({"is_retracted"})

_PARTS = re.compile(r"\s*[;,|]\s*")
_PMID = re.compile(r"PMID:?\s*0*([1-9]\d{0,7})", re.I)
_DOI = re.compile(r"10\.\d{4,9}/[^\s,;)\]]+", re.I)

#: A title shorter than this (folded) is too common to match a notice by.
LONG_ENOUGH = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One thing a record says: the kind of notice, the field it stands in, the words there."""

    kind: str
    where: str
    words: str


def notices(case: Case) -> Iterator[Finding]:
    """Find what records, notices among the imports, and people's look-ups say of each study."""
    about = tuple((r, m) for r in _sorted(case.records) if (m := notice_of(r)) is not None)
    for study in case.of_this_review:
        found: dict[str, dict[str, list[str]]] = {}
        got: dict[str, list[str]] = {}
        for record_id, mark in _seen(case, study, about):
            found.setdefault(mark.kind, {}).setdefault(mark.where, []).append(record_id)
            got.setdefault(mark.kind, []).append(mark.words)
        for kind, (severity, says) in KINDS.items():
            if kind in found:
                wheres = "; ".join(sorted(found[kind]))
                yield remark(
                    f"notice.{kind}", severity, study.id,
                    f"a report of this study {says}: {wheres}",
                    sorted({name for names in found[kind].values() for name in names}),
                    suggestion=_ADVICE[severity], got="; ".join(dict.fromkeys(got[kind])),
                )  # fmt: skip


_ADVICE = {
    "error": "look at the notice, and decide whether the study stays in",
    "warning": "look at the notice, and record what follows from it",
    "note": "check the extracted values against the corrected version",
}

#: Slug of a fact that a person looked up -> kind of notice.
LOOKED_UP = {
    "retraction": "retracted",
    "expression-of-concern": "concern",
    "correction": "corrected",
}


def _seen(
    case: Case, study: Study, about: tuple[tuple[Record, Mark], ...]
) -> Iterator[tuple[str, Mark]]:
    own = case.records_of(study)
    for record in own:
        for mark in marks_of(record):
            yield record.id, mark
    names = {record.id for record in own}
    for record, mark in about:
        if record.id in names or any(_is_about(record, mark, one) for one in own):
            where = f"the notice “{record.title}”" if record.title else "a notice without a title"
            yield record.id, Mark(kind=mark.kind, where=where, words=mark.words)
    for slug, kind in LOOKED_UP.items():
        for value in case.values(study.id, slug):
            yield value.id, Mark(kind=kind, where=quoted(value), words=value.printed)


def marks_of(record: Record) -> tuple[Mark, ...]:
    """Return what a record says of its own article; a notice says nothing of itself.

    Examples
    --------
    >>> from tamis.domain.records import Record
    >>> record = Record(id="9f3c12ab9f3c:0", raw=(("PT", "Retracted Publication"),), title="A drug")
    >>> [(mark.kind, mark.where) for mark in marks_of(record)]
    [('retracted', 'the publication type of the record')]
    """
    if notice_of(record) is not None:
        return ()
    found: dict[tuple[str, str], Mark] = {}
    for tag, held in record.raw:
        for mark in _in_field(tag, held):
            found.setdefault((mark.kind, mark.where), mark)
    for mark in _in_title(record.title):
        found.setdefault((mark.kind, mark.where), mark)
    return tuple(found.values())


def _in_field(tag: str, held: str) -> Iterator[Mark]:
    name = tag.strip().casefold()
    if tag in TAGS_ON_ARTICLE:
        yield Mark(kind=TAGS_ON_ARTICLE[tag], where=f"the field {tag} of the record", words=held)
    elif name in FLAG_FIELDS and held.strip().casefold() in ("true", "1", "yes"):
        yield Mark(kind="retracted", where=f"the field {tag} of the record", words=held)
    elif name in TYPE_FIELDS:
        for part in _PARTS.split(held):
            kind = TYPES_ON_ARTICLE.get(" ".join(part.split()).casefold())
            if kind:
                yield Mark(kind=kind, where="the publication type of the record", words=part)
    elif name in TITLE_FIELDS:
        yield from _in_title(held)
    if name in NOTE_FIELDS | TITLE_FIELDS:
        for kind, pattern in PHRASES:
            if pattern.search(held):
                yield Mark(kind=kind, where="a note in the record", words=held)


def _in_title(title: str) -> Iterator[Mark]:
    for kind, pattern in TITLES_ON_ARTICLE:
        if pattern.search(title):
            yield Mark(kind=kind, where="the title of the record", words=title)


def notice_of(record: Record) -> Mark | None:
    """Return which notice a record is, or ``None`` when it is an article of its own.

    Examples
    --------
    >>> from tamis.domain.records import Record
    >>> note = Record(id="9f3c12ab9f3c:0", raw=(), title="Retraction Note: A drug")
    >>> notice_of(note).kind
    'retracted'
    >>> notice_of(Record(id="9f3c12ab9f3c:9", raw=(), title="Retraction of the eyelid")) is None
    True
    """
    for tag, held in record.raw:
        if tag in TAGS_ON_NOTICE:
            return Mark(kind=TAGS_ON_NOTICE[tag], where=f"the field {tag}", words=held)
    for kind, pattern in TITLES_ON_NOTICE:  # before the type: Scopus calls every notice an erratum
        if pattern.match(record.title):
            return Mark(kind=kind, where="the title", words=record.title)
    for tag, held in record.raw:
        if tag.strip().casefold() in TYPE_FIELDS:
            for part in _PARTS.split(held):
                kind = TYPES_ON_NOTICE.get(" ".join(part.split()).casefold(), "")
                if kind:
                    return Mark(kind=kind, where="the publication type", words=part)
    return None


def _is_about(notice: Record, mark: Mark, article: Record) -> bool:
    """Tell whether a notice is about an article: by its number, its DOI, or its whole title."""
    if notice.id == article.id or notice_of(article) is not None:
        return False
    pmids, dois = _targets(notice)
    if article.pmid and article.pmid in pmids:
        return True
    if article.doi and article.doi.casefold() in dois:
        return True
    title = folded(_bare_title(article.title))
    return len(title) >= LONG_ENOUGH and title in folded(notice.title)


def _targets(notice: Record) -> tuple[set[str], set[str]]:
    """Return the PMIDs and DOIs that a notice names as its article's, without its own."""
    texts = [held for tag, held in notice.raw if tag in TAGS_ON_NOTICE] + [notice.title]
    pmids = {found for text in texts for found in _PMID.findall(text)} - {notice.pmid}
    dois = {found.rstrip(".").casefold() for text in texts for found in _DOI.findall(text)}
    return pmids, dois - {notice.doi.casefold()}


def _bare_title(title: str) -> str:
    """Return the title of an article without what was put before or after it."""
    for _, pattern in TITLES_ON_ARTICLE:
        title = pattern.sub(" ", title)
    return title


def _sorted(records: Mapping[str, Record]) -> Iterator[Record]:
    for name in sorted(records):
        yield records[name]
