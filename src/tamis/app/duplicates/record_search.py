"""A search over single records, in memory: every word of a query, anywhere in a record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tamis.app.desk.text import fold_text, parts_of
from tamis.domain.records import Record

__all__ = ["RecordTexts"]


class RecordTexts:
    """The folded texts of records.

    Parameters
    ----------
    records
        Records by id.

    Examples
    --------
    >>> texts = RecordTexts({"x:0": Record(id="x:0", raw=(), title="Néphrite lupique", year=2020)})
    >>> texts.find("2020 nephrite"), texts.find("talc"), texts.find(" ")
    (('x:0',), (), ())
    """

    def __init__(self, records: Mapping[str, Record]) -> None:
        self.records = records
        self._texts = {name: _text(record) for name, record in records.items()}

    def find(self, query: str) -> tuple[str, ...]:
        """Return the ids of the records that hold every part; none for an empty query."""
        parts = parts_of(query)
        if not parts:
            return ()
        return tuple(name for name, text in self._texts.items() if _holds(text, parts))

    def any_holds(self, names: Sequence[str], query: str) -> bool:
        """Tell whether one of these records holds every part; an empty query fits all."""
        parts = parts_of(query)
        return not parts or any(_holds(self._texts[name], parts) for name in names)


def _text(r: Record) -> str:
    parts = (r.title, *r.authors, str(r.year or ""), r.journal, r.doi, r.pmid, r.id)
    return fold_text(" ".join(part for part in parts if part))


def _holds(text: str, parts: Sequence[str]) -> bool:
    return all(part in text for part in parts)
