"""The index of words finds exactly what looking through every text finds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tamis.app.desk.text import Texts, fold_text, parts_of
from tamis.domain.records import Record

LETTERS = st.text(alphabet='abé 狼疮-.AB"ß\n１', max_size=12)


@given(st.lists(st.tuples(LETTERS, LETTERS), max_size=6), LETTERS)
def test_a_search_finds_what_holds_the_part(texts: list[tuple[str, str]], query: str) -> None:
    records = {
        f"x:{n}": Record(id=f"x:{n}", raw=(), title=title, abstract=abstract)
        for n, (title, abstract) in enumerate(texts)
    }
    searched = Texts(records)
    for part in parts_of(query):
        found = searched.holding(part)
        for place, (title, abstract) in enumerate(texts):
            lines = [" ".join(fold_text(text).split()) for text in (title, abstract)]
            assert found[place] == any(part in line for line in lines)


def test_quotation_marks_keep_words_together() -> None:
    assert parts_of('a "b  c" d"e "f') == ("a", "b c", 'd"e', "f")
    assert parts_of(' "" ') == ()
