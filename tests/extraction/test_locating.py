from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.extraction.building import At, typeset

from tamis.domain.errors import BadInput, NotFound
from tamis.domain.values import PassageAnchor
from tamis.extraction import Layer, PageText, check_anchor, locate, read_layer
from tamis.extraction.numbers import cuts_a_number, masked, number_marks
from tamis.extraction.search_text import search_text

TABLE = r"""
#set page(width: 10cm, height: 14cm, margin: 1cm)
#set text(size: 9pt, lang: "en")
Response was reached by 27 of 48 patients (56.3%) and by 16 of 47 (34.0%). It fell by −2.1 g.
#table(columns: 3, [Outcome], [Drug], [Placebo],
  [Response, n (%)], [9 (75)], [5 (83)],
  [Death, n (%)], [1 (8)], [0 (0)],
  [Flare, n (%)], [9 (75)], [49 (75)])
#pagebreak()
Immunosuppressive treatment was the effi#h(0pt)cacious choice. Response was reached twice, by
3–9 patients a day with p < 0.001 and the anti-IL-6 agent.
"""


def pages(*texts: str) -> Layer:
    made = tuple(PageText(number=i, text=text) for i, text in enumerate(texts, 1))
    return Layer(version="v", document_sha256="ab" * 32, pages=made)


@pytest.fixture(scope="module")
def layer() -> Layer:
    return read_layer(typeset(TABLE))


@pytest.mark.parametrize(
    "quote",
    [
        "27 of 48 patients (56.3%)",
        "Response was reached by 27",
        "fell by -2.1 g",
        "3-9 patients",
        "p < 0.001",
        "Death, n (%) 1 (8) 0 (0)",
        "the efficacious choice",
        "5 (83)",
        "49 (75)",
    ],
)
def test_a_quote_that_stands_once_is_found_as_it_stands(layer: Layer, quote: str) -> None:
    anchor = locate(layer, quote)
    page = layer.page(anchor.page)
    assert page.text[anchor.start : anchor.end] == anchor.quote
    assert search_text(anchor.quote).text == search_text(quote).text
    assert page.text[: anchor.start].endswith(anchor.prefix)
    assert page.text[anchor.end :].startswith(anchor.suffix)
    assert len(anchor.prefix) <= 32 >= len(anchor.suffix)
    assert (anchor.document, anchor.layer) == (layer.document_sha256, layer.version)
    value = At("t/x/m6/drug", source=anchor).row(text="x")[0]
    assert check_anchor(value, layer) is None


def test_an_ambiguous_quote_is_refused_with_its_places(layer: Layer) -> None:
    with pytest.raises(BadInput, match=r"stands in 2 places .*page 1 at \d+; page 1 at \d+"):
        locate(layer, "9 (75)")
    with pytest.raises(BadInput, match=r"page 1 at \d+; page 2 at \d+"):
        locate(layer, "Response was reached")


def test_page_prefix_or_suffix_decide(layer: Layer) -> None:
    on_two = locate(layer, "Response was reached", page=2)
    assert on_two.page == 2
    first = locate(layer, "9 (75)", prefix="Response, n (%) ")
    third = locate(layer, "9 (75)", prefix="Flare, n (%)")
    assert first.start < third.start
    assert locate(layer, "9 (75)", suffix="5 (83)") == first
    with pytest.raises(NotFound):
        locate(layer, "9 (75)", prefix="Death, n (%)")


@pytest.mark.parametrize(
    "quote", ["2.1 g", "7 of 48", "27 of 4", "6.3%", "0.001", "(75", "absent words"]
)
def test_a_quote_never_cuts_a_number(layer: Layer, quote: str) -> None:
    if quote == "(75":
        with pytest.raises(BadInput, match="3 places"):
            locate(layer, quote)
        return
    with pytest.raises(NotFound, match="does not stand"):
        locate(layer, quote)


@pytest.mark.parametrize(
    ("text", "quote", "found"),
    [
        ("n = 18 people", "18 people", True),
        ("3–9 people", "9 people", True),
        ("IL-6 blockade", "6 blockade", True),
        ("−9 points", "9 points", False),
        ("was -9 points", "9 points", False),
        ("(−9 points)", "9 points", False),
        ("<9 points", "9 points", False),
        ("≤ 9 points", "9 points", False),
        ("1,239 points", "239 points", False),
        ("1.9 points", "9 points", False),
        ("9.5 points", "9", False),
        ("9. Points", "9", True),
    ],
)
def test_signs_and_bounds_belong_to_their_number(text: str, quote: str, found: bool) -> None:
    layer = pages(text)
    if found:
        assert layer.pages[0].text[locate(layer, quote).start :].startswith(quote)
    else:
        with pytest.raises(NotFound):
            locate(layer, quote)


def test_an_empty_quote_and_an_absent_page_are_refused(layer: Layer) -> None:
    with pytest.raises(BadInput, match="empty"):
        locate(layer, " \n")
    with pytest.raises(NotFound, match="no page 9"):
        locate(layer, "Death", page=9)


def test_a_changed_quote_or_place_is_found_by_the_check(layer: Layer) -> None:
    anchor = locate(layer, "27 of 48 patients (56.3%)")
    for field, bad in (
        ("quote", "28 of 48 patients (56.3%)"),
        ("start", anchor.start + 1),
        ("page", 2),
        ("page", 9),
    ):
        value = At("t/x/m6/drug", source=_with(anchor, field, bad)).row(events="27")[0]
        found = check_anchor(value, layer)
        assert found is not None
        assert (found.rule, found.severity, found.because) == ("anchor.slice", "error", (value.id,))
    elsewhere = At("t/x/m6/drug", source=_with(anchor, "document", "0" * 64)).row(events="27")[0]
    assert check_anchor(elsewhere, layer) is None
    assert check_anchor(At("t/x/m6/drug").row(events="27")[0], layer) is None


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("immuno\u00adsuppressive", "immunosuppressive"),
        ("double-blind", "doubleblind"),
        ("double-\nblind", "doubleblind"),
        ("double\u2011\nblind", "doubleblind"),
        ("blind - and", "blind - and"),
        ("a\n-b", "a -b"),
        ("10-\nfold", "10- fold"),
        ("immuno\u00ad\nsuppressive", "immunosuppressive"),
        ("12\u00ad15", "12-15"),
        ("IL\u00ad\n6", "IL-6"),
        ("2·1 g", "2.1 g"),
        ("a·b", "a·b"),
        ("81\n例中 49 例(60.5%)", "81例中49例(60.5%)"),
        ("  two \n spaces\t", "two spaces"),
        ("−2.1–3.0", "-2.1-3.0"),
        ("10⁶", "106"),
        ("e\ufb03cacy", "efficacy"),
        ("a\u200bb", "ab"),
        ("\u00ad", "-"),
        ("", ""),
    ],
)
def test_search_text(text: str, plain: str) -> None:
    found = search_text(text)
    assert found.text == plain
    assert len(found.spans) == len(plain)


TEXTS = st.text(alphabet=st.sampled_from("ab 9.,-−–<\u00ad\n(%)ﬁ例×·α𝛼²½"), max_size=40)


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_every_letter_of_a_search_text_has_its_place(text: str) -> None:
    found = search_text(text)
    assert len(found.spans) == len(found.text)
    assert all(0 <= start < end <= len(text) for start, end in found.spans)
    assert list(found.spans) == sorted(found.spans)
    hidden = masked(text)
    assert len(hidden.spans) == len(hidden.text)
    assert list(hidden.spans) == sorted(hidden.spans)


@settings(max_examples=300, deadline=None)
@given(TEXTS, TEXTS, TEXTS)
def test_what_is_located_is_the_slice_and_has_whole_numbers(a: str, quote: str, b: str) -> None:
    layer = pages(a + quote + b)
    try:
        anchor = locate(layer, quote)
    except (BadInput, NotFound):
        return
    text = layer.pages[0].text
    assert text[anchor.start : anchor.end] == anchor.quote
    assert number_marks(anchor.quote) == number_marks(quote)
    before, after = text[: anchor.start], text[anchor.end :]
    assert not (anchor.quote[0].isdecimal() and before[-1:].isdecimal())
    assert not (anchor.quote[-1].isdecimal() and after[:1].isdecimal())


def test_an_equals_sign_may_be_left_out_and_a_minus_may_not() -> None:
    assert not cuts_a_number(search_text("n = 18"), 4, 6)
    assert cuts_a_number(search_text("d = -18"), 5, 7)


def _with(anchor: PassageAnchor, field: str, value: object) -> PassageAnchor:
    return replace(anchor, **{field: value})
