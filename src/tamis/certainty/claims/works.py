"""Works and how texts name them: titles, journals and years folded for comparison."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

from tamis.certainty.claims.evidence import ClaimEvidence
from tamis.domain.records import Record

__all__ = ["Work", "fold_words", "journals_agree", "same_script", "title_likeness", "works_of"]

#: Kinds of report that a text cites as the study itself.
_MAIN = frozenset({"article", "review", "thesis"})

_SMALL = frozenset({"the", "of", "and", "a", "an", "in", "for", "on", "de", "la"})

#: The same word spelt in two ways.
_SPELLINGS = (("randomiz", "randomis"), ("isation", "ization"), ("tumor", "tumour"),
              ("leukemi", "leukaemi"), ("pediatric", "paediatric"))  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A study's or review's main report as its records describe it."""

    study: str
    role: str
    label: str
    titles: tuple[str, ...] = ()
    journals: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    dois: tuple[str, ...] = ()
    surnames: tuple[str, ...] = ()


def works_of(evidence: ClaimEvidence) -> tuple[Work, ...]:
    """Return the works a text may cite: included studies and the published review, then others."""
    return tuple(
        _work(study.id, study.role, study.label, records)
        for study in evidence.studies
        for records in [
            [
                evidence.records[record]
                for report in study.reports
                if report.kind in _MAIN
                for record in report.records
                if record in evidence.records
            ]
        ]
    )


def _work(study: str, role: str, label: str, records: Iterable[Record]) -> Work:
    records = tuple(records)
    labelled = re.search(r"(\d{4})", label)
    years = [r.year for r in records if r.year is not None]
    years += [int(labelled[1])] if labelled else []
    return Work(
        study=study,
        role=role,
        label=label,
        titles=_unique(r.title for r in records),
        journals=_unique(r.journal for r in records),
        years=tuple(dict.fromkeys(years)),
        dois=_unique(r.doi.lower() for r in records),
        surnames=_unique([re.split(r"[\s,]", label)[0]]),
    )


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
    """Tell whether two titles can be compared letter by letter."""
    return _chinese(a) == _chinese(b)


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
    >>> journals_agree("Journal of Rheumatology", "Annals of the Rheumatic Diseases")
    False
    """
    left = [w for w in fold_words(named) if w not in _SMALL]
    right = [w for w in fold_words(known) if w not in _SMALL]
    if not left or not right:
        return False
    if left == right:
        return True
    return len(left) == len(right) and all(
        len(min(a, b, key=len)) >= 2 and (a.startswith(b) or b.startswith(a))
        for a, b in zip(left, right, strict=True)
    )


def journal_likeness(named: str, known: str) -> float:
    """Return the share of words two journal names have in common."""
    left = {w[:6] for w in fold_words(named) if w not in _SMALL}
    right = {w[:6] for w in fold_words(known) if w not in _SMALL}
    return len(left & right) / max(len(left | right), 1)
