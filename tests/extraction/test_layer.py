from __future__ import annotations

import re

import pypdfium2 as pdfium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.extraction.bare_pdf import FONT, bare_pdf, picture, shown
from tests.extraction.building import typeset

from tamis.domain.canonical import canonical, sha256_hex
from tamis.domain.errors import BadInput, NotFound
from tamis.extraction import LINE_HYPHEN, PAGE_CLASSES, Layer, read_layer
from tamis.extraction.layer import NO_LETTER

NARROW = '#set page(width: 8cm, height: 12cm, margin: 1cm)\n#set text(size: 10pt, lang: "en")'
JUSTIFIED = NARROW + "\n#set par(justify: true)\n#set text(hyphenate: true)"

PAGE = r"""
The efficacy and affinity were significant: 1 × 10#super[6] cells, −2.1 (SD 1.8), ± 3, ×, and
49/81 (60.5%), p < 0.001; 𝛼 was .05.
Antidisestablishmentarianism, immunosuppressive, cardiovascular, hyperhomocysteinaemia,
well-known and counter-revolutionary transplantation responsiveness investigational.
"""


def read(body: str, setup: str = NARROW) -> Layer:
    return read_layer(typeset(body, setup=setup))


def test_text_is_code_points_with_one_box_each() -> None:
    layer = read(PAGE)
    (page,) = layer.pages
    assert len(page.boxes) == len(page.text)
    assert "\r" not in page.text
    assert page.page_class == "text"
    at = page.text.index("𝛼")
    assert page.text[at : at + 6] == "𝛼 was "
    alpha, after = page.boxes[at], page.boxes[at + 2]
    assert alpha is not None
    assert after is not None
    assert alpha[0] < alpha[2] < after[0] < after[2]
    for letter in ("×", "±", "−", "efficacy", "affinity", "significant"):
        assert letter in page.text
    assert all(box is None for i, box in enumerate(page.boxes) if page.text[i] == "\n")


def test_a_word_after_a_letter_beyond_the_basic_plane_has_its_own_boxes() -> None:
    body = "𝛼𝛽𝛾𝛿 count"
    (page,) = read(body).pages
    (plain,) = read("count").pages
    start = page.text.index("count")
    boxes = [box for box in page.boxes[start : start + 5] if box]
    widths = [round(box[2] - box[0], 1) for box in boxes]
    assert widths == [round(box[2] - box[0], 1) for box in plain.boxes[:5] if box]


def test_line_breaks_are_one_line_feed_and_hyphens_one_reserved_letter() -> None:
    (page,) = read(PAGE, JUSTIFIED).pages
    assert LINE_HYPHEN in page.text
    assert "\ufffe" not in page.text
    assert "\x02" not in page.text
    assert "\n\n" not in page.text
    joined = page.text.replace(LINE_HYPHEN, "").replace("\n", " ")
    for word in ("immunosuppressive", "hyperhomocysteinaemia", "responsiveness"):
        assert word in re.sub(" +", " ", joined)


@pytest.mark.parametrize(
    ("body", "raised"),
    [
        ("1 × 10#super[6] cells per kg in 12 people", ["6"]),
        ("1 × 10#super[−6] of 10 mol", ["−6"]),
        ("about $3 times 10^(-6)$ of 10", ["−6"]),
        ("10#super[12] and 10#super[8]", ["12", "8"]),
        ("see the note#super[3] on 12 people", ["3"]),
        ("1 × 106 cells, 12 (56.3)", []),
        ("H#sub[2]O and 12 people", []),
        ('#text(number-type: "old-style")[2019, 1996, 0.91 and 10]', []),
        ("#text(size: 14pt)[12] and #text(size: 7pt)[12]", []),
        ("12 people", []),
    ],
)
def test_raised_digits_are_marked_and_the_text_is_kept(body: str, raised: list[str]) -> None:
    (page,) = read(body).pages
    assert [page.text[start:end] for start, end in page.raised] == raised
    assert page.text == page.text.replace("\u2076", "6")


def test_typed_superscripts_stay_as_they_are() -> None:
    (page,) = read("1 × 10⁶ cells").pages
    assert page.text == "1 × 10⁶ cells"


def test_version_names_engine_rules_and_texts() -> None:
    one, two = typeset(PAGE, setup=NARROW), typeset(PAGE, setup=NARROW, created=1_600_000_000)
    first, again = read_layer(one), read_layer(two)
    assert first.document_sha256 == sha256_hex(one) != again.document_sha256
    assert first.version == again.version
    assert re.fullmatch(r"pdfium-\d+/tamis-layer-1/[0-9a-f]{12}", first.version)
    assert read(PAGE + "x").version != first.version
    assert read_layer(one) == first


def test_every_stored_text_can_stand_in_an_event() -> None:
    layer = read(PAGE, JUSTIFIED)
    for page in layer.pages:
        assert canonical(page.text)
        assert page.text.encode("utf-8")


def test_boxes_are_of_the_unrotated_page() -> None:
    document = pdfium.PdfDocument(typeset("twelve people", setup=NARROW))
    upright = read_layer(_saved(document)).pages[0]
    document[0].set_rotation(90)
    turned = read_layer(_saved(document)).pages[0]
    assert (upright.rotation, turned.rotation) == (0, 90)
    assert turned.page_box == upright.page_box
    assert sorted(filter(None, turned.boxes)) == sorted(filter(None, upright.boxes))


def test_a_highlight_has_one_box_a_line() -> None:
    (page,) = read(PAGE).pages
    start = page.text.index("The efficacy")
    end = page.text.index("60.5")
    lines = page.line_boxes(start, end)
    assert len(lines) == page.text[start:end].count("\n") + 1
    assert all(left < right and bottom < top for left, bottom, right, top in lines)


def test_pages_are_counted_from_one() -> None:
    layer = read("one #pagebreak() two")
    assert [page.text for page in layer.pages] == ["one", "two"]
    assert layer.page(2).text == "two"
    with pytest.raises(NotFound, match="pages 1 to 2"):
        layer.page(3)


WORDS = tuple(f"line {i} of a page that holds enough letters to be read" for i in range(8))

#: A font whose letters have no Unicode: the code is all that is known.
ODD_FONT = FONT[:-2] + b"/Encoding << /Type /Encoding /Differences [97 %s] >> >>" % b" ".join(
    b"/zz%d" % i for i in range(26)
)


@pytest.mark.parametrize(
    ("content", "font", "expected"),
    [
        (shown(*WORDS), FONT, "text"),
        (shown("a few words"), FONT, "short"),
        (b"", FONT, "empty"),
        (picture(), FONT, "scanned"),
        (picture() + shown(*WORDS, mode=3), FONT, "scanned-with-layer"),
        (picture() + b" " + shown(*WORDS), FONT, "text"),
        (picture(width=300, height=300), FONT, "empty"),
        (picture(width=500, height=760) + shown("p. 12"), FONT, "short"),
        (picture(width=590, height=790) + shown("p. 12"), FONT, "scanned"),
    ],
)
def test_page_class(content: bytes, font: bytes, expected: str) -> None:
    (page,) = read_layer(bare_pdf(content, font=font)).pages
    assert page.page_class == expected
    assert expected in PAGE_CLASSES


def test_letters_without_unicode_are_marked() -> None:
    (page,) = read_layer(bare_pdf(shown(*WORDS), font=ODD_FONT)).pages
    assert page.page_class == "garbled"
    assert page.unmapped


def test_control_characters_never_reach_the_text() -> None:
    content = b"BT /F1 12 Tf 50 700 Td (a\\001b\\000c) Tj ET"
    (page,) = read_layer(bare_pdf(content)).pages
    assert set(page.text) <= set("abc \n" + NO_LETTER)


NOT_A_PDF = [
    (b"", "empty"),
    (b" \n\t ", "empty"),
    (b"<!DOCTYPE html><html><body>Sign in</body></html>", "web page"),
    (b"\xef\xbb\xbf\n<HTML><head></head>", "web page"),
    (b'<?xml version="1.0"?><article/>', "XML"),
    (b"PK\x03\x04rest", "ZIP"),
    (b"\xd0\xcf\x11\xe0rest", "office"),
    (b"{\\rtf1 x}", "RTF"),
    (b"\x1f\x8b\x08rest", "compressed"),
    (b"%!PS-Adobe-3.0", "PostScript"),
    (b"\x89PNG\r\n", "picture"),
    (b"just some words", "not a PDF"),
    (b"%PDF-1.7\n nothing else \nstartxref\n0\n%%EOF", "damaged"),
]


@pytest.mark.parametrize(("data", "says"), NOT_A_PDF)
def test_what_is_no_pdf_is_refused_with_what_it_is(data: bytes, says: str) -> None:
    with pytest.raises(BadInput, match=says) as caught:
        read_layer(data, name="smith2019.pdf")
    assert str(caught.value).startswith("smith2019.pdf: ")
    assert "To do: " in str(caught.value)


def test_a_locked_pdf_is_refused_and_one_that_opens_is_read() -> None:
    with pytest.raises(BadInput, match="locked by a password"):
        read_layer(bare_pdf(shown(*WORDS), password="secret"))
    (page,) = read_layer(bare_pdf(shown(*WORDS), password="")).pages
    assert page.text == read_layer(bare_pdf(shown(*WORDS))).pages[0].text


def test_a_cut_off_pdf_is_refused() -> None:
    whole = typeset(PAGE, setup=NARROW)
    for share in (0.3, 0.6, 0.9):
        with pytest.raises(BadInput, match="end is missing"):
            read_layer(whole[: int(len(whole) * share)])


def test_a_pdf_without_pages_and_one_with_too_many_are_refused() -> None:
    with pytest.raises(BadInput, match="damaged"):
        read_layer(bare_pdf())
    with pytest.raises(BadInput, match="3 pages, more than 2"):
        read_layer(bare_pdf(b"", b"", b""), max_pages=2)


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_damaged_bytes_are_refused_or_read_and_never_crash(data: st.DataObject) -> None:
    pdf = bytearray(bare_pdf(shown("49 of 81 (60.5%)"), shown("page two")))
    for _ in range(data.draw(st.integers(1, 12))):
        pdf[data.draw(st.integers(0, len(pdf) - 1))] = data.draw(st.integers(0, 255))
    try:
        layer = read_layer(bytes(pdf))
    except BadInput:
        return
    for page in layer.pages:
        assert len(page.boxes) == len(page.text)
        page.text.encode("utf-8")


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_refused_or_read(data: bytes) -> None:
    with pytest.raises(BadInput):
        read_layer(b"%PDF-1.4\n" + data.replace(b"obj", b""))


def _saved(document: pdfium.PdfDocument) -> bytes:
    from io import BytesIO

    out = BytesIO()
    document.save(out)
    return out.getvalue()
