"""Records of an XML file, cut from the text and parsed one by one.

A record is found by its tags before anything is parsed: its id is the byte of its ``<``, a file on
one line is read like any other, and one record that is broken never spoils its neighbour. Nothing
is resolved or fetched: a document type with declarations of its own is refused.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from sys import intern

from lxml import etree

from tamis.domain.errors import BadInput, Place
from tamis.domain.records import RefusedPart, Repair
from tamis.formats.lexed import Fields, Lexed, RawRecord, refuse, repair

__all__ = ["Shape", "lex_elements", "mark_elements"]

DECLARED = re.compile(r"<!DOCTYPE[^>\[]{0,2000}\[|<!ENTITY", re.I)
NAMESPACES = re.compile(r'xmlns(?::[\w.-]+)?\s*=\s*(?:"[^"<]*"|\'[^\'<]*\')')
ENTITY = re.compile(r"&(?!amp;|lt;|gt;|quot;|apos;|#)(\w{1,31};)")
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

#: Markup inside a value: an element with such children is one value.
INLINE = frozenset(
    {
        "i",
        "b",
        "u",
        "em",
        "strong",
        "sub",
        "sup",
        "inf",
        "style",
        "italic",
        "bold",
        "sc",
        "math",
        "mml",
        "DispFormula",
        "sec",
        "p",
        "br",
        "span",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How the records of one format are marked up.

    ``records`` are the names of their elements; ``notices`` those of elements that cite nothing and
    are shown as refused parts; ``groups`` elements whose beginning is told in the fields, so that
    what belongs together (the parts of a name) can be told apart.
    """

    records: tuple[str, ...]
    notices: tuple[str, ...] = ()
    groups: frozenset[str] = frozenset()

    @property
    def opening(self) -> re.Pattern[str]:
        """What a record or notice begins with; its second group is the element's name."""
        names = "|".join((*self.records, *self.notices))
        return re.compile(rf"<([\w.-]+:)?({names})(?=[\s>/])")


def mark_elements(text: str, shape: Shape, root: re.Pattern[str]) -> int | None:
    r"""Return where the first record stands in a text that ``root`` matches, or ``None``.

    Examples
    --------
    >>> mark_elements("<xml>\n<record/>", Shape(records=("record",)), re.compile("<xml>"))
    6
    """
    if root.search(text, 0, 20_000) is None:
        return None
    found = shape.opening.search(text)
    return found.start() if found else None


def lex_elements(text: str, shape: Shape, line: int = 1) -> Lexed:
    r"""Cut ``text`` into records; ``line`` is the number of its first line.

    A record's fields are its elements in order: the path below the record, with attributes, and the
    text. Attributes of an element that holds others are kept with an empty text.

    Raises
    ------
    BadInput
        When the file declares entities or a document type of its own.

    Examples
    --------
    >>> lexed = lex_elements('<r><t a="1">A <i>B</i></t></r><r><t>C</t></r>', Shape(records=("r",)))
    >>> [record.fields for record in lexed.records]
    [(('t@a=1', 'A B'),), (('t', 'C'),)]
    """
    declared = DECLARED.search(text)
    if declared is not None:
        raise BadInput(
            "the XML declares entities or a document type of its own, which is not read",
            "export the citations again, or delete the declaration",
            where=Place(file="", line=text.count("\n", 0, declared.start()) + line),
        )
    cutter = _Cutter(shape, _declarations(text))
    for start, end, name in _slices(text, shape):
        cutter.take(text[start:end], start, name, line + text.count("\n", 0, start))
    return Lexed(
        records=tuple(cutter.records),
        repaired=tuple(cutter.repaired),
        refused=tuple(cutter.refused),
    )


def _slices(text: str, shape: Shape) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and name of each record; one that does not close ends where the next is."""
    opening, position = shape.opening, 0
    while (found := opening.search(text, position)) is not None:
        following = opening.search(text, found.end())
        limit = following.start() if following else len(text)
        tag = text.find(">", found.end())
        if 0 <= tag < limit and text[tag - 1] == "/":
            end = tag + 1
        else:
            closing = re.compile(rf"</{re.escape(found[1] or '')}{found[2]}\s*>")
            closed = closing.search(text, found.end(), limit)
            end = closed.end() if closed else limit
        yield found.start(), end, found[2]
        position = end


def _declarations(text: str) -> str:
    """Return the namespaces that are declared above the records, for each record to be read by."""
    head = text[:20_000]
    return " ".join(dict.fromkeys(NAMESPACES.findall(head)))


class _Cutter:
    def __init__(self, shape: Shape, declarations: str) -> None:
        self.records: list[RawRecord] = []
        self.repaired: list[Repair] = []
        self.refused: list[RefusedPart] = []
        self._shape = shape
        prefixes = {
            part.split("=")[0].strip(): part for part in declarations.split("xmlns") if part
        }
        self._open = f"<x {' '.join('xmlns' + part for part in prefixes.values())}>"

    def take(self, piece: str, start: int, name: str, line: int) -> None:
        element, mended = self._parsed(piece)
        if element is None or name in self._shape.notices:
            code = "broken-element" if element is None else "export-furniture"
            self.refused.append(refuse(line, code, " ".join(piece.split())[:2000]))
            return
        if mended:
            self.repaired.append(repair(line, mended))
        self.records.append(RawRecord(start, line, _fields(element, self._shape.groups)))

    def _parsed(self, piece: str) -> tuple[etree._Element | None, str]:
        wrapped = f"{self._open}{piece}</x>"
        try:
            return etree.fromstring(wrapped, _parser())[0], ""
        except (etree.XMLSyntaxError, ValueError):
            pass
        cleaned = ILLEGAL.sub("", ENTITY.sub(lambda m: _decoded(m[1]), wrapped))
        try:
            return etree.fromstring(cleaned, _parser())[0], "mended-element"
        except (etree.XMLSyntaxError, ValueError):
            pass
        root = etree.fromstring(cleaned, _parser(recover=True))
        whole = root is not None and len(root) == 1 and len(root[0])
        return (root[0], "mended-element") if whole else (None, "")


def _decoded(entity: str) -> str:
    character = html.unescape(f"&{entity}")
    return character if character != f"&{entity}" else f"&amp;{entity}"


def _parser(*, recover: bool = False) -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, recover=recover,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip


def _fields(record: etree._Element, groups: frozenset[str]) -> Fields:
    found: list[tuple[str, str]] = []
    for attribute, value in record.attrib.items():
        found.append((f"@{attribute}={value}", ""))
    stack: list[tuple[etree._Element, str]] = [(child, "") for child in reversed(record)]
    while stack:
        element, above = stack.pop()
        name = _local(element.tag)
        path = f"{above}/{name}" if above else name
        told = path
        if element.attrib:
            told += "".join(f"@{_local(key)}={value}" for key, value in element.attrib.items())
        children = element[:]
        if not children:
            found.append((intern(told), element.text or ""))
        elif _is_value(element, children):
            found.append((intern(told), "".join(element.itertext())))
        else:
            if element.attrib or name in groups:
                found.append((intern(told), ""))
            stack.extend((child, path) for child in reversed(children))
    return tuple(found)


def _is_value(element: etree._Element, children: Sequence[etree._Element]) -> bool:
    """Tell whether an element is one value: text with markup inside."""
    if element.text and not element.text.isspace():
        return True
    return all(_local(child.tag) in INLINE for child in children)


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
