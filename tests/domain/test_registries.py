"""Numbers of trial registers: found however they are printed, written one way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamis.domain.registries import REGISTRIES, Registry, registry_numbers


@pytest.mark.parametrize("one", REGISTRIES, ids=lambda one: one.name)
def test_each_register_shows_a_number_as_printed_and_as_written(one: Registry) -> None:
    for text in (one.printed, f"registered ({one.printed}).", f"see https://x.org/{one.printed}"):
        assert registry_numbers(text) == {one.written}
    assert registry_numbers(one.written) == {one.written}


@given(st.data())
def test_any_number_of_a_pattern_is_found_alone_and_written_one_way(data: st.DataObject) -> None:
    one = data.draw(st.sampled_from(REGISTRIES))
    printed = data.draw(st.from_regex(one.pattern.replace(r"\s", " "), fullmatch=True))
    (written,) = registry_numbers(f"trial {printed}.")
    assert registry_numbers(written) == {written}
    for other in (printed.upper(), printed.replace("-", "\u2013"), f"({printed})", f"{printed}、"):
        assert registry_numbers(other) == {written}


@given(
    st.lists(st.sampled_from(REGISTRIES), unique=True), st.sampled_from((", ", "; ", " and ", "、"))
)
def test_all_numbers_of_a_text_are_found(several: list[Registry], between: str) -> None:
    text = between.join(one.printed for one in several)
    assert registry_numbers(text) == {one.written for one in several}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("clinicaltrials.gov/show/nct01234567", {"NCT01234567"}),
        ("EudraCT 2017-001400-29", {"2017-001400-29"}),
        ("by a grant (EudraCT 2017-001400-29)", {"2017-001400-29"}),
        ("ISRCTN12345678 and NCT0000000", {"ISRCTN12345678"}),
        ("ChiCTR2000012345", {"CHICTR2000012345"}),
    ],
)  # fmt: skip
def test_numbers_stand_in_texts(text: str, found: set[str]) -> None:
    assert registry_numbers(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "", "NCT0123456", "NCT0123456789", "xNCT01234567", "p75NTR 12", "2009-01-01", "nl1234",
        "10.1000/2009-012345-113", "planned: 20 people, 18 months", "grant no. 2017-001400-29",
        "1999-001400-29", "contract 2017-001400-29",
    ],
)  # fmt: skip
def test_other_numbers_are_left_alone(text: str) -> None:
    assert registry_numbers(text) == frozenset()
