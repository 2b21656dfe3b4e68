"""Meta-analysis of a plain table, as people first try it: no review folder is needed."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tamis.app.review import read_outside
from tamis.domain.errors import BadInput, Place
from tamis.domain.quantities import Quantity
from tamis.synthesis import MetaResult, MetaSettings, meta_analyse

__all__ = ["Meta", "meta_table"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Meta:
    """The result as one JSON object and as lines for people."""

    payload: dict[str, Any]
    lines: tuple[str, ...]
    refused: bool


def meta_table(path: Path, *, measure: str, method: str, test: str) -> Meta:
    """Pool the studies of a CSV table, or analyse its only study.

    Raises
    ------
    BadInput
        With file, line and column, when a column is missing or a count cannot be.
    """
    rows = _rows(read_outside(path), str(path))
    settings = MetaSettings(method=method, test=test)
    try:
        result = meta_analyse(rows, measure=measure, settings=settings, name=str(path))
    except BadInput as error:
        raise _placed(error, rows, measure, str(path)) from error
    return Meta(payload=result.as_json(), lines=_lines(result), refused=result.refused is not None)


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
    for line, row in enumerate(rows, start=2):
        if None in row or None in row.values():
            raise BadInput(
                "this row has not as many cells as the header",
                "put texts that hold commas in double quotes",
                where=Place(file=name, line=line),
            )
    return rows


def _lines(result: MetaResult) -> tuple[str, ...]:
    lines = [f"{result.measure}, {result.method}, k = {result.k}"]
    for one in result.studies:
        weight = "" if one.weight is None else f"  weight {_text(one.weight, 1)} %"
        span = f"{_text(one.low)} to {_text(one.high)}"
        lines.append(f"  {one.study}: {_text(one.estimate)} ({span}){weight}")
    if result.refused:
        lines.append(f"not pooled: {result.refused.message}")
    for single in result.single:
        first, *others = single.intervals
        lines.append(
            f"one study, {single.measure}: {_text(single.estimate)} "
            f"({_text(first.low)} to {_text(first.high)}, {first.method})"
        )
        lines += [f"  beside it: {_text(i.low)} to {_text(i.high)}, {i.method}" for i in others]
        lines += [f"  p = {_text(p)} ({name})" for name, p in single.p.items()]
    pooled = result.pooled
    if pooled:
        lines += [
            f"pooled: {_text(pooled.estimate)} (95 % CI {_text(pooled.ci_low)} to "
            f"{_text(pooled.ci_high)}, {pooled.interval_method})",
            f"prediction interval: {_text(pooled.pi_low)} to {_text(pooled.pi_high)}",
            f"tau2 {_text(pooled.tau2)}, I2 {_text(pooled.i2, 1)} %, Q {_text(pooled.q, 2)} "
            f"(df {pooled.q_df}, p {_text(pooled.q_p)})",
        ]
        lines += [f"beside it: {_text(i.low)} to {_text(i.high)}, {i.method}"
                  for i in pooled.alternatives]  # fmt: skip
    lines += [f"{w.severity}: {w.message}" for w in result.warnings]
    return tuple(lines)


def _text(number: float | None, digits: int = 4) -> str:
    """Return a number as the report would print it; what is unknown is said to be."""
    return str(
        Quantity(
            id="meta:table#n",
            value=number,
            digits=digits,
            inputs=("table",),
            rule="tamis meta",
            absent="not estimable",
        )
    )
