"""Short ways to write extracted values and to typeset documents in tests."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

import typst

from tamis.domain.ids import value_id
from tamis.domain.value_rows import parse_number
from tamis.domain.values import (
    Anchor,
    Cell,
    CitationAnchor,
    Extraction,
    PassageAnchor,
    Value,
)

CITED = CitationAnchor(citation="invented", location="Table 2", status="abstract or table read")

#: Statistics of a row that are written as keyword arguments.
Printed = str


@dataclass(frozen=True)
class At:
    """A cell in short: ``At("trial/remission/m6/drug").row(events="9", n="12")``."""

    path: str
    unit: str = ""
    estimand: str = "point"
    definition: str = "not-stated"
    n: int = 1
    denominator: str = ""
    source: Anchor = CITED
    status: str = "abstract or table read"
    note: str = ""

    def row(self, **printed: Printed) -> tuple[Value, ...]:
        study, outcome, visit, arm = self.path.split("/")
        cell = Cell(
            study=study,
            outcome=outcome,
            visit=visit,
            arm=arm,
            estimand=self.estimand,
            definition=self.definition,
            n=self.n,
        )
        return tuple(self._value(cell, statistic, text) for statistic, text in printed.items())

    def _value(self, cell: Cell, statistic: str, text: str) -> Value:
        number: Decimal | None = None if statistic == "text" else parse_number(text)
        return Value(
            id=value_id(
                study=cell.study,
                outcome=cell.outcome,
                visit=cell.visit,
                arm=cell.arm,
                statistic=statistic,
                estimand=cell.estimand,
                n=cell.n,
            ),
            cell=cell,
            statistic=statistic,
            printed=text,
            number=number,
            unit=self.unit,
            source=self.source,
            status=self.status,
            denominator=self.denominator,
            extractor="p-rev-a",
            note=self.note,
        )


def quoted(quote: str) -> PassageAnchor:
    return PassageAnchor(document="0" * 64, page=1, start=0, end=len(quote), quote=quote)


def extraction(*rows: tuple[Value, ...]) -> Extraction:
    return Extraction(values=tuple(value for row in rows for value in row))


def reversed_extraction(given: Extraction) -> Extraction:
    return replace(given, values=tuple(reversed(given.values)))


def typeset(body: str, *, setup: str = "", created: int = 1_700_000_000) -> bytes:
    """Typeset with the fonts inside typst: every machine gives the same bytes."""
    source = f"{setup}\n{body}"
    pdf = typst.Compiler(source.encode(), ignore_system_fonts=True).compile(
        format="pdf", timestamp=created
    )
    assert isinstance(pdf, bytes)
    return pdf
