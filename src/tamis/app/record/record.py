"""Record people's decisions from a table: all rows or none, each checked against the process."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from tamis.app.protocol.amend import adopt
from tamis.app.record.context import Context
from tamis.app.record.rows import RECORDERS
from tamis.app.review import Review, read_outside
from tamis.app.slots import Standing
from tamis.app.tables import TABLES, Row, read_table
from tamis.domain.errors import BadInput, Place, RuleBroken, TamisError
from tamis.domain.events import Draft, Event
from tamis.domain.results import Finding

__all__ = ["RECORDED_FOR", "Recorded", "record_table"]

#: Topic of the note that names whose rows somebody else entered.
RECORDED_FOR = "recorded-for"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """The events that were written, and how many rows said what the log already holds.

    ``findings`` are what the plausibility rules say of values just recorded, and what is doubtful
    in answers on risk of bias; they are recorded all the same, as printed, and the finding stands
    until a person corrects or answers it. ``by`` recorded it, and ``of_others`` counts the rows
    that other people stand behind, by person.
    """

    events: tuple[Event, ...]
    already: int
    findings: tuple[Finding, ...] = ()
    by: str = ""
    of_others: Mapping[str, int] = field(default_factory=dict)


def record_table(review: Review, table: str, path: Path, *, by: str, at: str = "") -> Recorded:
    """Record a table of decisions.

    Parameters
    ----------
    table
        One of ``tables.TABLES``.
    by
        Person for rows that name nobody (links, documents without ``by``).
    at
        Time for rows that give none; empty means now.

    Raises
    ------
    BadInput, RuleBroken
        Naming file and line; nothing is recorded then.
    """
    if table not in RECORDERS:
        raise BadInput(f"{table!r} is no table", f"use one of {', '.join(RECORDERS)}")
    name = str(path)
    rows = read_table(read_outside(path), TABLES[table], name=name)
    if not rows:
        raise BadInput(
            "the table has no filled-in rows",
            "fill in rows below the header",
            where=Place(file=name),
        )
    with review.exclusively("record"):
        adopt(review, by=by, at=at)
        standing = Standing(review.events(), review.state.superseded)
        context = Context(review=review, standing=standing, by=by, at=at, folder=path.parent)
        left: list[tuple[Row, Draft]] = []
        already = 0
        for row, draft in RECORDERS[table](context, rows):
            kept = standing.meet(draft)  # before the recorder looks at the next row
            if kept is None:
                already += 1
            else:
                left.append((row, kept))
        _check_rules(review, left)
        drafts = [draft for _, draft in left]
        events = review.record([*drafts, *_for_others(table, drafts, by=by, at=at)])[: len(drafts)]
    places = {str(draft.body["id"]): row.where for row, draft in left} if table == "values" else {}
    found = (*_noticed(review, places), *context.doubts)
    others = Counter(draft.actor for draft in drafts if draft.actor != by)
    of_others = dict(sorted(others.items()))
    return Recorded(events=events, already=already, findings=found, by=by, of_others=of_others)


def _for_others(table: str, drafts: Sequence[Draft], *, by: str, at: str) -> Iterator[Draft]:
    """Yield the recorder's note on rows that other people stand behind; nothing without any.

    A row enters the chain of the person it names, and that chain does not say who typed it.
    """
    others = [draft.actor for draft in drafts if draft.actor != by]
    if others:
        fields = {
            "table": table,
            "people": " ".join(sorted(set(others))),
            "rows": str(len(others)),
        }
        body = {"topic": RECORDED_FOR, "fields": fields}
        yield Draft(actor=by, kind="note_added.v1", subject=table, body=body, at=at)


def _noticed(review: Review, places: Mapping[str, Place]) -> tuple[Finding, ...]:
    """Return what the rules notice about values, each under the line of its row."""
    if not places:
        return ()
    from tamis.app.building.assemble import extraction_of
    from tamis.extraction import check_values

    found = []
    for finding in check_values(extraction_of(review.state)):
        about = next((v for v in (finding.subject, *finding.because) if v in places), "")
        if about and finding.severity != "note":
            found.append(replace(finding, subject=f"{places[about]}: {finding.subject}"))
    return tuple(dict.fromkeys(found))


def _check_rules(review: Review, drafts: Sequence[tuple[Row, Draft]]) -> None:
    guard = review.dry_run()
    for row, draft in drafts:
        try:
            guard(draft)
        except RuleBroken as error:
            raise RuleBroken(
                error.problem, error.remedy, rule=error.rule, where=row.where
            ) from error
        except TamisError as error:
            raise BadInput(error.problem, error.remedy, where=row.where) from error
