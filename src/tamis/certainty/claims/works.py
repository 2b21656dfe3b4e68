"""Works and how texts name them: titles, journals and years folded for comparison."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from tamis.certainty.claims.evidence import ClaimEvidence
from tamis.domain.records import Record, Study

__all__ = [
    "Edition",
    "Work",
    "fold_words",
    "journals_agree",
    "same_script",
    "title_likeness",
    "works_of",
]

#: Kinds of report that a text cites as the study itself.
_MAIN = frozenset({"article", "review", "thesis"})

_SMALL = frozenset({"the", "of", "and", "a", "an", "in", "for", "on", "de", "la"})

#: Latin words of a mixed entry from which on its title may be Latin.
_LATIN = 3

#: The same word spelt in two ways.
_SPELLINGS = (("randomiz", "randomis"), ("isation", "ization"), ("tumor", "tumour"),
              ("leukemi", "leukaemi"), ("pediatric", "paediatric"))  # fmt: skip


#: Fields of an export file that hold a date of publication, online or in an issue.
_DATES = frozenset({"DP", "DEP", "PY", "Y1", "DA"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One report of a work: what each of its records says; nothing where no record says it."""

    titles: tuple[str, ...] = ()
    journals: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    volumes: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    first: tuple[str, ...] = ()
    dois: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A study's or review's main report as its records describe it.

    ``every_year`` holds those of all its reports (a congress abstract, a first online version).
    """

    study: str
    role: str
    label: str
    titles: tuple[str, ...] = ()
    journals: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    dois: tuple[str, ...] = ()
    surnames: tuple[str, ...] = ()
    editions: tuple[Edition, ...] = ()
    every_year: tuple[int, ...] = ()


def works_of(evidence: ClaimEvidence) -> tuple[Work, ...]:
    """Return the works a text may cite: included studies and the published review, then others."""
    return tuple(_work(study, evidence) for study in evidence.studies)


def _work(study: Study, evidence: ClaimEvidence) -> Work:
    by_report = [
        (report.kind, [evidence.records[r] for r in report.records if r in evidence.records])
        for report in study.reports
    ]
    main = [records for kind, records in by_report if kind in _MAIN and records]
    records = [record for of_report in main for record in of_report]
    labelled = re.search(r"(\d{4})", study.label)
    label_years = [int(labelled[1])] if labelled else []
    years = [year for record in records for year in _years(record)] + label_years
    every = [y for _, of_report in by_report for record in of_report for y in _years(record)]
    return Work(
        study=study.id,
        role=study.role,
        label=study.label,
        titles=_unique(r.title for r in records),
        journals=_unique(r.journal for r in records),
        years=tuple(dict.fromkeys(years)),
        dois=_unique(r.doi.lower() for r in records),
        surnames=_unique([re.split(r"[\s,]", study.label)[0]]),
        editions=tuple(_edition(of_report) for of_report in main),
        every_year=tuple(dict.fromkeys([*years, *every])),
    )


def _edition(records: Iterable[Record]) -> Edition:
    records = tuple(records)
    return Edition(
        titles=_unique(r.title for r in records),
        journals=_unique(r.journal for r in records),
        years=tuple(dict.fromkeys(year for r in records for year in _years(r))),
        volumes=_unique(r.volume for r in records),
        pages=_unique(r.pages for r in records),
        first=_unique(r.authors[0] for r in records if r.authors),
        dois=_unique(r.doi.lower() for r in records),
    )


def _years(record: Record) -> Iterator[int]:
    """Yield the years of a record: of its issue, and of an earlier version online."""
    if record.year is not None:
        yield record.year
    for tag, text in record.raw:
        found = re.match(r"\s*((?:19|20)\d\d)(?!\d{1,3}\b)", text) if tag in _DATES else None
        if found is not None:
            yield int(found[1])


def _unique(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.strip() for text in texts if text.strip()))


def fold_words(text: str) -> tuple[str, ...]:
    """Return the words of a title without case, accents, punctuation and spelling variants.

    Examples
    --------
    >>> fold_words("A Randomized, double-blind Trial")
    ('a', 'randomised', 'double', 'blind', 'trial')
    """
    plain = unicodedata.normalize("NFKD", text.casefold().replace("&", " and "))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    for other, kept in _SPELLINGS:
        plain = plain.replace(other, kept)
    return tuple(re.findall(r"[a-z0-9]+|[\u4e00-\u9fff]+", plain))


def same_script(a: str, b: str) -> bool:
    """Tell whether an entry and a title can be compared letter by letter.

    Examples
    --------
    >>> same_script("LIU D, 等. A trial of something[J]", "A trial of something")
    True
    """
    if _chinese(b):
        return _chinese(a)
    return not _chinese(a) or len(re.findall(r"[A-Za-z]{2,}", a)) >= _LATIN


def _chinese(text: str) -> bool:
    return bool(re.search(r"[\u4e00-\u9fff]", text))


def title_likeness(a: str, b: str) -> float:
    """Return how alike two titles are, 0 to 1; 1 is equal after folding."""
    left, right = fold_words(a), fold_words(b)
    if not left or not right:
        return 0.0
    if left == right:
        return 1.0
    return min(0.999, SequenceMatcher(None, left, right, autojunk=False).ratio())


def journals_agree(named: str, known: str) -> bool:
    """Tell whether two journal names are one: equal, or one the abbreviation of the other.

    Examples
    --------
    >>> journals_agree("Ann Rheum Dis", "Annals of the Rheumatic Diseases")
    True
    >>> journals_agree("J Med", "Journal of Medicine")
    True
    >>> journals_agree("Journal of Rheumatology", "Annals of the Rheumatic Diseases")
    False
    """
    left = [w for w in fold_words(named) if w not in _SMALL]
    right = [w for w in fold_words(known) if w not in _SMALL]
    if not left or not right:
        return False
    if left == right:
        return True
    if _initials(left, right) or _initials(right, left):
        return True
    return len(left) == len(right) and all(map(_shortened, left, right))


def _shortened(a: str, b: str) -> bool:
    """Tell whether two words are one, or one the abbreviation of the other (J, Intl, Rheum)."""
    short, long = sorted((a, b), key=len)
    if long.startswith(short):
        return True
    letters = iter(long)
    return short[0] == long[0] and len(short) <= 6 and all(c in letters for c in short)


def _initials(short: list[str], long: list[str]) -> bool:
    """Tell whether one word holds the first letters of a name (an acronym)."""
    return len(short) == 1 and len(long) > 2 and short[0] == "".join(word[0] for word in long)


def journal_likeness(named: str, known: str) -> float:
    """Return the share of words two journal names have in common."""
    left = {w[:6] for w in fold_words(named) if w not in _SMALL}
    right = {w[:6] for w in fold_words(known) if w not in _SMALL}
    return len(left & right) / max(len(left | right), 1)
