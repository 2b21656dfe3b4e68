"""Records as a table: UTF-8 without a mark, LF, one row a record.

A cell that begins with ``=``, ``+``, ``-``, ``@`` or a tab would be run as a formula by a
spreadsheet; it is written with a leading apostrophe, which our own reader takes off again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from tamis.domain.records import Record
from tamis.formats.writers.carried import CANONICAL, Partly

__all__ = ["CARRIES", "CELLS", "PARTLY", "shield", "table_of", "write_csv"]

#: Column and what stands in it. Lists are joined by ``; ``.
CELLS: tuple[tuple[str, Callable[[Record], str]], ...] = (
    ("tamis_id", lambda record: record.id),
    ("source_id", lambda record: record.source_id),
    ("database", lambda record: record.database),
    ("type", lambda record: record.type),
    ("title", lambda record: record.title),
    ("authors", lambda record: "; ".join(record.authors)),
    ("year", lambda record: "" if record.year is None else str(record.year)),
    ("journal", lambda record: record.journal),
    ("volume", lambda record: record.volume),
    ("issue", lambda record: record.issue),
    ("pages", lambda record: record.pages),
    ("doi", lambda record: record.doi),
    ("pmid", lambda record: record.pmid),
    ("issn", lambda record: record.issn),
    ("abstract", lambda record: record.abstract),
    ("language", lambda record: record.language),
    ("keywords", lambda record: "; ".join(record.keywords)),
    ("urls", lambda record: "; ".join(record.urls)),
)

#: The fields of a record that the format has a place for: all of them.
CARRIES: frozenset[str] = frozenset(CANONICAL)
PARTLY: Partly = {}

#: What a spreadsheet would run. A leading apostrophe is doubled too, so that reading is exact.
RUNS = re.compile(r"'*[=+\-@\t\r]")
NEEDS_QUOTES = re.compile(r'[",\r\n]|\A[ \t]|[ \t]\Z')


def write_csv(records: Sequence[Record]) -> bytes:
    """Return the records as one table with a header.

    Examples
    --------
    >>> record = Record(id="9f3c12ab9f3c:0", raw=(), title="=1+1, x", year=2020)
    >>> print(write_csv([record]).decode().splitlines()[1])
    9f3c12ab9f3c:0,,,,"'=1+1, x",,2020,,,,,,,,,,,
    """
    return table_of(
        [name for name, _ in CELLS], ([of(record) for _, of in CELLS] for record in records)
    )


def table_of(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    r"""Return a table as bytes; cells that a spreadsheet would run are shielded.

    Examples
    --------
    >>> table_of(["a", "b"], [["=1", "2, 3"]])
    b'a,b\n\'=1,"2, 3"\n'
    """
    lines = [",".join(header), *(",".join(map(_cell, row)) for row in rows)]
    return "".join(f"{line}\n" for line in lines).encode("utf-8")


def shield(text: str) -> str:
    """Return what a spreadsheet shows as it is; our own reader takes the apostrophe off again.

    Examples
    --------
    >>> shield("=1+1"), shield("1+1"), shield("'=1")
    ("'=1+1", '1+1', "''=1")
    """
    return f"'{text}" if RUNS.match(text) else text


def _cell(text: str) -> str:
    text = shield(text)
    if NEEDS_QUOTES.search(text):
        doubled = text.replace('"', '""')
        return f'"{doubled}"'
    return text
