"""The gate: templates print words, quantities and literals, and nothing else that holds a digit."""

from __future__ import annotations

import re
from decimal import Decimal
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup
from tests.report.sample import sample

from tamis.domain.errors import BadInput
from tamis.domain.quantities import Literal, Quantity
from tamis.report.book import Book
from tamis.report.digits import digit_runs, has_digit
from tamis.report.engine import anchor_id, environment, to_markup
from tamis.report.phrase import Attr, Link, Mark, join, plain, say

TEMPLATES = sorted(
    path.name for path in files("tamis.report").joinpath("templates").iterdir()
    if path.name.endswith(".j2")
)  # fmt: skip


def template(name: str) -> str:
    return files("tamis.report").joinpath("templates", name).read_text(encoding="utf-8")


def typed_digits(source: str) -> list[str]:
    """Return the digits of a template that a reader would see."""
    text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", " ", source, flags=re.DOTALL)
    spoken = re.findall(r'(?:alt|title|aria-label|placeholder)="([^"]*)"', text)
    text = re.sub(r"<[^>]*>", " ", text)
    return [t[a:b] for t in (text, *spoken) for a, b in digit_runs(t)]


@pytest.mark.parametrize("name", TEMPLATES)
def test_no_digit_is_typed_into_a_template(name: str) -> None:
    assert typed_digits(template(name)) == []


def test_the_scan_itself_finds_a_typed_digit() -> None:
    assert typed_digits('<p class="c4">We found 7 {{ a[0] }}</p><i aria-label="Figure 2"/>') == [
        "7", "2",
    ]  # fmt: skip


@pytest.fixture
def book() -> Book:
    return Book(sample())


@pytest.mark.parametrize(
    "bad", [9, 9.5, Decimal("9"), "9 of 12", "I²", "½", "٣", b"9", None, ["a"]]
)
def test_everything_else_is_refused_with_the_templates_name(book: Book, bad: object) -> None:
    env = environment(book)
    with pytest.raises(BadInput, match=r"template .* (prints|holds|the text)"):
        env.from_string("{{ x }}").render(x=bad)


def test_words_are_escaped_and_quantities_linked(book: Book) -> None:
    q = book.number("a:b#c", 7.25, digits=1, inputs=("trial2017",), rule="r", what="w")
    env = environment(book)
    assert env.from_string("{{ x }}").render(x="<b>") == "&lt;b&gt;"
    assert env.from_string("{{ x }}").render(x=q) == (
        f'<a class="q" data-q="a:b#c" href="#{anchor_id("a:b#c")}">7.3</a>'
    )
    assert book.printed == {"a:b#c"}


def test_a_literal_declares_its_class(book: Book) -> None:
    made = to_markup(book.lit("Trial 2017", "label"), book)
    assert made == Markup('<span data-lit="label">Trial 2017</span>')
    assert book.literals == {("label", "Trial 2017")}


def test_a_literal_without_digits_needs_no_element(book: Book) -> None:
    assert to_markup(book.lit("placebo", "definition"), book) == "placebo"


def test_chinese_is_marked_as_chinese(book: Book) -> None:
    text = "药物Q治疗狼疮性肾炎12例"
    assert to_markup(book.lit(text, "citation"), book) == Markup(
        f'<span data-lit="citation" lang="zh">{text}</span>'
    )
    assert 'lang="zh"' not in to_markup(book.lit(text, "citation"), book, "zh-CN")
    assert to_markup(book.lit("Bo 李明", "label"), book) == Markup('<span lang="zh">Bo 李明</span>')


@pytest.mark.parametrize(
    ("text", "kind"),
    [("Trial 2099", "label"), ("49", "quote"), ("2016", "year"), ("12 of 13", "definition"),
     ("31 December 2024", "date"), ("97 %", "setting")],
)  # fmt: skip
def test_a_text_that_the_review_has_not_is_no_literal(book: Book, text: str, kind: str) -> None:
    with pytest.raises(BadInput, match="stands nowhere"):
        book.note_literal(Literal(text=text, kind=kind), Literal(text=text, kind=kind))


def test_derived_forms_are_literals(book: Book) -> None:
    assert str(book.day("2025-11-20T10:00:00.000Z")) == "20 November 2025"
    assert str(book.level(0.95)) == "95\N{NO-BREAK SPACE}%"
    assert str(book.lit("c0ffee000000", "identifier")) == "c0ffee000000"
    assert book.lit("100-108", "citation").kind == "identifier"


def test_two_numbers_under_one_id_are_refused(book: Book) -> None:
    book.number("a:b#c", 1, digits=0, inputs=("trial2017",), rule="r", what="w")
    with pytest.raises(BadInput, match="two quantities"):
        book.number("a:b#c", 2, digits=0, inputs=("trial2017",), rule="r", what="w")


def test_a_quantity_that_the_book_has_not_is_refused(book: Book) -> None:
    stray = Quantity(id="a:b#c", value=1, inputs=("x",), rule="r")
    with pytest.raises(BadInput, match="never entered"):
        to_markup(stray, book)


def test_a_pattern_with_a_digit_is_refused() -> None:
    with pytest.raises(BadInput, match="typed into the sentence"):
        say("{n} of 12", n="a")


def test_what_stands_in_a_figure_has_no_link(book: Book) -> None:
    q = book.number("a:b#c", 7, digits=0, inputs=("trial2017",), rule="r", what="w")
    assert to_markup(Mark(q), book) == Markup('<tspan data-q="a:b#c">7</tspan>')
    label = book.names.study("trial2017")
    assert to_markup(Mark(label), book) == Markup('<tspan data-lit="label">Trial 2017</tspan>')
    link = Link(label, "#x")
    assert to_markup(link, book).startswith('<a class="x" href="#x">')


def test_attributes_go_through_as_they_are(book: Book) -> None:
    assert environment(book).from_string('<p id="{{ x }}"></p>').render(x=Attr("a1")) == (
        '<p id="a1"></p>'
    )


def test_numbers_in_a_rooms_message_become_quantities(book: Book) -> None:
    message = "In gu2014 9e7 of 1,200 (18.5 %) and 007: m6."
    said = book.spoken(message, name="x", inputs=("trial2017",), rule="some-rule")
    text = plain(said).replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert text == "In gu2014 90 000 000 of 1 200 (18.5 %) and 007: month 6."
    kinds = [type(piece).__name__ for piece in said.pieces if not isinstance(piece, str)]
    assert kinds == ["Literal", "Quantity", "Quantity", "Quantity", "Literal", "Literal"]


@given(st.text())
def test_a_message_is_printed_whatever_it_says(text: str) -> None:
    book = Book(sample())
    said = book.spoken(text, name="x", inputs=("trial2017",), rule="r")
    to_markup(said, book)
    if not has_digit(text) and not any(book.names.slug(w.lower()) for w in text.split()):
        assert plain(said) == text


@given(st.text())
def test_runs_of_digits_are_found_in_any_script(text: str) -> None:
    runs = list(digit_runs(text))
    assert has_digit(text) == bool(runs)
    left = "".join(c for n, c in enumerate(text) if not any(a <= n < b for a, b in runs))
    assert not has_digit(left)


def test_lists_read_as_lists() -> None:
    assert plain(join(["a", "b", "c"], ", ", " and ")) == "a, b and c"
