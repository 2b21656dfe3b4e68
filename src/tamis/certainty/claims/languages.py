"""Which language a text is in: the check reads English and Chinese, and says so of any other.

Told by scripts and by the commonest little words of each language: enough to keep a text that
nobody can judge from passing in silence, and no more than that.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["foreign_language", "has_words"]

_TABLE: Mapping[str, str] = {
    "English": "the of and in to a is was were that for with on by as are be this from at or which"
    " not no may we it than had have has an after between",
    "French": "le la les l des du de et un une est sont dans pour que qui sur par avec ne pas plus"
    " au aux ce cette ces il elle ont été d chez",
    "German": "der die das und den dem des ein eine einer ist sind war waren mit von zu im für auf"
    " nicht bei nach wurde wurden als durch oder sich es",
    "Spanish": "el la los las de del y en un una es son que por para con no se su al como más fue"
    " fueron entre sin",
    "Italian": "il lo la i gli le di del della dei e in un una è sono che per con non si da al come"
    " più nel nella stato",
    "Portuguese": "o a os as de do da dos das e em um uma é são que por para com não se ao no na"
    " como mais foi foram",
    "Dutch": "de het een en van in is zijn was waren met voor op niet bij dat die naar door of als"
    " aan werd werden",
}

#: Little words that make up a large share of any text; words of two languages count for both.
LITTLE_WORDS: Mapping[str, frozenset[str]] = MappingProxyType(
    {name: frozenset(words.split()) for name, words in _TABLE.items()}
)

#: Scripts of languages that the check does not read; Japanese has its kana among Han characters.
SCRIPTS: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        "Japanese": re.compile("[\u3040-\u30ff]"),
        "Korean": re.compile("[\uac00-\ud7af\u1100-\u11ff]"),
        "a language in Cyrillic script": re.compile("[\u0400-\u04ff]"),
        "a language in Arabic script": re.compile("[\u0600-\u06ff]"),
        "a language in Devanagari script": re.compile("[\u0900-\u097f]"),
        "a language in Thai script": re.compile("[\u0e00-\u0e7f]"),
        "a language in Hebrew script": re.compile("[\u0590-\u05ff]"),
    }
)

_WORD = re.compile(r"[^\W\d_]+")
_HAN = re.compile("[\u4e00-\u9fff]")

#: Fewer little words than this tell nothing: a heading, a line of numbers.
_FEWEST = 2

#: Share of letters in another script from which a text is in it.
_SHARE = 0.15


def has_words(text: str) -> bool:
    r"""Tell whether a text has a word in it at all.

    Examples
    --------
    >>> has_words(" \n- 3 \n"), has_words("Pain fell.")
    (False, True)
    """
    return _WORD.search(text) is not None


def foreign_language(text: str) -> str:
    """Return the language of a text that is neither English nor Chinese; empty if it is one.

    Examples
    --------
    >>> foreign_language("Le traitement réduit la mortalité chez les patients.")
    'French'
    >>> foreign_language("The treatment reduces mortality."), foreign_language("该治疗降低死亡率。")
    ('', '')
    """
    letters = sum(len(word) for word in _WORD.findall(text))
    for name, script in SCRIPTS.items():
        if len(script.findall(text)) > _SHARE * letters:
            return name
    words = [word.casefold() for word in _WORD.findall(_HAN.sub(" ", text))]
    if len(_HAN.findall(text)) * 2 > sum(len(word) for word in words):
        return ""
    counts = {name: sum(word in little for word in words) for name, little in LITTLE_WORDS.items()}
    likely = max(counts, key=lambda name: counts[name])
    enough = counts[likely] >= _FEWEST and counts[likely] > 2 * counts["English"]
    return likely if enough else ""
