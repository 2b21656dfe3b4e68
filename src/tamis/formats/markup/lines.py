"""The fields of records printed one element a line, as PubMed prints them.

A line is read once at each place where it is met, and remembered: most lines of a file (dates,
kinds, headings, what opens and what closes) come again and again. A line that holds more than one
plain element is told by a parser; a record whose elements do not end where their lines do is left
to it whole (:mod:`tamis.formats.markup.plain`), which tells the same fields.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from tamis.formats.lexed import Fields
from tamis.formats.markup.plain import INLINE, plain_fields

__all__ = ["Lines", "lines_of"]

#: What XML has not, or changes at the end of a line.
UNPLAIN = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
TAG = re.compile(
    r"[ \t]*<(?:(?P<closes>/)(?=[^ /]*\Z))?(?P<name>[A-Za-z_][\w.-]*)"
    r"(?P<attributes>(?: +[A-Za-z_][\w.-]*=\"[^\"&<\t]*\")*) *(?P<empty>/?)",
    re.ASCII,
)
ATTRIBUTE = re.compile(r"([A-Za-z_][\w.-]*)=\"([^\"]*)\"", re.ASCII)
#: An ampersand that begins none of the five entities that need no declaration.
UNKNOWN = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)")
ENTITY = re.compile(r"&(amp|lt|gt|quot|apos);")
MEANS = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}

#: Lines that are remembered, and how long one may be; where room ends, all are forgotten.
MOST = 50_000
LONGEST = 200
#: Values of one tag that are remembered: one that says more says something new each time.
MOST_VALUES = 300


@dataclass(slots=True, eq=False)
class _Leaf:
    """The beginning of a line with one value: the field it tells, how the line ends after it."""

    told: str
    end: str
    room: int = MOST_VALUES


@dataclass(slots=True, eq=False)
class _Place:
    """A path below the record, and what was met there.

    ``lines`` are those that tell one field and lead nowhere else; ``turns`` all others, with where
    they lead. An element has two places: one where nothing of it was told yet and it cannot close
    (one that holds nothing but blanks is left to the parser), and the one to which ``on`` leads.
    """

    path: str
    name: str
    above: _Place | None = None
    on: _Place | None = None
    lines: dict[str, tuple[str, str]] = field(default_factory=dict)
    turns: dict[str, tuple[Fields, _Place]] = field(default_factory=dict)
    leaves: dict[str, _Leaf] = field(default_factory=dict)
    below: dict[str, _Place] = field(default_factory=dict)

    def begun(self, name: str) -> _Place:
        """Return the place where an element below begins."""
        there = self.below.get(name)
        if there is None:
            path = f"{self.path}{name}/" if self.above else ""
            on = _Place(path, name, self.on or self)
            there = _Place(
                path, name, on.above, on, lines=on.lines, leaves=on.leaves, below=on.below
            )
            self.below[name] = there
        return there

    def forget(self) -> None:
        """Forget all that was met here and below."""
        for there in list(self.below.values()):
            there.forget()
            if there.on:
                there.on.turns.clear()
        for met in (self.lines, self.turns, self.leaves, self.below):
            met.clear()


class Lines:
    r"""Tells the fields of records whose elements named in ``groups`` are told at their beginning.

    Examples
    --------
    >>> lines = Lines(frozenset())
    >>> lines.fields('<r>\n <a>\n  <t k="1">A &lt; <i>B</i></t>\n </a>\n <e/>\n</r>')
    (('a/t@k=1', 'A < B'), ('e', ''))
    >>> lines.fields("<r>\n <t>A\n B</t>\n</r>") is None
    True
    """

    def __init__(self, groups: frozenset[str]) -> None:
        self._groups = groups
        self._before = _Place("", "")
        self._behind = _Place("", "")
        self._room = MOST

    def fields(self, piece: str) -> Fields | None:
        """Return the fields of a record, or ``None`` where a parser is needed."""
        place = after = self._before
        lines = place.lines
        found: list[tuple[str, str]] = []
        for line in piece.split("\n"):
            one = lines.get(line)
            if one is not None:
                found.append(one)
                place = after
                continue
            met = place.turns.get(line)
            if met is None:
                leaf = self._leaf(line, place)
                if leaf is not None:
                    found.append(leaf)
                    place = after
                    continue
                met = self._turn(line, place)
                if met is None:
                    return None
            told, place = met
            lines, after = place.lines, place.on or place
            found += told
        return tuple(found) if place is self._behind else None

    def _leaf(self, line: str, place: _Place) -> tuple[str, str] | None:
        """Return the field of a line with one plain value behind a tag that was met before."""
        head, _, rest = line.partition(">")
        leaf = place.leaves.get(head)
        if leaf is None:
            return None
        value, _, end = rest.partition("<")
        if end != leaf.end or ">" in value or not _is_plain(value):
            return None
        one = (leaf.told, _decoded(value) if "&" in value else value)
        if leaf.room:
            leaf.room -= 1
            if len(line) < LONGEST:
                place.lines[line] = one
                self._fill()
        return one

    def _turn(self, line: str, place: _Place) -> tuple[Fields, _Place] | None:
        """Return what any other line tells and where it leads; ``None``: a parser is needed."""
        head, ended, rest = line.partition(">")
        tag = TAG.fullmatch(head) if ended else None
        pairs = ATTRIBUTE.findall(tag["attributes"]) if tag else []
        if tag is None or tag["name"] in INLINE or len(dict(pairs)) < len(pairs):
            return self._parsed(line, place)
        each = "".join(f"@{key}={value}" for key, value in pairs if key != "xmlns")
        told = f"{place.path}{tag['name']}{each}"
        if rest and not rest.isspace():
            if place.above and not (tag["empty"] or tag["closes"] or head in place.leaves):
                place.leaves[head] = _Leaf(told, f"/{tag['name']}>")
                self._fill()
                one = self._leaf(line, place)
                if one:
                    return (one,), place.on or place
            return self._parsed(line, place)
        if place.above:
            met = self._inside(tag, told, each != "", place)
        else:
            met = self._first(tag, pairs, each) if place is self._before else None
        if met is not None and len(line) < LONGEST:
            place.turns[line] = met
            self._fill()
        return met

    def _first(
        self, tag: re.Match[str], pairs: list[tuple[str, str]], each: str
    ) -> tuple[Fields, _Place] | None:
        """Return what the first tag of a record tells, which stands alone in its line."""
        if tag["closes"] or tag["empty"] or len(pairs) > 1:
            return None
        return ((each, ""),) if each else (), self._before.begun(tag["name"])

    def _inside(
        self, tag: re.Match[str], told: str, more: bool, place: _Place
    ) -> tuple[Fields, _Place] | None:
        """Return what a tag tells that stands alone in its line; ``more`` are its attributes."""
        if tag["closes"]:
            ends = place.on is None and place.above and tag["name"] == place.name
            above = place.above if ends else None
            if above is None:
                return None
            return (), above if above.above else self._behind
        if tag["empty"]:
            return ((told, ""),), place.on or place
        kept = more or tag["name"] in self._groups
        return ((told, ""),) if kept else (), place.begun(tag["name"])

    def _parsed(self, line: str, place: _Place) -> tuple[Fields, _Place] | None:
        """Return what a parser tells of a line whose elements end in it."""
        told = plain_fields(f"<x>{line}</x>", self._groups) if place.above else None
        if told is None:
            return None
        return tuple((f"{place.path}{path}", value) for path, value in told), place.on or place

    def _fill(self) -> None:
        self._room -= 1
        if self._room <= 0:
            self._before.forget()
            self._room = MOST


@cache
def lines_of(groups: frozenset[str]) -> Lines:
    """Return the reader of lines for a format, one for all its files: what it has met stays."""
    return Lines(groups)


def _is_plain(value: str) -> bool:
    """Tell whether a value without tags needs no parser."""
    if "&" in value and UNKNOWN.search(value):
        return False
    return value.isprintable() or UNPLAIN.search(value) is None


def _decoded(text: str) -> str:
    return ENTITY.sub(lambda found: MEANS[found[1]], text)
