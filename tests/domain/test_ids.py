"""Identifiers: what is a slug, and that ids say what they name and nothing else."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamis.domain.errors import BadInput
from tamis.domain.ids import (
    ESTIMAND_IN_VISIT,
    check_slug,
    is_engine,
    is_person,
    quantity_id,
    record_id,
    slugify,
    value_id,
)
from tamis.domain.values import ESTIMANDS, STATISTICS

SLUG = st.from_regex(r"[a-z0-9]+([-.][a-z0-9]+)*", fullmatch=True).filter(lambda s: s.isascii())


@given(SLUG)
def test_a_slug_is_returned_as_it_is(text: str) -> None:
    assert check_slug(text, what="it") == text


@pytest.mark.parametrize(
    "text",
    ["", "-", "a-", "-a", "a--b", "a..b", "A", "é", "a b", "a/b", "a_b", "a\n", "a#2", "٣", "a:b"],
)
def test_what_is_no_slug_is_refused_with_a_proposal(text: str) -> None:
    with pytest.raises(BadInput, match="is not a slug") as refused:
        check_slug(text, what="the study")
    assert "the study" in str(refused.value)
    assert repr(slugify(text)) in refused.value.remedy


@given(st.text(max_size=30))
def test_every_proposal_is_a_slug(text: str) -> None:
    assert check_slug(slugify(text), what="it")


@given(SLUG)
def test_people_and_engines_are_apart(name: str) -> None:
    assert is_person(f"p-{name}")
    assert is_engine(f"e-{name}-1")
    assert not is_person(f"e-{name}")
    assert not is_engine(f"p-{name}")


def test_a_record_is_named_by_its_file_and_place() -> None:
    assert record_id("0123456789abcdef" * 4, 0) == "0123456789ab:0"


@pytest.mark.parametrize("estimand", ESTIMANDS)
def test_an_estimand_that_is_no_state_stands_beside_the_visit(estimand: str) -> None:
    name = value_id(
        study="s", outcome="o", visit="m6", arm="a", statistic="mean", estimand=estimand
    )
    shown = f"m6.{estimand}" if estimand in {"ever", "best-by", "change"} else "m6"
    assert name == f"v:s/o/{shown}/a/mean"


def test_change_and_state_at_one_visit_are_two_cells() -> None:
    assert {"ever", "best-by", "change"} == ESTIMAND_IN_VISIT
    assert set(ESTIMANDS) > ESTIMAND_IN_VISIT


@given(
    study=SLUG,
    outcome=SLUG,
    arm=SLUG,
    visit=st.from_regex(r"[a-z0-9]+", fullmatch=True).filter(str.isascii),
    statistic=st.sampled_from(STATISTICS),
    estimand=st.sampled_from(ESTIMANDS),
    n=st.integers(1, 99),
)
def test_a_value_id_can_be_read_back(
    study: str, outcome: str, arm: str, visit: str, statistic: str, estimand: str, n: int
) -> None:
    name = value_id(
        study=study, outcome=outcome, visit=visit, arm=arm, statistic=statistic,
        estimand=estimand, n=n,
    )  # fmt: skip
    found = re.fullmatch(r"v:([^/]+)/([^/]+)/([^/]+)/([^/]+)/([^/#]+)(?:#(\d+))?", name)
    assert found is not None
    assert found.group(1, 2, 4, 5) == (study, outcome, arm, statistic)
    assert found.group(3).partition(".")[0] == visit
    assert int(found.group(6) or 1) == n


def test_a_quantity_id_has_three_parts() -> None:
    assert quantity_id("flow", "screened", "n") == "flow:screened#n"
