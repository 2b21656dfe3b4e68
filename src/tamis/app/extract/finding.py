"""A field of the forms, found by some of its words: what a person types who has no mouse."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tamis.app.extract.forms import fill_form
from tamis.app.extract.screen import place_named
from tamis.app.extract.views import OwnExtraction, Reading
from tamis.domain.question import Protocol
from tamis.extraction.forms import Form, FormField

__all__ = ["find_field"]


def find_field(
    own: OwnExtraction,
    protocol: Protocol,
    forms: Mapping[str, Form],
    words: str,
    *,
    first: str = "",
    after: str = "",
    arms: Sequence[str] = (),
) -> tuple[str, str] | None:
    """Return form and cell of the next field that has all the words.

    A word fits where one of the field's words begins with it: its labels in every language, the
    statistic, the arm, the outcome's names and id, the visit's label and id. Fields that have more
    of the words as they are come first, then those of the form that is open.

    Parameters
    ----------
    words
        What was typed, apart by blanks.
    first
        The form that is open.
    after
        The cell that is looked at: a search that is repeated goes on behind it, and round.
    arms
        Arms that have no value yet.

    Returns
    -------
    tuple or None
        Form and name of the cell; None where no field has them all.
    """
    wanted = words.casefold().split()
    order = sorted(forms, key=lambda one: one != first)
    found: list[tuple[int, str, str]] = []
    for form in order if wanted else ():
        for field, reading in _rows(forms[form], own, protocol, arms):
            known = " ".join(_words(field, reading, protocol)).casefold().split()
            if all(any(word.startswith(one) for word in known) for one in wanted):
                whole = sum(one in known for one in wanted)
                found.append((-whole, form, place_named(reading)))
    found.sort(key=lambda one: one[0])
    at = next((i for i, (_, _, cell) in enumerate(found) if cell == after), -1)
    return found[(at + 1) % len(found)][1:] if found else None


def _rows(
    form: Form, own: OwnExtraction, protocol: Protocol, arms: Sequence[str]
) -> Iterator[tuple[FormField, Reading]]:
    for section in fill_form(form, own, protocol, arms=arms).sections:
        for row in section.rows:
            if row.asked or row.answer is not None:
                yield row.field, row.reading


def _words(field: FormField, reading: Reading, protocol: Protocol) -> Iterator[str]:
    yield from field.labels.values()
    yield from (reading.statistic, reading.arm, reading.visit, reading.outcome)
    for outcome in protocol.outcomes:
        if outcome.id == reading.outcome.rpartition(".")[2]:
            yield outcome.name
            for _, names in outcome.names:
                yield from names
    yield from (visit.label for visit in protocol.visits if visit.id == reading.visit)
