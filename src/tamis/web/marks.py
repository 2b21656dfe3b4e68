"""Text of records as a page needs it: highlighted terms as pieces, the code of its language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

__all__ = ["STYLES", "language_code", "pieces"]

#: Groups that have a look of their own (colour and line); every other one looks like ``own``.
STYLES = frozenset(
    {"include", "exclude", "population", "intervention", "comparator", "outcome", "design"}
)


def pieces(text: str, spans: Sequence[tuple[int, int, str]]) -> Iterator[tuple[str, str, str]]:
    """Yield ``(piece, group, style)`` from left to right; group and style are empty between marks.

    Examples
    --------
    >>> list(pieces("SLE trial", [(0, 3, "population")]))
    [('SLE', 'population', 'population'), (' trial', '', '')]
    """
    at = 0
    for start, end, group in spans:
        if start > at:
            yield text[at:start], "", ""
        yield text[start:end], group, group if group in STYLES else "own"
        at = end
    if at < len(text):
        yield text[at:], "", ""


#: How databases write the language of a record -> its code.
_CODES: Mapping[str, str] = {
    "english": "en", "eng": "en", "en": "en", "chinese": "zh", "chi": "zh", "zho": "zh", "zh": "zh",
    "french": "fr", "fre": "fr", "fra": "fr", "german": "de", "ger": "de", "deu": "de",
    "spanish": "es", "spa": "es", "japanese": "ja", "jpn": "ja", "russian": "ru", "rus": "ru",
    "portuguese": "pt", "por": "pt", "italian": "it", "ita": "it", "korean": "ko", "kor": "ko",
}  # fmt: skip


def language_code(told: str) -> str:
    """Return the code of a language as a database names it, or nothing where that is not clear.

    Examples
    --------
    >>> language_code("English"), language_code("chi"), language_code("English; French")
    ('en', 'zh', '')
    """
    return _CODES.get(told.strip().lower(), "")
