"""Authors: one person a string, ``Family, Given`` wherever the family can be told."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tamis.formats.cleaning import clean, decode_entities

__all__ = ["people", "tidy_name"]

#: A name with one of these words is a group and stays as it is printed.
GROUP = re.compile(
    r"\b(?:group|consortium|committee|collaborat\w*|investigators|society|association|network"
    r"|organi[sz]ation|department|ministry|university|institute|foundation|agency|centre|center"
    r"|team|study|trial|council|college|office|administration|academy|federation|alliance|board"
    r"|program(?:me)?|services?|hospital)\b",
    re.I,
)
#: What stands in a list of authors and is none.
NOBODY = frozenset({"", "et al", "et al.", "and others", "others", "al, et"})
AND = re.compile(r",? and ")
PARTICLE = r"(?:v[ao]n|de[lnr]?|d[aiou]s?|l[ae]|el|al|te[nr])"
#: A name printed without a comma: up to four words, capital or particles of a family name.
PERSON = re.compile(rf"(?:(?:{PARTICLE}|[^\W\d_a-z][\w.'\u2019-]*)(?: |\Z)){{1,4}}\Z")
#: Where one name ends and the next begins without a blank: "Lewis G. F.Adeli K."
GLUED = re.compile(rf"(?<=[A-Z]\.)(?={PARTICLE} |[^\W\d_a-z][a-z'\u2019-])")
FAMILY_INITIALS = re.compile(r"[^\W\d_][\w'\u2019 -]*[^\W\d_] (?:[^\W\d_a-z]\.[ -]?){1,4}\Z")
MOST_INITIALS = 4
#: A name that stands as it shall: one word of a family, a comma, and what else is plain.
PLAIN = re.compile(r"(?!.* and\Z)[\w'-]+, [\w.'-]+(?: [\w.'-]+)*\Z", re.ASCII)
INITIAL_FIRST = re.compile(r"(?:[^\W\d_]\.-?){1,4}\Z")


def people(values: Iterable[str]) -> tuple[str, ...]:
    """Return the authors of a record, one a string, in the order of the file.

    Parameters
    ----------
    values
        Author fields as they stand; one may hold several names, parted by ``;``, ``|``, by line
        breaks, by ``and`` (BibTeX) or by commas (PubMed: ``Sun L, Wang D``).

    Examples
    --------
    >>> people(["Baldwin,S.A.", "Mouse M; Duck DD", "Lim SM, Cheng LJ."])
    ('Baldwin, S.A.', 'Mouse, M', 'Duck, DD', 'Lim, SM', 'Cheng, LJ')
    >>> people(["Kimura K.Lewis G. F.", "Ko and Kirsch", "Centers for Control and Prevention"])
    ('Kimura, K.', 'Lewis, G. F.', 'Ko', 'Kirsch', 'Centers for Control and Prevention')
    """
    names: list[str] = []
    for value in values:
        if PLAIN.match(value):
            names.append(value)
        else:
            names += map(tidy_name, _split(decode_entities(value)))
    return tuple(name for name in names if name not in NOBODY)


def tidy_name(text: str) -> str:
    """Return a name as ``Family, Given`` if its family can be told, else as it is printed.

    Examples
    --------
    >>> tidy_name("van Dijk A.B."), tidy_name("A.-B. Smith"), tidy_name("Lupus Study Group")
    ('van Dijk, A.B.', 'Smith, A.-B.', 'Lupus Study Group')
    """
    name = clean(text).strip(" ,;")
    name = name.removeprefix("and ").removesuffix(" and").rstrip(" ,;")
    if "," in name:
        family, _, given = name.partition(",")
        given = given.strip(" ,")
        return f"{family.strip()}, {given}" if given else family.strip()
    if GROUP.search(name):
        return name
    return _turned(name.split(" "))


def _split(value: str) -> list[str]:
    for mark in (";", "|"):
        if mark in value:
            return value.split(mark)
    lines = value.split("\n")
    if len(lines) > 1 and all("," in line or not line.strip() for line in lines):
        return [name for line in lines for name in _split(line)]
    value = " ".join(value.split())
    by_and = AND.split(value) if " and " in value else []
    if len(by_and) > 1 and (all("," in part for part in by_and) or _people_all(value, by_and)):
        return by_and
    glued = GLUED.split(value)
    if len(glued) > 1 and all(map(FAMILY_INITIALS.match, glued)):
        return glued
    if "," in value:
        by_comma = [part.strip() for part in value.rstrip(" ,").split(",")]
        if len(by_comma) > 1 and all(map(_family_first, by_comma)):
            dotted = any("." in name for name in by_comma[:-1])
            return by_comma if dotted else [*by_comma[:-1], by_comma[-1].rstrip(" .")]
    return [value]


def _people_all(value: str, parts: list[str]) -> bool:
    """Tell whether what *and* joins are people: a few capital words each, and no group."""
    return GROUP.search(value) is None and all(
        "," in part or PERSON.match(part) is not None for part in parts
    )


def _family_first(name: str) -> bool:
    """Tell whether a name is ``Family INITIALS``, as PubMed and Embase write it in one cell."""
    words = name.split(" ")
    return len(words) > 1 and _is_initials(words[-1], name.isupper())


def _turned(words: list[str]) -> str:
    """Put the initials of ``Smith J A`` or ``J. A. Smith`` behind a comma; at most four words."""
    printed = " ".join(words)
    shouted = printed.isupper()
    last = len(words)
    while last > max(1, len(words) - MOST_INITIALS) and _is_initials(words[last - 1], shouted):
        last -= 1
    if last < len(words):
        return f"{' '.join(words[:last])}, {' '.join(words[last:])}"
    first = 0
    while first < min(len(words) - 1, MOST_INITIALS) and INITIAL_FIRST.match(words[first]):
        first += 1
    if first:
        return f"{' '.join(words[first:])}, {' '.join(words[:first])}"
    return printed


def _is_initials(word: str, shouted: bool) -> bool:
    """Tell whether a word is initials; among words that are all capitals it must be short."""
    letters = word.replace(".", "").replace("-", "")
    if not (letters.isalpha() and letters.isupper() and len(letters) <= MOST_INITIALS):
        return False
    return not shouted or len(letters) <= 2 or "." in word
