"""Laws of reading: nothing is lost, ids are bytes, anything at all is read or refused, in time."""

from pathlib import Path
from time import process_time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.formats.files import NBIB_LINES, RIS_LINES, table_files, tagged_files
from tests.formats.laws import check, lost_words

from tamis.domain.errors import BadInput
from tamis.domain.records import ParsedFile
from tamis.formats import read_citations

ODDITIES = sorted(
    path for path in (Path(__file__).parents[1] / "oddities").iterdir() if path.suffix != ".md"
)


def read_or_refuse(data: bytes) -> ParsedFile | None:
    try:
        return read_citations(data, name="any")
    except BadInput as error:
        refused = error
    assert refused.where is not None
    assert refused.remedy
    return None


@given(tagged_files(RIS_LINES, "TY  - JOUR"))
@example(b"TY  - JOUR\nER  - \nNL  - x\n")
@example(b"TY  - JOUR\nER  - \nNL  - x\nER  - \n")
def test_no_line_of_an_ris_file_is_lost(data):
    parsed = read_or_refuse(data)
    if parsed is not None:
        check(data, parsed)


@given(tagged_files(RIS_LINES, "TY  - JOUR"))
def test_an_ris_record_is_named_by_its_first_byte(data):
    parsed = read_or_refuse(data)
    if parsed is None or parsed.format != "ris":
        return
    wide = parsed.encoding.startswith("utf-16")
    for record in parsed.records:
        tag = next((tag for tag, _ in record.raw if tag == "TY"), record.raw[0][0])
        assert data[record.offset :].startswith(tag.encode("utf-16-le" if wide else "ascii"))


@given(tagged_files(NBIB_LINES, "PMID- 1"))
def test_no_line_of_a_pubmed_file_is_lost(data):
    parsed = read_or_refuse(data)
    if parsed is not None:
        check(data, parsed)


@given(table_files())
def test_no_cell_of_a_table_is_lost(data):
    parsed = read_or_refuse(data)
    if parsed is not None:
        check(data, parsed)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data):
    read_or_refuse(data)


@given(st.sampled_from(ODDITIES), st.data())
def test_any_cut_or_spoiled_file_is_read_or_refused(path, data):
    whole = path.read_bytes()
    at = data.draw(st.integers(0, len(whole)))
    spoiled = (
        whole[:at] + data.draw(st.binary(max_size=6)) + whole[at:] * data.draw(st.integers(0, 2))
    )
    parsed = read_or_refuse(spoiled)
    if parsed is not None:
        check(spoiled, parsed)


def test_cutting_keeps_every_record_that_had_begun():
    record = b"TY  - JOUR\nTI  - A title\nPY  - 2020\nER  - \n\n"
    whole = record * 3
    for at in range(12, len(whole)):
        parsed = read_citations(whole[:at], name="cut.ris")
        begun = sum(1 for start in range(0, len(whole), len(record)) if start + 5 <= at)
        assert len(parsed.records) in (begun, begun - 1), at
        assert not lost_words(whole[:at], parsed)


#: Pieces that made a reader slow once, or could: repeated, they must cost in proportion.
HEADS = ["", "TY  - JOUR\nAU  - ", "TY  - JOUR\nSP  - ", "PMID- 1\nFAU - ", 'title,year,doi\na,"']
PIECES = ["A. ", "pp. ", "a and ", '"a,', '\n"a', "&amp;", "10.1234/)", "<b ", "http://a;", "\r"]


@pytest.mark.slow
@pytest.mark.parametrize("piece", PIECES)
def test_time_grows_with_the_file_and_no_faster(piece):
    """Eight times the bytes; quadratic time would be sixty-four times, and every time again."""
    for head in HEADS:
        tries = []
        while not tries or (not in_proportion(*tries[-1]) and len(tries) < 5):
            tries.append([cpu_time(head, piece, size) for size in (10_000, 80_000)])
        assert in_proportion(*tries[-1]), (head, tries)


def cpu_time(head, piece, size):
    data = (head + piece * (size // len(piece))).encode()
    start = process_time()
    read_or_refuse(data)
    return process_time() - start


def in_proportion(short, long):
    return long < 24 * max(short, 0.02)
