"""What the full texts take and return: plain values for whoever shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tamis.domain.errors import BadInput
from tamis.extraction import MatchCandidate

__all__ = [
    "DOCUMENT_ROLES",
    "FullTextShown",
    "LinkProposal",
    "Offered",
    "Upload",
    "not_retrieved_words",
]

#: What a document is to its report; others may be written on the command line.
DOCUMENT_ROLES = ("article", "supplement", "registry", "correction", "protocol")


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file as it was uploaded: its name, with folders if there are any, and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """What an uploaded file is.

    ``outcome`` is ``refused`` (no PDF that can be read: ``reasons`` say what it is, ``remedy`` what
    to do), ``attached`` (this very document is attached, to ``attached_to``), or what the matching
    says: ``automatic``, ``proposed``, ``contradiction``, ``none`` (``extraction.matching``).
    ``candidates`` are the reports it may be, best first, each with its reasons.
    """

    document: str
    name: str
    outcome: str
    pages: int
    candidates: tuple[MatchCandidate, ...] = ()
    reasons: tuple[str, ...] = ()
    remedy: str = ""
    page_classes: tuple[str, ...] = ()
    attached_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkProposal:
    """A report and its study, as slugs that are never used again.

    ``design`` is empty in a proposal for a new study: a person says it.
    """

    study: str
    report: str
    label: str
    design: str
    role: str = "included"
    kind: str = "article"


@dataclass(frozen=True, slots=True, kw_only=True)
class FullTextShown:
    """A report whose full text is wanted or here.

    ``target`` is its key: the report's slug where it is linked, else the cluster's id. ``status``
    is ``here``, ``wanted`` or ``not-retrieved``; the last is the viewer's own verdict, with what
    was tried and when. ``documents`` are (SHA-256, file name, pages).
    """

    target: str
    title: str
    authors: tuple[str, ...]
    year: int | None
    journal: str
    doi: str
    records: tuple[str, ...]
    study: str
    report: str
    documents: tuple[tuple[str, str, int], ...]
    status: str
    tried: str = ""
    tried_at: str = ""


def not_retrieved_words(tried: str, on: str) -> str:
    """Return what was tried, and when, as it is recorded; without words it stays empty.

    Raises
    ------
    BadInput
        For a day that is none.

    Examples
    --------
    >>> not_retrieved_words("asked the author", "2026-01-05")
    'asked the author (2026-01-05)'
    """
    if not on.strip() or not tried.strip():
        return tried.strip()
    try:
        day = date.fromisoformat(on.strip())
    except ValueError as error:
        raise BadInput(f"{on!r} is no day", "write it as 2026-01-05") from error
    return f"{tried.strip()} ({day.isoformat()})"
