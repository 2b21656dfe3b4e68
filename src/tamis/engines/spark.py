"""Candidate pairs by splink on Spark: the rules of the other engine, on many machines."""

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

__all__ = ["SparkPairs"]


class SparkPairs:
    """Finds pairs by splink on Spark.

    Parameters
    ----------
    master
        Where Spark runs: ``local[2]`` for two threads of this machine, or the address of a cluster.
        Its workers must see ``folder``.
    folder
        Where the tables are written; a folder of this machine that is thrown away by default.
    memory, shuffles, chunk
        Memory of the driver, parts of a join, pairs handed on at a time.
    """

    name = "spark"

    def __init__(
        self, *, master: str = "local[2]", folder: Path | None = None, memory: str = "1g",
        shuffles: int = 4, chunk: int = 50_000,
    ) -> None:  # fmt: skip
        self._master, self._folder, self._memory = master, folder, memory
        self._shuffles, self._chunk = shuffles, chunk
        self.capped = 0

    def candidates(self, features: Features) -> Iterator[list[tuple[int, int]]]:
        """Yield pairs ``i < j`` in order, in chunks; none comes twice.

        Raises
        ------
        NotFound
            When pyspark or splink is not installed.
        """
        linking = splink()
        with tempfile.TemporaryDirectory(prefix="tamis-pairs-", dir=self._folder) as name:
            written = write_features(features, Path(name))
            spark = self._session(Path(name))
            try:
                for table, path in written.files.items():
                    schema = ", ".join(f"{column} {kind}" for column, kind in COLUMNS[table])
                    read = spark.read.csv(str(path), schema=schema, quote="", escape="")
                    read.createOrReplaceTempView(table)
                for table, query in statements(
                    cap=features.cap, window=features.window, rare=written.keys
                ):
                    made = spark.sql(query).persist()
                    made.createOrReplaceTempView(table)
                self.capped = spark.sql(CAPPED.format(cap=features.cap)).collect()[0][0]
                used = sorted((row[0], row[1], row[2]) for row in spark.sql(USED).collect())
                if not used:
                    return
                spark.sql(wide(used)).persist().createOrReplaceTempView(WIDE)
                api = linking.SparkAPI(spark_session=spark, break_lineage_method="persist")
                pairs = joined(api, rules(used, window=features.window)).as_spark_dataframe()
                rows = pairs.select("join_key_l", "join_key_r").orderBy("join_key_l", "join_key_r")
                yield from _chunks(rows.toLocalIterator(), self._chunk)
            finally:
                spark.stop()

    def _session(self, folder: Path) -> Any:
        try:
            build = import_module("pyspark.sql").SparkSession.builder
        except ImportError as error:
            raise NotFound(
                "pyspark is not installed", "install it: pip install pyspark, and Java 17"
            ) from error
        jar = import_module("splink.backends.spark").similarity_jar_location()
        told = {
            "spark.jars": str(jar),
            "spark.ui.enabled": "false", "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1", "spark.driver.memory": self._memory,
            "spark.sql.shuffle.partitions": str(self._shuffles),
            "spark.sql.warehouse.dir": str(folder / "warehouse"), "spark.local.dir": str(folder),
        }  # fmt: skip
        build = build.master(self._master).appName("tamis")
        for key, value in told.items():
            build = build.config(key, value)
        return build.getOrCreate()


def _chunks(rows: Iterator[Any], size: int) -> Iterator[list[tuple[int, int]]]:
    chunk: list[tuple[int, int]] = []
    for row in rows:
        chunk.append((row[0], row[1]))
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
