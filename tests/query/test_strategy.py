"""Strategies are kept exactly as run."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamis.domain.errors import BadInput
from tamis.query import read_strategy

TEXTS = st.text(alphabet=st.characters(blacklist_categories=("Cs",), blacklist_characters="\0"))
MARKED = [
    ("utf-8", b""),
    ("utf-8", b"\xef\xbb\xbf"),
    ("utf-16-le", b"\xff\xfe"),
    ("utf-16-be", b"\xfe\xff"),
    ("utf-32-le", b"\xff\xfe\x00\x00"),
]


@given(
    TEXTS.filter(lambda text: text.strip() and not text.startswith("\ufeff")),
    st.sampled_from(MARKED),
)
def test_text_and_hash_are_exact(text, encoding):
    codec, mark = encoding
    data = mark + text.encode(codec)
    strategy = read_strategy(data, source="ovid", name="s.txt")
    assert strategy.text == text
    assert strategy.sha256 == hashlib.sha256(data).hexdigest()
    assert (strategy.source, strategy.name) == ("ovid", "s.txt")


@given(TEXTS.filter(str.strip))
def test_lines_hold_every_character_but_line_ends(text):
    lines = read_strategy(text.encode(), source="s", name="s.txt").lines
    assert "".join(lines) == text.removeprefix("\ufeff").replace("\r", "").replace("\n", "")
    assert not any("\n" in line or "\r" in line for line in lines)


def test_nothing_is_trimmed_or_made_nicer():
    data = "1  exp Lupus Nephritis/ \r\n\r\n2\u00a0“stem cell*”.ti,ab. 4711\r\n".encode()
    strategy = read_strategy(data, source="ovid-medline", name="medline.txt")
    assert strategy.lines == (
        "1  exp Lupus Nephritis/ ",
        "",
        "2\u00a0“stem cell*”.ti,ab. 4711",
    )
    assert strategy.text.encode() == data


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b" \n\t\r\n", " \n".encode("utf-16")])
def test_an_empty_strategy_is_refused(data):
    with pytest.raises(BadInput, match="empty") as caught:
        read_strategy(data, source="s", name="s.txt")
    assert caught.value.where.file == "s.txt"


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"lupus\nnephritis\r\nRen\xe9", 3),
        (b"\xff\xfel\x00u", 1),
        ("\ufeffone\ntwo".encode("utf-16-le") + b"x", 2),
        (b"one\ntwo\x00", 2),
        (b"PK\x03\x04\x00\x00", 1),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(data, line):
    with pytest.raises(BadInput) as caught:
        read_strategy(data, source="s", name="s.txt")
    assert caught.value.where.line == line


@given(st.binary(max_size=60))
def test_any_bytes_are_kept_or_refused(data):
    try:
        strategy = read_strategy(data, source="s", name="s.txt")
    except BadInput:
        return
    assert strategy.text.strip()
