"""The template engine: it prints words, quantities and literals, and refuses every other number.

``finalize`` is the gate: whatever a template puts between braces goes through it. A plain number,
or a text that holds a digit, stops the report with the name of the template. Macros hand on markup
that went through the gate already; ``account`` reads the finished page and would see what did not.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from tamis.domain.canonical import sha256_hex
from tamis.domain.errors import BadInput
from tamis.domain.ids import slugify
from tamis.domain.quantities import Literal, Quantity
from tamis.report.book import Book
from tamis.report.digits import has_digit
from tamis.report.phrase import Attr, Link, Mark, Phrase, Piece

__all__ = ["anchor_id", "asset", "environment", "to_markup"]

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
_KANA = re.compile(r"[\u3040-\u30ff]")


@lru_cache(maxsize=8192)
def anchor_id(name: str, prefix: str = "t") -> str:
    """Return the id of a place in the page: stable, short and free of odd characters.

    Examples
    --------
    >>> anchor_id("flow:screened#n")
    't-bc19d367cd'
    """
    return f"{prefix}-{sha256_hex(name.encode())[:10]}"


def environment(book: Book, language: str = "en") -> Environment:
    """Return the engine for one report, writing into its book what it prints."""
    made = Environment(
        loader=PackageLoader("tamis.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_gate(book, language),
        keep_trailing_newline=False,
    )
    made.globals["aid"] = lambda name, prefix="t": Attr(anchor_id(name, prefix))
    made.globals["slug"] = lambda name: Attr(slugify(name))
    made.filters["bare"] = lambda text: escape(_as_parsed(text))
    made.tests["has_digit"] = has_digit
    return made


def asset(name: str) -> str:
    """Return a style sheet or script that is inlined into the page."""
    source, _, _ = PackageLoader("tamis.report", "templates").get_source(Environment(), name)  # noqa: S701 - no template is rendered by this one
    return source


def to_markup(piece: Piece, book: Book, language: str = "en") -> Markup:
    """Return a piece as markup, writing down what it prints.

    Raises
    ------
    BadInput
        For a text that holds a digit and is neither quantity nor literal.
    """
    match piece:
        case Quantity():
            book.note_quantity(piece)
            found = Markup('<a class="q" data-q="{}" href="#{}">{}</a>').format(
                piece.id, anchor_id(piece.id), str(piece)
            )
        case Mark(inner, tag):
            found = _mark(inner, tag, book)
        case Link(inner, href, _):
            found = Markup('<a class="x" href="{}">{}</a>').format(
                href, to_markup(inner, book, language)
            )
        case Literal():
            found = _literal(piece, book, language)
        case Phrase(pieces):
            found = Markup("").join(to_markup(part, book, language) for part in pieces)
        case str() if not has_digit(piece):
            found = escape(piece)
        case _:
            raise BadInput(
                f"the text {piece!r} holds a number and is neither quantity nor literal",
                "make it a Quantity, or a Literal of a declared class",
            )
    return found


def _mark(inner: Quantity | Literal, tag: str, book: Book) -> Markup:
    if isinstance(inner, Quantity):
        book.note_quantity(inner)
        return Markup('<{0} data-q="{1}">{2}</{0}>').format(tag, inner.id, str(inner))
    shown = Literal(text=_as_parsed(inner.text), kind=inner.kind)
    book.note_literal(inner, shown)
    if not has_digit(shown.text):
        return escape(shown.text)
    return Markup('<{0} data-lit="{1}">{2}</{0}>').format(tag, shown.kind, shown.text)


def _literal(literal: Literal, book: Book, language: str) -> Markup:
    shown = Literal(text=_as_parsed(literal.text), kind=literal.kind)
    book.note_literal(literal, shown)
    text = escape(shown.text)
    chinese = _HAN.search(shown.text) and not _KANA.search(shown.text)
    lang = Markup(' lang="zh"') if chinese and not language.startswith("zh") else Markup("")
    if has_digit(shown.text):
        return Markup('<span data-lit="{}"{}>{}</span>').format(shown.kind, lang, text)
    return Markup("<span{}>{}</span>").format(lang, text) if lang else text


def _as_parsed(text: str) -> str:
    """Return a text as a browser reads it from a page: LF line ends, no control characters."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n").replace("\r", "\n"))


def _gate(book: Book, language: str) -> Callable[[Context, object], Markup]:
    @pass_context
    def finalize(context: Context, value: object) -> Markup:
        if isinstance(value, Attr):
            return escape(value.text)
        if isinstance(value, Markup):  # a macro's: it went through the gate already
            return value
        if isinstance(value, str | Quantity | Literal | Mark | Link | Phrase):
            try:
                return to_markup(value, book, language)
            except BadInput as error:
                raise BadInput(f"template {context.name}: {error.problem}", error.remedy) from error
        kind = "number" if isinstance(value, int | float | Decimal) else type(value).__name__
        raise BadInput(
            f"template {context.name} prints the {kind} {value!r}",
            "print a Quantity, a Literal or words without digits",
        )

    return finalize
