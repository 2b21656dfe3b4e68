"""Authors: one person a string, ``Family, Given`` wherever the family can be told."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tamis.formats.cleaning import clean, decode_entities

__all__ = ["names_of", "people", "tidy_name", "undivided"]

#: A name with one of these words is a group and stays as it is printed.
GROUP = re.compile(
    r"\b(?:group|consortium|committee|collaborat\w*|investigators|society|association|network"
    r"|organi[sz]ation|department|ministry|university|institute|foundation|agency|centre|center"
    r"|team|study|trial|council|college|office|administration|academy|federation|alliance|board"
    r"|program(?:me)?|services?|hospital|inc|ltd|llc|gmbh|corporation|company|technolog(?:y|ies)"
    r"|laborator(?:y|ies)|pharmaceuticals?|bureau|commission|workshop|conference|symposium)\b",
    re.I,
)
#: What stands in a list of authors and is none.
NOBODY = frozenset({"", "et al", "et al.", "and others", "others", "al, et"})
AND = re.compile(r",? and ")
#: Left over at the ends of a name.
LOOSE_AND = re.compile(r"\A(?:and[ ,;]+)+|(?:[ ,;]+and)+\Z")
#: The same as a sign, which also stands in names of firms: "Johnson & Johnson".
SIGN = re.compile(r",? (?:&|and) ")
OTHERS = re.compile(r"[,;]?\s+(?:et\s+al\b\.?|and\s+others)[\s,;]*\Z", re.I)
MARKS = (";", "\uff1b", "|")
#: A name in Chinese, and what parts such names: its own commas, ours, blanks.
CHINESE = re.compile(r"[\u3400-\u9fff\u00b7]{2,8}")
CHINESE_COMMA = re.compile(r"\s*[\uff0c\u3001,]\s*|\s+")
SUFFIX = re.compile(r"(?:jr|sr|i{1,3}|iv|md|phd|m\.d|ph\.d)\.?\Z", re.I)
GIVEN = re.compile(r"(?:[^\W\d_a-z]\.?[ -]?){1,4}\Z")
PARTICLE = r"(?:v[ao]n|de[lnr]?|d[aiou]s?|l[ae]|el|al|te[nr])"
#: A name printed without a comma: up to four words, capital or particles of a family name.
PERSON = re.compile(rf"(?:(?:{PARTICLE}|[^\W\d_a-z][\w.'\u2019-]*)(?: |\Z)){{1,4}}\Z")
#: Where one name ends and the next begins without a blank: "Lewis G. F.Adeli K."
GLUED = re.compile(rf"(?<=[A-Z]\.)(?={PARTICLE} |[^\W\d_a-z][a-z'\u2019-])")
FAMILY_INITIALS = re.compile(r"[^\W\d_][\w'\u2019 -]*[^\W\d_] (?:[^\W\d_a-z]\.[ -]?){1,4}\Z")
MOST_INITIALS = 4
#: A name that stands as it shall: one word of a family, a comma, and what else is plain.
PLAIN = re.compile(r"(?!.* and(?: |\Z))[\w'-]+, [\w.'-]+(?: [\w.'-]+)*\Z", re.ASCII)
INITIAL_FIRST = re.compile(r"(?:[^\W\d_]\.-?){1,4}\Z")


def people(values: Iterable[str]) -> tuple[str, ...]:
    """Return the authors of a record, one a string, in the order of the file.

    Parameters
    ----------
    values
        Author fields as they stand; one may hold several names, parted by ``;``, ``|``, by line
        breaks, by ``and`` (BibTeX) or by commas (PubMed: ``Sun L, Wang D``). A group that ends in
        a comma (EndNote) or stands in braces is one name.

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


def names_of(values: Iterable[str]) -> tuple[str, ...]:
    """Return the authors of a record whose format parts them: each value is one, whatever it holds.

    Examples
    --------
    >>> names_of(["Mouse M", "Johnson and Johnson", "Smith, J", "et al"])
    ('Mouse, M', 'Johnson and Johnson', 'Smith, J')
    """
    names = (value if PLAIN.match(value) else tidy_name(decode_entities(value)) for value in values)
    return tuple(name for name in names if name not in NOBODY)


def undivided(name: str) -> str:
    """Return a name as a field says it that is read as one: with a comma behind, or in braces.

    Examples
    --------
    >>> undivided("Johnson and Johnson"), undivided("Smith, J")
    ('Johnson and Johnson,', 'Smith, J')
    """
    if PLAIN.match(name):
        return name
    ways = (name, f"{name},", f"{{{name}}}")
    return next((way for way in ways if people([way]) == (name,)), name)


def tidy_name(text: str) -> str:
    """Return a name as ``Family, Given`` if its family can be told, else as it is printed.

    Examples
    --------
    >>> tidy_name("van Dijk A.B."), tidy_name("A.-B. Smith"), tidy_name("Lupus Study Group")
    ('van Dijk, A.B.', 'Smith, A.-B.', 'Lupus Study Group')
    """
    name = clean(text).strip(" ,;")
    name = LOOSE_AND.sub("", name).strip(" ,;") if "and" in name else name
    if "," in name:
        family, _, given = name.partition(",")
        given = given.strip(" ,")
        return f"{family.strip()}, {given}" if given else family.strip()
    if GROUP.search(name):
        return name
    return _turned(name.split(" "))


def _split(value: str) -> list[str]:
    """Cut a field into names, at the surest mark that it holds."""
    if _is_one(value):
        return [value.strip(" {}")]
    for mark in MARKS:
        if mark in value:
            return [name for part in value.split(mark) for name in _by_comma(part)]
    lines = value.split("\n")
    if len(lines) > 1 and all("," in line or not line.strip() for line in lines):
        return [name for line in lines for name in _split(line)]
    value = OTHERS.sub("", " ".join(value.split()))
    by_and = _by_and(value)
    if by_and:
        return by_and
    glued = GLUED.split(value)
    if len(glued) > 1 and all(map(FAMILY_INITIALS.match, glued)):
        return glued
    return _by_comma(value)


def _is_one(value: str) -> bool:
    """Tell whether a field says that it is one name: in braces, or a group with a comma behind."""
    text = value.strip()
    if text.startswith("{") and text.endswith("}"):
        return not {"{", "}"} & set(text[1:-1])
    if not text.endswith(",") or any(mark in text for mark in MARKS):
        return False
    return GROUP.search(text) is not None or "," not in text[:-1]


def _by_and(value: str) -> list[str]:
    """Return names that *and* or its sign joins; none where it is part of a name."""
    by_sign = SIGN.split(value) if " & " in value else []
    if len(by_sign) > 1 and all("," in part for part in by_sign):
        return [name for part in by_sign for name in _by_comma(part)]
    parts = AND.split(value) if " and " in value else []
    if len(parts) < 2:
        return []
    if all("," in part for part in parts) or _people_all(value, parts) or _and_a_group(parts):
        return [name for part in parts for name in _by_comma(part)]
    return []


def _and_a_group(parts: list[str]) -> bool:
    """Tell whether *and* joins people and a group: what has a comma is ``Family, Given``."""
    persons = [part for part in parts if "," in part]
    surely = len(persons) > 1 or any(GIVEN.match(p.partition(",")[2].strip()) for p in persons)
    return surely and all(
        part in persons or GROUP.search(part) or PERSON.match(part) for part in parts
    )


def _by_comma(value: str) -> list[str]:
    """Return names that commas part: Chinese ones, ``Sun L, Wang D``, ``Sun, L., Wang, D.``."""
    parts = [part.strip() for part in OTHERS.sub("", value).rstrip(" ,").split(",")]
    chinese = CHINESE_COMMA.split(value.strip())
    if len(chinese) > 1 and all(map(CHINESE.fullmatch, chinese)):
        return chinese
    persons = [part for part in parts if _family_first(part)]
    grouped = len(persons) > 1 and all(p in persons or GROUP.search(p) for p in parts)
    if grouped or (len(parts) > 1 and len(persons) == len(parts)):
        dotted = any("." in name for name in parts[:-1])
        return parts if dotted else [*parts[:-1], parts[-1].rstrip(" .")]
    pairs = list(zip(parts[::2], parts[1::2], strict=False))
    if len(parts) > 3 and len(parts) % 2 == 0 and all(map(_is_family_given, pairs)):
        return [f"{family}, {given}" for family, given in pairs]
    return [value]


def _is_family_given(pair: tuple[str, str]) -> bool:
    family, given = pair
    return GIVEN.match(given) is not None and not GIVEN.match(family) and not SUFFIX.match(family)


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
