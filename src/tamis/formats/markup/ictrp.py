"""The XML of the WHO's search portal of trial registers (ICTRP): one flat element for each trial.

Source: what the portal's "Export results to XML" gives; no definition of it is public. Its elements
are called as the columns of its tables, so one list of names tells what both mean.
"""

from __future__ import annotations

import re

from tamis.domain.records import Record
from tamis.formats.lexed import Fields, Lexed
from tamis.formats.markup.elements import Shape, lex_elements, mark_elements
from tamis.formats.tables.columns import ICTRP
from tamis.formats.tables.table import read_cells

__all__ = ["CUT", "lex_ictrp", "mark_ictrp", "read_ictrp"]

SHAPE = Shape(records=("Trial",))
ROOT = re.compile(r"<Trials_downloaded_from_ICTRP(?=[\s>])")

#: A place where one record has surely ended and another begins.
CUT = re.compile(rb"</Trial>\s*(?=<Trial[ >])")


def mark_ictrp(text: str) -> int | None:
    """Return where the first record stands, or ``None``.

    Examples
    --------
    >>> mark_ictrp("<Trials_downloaded_from_ICTRP><Trial></Trial></Trials_downloaded_from_ICTRP>")
    30
    >>> mark_ictrp("<Trials><Trial/></Trials>") is None
    True
    """
    return mark_elements(text, SHAPE, ROOT)


def lex_ictrp(text: str, line: int = 1) -> Lexed:
    """Cut ``text`` into records.

    Examples
    --------
    >>> lex_ictrp("<Trial><TrialID>NCT01234567</TrialID><Acronym/></Trial>").records[0].fields
    (('TrialID', 'NCT01234567'), ('Acronym', ''))
    """
    return lex_elements(text, SHAPE, line)


def read_ictrp(record_id: str, raw: Fields, database: str) -> Record:
    r"""Read one record; the parameters are those of ``read_ris_record``.

    Examples
    --------
    >>> raw = (("TrialID", "NCT01234567\n"), ("Public_title", "A sieve"),
    ...        ("Date_registration3", "20200322"), ("Condition", "Dust;Sand"))
    >>> record = read_ictrp("9f3c12ab9f3c:0", raw, "")
    >>> record.source_id, record.title, record.year, record.keywords
    ('NCT01234567', 'A sieve', 2020, ('Dust', 'Sand'))
    """
    return read_cells(record_id, raw, database, ICTRP)
