"""Entries cut out of a BibTeX file. A value that never closes ends where the next field begins."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tamis.domain.records import RefusedPart, Repair
from tamis.formats.lexed import Lexed, RawRecord, refuse, repair

__all__ = ["CROSSREF", "MACRO", "lex_bibtex", "mark_bibtex"]

ENTRY = re.compile(r"@[ \t]*([A-Za-z][\w-]{0,40})\s*([{(])")
MARK = re.compile(
    r"(?:\A|[\r\n}])[ \t\ufeff]*@[ \t]*[A-Za-z][\w-]{0,40}\s*[{(]\s*[^\s=,{}()]{0,200}\s*[,}=]"
)
FIELD = re.compile(r"[\s,]*([^\s={}(),#\"@]{1,80}(?:[ \u00a0]\d{1,3})?)\s*=\s*")
KEY = re.compile(r"\s*([^\s,={}\"]{0,300}?)\s*(?:,|(?=[})]))")
SPACED_KEY = re.compile(r"\s*([^,={}\"\n]{1,300}?)\s*,")
NEXT_FIELD = re.compile(r",?[ \t]*[\r\n]+[ \t]*[A-Za-z][\w-]{1,40}\s*=\s*[{\"\d]")
#: A field behind a comma at a line end: a value that holds one did not close.
SWALLOWED = re.compile(r",[ \t]*[\r\n]+[ \t]*[A-Za-z][\w-]{1,40}\s*=\s*[{\"]")
BARE = re.compile(r"[^\s,#{}()\"]+")
TOKEN = re.compile(r"\\.|[{}]", re.DOTALL)
QUOTED = re.compile(r"\\.|[{}\"]", re.DOTALL)
PARENTHESISED = re.compile(r"\\.|[{})]", re.DOTALL)

JOIN = re.compile(r"\s*#\s*")
REST = re.compile(r"[\s,]*")

#: What stands between entries and cites nothing.
APART = frozenset({"comment", "preamble", "string"})

#: An entry with more unclosed values than this ends each at what looks like a field at all.
MOST_UNCLOSED = 20

#: Before the name of a field that the entry has from another one, and of a macro it uses.
CROSSREF, MACRO = "crossref/", "@string "


def mark_bibtex(text: str) -> int | None:
    r"""Return where the first entry stands, or ``None``.

    Examples
    --------
    >>> mark_bibtex("% a file\n@article{key,\n title={A}}"), mark_bibtex("write to a@b {me}")
    (8, None)
    """
    found = MARK.search(text)
    return found.start() if found else None


def lex_bibtex(text: str) -> Lexed:
    """Cut ``text`` into records; a record's id is the byte of its ``@``.

    Fields keep their values as they are written, with braces or quotation marks. Macros that a
    record uses and the fields of the entry that it refers to follow its own.

    Examples
    --------
    >>> lexed = lex_bibtex('@string{j = "Lupus"} @article{k, title = {A}, journal = j, year=2020}')
    >>> lexed.records[0].fields[:3]
    (('@article', 'k'), ('title', '{A}'), ('journal', 'j'))
    >>> lexed.records[0].fields[3:]
    (('year', '2020'), ('@string j', '"Lupus"'))
    """
    cutter = _Cutter(text)
    cutter.run()
    return Lexed(
        records=tuple(cutter.finished()),
        repaired=tuple(cutter.repaired),
        refused=tuple(cutter.refused),
    )


@dataclass(slots=True)
class _Entry:
    start: int
    line: int
    key: str
    fields: list[tuple[str, str]]
    used: list[str] = field(default_factory=list)
    names: set[str] = field(default_factory=set)


class _Cutter:
    def __init__(self, text: str) -> None:
        self.text = text
        self.repaired: list[Repair] = []
        self.refused: list[RefusedPart] = []
        self._entries: list[_Entry] = []
        self._macros: dict[str, str] = {}
        self._line, self._counted = 1, 0
        self._never_closed, self._unclosed = False, 0

    def run(self) -> None:
        """Read every entry of the text, and show what stands between them."""
        position = 0
        while (found := ENTRY.search(self.text, position)) is not None:
            self._between(position, found.start())
            kind = found[1].lower()
            limit = _fresh(self.text, found.end(), len(self.text))
            if kind in APART:
                position = self._apart(kind, found, limit)
            else:
                position = self._entry(kind, found, limit)
        self._between(position, len(self.text))

    def finished(self) -> list[RawRecord]:
        """Return the records, each with its macros and what it has from another entry."""
        by_key = {entry.key.lower(): entry for entry in self._entries if entry.key}
        records = []
        for entry in self._entries:
            more = [(MACRO + name, self._macros[name]) for name in dict.fromkeys(entry.used)
                    if name in self._macros]  # fmt: skip
            own = {name.lower() for name, _ in entry.fields}
            parent = by_key.get(_referred(entry).lower())
            if parent is not None and parent is not entry:
                more += [
                    (CROSSREF + name, value)
                    for name, value in parent.fields[1:]
                    if name.lower() not in own or name.lower() == "title"
                ]
            records.append(RawRecord(entry.start, entry.line, (*entry.fields, *more)))
        return records

    def _line_at(self, position: int) -> int:
        if position < self._counted:
            return self.text.count("\n", 0, position) + 1
        self._line += self.text.count("\n", self._counted, position)
        self._counted = position
        return self._line

    def _between(self, start: int, end: int) -> None:
        for piece in re.finditer(r"[^\r\n]+", self.text[start:end]):
            said = piece[0].strip(" \t,\ufeff")
            if said and not said.startswith("%"):
                code = "outside-record"
                self.refused.append(refuse(self._line_at(start + piece.start()), code, said))
            elif said:
                code = "export-furniture"
                self.refused.append(refuse(self._line_at(start + piece.start()), code, said))

    def _apart(self, kind: str, found: re.Match[str], limit: int) -> int:
        """Read a macro; show a comment or preamble. Only a comment may hold entries."""
        line = self._line_at(found.start())
        closed = self._closing(found.end(), found[2], limit)
        if closed is None and kind == "comment" and not self._never_closed:
            closed = self._closing(found.end(), found[2], len(self.text))
            self._never_closed = closed is None
        if closed is None:
            self.repaired.append(repair(line, "not-ended", line))
        end = limit if closed is None else closed + 1
        inner = self.text[found.end() : end if closed is None else closed]
        if kind == "string":
            name, _, value = inner.partition("=")
            self._macros.setdefault(name.strip().lower(), value.strip())
        whole = " ".join(self.text[found.start() : end].split())
        self.refused.append(refuse(line, "export-furniture", whole))
        return end

    def _entry(self, kind: str, found: re.Match[str], limit: int) -> int:
        line = self._line_at(found.start())
        key = KEY.match(self.text, found.end(), limit) or SPACED_KEY.match(
            self.text, found.end(), limit
        )
        name = key[1] if key else ""
        self._unclosed = 0
        entry = _Entry(found.start(), line, name, [(f"@{kind}", name)])
        self._entries.append(entry)
        position, close = key.end() if key else found.end(), "}" if found[2] == "{" else ")"
        while True:
            told = FIELD.match(self.text, position)
            if told is None or told.start(1) >= max(limit, position):
                break
            position = self._value(entry, told[1], told.end(), limit)
            limit = max(limit, position)
        return self._end(entry, position, close, limit)

    def _end(self, entry: _Entry, position: int, close: str, limit: int) -> int:
        """Go behind the end of an entry; what stands before it and is no field is kept."""
        rest = REST.match(self.text, position)
        position = rest.end() if rest else position
        if self.text.startswith(close, position):
            return position + 1
        ended = self._closing(position, "{" if close == "}" else "(", limit)
        if ended is None:
            self.repaired.append(repair(entry.line, "not-ended", entry.line))
            ended = limit
        left = self.text[position:ended].strip(" \t\r\n,")
        if left:
            entry.fields.append(("", left))
            self.repaired.append(repair(entry.line, "no-field", left.split("\n")[0][:200]))
        return ended if ended >= limit else ended + 1

    def _value(self, entry: _Entry, name: str, start: int, limit: int) -> int:
        """Read a value and return where it ends: parts joined by ``#``."""
        position = start
        while True:
            position = self._piece(entry, position, limit)
            joined = JOIN.match(self.text, position)
            if joined is None:
                break
            position = joined.end()
        value = self.text[start:position].strip()
        if name.lower() in entry.names:
            self.repaired.append(repair(self._line_at(start), "field-again", name))
        entry.names.add(name.lower())
        entry.fields.append((name, value))
        return position

    def _piece(self, entry: _Entry, position: int, limit: int) -> int:
        opening = self.text[position : position + 1]
        if opening == "{":
            end = self._closing(position + 1, "{", self._bound(position, limit))
        elif opening == '"':
            end = self._quoted(position + 1, limit)
        else:
            found = BARE.match(self.text, position)
            if found is None:
                return position
            if not found[0].isdigit():
                entry.used.append(found[0].lower())
            return found.end()
        if end is not None and not self._swallows(position, end):
            return end + 1
        self._unclosed += 1
        self.repaired.append(repair(self._line_at(position), "unclosed-value", entry.line))
        found = NEXT_FIELD.search(self.text, position, limit)
        return found.start() if found else limit

    def _bound(self, position: int, limit: int) -> int:
        """Return how far a closing brace is looked for, so that time does not grow as a square."""
        if not self._unclosed:
            return limit
        pattern = SWALLOWED if self._unclosed < MOST_UNCLOSED else NEXT_FIELD
        found = pattern.search(self.text, position, limit)
        return found.start() if found else limit

    def _swallows(self, start: int, end: int) -> bool:
        """Tell whether what should be a value holds the next field."""
        if self.text.find("=", start, end) < 0 or self.text.find("\n", start, end) < 0:
            return False
        return SWALLOWED.search(self.text, start, end) is not None

    def _closing(self, position: int, opening: str, limit: int) -> int | None:
        """Return where the brace (or the entry's parenthesis) that is open closes."""
        depth = 0
        if opening == "(":
            return _parenthesis(self.text, position, limit)
        for found in TOKEN.finditer(self.text, position, limit):
            if found[0] == "{":
                depth += 1
            elif found[0] == "}":
                if depth == 0:
                    return found.start()
                depth -= 1
        return None

    def _quoted(self, position: int, limit: int) -> int | None:
        depth = 0
        for found in QUOTED.finditer(self.text, position, limit):
            if found[0] == "{":
                depth += 1
            elif found[0] == "}":
                depth -= 1
            elif found[0] == '"' and depth <= 0:
                return found.start()
        return None


def _fresh(text: str, position: int, limit: int) -> int:
    """Return where the next entry surely begins: at a margin, with a kind and a brace."""
    while (at := text.find("@", position, limit)) >= 0:
        margin = max(text.rfind("\n", 0, at), text.rfind("\r", max(0, at - 80), at))
        if not text[margin + 1 : at].strip() and ENTRY.match(text, at):
            return at
        position = at + 1
    return limit


def _parenthesis(text: str, position: int, limit: int) -> int | None:
    depth = 0
    for found in PARENTHESISED.finditer(text, position, limit):
        depth += {"{": 1, "}": -1}.get(found[0], 0)
        if found[0] == ")" and depth <= 0:
            return found.start()
    return None


def _referred(entry: _Entry) -> str:
    told = (value for name, value in entry.fields if name.lower() in ("crossref", "xdata"))
    return next(told, "").strip('{}" \t\r\n')
