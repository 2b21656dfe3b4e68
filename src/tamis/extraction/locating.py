"""Finding the one place where a quote stands, or saying why there is not one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from tamis.domain.canonical import short_hash
from tamis.domain.errors import BadInput, NotFound
from tamis.domain.results import Finding
from tamis.domain.values import PassageAnchor, Value
from tamis.extraction.layer import Layer, PageText, Span
from tamis.extraction.numbers import cuts_a_number
from tamis.extraction.search_text import SearchText, search_text

__all__ = ["CONTEXT", "Spot", "anchor_at", "check_anchor", "locate", "places_of"]

#: Code points kept before and after a quote (reference/extraction.md section 2).
CONTEXT = 32

#: A page number and a span of its text.
Spot = tuple[int, Span]


def locate(
    layer: Layer, quote: str, *, page: int | None = None, prefix: str = "", suffix: str = ""
) -> PassageAnchor:
    r"""Return the anchor of a quote that stands in a document exactly once.

    The quote is compared as search text, so line breaks, hyphens at line ends, ligatures and kinds
    of dash need not be typed as the engine read them; the anchor keeps the stored text. A place
    that would cut a number in two ("9 (75)" within "49 (75)", or "2.1" within "−2.1") is none.

    Parameters
    ----------
    layer
        Text layer of the document.
    quote
        The words that hold the value, as they stand there.
    page
        Physical page from 1, to look on that page only.
    prefix, suffix
        Words that stand directly before and after, to choose among several places.

    Raises
    ------
    NotFound
        When the quote stands nowhere.
    BadInput
        When it is empty, or stands in several places and nothing decides between them.

    Examples
    --------
    >>> one = PageText(number=1, text="in 49 of 81 (60.5%)\npatients")
    >>> layer = Layer(version="v", document_sha256="0" * 64, pages=(one,))
    >>> locate(layer, "49 of 81 (60.5%) patients").start
    3
    """
    if not search_text(quote).text:
        raise BadInput("the quote is empty", "copy the words that hold the value")
    pages = layer.pages if page is None else (layer.page(page),)
    places = [
        place
        for place in places_of(pages, quote)
        if _surrounded(pages, place, prefix=prefix, suffix=suffix)
    ]
    where = "" if page is None else f" on page {page}"
    name = short_hash(layer.document_sha256)
    if not places:
        raise NotFound(
            f"the quote {_brief(quote)!r} does not stand in the document {name}{where}",
            "copy it from the text layer; numbers must be whole, with their signs",
        )
    if len(places) > 1:
        listed = "; ".join(f"page {number} at {span[0]}" for number, span in places[:6])
        more = f" and {len(places) - 6} more" if len(places) > 6 else ""
        raise BadInput(
            f"the quote {_brief(quote)!r} stands in {len(places)} places of the document "
            f"{name}: {listed}{more}",
            "quote more words, or give the words before or after it",
        )
    return anchor_at(layer, places[0])


def places_of(pages: Iterable[PageText], quote: str) -> Iterator[Spot]:
    """Yield every place at which a quote stands as search text without cutting a number."""
    wanted = search_text(quote).text
    for page in pages:
        found = search_text(page.text)
        for start in _starts(found.text, wanted):
            end = start + len(wanted)
            if not cuts_a_number(found, start, end) and not _cuts_a_letter(found, start, end):
                yield page.number, found.original(start, end)


def anchor_at(layer: Layer, place: Spot) -> PassageAnchor:
    """Return the anchor of a place, with its quote and contexts as the layer has them."""
    number, (start, end) = place
    text = layer.page(number).text
    return PassageAnchor(
        document=layer.document_sha256,
        page=number,
        start=start,
        end=end,
        quote=text[start:end],
        prefix=text[max(0, start - CONTEXT) : start],
        suffix=text[end : end + CONTEXT],
        layer=layer.version,
    )


def check_anchor(value: Value, layer: Layer) -> Finding | None:
    """Return what is wrong with a value's passage in its own document, or ``None``.

    The quote must be exactly what the document has at that page and span.
    """
    anchor = value.source
    if not isinstance(anchor, PassageAnchor) or anchor.document != layer.document_sha256:
        return None
    here = ""
    if anchor.page <= len(layer.pages):
        here = layer.pages[anchor.page - 1].text[anchor.start : anchor.end]
    if here == anchor.quote:
        return None
    return Finding(
        rule="anchor.slice",
        severity="error",
        subject=value.id,
        message=(
            f"page {anchor.page}, {anchor.start} to {anchor.end} of the document "
            f"{short_hash(anchor.document)} does not hold the quote of {value.id}"
        ),
        because=(value.id,),
        suggestion="anchor the value again: find the quote in the document",
        expected=anchor.quote,
        got=here,
    )


def _starts(text: str, wanted: str) -> Iterator[int]:
    at = text.find(wanted)
    while at >= 0:
        yield at
        at = text.find(wanted, at + 1)


def _cuts_a_letter(found: SearchText, start: int, end: int) -> bool:
    """Tell whether a span ends inside a letter that was taken apart, such as a ligature."""
    before = start > 0 and found.spans[start - 1] == found.spans[start]
    after = end < len(found.spans) and found.spans[end - 1] == found.spans[end]
    return before or after


def _surrounded(pages: Sequence[PageText], place: Spot, *, prefix: str, suffix: str) -> bool:
    number, (start, end) = place
    text = next(page.text for page in pages if page.number == number)
    before, after = search_text(text[:start]).text, search_text(text[end:]).text
    ends = before.endswith(search_text(prefix).text)
    starts = after.startswith(search_text(suffix).text)
    return ends and starts


def _brief(quote: str) -> str:
    return quote if len(quote) <= 60 else f"{quote[:57]}..."
