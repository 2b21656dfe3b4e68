"""A ``value_recorded`` body and a row of ``values.csv`` are the same thing; this reads it."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from decimal import Decimal
from typing import Any

from tamis.domain.errors import BadInput
from tamis.domain.ids import value_id
from tamis.domain.values import (
    Anchor,
    Cell,
    CitationAnchor,
    Derivation,
    LookedFor,
    PassageAnchor,
    Value,
)

__all__ = [
    "ANCHOR_KINDS",
    "cell_of",
    "fresh_n",
    "parse_bound",
    "parse_number",
    "row_id",
    "value_from_body",
]

ANCHOR_KINDS = ("passage", "citation", "derivation", "looked-for")

_NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{1,3})?\Z", re.ASCII)
_WHOLE = re.compile(r"[0-9]{1,9}\Z")
_BOUND = re.compile(r"[<>≤≥]\s*")


def parse_number(printed: str) -> Decimal | None:
    """Return the printed number exactly; ``None`` for a bound such as ``<0.001``.

    Raises
    ------
    BadInput
        When the text is neither a number nor a bound.

    Examples
    --------
    >>> parse_number("−2.10")
    Decimal('-2.10')
    >>> parse_number("<0.001") is None
    True
    """
    text = printed.strip().replace("\N{MINUS SIGN}", "-")
    bound = _BOUND.match(text)
    if bound and _NUMBER.match(text[bound.end() :]):
        return None
    if not _NUMBER.match(text):
        raise BadInput(
            f"{printed!r} is no number",
            "write digits with a point, 1e6 for powers of ten, '<0.001' for a bound; a text goes "
            "under the statistic 'text'",
        )
    return Decimal(text)


def parse_bound(printed: str) -> tuple[str, Decimal] | None:
    """Return sign and number of a bound, or ``None`` when the text is a plain number or no number.

    Examples
    --------
    >>> parse_bound("< 0.001")
    ('<', Decimal('0.001'))
    """
    text = printed.strip().replace("\N{MINUS SIGN}", "-")
    bound = _BOUND.match(text)
    number = _NUMBER.match(text, bound.end()) if bound else None
    return (text[0], Decimal(number[0])) if number else None


def cell_of(body: Mapping[str, Any]) -> Cell:
    """Return the cell of a row; its ``n`` is read from the end of the row's id."""
    _, again, n = str(body["id"]).partition("#")
    return Cell(
        study=body["study"],
        outcome=body["outcome"],
        visit=body["visit"],
        arm=body["arm"],
        estimand=body["estimand"],
        definition=body["definition"] or "not-stated",
        n=_whole(n, f"the number after '#' in {body['id']!r}") if again else 1,
    )


def value_from_body(
    body: Mapping[str, Any], *, extractor: str, event: str = ""
) -> Value | LookedFor:
    """Make the value or the looked-for that a row describes.

    Raises
    ------
    BadInput
        For a word that is none of the declared ones, a number that is none, a missing anchor.
    """
    cell = cell_of(body)
    if body["anchor_kind"] == "looked-for":
        if str(body["number"]).strip():
            raise BadInput(
                f"{body['id']} is looked-for and has the number {body['number']!r}",
                "clear the number, or give the value an anchor",
            )
        return LookedFor(
            id=body["id"],
            cell=cell,
            statistic=body["statistic"],
            where=body.get("location", "") or body.get("citation", ""),
            note=body.get("note", ""),
            extractor=extractor,
            event=event,
        )
    statistic, printed = body["statistic"], str(body["number"])
    return Value(
        id=body["id"],
        cell=cell,
        statistic=statistic,
        printed=printed,
        number=None if statistic == "text" else parse_number(printed),
        unit=body["unit"],
        source=_anchor(body),
        status=body["status"],
        denominator=body["denominator"],
        extractor=extractor,
        note=body.get("note", ""),
        event=event,
    )


def fresh_n(rows: Sequence[Mapping[str, Any]], taken: Container[str]) -> int:
    """Return the first ``n`` under which no row of one new cell has an id that is taken."""
    n = 1
    while any(row_id(row, n) in taken for row in rows):
        n += 1
    return n


def row_id(row: Mapping[str, Any], n: int = 1) -> str:
    """Return the value id of a row."""
    return value_id(
        study=row["study"],
        outcome=row["outcome"],
        visit=row["visit"],
        arm=row["arm"],
        statistic=row["statistic"],
        estimand=row["estimand"],
        n=n,
    )


def _anchor(body: Mapping[str, Any]) -> Anchor:
    match body["anchor_kind"]:
        case "passage":
            return PassageAnchor(
                document=body.get("document", ""),
                page=_whole(body.get("page", ""), "the page"),
                start=_whole(body.get("start", ""), "the start"),
                end=_whole(body.get("end", ""), "the end"),
                quote=body.get("quote", ""),
                prefix=body.get("prefix", ""),
                suffix=body.get("suffix", ""),
                layer=body.get("layer", ""),
            )
        case "citation":
            return CitationAnchor(
                citation=body.get("citation", ""),
                location=body.get("location", ""),
                status=body["status"],
            )
        case "derivation":
            return Derivation(
                formula=body.get("quote", ""),
                inputs=_names(body.get("inputs", ())),
                citation=body.get("citation", ""),
                location=body.get("location", ""),
            )
        case other:
            raise BadInput(
                f"{other!r} is no kind of anchor", f"use one of {', '.join(ANCHOR_KINDS)}"
            )


def _whole(given: object, what: str) -> int:
    """Return a whole number from a body (an integer) or a table (its digits)."""
    if not _WHOLE.match(str(given)):
        raise BadInput(f"{what} is {given!r}, no whole number", "write it in digits")
    return int(str(given))


def _names(given: object) -> tuple[str, ...]:
    """Return ids from a body (a list) or from one cell of a table (separated by ``;``)."""
    parts = given.split(";") if isinstance(given, str) else given
    if not isinstance(parts, Sequence):
        raise BadInput(f"{given!r} is no list of ids", "separate ids by ';'")
    return tuple(name for part in parts if (name := str(part).strip()))
