"""Tables that people edit (contracts section 3): CSV in, checked rows with their lines out."""

from __future__ import annotations

import csv
import difflib
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tamis.domain.errors import BadInput, Place

__all__ = ["READING", "TABLES", "Row", "TableSpec", "read_table"]


#: Columns of a screening sheet that are there to be read; nothing of them is recorded.
READING = ("title", "authors", "year", "journal", "doi", "abstract")

#: The same for a question or a judgement of an appraisal.
_ASKED = ("asked", "takes")


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSpec:
    """The columns of one table; those in ``optional`` may be missing from the header.

    Columns of ``passed_over`` may stand there too: ``tamis sheet`` writes them for the reader. A
    row that has something there, nothing in the columns of ``fill`` and none of the words of
    ``said`` (column to word) is one that nobody has filled in yet.
    """

    name: str
    columns: tuple[str, ...]
    optional: frozenset[str] = frozenset()
    meaning: str = ""
    passed_over: tuple[str, ...] = ()
    fill: tuple[str, ...] = ()
    said: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row: its cells by column (missing optional columns are empty), and its place."""

    cells: Mapping[str, str]
    where: Place

    def __getitem__(self, column: str) -> str:
        return self.cells[column]


def _spec(
    name: str,
    columns: str,
    optional: str = "",
    *,
    meaning: str,
    passed_over: tuple[str, ...] = (),
    fill: str = "",
    said: tuple[tuple[str, str], ...] = (),
) -> TableSpec:
    return TableSpec(
        name=name,
        columns=tuple(columns.split()),
        optional=frozenset(optional.split()),
        meaning=meaning,
        passed_over=passed_over,
        fill=tuple(fill.split()),
        said=said,
    )


TABLES: Mapping[str, TableSpec] = {
    spec.name: spec
    for spec in (
        _spec("votes", "stage record_id reviewer decision reason criteria at",
              "reason criteria at", meaning="reviewers' verdicts, one report a row",
              passed_over=READING, fill="decision"),
        _spec("consensus", "stage record_id settles decision reason by at", "settles at",
              meaning="settled conflicts; settles empty means the verdicts standing now",
              passed_over=("verdicts", *READING), fill="decision"),
        _spec("pairs", "a b decision reason by at", "reason at",
              meaning="people's decisions that two records are the same report, or are not",
              passed_over=("engine", "rule", "record_a", "record_b"), fill="decision"),
        _spec("links", "study label design role report kind record_ids", "record_ids",
              meaning="which records are one report, and of which study",
              passed_over=READING, fill="design"),
        _spec("documents", "report file role by at", "role by at",
              meaning="full texts to attach; file is relative to the table",
              passed_over=("study", "title"), fill="file"),
        _spec("values",
              "study arm_or_contrast outcome definition estimand visit statistic number unit"
              " denominator anchor_kind document page start end quote citation location status"
              " extractor note inputs",
              "denominator document page start end quote citation location note inputs",
              meaning="extracted values, one statistic a row",
              passed_over=("asked", "files"), fill="number",
              said=(("anchor_kind", "looked-for"),)),
        _spec("appraisals",
              "tool version result assessor question answer support anchor judgement reason",
              "answer support anchor judgement reason",
              meaning="answers and judgements of a risk-of-bias tool",
              passed_over=(*_ASKED, "only_if"), fill="answer judgement"),
        _spec("appraisal-consensus",
              "tool version result question settles answer support anchor judgement reason by at",
              "settles answer support anchor judgement at",
              meaning="settled differences of assessors; settles empty means what stands now",
              passed_over=(*_ASKED, "said"), fill="answer judgement"),
        _spec("grades", "outcome body domain decision reason by at", "at",
              meaning="GRADE decisions, one domain of one body a row",
              passed_over=(*_ASKED, "proposed", "why"), fill="decision"),
        _spec("notes", "topic subject fields by at", "at",
              meaning="notes: mechanisms, conflicts, overlaps, unknowns"),
    )
}  # fmt: skip


def read_table(data: bytes, spec: TableSpec, *, name: str) -> tuple[Row, ...]:
    """Read a table, or refuse it with file, line and remedy before anything is changed.

    Raises
    ------
    BadInput
        When the bytes are not UTF-8, a column is missing or unknown, or a row has too many or
        too few cells.
    """
    lines = _rows(_decode(data, name), name)
    header_at, header = next(lines, (1, []))
    _check_header(header, spec, Place(file=name, line=header_at))
    rows: list[Row] = []
    for line, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        where = Place(file=name, line=line)
        if len(cells) != len(header):
            raise BadInput(
                f"this row has {len(cells)} cells and the header has {len(header)}",
                "put texts that hold commas or line breaks in double quotes",
                where=where,
            )
        row = dict.fromkeys(spec.columns, "") | dict(zip(header, cells, strict=True))
        if _left_open(row, spec):
            continue
        rows.append(Row(cells={key: text.strip() for key, text in row.items()}, where=where))
    return tuple(rows)


def _left_open(row: Mapping[str, str], spec: TableSpec) -> bool:
    """Whether this is a row of a sheet in which nothing was filled in yet."""
    read_only = any(row.get(column, "").strip() for column in spec.passed_over)
    filled = any(row[column].strip() for column in spec.fill)
    said = any(row[column].strip() == word for column, word in spec.said)
    return read_only and not (filled or said)


def _decode(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise BadInput(
            f"byte {error.start} is not UTF-8",
            "save the table as 'CSV UTF-8'",
            where=Place(file=name, line=line),
        ) from error


def _rows(text: str, name: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise BadInput(
                f"this is not valid CSV: {error}",
                "check the quotes of this row",
                where=Place(file=name, line=line),
            ) from error
        yield line, cells
        line = reader.line_num + 1


def _check_header(header: list[str], spec: TableSpec, where: Place) -> None:
    if len(header) == 1 and ";" in header[0]:
        raise BadInput(
            "this table is separated by ';'", "save it as CSV separated by commas", where=where
        )
    for column in header:
        if column not in (*spec.columns, *spec.passed_over):
            near = difflib.get_close_matches(column, spec.columns, 1)
            raise BadInput(
                f"the column {column!r} is not known in {spec.name}.csv",
                f"did you mean {near[0]!r}?" if near else f"it has: {', '.join(spec.columns)}",
                where=where,
            )
    for column in spec.columns:
        if column not in header and column not in spec.optional:
            raise BadInput(
                f"the column {column!r} is missing",
                f"add it; {spec.name}.csv has: {', '.join(spec.columns)}",
                where=where,
            )
    if len(set(header)) != len(header):
        raise BadInput("a column stands twice in the header", "keep one of them", where=where)
