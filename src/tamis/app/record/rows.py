"""Rows of the tables people edit -> events. ``RECORDERS`` has one function a table."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tamis.app.record.appraisals import record_appraisals, record_consensus
from tamis.app.record.context import Context, at_row, draft, whole
from tamis.app.record.values import record_values
from tamis.app.review import read_outside
from tamis.app.tables import Row
from tamis.app.words import DESIGNS, ROLES, check_grade, check_reason, check_word
from tamis.domain.canonical import sha256_hex
from tamis.domain.errors import BadInput
from tamis.domain.events import Draft
from tamis.extraction import read_layer

__all__ = ["RECORDERS", "Recorder"]

Recorder = Callable[[Context, Sequence[Row]], Iterator[tuple[Row, Draft]]]


def _votes(context: Context, rows: Sequence[Row]) -> Iterator[tuple[Row, Draft]]:
    for row in rows:
        with at_row(row):
            check_reason(context.protocol, row["decision"], row["reason"])
        body: dict[str, Any] = {
            "stage": row["stage"],
            "records": _members(context, row, row["record_id"]),
            "decision": row["decision"],
            "reason": row["reason"],
            "criteria": _json_texts(row, "criteria"),
        }
        actor = row["reviewer"] or context.by
        yield row, draft(context, "screened.v1", row["stage"], body, actor=actor, at=row["at"])


def _consensus(context: Context, rows: Sequence[Row]) -> Iterator[tuple[Row, Draft]]:
    for row in rows:
        with at_row(row):
            check_reason(context.protocol, row["decision"], row["reason"])
        members = _members(context, row, row["record_id"])
        named = [name.strip() for name in row["settles"].split(";") if name.strip()]
        body: dict[str, Any] = {
            "stage": row["stage"],
            "records": members,
            "settles": named or _standing(context, row["stage"], members),
            "decision": row["decision"],
            "reason": row["reason"],
        }
        yield (
            row,
            draft(
                context, "conflict_settled.v1", row["stage"], body, actor=row["by"], at=row["at"]
            ),
        )


def _standing(context: Context, stage: str, members: Sequence[str]) -> list[str]:
    """Return the last verdict of each reviewer on these records at this stage."""
    last: dict[str, str] = {}
    for vote in context.review.state.votes.values():
        if vote.stage == stage and set(vote.records) & set(members):
            last[vote.reviewer] = vote.event
    return sorted(last.values())


def _pairs(context: Context, rows: Sequence[Row]) -> Iterator[tuple[Row, Draft]]:
    for row in rows:
        for name in (row["a"], row["b"]):
            _members(context, row, name)
        a, b = sorted((row["a"], row["b"]))
        body: dict[str, Any] = {
            "a": a,
            "b": b,
            "decision": row["decision"],
            "reason": row["reason"],
        }
        actor = row["by"] or context.by
        yield row, draft(context, "pair_decided.v1", a, body, actor=actor, at=row["at"])


def _links(context: Context, rows: Sequence[Row]) -> Iterator[tuple[Row, Draft]]:
    for row in rows:
        with at_row(row):
            check_word(row["design"], DESIGNS, "design")
            check_word(row["role"], ROLES, "role")
        body: dict[str, Any] = {
            "study": row["study"],
            "report": row["report"],
            "records": [name.strip() for name in row["record_ids"].split(";") if name.strip()],
            "label": row["label"],
            "design": row["design"],
            "role": row["role"],
            "kind": row["kind"],
        }
        yield row, draft(context, "reports_linked.v1", row["study"], body, actor=context.by)


def _documents(context: Context, rows: Sequence[Row]) -> Iterator[tuple[Row, Draft]]:
    for row in rows:
        data = read_outside(context.folder / row["file"])
        with at_row(row):
            pages = len(read_layer(data).pages)
        body: dict[str, Any] = {
            "report": row["report"],
            "sha256": sha256_hex(data),
            "file": f"documents/{Path(row['file']).name}",
            "pages": pages,
            "role": row["role"] or "article",
        }
        context.review.write(body["file"], data)
        actor = row["by"] or context.by
        yield (
            row,
            draft(context, "document_attached.v1", row["report"], body, actor=actor, at=row["at"]),
        )


def _grades(context: Context, rows: Sequence[Row]) -> Iterator[tuple[Row, Draft]]:
    for row in rows:
        change = whole(row, "decision")
        with at_row(row):
            check_grade(context.protocol, row["outcome"], row["body"], row["domain"], change)
        body: dict[str, Any] = {
            "outcome": row["outcome"],
            "body": row["body"],
            "domain": row["domain"],
            "change": change,
            "reason": row["reason"],
        }
        actor = row["by"] or context.by
        yield (
            row,
            draft(context, "certainty_judged.v1", row["body"], body, actor=actor, at=row["at"]),
        )


def _notes(context: Context, rows: Sequence[Row]) -> Iterator[tuple[Row, Draft]]:
    for row in rows:
        body: dict[str, Any] = {"topic": row["topic"], "fields": _json_texts(row, "fields")}
        actor = row["by"] or context.by
        yield row, draft(context, "note_added.v1", row["subject"], body, actor=actor, at=row["at"])


RECORDERS: Mapping[str, Recorder] = {
    "votes": _votes,
    "consensus": _consensus,
    "pairs": _pairs,
    "links": _links,
    "documents": _documents,
    "values": record_values,
    "appraisals": record_appraisals,
    "appraisal-consensus": record_consensus,
    "grades": _grades,
    "notes": _notes,
}


def _members(context: Context, row: Row, record: str) -> list[str]:
    members = context.membership.get(record)
    if members is None:
        raise BadInput(
            f"the record {record!r} is not in this review",
            "use an id of records.csv, which 'tamis build' writes to report/data/",
            where=row.where,
        )
    return sorted(members)


def _json_texts(row: Row, column: str) -> dict[str, str]:
    text = row[column] or "{}"
    try:
        found = json.loads(text)
    except ValueError as error:
        raise BadInput(
            f"{column} is not valid JSON", 'write {"id": "met"}', where=row.where
        ) from error
    if not isinstance(found, dict) or not all(isinstance(v, str) for v in found.values()):
        raise BadInput(f"{column} is no object of texts", 'write {"id": "met"}', where=row.where)
    return found
