"""Why each synthesis is done as it is: one sentence a choice, with its source."""

from __future__ import annotations

from tamis.domain.results import Synthesis
from tamis.report.book import Book
from tamis.report.phrase import Phrase, counted, join, say
from tamis.report.sections.headline import title_of
from tamis.synthesis import choice_of
from tamis.synthesis.method_choice import MethodChoice

__all__ = ["method_choices"]

#: So many syntheses are named; of more only the number is given.
NAMED = 3


def method_choices(book: Book) -> tuple[Phrase, ...]:
    """Return one line for each choice that the planned syntheses come to."""
    content = book.content
    groups: dict[tuple[str, str], list[tuple[Synthesis, MethodChoice]]] = {}
    for one in content.syntheses:
        choice = choice_of(one, content.studies, content.extraction)
        if choice is not None:
            groups.setdefault((choice.rule, choice.because), []).append((one, choice))
    return tuple(_line(book, nth, group) for nth, group in enumerate(groups.values()))


def _line(book: Book, nth: int, group: list[tuple[Synthesis, MethodChoice]]) -> Phrase:
    choice = group[0][1]
    plans = [one.plan for one, _ in group]
    inputs = [plan.id for plan in plans]
    number = book.number(
        f"choice:{nth + 1}.{choice.rule}#syntheses", len(plans), digits=0, inputs=inputs,
        rule=choice.rule, what="syntheses with this choice of method",
        settings={"reference": choice.reference} if choice.reference else {},
    )  # fmt: skip
    named = len(plans) <= NAMED
    return say(
        "{because} {n}{names}{source}.",
        because=book.spoken(choice.because, name=f"choice/{nth + 1}", inputs=inputs,
                            rule=choice.rule),
        n=counted(number, "synthesis", "syntheses"),
        names=say(": {t}", t=join([title_of(book, plan) for plan in plans], "; "))
        if named else "",
        source=say(" (after {r})", r=book.lit(choice.reference, "setting"))
        if choice.reference else "",
    )  # fmt: skip
