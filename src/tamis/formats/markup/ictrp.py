"""The XML of the WHO's portal of trial registers (ICTRP): one element a trial, one level deep.

Source: what the portal's "export results to XML" writes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from tamis.domain.records import Record
from tamis.formats import fields
from tamis.formats.cleaning import clean_keyword, clean_title, one_of
from tamis.formats.lexed import Fields, Lexed
from tamis.formats.markup.elements import Shape, lex_elements, mark_elements

__all__ = ["CUT", "lex_ictrp", "mark_ictrp", "read_ictrp"]

SHAPE = Shape(records=("Trial",))
ROOT = re.compile(r"<Trials_downloaded_from_ICTRP[\s>]")
#: Where a file of trials may be cut.
CUT = re.compile(rb"</Trial>\s*")

#: Field of a record, and the elements that hold it, best first.
ELEMENTS: Mapping[str, tuple[str, ...]] = {
    "title": ("Public_title", "Scientific_title"),
    "year": ("Date_registration3", "Date_registration", "Date_enrollement"),
    "urls": ("web_address",),
    "keywords": ("Condition",),
    "source id": ("TrialID",),
}


def mark_ictrp(text: str) -> int | None:
    """Return where the first trial stands, or ``None``.

    Examples
    --------
    >>> mark_ictrp("<Trials_downloaded_from_ICTRP><Trial></Trial>"), mark_ictrp("<Trial/>")
    (30, None)
    """
    return mark_elements(text, SHAPE, ROOT)


def lex_ictrp(text: str, line: int = 1) -> Lexed:
    """Cut ``text`` into records; ``line`` is the number of its first line.

    Examples
    --------
    >>> lex_ictrp("<Trial><TrialID>NCT01234567</TrialID></Trial>").records[0].fields
    (('TrialID', 'NCT01234567'),)
    """
    return lex_elements(text, SHAPE, line)


def read_ictrp(record_id: str, raw: Fields, database: str) -> Record:
    """Read one trial; the parameters are those of ``read_ris_record``.

    Conditions are its keywords. Sponsors are no authors, and criteria are no abstract: they stay in
    ``raw``.

    Examples
    --------
    >>> raw = (("TrialID", "NCT01234567"), ("Public_title", "Talc"), ("Condition", "Itch;Pain"),
    ...        ("Date_registration3", "20200131"))
    >>> record = read_ictrp("9f3c12ab9f3c:0", raw, "")
    >>> record.source_id, record.title, record.type, record.year, record.keywords
    ('NCT01234567', 'Talc', 'registration', 2020, ('Itch', 'Pain'))
    """

    def values(field: str) -> list[str]:
        return [value for name in ELEMENTS[field] for at, value in raw if at == name]

    words = (clean_keyword(word) for cell in values("keywords") for word in cell.split(";"))
    return Record(
        id=record_id,
        raw=raw,
        source_id=one_of(values("source id")),
        database=database or "WHO ICTRP",
        type="registration",
        title=clean_title(one_of(values("title"))),
        year=fields.year(values("year")),
        keywords=tuple(dict.fromkeys(word for word in words if word)),
        urls=fields.urls(values("urls")),
    )
