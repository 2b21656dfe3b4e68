"""The appraisal tools of a review: those that ship, its own under ``tools/``, their wording.

A review's own tool is one data file, ``tools/<name>.toml``. It is adopted into the log like
``review.toml``, so that an answer can be read with the tool it was given with. Official wording
lies under ``wording/``; it belongs to its owners, never enters the log and is never packed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tamis.app.review import Review
from tamis.appraisal import TOOLS, Tool, Wording, by_key, find_tool, read_tool, read_wording
from tamis.domain.decisions import Amendment
from tamis.domain.errors import BadInput, Place
from tamis.domain.question import Protocol

__all__ = ["TOOLS_FOLDER", "WORDING_FOLDER", "check_tools", "own_tools", "tools_of", "wording_of"]

TOOLS_FOLDER = "tools"
WORDING_FOLDER = "wording"


def own_tools(review: Review) -> Mapping[str, str]:
    """Return the review's own tool files: name in the folder to text.

    Raises
    ------
    BadInput
        When a file is no valid tool.
    """
    found = {}
    for name in _files(review, TOOLS_FOLDER):
        read_tool(review.read_bytes(name), name=name)
        found[name] = review.read_text(name)
    return found


def tools_of(review: Review) -> Mapping[str, Tool]:
    """Return every tool by key: shipped, in the folder, or only in the log (a file since removed).

    Raises
    ------
    BadInput
        When a file is no valid tool, or has the key of another.
    """
    here = own_tools(review)
    texts = {**_adopted(review.state.amendments), **here}
    own = [
        read_tool(text.encode(), name=name, adopted=name not in here)
        for name, text in sorted(texts.items())
    ]
    for tool in own:
        if any(key.partition(":")[0] == tool.id for key in TOOLS):
            raise BadInput(
                f"the tool {tool.id!r} ships with the program",
                f"give your own another id, such as {f'{tool.id}-ours'!r}",
                where=Place(file=TOOLS_FOLDER),
            )
    return {**TOOLS, **by_key(own)}


def wording_of(review: Review, tools: Mapping[str, Tool]) -> tuple[Wording, ...]:
    """Return the official wording that the review's owner has loaded."""
    return tuple(
        read_wording(review.read_bytes(name), name=name, tools=tools)
        for name in _files(review, WORDING_FOLDER)
    )


def check_tools(protocol: Protocol, tools: Mapping[str, Tool]) -> None:
    """Refuse a tool under ``[tools]`` that there is not.

    Raises
    ------
    BadInput
        Naming the nearest one, or the variants to choose from.
    """
    for design, key in protocol.tools:
        try:
            find_tool(key, tools)
        except BadInput as error:
            raise BadInput(
                f"[tools] {design}: {error.problem}", error.remedy, where=Place(file="review.toml")
            ) from error


def _files(review: Review, folder: str) -> Iterable[str]:
    found = (review.root / folder).glob("*.toml")
    return sorted(f"{folder}/{path.name}" for path in found)


def _adopted(amendments: Iterable[Amendment]) -> dict[str, str]:
    return {a.file: a.text for a in amendments if a.file.startswith(f"{TOOLS_FOLDER}/")}
