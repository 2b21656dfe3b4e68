"""The index in its two homes: a file in the review folder, a schema in PostgreSQL."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests.postgres_server import fresh_schema

from tamis.store import Index

NewIndex = Callable[[], Index]

_fresh = itertools.count()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.needs("postgres"))])
def new_index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[NewIndex]:
    """Give a maker of empty indexes."""
    with ExitStack() as stack:

        def in_folder() -> Index:
            folder = tmp_path / f"index-{next(_fresh)}"
            folder.mkdir()
            return stack.enter_context(Index(folder))

        def in_schema() -> Index:
            url = request.getfixturevalue("postgres_url")
            return stack.enter_context(Index.at(fresh_schema(url)))

        yield in_folder if request.param == "sqlite" else in_schema
