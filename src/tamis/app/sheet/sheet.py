"""Sheets: tables with everything but a person's decision, to be filled in and recorded.

The first columns of a sheet are those of its table; the others are for reading and are passed over
when it is recorded, as is a row in which nothing was filled in yet. ``SHEETS`` has one row a table.
"""

from __future__ import annotations

import csv
import difflib
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tamis.app.review import Review, write_outside
from tamis.app.sheet.bias import appraisal_rows, settlement_rows
from tamis.app.sheet.grades import grade_rows
from tamis.app.sheet.ground import Cells, Ground
from tamis.app.sheet.screening import (
    conflict_rows,
    pair_rows,
    stage_of_conflicts,
    stage_of_votes,
    vote_rows,
)
from tamis.app.sheet.studies import document_rows, link_rows
from tamis.app.sheet.values import value_rows
from tamis.app.tables import TABLES, TableSpec
from tamis.domain.decisions import STAGES
from tamis.domain.errors import BadInput, Conflict, Place

__all__ = ["SHEETS", "Sheet", "SheetSpec", "make_sheet", "write_sheet"]

#: First characters that a spreadsheet takes for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A table to fill in: its bytes (CSV, UTF-8 with a mark for spreadsheets) and its length."""

    table: str
    stage: str
    rows: int
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetSpec:
    """How the sheet of a table is made; ``stage`` tells the stage of those that have one.

    ``row`` is the noun of a row, ``waits`` what it waits for, ``fill`` what is to be filled in.
    """

    rows: Callable[[Ground], Iterator[Cells]]
    row: str
    waits: str
    fill: str = "decision and reason"
    stage: Callable[[Ground], str] | None = None


SHEETS: Mapping[str, SheetSpec] = {
    "votes": SheetSpec(rows=vote_rows, row="report", waits="to screen", stage=stage_of_votes),
    "consensus": SheetSpec(
        rows=conflict_rows, row="conflict", waits="to settle", stage=stage_of_conflicts
    ),
    "pairs": SheetSpec(rows=pair_rows, row="pair", waits="of records to look at"),
    "links": SheetSpec(
        rows=link_rows,
        row="included report",
        waits="without a study",
        fill="design, and change study where it is another's",
    ),
    "documents": SheetSpec(
        rows=document_rows, row="report", waits="without a full text", fill="file"
    ),
    "values": SheetSpec(
        rows=value_rows, row="value", waits="to look for", fill="number and where it was read"
    ),
    "appraisals": SheetSpec(
        rows=appraisal_rows,
        row="question",
        waits="to answer or to judge",
        fill="answer or judgement",
    ),
    "appraisal-consensus": SheetSpec(
        rows=settlement_rows,
        row="difference",
        waits="between assessors to settle",
        fill="answer or judgement, and reason",
    ),
    "grades": SheetSpec(rows=grade_rows, row="GRADE domain", waits="to decide"),
}


def make_sheet(review: Review, table: str, *, person: str, stage: str = "") -> Sheet:
    """Return what waits for a person, as a table to fill in.

    Parameters
    ----------
    table
        A key of ``SHEETS``.
    stage
        For votes and consensus: ``title-abstract`` or ``full-text``; empty is the first one at
        which something waits.

    Raises
    ------
    BadInput
        For an unknown table, a table that is written freely, an unknown stage, or a stage for a
        table that has none.
    """
    spec = SHEETS.get(table)
    if spec is None:
        raise _no_sheet(table)
    if stage and spec.stage is None:
        raise BadInput(f"{table} has no stages", "leave --stage out")
    if stage and stage not in STAGES:
        raise BadInput(f"{stage!r} is no screening stage", f"use {' or '.join(STAGES)}")
    ground = Ground(review=review, person=person, stage=stage)
    rows = tuple(spec.rows(ground))
    return Sheet(
        table=table,
        stage=spec.stage(ground) if spec.stage else "",
        rows=len(rows),
        data=_csv(TABLES[table], rows),
    )


def write_sheet(sheet: Sheet, to: Path) -> None:
    """Write a sheet to a file that does not exist yet: a filled-in one is never written over.

    Raises
    ------
    Conflict
        When there is such a file.
    StorageFailed
        When it cannot be written.
    """
    if to.exists():
        raise Conflict(
            "this file exists already",
            "record it first, or name another one with --to",
            where=Place(file=str(to)),
        )
    write_outside(to, sheet.data)


def _no_sheet(table: str) -> BadInput:
    if table in TABLES:
        columns = ", ".join(TABLES[table].columns)
        return BadInput(f"{table} are written freely", f"make a table with the columns {columns}")
    near = difflib.get_close_matches(table, SHEETS, 1)
    listed = ", ".join(SHEETS)
    remedy = f"did you mean {near[0]!r}? There are {listed}" if near else f"use one of {listed}"
    return BadInput(f"{table!r} is no table, and no folder of a review", remedy)


def _csv(spec: TableSpec, rows: Iterable[Cells]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, (*spec.columns, *spec.passed_over), restval="")
    writer.writeheader()
    for row in rows:
        writer.writerow({key: _inert(spec, key, text) for key, text in row.items()})
    return out.getvalue().encode("utf-8-sig")


def _inert(spec: TableSpec, column: str, text: str) -> str:
    """Return a text for reading that no spreadsheet runs as a formula."""
    read = column in spec.passed_over
    return f"'{text}" if read and text.startswith(_FORMULA) else text
