"""Why a passage that reads alike may still not stand for an anchor.

Asked once a place is chosen: the numbers with their signs, unreadable signs, superscripts, and the
words beside the numbers (units, "SD" against "SE").
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

from tamis.domain.values import PassageAnchor
from tamis.extraction.layer import Layer, PageText, Span
from tamis.extraction.locating import Spot
from tamis.extraction.numbers import number_marks, words_beside

__all__ = ["NOT_SURE", "Doubt", "doubt_about", "holds"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A reason not to accept a place: the outcome it leads to, its rule, what a person reads."""

    outcome: str
    rule: str
    message: str


NOT_SURE = Doubt(outcome="needs-person", rule="not-sure", message="the place is not certain enough")


def doubt_about(
    anchor: PassageAnchor, layer: Layer, spot: Spot, exact: Container[Spot], old: Layer | None
) -> Doubt | None:
    """Return why a place may not stand for the anchor although it reads alike.

    ``exact`` are the places that hold the very quote; ``old`` is the layer the anchor was made in.
    """
    number, (start, end) = spot
    page = layer.page(number)
    here = page.text[start:end]
    if number_marks(here) != number_marks(anchor.quote):
        return Doubt(
            outcome="changed",
            rule="numbers-differ",
            message=f"the document now says {here!r}, the anchor {anchor.quote!r}",
        )
    if any(start <= i < end for i in page.unmapped) and number_marks(here):
        return _needs("sign-unreadable", "a sign beside the numbers has no readable letter")
    if not _same_powers(anchor, page, (start, end), old):
        return _needs("superscripts-differ", "digits are raised in one text and not in the other")
    if spot not in exact and words_beside(here) != words_beside(anchor.quote):
        return _needs("words-differ", f"a word beside a number is not the same: {here!r}")
    if spot not in exact and _same_layer(anchor, layer):
        return _needs("quote-altered", "the quote is not what this document says")
    return None


def _needs(rule: str, message: str) -> Doubt:
    return Doubt(outcome="needs-person", rule=rule, message=message)


def holds(anchor: PassageAnchor, layer: Layer) -> bool:
    """Tell whether a layer has the anchor's quote at the anchor's place."""
    if anchor.page > len(layer.pages):
        return False
    return layer.page(anchor.page).text[anchor.start : anchor.end] == anchor.quote


def _same_layer(anchor: PassageAnchor, layer: Layer) -> bool:
    """Tell whether an anchor was made in this layer; one that names no layer may have been."""
    same = anchor.document == layer.document_sha256
    return same and anchor.layer in ("", layer.version)


def _same_powers(anchor: PassageAnchor, page: PageText, span: Span, old: Layer | None) -> bool:
    here = _raised(page, span)
    if old is not None and holds(anchor, old):
        return here == _raised(old.page(anchor.page), (anchor.start, anchor.end))
    typed = _typed_powers(anchor.quote)
    if typed:
        return here == typed
    return not _typed_powers(page.text[span[0] : span[1]])


def _raised(page: PageText, span: Span) -> frozenset[int]:
    """Return which of a passage's digits are raised, as ordinals among its digits."""
    start, end = span
    text = page.text[start:end]
    places = {i - start for low, high in page.raised for i in range(low, high)}
    digits = [i for i, letter in enumerate(text) if letter.isdigit()]
    marked = frozenset(n for n, i in enumerate(digits) if i in places)
    return marked | _typed_powers(text)


def _typed_powers(text: str) -> frozenset[int]:
    digits = [letter for letter in text if letter.isdigit()]
    return frozenset(n for n, letter in enumerate(digits) if not letter.isdecimal())
