"""The reporting checklists as tables that go with the report, one file a checklist."""

from __future__ import annotations

from collections.abc import Mapping

from tamis.report.book import Book
from tamis.report.csv_table import table
from tamis.report.sections.checklist_items import PLACES
from tamis.report.sections.checklists import CHECKLISTS, checklists

__all__ = ["checklist_files"]

HEADER = ("item", "name", "filled_by", "status", "why", "place", "anchor")


def checklist_files(book: Book) -> Mapping[str, bytes]:
    """Return ``checklist-<id>.csv`` of each checklist, in the order of its items."""
    rows = checklists(book)
    return {
        f"checklist-{name}.csv": table(
            HEADER,
            [
                (r.item, r.name, r.how, r.status, r.why, PLACES[r.anchor], r.anchor)
                for r in rows
                if r.checklist == name
            ],
        )
        for name in CHECKLISTS
    }
