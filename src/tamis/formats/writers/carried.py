"""What a format can carry, said in one shape by every writer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields

from tamis.domain.records import Record

__all__ = ["CANONICAL", "MORE_URLS", "Partly", "is_filled"]

#: Every field of a record that a file could carry. ``id`` belongs to the file that was imported and
#: ``raw`` to its format; no other format has a place for them.
CANONICAL: tuple[str, ...] = tuple(
    field.name for field in fields(Record) if field.name not in ("id", "raw")
)

#: Field → what of it the format drops, and for which records.
Partly = Mapping[str, tuple[str, Callable[[Record], bool]]]

#: For formats with a place for one address.
MORE_URLS: Partly = {"urls": ("all addresses but the first", lambda record: len(record.urls) > 1)}


def is_filled(record: Record, field: str) -> bool:
    """Tell whether a record says something in a field.

    Examples
    --------
    >>> record = Record(id="9f3c12ab9f3c:0", raw=(), year=2020)
    >>> is_filled(record, "year"), is_filled(record, "title")
    (True, False)
    """
    return getattr(record, field) not in ("", (), None)
