"""``tamis seal``: print the head hashes to deposit."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tamis.cli.output import (
    HERE,
    AtOption,
    ByOption,
    DatabaseOption,
    JsonOption,
    ReviewArgument,
    emit,
)

__all__ = ["command"]


def command(
    review: Annotated[Path, ReviewArgument] = HERE,
    deposit: Annotated[
        str, typer.Option("--deposit", help="Where the hashes are put (manuscript, registry).")
    ] = "",
    by: Annotated[str, ByOption] = "",
    at: Annotated[str, AtOption] = "",
    database: Annotated[str, DatabaseOption] = "",
    as_json: Annotated[bool, JsonOption] = False,
) -> None:
    """Read out the head of every chain; once they are deposited, rewriting history shows."""
    from tamis.app.identity import person
    from tamis.app.review import open_review
    from tamis.app.sharing.seal import seal_review

    with open_review(review, database=database) as opened:
        heads = seal_review(opened, by=person(by), at=at, deposit=deposit)
    lines = [f"{chain}/{seq}  {digest}" for chain, (seq, digest) in sorted(heads.items())]
    payload = {"heads": {chain: [seq, digest] for chain, (seq, digest) in sorted(heads.items())}}
    emit(payload, lines, as_json=as_json)
