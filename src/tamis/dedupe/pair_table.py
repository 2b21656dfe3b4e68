"""Pair decisions as a table (``a, b, decision, rule``), the same bytes for the same decisions."""

from __future__ import annotations

import csv
import difflib
import io
from collections.abc import Iterable, Mapping

from tamis.domain.errors import BadInput, Place
from tamis.domain.records import PairDecision

__all__ = ["COLUMNS", "read_pairs", "write_pairs"]

COLUMNS = ("a", "b", "decision", "rule")


def write_pairs(pairs: Iterable[PairDecision]) -> bytes:
    r"""Return the decisions as CSV: UTF-8, LF, sorted by the two ids.

    Examples
    --------
    >>> write_pairs([PairDecision(a="x:1", b="x:2", decision="same", rule="same-pmid")])
    b'a,b,decision,rule\nx:1,x:2,same,same-pmid\n'
    """
    rows = sorted((p.a, p.b, p.decision, p.rule) for p in pairs)
    return "".join(map(_line, (COLUMNS, *rows))).encode("utf-8")


def _line(cells: Iterable[str]) -> str:
    """Return one row; written with CR LF first, so that a CR inside a cell is quoted too."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerow(cells)
    return text.getvalue().removesuffix("\r\n") + "\n"


def read_pairs(data: bytes, *, name: str) -> tuple[PairDecision, ...]:
    r"""Read a table of pair decisions; the smaller id of a row may stand on either side.

    Parameters
    ----------
    data
        The bytes of the file.
    name
        Its name, for messages.

    Raises
    ------
    BadInput
        With file and line: not UTF-8, a column missing or unknown, a row of another length, an
        unknown decision, a record paired with itself, one pair decided twice.

    Examples
    --------
    >>> read_pairs(b"a,b,decision,rule\nx:2,x:1,same,p-rev-a\n", name="pairs.csv")
    (PairDecision(a='x:1', b='x:2', decision='same', rule='p-rev-a'),)
    """
    rows = _rows(_text(data, name), name)
    seen: dict[tuple[str, str], int] = {}
    found: list[PairDecision] = []
    for line, row in rows:
        where = Place(file=name, line=line)
        pair = _pair(row, where)
        first = seen.setdefault((pair.a, pair.b), line)
        if first != line:
            raise BadInput(
                f"the pair {pair.a}, {pair.b} was already decided in line {first}",
                "keep one of the two rows",
                where=where,
            )
        found.append(pair)
    return tuple(found)


def _text(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise BadInput(
            "this table is not UTF-8", "save it as UTF-8", where=Place(file=name, line=line)
        ) from error


def _rows(text: str, name: str) -> list[tuple[int, Mapping[str, str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[tuple[int, Mapping[str, str]]] = []
    try:
        header = next(reader, [])
        _check_header(header, Place(file=name, line=1))
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                raise BadInput(
                    f"this row has {len(cells)} cells and the header has {len(header)}",
                    "give every column one cell",
                    where=Place(file=name, line=reader.line_num),
                )
            rows.append((reader.line_num, dict(zip(header, cells, strict=True))))
    except csv.Error as error:
        raise BadInput(
            f"this is no readable CSV ({error})",
            "close the quotes, and double the quotes inside a cell",
            where=Place(file=name, line=reader.line_num),
        ) from error
    return rows


def _check_header(header: list[str], where: Place) -> None:
    for column in header:
        if column not in COLUMNS:
            near = difflib.get_close_matches(column, COLUMNS, 1)
            raise BadInput(
                f"the column {column!r} is not known",
                f"did you mean {near[0]!r}?" if near else f"the columns are {', '.join(COLUMNS)}",
                where=where,
            )
    for column in COLUMNS:
        if header.count(column) != 1:
            raise BadInput(
                f"the column {column!r} stands {header.count(column)} times in the header",
                f"the columns are {', '.join(COLUMNS)}",
                where=where,
            )


def _pair(row: Mapping[str, str], where: Place) -> PairDecision:
    a, b = sorted((row["a"].strip(), row["b"].strip()))
    if not a or a == b:
        raise BadInput("this row does not name two records", "give two record ids", where=where)
    try:
        return PairDecision(a=a, b=b, decision=row["decision"].strip(), rule=row["rule"].strip())
    except BadInput as error:
        raise BadInput(error.problem, error.remedy, where=where) from error
