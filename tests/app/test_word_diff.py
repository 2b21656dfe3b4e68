"""What two texts share is found word by word, and no letter of either is lost."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tamis.app.duplicates.word_diff import compared

TEXTS = st.text(st.sampled_from("ab ,.A中文\n"), max_size=40) | st.text(max_size=20)


@given(TEXTS, TEXTS)
def test_the_pieces_are_the_texts(one: str, other: str) -> None:
    a, b = compared(one, other)
    assert "".join(text for text, _ in a) == one
    assert "".join(text for text, _ in b) == other
    assert all(x[1] != y[1] for x, y in pairwise(a))


@given(TEXTS)
def test_a_text_differs_from_itself_nowhere(text: str) -> None:
    assert not any(differs for side in compared(text, text) for _, differs in side)


def test_chinese_is_compared_letter_by_letter() -> None:
    a, b = compared("狼疮性肾炎", "狼疮肾炎")
    assert a == (("狼疮", False), ("性", True), ("肾炎", False))
    assert b == (("狼疮肾炎", False),)


def test_neighbours_that_differ_are_one_mark() -> None:
    assert compared("given to 40 people.", "given to 41 persons.")[0] == (
        ("given to ", False), ("40 people", True), (".", False),
    )  # fmt: skip
