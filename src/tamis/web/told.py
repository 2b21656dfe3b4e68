"""What a form of the extraction screen said: its fields, a reading, a passage."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import Request

from tamis.app.extract.deeds import Typed
from tamis.app.extract.views import Passage

__all__ = ["number_of", "passage_of", "told_of", "typed_of", "whole_of"]


async def told_of(request: Request) -> dict[str, str]:
    """Return the fields of a form; several answers of one field are joined."""
    form = await request.form()
    told: dict[str, str] = {}
    for key, value in form.multi_items():
        if isinstance(value, str):
            told[key] = f"{told[key]}; {value}" if key == "number" and key in told else value
    return told


def typed_of(told: Mapping[str, str]) -> Typed:
    """Return a reading as it was typed."""
    fields = ("number", "unit", "denominator", "definition", "note", "citation", "location",
              "status", "where")  # fmt: skip
    return Typed(
        **{name: told.get(name, "") for name in fields},
        source=told.get("source", "") or "passage",
        passage=passage_of(told),
    )


def passage_of(told: Mapping[str, str]) -> Passage | None:
    """Return the chosen passage; None where none is whole."""
    start, end = number_of(told, "start", -1), number_of(told, "end", -1)
    if start < 0 or end <= start or not told.get("passage_document", ""):
        return None
    page = number_of(told, "passage_page", 1)
    return Passage(document=told["passage_document"], page=page, start=start, end=end)


def number_of(told: Mapping[str, str], name: str, otherwise: int) -> int:
    """Return a field as a whole number."""
    return whole_of(told.get(name, ""), otherwise)


def whole_of(text: str, otherwise: int) -> int:
    """Return a short whole number, else what stands in for it."""
    plain = text.removeprefix("-")
    return int(text) if plain.isascii() and plain.isdigit() and len(plain) < 10 else otherwise
