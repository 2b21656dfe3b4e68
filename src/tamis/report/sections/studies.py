"""Characteristics of the included studies, and their interventions after TIDieR."""

from __future__ import annotations

from collections.abc import Sequence

from tamis.domain.records import Study
from tamis.domain.values import Derivation, LookedFor, Value
from tamis.report.book import Book
from tamis.report.engine import anchor_id
from tamis.report.phrase import Attr, Piece, join, say
from tamis.report.view import Cell, Column, Table, columns, row

__all__ = ["CHARACTERISTICS", "TIDIER", "characteristics", "included", "interventions"]

SILENT = "not reported where read"
NOT_SOUGHT = "not recorded"

#: Outcome slug -> heading.
CHARACTERISTICS: tuple[tuple[str, str], ...] = (
    ("design-as-stated", "Design, as stated"),
    ("setting", "Setting"),
    ("population", "Population"),
    ("participants", "Participants"),
    ("follow-up-months", "Follow-up, months"),
    ("funding", "Funding"),
    ("registration", "Registration"),
)

#: The items of TIDieR (Hoffmann TC et al., BMJ 2014;348:g1687), in its order.
TIDIER: tuple[tuple[str, str], ...] = (
    ("tidier-name", "Name"),
    ("tidier-why", "Why"),
    ("tidier-materials", "Materials"),
    ("tidier-procedures", "Procedures"),
    ("tidier-provider", "Provider"),
    ("tidier-delivery", "Mode of delivery"),
    ("tidier-where", "Where"),
    ("tidier-dose-per-kg", "Dose per kg"),
    ("tidier-dose-total", "Dose in total"),
    ("tidier-schedule", "When and how often"),
    ("tidier-co-treatment", "Co-treatment"),
    ("tidier-tailoring", "Tailoring"),
    ("tidier-modifications", "Modifications"),
    ("tidier-adherence", "Adherence"),
)


def included(book: Book, roles: Sequence[str] = ("included",)) -> tuple[Study, ...]:
    """Return the studies of these roles, by label."""
    found = (s for s in book.content.studies if s.role in roles)
    return tuple(sorted(found, key=lambda s: (s.label, s.id)))


def characteristics(book: Book) -> Table | None:
    """Return one row a study; ``None`` when no study is included."""
    studies = included(book)
    if not studies:
        return None
    rows = [
        row(
            say(
                "{label} ({design})",
                label=book.lit(s.label, "label"),
                design=book.text(s.design, "label"),
            ),
            *(_cell(book, s.id, slug) for slug, _ in CHARACTERISTICS),
        )
        for s in studies
    ]
    return Table(
        id="table-characteristics",
        caption="Characteristics of the included studies",
        columns=columns("Study", *(heading for _, heading in CHARACTERISTICS)),
        rows=tuple(rows),
        notes=(
            "“Not reported where read”: looked for in the texts that were read and not found. "
            "“Not recorded”: nobody has recorded a search for it.",
        ),
    )


def interventions(book: Book) -> Table | None:
    """Return the items of TIDieR as rows, the studies as columns."""
    studies = included(book)
    if not studies:
        return None
    rows = [
        row(heading, *(_cell(book, s.id, slug) for s in studies))
        for slug, heading in TIDIER
        if any(_values(book, s.id, slug) or _sought(book, s.id, slug) for s in studies)
    ]
    if not rows:
        return None
    return Table(
        id="table-interventions",
        caption="Interventions of the included studies, after TIDieR",
        columns=columns("Item", *(Column(piece=book.lit(s.label, "label")) for s in studies)),
        rows=tuple(rows),
        notes=("A converted dose stands with its arithmetic and with what was assumed for it.",),
    )


def _values(book: Book, study: str, slug: str) -> list[Value]:
    found = (
        v for v in book.content.extraction.values
        if v.cell.study == study and v.cell.outcome == slug
    )  # fmt: skip
    return sorted(found, key=lambda v: (v.cell.arm != "all", v.cell.arm, v.id))


def _sought(book: Book, study: str, slug: str) -> list[LookedFor]:
    return [
        item for item in book.content.extraction.looked_for
        if item.cell.study == study and item.cell.outcome == slug
    ]  # fmt: skip


def _cell(book: Book, study: str, slug: str) -> Cell:
    values = _values(book, study, slug)
    if not values:
        return Cell(piece=SILENT if _sought(book, study, slug) else NOT_SOUGHT)
    several = len({v.cell.arm for v in values}) > 1
    parts: list[Piece] = []
    for value in values:
        shown: Piece = book.shown(value, unit=value.unit not in ("participants", "months", ""))
        if isinstance(value.source, Derivation) and value.statistic != "text":
            formula = book.lit(value.source.formula, "quote")
            shown = say("{shown} [{formula}]", shown=shown, formula=formula)
        if several or value.cell.arm != "all":
            shown = say("{arm}: {shown}", arm=book.names.arm(value.cell.arm), shown=shown)
        parts.append(shown)
    source = Attr(f"#{anchor_id(values[0].id, 'x')}") if _wordy(values) else None
    return Cell(piece=join(parts, "; "), source=source)


def _wordy(values: Sequence[Value]) -> bool:
    return all(v.statistic == "text" for v in values)
