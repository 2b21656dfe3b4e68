"""Meta-analysis of a plain table, as people first try it: no review folder is needed."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypedDict

from tamis.app.meta_beside import beside_lines, number_text
from tamis.app.meta_plot import MetaFiles, check_files, drawn, write_files
from tamis.app.review import read_outside
from tamis.domain.errors import BadInput, BadRows, Place
from tamis.synthesis import MetaResult, MetaSettings, meta_analyse, metafor_script

__all__ = ["Meta", "MetaFiles", "MetaSettings", "meta_table"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Meta:
    """The result as one JSON object and as lines for people."""

    payload: dict[str, Any]
    lines: tuple[str, ...]
    refused: bool


def meta_table(
    path: Path,
    *,
    measure: str,
    settings: MetaSettings,
    moderators: Sequence[str] | str = (),
    subgroups: str = "",
    also: Sequence[str] = (),
    files: MetaFiles | None = None,
) -> Meta:
    """Pool the studies of a CSV table, or analyse its only study.

    Parameters
    ----------
    path
        The table.
    measure, settings
        What is pooled, and how.
    moderators, subgroups, also
        What is computed beside it, as in ``meta_analyse``.
    files
        What is written beside the answer: figures, a metafor script. All is made before any file
        is written.

    Raises
    ------
    BadInput
        With file, line and column, when a column is missing or a count cannot be; for a figure
        that cannot be drawn or a suffix that is none.
    """
    files = files or MetaFiles()
    if files.plots:
        check_files(files)
    rows = _rows(read_outside(path), str(path))
    asked = _Asked(moderators=moderators, subgroups=subgroups, also=also)
    try:
        result = meta_analyse(rows, measure=measure, settings=settings, name=str(path), **asked)
    except BadInput as error:
        raise _placed(error, rows, measure, str(path)) from error
    script = metafor_script(rows, measure=measure, settings=settings, done=result, **asked)
    made = list(drawn(result, rows, files)) if files.plots else []
    if files.script is not None:
        made.append((files.script, script.encode()))
    write_files(made)
    return Meta(
        payload=result.as_json(),
        lines=(*_lines(result), *beside_lines(result), *(f"wrote {path}" for path, _ in made)),
        refused=result.refused is not None,
    )


class _Asked(TypedDict):
    moderators: Sequence[str] | str
    subgroups: str
    also: Sequence[str]


def _placed(error: BadInput, rows: list[dict[str, str]], measure: str, name: str) -> BadInput:
    """Return the error with the line of the row that causes it alone."""
    if error.where is not None:
        return error
    for line, row in enumerate(rows, start=2):
        try:
            meta_analyse([row], measure=measure, name=name)
        except BadInput as alone:
            return BadInput(alone.problem, alone.remedy, where=Place(file=name, line=line))
    return BadInput(error.problem, error.remedy, where=Place(file=name))


def _rows(data: bytes, name: str) -> list[dict[str, str]]:
    try:
        text = data.decode("utf-8-sig")
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        rows = [dict(row) for row in reader]
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise BadInput(
            "the table is not UTF-8", "save it as 'CSV UTF-8'", where=Place(file=name, line=line)
        ) from error
    except csv.Error as error:
        raise BadInput(
            f"this is not valid CSV: {error}", "check the quotes", where=Place(file=name)
        ) from error
    wrong = [
        BadInput(
            "this row has not as many cells as the header",
            "put texts that hold commas in double quotes",
            where=Place(file=name, line=line),
        )
        for line, row in enumerate(rows, start=2)
        if None in row or None in row.values()
    ]
    if wrong:
        raise wrong[0] if len(wrong) == 1 else BadRows(wrong)
    return rows


def _lines(result: MetaResult) -> tuple[str, ...]:
    lines = [f"{result.measure}, {result.method}, k = {result.k}"]
    for one in result.studies:
        weight = "" if one.weight is None else f"  weight {number_text(one.weight, 1)} %"
        span = f"{number_text(one.low)} to {number_text(one.high)}"
        lines.append(f"  {one.study}: {number_text(one.estimate)} ({span}){weight}")
    if result.refused:
        lines.append(f"not pooled: {result.refused.message}")
    for single in result.single:
        first, *others = single.intervals
        lines.append(
            f"one study, {single.measure}: {number_text(single.estimate)} "
            f"({number_text(first.low)} to {number_text(first.high)}, {first.method})"
        )
        lines += [
            f"  beside it: {number_text(i.low)} to {number_text(i.high)}, {i.method}"
            for i in others
        ]
        lines += [f"  p = {number_text(p)} ({name})" for name, p in single.p.items()]
    pooled = result.pooled
    if pooled:
        lines += [
            f"pooled: {number_text(pooled.estimate)} (95 % CI {number_text(pooled.ci_low)} to "
            f"{number_text(pooled.ci_high)}, {pooled.interval_method})",
            f"prediction interval: {number_text(pooled.pi_low)} to {number_text(pooled.pi_high)}",
            f"tau2 {number_text(pooled.tau2)}, I2 {number_text(pooled.i2, 1)} %, "
            f"Q {number_text(pooled.q, 2)} (df {pooled.q_df}, p {number_text(pooled.q_p)})",
        ]
        lines += [f"beside it: {number_text(i.low)} to {number_text(i.high)}, {i.method}"
                  for i in pooled.alternatives]  # fmt: skip
    lines += [f"{w.severity}: {w.message}" for w in result.warnings]
    return tuple(lines)
