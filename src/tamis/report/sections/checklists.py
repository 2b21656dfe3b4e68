"""The reporting checklists, filled from the data: PRISMA 2020, PRISMA-S and SWiM.

An item is complete only if what writes its part of the report had data; nothing is ticked without a
place in the page. A person may declare that something was not done or does not apply (note of topic
``checklist``, subject such as ``prisma-s-5``): that is "not applicable", with their words.

References
----------
Page MJ et al. BMJ 2021;372:n71. Rethlefsen ML et al. Syst Rev 2021;10:39. Campbell M et al. BMJ
2020;368:l6890. Names of the items are ours.
"""

from __future__ import annotations

from dataclasses import dataclass

from tamis.report.book import Book
from tamis.report.corpus import literal
from tamis.report.digits import has_digit
from tamis.report.phrase import Link, Piece, say
from tamis.report.sections.checklist_items import PLACES, PRISMA, PRISMA_S, SWIM, Item
from tamis.report.sections.checks import COMPLETE, NOT_APPLICABLE, Facts
from tamis.report.view import Table, columns, row

__all__ = ["CHECKLISTS", "ChecklistRow", "checklist_tables", "checklists"]

#: Id of a checklist -> its name and items.
CHECKLISTS: dict[str, tuple[str, tuple[Item, ...]]] = {
    "prisma-2020": ("PRISMA 2020", PRISMA),
    "prisma-s": ("PRISMA-S", PRISMA_S),
    "swim": ("SWiM", SWIM),
}

#: How an item is filled (reporting.md section 1).
HOW = {"G": "from data", "D": "drafted from settings", "H": "by a person"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistRow:
    """One item as it stands in this review; ``anchor`` is the id of its place in the page.

    ``how`` is G (text from data), D (drafted from settings) or H (written by a person).
    """

    checklist: str
    item: str
    name: str
    how: str
    status: str
    why: str
    anchor: str
    declared: bool = False


def checklists(book: Book) -> tuple[ChecklistRow, ...]:
    """Return every item of the three checklists with its status and place."""
    facts = Facts(book)
    return tuple(
        _row(facts, name, item) for name, (_, items) in CHECKLISTS.items() for item in items
    )


def _row(facts: Facts, checklist: str, item: Item) -> ChecklistRow:
    status, why = item.check(facts)
    said = facts.declared(f"{checklist}-{item.id}")
    declared = bool(said) and status != COMPLETE
    return ChecklistRow(
        checklist=checklist,
        item=item.id,
        name=item.name,
        how=item.how,
        status=NOT_APPLICABLE if declared else status,
        why=said if declared else why,
        anchor=item.anchor,
        declared=declared,
    )


def checklist_tables(book: Book) -> tuple[Table, ...]:
    """Return one table a checklist."""
    rows = checklists(book)
    return tuple(
        Table(
            id=f"table-checklist-{name}",
            caption=say("{t}: items, status and place in this report", t=literal(title, "label")),
            columns=columns("Item", "What it asks for", "Filled", "Status", "Where"),
            rows=tuple(
                row(
                    literal(f"item {r.item}", "label"),
                    r.name,
                    HOW[r.how],
                    _status(book, r),
                    Link(PLACES[r.anchor], f"#{r.anchor}"),
                )
                for r in rows
                if r.checklist == name
            ),
            notes=(
                "“Complete” means that the part of the report that answers the item had data; it "
                "does not judge how well the thing itself was done.",
            ),
        )
        for name, (title, _) in CHECKLISTS.items()
    )


def _status(book: Book, found: ChecklistRow) -> Piece:
    if not found.why:
        return found.status
    why: Piece = found.why
    if found.declared or has_digit(found.why):
        why = book.lit(found.why, "quote")
    return say("{s}: {w}", s=found.status, w=why)
