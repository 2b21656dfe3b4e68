"""The fields of a well-formed record, told as its tags go by; no tree is made of it.

What this reading leaves to the other one, which makes a tree: a record that is not well formed, and
one with text beside elements that are no markup of letters.
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.parsers import expat

from tamis.formats.lexed import Fields

__all__ = ["INLINE", "plain_fields"]

#: Markup inside a value: an element with such children is one value.
INLINE = frozenset(
    ("i", "b", "u", "em", "strong", "sub", "sup", "inf", "style", "italic", "bold", "sc", "math",
     "mml", "DispFormula", "sec", "p", "br", "span")
)  # fmt: skip


def plain_fields(piece: str, groups: frozenset[str]) -> Fields | None:
    """Return the fields of a record, or ``None`` where a tree is needed.

    The record stands first in ``piece``, so that no document type can; what nobody declares is an
    error, and nothing is looked up.

    Examples
    --------
    >>> plain_fields('<r><a><t k="1">A &lt; <i>B</i></t></a><e/></r>', frozenset())
    (('a/t@k=1', 'A < B'), ('e', ''))
    >>> plain_fields("<r><t>&nbsp;</t></r>", frozenset()) is None
    True
    """
    teller = _Teller(groups)
    parser = expat.ParserCreate()
    parser.buffer_text = parser.ordered_attributes = True
    parser.StartElementHandler = teller.root
    parser.EndElementHandler = teller.end
    parser.CharacterDataHandler = teller.texts.append
    teller.parser = parser
    try:
        parser.Parse(piece, True)
    except (expat.ExpatError, ValueError):
        return None
    finally:
        teller.parser = None  # the two hold one another, and memory would wait for the collector
    return None if teller.mixed else tuple(teller.found)


class _Teller:
    """Hears tags; ``_leaf`` is the element that may turn out to hold text only."""

    __slots__ = ("_above", "_groups", "_inline", "_inside", "_kept", "_leaf", "_path", "found",
                 "mixed", "parser", "texts")  # fmt: skip

    def __init__(self, groups: frozenset[str]) -> None:
        self.parser: expat.XMLParserType | None = None
        self.found: list[tuple[str, str]] = []
        self.texts: list[str] = []
        self.mixed = False
        self._groups = groups
        self._above: list[str] = []
        self._path = ""
        self._leaf: str | None = None
        self._kept = self._inline = False
        self._inside = 0

    def root(self, _name: str, attributes: list[str]) -> None:
        """Hear the beginning of the record."""
        self.found += [(one, "") for one in _each(attributes)]
        self._above.append("")
        if self.parser is not None:
            self.parser.StartElementHandler = self.start

    def start(self, name: str, attributes: list[str]) -> None:
        """Hear the beginning of an element."""
        if ":" in name:
            name = name.rpartition(":")[2]
        if self._inside or name in INLINE:
            self.mixed |= self._leaf is None
            self._inside += 1
            self._inline = True
            return
        if self.texts or self._inline:
            self._between()
        leaf = self._leaf
        if leaf is not None and self._kept:
            self.found.append((leaf, ""))
        path = self._path
        self._above.append(path)
        leaf = path + name
        self._path = leaf + "/"
        self._kept = name in self._groups
        if attributes:
            told = _told(attributes)
            leaf += told
            self._kept = self._kept or told != ""
        self._leaf = leaf

    def end(self, _name: str) -> None:
        """Hear the end of an element."""
        if self._inside:
            self._inside -= 1
            return
        leaf = self._leaf
        if leaf is not None:
            self.found.append((leaf, "".join(self.texts)))
            self._leaf, self._inline = None, False
            self.texts.clear()
        elif self.texts:
            self._between()
        self._path = self._above.pop()

    def _between(self) -> None:
        """Pass over blanks between elements; anything else there needs a tree."""
        self.mixed |= self._inline or not "".join(self.texts).isspace()
        self.texts.clear()


def _told(attributes: Sequence[str]) -> str:
    if len(attributes) == 2 and ":" not in attributes[0] and attributes[0] != "xmlns":
        return f"@{attributes[0]}={attributes[1]}"
    return "".join(_each(attributes))


def _each(attributes: Sequence[str]) -> list[str]:
    return [
        f"@{key.rpartition(':')[2]}={value}"
        for key, value in zip(attributes[::2], attributes[1::2], strict=True)
        if key != "xmlns" and not key.startswith("xmlns:")
    ]
