"""The tables of ``review.toml`` as data: which there are, the rows inside them, their numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tamis.app.planning.fields import FIELDS, INNER_FIELDS, Field, from_form, to_form
from tamis.app.planning.toml_edit import Spot, add_table, remove_table, set_values
from tamis.app.protocol.protocol import SECTIONS
from tamis.domain.errors import NotFound

__all__ = [
    "MANY",
    "RowView",
    "ids_of",
    "inner_rows",
    "numbered",
    "place_of",
    "present",
    "table_of",
    "with_rows",
]

#: Repeated sections of the file.
MANY = frozenset(section for section, row in SECTIONS.items() if row[2])

#: Empty rows that a form of rows offers.
SPARE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class RowView:
    """One row inside a form (a threshold, a baseline risk): the prefix of its inputs."""

    prefix: str
    fields: tuple[Field, ...]


def inner_rows(section: str, row: Mapping[str, Any], values: dict[str, str]) -> tuple[RowView, ...]:
    """Return the rows inside a form, some empty ones too, and put what they show into values."""
    if section not in INNER_FIELDS:
        return ()
    key, fields = INNER_FIELDS[section]
    found = []
    for n, inner in enumerate([*row.get(key, []), *({} for _ in range(SPARE))]):
        prefix = f"{key}.{n}."
        values |= {prefix + name: text for name, text in to_form(fields, inner).items()}
        found.append(RowView(prefix=prefix, fields=fields))
    return tuple(found)


def with_rows(text: str, spot: Spot, row: Mapping[str, Any], form: Mapping[str, str]) -> str:
    """Return the text with the rows inside a table as a form has them; an empty row is none."""
    if spot.section not in INNER_FIELDS:
        return text
    key, fields = INNER_FIELDS[spot.section]
    if spot.index is None:
        return text
    old = row.get(key, [])
    fresh: list[dict[str, Any]] = []
    gone: list[int] = []
    for n in range(len(old) + SPARE):
        prefix = f"{key}.{n}."
        told = {k.removeprefix(prefix): v for k, v in form.items() if k.startswith(prefix)}
        empty = not any(v.strip() for v in told.values())
        if n >= len(old):
            fresh += [] if empty else [present(from_form(fields, told, {}))]
        elif empty:
            gone.append(n)
        elif changes := from_form(fields, told, old[n]):
            here = Spot(section=spot.section, index=spot.index, inner=key, row=n)
            text = set_values(text, here, changes)
    for n in reversed(gone):
        text = remove_table(text, Spot(section=spot.section, index=spot.index, inner=key, row=n))
    for values in fresh:
        text = add_table(text, Spot(section=spot.section, index=spot.index, inner=key), values)
    return text


def table_of(data: Mapping[str, Any], section: str, index: int | None) -> Mapping[str, Any]:
    """Return a table as data; empty for a new one (``index`` is ``None``) or one not written yet.

    Raises
    ------
    NotFound
        When there is no such section or entry.
    """
    if section not in FIELDS:
        raise NotFound(f"the protocol has no part {section!r}", "choose one of the list")
    if section not in MANY:
        if index is not None:
            raise NotFound(f"[{section}] stands once", "choose one of the list")
        found = data.get(section, {})
    elif index is None:
        found = {}
    else:
        rows = data.get(section, [])
        if not 0 <= index < len(rows):
            raise NotFound(f"[[{section}]] has no entry {index + 1}", "choose one of the list")
        found = rows[index]
    row: Mapping[str, Any] = found
    return row


def place_of(data: Mapping[str, Any], section: str, index: int | None) -> int | None:
    """Return the index of a table; a new one comes behind the others."""
    if section not in MANY or index is not None:
        return index
    return len(data.get(section, []))


def numbered(
    section: str,
    index: int | None,
    row: Mapping[str, Any],
    changes: dict[str, Any],
    data: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the changes of a criterion with its version and its place in the order."""
    if section != "criterion":
        return changes
    if index is None:
        orders = [c.get("order", 0) for c in data.get("criterion", [])]
        return {**changes, "version": 1, "order": max(orders, default=0) + 1}
    if changes.keys() & {"text", "kind", "stage"}:
        return {**changes, "version": int(row.get("version", 1)) + 1}
    return changes


def present(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the changes that set something."""
    return {key: value for key, value in changes.items() if value is not None}


def ids_of(data: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return the ids of every repeated section."""
    return {
        section: tuple(dict.fromkeys(str(row.get("id", "")) for row in data.get(section, [])))
        for section in MANY
    }
