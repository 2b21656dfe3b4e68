"""Who stands behind a result: how many people, how many studies."""

from __future__ import annotations

from tamis.domain.quantities import Quantity
from tamis.domain.results import BinaryRow, MeansRow, Synthesis
from tamis.report.book import Book
from tamis.report.numbers import cell_numbers

__all__ = ["arm_order", "people_of", "studies_in"]


def arm_order(book: Book, arm: str) -> tuple[int, str]:
    """Return the place of an arm: the intervention, then the comparator, then others by name."""
    plans = [s.plan for s in book.content.syntheses if s.plan.kind == "controlled"]
    firsts = {p.arms[0] for p in plans}
    seconds = {p.arms[1] for p in plans}
    return (0 if arm in firsts else 1 if arm in seconds else 2), arm


def people_of(book: Book, synthesis: Synthesis) -> Quantity:
    """Return how many people the arms of a synthesis have together."""
    ns: list[Quantity] = []
    for item in synthesis.rows:
        numbers = cell_numbers(book, synthesis.plan.id, item)
        if isinstance(item, BinaryRow):
            ns += [numbers[1], numbers[3]]
        elif isinstance(item, MeansRow):
            ns += [numbers[2], numbers[5]]
    return book.number(
        f"syn:{synthesis.plan.id}#n",
        sum(int(q.value) for q in ns if q.value is not None),
        digits=0,
        inputs=list(dict.fromkeys(q.id for q in ns)),
        rule="sum of the participants of the arms",
        what="people in the comparison",
    )


def studies_in(book: Book, synthesis: Synthesis) -> Quantity:
    """Return how many studies a synthesis has."""
    return book.count(
        f"syn-studies:{synthesis.plan.id}",
        [effect.study for effect in synthesis.effects],
        "set of studies in the synthesis",
        "studies in the synthesis",
    )
