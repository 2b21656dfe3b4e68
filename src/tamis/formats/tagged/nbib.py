"""PubMed's own format (nbib, MEDLINE tagged), also as ERIC writes it.

A tag of two to four letters stands at the margin, its value continues on indented lines, and a
blank line ends the record. A record's id is the byte offset of its first tag.
"""

from __future__ import annotations

import re
from sys import intern

from tamis.domain.records import RefusedPart, Repair
from tamis.formats.lexed import Lexed, RawRecord, refuse, repair
from tamis.formats.lines import Line, split_lines

__all__ = ["lex_nbib", "mark_nbib"]

TAG = re.compile(r"\ufeff?([A-Z][A-Z0-9]{1,4}) {0,3}-(?: |\Z)")
FIRST = re.compile(r"(?:\A|[\r\n])\ufeff?(?:PMID- |OWN {1,2}- |STAT- )")

#: Tags a record holds once. Where one comes back after a blank line, a new record has begun.
ONCE = frozenset({"PMID", "OWN", "STAT", "TI", "SO", "DP", "JT", "OID"})


def mark_nbib(text: str) -> int | None:
    r"""Return where the first ``PMID-``, ``OWN -`` or ``STAT-`` line stands, or ``None``.

    Examples
    --------
    >>> mark_nbib("PMID- 1"), mark_nbib("TY  - JOUR\nPMID  - 1")
    (0, None)
    """
    found = FIRST.search(text)
    return found.start() if found else None


def lex_nbib(text: str, line: int = 1) -> Lexed:
    r"""Cut ``text`` into records; ``line`` is the number of its first line.

    Examples
    --------
    >>> lexed = lex_nbib("PMID- 1\nTI  - A title\n      wrapped\n\nPMID- 2")
    >>> [record.fields for record in lexed.records]
    [(('PMID', '1'), ('TI', 'A title\n      wrapped')), (('PMID', '2'),)]
    """
    lexer = NbibLexer()
    for one in split_lines(text, line):
        lexer.feed(one)
    return lexer.finish()


class NbibLexer:
    """Reads lines one by one; ``_first`` is the tag with which records of this file begin."""

    def __init__(self) -> None:
        self.records: list[RawRecord] = []
        self.repaired: list[Repair] = []
        self.refused: list[RefusedPart] = []
        self._fields: list[tuple[str, list[str]]] = []
        self._seen: set[str] = set()
        self._start = self._line = 0
        self._blank = False
        self._first = ""

    def feed(self, line: Line) -> None:
        """Read one line."""
        text = line.text
        if not text or text.isspace():
            self._blank = True
            return
        found = TAG.match(text)
        if found is not None:
            self._field(line, found)
        elif self._fields and (text[0] in " \t" or not self._blank):
            self._continue(line)
        else:
            self.refused.append(refuse(line.number, "outside-record", text))
        self._blank = False

    def finish(self) -> Lexed:
        """Close the last record and return everything that was read."""
        self._close()
        return Lexed(
            records=tuple(self.records), repaired=tuple(self.repaired), refused=tuple(self.refused)
        )

    def _field(self, line: Line, found: re.Match[str]) -> None:
        tag = intern(found[1])
        if self._fields and self._begins(tag, line):
            self._close()
        if not self._fields:
            self._start, self._line = line.start + found.start(1), line.number
            self._first = self._first or tag
        self._seen.add(tag)
        self._fields.append((tag, [line.text[found.end() :]]))

    def _begins(self, tag: str, line: Line) -> bool:
        if tag == "PMID" and (self._blank or "PMID" in self._seen):
            return True
        if not self._blank:
            return False
        if tag == self._first:
            return True
        new = tag in ONCE and tag in self._seen
        self.repaired.append(repair(line.number, "no-separator" if new else "blank-inside"))
        return new

    def _continue(self, line: Line) -> None:
        if line.text[0] not in " \t":
            self.repaired.append(repair(line.number, "unindented"))
        elif self._blank:
            self.repaired.append(repair(line.number, "blank-inside"))
        self._fields[-1][1].append(line.text)

    def _close(self) -> None:
        if self._fields:
            fields = tuple((tag, "\n".join(value)) for tag, value in self._fields)
            self.records.append(RawRecord(self._start, self._line, fields))
            self._fields, self._seen = [], set()
