"""``tamis verify``: recompute everything and account for every digit of the report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tamis.app.building.counted import number_of
from tamis.cli.output import HERE, DatabaseOption, JsonOption, ReviewArgument, emit, show
from tamis.cli.progress import progress

__all__ = ["command"]


def command(
    review: Annotated[Path, ReviewArgument] = HERE,
    sealed: Annotated[
        Path | None,
        typer.Option("--sealed", help="A file with the lines that 'tamis seal' printed once."),
    ] = None,
    warnings: Annotated[
        bool, typer.Option("--warnings", help="Print the warnings too; --json holds all.")
    ] = False,
    database: Annotated[str, DatabaseOption] = "",
    as_json: Annotated[bool, JsonOption] = False,
) -> None:
    """Check log, imports, documents, engines and report; exit code 1 when something is wrong."""
    from tamis.app.building.verify import VERIFY_STEPS, verify_folder
    from tamis.app.sharing.sealed import read_heads

    deposited = read_heads(sealed) if sealed else None
    with progress(VERIFY_STEPS, as_json=as_json) as tell:
        done = verify_folder(review, deposited=deposited, database=database, tell=tell)
    wrong = [f for f in done.findings if f.severity == "error"]
    payload = {
        "quantities": done.quantities,
        "orphans": [f.subject for f in wrong if f.rule == "orphan-digit"],
        "findings": [
            {"rule": f.rule, "severity": f.severity, "path": f.subject, "message": f.message,
             "expected": f.expected, "got": f.got}
            for f in done.findings
        ],
    }  # fmt: skip
    said = list(dict.fromkeys(show(f) for f in done.findings if f.severity == "warning"))
    lines = list(dict.fromkeys(show(f) for f in wrong))
    if said:
        one_line = f"{number_of(len(said), 'warning')}: --warnings prints all of them"
        lines += said if warnings else [one_line]
    if deposited:
        held = not any(f.rule == "seal-broken" for f in wrong)
        found = number_of(len(deposited), "deposited head")
        are = "is" if len(deposited) == 1 else "are"
        lines += [f"{found} {are} in this log"] if held else []
    lines.append(
        f"{number_of(done.events, 'event')}, {number_of(done.records, 'record')}, "
        f"{number_of(done.quantities, 'quantity')}, {number_of(done.digit_runs, 'run')} of digits "
        "accounted for: " + ("nothing wrong" if not wrong else f"{len(wrong)} wrong")
    )
    emit(payload, lines, as_json=as_json, ok=not wrong)
