"""The door for writing: records in, the bytes of a file out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tamis.domain.errors import BadInput
from tamis.domain.records import Record
from tamis.formats.writers import asreview, bibtex, csl, csv, endnote, nbib, ris, xlsx
from tamis.formats.writers.carried import CANONICAL, Partly, is_filled

__all__ = ["SUFFIXES", "TABLE", "WRITERS", "Loss", "Writer", "lost", "write_citations"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """One format that is written, and what it carries.

    ``carries`` are the fields of a record that it has a place for; ``partly`` says of which records
    it still drops a part. ``suffixes`` are the ends of file names that mean it, if any does.
    """

    name: str
    description: str
    suffixes: tuple[str, ...]
    write: Callable[[Sequence[Record]], bytes]
    carries: frozenset[str]
    partly: Partly


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """What a format cannot carry: the field, of how many records, and which part of it."""

    field: str
    records: int
    what: str


#: To add a format, add one row.
TABLE: tuple[Writer, ...] = (
    Writer(
        name="ris",
        description="RIS, for reference managers and screening programs",
        suffixes=(".ris",),
        write=ris.write_ris,
        carries=ris.CARRIES,
        partly=ris.PARTLY,
    ),
    Writer(
        name="nbib",
        description="PubMed's format, for programs that read nothing else of PubMed",
        suffixes=(".nbib",),
        write=nbib.write_nbib,
        carries=nbib.CARRIES,
        partly=nbib.PARTLY,
    ),
    Writer(
        name="csv",
        description="A table with a header, for spreadsheets and scripts",
        suffixes=(".csv",),
        write=csv.write_csv,
        carries=csv.CARRIES,
        partly=csv.PARTLY,
    ),
    Writer(
        name="xlsx",
        description="A workbook with one sheet of text cells, for Excel and LibreOffice",
        suffixes=(".xlsx",),
        write=xlsx.write_xlsx,
        carries=xlsx.CARRIES,
        partly=xlsx.PARTLY,
    ),
    Writer(
        name="bibtex",
        description="BibTeX, for manuscripts in LaTeX and Markdown",
        suffixes=(".bib",),
        write=bibtex.write_bibtex,
        carries=bibtex.CARRIES,
        partly=bibtex.PARTLY,
    ),
    Writer(
        name="csl-json",
        description="CSL-JSON, for Zotero, pandoc and citation processors",
        suffixes=(".json",),
        write=csl.write_csl,
        carries=csl.CARRIES,
        partly=csl.PARTLY,
    ),
    Writer(
        name="endnote-xml",
        description="EndNote XML, for EndNote and programs that take its libraries",
        suffixes=(".xml",),
        write=endnote.write_endnote,
        carries=endnote.CARRIES,
        partly=endnote.PARTLY,
    ),
    Writer(
        name="asreview",
        description="A table with ASReview's column names, also its labels where they are known",
        suffixes=(),
        write=asreview.write_asreview,
        carries=asreview.CARRIES,
        partly=asreview.PARTLY,
    ),
)

#: Name of each format that is written, and what it is.
WRITERS: Mapping[str, str] = {writer.name: writer.description for writer in TABLE}

#: End of a file name → the format that it means.
SUFFIXES: Mapping[str, str] = {
    suffix: writer.name for writer in TABLE for suffix in writer.suffixes
}


def write_citations(records: Sequence[Record], fmt: str) -> bytes:
    r"""Return the records in the named format, in the order given; same records, same bytes.

    What a format has no place for is not written, and :func:`lost` says it beforehand. No format
    holds ``Record.raw``.

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
    return _writer(fmt).write(records)


def lost(records: Sequence[Record], fmt: str) -> tuple[Loss, ...]:
    """Return what the named format cannot carry of these records, in the order of fields.

    Raises
    ------
    BadInput
        When the format is not written.

    Examples
    --------
    >>> records = [Record(id="9f3c12ab9f3c:0", raw=(), title="A", database="Scopus")]
    >>> [(loss.field, loss.records) for loss in lost(records, "asreview")], lost(records, "ris")
    ([('database', 1)], ())
    """
    writer = _writer(fmt)
    found = []
    for field in CANONICAL:
        if field in writer.carries:
            what, is_partly = writer.partly.get(field, ("", None))
            count = sum(map(is_partly, records)) if is_partly else 0
        else:
            what, count = "no place for it", sum(is_filled(record, field) for record in records)
        if count:
            found.append(Loss(field=field, records=count, what=what))
    return tuple(found)


def _writer(fmt: str) -> Writer:
    for writer in TABLE:
        if writer.name == fmt:
            return writer
    raise BadInput(f"{fmt!r} is no format that is written", f"use {', '.join(WRITERS)}")
