"""First step: each record becomes its comparison keys."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from urllib.parse import unquote

from tamis.dedupe.folding import fold, fold_title, numbers_in
from tamis.dedupe.names import family_name, journal_names, split_glued
from tamis.dedupe.places import Pages, parse_pages, plain_issue, plain_volume
from tamis.dedupe.wording import (
    COLUMN_WORDS,
    GENERIC_TITLES,
    is_preprint,
    kind_of,
    markers_in,
    parts_in,
)
from tamis.domain.records import Record
from tamis.domain.registries import registry_numbers

__all__ = ["Prepared", "plain_doi", "prepare"]

_DOI = re.compile(r"10\.\d{4,9}/\S+")
_COCHRANE = re.compile(r"\bcd\d{6}\b")
#: "smith2019talc": what reference managers make of author and year.
_CITATION_KEY = re.compile(r"[^\W\d_'-]{3,}[_'-]?(?:19|20)\d\d")
#: An accession number has at least as many digits.
DIGITS = 5
#: A title of fewer other words than this does not identify a report.
SHORT = 4
_STOP = frozenset((
    "a", "an", "and", "as", "at", "by", "for", "from", "in", "into", "is", "its", "of", "on", "or",
    "the", "to", "with", "within", "without", "vs", "versus", "der", "die", "das", "und", "de",
    "la", "le", "des", "les", "et", "del", "el", "en", "y",
))  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A record ready for comparison. Empty texts mean *unknown* and never *different*."""

    id: str
    title: str
    main: str
    text: str
    words: tuple[str, ...]
    numbers: tuple[str, ...]
    translated: bool
    pointer: bool
    column: bool
    short: bool
    markers: frozenset[str]
    parts: frozenset[str]
    first_author: str
    first_author_parts: frozenset[str]
    families: frozenset[str]
    year: int | None
    journal: str
    journal_key: str
    issns: frozenset[str]
    volume: str
    issue: str
    pages: Pages
    doi: str
    pmid: str
    accession: str
    registry: frozenset[str]
    cochrane: frozenset[str]
    kind: str
    abstract: str
    language: str


def prepare(record: Record) -> Prepared:
    """Fold every field that rules look at; nothing is guessed for a field that is absent.

    Examples
    --------
    >>> ready = prepare(Record(id="a:0", raw=(), title="Talc: a trial.", authors=("Lee, K. S.",),
    ...                        year=2001, doi="https://doi.org/10.1000/ABC."))
    >>> ready.title, ready.first_author, ready.doi
    ('talcatrial', 'lee', '10.1000/abc')
    """
    title = fold_title(record.title)
    plain_title = fold(record.title).strip(' ."[')
    authors = split_glued(record.authors)
    first, first_parts = family_name(authors[0]) if authors else ("", ())
    identifying = fold(" ".join((record.source_id, record.title, record.journal, *record.urls)))
    registry = registry_numbers(identifying)
    doi = plain_doi(record.doi)
    return Prepared(
        id=record.id,
        title=title.key,
        main=title.main,
        text=title.text,
        words=title.words,
        numbers=numbers_in(title.words),
        translated=title.translated,
        pointer=title.pointer,
        column=_is_column(plain_title),
        short=sum(w not in _STOP for w in title.words) < SHORT,
        markers=markers_in(plain_title),
        parts=parts_in(plain_title),
        first_author=first,
        first_author_parts=frozenset(first_parts),
        families=frozenset(family_name(author)[0] for author in authors) - {""},
        year=record.year if record.year != 9999 else None,
        journal=record.journal,
        journal_key=_journal_key(record.journal),
        issns=_issns(record.issn),
        volume=plain_volume(record.volume),
        issue=plain_issue(record.issue),
        pages=parse_pages(record.pages),
        doi=doi,
        pmid=record.pmid.strip().lstrip("0"),
        accession=_accession(record),
        registry=registry,
        cochrane=frozenset(
            _COCHRANE.findall(f"{doi} {record.pages} {record.source_id}".casefold())
        ),
        kind=_kind(record, doi, registry),
        abstract=_abstract_key(record.abstract),
        language=record.language.casefold()[:2],
    )


def plain_doi(text: str) -> str:
    """Return a DOI in lower case without resolver, escapes and trailing punctuation, or ``""``.

    Examples
    --------
    >>> plain_doi("http://dx.doi.org/10.1016/S0140-6736%2821%2900578-X")
    '10.1016/s0140-6736(21)00578-x'
    """
    found = _DOI.search(unquote(text))
    if not found:
        return ""
    doi = found[0].lower().rstrip(".,;/>]")
    while doi.endswith(")") and doi.count(")") > doi.count("("):
        doi = doi[:-1]
    return doi


def _is_column(plain_title: str) -> bool:
    return bool(GENERIC_TITLES.match(plain_title) or COLUMN_WORDS.search(plain_title))


@lru_cache(maxsize=50_000)
def _journal_key(journal: str) -> str:
    names = journal_names(journal)
    return "".join(word[0] for word in names[0]) if names else ""


@lru_cache(maxsize=50_000)
def _issns(text: str) -> frozenset[str]:
    return frozenset(
        found.replace("-", "").lower() for found in re.findall(r"\b\d{4}-?\d{3}[\dxX]\b", text)
    )


def _accession(record: Record) -> str:
    """Return the number that a database gives a record; keys of citations are none."""
    name = record.source_id.strip().casefold()
    numbered = sum(c.isdigit() for c in name) >= DIGITS and not _CITATION_KEY.match(name)
    known = record.database.strip() and numbered
    return f"{fold(record.database)}:{name}" if known else ""


def _kind(record: Record, doi: str, registry: frozenset[str]) -> str:
    kind = kind_of(fold(record.type))
    if kind in ("", "article") and is_preprint(fold(record.journal), "" if record.volume else doi):
        return "preprint"
    if kind in ("", "article") and registry and not record.volume and not record.pages:
        return "registration" if not record.authors else kind
    return kind


def _abstract_key(abstract: str) -> str:
    return "".join(islice(filter(str.isalnum, abstract.casefold()), 600))
