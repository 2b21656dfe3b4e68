"""Hold a log against heads that were deposited: what ``tamis seal`` printed, in a file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from tamis.app.review import read_outside
from tamis.domain.errors import BadInput, Place

__all__ = ["read_heads"]

_LINE = re.compile(r"(?P<chain>[a-z0-9-]+\.[0-9a-f]{8})/(?P<seq>\d+)\s+(?P<hash>[0-9a-f]{64})\Z")


def read_heads(path: Path) -> Mapping[str, tuple[int, str]]:
    """Return the heads in a file: one a line, as ``tamis seal`` prints them.

    Raises
    ------
    BadInput
        Naming the line that is no head, or when there is none at all.
    """
    heads: dict[str, tuple[int, str]] = {}
    text = read_outside(path).decode("utf-8-sig", "replace")
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        found = _LINE.match(line.strip())
        if found is None:
            raise BadInput(
                "this line is no head of a chain",
                "copy the lines that 'tamis seal' printed: <chain>/<number>  <64 hex digits>",
                where=Place(file=str(path), line=number),
            )
        heads[found["chain"]] = (int(found["seq"]), found["hash"])
    if not heads:
        raise BadInput(
            "the file holds no heads", "copy the lines that 'tamis seal' printed",
            where=Place(file=str(path)),
        )  # fmt: skip
    return heads
