"""What commands print: text for people, one JSON object for programs, errors on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import typer

from tamis import __version__
from tamis.domain.errors import BadRows, TamisError
from tamis.domain.results import Finding

__all__ = [
    "AtOption",
    "ByOption",
    "DatabaseOption",
    "JsonOption",
    "ReviewArgument",
    "complain",
    "emit",
    "show",
]

ReviewArgument = typer.Argument(help="The review's folder.", show_default="this folder")
JsonOption = typer.Option("--json", help="Print one JSON object on standard output.")
ByOption = typer.Option(
    "--by", help="Who does this, as p-name. Default: TAMIS_ACTOR or your login."
)
AtOption = typer.Option("--at", help="When it was done, as 2026-01-31T12:00:00.000Z. Default: now.")

#: Every command that opens a review takes it.
DatabaseOption = typer.Option(
    "--database",
    envvar="TAMIS_DATABASE",
    help="Where the log is kept, when not in the folder: postgresql+psycopg://… or sqlite:///file.",
    show_default=False,
)

HERE = Path()


def emit(
    payload: Mapping[str, Any], lines: Iterable[str], *, as_json: bool, ok: bool = True
) -> None:
    """Print the payload as JSON, or the lines; leave with code 1 when ``ok`` is false."""
    if as_json:
        print(json.dumps({"tamis": __version__, "ok": ok, **payload}, ensure_ascii=False, indent=1))
    else:
        for line in lines:
            print(line)
    if not ok:
        raise typer.Exit(1)


def show(finding: Finding) -> str:
    """Return a finding as one line for people."""
    text = f"{finding.severity}: {finding.rule}: {finding.subject}: {finding.message}"
    if finding.expected or finding.got:
        text += f" (expected {finding.expected!r}, got {finding.got!r})"
    return f"{text} To do: {finding.suggestion}." if finding.suggestion else text


def complain(error: TamisError, *, as_json: bool) -> None:
    """Print an error on stderr, one line a wrong row; with ``--json`` also an object on stdout."""
    each = error.each if isinstance(error, BadRows) else (error,)
    if as_json:
        said = [_said(one) for one in each]
        body = {"tamis": __version__, "ok": False, "error": said[0], "errors": said}
        print(json.dumps(body, ensure_ascii=False))
    for one in each:
        print(f"tamis: {one}", file=sys.stderr)


def _said(error: TamisError) -> dict[str, str | None]:
    where = None if error.where is None else str(error.where)
    return {"problem": error.problem, "remedy": error.remedy, "where": where}
