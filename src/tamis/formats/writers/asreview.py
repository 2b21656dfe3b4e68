"""Records as a table for ASReview: its column names, one row a record.

Source: ASReview's documentation of its data format (title, abstract, keywords, authors, doi, url,
included). ``included`` is written when the file that was read says it of a record (1 or 0); other
records have an empty cell, which ASReview takes for one that is still to be screened. ``tamis_id``
stands last; ASReview keeps it untouched.
"""

from __future__ import annotations

from collections.abc import Sequence

from tamis.domain.records import Record
from tamis.formats.writers.carried import MORE_URLS, Partly
from tamis.formats.writers.csv import CELLS, table_of

__all__ = ["CARRIES", "LABELS", "PARTLY", "write_asreview"]

#: The fields of a record that the format has a place for.
CARRIES: frozenset[str] = frozenset(
    {"title", "abstract", "authors", "keywords", "doi", "year", "urls"}
)
PARTLY: Partly = MORE_URLS

#: Columns that ASReview reads as labels, best first.
LABELS: tuple[str, ...] = (
    "final_included",
    "label",
    "label_included",
    "included_label",
    "included_final",
    "included",
    "included_flag",
    "include",
)

COLUMNS = ("title", "abstract", "authors", "keywords", "doi", "year")


def write_asreview(records: Sequence[Record]) -> bytes:
    r"""Return the records as one table for ASReview.

    Examples
    --------
    >>> record = Record(id="9f3c12ab9f3c:0", raw=(("Included", "1"),), title="A", year=2020)
    >>> print(write_asreview([record]).decode(), end="")
    title,abstract,authors,keywords,doi,year,url,included,tamis_id
    A,,,,,2020,,1,9f3c12ab9f3c:0
    """
    cells = dict(CELLS)
    labels = [_label(record) for record in records]
    labelled = ["included"] if any(labels) else []
    rows = (
        [
            *(cells[name](record) for name in COLUMNS),
            record.urls[0] if record.urls else "",
            *([label] if labelled else []),
            record.id,
        ]
        for record, label in zip(records, labels, strict=True)
    )
    return table_of([*COLUMNS, "url", *labelled, "tamis_id"], rows)


def _label(record: Record) -> str:
    """Return what the file that was read says: ``1``, ``0``, or nothing."""
    held = {tag.lower(): value.strip() for tag, value in record.raw}
    return next((held[name] for name in LABELS if held.get(name) in ("0", "1")), "")
