"""Reading in parts: the same records, ids, lines, repairs as reading the whole file."""

from __future__ import annotations

import gzip
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats.files import LINE_ENDS, RIS_LINES
from tests.formats.test_tagged import WOS

from tamis.domain.errors import BadInput
from tamis.domain.records import ParsedFile
from tamis.formats import fold_citations, parts, read_citations

RIS = "1.\nTY  - JOUR\nTI  - Ärzte {0}\nAB  - one\ntwo\nER  - \n\n"
NBIB = "PMID- {0}\nTI  - A title {0}\n      wrapped\nAU  - Mouse M\n\n"


def in_parts(data: bytes, block: int) -> list[ParsedFile]:
    return fold_citations(BytesIO(data), lambda part: part, name="a", block=block)


def joined(found: list[ParsedFile]) -> tuple[object, ...]:
    return (
        [record for part in found for record in part.records],
        sorted((m.line, m.code, m.message) for part in found for m in part.repaired),
        [refused for part in found for refused in part.refused],
        [line for part in found for line in part.lines],
        {part.format for part in found},
    )


@pytest.mark.parametrize("block", [64, 200, 600])
@pytest.mark.parametrize(
    "text",
    [
        "".join(RIS.format(n) for n in range(1, 30)),
        "".join(NBIB.format(n) for n in range(1, 30)),
        WOS.replace("EF\n", "") + WOS.split("VR 1.0\n")[1],
    ],
    ids=["ris", "nbib", "wos"],
)
@pytest.mark.parametrize("ends", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_parts_say_what_the_whole_says(text: str, block: int, ends: str) -> None:
    data = text.replace("\n", ends).encode()
    found = in_parts(data, block)
    assert joined(found) == joined([read_citations(data, name="a")])
    assert len(found) > 1
    lines = data.decode().splitlines()
    for part in found:
        for record, line in zip(part.records, part.lines, strict=True):
            assert data[record.offset :].decode().splitlines()[0] == lines[line - 1].strip("\ufeff")


@settings(max_examples=60)
@given(
    lines=st.lists(st.one_of(RIS_LINES, st.just("ER  - "), st.just("TY  - JOUR")), max_size=40),
    end=LINE_ENDS,
    block=st.integers(8, 200),
)
def test_whatever_stands_in_the_lines(lines: list[str], end: str, block: int) -> None:
    data = "".join(line + end for line in ["TY  - JOUR", *lines]).encode()
    try:
        whole = read_citations(data, name="a")
    except BadInput:
        return
    assert joined(in_parts(data, block)) == joined([whole])


def test_a_file_of_a_format_that_is_not_cut_comes_as_one_part() -> None:
    data = ("title,year\n" + "A,2020\n" * 200).encode()
    assert [len(part.records) for part in in_parts(data, 64)] == [200]


def test_a_gzip_archive_keeps_its_own_hash_and_the_offsets_inside() -> None:
    plain = "".join(RIS.format(n) for n in range(3)).encode()
    packed = gzip.compress(plain, mtime=0)
    inside, read = read_citations(plain, name="a.ris"), read_citations(packed, name="a.ris.gz")
    assert [r.offset for r in read.records] == [r.offset for r in inside.records]
    assert read.sha256 != inside.sha256
    assert read.records[0].import12 == read.sha256[:12]


def test_a_broken_archive_is_refused() -> None:
    packed = gzip.compress(RIS.encode())
    for broken in (packed[:-9], packed[:12], packed[:20] + b"\x00\x01\x02\x03" + packed[24:]):
        with pytest.raises(BadInput, match="broken or cut short"):
            read_citations(broken, name="a.ris.gz")


def test_an_archive_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "MOST_UNPACKED", 1000)
    with pytest.raises(BadInput, match="unpacks to more"):
        read_citations(gzip.compress(b"TY  - JOUR\n" * 1000), name="a.ris.gz")


def test_an_archive_that_unpacks_to_far_more_than_it_should_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(parts, "LARGE", 1 << 16)
    bomb = gzip.compress(b"TY  - JOUR\n" * 100_000)
    with pytest.raises(BadInput, match="far more than it should"):
        read_citations(bomb, name="a.ris.gz")
