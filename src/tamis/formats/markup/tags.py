"""The fields of plain records, told by their tags alone: what PubMed exports is hardly ever more.

A well-formed record without comments, declarations or quoted angle brackets is tags and texts in
turn, and can be cut at its angle brackets. Whatever is not so plain, or does not close as it opens,
is left to a parser (:mod:`tamis.formats.markup.plain`), which tells the same fields.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from tamis.formats.lexed import Fields

__all__ = ["INLINE", "Tags", "tags_of"]

#: Markup inside a value: an element with such children is one value.
INLINE = frozenset(
    ("i", "b", "u", "em", "strong", "sub", "sup", "inf", "style", "italic", "bold", "sc", "math",
     "mml", "DispFormula", "sec", "p", "br", "span")
)  # fmt: skip

#: Bytes that XML has not, or changes at the end of a line.
UNPLAIN = bytes((*range(9), 11, 12, *range(13, 32)))
TAG = re.compile(
    r"([A-Za-z_][\w.-]*)((?:[ \n]+[A-Za-z_][\w.-]*=\"[^\"&\t\n]*\")*)[ \n]*(/?)", re.ASCII
)
ATTRIBUTE = re.compile(r"([A-Za-z_][\w.-]*)=\"([^\"]*)\"", re.ASCII)
#: An ampersand that begins none of the five entities that need no declaration.
UNKNOWN = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)")
ENTITY = re.compile(r"&(amp|lt|gt|quot|apos);")
MEANS = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}

#: Tags that are remembered; above it (identifiers in attributes) a tag is read each time it comes.
MOST = 20_000


#: What a tag does: an element opens, closes or is empty; or so does markup of letters.
OPENS, CLOSES, EMPTY, MARKS, UNMARKS, MARKS_NOTHING = range(6)


@dataclass(slots=True, eq=False)
class _Place:
    """A path below the record: the tags met there, and what stands below by name."""

    path: str
    above: _Place | None = None
    inline: bool = False
    tags: dict[str, tuple[int, str, bool, _Place]] = field(default_factory=dict)
    below: dict[str, _Place] = field(default_factory=dict)


#: Behind the end of a record nothing is known.
OUTSIDE = _Place("")


class Tags:
    """Tells the fields of records whose elements named in ``groups`` are told at their beginning.

    It remembers the tags it has met, by their place: a file says the same ones in every record.

    Examples
    --------
    >>> tags = Tags(frozenset())
    >>> tags.fields('<r><a><t k="1">A &lt; <i>B</i></t></a><e/></r>')
    (('a/t@k=1', 'A < B'), ('e', ''))
    >>> tags.fields("<r><t>&nbsp;</t></r>") is None
    True
    """

    def __init__(self, groups: frozenset[str]) -> None:
        self._groups = groups
        self._roots: dict[str, tuple[_Place, tuple[tuple[str, str], ...]]] = {}
        self._met = 0

    def fields(self, piece: str) -> Fields | None:
        """Return the fields of a record, or ``None`` where a parser is needed."""
        data = piece.encode("utf-8", "replace")
        if len(data.translate(None, UNPLAIN)) != len(data):
            return None
        if "&" in piece and UNKNOWN.search(piece):
            return None
        turns = piece.replace("<", ">").split(">")
        if len(turns) < 5 or len(turns) != 2 * piece.count("<") + 1:
            return None
        root = self._roots.get(turns[1]) or self._root(turns[1])
        if turns[0] or root is None:
            return None
        found = list(root[1])
        return tuple(found) if self._tell(turns, root[0], found) else None

    def _tell(self, turns: list[str], place: _Place, found: list[tuple[str, str]]) -> bool:
        """Tell every element of the record; false where a parser is needed.

        ``leaf`` is the element that may turn out to hold text only; ``value`` the text since it
        began or the last one ended; ``marked`` says that markup of letters stands in it.
        """
        leaf, value, marked, kept = "", turns[2], False, False
        for told, text in zip(turns[3::2], turns[4::2], strict=True):
            met = place.tags.get(told) or self._read(told, place)
            if met is None:
                return False
            kind, name, is_kept, place = met
            if kind == CLOSES and leaf:
                found.append((leaf, value if "&" not in value else _decoded(value)))
                leaf, value, marked, kept = "", text, False, False
            elif kind > EMPTY:
                if not leaf:
                    return False
                value, marked = value + text, True
            else:
                if marked or (value and not value.isspace()):
                    return False
                if kept:
                    found.append((leaf, ""))
                leaf, value, kept = name, text, is_kept
                if kind == EMPTY:
                    found.append((name, ""))
                    leaf, kept = "", False
        return place is OUTSIDE and not value.strip()

    def _root(self, told: str) -> tuple[_Place, tuple[tuple[str, str], ...]] | None:
        """Read the tag that opens a record; ``None`` where a parser is needed."""
        read = _parts(told)
        if read is None or read[2]:
            return None
        name, attributes, _ = read
        place = _Place("", OUTSIDE)
        place.tags[f"/{name}"] = (CLOSES, "", False, OUTSIDE)
        return self._roots.setdefault(told, (place, tuple((one, "") for one in attributes)))

    def _read(self, told: str, place: _Place) -> tuple[int, str, bool, _Place] | None:
        """Read a tag that was not met at this place; ``None`` where a parser is needed."""
        read = _parts(told)
        if read is None or place is OUTSIDE:
            return None
        name, attributes, empty = read
        inline = place.inline or name in INLINE
        there = place if empty else _below(place, name, inline)
        kinds = (MARKS, MARKS_NOTHING) if inline else (OPENS, EMPTY)
        kept = attributes != () or name in self._groups
        tag = (kinds[empty], f"{place.path}{name}{''.join(attributes)}", kept, there)
        if self._met < MOST:
            self._met += 1
            place.tags[told] = tag
        return tag


@cache
def tags_of(groups: frozenset[str]) -> Tags:
    """Return the reader of tags for a format, one for all its files: what it has met stays."""
    return Tags(groups)


def _parts(told: str) -> tuple[str, tuple[str, ...], bool] | None:
    """Return name, attributes and emptiness of a tag; ``None`` where a parser is needed."""
    match = TAG.fullmatch(told)
    if match is None:
        return None
    pairs = ATTRIBUTE.findall(match[2])
    if len(dict(pairs)) < len(pairs):
        return None
    attributes = tuple(f"@{key}={value}" for key, value in pairs if key != "xmlns")
    return match[1], attributes, match[3] != ""


def _below(place: _Place, name: str, inline: bool) -> _Place:
    """Return the place below, one for all tags of a name, with the tag that leads back."""
    there = place.below.get(name)
    if there is None:
        there = place.below[name] = _Place(f"{place.path}{name}/", place, inline)
        kind = UNMARKS if inline else CLOSES
        there.tags[f"/{name}"] = (kind, "", False, place)
    return there


def _decoded(text: str) -> str:
    return ENTITY.sub(lambda found: MEANS[found[1]], text)
