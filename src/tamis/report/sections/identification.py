"""Identification, the first phase of the flow: imported files, what repeats, what is related."""

from __future__ import annotations

from collections.abc import Mapping

from tamis.report.book import Book
from tamis.report.flow import Flow
from tamis.report.sections.duplicates import duplicates_lead, overlap_table, rules_table
from tamis.report.sections.imports import imports_lead, imports_table
from tamis.report.sections.related import related_lead, related_table

__all__ = ["identification"]


def identification(book: Book, flow: Flow) -> Mapping[str, object]:
    """Return what the template ``selection.html.j2`` prints of imports and duplicates."""
    tables = (overlap_table(book), rules_table(book))
    return {
        "imports": imports_lead(book),
        "imports_table": imports_table(book),
        "duplicates": duplicates_lead(book, flow),
        "duplicates_tables": tuple(table for table in tables if table is not None),
        "related": related_lead(book, flow),
        "related_table": related_table(book, flow),
    }
