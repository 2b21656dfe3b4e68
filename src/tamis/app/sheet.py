"""The sheet a reviewer screens from: what waits for their verdict, as a ``votes`` table to fill in.

Its first columns are those of ``votes.csv``; the others are for reading and are passed over when
the sheet is recorded, as is a row whose decision is still empty. Nobody else's verdict is in it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tamis.app.amend import read_protocol
from tamis.app.imports import load_library
from tamis.app.review import Review, write_outside
from tamis.app.screen import screen_review
from tamis.app.tables import READING, TABLES
from tamis.domain.decisions import STAGES
from tamis.domain.errors import BadInput, Conflict, Place
from tamis.domain.records import Cluster, Record

__all__ = ["Sheet", "screening_sheet", "write_sheet"]

#: First characters that a spreadsheet takes for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A table to fill in: its bytes (CSV, UTF-8 with a mark for spreadsheets) and its length."""

    stage: str
    reports: int
    data: bytes


def screening_sheet(review: Review, *, reviewer: str, stage: str = "") -> Sheet:
    """Return what waits for a reviewer's verdict at a stage.

    Parameters
    ----------
    stage
        ``title-abstract`` or ``full-text``; empty is the first one at which something waits.

    Raises
    ------
    BadInput
        For an unknown stage.
    """
    if stage and stage not in STAGES:
        raise BadInput(f"{stage!r} is no screening stage", f"use {' or '.join(STAGES)}")
    library = load_library(review)
    screened = screen_review(review, read_protocol(review), library, write=False)
    voted = {
        (vote.stage, record)
        for vote in review.state.votes.values()
        if vote.reviewer == reviewer
        for record in vote.records
    }
    clusters = {cluster.id: cluster for cluster in screened.clusters}
    waiting: Mapping[str, list[Cluster]] = {
        at: [
            clusters[state.cluster]
            for state in screened.screening.at(at)
            if state.state == "awaiting"
            and not any((at, record) in voted for record in clusters[state.cluster].records)
        ]
        for at in STAGES
    }
    chosen = stage or next((at for at in STAGES if waiting[at]), STAGES[0])
    rows = [_row(chosen, reviewer, cluster, library.records) for cluster in waiting[chosen]]
    return Sheet(stage=chosen, reports=len(rows), data=_csv(rows))


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


def _row(
    stage: str, reviewer: str, cluster: Cluster, records: Mapping[str, Record]
) -> Mapping[str, str]:
    members = [records[name] for name in (cluster.primary, *cluster.records)]

    def first(found: Sequence[str]) -> str:
        return next((text for text in found if text.strip()), "")

    return {
        "stage": stage,
        "record_id": cluster.primary,
        "reviewer": reviewer,
        "title": first([r.title for r in members]),
        "authors": first(["; ".join(r.authors) for r in members]),
        "year": first([str(r.year or "") for r in members]),
        "journal": first([r.journal for r in members]),
        "doi": first([r.doi for r in members]),
        "abstract": first([r.abstract for r in members]),
    }


def _csv(rows: Sequence[Mapping[str, str]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, (*TABLES["votes"].columns, *READING), restval="")
    writer.writeheader()
    for row in rows:
        writer.writerow({key: _inert(key, text) for key, text in row.items()})
    return out.getvalue().encode("utf-8-sig")


def _inert(column: str, text: str) -> str:
    """Return a text for reading that no spreadsheet runs as a formula."""
    return f"'{text}" if column in READING and text.startswith(_FORMULA) else text
