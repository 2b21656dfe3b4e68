"""Text into comparison keys: accents, tags, entities, bracketed remarks and numbers.

What is folded here serves comparison only; the record itself is never changed.
"""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass

__all__ = ["FoldedTitle", "fold", "fold_title", "numbers_in", "words"]

#: Letters that Unicode does not decompose, and Greek letters that sources spell out.
_LETTERS = str.maketrans({
    "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ß": "ss",
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "κ": "kappa",
    "λ": "lambda", "μ": "mu", "ω": "omega",
})  # fmt: skip

_TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9:]{0,14}(?:\s[^<>]{0,80})?/?>")
_WORD = re.compile(r"[^\W_]+")
_ORIGINAL = re.compile(r"<\s*original\s*>", re.I)

#: Remarks that databases hang behind a title, in brackets.
_REMARK = re.compile(
    r"\s*[\[(](?:review|\d+ refs?\.?|abstract|summary|letter|editorial|see comments?"
    r"|conference abstract|meeting abstract|abstract only"
    r"|(?:comment|erratum|published erratum|corrected|republished|summary|abstract no)\b[^\[\]]*"
    r"|(?:in )?(?:arabic|chinese|croatian|czech|danish|dutch|english|finnish|french|german|greek"
    r"|hebrew|hungarian|italian|japanese|korean|norwegian|persian|polish|portuguese|romanian"
    r"|russian|serbian|spanish|swedish|turkish|ukrainian))[\])]\.?\s*\Z",
    re.I,
)
#: "The all-seeing employer - [careers]": a column's name, behind a dash.
_COLUMN_TAIL = re.compile(r"\s+[-\u2013]\s+\[[a-z][a-z ]{2,30}\]\s*\Z", re.I)
#: Signs that a database spells out in the middle of a title.
_SPELLED_SIGNS = re.compile(r"\bhorizontal ellipsis\b|<? ?\bmiddle dot\b ?>?", re.I)
_LANGUAGE_TAIL = re.compile(r"\s+LA:\s*\w{2,4}\.?\s*\Z")
_LANGUAGE_REMARK = re.compile(
    r"[\[(](?:in )?(?!english)(?:[a-z]+(?:an|ese|ish|ch|ic|ew|ek|ak))[\])]\.?\s*\Z", re.I
)
#: "(vol 33, pg 1611, 2014)": the way Web of Science points from a correction to its article.
_POINTER = re.compile(r"\s*\(vol\.? ?\d+[^()]{0,40}(?:pg|p|page)s?\.? ?[^()]{0,30}\)\s*\Z", re.I)
_MAIN = re.compile(r"\s*[:?;]\s+|\s+[-\u2013\u2014]+\s+|\.\s+")

_ROMAN = {"ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9"}
_SPELLED = {
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7",
    "eight": "8", "nine": "9", "ten": "10", "twelve": "12", "first": "1", "second": "2",
    "third": "3", "fourth": "4", "fifth": "5",
}  # fmt: skip
_DIGITS = re.compile(r"\d+")


def fold(text: str) -> str:
    """Return ``text`` without case, accents, tags and entities, blanks collapsed.

    Examples
    --------
    >>> fold("Interferon-α &amp; Ca<sup>2</sup>  in Łódź")
    'interferon-alpha & ca2 in lodz'
    """
    if text.isascii() and "&" not in text and "<" not in text:
        return " ".join(text.casefold().split())
    plain = _TAG.sub("", html.unescape(html.unescape(text)))
    small = unicodedata.normalize("NFKD", plain).casefold()
    split = unicodedata.normalize("NFKD", small).translate(_LETTERS)
    bare = "".join(c for c in split if not unicodedata.combining(c))
    return " ".join(bare.split())


def words(folded: str) -> tuple[str, ...]:
    """Return the runs of letters and digits of a folded text, any script."""
    return tuple(_WORD.findall(folded))


def numbers_in(title_words: tuple[str, ...]) -> tuple[str, ...]:
    """Return every number a title states, in digits and sorted: 3, III and three are one number.

    Examples
    --------
    >>> numbers_in(("phase", "ii", "trial", "of", "cx601", "two", "doses"))
    ('2', '2', '601')
    """
    found: list[str] = []
    for word in title_words:
        number = _ROMAN.get(word) or _SPELLED.get(word)
        if number:
            found.append(number)
        elif not word.isalpha():
            found += [digits.lstrip("0") or "0" for digits in _DIGITS.findall(word)]
    return tuple(sorted(found))


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldedTitle:
    """A title for comparison.

    ``key`` is letters and digits only; ``main`` the key before the first colon, dash, full stop or
    question mark; ``words`` the words in order. ``translated`` says that the source shows an
    English rendering, ``pointer`` that it points to another article's volume and page.
    """

    key: str
    main: str
    words: tuple[str, ...]
    text: str
    translated: bool
    pointer: bool


def fold_title(title: str) -> FoldedTitle:
    """Clean and fold a title.

    Examples
    --------
    >>> fold_title("[Effect of talc: a trial]. [German]").translated
    True
    >>> fold_title("Effect of Talc: A Trial. [Review] [33 refs]").key
    'effectoftalcatrial'
    >>> fold_title("Effect of Talc: A Trial.").main
    'effectoftalc'
    """
    text, original = _split_original(" ".join(title.split()))
    translated = original
    text = _COLUMN_TAIL.sub("", _LANGUAGE_TAIL.sub("", _SPELLED_SIGNS.sub(" ", text)))
    translated = translated or bool(_LANGUAGE_REMARK.search(text))
    text = _without_remarks(text)
    pointer = bool(_POINTER.search(text))
    text = _POINTER.sub("", text).strip().strip('"\u201c\u201d').rstrip(" .")
    if text.startswith("[") and text.endswith("]"):
        text, translated = text[1:-1].rstrip(" ."), True
    folded = fold(text)
    title_words = words(folded)
    return FoldedTitle(
        key="".join(title_words),
        main="".join(words(_MAIN.split(folded, maxsplit=1)[0])),
        words=title_words,
        text=" ".join(title_words),
        translated=translated,
        pointer=pointer,
    )


def _split_original(title: str) -> tuple[str, bool]:
    parts = _ORIGINAL.split(title, maxsplit=1)
    if len(parts) == 1:
        return title, False
    english, vernacular = parts
    return (english if english.strip(" .") else vernacular), True


def _without_remarks(text: str) -> str:
    while True:
        shorter = _REMARK.sub("", text)
        if shorter == text or not shorter.strip(" ."):
            return text
        text = shorter
