"""Authors and journals into comparison keys."""

from __future__ import annotations

import re
from functools import lru_cache

from tamis.dedupe.folding import fold, words

__all__ = ["family_name", "journal_names", "same_journal", "split_glued"]

#: Particles of family names; sources put them before or behind, or lose them.
_PARTICLES = frozenset((
    "van", "von", "der", "den", "de", "del", "della", "di", "da", "dos", "du", "la", "le", "el",
    "al", "ten", "ter", "vanden", "st", "y", "e", "bin", "ibn", "mac", "af", "zu",
))  # fmt: skip
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv", "md", "phd"})
_NOBODY = re.compile(r"\[?(?:anonymous|anon|no authors? listed|not available|n/?a)\]?\.?\Z", re.I)
#: "Kimura K.Lewis G. F.": authors glued together at "initial, full stop, capital, small letter".
_GLUED = re.compile(r"(?<=[A-Z]\.)(?=[A-Z][a-z'\u2019])")

_JOURNAL_STOP = frozenset((
    "the", "of", "and", "for", "in", "on", "de", "la", "le", "les", "des", "du", "der", "die",
    "das", "und", "et", "y", "e", "del", "della", "zur", "fur", "di", "da", "do", "en", "em",
    "per", "il", "el", "los", "las", "den", "det", "i", "och", "og", "voor", "van", "het",
))  # fmt: skip
#: Names of meetings gain numbers, places and acronyms; names of journals do not.
_GATHERING = frozenset({"conference", "congress", "symposium", "workshop", "meeting"})
_MEETING = _GATHERING | {"proceedings"}
#: What editions of a meeting add to its name.
_EDITION = re.compile(
    r"(?:19|20)\d\d|\d{1,3}(?:st|nd|rd|th)?|vols?|volumes?|proceedings|annual|first|second|third"
    r"|fourth|fifth|sixth|seventh|eighth|ninth|tenth|\w+(?:teenth|tieth)"
)
#: Embase hangs the name of the meeting behind the journal's.
_MEETING_TAIL = re.compile(r"\.\s+conference\b.*", re.S)
_PLACE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_SUBTITLE = re.compile(r"\s*[:=/;]\s*|\.\s+(?=[a-z]{4})")


def split_glued(authors: tuple[str, ...]) -> tuple[str, ...]:
    """Split one string that holds several authors without a separator.

    Examples
    --------
    >>> split_glued(("Kimura K.Lewis G. F.",))
    ('Kimura K.', 'Lewis G. F.')
    """
    if len(authors) != 1 or "," in authors[0]:
        return authors
    return tuple(part for part in _GLUED.split(authors[0]) if part.strip())


@lru_cache(maxsize=200_000)
def family_name(author: str) -> tuple[str, tuple[str, ...]]:
    """Return the folded family name without particles, and every name part of three letters.

    A name without a comma is read as *family initials* when its last part is initials, as
    *initials family* when its first part is, else its last part counts as family name.

    Examples
    --------
    >>> family_name("von Pawel, J.")
    ('pawel', ('pawel',))
    >>> family_name("del, Pino M")[0], family_name("A. Kay Smith")[0], family_name("Gilkeson GS")[0]
    ('pino', 'smith', 'gilkeson')
    """
    if not author or _NOBODY.match(author.strip()):
        return "", ()
    before, comma, after = author.partition(",")
    parts = words(fold(author))
    full = tuple(p for p in parts if len(p) > 2 and p not in _PARTICLES and p not in _SUFFIXES)
    if comma:
        chosen = _bare(words(fold(before))) or _bare(words(fold(after)))[:1]
        return "".join(chosen), full
    return "".join(_without_comma(author)), full


def _bare(parts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(p for p in parts if p not in _PARTICLES and p not in _SUFFIXES)


def _without_comma(author: str) -> tuple[str, ...]:
    raw = author.replace(".", ". ").split() or [""]
    initials = [_is_initials(part) for part in raw]
    if len(raw) == 1 or not any(initials):
        return _bare(words(fold(raw[-1]))) or words(fold(raw[-1]))
    if initials[0]:
        return _bare(words(fold(raw[-1])))
    first = initials.index(True)
    return _bare(words(fold(" ".join(raw[:first])))) or words(fold(raw[0]))


def _is_initials(part: str) -> bool:
    letters = part.replace(".", "").replace("-", "")
    return letters.isalpha() and letters.isupper() and len(letters) <= 3


@lru_cache(maxsize=50_000)
def journal_names(journal: str) -> tuple[tuple[str, ...], ...]:
    """Return the names a journal field may hold, each as its content words.

    Examples
    --------
    >>> journal_names("Ai zheng = Chinese Journal of Cancer")[:2]
    (('ai', 'zheng'), ('chinese', 'journal', 'cancer'))
    >>> journal_names("Diabetes. Conference: 74th Scientific Sessions")
    (('diabetes',),)
    """
    folded = fold(_PLACE.sub(" ", journal).replace('"', " "))
    folded = _MEETING_TAIL.sub("", folded) or folded
    names: list[tuple[str, ...]] = []
    for part in (*_SUBTITLE.split(folded), folded):
        name = _content(words(part))
        for found in (name, _any_edition(part, name)):
            if found and found not in names:
                names.append(found)
    telling = tuple(name for name in names if not _MEETING.issuperset(name))
    return telling or tuple(names)


def _any_edition(part: str, name: tuple[str, ...]) -> tuple[str, ...]:
    """Return a meeting's name without year, number, volume and the acronym behind a comma."""
    if _GATHERING.isdisjoint(name):
        return ()
    before = _content(words(part.partition(",")[0]))
    kept = before if not _GATHERING.isdisjoint(before) else name
    bare = tuple(word for word in kept if not _EDITION.fullmatch(word))
    return bare if len(bare) >= 3 else ()


def _content(parts: tuple[str, ...]) -> tuple[str, ...]:
    """Drop small words; *a* and *an* only inside a name, where they do not shorten a word."""
    inner = {i for i, w in enumerate(parts) if w in ("a", "an") and 0 < i < len(parts) - 1}
    return tuple(w for i, w in enumerate(parts) if i not in inner and w not in _JOURNAL_STOP)


@lru_cache(maxsize=200_000)
def same_journal(one: str, other: str) -> bool | None:
    """Tell whether two journal fields name one journal; ``None`` when one is empty.

    Full names, abbreviations and initials are held to be the same when each word of the one
    shortens the word of the other in order: an acceptance test, not a lookup in a list.

    Examples
    --------
    >>> same_journal("Ann Rheum Dis", "Annals of the Rheumatic Diseases")
    True
    >>> same_journal("JAMA", "Journal of the American Medical Association")
    True
    >>> same_journal("Lupus", "Blood"), same_journal("", "Blood")
    (False, None)
    """
    ours, theirs = journal_names(one), journal_names(other)
    if not ours or not theirs:
        return None
    return any(_same_name(a, b) for a in ours for b in theirs)


def _same_name(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    if a == b or "".join(a) == "".join(b):
        return True
    if len(a) == len(b):
        return all(_shortens(x, y) or _shortens(y, x) for x, y in zip(a, b, strict=True))
    short, long = sorted((a, b), key=len)
    if len(short) == 1:
        return len(long) > 1 and short[0] == "".join(w[0] for w in long)
    return len(short) >= 3 and not _MEETING.isdisjoint(short) and _in_order(short, long)


def _in_order(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    rest = iter(long)
    return all(word in rest for word in short)


def _shortens(short: str, long: str) -> bool:
    """``dtsch`` shortens ``deutsche``: the same first letter, then its letters in order."""
    if not long or short[:1] != long[:1]:
        return False
    rest = iter(long)
    return all(letter in rest for letter in short)
