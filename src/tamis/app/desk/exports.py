"""Decisions to take away: a table, or citations with what was decided; sealed votes stay sealed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product

from tamis.app.desk.floor import Floor
from tamis.app.desk.listing import first_of
from tamis.domain.decisions import STAGES, Vote
from tamis.domain.errors import BadInput
from tamis.domain.records import Record
from tamis.domain.results import AgreementResult
from tamis.formats import write_citations

__all__ = ["FORMS", "agreement_table", "decisions"]

FORMS = ("csv", "ris")

_HEAD = ("record_id", "stage", "title", "authors", "year", "journal", "doi", "pmid", "state",
         "reason", "tags")  # fmt: skip

_AGREEMENT = ("Reviewer A", "Reviewer B", "A Yes, B Yes", "A Yes, B No", "A No, B Yes",
              "A No, B No", "Proportionate Agreement", "Yes Probability", "No Probability",
              "Random Agreement Probability", "Cohen's Kappa")  # fmt: skip

#: First characters that a spreadsheet takes for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

#: States that say nothing about a decision.
_UNDECIDED = ("to-do", "waiting", "others", "closed")


def decisions(floor: Floor, viewer: str, *, form: str, roles: frozenset[str]) -> bytes:
    """Return the decisions that the viewer may see.

    ``csv``: one row a report and stage; behind the columns of the report, three for each person
    of the team (decision, reason, criteria), empty where a vote is sealed or was not cast.
    ``ris``: one citation a report, with a note for each vote (``N1``) and its tags as keywords.
    """
    if form == "csv":
        return _table(floor, viewer, roles)
    if form == "ris":
        return _citations(floor, viewer, roles)
    raise BadInput(f"{form!r} is no form of this export", f"use {' or '.join(FORMS)}")


def agreement_table(results: Sequence[AgreementResult]) -> bytes:
    """Return 2 × 2 tables of *include* (Yes) and *exclude* (No), one pair of people a row.

    The columns are those of other screening programs, so that figures can be laid side by side:
    the chance of both saying yes and both saying no, their sum, and Cohen's kappa.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(_AGREEMENT)
    for result in results:
        counts = {(a, b): count for a, b, count in result.table}
        both, first, second, none = (
            counts.get((a, b), 0) for a, b in product(("include", "exclude"), repeat=2)
        )
        n = result.n
        yes = (both + first) / n * (both + second) / n
        no = (second + none) / n * (first + none) / n
        figures = (result.percent, yes, no, yes + no, result.kappa)
        writer.writerow(
            [result.rater_1, result.rater_2, both, first, second, none,
             *("not estimable" if x is None else f"{x:.4f}" for x in figures)]
        )  # fmt: skip
    return out.getvalue().encode("utf-8-sig")


def _table(floor: Floor, viewer: str, roles: frozenset[str]) -> bytes:
    rows = list(_rows(floor, viewer, roles))
    seen = {vote.reviewer for *_, votes in rows for vote in votes}
    people = sorted({*floor.allocation.team, viewer, *seen})
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(
        [*_HEAD, *(f"{p} {what}" for p in people for what in ("decision", "reason", "criteria"))]
    )
    for cluster, stage, votes in rows:
        by_person = {vote.reviewer: vote for vote in votes}
        cells = _report(floor, viewer, cluster, stage, roles)
        for person in people:
            vote = by_person.get(person)
            told = [f"{name}: {answer}" for name, answer in vote.criteria] if vote else []
            cells += [vote.decision, vote.reason, "; ".join(told)] if vote else ["", "", ""]
        writer.writerow([_inert(cell) for cell in cells])
    return out.getvalue().encode("utf-8-sig")


def _rows(
    floor: Floor, viewer: str, roles: frozenset[str]
) -> Iterator[tuple[str, str, Sequence[Vote]]]:
    for stage in STAGES:
        for cluster in floor.listed(viewer, stage):
            mine = floor.vote_of(viewer, cluster, stage)
            others = floor.others(viewer, cluster, stage, roles=roles)
            yield cluster, stage, [*([mine] if mine else []), *others]


def _report(
    floor: Floor, viewer: str, cluster: str, stage: str, roles: frozenset[str]
) -> list[str]:
    members = _members(floor, cluster)
    state = floor.seen(viewer, cluster, stage, roles=roles)
    known = state not in _UNDECIDED
    return [
        floor.clusters[cluster].primary,
        stage,
        first_of(members, "title"),
        "; ".join(next((r.authors for r in members if r.authors), ())),
        next((str(r.year) for r in members if r.year), ""),
        first_of(members, "journal"),
        first_of(members, "doi"),
        first_of(members, "pmid"),
        state,
        floor.state_of(cluster, stage).reason if known else "",
        "; ".join(_tags(floor, viewer, cluster)),
    ]


def _citations(floor: Floor, viewer: str, roles: frozenset[str]) -> bytes:
    notes: dict[str, list[str]] = {}
    for cluster, stage, votes in _rows(floor, viewer, roles):
        told = notes.setdefault(cluster, [])
        told.append(f"{stage}: {floor.seen(viewer, cluster, stage, roles=roles)}")
        told += [_said(vote) for vote in votes]
    parts = []
    for cluster, told in notes.items():
        record = _merged(floor, viewer, cluster)
        if record is not None:
            parts.append(_noted(write_citations([record], "ris").decode("utf-8"), told))
    return "".join(parts).encode("utf-8")


def _said(vote: Vote) -> str:
    reason = f" ({vote.reason})" if vote.reason else ""
    return f"{vote.stage}: {vote.reviewer} {vote.decision}{reason}"


def _merged(floor: Floor, viewer: str, cluster: str) -> Record | None:
    """Return the record that is screened, with the viewer's tags as keywords."""
    members: Mapping[str, Record] = floor.records
    record = members.get(floor.clusters[cluster].primary)
    if record is None:
        return None
    keywords = dict.fromkeys((*record.keywords, *_tags(floor, viewer, cluster)))
    return replace(record, keywords=tuple(keywords))


def _noted(citation: str, told: Sequence[str]) -> str:
    """Put notes before the end of a citation; a line of a note never begins a field."""
    head, end, rest = citation.rpartition("ER  - ")
    lines = "".join(f"N1  - {' '.join(line.split())}\n" for line in told)
    return f"{head}{lines}{end}{rest}"


def _members(floor: Floor, cluster: str) -> list[Record]:
    return [floor.records[r] for r in floor.clusters[cluster].records if r in floor.records]


def _tags(floor: Floor, viewer: str, cluster: str) -> list[str]:
    words = (
        f"{tag.word}: {tag.value}" if tag.value else tag.word for tag in floor.tags(viewer, cluster)
    )
    return list(dict.fromkeys(words))


def _inert(text: str) -> str:
    """Return a text that no spreadsheet runs as a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
