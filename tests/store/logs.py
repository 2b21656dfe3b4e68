"""The log in its three forms: a review folder, a table in SQLite, a table in PostgreSQL."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine
from tests.store.making import REPLICAS, TickingClock, folder_log

from tamis.store import SqlLog

#: Makes copies of one new review: as many logs as asked for, each with a replica of its own.
NewLogs = Callable[[int], list[Any]]

_fresh = itertools.count()


@pytest.fixture(
    params=["folder", "sqlite", pytest.param("postgres", marks=pytest.mark.needs("postgres"))]
)
def new_logs(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[NewLogs]:
    """Give a maker of logs; every call makes new, empty ones."""
    folder = tmp_path_factory.mktemp(request.param)
    with ExitStack() as stack:
        if request.param == "folder":
            yield lambda copies: _folders(folder, copies)
            return
        url = f"sqlite:///{folder / 'log.sqlite'}"
        if request.param == "postgres":
            url = request.getfixturevalue("postgres_url")
        engine = create_engine(url)
        stack.callback(engine.dispose)
        yield lambda copies: _tables(engine, copies)


def _folders(folder: Path, copies: int) -> list[Any]:
    review = next(_fresh)
    return [folder_log(folder / f"{review}-{n}", REPLICAS[n]) for n in range(copies)]


def _tables(engine: Any, copies: int) -> list[Any]:
    review = next(_fresh)
    return [
        SqlLog(engine, replica=REPLICAS[n], clock=TickingClock(), name=f"review-{review}-{n}")
        for n in range(copies)
    ]
