"""The page of merges: what a librarian looks through before she believes a de-duplication."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from tamis.dedupe import reads_of
from tamis.domain.errors import BadInput
from tamis.domain.records import Record
from tamis.report.engine import asset

__all__ = ["LANGUAGES", "MergeCell", "MergeGroup", "MergeRow", "MergesView", "merges_page"]

LANGUAGES = ("en", "zh")


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeCell:
    """What one record says in a field: pieces of text, each with what it is to the first record's.

    A piece says the same (``""``), ``adds`` something, or is something that the record ``lacks``.
    ``chosen`` says that the merged reference has the field from this record.
    """

    pieces: tuple[tuple[str, str], ...]
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeRow:
    """One field of several records; ``same`` when all that have it say the same."""

    name: str
    cells: tuple[MergeCell, ...]
    same: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeGroup:
    """Records side by side; ``because`` are the names of the rules that speak."""

    title: str
    records: tuple[Record, ...]
    because: tuple[str, ...]
    rows: tuple[MergeRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MergesView:
    """Everything a page shows.

    ``counts`` are name, records, duplicates within the source, duplicates across sources, reports
    and reports that stand alone. ``waiting`` and ``merged`` count the pairs for a person and the
    merges of all ``pages``; ``before`` the merges on the pages before this one, which is number
    ``page`` from zero.
    """

    records: int
    reports: int
    policy: str
    counts: Sequence[tuple[str, int, int, int, int, int]]
    unsure: Sequence[MergeGroup]
    merges: Sequence[MergeGroup]
    waiting: int = 0
    merged: int = 0
    before: int = 0
    page: int = 0
    pages: Sequence[str] = ("report.html",)


def merges_page(view: MergesView, *, language: str = "en") -> str:
    """Return the page: counts, pairs for a person, every merge with its records side by side.

    It holds everything it needs: no script, no font and no picture is fetched.

    Raises
    ------
    BadInput
        For a language that is none of ``LANGUAGES``.

    Examples
    --------
    >>> view = MergesView(records=2, reports=2, policy="versions-are-links", counts=(), unsure=(),
    ...                   merges=())
    >>> "2 records are 2 reports" in merges_page(view)
    True
    """
    if language not in LANGUAGES:
        raise BadInput(f"{language!r} is no language of this page", "use en or zh")
    template = _environment().get_template("merges.html.j2")
    css = Markup(asset("merges.css"))  # noqa: S704 - a style sheet of ours
    reads = partial(reads_of, language=language)
    return template.render(t=_words(language), language=language, view=view, css=css, reads=reads)


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("tamis.report", "templates"), autoescape=True,
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip


@cache
def _words(language: str) -> Mapping[str, str]:
    return tomllib.loads(asset(f"merges.{language}.toml"))
