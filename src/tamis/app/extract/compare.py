"""Two extractions of a study as one screen: the difference at hand, the rest, the choice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from tamis.app.extract.deeds import CITED, Typed
from tamis.app.extract.extraction import ExtractionDesk
from tamis.app.extract.views import ComparedStudy, Passage, Reading, Source, StudyShown
from tamis.domain.errors import BadInput, NotFound
from tamis.domain.results import Finding
from tamis.domain.values import CitationAnchor, LookedFor, PassageAnchor, Value
from tamis.extraction import Compared

__all__ = ["CompareView", "Side", "compare_view", "settle_typed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One person's reading of a difference, and what the rules say of it."""

    person: str
    datum: Value | LookedFor | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareView:
    """The comparison of a study; ``row`` is the difference that is looked at.

    ``after`` is the key of the next open difference, empty where there is none.
    """

    study: StudyShown
    compared: ComparedStudy
    row: Compared | None
    sides: tuple[Side, ...]
    after: str
    open: tuple[Compared, ...]
    settled: tuple[Compared, ...]
    agreed: tuple[Compared, ...]


def compare_view(
    desk: ExtractionDesk, viewer: str, study: str, *, row: str = "", after: str = ""
) -> CompareView:
    """Return the comparison, at a row or at the next open difference after one.

    Raises
    ------
    RuleBroken
        As long as the viewer may not compare the study.
    """
    compared = desk.compare(viewer, study)
    waiting = tuple(one for one in compared.rows if one.open)
    keys = [one.key for one in waiting]
    at = (keys.index(after) + 1) % len(keys) if after in keys else 0
    here = next((one for one in compared.rows if one.key == row), None)
    if here is None and waiting:
        here = waiting[at]
    return CompareView(
        study=desk.study(viewer, study),
        compared=compared,
        row=here,
        sides=_sides(compared, here) if here else (),
        after=here.key if here is not None and len(waiting) > 1 else "",
        open=waiting,
        settled=tuple(one for one in compared.rows if one.settled is not None),
        agreed=tuple(one for one in compared.rows if not one.open and one.settled is None),
    )


def settle_typed(
    desk: ExtractionDesk, viewer: str, study: str, *, key: str, chosen: str, reason: str,
    typed: Typed,
) -> Compared:  # fmt: skip
    """Settle a difference: ``chosen`` is a, b, or n for a third reading as typed.

    Raises
    ------
    NotFound
        When the difference changed since it was shown.
    BadInput
        Without a choice, a reason, or a source of the third reading.
    """
    if chosen != "n":
        return desk.settle(viewer, study, key=key, chosen=chosen, reason=reason)
    row = next((one for one in desk.compare(viewer, study).rows if one.key == key), None)
    first = (row.a or row.b) if row is not None else None
    if row is None or first is None:
        raise NotFound("this difference has changed since it was shown", "look at it again")
    cell = first.cell
    reading = Reading(
        study=study, arm=cell.arm, outcome=cell.outcome, visit=cell.visit, estimand=cell.estimand,
        definition=typed.definition.strip() or cell.definition, statistic=first.statistic,
        number=typed.number, unit=typed.unit, denominator=typed.denominator, note=typed.note,
    )  # fmt: skip
    if typed.source == "sought":
        empty = replace(reading, number="")
        return desk.settle_with(
            viewer, study, key=key, reading=empty, source=None, reason=reason, where=typed.where
        )
    source = _source(row, typed)
    return desk.settle_with(viewer, study, key=key, reading=reading, source=source, reason=reason)


def _sides(compared: ComparedStudy, row: Compared) -> tuple[Side, ...]:
    return tuple(
        Side(person=who, datum=datum, findings=_touching(compared.findings.get(who, ()), datum))
        for who, datum in ((compared.a, row.a), (compared.b, row.b))
    )


def _touching(
    findings: tuple[Finding, ...], datum: Value | LookedFor | None
) -> tuple[Finding, ...]:
    if datum is None:
        return ()
    return tuple(one for one in findings if datum.id in {one.subject, *one.because})


def _source(row: Compared, typed: Typed) -> Source:
    chosen: Mapping[str, object] = {"a": row.a, "b": row.b}
    datum = chosen.get(typed.source)
    if isinstance(datum, Value):
        kept = datum.source
        if not isinstance(kept, PassageAnchor):
            return kept
        return Passage(document=kept.document, page=kept.page, start=kept.start, end=kept.end)
    if typed.source == "citation" and typed.citation.strip() and typed.status in CITED:
        return CitationAnchor(
            citation=typed.citation.strip(), location=typed.location.strip(), status=typed.status
        )
    raise BadInput(
        "it is not said where the third reading stands",
        "take the passage of one of the two, or name the source",
    )
