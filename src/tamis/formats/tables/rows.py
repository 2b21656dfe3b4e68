"""Rows of delimited text, with the character at which each begins.

The standard library's reader is not used because it gives no positions, drops what follows an
unclosed quotation mark into one cell, and limits a cell's length for the whole process.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

__all__ = ["Row", "split_rows"]


@dataclass(frozen=True, slots=True)
class Row:
    """One row: first character, first line, cells; ``flaw`` names a mended quotation mark."""

    start: int
    line: int
    cells: tuple[str, ...]
    flaw: str = ""


def split_rows(text: str, delimiter: str) -> Iterator[Row]:
    r"""Yield the rows of ``text``, blank lines left out.

    A quoted cell ends at a quotation mark that a delimiter or a line end follows; a doubled mark
    stands for itself, and any other mark inside is read as a character and flagged. If the cell
    would run over a line end into the beginning of another quoted cell, its own opening mark was
    never closed: it is read as a character, so that two rows do not merge into one.

    Parameters
    ----------
    text
        The whole table.
    delimiter
        The one character that parts cells.

    Examples
    --------
    >>> [row.cells for row in split_rows('a,"b ""c""\nd",e\n\n="01",x', ",")]
    [('a', 'b "c"\nd', 'e'), ('="01"', 'x')]
    >>> [(row.line, row.cells, row.flaw) for row in split_rows('a,"b\nc,"d, e"', ",")]
    [(1, ('a', '"b'), 'unclosed-quote'), (2, ('c', 'd, e'), '')]
    """
    cutter = _Cutter(text, delimiter)
    line, counted = 1, 0
    while cutter.position < len(text):
        start = cutter.skip_blank_lines()
        if start == len(text):
            return
        line += text.count(cutter.line_end, counted, start)
        counted = start
        cells, flaw = cutter.row()
        if len(cells) > 1 or cells[0].strip():
            yield Row(start, line, cells, flaw)


class _Cutter:
    """Cuts cells; each character is looked at a bounded number of times."""

    def __init__(self, text: str, delimiter: str) -> None:
        self.text = text
        self.delimiter = delimiter
        self.line_end = "\n" if "\n" in text else "\r"
        self.position = 0
        self._pattern, self._plain = _patterns(delimiter, self.line_end)
        self._opening = re.compile(rf'[{re.escape(delimiter)}{self.line_end}] {{0,3}}+"(?!")')
        ending = r"\r{0,2}\n" if self.line_end == "\n" else r"\r"
        self._blank = re.compile(rf"(?: *+{ending})++")
        self._plain_until = 0

    def skip_blank_lines(self) -> int:
        """Go to the next row and return where it begins."""
        found = self._blank.match(self.text, self.position)
        self.position = found.end() if found else self.position
        return self.position

    def row(self) -> tuple[tuple[str, ...], str]:
        cells, flaw, end = [], "", self.delimiter
        while end == self.delimiter:
            found = self._cell()
            cell, cell_flaw = _value(found)
            cells.append(cell)
            flaw = flaw or cell_flaw
            self.position, end = found.end(), found["end"]
        return tuple(cells), flaw

    def _cell(self) -> re.Match[str]:
        if self.position >= self._plain_until:
            found = self._match(self._pattern)
            if not self._is_unclosed(found):
                return found
        return self._match(self._plain)

    def _is_unclosed(self, found: re.Match[str]) -> bool:
        quoted = found["quoted"]
        if quoted is None:
            if found["bare"].lstrip(" ").startswith('"'):
                self._plain_until = len(self.text)  # nothing behind this mark is ever closed
                return True
            return False
        if self.line_end not in quoted:
            return False
        openings = [x.end() for x in self._opening.finditer(quoted)]
        if not openings:
            return False
        self._plain_until = found.start("quoted") + openings[-1] - 1
        return True

    def _match(self, pattern: re.Pattern[str]) -> re.Match[str]:
        found = pattern.match(self.text, self.position)
        if found is None:  # both patterns match an empty cell anywhere
            raise AssertionError(self.position)
        return found


def _value(found: re.Match[str]) -> tuple[str, str]:
    quoted = found.groupdict().get("quoted")
    if quoted is None:
        bare = found["bare"]
        return bare, "unclosed-quote" if bare.lstrip(" ").startswith('"') else ""
    if '"' not in quoted:
        return quoted, ""
    stray = '"' in quoted.replace('""', "")
    return quoted.replace('""', '"'), "stray-quote" if stray else ""


@lru_cache(maxsize=16)
def _patterns(delimiter: str, line_end: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the patterns of a cell with and without quoting; possessive, so never quadratic."""
    mark = re.escape(delimiter)
    stop = rf"(?:{mark}|\r{{0,2}}\n|\Z)" if line_end == "\n" else rf"(?:{mark}|\r|\Z)"
    closing = rf'"(?= {{0,3}}{stop})'
    quoted = rf' {{0,3}}+"(?P<quoted>(?:[^"]++|""|(?!{closing})")*+){closing} {{0,3}}'
    # a bare cell may hold a CR that no LF follows; Web of Science writes such
    inside = rf"[^{mark}\r\n]" if line_end == "\n" else rf"[^{mark}\r]"
    lone = r"|\r(?!\r?\n)" if line_end == "\n" else ""
    bare = rf'(?P<bare>="[^"\r\n]*+"|(?:{inside}{lone})*+)'
    end = rf"(?P<end>{mark}|\r{{0,2}}\n|\Z)" if line_end == "\n" else rf"(?P<end>{mark}|\r|\Z)"
    return re.compile(f"(?:{quoted}|{bare}){end}"), re.compile(bare + end)
