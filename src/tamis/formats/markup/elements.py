"""Records of an XML file, cut from the text and parsed one by one.

A record is found by its tags before anything is parsed: its id is the byte of its ``<``, a file on
one line is read like any other, and one record that is broken never spoils its neighbour. Nothing
is resolved or fetched: a document type with declarations of its own is refused.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from tamis.domain.errors import BadInput, Place
from tamis.domain.records import RefusedPart, Repair
from tamis.formats.lexed import Fields, Lexed, RawRecord, refuse, repair
from tamis.formats.markup.lines import lines_of
from tamis.formats.markup.plain import INLINE, plain_fields

__all__ = ["SOURCE", "Shape", "lex_elements", "mark_elements", "tree_fields"]

#: The field that keeps what the file says of a record that is read only as far as it can be.
SOURCE = "as in the file"

#: How far into a text its first element must stand.
HEAD = 20_000

DOCTYPE = re.compile(r"<!DOCTYPE", re.I)
SUBSET = re.compile(r"(?:\"[^\"]{0,500}\"|'[^']{0,500}'|[^\[>\"']){0,500}\[")
DECLARED = re.compile(r"<!(?:ENTITY|ELEMENT|ATTLIST)\b", re.I)
NAMESPACE = re.compile(r"""\sxmlns(:[A-Za-z_][\w.-]*)?\s*=\s*("[^"<]+"|'[^'<]+')""", re.ASCII)
PREFIX = re.compile(r"[<\s/]([A-Za-z_][\w.-]{0,40}):[A-Za-z_][\w.-]*[\s=/>]", re.ASCII)

#: What a browser would forgive: entities of HTML, a bare "<" or "&", characters XML has not.
ENTITY = re.compile(r"&(?!amp;|lt;|gt;|quot;|apos;)(#?\w{1,31};)?")
BARE = re.compile(r"<(?![A-Za-z_/!?])")
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

#: What ends the name of an element in the tag that closes it; a file may be cut there.
NAME_ENDS = frozenset(("", ">", " ", "\t", "\r", "\n", "<"))

#: What stands around records and says nothing.
COMMENT = re.compile(r"<!--[^<]{0,5000}?-->")
TAG = re.compile(r"<[/!?A-Za-z][^<>]*>")
#: A tag of what stands around records: whether it closes, its name, whether it is empty.
OUTER = re.compile(r"<(/?)([A-Za-z_][\w:.-]*)[^<>]*?(/?)>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How the records of one format are marked up.

    ``records`` are the names of their elements; ``notices`` those of elements that cite nothing and
    are shown as refused parts with the code ``notice``; ``groups`` elements whose beginning is told
    in the fields, so that what belongs together (the parts of a name) can be told apart.
    ``prefixed`` says that a prefix of the namespace may stand before them.
    """

    records: tuple[str, ...]
    notices: tuple[str, ...] = ()
    notice: str = "export-furniture"
    groups: frozenset[str] = frozenset()
    prefixed: bool = False

    @property
    def opening(self) -> re.Pattern[str]:
        """What a record or notice begins with; its second group is the element's name."""
        names = "|".join((*self.records, *self.notices))
        prefix = r"([\w.-]{1,40}:)?" if self.prefixed else "()"
        return re.compile(rf"<{prefix}({names})(?=[\s>/])")


def mark_elements(text: str, shape: Shape, root: re.Pattern[str]) -> int | None:
    r"""Return where the first record stands in a text that ``root`` matches, or ``None``.

    Examples
    --------
    >>> mark_elements("<xml>\n<record/>", Shape(records=("record",)), re.compile("<xml>"))
    6
    """
    if root.search(text, 0, HEAD) is None:
        return None
    found = shape.opening.search(text)
    return found.start() if found else None


def lex_elements(text: str, shape: Shape, line: int = 1) -> Lexed:
    r"""Cut ``text`` into records; ``line`` is the number of its first line.

    A record's fields are its elements in order: the path below the record, with attributes, and the
    text. Attributes of an element that holds others are kept with an empty text. What stands
    between the records and is more than tags is refused with its text.

    Raises
    ------
    BadInput
        When the file declares entities or a document type of its own.

    Examples
    --------
    >>> text = '<r><t a="1">A <i>B</i></t></r>?<r><t>C</t></r>'
    >>> lexed = lex_elements(text, Shape(records=("r",)))
    >>> [record.fields for record in lexed.records]
    [(('t@a=1', 'A B'),), (('t', 'C'),)]
    >>> lexed.refused[0].message
    'a line outside any record: ?'
    """
    cutter, reached = None, 0
    for start, end, name in _slices(text, shape):
        if cutter is None:
            _refuse_declarations(text[:start], line)
            cutter = _Cutter(shape, text[: min(start, HEAD)])
        line = cutter.between(text[reached:start], line)
        line = cutter.take(text[start:end], start, name, line)
        reached = end
    if cutter is None:
        return Lexed(records=())
    cutter.between(text[reached:], line)
    return Lexed(
        records=tuple(cutter.records),
        repaired=tuple(cutter.repaired),
        refused=tuple(cutter.refused),
        opened=cutter.opened,
    )


def _slices(text: str, shape: Shape) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and name of each record; one that does not close ends where the next is.

    A record in a comment is none; a comment that does not end is taken for text.
    """
    opening, reached, comments = shape.opening, 0, text.rfind("-->")
    following = opening.search(text)
    while (found := following) is not None:
        opened = text.rfind("<!--", reached, found.start())
        closed = text.find("-->", opened) if 0 <= opened < comments else -1
        if closed > found.start():
            following = opening.search(text, closed)
            continue
        following = opening.search(text, found.end())
        limit = following.start() if following else len(text)
        reached = _end(text, found, limit)
        yield found.start(), reached, found[2]


def _end(text: str, found: re.Match[str], limit: int) -> int:
    tag = text.find(">", found.end(), limit)
    if tag >= 0 and text[tag - 1] == "/":
        return tag + 1
    name = f"</{found[1] or ''}{found[2]}"
    closing = text.find(name, found.end(), limit)
    while closing >= 0 and text[closing + len(name) : closing + len(name) + 1] not in NAME_ENDS:
        closing = text.find(name, closing + len(name), limit)  # the end of a longer name
    closed = text.find(">", closing, limit) + 1 if closing >= 0 else 0
    return closed or limit


def _refuse_declarations(prolog: str, line: int) -> None:
    doctype = DOCTYPE.search(prolog)
    declared = DECLARED.search(prolog)
    at = doctype.start() if doctype and SUBSET.match(prolog, doctype.end()) else None
    at = declared.start() if at is None and declared else at
    if at is not None:
        raise BadInput(
            "the XML declares entities or a document type of its own, which is not read",
            "export the citations again, or delete the declaration",
            where=Place(file="", line=prolog.count("\n", 0, at) + line),
        )


class _Cutter:
    def __init__(self, shape: Shape, prolog: str) -> None:
        self.records: list[RawRecord] = []
        self.repaired: list[Repair] = []
        self.refused: list[RefusedPart] = []
        self.opened: Counter[str] = Counter()
        self._shape = shape
        self._lines = lines_of(shape.groups)
        self._spaces = dict(NAMESPACE.findall(prolog))
        self._open = _wrapper(self._spaces)

    def between(self, gap: str, line: int) -> int:
        """Refuse what stands between records, if it is more than tags; return the line after."""
        if gap and not gap.isspace():
            around = COMMENT.sub("", gap)
            for closes, name, empty in OUTER.findall(around):
                self.opened[name] += 0 if empty else -1 if closes else 1
            words = TAG.sub("", around)
            if words.strip("\ufeff \t\r\n"):
                bare = gap.lstrip("\ufeff \t\r\n")
                at = line + gap.count("\n", 0, len(gap) - len(bare))
                self.refused.append(refuse(at, "outside-record", " ".join(bare.split())))
        return line + gap.count("\n")

    def take(self, piece: str, start: int, name: str, line: int) -> int:
        """Read a record, or refuse it; return the line after."""
        after = line + piece.count("\n")
        if name not in self._shape.notices:
            fields = self._lines.fields(piece)
            if fields is None:
                fields = plain_fields(piece, self._shape.groups)
            if fields is not None:
                self.records.append(RawRecord(start, line, fields))
                return after
        element, mended = self._parsed(piece)
        if name in self._shape.notices:
            words = piece if element is None else " ".join(_texts(element))
            self.refused.append(refuse(line, self._shape.notice, " ".join(words.split())))
        elif element is None:
            self.refused.append(refuse(line, "broken-element", " ".join(piece.split())))
        else:
            fields = tree_fields(element, self._shape.groups)
            if mended:
                self.repaired.append(repair(line, "mended-element"))
            if mended == "recovered":
                fields = (*fields, (SOURCE, piece))
            self.records.append(RawRecord(start, line, fields))
        return after

    def _parsed(self, piece: str) -> tuple[etree._Element | None, str]:
        """Return the element, and how it was mended: not, without loss, or recovered."""
        element = _element(f"{self._open}{piece}</x>")
        if element is not None:
            return element, ""
        used = {prefix: f'"{prefix}"' for prefix in PREFIX.findall(piece)}
        opened = _wrapper({f":{prefix}": name for prefix, name in used.items()} | self._spaces)
        element = _element(f"{opened}{piece}</x>")
        if element is not None:
            return element, ""
        forgiven = BARE.sub("&lt;", ENTITY.sub(_decoded, ILLEGAL.sub("", piece)))
        element = _element(f"{opened}{forgiven}</x>")
        if element is not None:
            return element, "forgiven"
        return _element(f"{opened}{forgiven}</x>", recover=True), "recovered"


def _wrapper(spaces: dict[str, str]) -> str:
    declared = (f" xmlns{at}={uri}" for at, uri in spaces.items() if at not in (":xml", ":xmlns"))
    return f"<x{''.join(declared)}>"


def _element(text: str, *, recover: bool = False) -> etree._Element | None:
    """Return the element that a wrapper holds, or ``None``; recovered, it may end too early."""
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, recover=recover,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(text, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    if root is None or not len(root):
        return None
    if len(root[0]) == 0 if recover else len(root) > 1:
        return None
    return root[0]


def _decoded(found: re.Match[str]) -> str:
    """Return what an entity means, or itself as text."""
    means = html.unescape(found[0])
    if means == found[0] or not found[1]:
        return f"&amp;{found[0][1:]}"
    return html.escape(ILLEGAL.sub("", means))


def _texts(element: etree._Element) -> Iterator[str]:
    return (str(text) for text in element.itertext())


def tree_fields(record: etree._Element, groups: frozenset[str]) -> Fields:
    """Return the fields of a record that was parsed; where a record is plain, those told so."""
    found = [(f"@{_local(key)}={value}", "") for key, value in record.items()]
    _walk(record, "", groups, found)
    return tuple(found)


def _walk(
    above: etree._Element, path: str, groups: frozenset[str], found: list[tuple[str, str]]
) -> None:
    """Tell every element below, in order; XML this deep would not have been parsed."""
    stray = above.text
    if stray and not stray.isspace():
        found.append((path[:-1], stray))
    for element in above:
        tag = element.tag
        name = tag if tag[0] != "{" else _local(tag)
        told = path + name
        attributes = element.items()
        for key, value in attributes:
            told += f"@{_local(key)}={value}"
        if not len(element):
            found.append((told, element.text or ""))
        elif _is_value(element):
            found.append((told, "".join(element.itertext())))
        else:
            if attributes or name in groups:
                found.append((told, ""))
            _walk(element, f"{path}{name}/", groups, found)
        stray = element.tail
        if stray and not stray.isspace():
            found.append((path[:-1], stray))


def _is_value(element: etree._Element) -> bool:
    """Tell whether an element with others inside is one value: text with markup in it."""
    text = element.text
    if text and not text.isspace():
        return not any(len(child) and _local(child.tag) not in INLINE for child in element)
    return all(_local(child.tag) in INLINE for child in element)


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
