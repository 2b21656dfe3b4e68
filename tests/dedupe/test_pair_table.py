"""The table of pair decisions: the same bytes out, one clear message in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.dedupe.making import pair

from tamis.dedupe import read_pairs, write_pairs
from tamis.domain.errors import BadInput
from tamis.domain.records import PairDecision

HEAD = b"a,b,decision,rule\n"

NAMES = st.text(min_size=1).map(str.strip).filter(bool)


@st.composite
def tables(draw: st.DrawFn) -> list[PairDecision]:
    two = st.lists(NAMES, min_size=2, max_size=2, unique=True).map(
        lambda names: tuple(sorted(names))
    )
    keys = draw(st.lists(two, unique=True, max_size=5))
    words = st.sampled_from(["same", "different", "unsure"])
    return [
        PairDecision(a=a, b=b, decision=draw(words), rule=draw(st.text()).strip()) for a, b in keys
    ]


@given(tables())
def test_what_is_written_is_read_again(pairs: list[PairDecision]) -> None:
    written = write_pairs(pairs)
    again = read_pairs(written, name="pairs.csv")
    assert sorted(again, key=lambda p: (p.a, p.b)) == sorted(pairs, key=lambda p: (p.a, p.b))
    assert write_pairs(reversed(again)) == written


@pytest.mark.parametrize("odd", ["\r", "\n", "\r\n", '"', ",", "\x00", "\u2028", "x\ry", "="])
def test_odd_characters_survive(odd: str) -> None:
    pairs = [PairDecision(a=f"a{odd}a", b="z", decision="same", rule=f"r{odd}r")]
    assert read_pairs(write_pairs(pairs), name="pairs.csv") == tuple(pairs)


@given(st.binary() | st.binary().map(lambda tail: HEAD + tail))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    place = ""
    try:
        read_pairs(data, name="pairs.csv")
    except BadInput as refusal:
        place = str(refusal.where)
    assert place == "" or place.startswith("pairs.csv:")


def test_a_byte_order_mark_and_blank_lines_do_no_harm() -> None:
    data = b"\xef\xbb\xbf" + HEAD + b"\nx:2,x:1,same,p-rev-a\r\n,,,\n"
    assert read_pairs(data, name="p.csv") == (pair("x:1", "x:2", "same"),)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "p.csv:1: the column 'a' stands 0 times"),
        (b"a,b,decison,rule\n", "p.csv:1: the column 'decison' is not known. To do: did you"),
        (b"a,b,decision,zzz\n", "p.csv:1: the column 'zzz' is not known. To do: the columns are"),
        (b"a,b,decision\n", "p.csv:1: the column 'rule' stands 0 times"),
        (HEAD + b"x:1,x:2,same\n", "p.csv:2: this row has 3 cells"),
        (HEAD + b"x:1,x:2,perhaps,r\n", "p.csv:2: 'perhaps' is no pair decision"),
        (HEAD + b"x:1,x:1,same,r\n", "p.csv:2: this row does not name two records"),
        (HEAD + b",x:1,same,r\n", "p.csv:2: this row does not name two records"),
        (HEAD + b"x:1,x:2,same,r\nx:2,x:1,different,r\n",
         "p.csv:3: the pair x:1, x:2 was already decided in line 2"),
        (HEAD + b'x:1,"x:2,same,r\n', "p.csv:2: this is no readable CSV"),
        (HEAD + b"x:1,x:2,same,r\xff\n", "p.csv:2: this table is not UTF-8"),
    ],
)  # fmt: skip
def test_a_wrong_table_is_refused_with_its_place(data: bytes, message: str) -> None:
    with pytest.raises(BadInput) as refusal:
        read_pairs(data, name="p.csv")
    assert str(refusal.value).startswith(message)
