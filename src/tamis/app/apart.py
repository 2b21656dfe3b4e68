"""Long work in a process of its own, so that the server's threads answer people meanwhile.

The child is this module run as a program: it takes one line of JSON, says each step as it begins
and ends with what is to be told, a line of JSON each. It writes in the review as any other process
does, and the server learns of that from the log.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from tamis.app.review import Review, open_review
from tamis.domain.errors import (
    BadInput,
    ChainBroken,
    Conflict,
    NotFound,
    StorageFailed,
    TamisError,
)

__all__ = ["TASKS", "run_apart"]

Tell = Callable[[str], None]

#: Seconds that the child waits for others' short writes.
_PATIENCE = 20.0

#: How an error of the child is raised here, by its name; any other is a ``StorageFailed``.
_ERRORS: Mapping[str, type[TamisError]] = {
    "RuleBroken": BadInput,
    **{kind.__name__: kind for kind in (BadInput, ChainBroken, Conflict, NotFound)},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Who asks, and about what, where a task needs to know it."""

    by: str
    about: str = ""


def _build(review: Review, asked: Asked, tell: Tell) -> tuple[str, ...]:
    from tamis.app.building.build import build_review

    return build_review(review, by=asked.by, tell=tell).summary


def _duplicates(review: Review, asked: Asked, tell: Tell) -> tuple[str, ...]:
    from tamis.app.clusters import pairs_of
    from tamis.app.imports import load_library
    from tamis.app.protocol.amend import read_protocol

    del asked  # the engine says it
    tell("reading the imports")
    library = load_library(review)
    tell("looking for duplicates")
    pairs_of(review, read_protocol(review), library)
    return ()


def _ranking(review: Review, asked: Asked, tell: Tell) -> tuple[str, ...]:
    from tamis.app.desk.ranked import run_ranking

    del asked  # the engine says it
    return run_ranking(review, tell)


def _changes(review: Review, asked: Asked, tell: Tell) -> tuple[str, ...]:
    from tamis.app.building.changes import changes_since, written

    return written(changes_since(review, asked.about, tell))


#: What can be done apart; each is given the review, who asks, and whom to tell its steps.
TASKS: Mapping[str, Callable[[Review, Asked, Tell], tuple[str, ...]]] = {
    "build": _build,
    "duplicates": _duplicates,
    "ranking": _ranking,
    "changes": _changes,
}


def run_apart(
    task: str,
    root: Path,
    *,
    by: str,
    about: str = "",
    database: str = "",
    tell: Tell = lambda _: None,
) -> tuple[str, ...]:
    """Do one of ``TASKS`` on a review in another process; returns what is to be said at the end.

    Parameters
    ----------
    task
        Its name.
    root
        The review folder.
    by
        Who asks for it.
    about
        What it is about: for ``changes`` since when.
    database
        Address of the database that holds the log; empty where the folder does.
    tell
        Called with each step that begins.

    Raises
    ------
    TamisError
        What the task raised; ``StorageFailed`` when the process could not run to its end.
    """
    asked = {
        "task": task, "root": str(root), "by": by, "about": about, "database": database,
    }  # fmt: skip
    try:
        child = subprocess.Popen(
            [sys.executable, "-m", "tamis.app.apart"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
    except OSError as error:
        raise StorageFailed(
            f"another process cannot be started: {error.strerror}",
            "free memory or processes of this machine, then try again",
        ) from error
    ended: dict[str, Any] = {}
    with child:
        for told in _answers(child, asked):
            if "step" in told:
                tell(str(told["step"]))
            else:
                ended = told
    if "problem" in ended:
        kind = _ERRORS.get(str(ended["kind"]), StorageFailed)
        raise kind(str(ended["problem"]), str(ended["remedy"]))
    if "said" not in ended:
        raise StorageFailed(
            "the process that did this was ended before it was done",
            "free memory, then try again; the console of the server may say more",
        )
    return tuple(str(line) for line in ended["said"])


def _answers(child: subprocess.Popen[bytes], asked: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Hand the question over, and yield what the child says until it ends."""
    if child.stdin is None or child.stdout is None:
        return
    try:
        child.stdin.write(json.dumps(asked).encode() + b"\n")
        child.stdin.close()
    except BrokenPipeError:  # it ended already: its silence says so
        return
    for line in child.stdout:
        yield json.loads(line)


# ------------------------------------------------------------------ in the child
def _serve(asked: Mapping[str, str], sink: IO[str]) -> None:
    def say(**told: object) -> None:
        sink.write(json.dumps(told) + "\n")
        sink.flush()

    try:
        root, database = Path(asked["root"]), asked["database"]
        with open_review(root, database=database, patience=_PATIENCE) as review:
            who = Asked(by=asked["by"], about=asked["about"])
            said = TASKS[asked["task"]](review, who, lambda step: say(step=step))
    except TamisError as error:
        say(kind=type(error).__name__, problem=error.problem, remedy=error.remedy)
    else:
        say(said=said)


if __name__ == "__main__":
    _serve(json.loads(sys.stdin.readline()), sys.stdout)
