"""Candidates for values on a page, for a person to accept: nothing is recorded until then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tamis.app.extract.views import Passage, Reading
from tamis.app.full_text.pages import Pages
from tamis.domain.errors import BadInput
from tamis.domain.question import Protocol
from tamis.domain.values import STATISTICS
from tamis.extraction import Candidate, Layer, Rectangle, find_numbers_in, passage_boxes
from tamis.extraction.finder import has_references
from tamis.extraction.finder_hints import Hints, Vocabulary, hints_for
from tamis.extraction.reading_text import has_decimal_commas

__all__ = ["CandidateShown", "accepted", "candidates_on", "vocabulary_of"]

#: Parts of a candidate that are recorded under another statistic unless a person says otherwise.
_RECORDED_AS = {"dose": "n", "time": "n"}

#: Statistics whose number is of so many people, where the candidate says how many.
_OF_PEOPLE = frozenset({"events", "percent"})


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateShown:
    """A candidate with its place on the picture of the page, and what it may belong to.

    ``key`` names it on its page as long as the document's layer is the same.
    """

    key: str
    candidate: Candidate
    hints: Hints
    boxes: tuple[Rectangle, ...]


def candidates_on(
    pages: Pages, document: str, page: int, *, words: Vocabulary
) -> tuple[CandidateShown, ...]:
    """Return the candidates of a page, in the order of its text."""
    layer = pages.layer(document)
    here = layer.page(page)
    if _behind_references(layer, page):
        return ()
    found = find_numbers_in(
        here,
        decimal_commas=has_decimal_commas(one.text for one in layer.pages),
        context="\n".join(one.text for one in layer.pages),
    )
    return tuple(
        CandidateShown(
            key=f"{page}:{one.start}:{one.end}:{one.rule}",
            candidate=one,
            hints=hints_for(here, one, words),
            boxes=passage_boxes(here, one.start, one.end),
        )
        for one in found
    )


def vocabulary_of(protocol: Protocol, arms: Sequence[str]) -> Vocabulary:
    """Return the names by which outcomes, visits and arms may be known in a paper."""
    outcomes = {
        one.id: tuple(dict.fromkeys((one.name, *(n for _, names in one.names for n in names))))
        for one in protocol.outcomes
    }
    visits = {
        one.id: tuple(dict.fromkeys((one.label, *_times(one.months)))) for one in protocol.visits
    }
    return Vocabulary(
        arms={arm: (arm, arm.replace("-", " ")) for arm in arms if "-vs-" not in arm},
        outcomes=outcomes,
        visits=visits,
    )


def accepted(
    document: str,
    candidate: Candidate,
    base: Reading,
    *,
    names: Mapping[str, str] | None = None,
    leave_out: Sequence[str] = (),
) -> tuple[tuple[Reading, ...], Passage]:
    """Return the readings and the passage that accepting a candidate records.

    Hand them to ``ExtractionDesk.record_together``.

    Parameters
    ----------
    base
        The cell: study, arm, outcome, visit, estimand, unit, definition.
    names
        Part -> statistic, where the candidate leaves it open (``spread`` is ``sd``).
    leave_out
        Parts that are not wanted.

    Raises
    ------
    BadInput
        When a part has no statistic, or nothing is left.
    """
    given = {**_RECORDED_AS, **(names or {})}
    people = candidate.part("n")
    readings = []
    for part in candidate.parts:
        if part.statistic in leave_out:
            continue
        statistic = given.get(part.statistic, part.statistic)
        if statistic not in STATISTICS:
            raise BadInput(
                f"nobody says what {part.printed} is ({part.statistic})",
                "choose the statistic, such as sd or se, or leave it out",
            )
        of = people.printed if people is not None and statistic in _OF_PEOPLE else ""
        unit = {"percent": "percent"}.get(statistic, base.unit or candidate.unit)
        readings.append(
            replace(
                base, statistic=statistic, number=part.printed, unit=unit,
                denominator=of or base.denominator,
            )
        )  # fmt: skip
    if not readings:
        raise BadInput("nothing of the candidate is left", "keep at least one number")
    passage = Passage(
        document=document, page=candidate.page, start=candidate.start, end=candidate.end
    )
    return tuple(readings), passage


def _behind_references(layer: Layer, page: int) -> bool:
    """Tell whether a list of references begins on a page before."""
    return any(has_references(one) for one in layer.pages[: page - 1])


def _times(months: str) -> tuple[str, ...]:
    if not months.isdigit() or months == "0":
        return ()
    return (f"month {months}", f"{months} months", f"{months}-month", f"{months}个月")
