"""Builders of values for the tests of this room."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tamis.domain.ids import value_id
from tamis.domain.value_rows import parse_number
from tamis.domain.values import Cell, CitationAnchor, LookedFor, Value

Make = Callable[..., Value]


def _cell(study: str, arm: str, options: dict[str, str]) -> Cell:
    return Cell(
        study=study,
        outcome=options.get("outcome", "remission"),
        visit=options.get("visit", "m6"),
        arm=arm,
        estimand=options.get("estimand", "point"),
        definition=options.get("definition", "stated"),
        n=int(options.get("copy", "1")),
    )


def _id(cell: Cell, statistic: str) -> str:
    return value_id(
        study=cell.study,
        outcome=cell.outcome,
        visit=cell.visit,
        arm=cell.arm,
        statistic=statistic,
        estimand=cell.estimand,
        n=cell.n,
    )


@pytest.fixture
def value() -> Make:
    """Return a function that makes one value: study, arm, statistic, printed, then options."""

    def make(study: str, arm: str, statistic: str, printed: str, **options: str) -> Value:
        cell = _cell(study, arm, options)
        status = options.get("status", "abstract or table read")
        return Value(
            id=_id(cell, statistic),
            cell=cell,
            statistic=statistic,
            printed=printed,
            number=None if statistic == "text" else parse_number(printed),
            unit=options.get("unit", ""),
            source=CitationAnchor(citation="a paper", location="a table", status=status),
            status=status,
            denominator=options.get("denominator", ""),
        )

    return make


@pytest.fixture
def looked_for() -> Callable[..., LookedFor]:
    """Return a function that makes one looked-for."""

    def make(study: str, arm: str, statistic: str, **options: str) -> LookedFor:
        cell = _cell(study, arm, options)
        return LookedFor(id=_id(cell, statistic), cell=cell, statistic=statistic, where="abstract")

    return make


@pytest.fixture
def counts(value: Make) -> Callable[..., tuple[Value, ...]]:
    """Return a function that makes events and n of one arm."""

    def make(study: str, arm: str, events: int | str, n: int, **options: str) -> tuple[Value, ...]:
        return (
            value(study, arm, "events", str(events), **options),
            value(study, arm, "n", str(n), **options),
        )

    return make


@pytest.fixture
def means(value: Make) -> Callable[..., tuple[Value, ...]]:
    """Return a function that makes mean, SD and n of one arm."""

    def make(
        study: str, arm: str, mean: float, sd: float, n: int, **options: str
    ) -> tuple[Value, ...]:
        return (
            value(study, arm, "mean", str(mean), **options),
            value(study, arm, "sd", str(sd), **options),
            value(study, arm, "n", str(n), **options),
        )

    return make
