"""Reads the inputs of the worked review the way the application will, for the tests beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import tamis.examples
from tamis.app.protocol.protocol import parse_protocol
from tamis.app.tables import TABLES, Row, read_table
from tamis.domain.canonical import sha256_hex
from tamis.domain.ids import record_id
from tamis.domain.question import Protocol
from tamis.domain.value_rows import fresh_n, row_id, value_from_body
from tamis.domain.values import LookedFor, Value

INPUTS = Path(tamis.examples.__file__).parent / "worked" / "inputs"
WHO = "p-reconstruction"

#: Outcome slugs that describe a study or the published review and are no outcome of the protocol.
CHARACTERISTICS = frozenset(
    (
        "design-as-stated",
        "setting",
        "population",
        "participants",
        "participants-given-msc",
        "participants-randomised",
        "follow-up-months",
        "funding",
        "registration",
        "search-end",
        "search-strategies",
        "databases-searched",
        "appraisal-tool",
        "appraisal-per-study",
    )
)


_CELL = ("study", "outcome", "visit", "estimand", "definition")
_ANCHOR = ("quote", "citation", "location", "note")


@cache
def rows(table: str) -> tuple[Row, ...]:
    name = f"{table}.csv"
    return read_table((INPUTS / name).read_bytes(), TABLES[table], name=name)


@cache
def protocol() -> Protocol:
    return parse_protocol((INPUTS / "review.toml").read_text("utf-8"))


@cache
def values() -> Mapping[str, Value | LookedFor]:
    """Value id -> what its row says, cells numbered in the order of the table."""
    found: dict[str, Value | LookedFor] = {}
    for _, run in groupby(rows("values"), key=_source_of_cell):
        cell: list[Row] = []
        for row in [*run, None]:
            again = row is None or any(row["statistic"] == r["statistic"] for r in cell)
            if again and cell:
                bodies = [_body(r) for r in cell]
                n = fresh_n(bodies, found)
                for body in bodies:
                    name = row_id(body, n)
                    found[name] = value_from_body({**body, "id": name}, extractor=WHO)
                cell = []
            if row is not None:
                cell.append(row)
    return found


def _source_of_cell(row: Row) -> tuple[str, ...]:
    apart = (*_CELL, "arm_or_contrast", "denominator", "citation", "anchor_kind")
    return tuple(row[column] for column in apart)


def _body(row: Row) -> dict[str, Any]:
    kept = (*_CELL, "statistic", "number", "unit", "denominator", "anchor_kind", "status", *_ANCHOR)
    inputs = tuple(name for name in row["inputs"].split(";") if name)
    return {key: row[key] for key in kept} | {"arm": row["arm_or_contrast"], "inputs": inputs}


def imports() -> Iterator[tuple[str, bytes]]:
    for path in sorted((INPUTS / "imports").iterdir()):
        yield path.name, path.read_bytes()


@cache
def records() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Record id -> its fields by tag, read by a second, simpler reader than the product's."""
    found: dict[str, Mapping[str, tuple[str, ...]]] = {}
    for name, data in imports():
        first = rb"PMID-" if name.endswith(".nbib") else rb"TY  -"
        mark = re.compile(rb"(?:\A|\n)(?:\xef\xbb\xbf)?(" + first + rb")")
        starts = [found_at.start(1) for found_at in mark.finditer(data)]
        for start, end in zip(starts, [*starts[1:], len(data)], strict=True):
            found[record_id(sha256_hex(data), start)] = _fields(data[start:end].decode("utf-8"))
    return found


def _fields(text: str) -> Mapping[str, tuple[str, ...]]:
    fields: dict[str, list[str]] = {}
    tag = ""
    for line in text.splitlines():
        match = re.match(r"([A-Z][A-Z0-9]{1,3}) *- ?(.*)", line)
        if match:
            tag = match[1]
            fields.setdefault(tag, []).append(match[2].strip())
        elif tag and line.startswith("      "):
            fields[tag][-1] += " " + line.strip()
    return {tag: tuple(held) for tag, held in fields.items()}


@cache
def papers() -> Mapping[tuple[str, str], frozenset[str]]:
    """(Title in small letters and digits only, kind) -> the records that cite that paper."""
    found: dict[tuple[str, str], set[str]] = {}
    for name, fields in records().items():
        title = (fields.get("TI") or fields["T1"])[0]
        kind = " ".join(fields.get("M3") or fields["PT"]).lower()
        meeting = "meeting" if "conference" in kind else ""
        found.setdefault((re.sub(r"[\W_]", "", title.casefold()), meeting), set()).add(name)
    return {paper: frozenset(names) for paper, names in found.items()}


def cluster_of(record: str) -> frozenset[str]:
    return next(names for names in papers().values() if record in names)


def notes(fields: Mapping[str, tuple[str, ...]]) -> str:
    """The notes of a record (``N1`` in RIS, ``GN`` in PubMed's format) as one text."""
    return "; ".join(fields.get("N1", ()) + fields.get("GN", ()))


def citing(text: str) -> list[Mapping[str, tuple[str, ...]]]:
    """The records of which some field holds ``text``, whatever the case."""
    wanted = text.casefold()
    return [f for f in records().values() if wanted in str(f).casefold()]
