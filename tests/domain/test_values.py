"""A value without anchor or derivation cannot be made; unknown is looked-for, and never zero."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamis.domain.errors import BadInput
from tamis.domain.values import (
    ESTIMANDS,
    NOT_PRIMARY,
    STATISTICS,
    STATUSES,
    Cell,
    CitationAnchor,
    Derivation,
    Extraction,
    LookedFor,
    PassageAnchor,
    Value,
)

PASSAGE = PassageAnchor(document="a" * 64, page=1, start=0, end=4, quote="died")
CITATION = CitationAnchor(citation="doi:10.0/x", location="table 2", status="registry")
DERIVATION = Derivation(formula="12 - 3", inputs=("v:a/b/m6/c/n",))
CELL = Cell(study="alpha2020", outcome="death", visit="m6", arm="drug", estimand="point")


def value(**changes: Any) -> Value:
    given_: dict[str, Any] = {
        "id": "v:alpha2020/death/m6/drug/events", "cell": CELL, "statistic": "events",
        "printed": "3", "number": Decimal(3), "unit": "", "source": CITATION,
        "status": "abstract or table read",
    }  # fmt: skip
    return Value(**{**given_, **changes})


@pytest.mark.parametrize("source", [PASSAGE, CITATION, DERIVATION])
def test_a_value_stands_on_an_anchor_or_a_derivation(source: Any) -> None:
    assert value(source=source).source is source


@pytest.mark.parametrize("source", [None, "", "table 2", {"citation": "x"}, CELL, object()])
def test_a_value_without_one_cannot_be_made(source: Any) -> None:
    with pytest.raises(BadInput, match="no anchor and no derivation") as refused:
        value(source=source)
    assert "looked-for" in refused.value.remedy


def test_source_has_no_default() -> None:
    with pytest.raises(TypeError, match="source"):
        Value(
            id="v", cell=CELL, statistic="n", printed="1", number=Decimal(1), unit="",
            status="registry",
        )  # fmt: skip


def test_a_looked_for_has_no_place_for_a_number() -> None:
    assert not {"number", "printed", "value"} & {item.name for item in fields(LookedFor)}
    with pytest.raises(TypeError):
        LookedFor(id="v", cell=CELL, statistic="sd", where="table 2", number=0)


@pytest.mark.parametrize("printed", ["", " ", "\t\n", "\N{NO-BREAK SPACE}"])
def test_an_empty_value_is_refused(printed: str) -> None:
    with pytest.raises(BadInput, match="looked-for"):
        value(printed=printed)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"statistic": "average"}, "no statistic"),
        ({"status": "sure"}, "no status"),
        ({"cell": Cell(study="a", outcome="b", visit="m6", arm="c", estimand="later")}, "estimand"),
    ],
)
def test_only_declared_words_are_taken(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(BadInput, match=says):
        value(**changes)


@pytest.mark.parametrize("statistic", STATISTICS)
@pytest.mark.parametrize("estimand", ESTIMANDS)
def test_every_declared_word_is_taken(statistic: str, estimand: str) -> None:
    cell = Cell(study="a", outcome="b", visit="m6", arm="c", estimand=estimand)
    assert value(statistic=statistic, cell=cell).statistic == statistic


@pytest.mark.parametrize("status", STATUSES)
def test_weak_statuses_never_enter_a_primary_synthesis(status: str) -> None:
    assert value(status=status).primary is (status not in {"unverified", "lay article"})


def test_the_weak_statuses_are_declared_statuses() -> None:
    assert set(STATUSES) > NOT_PRIMARY


@pytest.mark.parametrize("quote", ["", "  ", "\n"])
def test_a_passage_needs_its_words(quote: str) -> None:
    with pytest.raises(BadInput, match="no quote"):
        PassageAnchor(document="a", page=1, start=0, end=1, quote=quote)


@given(page=st.integers(-3, 3), start=st.integers(-3, 3), end=st.integers(-3, 3))
def test_a_passage_is_a_page_from_one_and_a_span(page: int, start: int, end: int) -> None:
    good = page >= 1 and 0 <= start < end
    if good:
        PassageAnchor(document="a", page=page, start=start, end=end, quote="q")
        return
    with pytest.raises(BadInput, match="no passage"):
        PassageAnchor(document="a", page=page, start=start, end=end, quote="q")


def test_a_citation_names_its_source_and_a_derivation_its_formula() -> None:
    with pytest.raises(BadInput, match="names no source"):
        CitationAnchor(citation=" ", location="table 2", status="registry")
    with pytest.raises(BadInput, match="no formula"):
        Derivation(formula=" ")


def test_values_are_frozen() -> None:
    for item, name in ((value(), "number"), (CELL, "arm"), (PASSAGE, "quote")):
        with pytest.raises(FrozenInstanceError):
            setattr(item, name, "x")


def test_an_empty_extraction_is_empty() -> None:
    assert Extraction() == Extraction(values=(), looked_for=())
