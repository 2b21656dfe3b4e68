"""Where a value was read, in words: document and page, citation and place, or formula."""

from __future__ import annotations

import re

from tamis.domain.values import CitationAnchor, Derivation, PassageAnchor, Value
from tamis.report.book import Book
from tamis.report.digits import has_digit
from tamis.report.phrase import Link, Phrase, Piece, join, say

__all__ = ["address", "citation", "page_of", "short_source"]

_ADDRESS = re.compile(r"https?://(?:www\.)?([^/\s]+)\S*\Z")
#: A citation with its address in brackets at the end.
_LINKED = re.compile(r"(.*\S)\s*\((https?://[^\s()]*)\)\Z", re.DOTALL)
_DOI = re.compile(r"(?:doi:\s*)?(10\.\d{4,9}/\S+)\Z", re.IGNORECASE)


def address(text: str) -> str:
    """Return the web address a citation leads to, or an empty text.

    Examples
    --------
    >>> address("10.1136/annrheumdis-2017-211073")
    'https://doi.org/10.1136/annrheumdis-2017-211073'
    """
    text = text.strip()
    if _ADDRESS.match(text):
        return text
    doi = _DOI.match(text)
    return f"https://doi.org/{doi[1]}" if doi else ""


def citation(book: Book, text: str, *, short: bool = False) -> Piece:
    """Return a citation, with its link where it has an address; ``short`` shows the host alone.

    An address alone stands with its reference, or with what was read there.
    """
    linked = _LINKED.match(text.strip())
    if linked:
        return Link(book.lit(linked[1], "citation"), linked[2])
    href = address(text)
    if not href:
        return book.text(text, "citation", "source not named")
    host = _ADDRESS.match(text.strip())
    if short and host:
        return Link("a web page" if has_digit(host[1]) else host[1], href)
    link = Link(book.lit(text, "identifier"), href)
    if not host:
        return link
    known = book.cited.words(text.strip())
    if known is not None:
        return say("{k}: {l}", k=known, l=link)
    about = book.cited.about(book.names, text.strip())
    return say("a page on {a}: {l}", a=about, l=link) if about else link


def page_of(book: Book, value: Value, anchor: PassageAnchor) -> Piece:
    """Return the page of an anchor as a quantity: the place is part of the trail."""
    return book.number(
        f"page:{value.id}#number",
        anchor.page,
        digits=0,
        inputs=(value.id,),
        rule="page of the anchored quote, counted from the first page of the file",
        what=say("page on which {what} was read", what=book.names.value(value)),
    )


def short_source(book: Book, value: Value) -> Phrase:
    """Return the source of a value in a few words, for tables."""
    match value.source:
        case PassageAnchor() as anchor:
            return say(
                "{file}, page {page}",
                file=book.document_name(anchor.document),
                page=page_of(book, value, anchor),
            )
        case CitationAnchor() as cited:
            parts: list[Piece] = [citation(book, cited.citation, short=True)]
            if cited.location:
                parts.insert(0, book.lit(cited.location, "citation"))
            return join(parts)
        case Derivation() as derived:
            return say("derived: {formula}", formula=book.lit(derived.formula, "quote"))
