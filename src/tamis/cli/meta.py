"""``tamis meta``: meta-analysis of a table, without a review."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tamis.cli.output import JsonOption, emit

__all__ = ["command"]


def command(
    table: Annotated[Path, typer.Argument(help="CSV: study, events1, n1, events2, n2, and so on.")],
    measure: Annotated[
        str,
        typer.Option("--measure", help="RR, OR, RD, MD, SMD, PR (proportions) or GEN (yi, vi)."),
    ],
    method: Annotated[str, typer.Option("--method", help="Estimator of tau2, or FE.")] = "REML",
    test: Annotated[
        str,
        typer.Option("--test", help="Interval: auto, adhoc (Hartung-Knapp with floor), knha or z."),
    ] = "auto",
    as_json: Annotated[bool, JsonOption] = False,
) -> None:
    """Pool the studies of a table, or analyse its single study by small-sample methods."""
    from tamis.app.meta import meta_table

    done = meta_table(table, measure=measure, method=method, test=test)
    emit(done.payload, done.lines, as_json=as_json, ok=not done.refused)
