"""The reporting checklists, filled from the data: PRISMA 2020, PRISMA-S and SWiM.

An item is complete only if what writes its part of the report had data; nothing is ticked without a
place in the page. A person may declare that something was not done or does not apply (note of topic
``checklist``, subject such as ``prisma-s-5``): that is "not done" where their words begin so, else
"not applicable", with their words.

References
----------
Page MJ et al. BMJ 2021;372:n71. Rethlefsen ML et al. Syst Rev 2021;10:39. Campbell M et al. BMJ
2020;368:l6890. Names of the items are ours.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tamis.report.book import Book
from tamis.report.corpus import literal
from tamis.report.digits import has_digit
from tamis.report.phrase import Link, Piece, say
from tamis.report.sections.checklist_items import PLACES, PRISMA, PRISMA_S, SWIM, Item
from tamis.report.sections.checks import COMPLETE, NOT_APPLICABLE, NOT_DONE, Facts
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
        status=_declared(said)[0] if declared else status,
        why=_declared(said)[1] if declared else why,
        anchor=item.anchor,
        declared=declared,
    )


#: How a declaration begins that says that something was not done, in either language.
_NOT_DONE = re.compile(r"\s*(?:not done|未做|未进行|没有做)\s*[:：.。,，;；]?\s*", re.IGNORECASE)


def _declared(said: str) -> tuple[str, str]:
    """Return status and words of a declaration; "not done" is not said twice.

    Words with a digit stay whole: they must stand in the review letter by letter.

    Examples
    --------
    >>> _declared("Not done: nobody was written to.")
    ('not done', 'nobody was written to.')
    >>> _declared("No register covers this question.")
    ('not applicable', 'No register covers this question.')
    """
    found = _NOT_DONE.match(said)
    if found is None:
        return NOT_APPLICABLE, said
    rest = said[found.end() :]
    return NOT_DONE, said if has_digit(rest) else rest


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
                "does not judge how well the thing itself was done. “Not done” is what the authors "
                "say of a step that they left out; “not applicable” is a step that this review "
                "has no place for.",
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
    if found.declared and _NOT_DONE.match(found.why):
        return why
    return say("{s}: {w}", s=found.status, w=why)
