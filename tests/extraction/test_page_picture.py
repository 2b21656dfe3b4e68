"""Pictures of pages and the text laid over them: rotation, cropping, runs; layers as bytes."""

from __future__ import annotations

import json
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.extraction.bare_pdf import bare_pdf, shown
from tests.extraction.building import typeset

from tamis.domain.errors import BadInput
from tamis.extraction import Layer, PageText, page_lines, passage_boxes, read_layer, render_page
from tamis.extraction.layer_file import layer_from_bytes, layer_to_bytes
from tamis.extraction.page_picture import Rectangle

TEXT = bare_pdf(shown("Remission in 49 of 81", "and a second line"))


def pixels(png: bytes) -> tuple[int, int, bytes]:
    """Decode a PNG of ours: filter "up", grey or colour."""
    wide, high, _, kind = struct.unpack(">IIBB", png[16:26])
    at = png.index(b"IDAT")
    (size,) = struct.unpack(">I", png[at - 4 : at])
    raw = zlib.decompress(png[at + 4 : at + 4 + size])
    step = wide * (3 if kind == 2 else 1)
    above, out = bytes(step), bytearray()
    for row in range(high):
        line = raw[row * (step + 1) : (row + 1) * (step + 1)]
        assert line[0] == 2
        above = bytes((a + b) & 255 for a, b in zip(line[1:], above, strict=True))
        out += above
    return wide, high, bytes(out)


def test_a_picture_is_a_png_with_ink_where_the_text_is() -> None:
    drawn = render_page(TEXT, 1)
    wide, high, grey = pixels(drawn.png)
    assert (wide, high) == (drawn.width, drawn.height) == (800, 1067)
    (run, *_) = page_lines(read_layer(TEXT).page(1))
    top, bottom = (round((run.box.top + share) * high / 100) for share in (0, run.box.height))
    left = round(run.box.left * wide / 100)
    right = round((run.box.left + run.box.width) * wide / 100)
    inside = [grey[y * wide + x] for y in range(top, bottom) for x in range(left, right)]
    outside = [grey[y * wide + x] for y in range(high // 2, high) for x in range(0, wide, 7)]
    assert min(inside) < 100
    assert min(outside) == 255


def test_colour_is_kept() -> None:
    red = typeset("#rect(fill: red, width: 100%, height: 50%)")
    assert render_page(red, 1).png[25] == 2


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_runs_lie_on_the_ink_however_the_page_is_turned(turn: int) -> None:
    turned = TEXT.replace(b"/Contents", b"/Rotate %d /Contents" % turn)
    layer = read_layer(turned)
    assert layer.page(1).rotation == turn
    wide, high, grey = pixels(render_page(turned, 1).png)
    assert (wide > high) == (turn in (90, 270))
    ink = [(i % wide, i // wide) for i, value in enumerate(grey) if value < 100]
    runs = [run.box for run in page_lines(layer.page(1))]
    assert len(runs) == 2
    for x, y in ink[::17]:
        across, down = 100 * x / wide, 100 * y / high
        assert any(
            box.left - 1 <= across <= box.left + box.width + 1
            and box.top - 1 <= down <= box.top + box.height + 1
            for box in runs
        )


def test_the_crop_box_is_the_page() -> None:
    cropped = TEXT.replace(b"[0 0 600 800]", b"[0 0 600 800] /CropBox [0 600 300 800]")
    drawn = render_page(cropped, 1)
    assert (drawn.width, drawn.height) == (400, 267)
    (run, *_) = page_lines(read_layer(cropped).page(1))
    assert run.box.left == pytest.approx(100 * 50 / 300, abs=1)
    assert run.box.top < 25


def test_runs_end_at_line_ends_and_at_gaps_and_keep_the_spaces_between() -> None:
    boxes = (
        (0, 0, 5, 8), None, (8, 0, 13, 8),  # two words with a space that has no place
        None, (60, 0, 65, 8),  # a cell far to the right
        None, (0, -20, 5, -12),  # the next line
    )  # fmt: skip
    page = PageText(number=1, text="a b c\nd", boxes=boxes, page_box=(0, -100, 100, 100))
    assert [(run.start, run.end, run.text) for run in page_lines(page)] == [
        (0, 3, "a b"), (4, 5, "c"), (6, 7, "d"),
    ]  # fmt: skip
    assert len(passage_boxes(page, 0, 7)) >= 2
    assert page_lines(PageText(number=1, text="")) == ()


def test_a_page_without_an_area_stops_nothing() -> None:
    page = PageText(number=1, text="a", boxes=((0, 0, 5, 8),), page_box=(0, 0, 0, 0))
    (run,) = page_lines(page)
    assert isinstance(run.box, Rectangle)


@pytest.mark.parametrize(("page", "scale"), [(0, "1"), (2, "1"), (-1, "1"), (1, "3"), (1, "")])
def test_pages_and_scales_that_are_none(page: int, scale: str) -> None:
    with pytest.raises(BadInput):
        render_page(TEXT, page, scale=scale)


# ------------------------------------------------------------------ layers as bytes
def test_a_layer_comes_back_as_it_was() -> None:
    layer = read_layer(TEXT)
    assert layer_from_bytes(layer_to_bytes(layer)) == layer


@given(data=st.binary(max_size=60))
def test_other_bytes_are_no_layer(data: bytes) -> None:
    with pytest.raises(BadInput):
        layer_from_bytes(data)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("boxes", [None]), ("boxes", [[1, 2]]), ("boxes", "x"), ("number", 2), ("page_box", None),
        ("raised", [[1]]), ("rotation", "north"), ("unmapped", [None]),
    ],
)  # fmt: skip
def test_a_layer_that_contradicts_itself_is_refused(key: str, value: object) -> None:
    page = PageText(number=1, text="ab", boxes=((0, 0, 1, 1), None))
    told = json.loads(layer_to_bytes(Layer(version="v", document_sha256="0" * 64, pages=(page,))))
    told["pages"][0][key] = value
    with pytest.raises(BadInput, match="no text layer"):
        layer_from_bytes(json.dumps(told).encode())
