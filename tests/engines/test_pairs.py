"""Candidate pairs by SQL: the pairs of the in-process blocks, whatever machine finds them."""

from __future__ import annotations

import csv
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.dedupe.making import trial

from tamis.app.pairing import PairEngine, deduplicate_with, features_of
from tamis.dedupe import DedupeSettings, deduplicate
from tamis.dedupe.block import block
from tamis.dedupe.prepare import prepare
from tamis.domain.errors import BadInput, NotFound
from tamis.domain.records import PairDecision, Record
from tamis.engines import DuckDbPairs, Features, SparkPairs
from tamis.engines import duckdb as duckdb_pairs
from tamis.engines import spark as spark_pairs
from tamis.engines.features import COLUMNS, write_features
from tamis.engines.statements import CAPPED, USED, WIDE, rules, statements, wide


class SqlitePairs:
    """The same statements and rules on the database that comes with Python, without splink."""

    capped = 0

    def candidates(self, features: Features) -> Iterator[list[tuple[int, int]]]:
        with TemporaryDirectory() as folder:
            written = write_features(features, Path(folder))
            held = sqlite3.connect(":memory:")
            for table, path in written.files.items():
                names = [name for name, _ in COLUMNS[table]]
                held.execute(f"CREATE TABLE {table} ({', '.join(names)})")
                with path.open(encoding="utf-8", newline="") as rows:
                    held.executemany(
                        f"INSERT INTO {table} VALUES ({', '.join('?' * len(names))})",
                        ([int(x) if n in ("id", "k", "s") else x
                          for n, x in zip(names, row, strict=True)]
                         for row in csv.reader(rows, quoting=csv.QUOTE_NONE)),
                    )  # fmt: skip
            for name, query in statements(
                cap=features.cap, window=features.window, rare=written.keys
            ):
                held.execute(f"CREATE TABLE {name} AS {query}")
            self.capped = held.execute(CAPPED.format(cap=features.cap)).fetchone()[0]
            used = sorted(held.execute(USED).fetchall())
            if used:
                held.execute(f"CREATE TABLE {WIDE} AS {wide(used)}")
                either = " OR ".join(f"({one})" for one in rules(used, window=features.window))
                join = f"FROM {WIDE} l JOIN {WIDE} r ON l.id < r.id AND ({either})"
                yield held.execute(f"SELECT l.id, r.id {join} ORDER BY 1, 2").fetchall()
            held.close()


TITLES = (
    "Talc slurry for malignant pleural effusion in adults", "Talc", "", "Talc: a reply",
    "Iodine for malignant pleural effusion in adults", "滑石粉治疗胸腔积液的随机对照研究",
)  # fmt: skip


@st.composite
def reviews(draw: st.DrawFn) -> list[Record]:
    """Draw records that share much with each other."""
    n = draw(st.integers(0, 14))
    return [
        trial(
            f"f:{at}", title=draw(st.sampled_from(TITLES)), volume=draw(st.sampled_from("12")),
            authors=draw(st.sampled_from([("Lee, K", "Day, J"), ("Lee, K",), ()])),
            year=draw(st.sampled_from([2011, 2012, None])), pages=draw(st.sampled_from(["1", ""])),
            doi=draw(st.sampled_from(["", "10.1000/a", '10.1000/"b,c'])),
        )
        for at in range(n)
    ]  # fmt: skip


def check_pairs(engine: PairEngine, records: list[Record], told: DedupeSettings) -> None:
    """Compare an engine's pairs and its decisions with those of the process."""
    ready = sorted(map(prepare, records), key=lambda r: r.id)
    there = block(ready, told)
    chunks = list(engine.candidates(features_of(ready, told)))
    assert tuple(pair for chunk in chunks for pair in chunk) == there.pairs
    assert engine.capped == there.capped
    assert deduplicate_with(engine, records, settings=told) == deduplicate(records, settings=told)


@settings(max_examples=40)
@given(reviews(), st.sampled_from([1, 2, 3, 200]), st.sampled_from([1, 2, 10]))
def test_the_statements_find_the_pairs_of_the_blocks(
    records: list[Record], cap: int, window: int
) -> None:
    check_pairs(SqlitePairs(), records, DedupeSettings(block_cap=cap, window=window))


def crowd(n: int = 60) -> list[Record]:
    """Return records of which many share a key, more than a small cap."""
    return [
        trial(f"f:{at:03}", title=TITLES[at % 5], year=2010 + at % 3, volume=str(at % 4),
              doi=f"10.1000/{at % 7}" if at % 2 else "")
        for at in range(n)
    ]  # fmt: skip


def test_large_groups_are_split_and_walked_alike() -> None:
    told = DedupeSettings(block_cap=5, window=2)
    assert deduplicate(crowd(), settings=told).capped > 0
    check_pairs(SqlitePairs(), crowd(), told)


def test_what_people_decided_overrides_an_engine_too() -> None:
    said = [PairDecision(a="f:000", b="f:010", decision="different", rule="p-rev-a")]
    there = deduplicate_with(SqlitePairs(), crowd(20), decided=said)
    assert there == deduplicate(crowd(20), decided=said)


def test_one_id_twice_is_refused_and_nothing_stays_on_disk(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(BadInput, match="two records have the id f:000"):
        deduplicate_with(SqlitePairs(), [*crowd(3), *crowd(1)])
    assert not any(tmp_path.iterdir())


def test_an_engine_never_sees_a_citation(tmp_path: Path) -> None:
    told = DedupeSettings()
    ready = [prepare(trial("f:0", doi="10.1000/secret", authors=("Quill, Zoe",)))]
    written = write_features(features_of(ready, told), tmp_path)
    assert (written.records, sorted(written.files)) == (1, ["keys", "parts", "words"])
    text = "".join(path.read_text(encoding="utf-8") for path in written.files.values())
    assert "secret" not in text
    assert "quill" not in text


def test_an_engine_that_is_not_there_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> Any:
        raise ImportError(name)

    for module, engine in ((duckdb_pairs, DuckDbPairs()), (spark_pairs, SparkPairs())):
        monkeypatch.setattr(module, "import_module", absent)
        with pytest.raises(NotFound, match="not installed"):
            deduplicate_with(engine, crowd(2))


@pytest.mark.needs("duckdb")
@pytest.mark.parametrize("chunk", [7, 50_000])
def test_duckdb_finds_the_pairs_of_the_blocks(chunk: int) -> None:
    engine = DuckDbPairs(chunk=chunk, memory="200MB")
    check_pairs(engine, crowd(), DedupeSettings())
    check_pairs(engine, crowd(), DedupeSettings(block_cap=5, window=2))
    check_pairs(engine, [], DedupeSettings())


@pytest.mark.slow
@pytest.mark.needs("spark")
@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::ResourceWarning")
def test_spark_finds_the_pairs_of_the_blocks() -> None:
    check_pairs(SparkPairs(), crowd(), DedupeSettings(block_cap=5, window=2))
