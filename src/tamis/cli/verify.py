"""``tamis verify``: recompute everything and account for every digit of the report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from tamis.cli.output import HERE, JsonOption, ReviewArgument, emit, show
from tamis.cli.progress import progress

__all__ = ["command"]


def command(
    review: Annotated[Path, ReviewArgument] = HERE,
    as_json: Annotated[bool, JsonOption] = False,
) -> None:
    """Check log, imports, documents, engines and report; exit code 1 when something is wrong."""
    from tamis.app.verify import VERIFY_STEPS, verify_folder

    with progress(VERIFY_STEPS, as_json=as_json) as tell:
        done = verify_folder(review, tell=tell)
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
    lines = [show(f) for f in done.findings if f.severity != "note"]
    lines.append(
        f"{done.events} events, {done.records} records, {done.quantities} quantities, "
        f"{done.digit_runs} runs of digits accounted for: "
        + ("nothing wrong" if not wrong else f"{len(wrong)} wrong")
    )
    emit(payload, lines, as_json=as_json, ok=not wrong)
