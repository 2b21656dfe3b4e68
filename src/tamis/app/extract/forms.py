"""Forms of a review, and a viewer's own answers in them: every answer is a value of its own.

A review's own form is a data file, ``forms/<name>.toml``; one with the id of a shipped form stands
in its place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, product

from tamis.app.extract.views import OwnExtraction, Reading
from tamis.app.review import Review
from tamis.domain.errors import BadInput
from tamis.domain.question import Protocol
from tamis.domain.values import Derivation, LookedFor, Value
from tamis.extraction.forms import FORMS, Form, FormField, Section, check_answer, read_form

__all__ = ["JUDGED", "FormShown", "RowShown", "SectionShown", "answer", "fill_form", "forms_of"]

FORMS_FOLDER = "forms"

#: The source of an answer that is a judgement on the whole and stands in no single passage.
JUDGED = Derivation(formula="judged from the whole of the reports")


@dataclass(frozen=True, slots=True, kw_only=True)
class RowShown:
    """One field in one place: the reading to fill in, the answer if there is one.

    ``asked`` is false where a condition on an earlier answer does not hold: its answers stay.
    """

    field: FormField
    reading: Reading
    answer: Value | LookedFor | None
    asked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionShown:
    """One section for one arm, outcome or visit; ``place`` names it ("" for the study)."""

    section: Section
    place: str
    rows: tuple[RowShown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FormShown:
    """A form with a viewer's own answers; ``answered`` of ``asked`` rows have one."""

    form: Form
    sections: tuple[SectionShown, ...]

    @property
    def asked(self) -> int:
        """How many rows are asked."""
        return sum(row.asked for one in self.sections for row in one.rows)

    @property
    def answered(self) -> int:
        """How many of the asked rows have an answer, "not reported" included."""
        return sum(
            row.asked and row.answer is not None for one in self.sections for row in one.rows
        )


def forms_of(review: Review) -> Mapping[str, Form]:
    """Return every form by id: those that ship, and the review's own.

    Raises
    ------
    BadInput
        When a file is no valid form, or two have one id.
    """
    own: dict[str, Form] = {}
    for path in sorted((review.root / FORMS_FOLDER).glob("*.toml")):
        name = f"{FORMS_FOLDER}/{path.name}"
        form = read_form(review.read_bytes(name), name=name)
        if form.id in own:
            raise BadInput(f"two forms are called {form.id!r}", f"give {name} another id")
        own[form.id] = form
    return {**FORMS, **own}


def fill_form(
    form: Form, own: OwnExtraction, protocol: Protocol, *, arms: Sequence[str] = ()
) -> FormShown:
    """Return a form with a person's own answers.

    Parameters
    ----------
    own
        The person's readings of the study (``ExtractionDesk.own``).
    arms
        Arms of the study that have no value yet; those with one are added.
    """
    data: tuple[Value | LookedFor, ...] = (*own.values, *own.looked_for)
    by_place = {_place(datum): datum for datum in data}
    known = dict.fromkeys([*arms, *sorted({d.cell.arm for d in data})])
    single = tuple(arm for arm in known if arm != "all" and "-vs-" not in arm)
    contrasts = tuple(arm for arm in known if "-vs-" in arm) or tuple(
        f"{one}-vs-{two}" for one, two in pairwise(single)
    )
    sections = []
    for section in form.sections:
        for place, base in _places(section, own.study, protocol, single, contrasts):
            rows: list[RowShown] = []
            answers: dict[str, str] = {}
            for field in section.fields:
                reading = _reading(field, base)
                found = by_place.get(_key(reading))
                answers[field.id] = found.printed if isinstance(found, Value) else ""
                asked = _asked(field, answers)
                rows.append(RowShown(field=field, reading=reading, answer=found, asked=asked))
            sections.append(SectionShown(section=section, place=place, rows=tuple(rows)))
    return FormShown(form=form, sections=tuple(sections))


def answer(row: RowShown, text: str, *, unit: str = "") -> Reading:
    """Return the reading that an answer to a row makes, to be recorded by the desk.

    Raises
    ------
    BadInput
        For an answer that the field does not take.
    """
    printed = check_answer(row.field, text, unit=unit)
    return replace(row.reading, number=printed, unit=unit or row.reading.unit)


def _places(
    section: Section,
    study: str,
    protocol: Protocol,
    arms: Sequence[str],
    contrasts: Sequence[str],
) -> list[tuple[str, Reading]]:
    base = Reading(
        study=study, arm="all", outcome="", visit="baseline", estimand="point", statistic="text"
    )
    if section.repeat == "study":
        return [("", base)]
    if section.repeat == "arm":
        return [(arm, replace(base, arm=arm)) for arm in arms]
    if section.repeat == "outcome":
        return [(one.id, replace(base, outcome=one.id)) for one in protocol.outcomes]
    visits = [visit.id for visit in protocol.visits]
    chosen = arms if section.repeat == "result" else contrasts
    return [
        (
            f"{one.id} / {visit} / {arm}",
            replace(
                base, arm=arm, outcome=one.id, visit=visit, estimand=one.estimand,
                definition=one.definition, unit=one.unit,
            ),
        )
        for one, arm in product(protocol.outcomes, chosen)
        for visit in (one.visits or visits)
    ]  # fmt: skip


def _reading(field: FormField, base: Reading) -> Reading:
    if field.outcome == "*":
        return replace(base, statistic=field.statistic)
    outcome = f"{field.outcome}.{base.outcome}" if base.outcome else field.outcome
    return replace(base, outcome=outcome, statistic=field.statistic)


def _asked(field: FormField, answers: Mapping[str, str]) -> bool:
    needs = field.required_if
    if needs is None:
        return True
    given = {part.strip() for part in answers.get(needs.field, "").split(";")}
    return bool(given & set(needs.answers))


_Key = tuple[str, str, str, str, str]


def _place(datum: Value | LookedFor) -> _Key:
    cell = datum.cell
    return cell.arm, cell.outcome, cell.visit, cell.estimand, datum.statistic


def _key(reading: Reading) -> _Key:
    return reading.arm, reading.outcome, reading.visit, reading.estimand, reading.statistic
