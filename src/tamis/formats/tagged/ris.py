"""RIS: a lexer that loses no line, whatever program wrote or cut the file.

A record runs from ``TY`` to ``ER``. Its id is the byte offset of the ``T`` of ``TY``, so that a
later reading that attaches stray lines otherwise still gives every record the same id.
"""

from __future__ import annotations

import re
from sys import intern

from tamis.domain.records import RefusedPart, Repair
from tamis.formats.lexed import Lexed, RawRecord, refuse, repair
from tamis.formats.lines import Line, split_lines

__all__ = ["lex_ris", "mark_ris"]

#: A field line: tag, one to three blanks, hyphen, at most one blank that is no part of the value.
#: A byte-order mark, also one that was read as text, may stand before it.
TAG = re.compile(r"(?:\ufeff|ï»¿)?[ \t]{0,3}([A-Z][A-Z0-9]|PMID|PMCID)( {1,3})-( ?)")

#: With one blank before the hyphen (``IL - 6`` begins many a wrapped abstract line) only these
#: tags open a field, unless the record's own ``TY`` is written with one blank.
NARROW = re.compile("TY|ER|AU|A1|TI|T1|PY|Y1|AB|N2|JO|JF|T2|VL|IS|SP|EP|SN|DO|UR|KW|ID|AN|DB")

#: Lines that platforms put between records (Ovid, Wiley, ProQuest, JSTOR, counters).
FURNITURE = re.compile(
    r"(?:<?\d+\.? ?>?|Record #\d+ of \d+|Provider: .*|Content: .*|Database: .*"
    r"|Link to the (?:Ovid|External) .*)\Z",
    re.DOTALL,
)

#: What furniture says about the database, as (beginning, name).
PROVIDERS: tuple[tuple[str, str], ...] = (
    ("Provider: John Wiley", "CENTRAL"),
    ("Provider: JSTOR", "JSTOR"),
    ("Database: PsycINFO", "APA PsycInfo"),
    ("Link to the Ovid", "Ovid"),
)

FIRST = re.compile(r"(?:\A|[\r\n])(?:\ufeff|ï»¿)?[ \t]{0,3}TY {1,3}-")


def mark_ris(text: str) -> int | None:
    r"""Return where the first ``TY`` line stands, or ``None``.

    Examples
    --------
    >>> mark_ris("1.\nTY  - JOUR\nER  - "), mark_ris("title,year")
    (2, None)
    """
    found = FIRST.search(text)
    return found.start() if found else None


def lex_ris(text: str, line: int = 1) -> Lexed:
    r"""Cut ``text`` into records; ``line`` is the number of its first line.

    Examples
    --------
    >>> lexed = lex_ris("TY  - JOUR\nTI  - A title\n  wrapped\nKW  - a\nKW  - b")
    >>> lexed.records[0].fields
    (('TY', 'JOUR'), ('TI', 'A title\n  wrapped'), ('KW', 'a'), ('KW', 'b'))
    >>> lexed.repaired[0].code
    'cut-off'
    """
    lexer = RisLexer()
    for one in split_lines(text, line):
        lexer.feed(one)
    return lexer.finish()


class RisLexer:
    """Reads lines one by one. ``state``: closed, loose (fields before any ``TY``), open."""

    def __init__(self) -> None:
        self.records: list[RawRecord] = []
        self.repaired: list[Repair] = []
        self.refused: list[RefusedPart] = []
        self.database = ""
        self._state = "closed"
        self._fields: list[tuple[str, str]] = []
        self._more: list[str] = []  # lines that continue the last field
        self._loose: list[Line] = []
        self._start = self._line = self._last = self._blanks = 0
        self._narrow = False
        self._after_end = self._follows_end = False

    def feed(self, line: Line) -> None:
        """Read one line."""
        text = line.text
        if not text or text.isspace():
            self._blank()
            return
        self._last = line.number
        found = TAG.match(text)
        if found is None or not self._is_tag(found):
            self._untagged(line)
        elif found[1] == "TY":
            self._begin(line, found)
        elif found[1] == "ER" and text[found.end() :].strip() == "":
            self._end(line)
        else:
            self._field(line, found)
        self._blanks = 0

    def finish(self) -> Lexed:
        """Close what is open and return everything that was read."""
        if self._state == "open":
            self._close(repair(self._last, "cut-off", self._line))
        elif self._follows_end:
            self._attach()
        elif self._state == "loose":
            self.refused += [refuse(x.number, "outside-record", x.text) for x in self._loose]
        return Lexed(
            records=tuple(self.records),
            repaired=tuple(self.repaired),
            refused=tuple(self.refused),
            database=self.database,
        )

    def _blank(self) -> None:
        self._blanks += 1
        self._after_end = False
        if self._follows_end:
            self._attach()

    def _attach(self) -> None:
        """Give fields that stand between ``ER`` and a blank line to the record before (Ovid)."""
        before = self.records.pop()
        self._fields = [*before.fields, *self._fields]
        self.repaired.append(repair(self._loose[0].number, "tag-after-end"))
        self._start, self._line = before.start, before.line
        self._close(None)
        self._after_end = False

    def _is_tag(self, found: re.Match[str]) -> bool:
        if len(found[2]) > 1:
            return True
        rest = found.string[found.end() :].strip()
        if found[1] == "ER":
            return not rest
        known = self._narrow or NARROW.match(found[1]) is not None
        return known and (bool(found[3]) or not rest)

    def _begin(self, line: Line, found: re.Match[str]) -> None:
        if self._state == "open":
            self._close(repair(line.number, "no-end", self._line))
        elif self._state == "loose":
            self.repaired.append(repair(self._loose[0].number, "tag-before-type"))
        self._state = "open"
        self._start, self._line = line.start + found.start(1), line.number
        self._narrow = len(found[2]) == 1
        self._loose, self._follows_end = [], False
        self._add("TY", line.text[found.end() :])

    def _end(self, line: Line) -> None:
        if self._state == "closed":
            self.repaired.append(repair(line.number, "extra-end", line.text.strip()))
            return
        self._add("ER", "")
        self._close(repair(self._line, "no-type") if self._state == "loose" else None)

    def _field(self, line: Line, found: re.Match[str]) -> None:
        if self._state == "closed":
            self._state = "loose"
            self._follows_end = self._after_end
            self._start, self._line = line.start + found.start(1), line.number
        if self._state == "loose":
            self._loose.append(line)
        self._add(intern(found[1]), line.text[found.end() :])

    def _untagged(self, line: Line) -> None:
        apart = self._state == "closed" or self._blanks > 0
        furniture = apart and FURNITURE.match(line.text.strip()) is not None
        if furniture or self._state == "closed" or (self._state == "loose" and self._blanks):
            code = "export-furniture" if furniture else "outside-record"
            self.refused.append(refuse(line.number, code, line.text))
            self._after_end = False
            self._note(line.text.strip())
            return
        if self._state == "loose":
            self._loose.append(line)
        self._more += [""] * self._blanks
        self._more.append(line.text)

    def _add(self, tag: str, value: str) -> None:
        if self._more:
            self._join()
        self._fields.append((tag, value))

    def _join(self) -> None:
        tag, value = self._fields[-1]
        self._fields[-1] = (tag, "\n".join([value, *self._more]))
        self._more = []

    def _note(self, text: str) -> None:
        if not self.database:
            named = (name for start, name in PROVIDERS if text.startswith(start))
            self.database = next(named, "")

    def _close(self, mended: Repair | None) -> None:
        if self._more:
            self._join()
        self.records.append(RawRecord(self._start, self._line, tuple(self._fields)))
        if mended is not None:
            self.repaired.append(mended)
        self._fields, self._loose, self._state, self._narrow = [], [], "closed", False
        self._after_end, self._follows_end = True, False
