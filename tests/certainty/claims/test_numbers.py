from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tamis.certainty.claims.numbers import numbers_in


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("9 of 12 patients (75 %)", [("part", "9"), ("percent", "75")]),
        ("12 名患者中有 9 名(75%)", [("part", "9"), ("percent", "75")]),
        ("three patients and two trials", [("people", "3"), ("works", "2")]),
        ("三名患者，第三名好转", [("people", "3")]),
        ("RR 0.60 (95% CI 0.45 to 0.80)", [("ratio", "0.60"), ("interval", "0.45")]),
        ("每公斤体重 100 万个细胞", [("dose", "1000000")]),
        ("9000万个细胞", [("dose", "90000000")]),
        ("reduced by 50-90%", [("percents", "50")]),
        ("at month 6 and 12 weeks", [("months", "6"), ("months", "12")]),
        ("2022 年 5 月", [("date", "2022")]),
        ("SLEDAI 16分", [("level", "16")]),
        ("1,200 people", [("people", "1200")]),
        ("class III or IV", []),
    ],
)
def test_numbers_of_a_sentence(text: str, expected: list[tuple[str, str]]) -> None:
    found = [(n.kind, n.value) for n in numbers_in(text)]
    assert found == [(kind, Decimal(value)) for kind, value in expected]


@pytest.mark.parametrize(
    ("text", "lost", "per_kg"),
    [
        ("2×10⁸ cells", False, False),
        ("2×10^8 cells", False, False),
        ("2 x 10 6 cells per kg", True, True),
        ("2×108 cells", True, False),
        ("1e6 cells/kg", False, True),
    ],
)
def test_notation_of_doses(text: str, lost: bool, per_kg: bool) -> None:
    (found,) = numbers_in(text)
    assert (found.kind, found.lost, found.per_kg) == ("dose", lost, per_kg)


def test_two_times_ten_to_the_eight_is_one_value_however_it_is_written() -> None:
    values = {numbers_in(t)[0].value for t in ("2×10⁸", "2×10^8", "2×10 8", "2e8", "2亿")}
    assert values == {Decimal("2e8")}


@settings(max_examples=300, deadline=None)
@given(
    st.text(
        alphabet=st.sampled_from("0123456789.,%×x^e- 10⁸ofCI名例人中万月年第一三十百分/kg（("),
        max_size=60,
    )
)
def test_any_text_gives_numbers_that_do_not_overlap(text: str) -> None:
    found = numbers_in(text)
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert all(0 <= n.start < n.end <= len(text) for n in found)
