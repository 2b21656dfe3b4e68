"""Projections: the state of a review as tables, to be queried. Each can be dropped and made again.

A table's columns are the fields of the domain type it holds; fields that are tuples or mappings
are canonical JSON. Tables with the key ``event`` have a row an event that still stands; the others
have the newest row of each key, as ``fold`` decides.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from operator import itemgetter
from typing import Any, get_type_hints

from sqlalchemy import Column, Integer, Table, Text

from tamis.domain.canonical import canonical
from tamis.domain.decisions import (
    Amendment,
    AppraisalAnswer,
    AppraisalSettlement,
    CertaintyJudgement,
    EngineRun,
    LinkedReport,
    Note,
    Settlement,
    Vote,
)
from tamis.domain.records import Batch, PairDecision
from tamis.domain.state import DocumentLink, ReviewState
from tamis.domain.values import (
    CitationAnchor,
    Derivation,
    LookedFor,
    PassageAnchor,
    Value,
)
from tamis.store.schema import INDEX_TABLES

__all__ = ["PROJECTIONS", "Projection", "rows_of"]

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """One table, and the rows that a state has in it."""

    table: Table
    rows: Callable[[ReviewState], Iterable[Row]]

    @property
    def keys(self) -> tuple[str, ...]:
        """The names of the key columns."""
        return tuple(column.name for column in self.table.primary_key)


def rows_of(state: ReviewState) -> Iterator[tuple[Projection, list[Row]]]:
    """Yield every projection with its rows, sorted by key."""
    for projection in PROJECTIONS:
        rows = map(_storable, projection.rows(state))
        yield projection, sorted(rows, key=itemgetter(*projection.keys))


def _plain(value: Any) -> str | int | None:
    return value if value is None or isinstance(value, str | int) else canonical(value).decode()


#: What stands for a NUL character in a table: PostgreSQL's texts cannot hold one.
_NULL = "\N{SYMBOL FOR NULL}"


def _storable(row: Row) -> Row:
    return {
        name: value.replace("\0", _NULL) if isinstance(value, str) else value
        for name, value in row.items()
    }


def _flat(item: Any) -> Row:
    return {field.name: _plain(getattr(item, field.name)) for field in fields(item)}


def _columns(kind: type, keys: tuple[str, ...]) -> Iterator[Column[Any]]:
    hints = get_type_hints(kind)
    for field in fields(kind):
        whole = hints[field.name] is int
        yield _column(field.name, keys, whole=whole)


def _column(name: str, keys: tuple[str, ...], *, whole: bool = False) -> Column[Any]:
    key = name in keys
    return Column(
        name, Integer if whole else Text, primary_key=key, nullable=False, autoincrement=False
    )


def _typed(
    name: str, kind: type, items: Callable[[ReviewState], Iterable[Any]], *keys: str
) -> Projection:
    """Project a domain type as it is."""
    table = Table(name, INDEX_TABLES, *_columns(kind, keys))
    return Projection(table=table, rows=lambda state: map(_flat, items(state)))


def _plainly(
    name: str, columns: str, rows: Callable[[ReviewState], Iterable[Row]], *keys: str
) -> Projection:
    """Project what has no domain type; a column with ``:int`` holds whole numbers."""
    made = []
    for told in columns.split():
        column, _, kind = told.partition(":")
        made.append(_column(column, keys, whole=kind == "int"))
    return Projection(table=Table(name, INDEX_TABLES, *made), rows=rows)


def _extracted(state: ReviewState) -> Iterator[Row]:
    yield from map(_value_row, state.values.values())
    yield from map(_looked_for_row, state.looked_for.values())


_ANCHORS: Mapping[type, str] = types.MappingProxyType(
    {PassageAnchor: "passage", CitationAnchor: "citation", Derivation: "derivation"}
)


def _value_row(value: Value) -> Row:
    return {
        **_cell(value),
        "printed": value.printed,
        "unit": value.unit,
        "denominator": value.denominator,
        "status": value.status,
        "anchor_kind": _ANCHORS[type(value.source)],
        "anchor": canonical(_flat(value.source)).decode(),
    }


def _looked_for_row(sought: LookedFor) -> Row:
    return {
        **_cell(sought),
        "printed": "",
        "unit": "",
        "denominator": "",
        "status": "",
        "anchor_kind": "looked-for",
        "anchor": canonical({"where": sought.where}).decode(),
    }


def _cell(item: Value | LookedFor) -> Row:
    return {
        "event": item.event,
        "id": item.id,
        **_flat(item.cell),
        "statistic": item.statistic,
        "extractor": item.extractor,
        "note": item.note,
    }


def _searched(state: ReviewState) -> Iterator[Row]:
    for source, body in state.searched.items():
        yield {"source": source, "body": canonical(body).decode()}


def _members(state: ReviewState) -> Iterator[Row]:
    for member, roles in state.members.items():
        yield {"member": member, "roles": canonical(roles).decode()}


def _seals(state: ReviewState) -> Iterator[Row]:
    for event, heads in state.seals.items():
        yield {"event": event, "heads": canonical(heads).decode()}


def _heads(state: ReviewState) -> Iterator[Row]:
    for chain, (seq, digest) in state.heads.items():
        yield {"chain": chain, "seq": seq, "hash": digest}


def _redactions(state: ReviewState) -> Iterator[Row]:
    for event, why in state.redacted.items():
        yield {"event": event, "why": why}


def _superseded(state: ReviewState) -> Iterator[Row]:
    for event in state.superseded:
        yield {"event": event}


def _review(state: ReviewState) -> Iterator[Row]:
    if state.exists:
        yield {"id": state.id, "title": state.title, "created_at": state.created_at}


_VALUES = (
    "event id study outcome visit arm estimand definition n:int statistic extractor note"
    " printed unit denominator status anchor_kind anchor"
)

#: Every projection, in the order of the steps of a review.
PROJECTIONS: tuple[Projection, ...] = (
    _plainly("review", "id title created_at", _review, "id"),
    _typed("amendments", Amendment, lambda s: s.amendments, "event"),
    _plainly("members", "member roles", _members, "member"),
    _plainly("searched", "source body", _searched, "source"),
    _typed("batches", Batch, lambda s: s.batches.values(), "sha256"),
    _typed("engine_runs", EngineRun, lambda s: s.engine_runs.values(), "event"),
    _typed("pairs", PairDecision, lambda s: s.pairs.values(), "a", "b"),
    _typed("votes", Vote, lambda s: s.votes.values(), "event"),
    _typed("settlements", Settlement, lambda s: s.settlements.values(), "event"),
    _typed("links", LinkedReport, lambda s: s.links.values(), "report"),
    _typed("documents", DocumentLink, lambda s: s.documents.values(), "event"),
    _plainly("values", _VALUES, _extracted, "event"),
    _typed("appraisals", AppraisalAnswer, lambda s: s.appraisals.values(), "event"),
    _typed(
        "appraisal_settlements",
        AppraisalSettlement,
        lambda s: s.appraisal_settlements.values(),
        "event",
    ),
    _typed("certainty", CertaintyJudgement, lambda s: s.certainty.values(), "body", "domain"),
    _typed("notes", Note, lambda s: s.notes.values(), "event"),
    _plainly("seals", "event heads", _seals, "event"),
    _plainly("redactions", "event why", _redactions, "event"),
    _plainly("superseded", "event", _superseded, "event"),
    _plainly("heads", "chain seq:int hash", _heads, "chain"),
)
