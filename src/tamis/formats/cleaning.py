"""Canonical text: entities decoded, markup and control characters removed, blanks collapsed.

Only canonical fields are cleaned. ``Record.raw`` keeps what the file says, character by character.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from unicodedata import is_normalized, normalize

__all__ = [
    "clean",
    "clean_abstract",
    "clean_keyword",
    "clean_title",
    "decode_entities",
    "one_line",
    "one_of",
    "without_stop",
]

#: What programs write for "nothing"; compared exactly, so that an author called Na stays.
NOTHING = frozenset(
    """NA|N/A|n/a|null|NULL|undefined|nan|NaN|None|[No abstract available]|No abstract available
No abstract available.""".replace("\n", "|").split("|")
)

ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
DOUBLED = re.compile(r"&(?:amp;)+(?=[#A-Za-z])")
#: The end of a tag: attributes with values, and nothing that could be "n<p and another with n>p".
ATTRIBUTES = r"""(?:\s+[\w:.-]{1,40}\s{0,3}=\s{0,3}(?:"[^"<>]{0,200}"|'[^'<>]{0,200}'))*\s*/?>"""
INLINE = re.compile(
    r"</?(?:jats:)?(?:i|b|em|strong|sub|sup|inf|u|sc|italic|bold|span)" + ATTRIBUTES, re.I
)
BLOCK = re.compile(r"</?(?:jats:)?(?:p|br|title|sec|div|list|list-item)" + ATTRIBUTES, re.I)
#: Marks a major heading, alone or before a qualifier: "*Lupus Nephritis", "Gambling/*psychology".
MAJOR = re.compile(r"(?:\A|(?<=/))\*+")
LATEX = re.compile(r"\{?\\([&%_#$])\}?")
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff]")

#: Anything that may need work; most values hold none of it.
SPECIAL = re.compile(r"[^ -%'-;=-\[\]-~\n]")

#: Second abstracts that EBSCOhost adds; they are notices, not abstracts.
NOTICE = re.compile(r"(?:Copyright of |\[?ABSTRACT FROM AUTHOR)")


def clean(text: str) -> str:
    r"""Return one line of clean text, or ``""`` for what programs write for nothing.

    Examples
    --------
    >>> clean("  R&amp;D of\n Ca<sup>2</sup> "), clean("NA")
    ('R&D of Ca2', '')
    """
    plain = one_line(_plain(text))
    if plain == text:  # keep one string in memory, not two
        plain = text
    return "" if plain in NOTHING else plain


def clean_title(text: str) -> str:
    """Return a clean title without its final full stop; an ellipsis and brackets stay.

    Brackets around a whole title mean that it was translated (PubMed).

    Examples
    --------
    >>> clean_title("A <i>fine</i> sieve."), clean_title("[Ein Sieb]."), clean_title("And so on...")
    ('A fine sieve', '[Ein Sieb]', 'And so on...')
    """
    return without_stop(clean(text))


def without_stop(text: str) -> str:
    """Return a clean title without its final full stop; an ellipsis stays.

    Examples
    --------
    >>> without_stop("A sieve."), without_stop("And so on...")
    ('A sieve', 'And so on...')
    """
    bare = text.rstrip(" .")
    return text if ".." in text[len(bare) :] else bare


def clean_abstract(text: str) -> str:
    r"""Return a clean abstract; line breaks stay, because some exports part its sections so.

    Examples
    --------
    >>> clean_abstract("AIM: x.\n\n  RESULTS:  p &lt; 0.05")
    'AIM: x.\nRESULTS: p < 0.05'
    """
    lines = map(one_line, _plain(text).split("\n"))
    plain = "\n".join(line for line in lines if line)
    if plain == text:
        plain = text
    return "" if plain in NOTHING or NOTICE.match(plain) else plain


def one_line(text: str) -> str:
    r"""Return a text with one space for all blanks and breaks in a row, and none at its ends.

    Examples
    --------
    >>> one_line(" a\n  b"), one_line("a b")
    ('a b', 'a b')
    """
    if text.isprintable() and "  " not in text and text[:1] != " " and text[-1:] != " ":
        return text  # what is printable holds no blank but the space
    return " ".join(text.split())


def one_of(texts: Iterable[str]) -> str:
    """Return the first text that is not empty once it is clean.

    Examples
    --------
    >>> one_of(["NA", " ", "Lancet"])
    'Lancet'
    """
    return next((found for found in map(clean, texts) if found), "")


def clean_keyword(text: str) -> str:
    """Return a clean keyword without the star of a major heading; other stars are part of it.

    Examples
    --------
    >>> clean_keyword("*Gambling/*psychology"), clean_keyword("HLA-A*02:01")
    ('Gambling/psychology', 'HLA-A*02:01')
    """
    word = clean(text)
    return MAJOR.sub("", word) if "*" in word else word


def decode_entities(text: str) -> str:
    """Decode HTML entities that end in a semicolon, also those that were encoded twice.

    Examples
    --------
    >>> decode_entities("R&amp;amp;D &lt; 5 &copy 2020")
    'R&D < 5 &copy 2020'
    """
    if "&" not in text:
        return text
    for _ in range(2):
        text = ENTITY.sub(lambda found: html.unescape(found[0]), DOUBLED.sub("&", text))
    return text.replace("&amp;", "&")


def _plain(text: str) -> str:
    if SPECIAL.search(text) is None:
        return text
    if not text.isascii() and not is_normalized("NFC", text):
        text = normalize("NFC", text)
    text = decode_entities(text)
    if "<" in text:
        text = INLINE.sub("", BLOCK.sub("\n", text))
    if "\\" in text:
        text = LATEX.sub(r"\1", text)
    return CONTROL.sub("", text) if not text.isprintable() else text
