"""Candidate pairs by splink on DuckDB: one process, tables on disk, memory within a limit."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from tamis.domain.errors import NotFound
from tamis.engines.features import COLUMNS, Features, write_features
from tamis.engines.joining import joined, splink
from tamis.engines.statements import CAPPED, USED, WIDE, rules, statements, wide

__all__ = ["DuckDbPairs"]

_TYPES = {"bigint": "BIGINT", "int": "INTEGER", "string": "VARCHAR"}


class DuckDbPairs:
    """Finds pairs by splink in a database that lies in a folder of its own and is thrown away.

    Parameters
    ----------
    memory
        What DuckDB may hold, as it writes it (``"1GB"``); what is more goes to disk.
    threads
        Processors to use.
    chunk
        How many pairs are handed on at a time.

    Notes
    -----
    ``capped`` tells after a run how many groups were too large to compare all with all.
    """

    name = "duckdb"

    def __init__(self, *, memory: str = "1GB", threads: int = 1, chunk: int = 50_000) -> None:
        self._memory, self._threads, self._chunk = memory, threads, chunk
        self.capped = 0

    def candidates(self, features: Features) -> Iterator[list[tuple[int, int]]]:
        """Yield pairs ``i < j`` in order, in chunks; none comes twice.

        Raises
        ------
        NotFound
            When DuckDB or splink is not installed.
        """
        duckdb, linking = _duckdb(), splink()
        with tempfile.TemporaryDirectory(prefix="tamis-pairs-") as name:
            folder = Path(name)
            written = write_features(features, folder)
            held = duckdb.connect(str(folder / "pairs.db"))
            try:
                self._set(held, folder)
                for table, path in written.files.items():
                    held.execute(_reading(table), [str(path)])
                    path.unlink()
                for table, query in statements(
                    cap=features.cap, window=features.window, rare=written.keys
                ):
                    held.execute(f"CREATE TABLE {table} AS {query}")
                self.capped = held.execute(CAPPED.format(cap=features.cap)).fetchall()[0][0]
                used = sorted(held.execute(USED).fetchall())
                if not used:
                    return
                held.execute(f"CREATE TABLE {WIDE} AS {wide(used)}")
                api = linking.DuckDBAPI(connection=held)
                table = joined(api, rules(used, window=features.window)).physical_name
                answer = held.execute(
                    f"SELECT join_key_l, join_key_r FROM {table} ORDER BY 1, 2"  # noqa: S608 - splink's name
                )
                while rows := answer.fetchmany(self._chunk):
                    yield rows
            finally:
                held.close()

    def _set(self, held: Any, folder: Path) -> None:
        held.execute("SET memory_limit = ?", [self._memory])
        held.execute("SET threads = ?", [self._threads])
        held.execute("SET temp_directory = ?", [str(folder / "spill")])
        held.execute("SET preserve_insertion_order = false")


def _reading(table: str) -> str:
    """Return the statement that reads a table; the names and types are ours, the path is bound."""
    columns = ", ".join(f"'{name}': '{_TYPES[kind]}'" for name, kind in COLUMNS[table])
    return (
        f"CREATE TABLE {table} AS SELECT * FROM read_csv(?, header = false, auto_detect = false, "  # noqa: S608 - our own names
        f"delim = ',', quote = '', escape = '', columns = {{{columns}}})"
    )


def _duckdb() -> Any:
    try:
        return import_module("duckdb")
    except ImportError as error:
        raise NotFound("DuckDB is not installed", "install it: pip install duckdb") from error
