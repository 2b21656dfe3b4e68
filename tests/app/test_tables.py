"""Tables are read whole or refused with file, line and remedy."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamis.app.tables import TABLES, read_table
from tamis.domain.errors import BadInput

VOTES = b"stage,record_id,reviewer,decision,reason\ntitle-abstract,aaaaaaaaaaaa:0,p-a,include,\n"


def refused(data: bytes, table: str = "votes") -> BadInput:
    with pytest.raises(BadInput) as caught:
        read_table(data, TABLES[table], name=f"{table}.csv")
    assert caught.value.where is not None
    assert caught.value.where.file == f"{table}.csv"
    return caught.value


def test_rows_know_their_line() -> None:
    (row,) = read_table(VOTES, TABLES["votes"], name="votes.csv")
    assert row["decision"] == "include"
    assert row["at"] == ""
    assert row.where.line == 2


def test_a_cell_with_a_line_break_does_not_shift_the_lines_after_it() -> None:
    data = VOTES[: VOTES.index(b"\n") + 1] + (
        b'title-abstract,a:0,p-a,exclude,"two\nlines"\nfull-text,a:0,p-a,exclude,x,extra\n'
    )
    assert refused(data).where.line == 4  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("data", "line", "says"),
    [
        (b"stage,record_id,reviewer\n", 1, "'decision' is missing"),
        (VOTES.replace(b"decision", b"desicion"), 1, "did you mean 'decision'"),
        (VOTES + b"\xff\xfe\n", 3, "UTF-8"),
        (VOTES + b'"open quote\n', 3, "not valid CSV"),
        (VOTES.replace(b"reason\n", b"stage\n"), 1, "stands twice"),
        (b"", 1, "is missing"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(data: bytes, line: int, says: str) -> None:
    error = refused(data)
    assert error.where is not None
    assert error.where.line == line
    assert says in str(error)


@given(st.sampled_from(sorted(TABLES)), st.binary(max_size=300))
def test_any_bytes_are_a_table_or_a_clear_refusal(table: str, data: bytes) -> None:
    with contextlib.suppress(BadInput):
        assert isinstance(read_table(data, TABLES[table], name="x.csv"), tuple)
