"""One lexer for every family of tagged lines but RIS and PubMed's, which have their own.

What differs between Ovid, Web of Science, RefWorks, refer, NoteExpress and the Chinese databases is
a :class:`Syntax`: how a field begins, with which tag a record begins, which line ends one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from sys import intern

from tamis.domain.records import RefusedPart, Repair
from tamis.formats.lexed import Lexed, RawRecord, refuse, repair
from tamis.formats.lines import Line, split_lines

__all__ = ["Syntax", "lex_blocks"]

NOTHING = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Syntax:
    """How one family of tagged lines is written.

    ``line`` matches the beginning of a field line; its first group that took part is the tag and
    what follows the match is the value. ``opener`` matches a line that only begins a record (Ovid's
    ``<12. >``); it is kept as a field ``<>``. ``first`` are tags with which a record begins,
    ``last`` is the tag that ends one. After a blank line a record also begins with the tag with
    which the file's first record began, and with a tag of ``once`` that the open record already
    holds. ``known`` limits the tags of lines that might as well be wrapped text. ``furniture`` are
    lines outside records that programs add, and ``providers`` what they say about the database.
    """

    line: re.Pattern[str]
    first: frozenset[str]
    opener: re.Pattern[str] = NOTHING
    last: str = ""
    once: frozenset[str] = frozenset()
    known: frozenset[str] = frozenset()
    furniture: re.Pattern[str] = NOTHING
    providers: Mapping[str, str] = field(default_factory=dict)


def lex_blocks(text: str, syntax: Syntax, line: int = 1) -> Lexed:
    r"""Cut ``text`` into records; ``line`` is the number of its first line.

    Examples
    --------
    >>> syntax = Syntax(line=re.compile("%(.) "), first=frozenset("0"), once=frozenset("T"))
    >>> lexed = lex_blocks("%0 Book\n%T A title\nwrapped\n\n%0 Book\n%T B", syntax)
    >>> [record.fields for record in lexed.records]
    [(('0', 'Book'), ('T', 'A title\nwrapped')), (('0', 'Book'), ('T', 'B'))]
    """
    lexer = _BlockLexer(syntax)
    for one in split_lines(text, line):
        lexer.feed(one)
    return lexer.finish()


class _BlockLexer:
    """Reads lines one by one; ``_opener`` is the tag with which the file's first record began."""

    def __init__(self, syntax: Syntax) -> None:
        self.syntax = syntax
        self.records: list[RawRecord] = []
        self.repaired: list[Repair] = []
        self.refused: list[RefusedPart] = []
        self.database = ""
        self._fields: list[tuple[str, list[str]]] = []
        self._seen: set[str] = set()
        self._start = self._line = self._blanks = 0
        self._opener = ""

    def feed(self, line: Line) -> None:
        """Read one line."""
        if not line.text or line.text.isspace():
            self._blanks += 1
            return
        tag, value, start = self._tag(line)
        if tag and tag == self.syntax.last and not value.strip():
            self._end(line)
        elif tag:
            self._field(line, (tag, value), start)
        else:
            self._untagged(line)
        self._blanks = 0

    def finish(self) -> Lexed:
        """Close the last record and return everything that was read."""
        if self._fields and self.syntax.last:
            self.repaired.append(repair(self._line, "cut-off", self._line))
        self._close()
        return Lexed(
            records=tuple(self.records),
            repaired=tuple(self.repaired),
            refused=tuple(self.refused),
            database=self.database,
        )

    def _tag(self, line: Line) -> tuple[str, str, int]:
        """Return tag, value and where the tag stands; no tag if the line is no field."""
        # the record's first byte: what stands before a first tag is part of the mark itself
        start = len(line.text) - len(line.text.lstrip("\ufeff \t"))
        opened = self.syntax.opener.match(line.text)
        if opened is not None:
            return "<>", opened[1], start
        found = self.syntax.line.match(line.text)
        if found is None or found.lastindex is None:
            return "", "", 0
        tag = found[found.lastindex]
        if not self._fields and self.syntax.furniture.match(line.text):
            return "", "", 0
        if self.syntax.known and tag not in self.syntax.known:
            return "", "", 0
        return intern(tag), line.text[found.end() :], start

    def _field(self, line: Line, held: tuple[str, str], start: int) -> None:
        tag, value = held
        if self._fields and self._begins(tag, line):
            self._close()
        if not self._fields:
            self._start, self._line = line.start + start, line.number
            self._opener = self._opener or tag
            if tag not in self.syntax.first and self.syntax.last:
                self.repaired.append(repair(line.number, "no-first-line"))
        self._seen.add(tag)
        self._fields.append((tag, [value]))

    def _begins(self, tag: str, line: Line) -> bool:
        """Tell whether a tag begins a new record although the one before is still open."""
        if tag in self.syntax.first:
            alone = all(held == tag for held, _ in self._fields)
            if (tag in self._seen and not alone) or (self._blanks and not alone):
                if self.syntax.last:
                    self.repaired.append(repair(line.number, "not-ended", self._line))
                return True
            return False
        if not self._blanks or self.syntax.last:
            return False
        if tag == self._opener or (tag in self.syntax.once and tag in self._seen):
            return True
        if self.syntax.once:
            self.repaired.append(repair(line.number, "blank-inside"))
        return False

    def _untagged(self, line: Line) -> None:
        if not self._fields:
            code = "export-furniture" if self._furnishes(line.text) else "outside-record"
            self.refused.append(refuse(line.number, code, line.text))
            return
        self._fields[-1][1].extend([""] * self._blanks)
        self._fields[-1][1].append(line.text)

    def _furnishes(self, text: str) -> bool:
        if self.syntax.furniture.match(text) is None:
            return False
        named = (name for mark, name in self.syntax.providers.items() if mark in text)
        self.database = self.database or next(named, "")
        return True

    def _end(self, line: Line) -> None:
        if not self._fields:
            self.repaired.append(repair(line.number, "extra-end", line.text.strip()))
            return
        self._fields.append((self.syntax.last, [""]))
        self._close()

    def _close(self) -> None:
        if self._fields:
            fields = tuple((tag, "\n".join(value)) for tag, value in self._fields)
            self.records.append(RawRecord(self._start, self._line, fields))
            self._fields, self._seen = [], set()
