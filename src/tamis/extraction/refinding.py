"""Finding an anchored passage again in a re-saved, re-set or corrected copy of its document.

*Where* the passage stands is decided with its numbers masked; *whether* it may stand there is
decided by its numbers, which must be the same sign by sign. So a corrected copy yields "changed"
with both texts, and never a new number under an old anchor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from tamis.domain.values import PassageAnchor
from tamis.extraction.doubts import NOT_SURE, Doubt, doubt_about, holds
from tamis.extraction.layer import LINE_HYPHEN, Layer, Span
from tamis.extraction.locating import CONTEXT, Spot, anchor_at, places_of
from tamis.extraction.numbers import masked
from tamis.extraction.search_text import search_text

__all__ = ["OUTCOMES", "Refound", "find_again"]

OUTCOMES = {
    "same": "it stands where the anchor says",
    "moved": "it stands elsewhere, with the same numbers",
    "needs-person": "something like it stands there; a person has to look",
    "changed": "the passage is there and its numbers are not the same",
    "lost": "nothing like it was found",
}

#: Bars of reference/extraction.md section 2: accept, look, and distance to the runner-up.
ACCEPT = 0.90
LOOK = 0.75
MARGIN = 0.10

#: A quote that does not stand for itself, such as a table cell, needs surroundings this alike.
OWNED = 0.90

#: A quote of this length with this many letters stands for itself without its surroundings.
SELF_STANDING = (24, 12)

#: Surroundings at least this alike make a differing number a *changed* one; below, a person looks.
SURE_CONTEXT = 0.80

#: A rival with other numbers is taken for the true place of a unique quote from this score on.
SURE_RIVAL = 0.95

_WEIGHTS = (0.6, 0.2, 0.2)
_WINDOWS = 3

#: Code points looked at beside a candidate: contexts grow shorter as search text.
_REACH = 2 * CONTEXT


@dataclass(frozen=True, slots=True, kw_only=True)
class Refound:
    """What became of an anchor. ``anchor`` is set for *same* and *moved* only.

    ``candidate`` is the best place that was looked at and not accepted, to show to a person.
    """

    outcome: str
    anchor: PassageAnchor | None
    score: float
    rule: str
    message: str
    candidate: PassageAnchor | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    """A place that may be the passage; ``context`` is how alike its surroundings are."""

    spot: Spot
    score: float
    context: float = 1.0


def find_again(anchor: PassageAnchor, layer: Layer, *, old: Layer | None = None) -> Refound:
    """Find an anchor's passage in a layer.

    Steps: the position in the same document; the exact quote once on the same page of the same
    document; then every place that reads alike with its numbers masked, scored
    .6 quote + .2 prefix + .2 suffix (Levenshtein similarity; missing contexts share their weight),
    accepted from .90 with a margin of .10. An exact quote in exactly its old surroundings needs no
    margin, and one that is long enough to stand for itself needs no surroundings. Whatever is
    accepted has the same digits, decimal marks, signs, comparison signs and words beside its
    numbers.

    Parameters
    ----------
    anchor
        The anchor as recorded.
    layer
        Layer of the same document, or of another copy of it.
    old
        The layer that the anchor was made in, when it is at hand: superscripts are compared too.
        Without it a flat "106" whose last digit was raised cannot be told from a plain one.

    Examples
    --------
    >>> from tamis.extraction.layer import PageText
    >>> page = PageText(number=1, text="Remission in 44 of 81 patients (54.3%).")
    >>> layer = Layer(version="v", document_sha256="1" * 64, pages=(page,))
    >>> old = PassageAnchor(document="0" * 64, page=2, start=10, end=45,
    ...                     quote="Remission in 49 of 81 patients (60.5%)")
    >>> find_again(old, layer).outcome
    'changed'
    """
    if holds(anchor, layer) and anchor.document == layer.document_sha256:
        return _accepted(anchor, layer, (anchor.page, (anchor.start, anchor.end)), 1.0, "position")
    exact = tuple(places_of(layer.pages, anchor.quote))
    ranked = sorted(_candidates(anchor, layer), key=lambda c: (-c.score, c.spot))
    chosen, rule = _chosen(_Search(anchor=anchor, layer=layer, exact=exact, ranked=tuple(ranked)))
    doubt = None if chosen is None else doubt_about(anchor, layer, chosen.spot, exact, old)
    if chosen is not None and rule and doubt is None:
        return _accepted(anchor, layer, chosen.spot, chosen.score, rule)
    if not exact and (number := _page_end(anchor, layer)):
        return Refound(
            outcome="needs-person",
            anchor=None,
            score=1.0,
            rule="across-pages",
            message=f"it runs from page {number} to page {number + 1}: anchor the part that counts",
        )
    if chosen is None or (rule == "" and chosen.score < LOOK):
        return Refound(
            outcome="lost",
            anchor=None,
            score=0.0 if chosen is None else round(chosen.score, 4),
            rule="nothing-like-it",
            message="nothing like the quote was found",
        )
    return _refused(anchor, layer, chosen, rule, doubt)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Search:
    """What was found of an anchor in a layer: exact places, and all that read alike, best first."""

    anchor: PassageAnchor
    layer: Layer
    exact: tuple[Spot, ...]
    ranked: tuple[_Candidate, ...]

    def rival(self, spot: Spot) -> float:
        """Return the score of the best other place."""
        return next((c.score for c in self.ranked if not _overlap(c.spot, spot)), 0.0)

    def score(self, spot: Spot) -> float:
        """Return the score of a place."""
        return max((c.score for c in self.ranked if _overlap(c.spot, spot)), default=0.0)


def _same_page_once(search: _Search) -> _Candidate | None:
    anchor = search.anchor
    on_page = [spot for spot in search.exact if spot[0] == anchor.page]
    same_document = anchor.document == search.layer.document_sha256
    return _Candidate(spot=on_page[0], score=1.0) if same_document and len(on_page) == 1 else None


def _in_context(search: _Search) -> _Candidate | None:
    unmoved = [c for c in search.ranked if c.context == 1.0 and c.score >= ACCEPT]
    known = search.anchor.prefix.strip() or search.anchor.suffix.strip()
    return unmoved[0] if len(unmoved) == 1 and known else None


def _exact_once(search: _Search) -> _Candidate | None:
    if len(search.exact) != 1 or not _stands_for_itself(search.anchor.quote):
        return None
    (spot,) = search.exact
    rival, mine = search.rival(spot), search.score(spot)
    sure = rival < SURE_RIVAL or rival <= mine + MARGIN
    return _Candidate(spot=spot, score=mine) if sure else None


def _by_context(search: _Search) -> _Candidate | None:
    best = _by_likeness(search)
    return best if best is not None and best.spot in search.exact else None


def _by_likeness(search: _Search) -> _Candidate | None:
    if not search.ranked:
        return None
    best = search.ranked[0]
    sure = best.score >= ACCEPT and best.score - search.rival(best.spot) >= MARGIN
    owned = _stands_for_itself(search.anchor.quote) or best.context >= OWNED
    return best if sure and owned else None


#: Asked in this order; the first that names a place is the rule of the outcome.
_WAYS: tuple[tuple[str, Callable[[_Search], _Candidate | None]], ...] = (
    ("same-page-once", _same_page_once),
    ("in-context", _in_context),
    ("exact-once", _exact_once),
    ("context", _by_context),
    ("fuzzy", _by_likeness),
)


def _chosen(search: _Search) -> tuple[_Candidate | None, str]:
    """Return the place to judge and the rule that chose it; an empty rule accepts nothing."""
    for rule, way in _WAYS:
        candidate = way(search)
        if candidate is not None:
            return candidate, rule
    likely = [c for c in search.ranked if c.spot in search.exact] or search.ranked
    return (likely[0] if likely else None), ""


def _candidates(anchor: PassageAnchor, layer: Layer) -> Iterator[_Candidate]:
    wanted = masked(anchor.quote).text
    prefix, suffix = (
        search_text(text.strip(LINE_HYPHEN)).text for text in (anchor.prefix, anchor.suffix)
    )
    for page in layer.pages:
        found = masked(page.text)
        for start, end in _windows(found.text, wanted):
            spot = (page.number, found.original(start, end))
            quote = Levenshtein.normalized_similarity(wanted, found.text[start:end])
            sides = (_before(layer, spot, prefix), _after(layer, spot, suffix))
            known = [side for side in sides if side is not None]
            yield _Candidate(
                spot=spot,
                score=_score(quote, *sides),
                context=sum(known) / len(known) if known else 1.0,
            )


def _windows(text: str, wanted: str) -> Iterator[Span]:
    """Yield where ``wanted`` stands, or the few windows that are most like it."""
    at, found = text.find(wanted), False
    while at >= 0:
        found = True
        yield at, at + len(wanted)
        at = text.find(wanted, at + 1)
    rest = text
    for _ in range(0 if found else _WINDOWS):
        window = fuzz.partial_ratio_alignment(wanted, rest, score_cutoff=100 * LOOK * 0.8)
        if window is None or window.dest_end <= window.dest_start:
            return
        start, end = _whole_words(text, window.dest_start, window.dest_end)
        if end > start:
            yield start, end
        blank = "\0" * (window.dest_end - window.dest_start)
        rest = rest[: window.dest_start] + blank + rest[window.dest_end :]


def _whole_words(text: str, start: int, end: int) -> Span:
    while start > 0 and not text[start - 1].isspace() and not text[start].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace() and not text[end - 1].isspace():
        end += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while start < end and text[start].isspace():
        start += 1
    return start, end


def _before(layer: Layer, spot: Spot, prefix: str) -> float | None:
    """Return how alike the words before a place are; at the top of a page, the last page's too."""
    if not prefix:
        return None
    number, (start, _) = spot
    here = layer.page(number).text[max(0, start - _REACH) : start]
    texts = [here]
    if start < _REACH and number > 1:
        texts.append(layer.page(number - 1).text[-_REACH:] + "\n" + here)
    plain = [search_text(text).text for text in texts]
    return max(Levenshtein.normalized_similarity(prefix, t[-len(prefix) :]) for t in plain)


def _after(layer: Layer, spot: Spot, suffix: str) -> float | None:
    """Return how alike the words after a place are; at the foot of a page, the next page's too."""
    if not suffix:
        return None
    number, (_, end) = spot
    page = layer.page(number).text
    texts = [page[end : end + _REACH]]
    if len(page) - end < _REACH and number < len(layer.pages):
        texts.append(texts[0] + "\n" + layer.page(number + 1).text[:_REACH])
    plain = [search_text(text).text for text in texts]
    return max(Levenshtein.normalized_similarity(suffix, t[: len(suffix)]) for t in plain)


def _score(quote: float, before: float | None, after: float | None) -> float:
    parts = zip(_WEIGHTS, (quote, before, after), strict=True)
    known = [(weight, sim) for weight, sim in parts if sim is not None]
    return sum(weight * sim for weight, sim in known) / sum(weight for weight, _ in known)


def _refused(
    anchor: PassageAnchor, layer: Layer, chosen: _Candidate, rule: str, doubt: Doubt | None
) -> Refound:
    why = doubt or NOT_SURE
    sure = rule != "" and chosen.context >= SURE_CONTEXT
    outcome = why.outcome if sure else "needs-person"
    return Refound(
        outcome=outcome,
        anchor=None,
        score=round(chosen.score, 4),
        rule=why.rule,
        message=why.message,
        candidate=anchor_at(layer, chosen.spot),
    )


def _accepted(anchor: PassageAnchor, layer: Layer, spot: Spot, score: float, rule: str) -> Refound:
    found = anchor_at(layer, spot)
    unmoved = (found.page, found.start, found.end) == (anchor.page, anchor.start, anchor.end)
    outcome = "same" if unmoved and found.quote == anchor.quote else "moved"
    place = f"page {found.page}, {found.start} to {found.end}"
    return Refound(
        outcome=outcome,
        anchor=found,
        score=round(score, 4),
        rule=rule,
        message=f"it stands on {place}" if outcome == "moved" else OUTCOMES["same"],
    )


def _page_end(anchor: PassageAnchor, layer: Layer) -> int | None:
    """Return the page from which the quote runs on to the next one, if it does."""
    wanted = search_text(anchor.quote).text
    reach = 2 * len(anchor.quote)
    for page, following in pairwise(layer.pages):
        joined = search_text(f"{page.text[-reach:]}\n{following.text[:reach]}").text
        if wanted and wanted in joined:
            return page.number
    return None


def _stands_for_itself(quote: str) -> bool:
    text = search_text(quote).text
    return len(text) >= SELF_STANDING[0] and sum(map(str.isalpha, text)) >= SELF_STANDING[1]


def _overlap(a: Spot, b: Spot) -> bool:
    return a[0] == b[0] and a[1][0] < b[1][1] and b[1][0] < a[1][1]
