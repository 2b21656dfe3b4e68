"""The door for writing: records in, the bytes of a file out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from tamis.domain.errors import BadInput
from tamis.domain.records import Record
from tamis.formats.writers.bibtex import write_bibtex
from tamis.formats.writers.csv import write_csv
from tamis.formats.writers.ris import write_ris

__all__ = ["WRITERS", "write_citations"]

#: (name, what it is, function). To add a format, add one row.
TABLE: tuple[tuple[str, str, Callable[[Sequence[Record]], bytes]], ...] = (
    ("ris", "RIS, for reference managers and screening programs", write_ris),
    ("csv", "A table with a header, for spreadsheets and scripts", write_csv),
    ("bibtex", "BibTeX, for manuscripts in LaTeX and Markdown", write_bibtex),
)

#: Name of each format that is written, and what it is.
WRITERS: Mapping[str, str] = {name: description for name, description, _ in TABLE}


def write_citations(records: Sequence[Record], fmt: str) -> bytes:
    r"""Return the records in the named format, in the order given; same records, same bytes.

    What a format has no place for is not written: no format holds ``Record.raw``, and BibTeX
    holds neither source id nor database.

    Parameters
    ----------
    records
        The records to write.
    fmt
        One of the names in :data:`WRITERS`.

    Raises
    ------
    BadInput
        When the format is not written.

    Examples
    --------
    >>> write_citations([Record(id="9f3c12ab9f3c:0", raw=(), title="A")], "ris")[:11]
    b'TY  - GEN\nT'
    """
    for name, _, write in TABLE:
        if name == fmt:
            return write(records)
    raise BadInput(f"{fmt!r} is no format that is written", f"use {', '.join(WRITERS)}")
