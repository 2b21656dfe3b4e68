"""Read files, find the same reports in them, and make everything that is written of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from tamis.app.building.counted import number_of
from tamis.app.dedupe_files.side_by_side import view_of
from tamis.app.dedupe_files.sources import SourceCount, counted
from tamis.app.pairing import PairEngine, deduplicate_with
from tamis.app.review import read_outside, write_outside
from tamis.dedupe import DedupeResult, DedupeSettings, deduplicate, write_pairs
from tamis.dedupe.merging import merged
from tamis.domain.errors import BadInput, Conflict, Place
from tamis.domain.records import ParsedFile, Record
from tamis.engines import DuckDbPairs, SparkPairs
from tamis.formats import read_citations, write_citations
from tamis.report.csv_table import table
from tamis.report.merges import merges_page

__all__ = ["FILES", "Deduped", "dedupe_files", "write_deduped"]

#: What is written, and what it holds.
FILES: Mapping[str, str] = {
    "clusters.csv": "each record, and the report it belongs to",
    "pairs.csv": "each pair that a rule decided: same, different or unsure",
    "references.ris": "one record a report, each field from the source that says it best",
    "references.csv": "the same as a table",
    "report.html": "every merge with its records side by side, pairs for a person, counts",
}

#: Engines that find which records are worth comparing.
ENGINES: Mapping[str, Callable[[], PairEngine]] = {"duckdb": DuckDbPairs, "spark": SparkPairs}

#: Steps that are told while it runs, beside one for each file.
STEPS = 3

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deduped:
    """The answer as one JSON object and as lines for people, and the files by name."""

    payload: dict[str, Any]
    lines: tuple[str, ...]
    files: Mapping[str, bytes]


def dedupe_files(
    paths: Sequence[Path],
    *,
    settings: DedupeSettings | None = None,
    engine: str = "",
    language: str = "en",
    tell: Tell = lambda _: None,
) -> Deduped:
    """Find the same reports in export files of any readable format.

    Parameters
    ----------
    paths
        The files; each once.
    settings
        Policy and caps.
    engine
        What finds the pairs that are worth comparing: ``duckdb`` or ``spark``; empty: this program.
        The decisions are the same.
    language
        Of the page: ``en`` or ``zh``.
    tell
        Is told each step as it begins.

    Raises
    ------
    BadInput
        With the file, when one cannot be read, or two hold the same bytes.
    """
    began = time.perf_counter()
    parsed = _read(paths, tell)
    records = {record.id: record for file in parsed for record in file.records}
    tell("looking for duplicates")
    result = _found(records.values(), settings or DedupeSettings(), engine)
    tell("writing")
    groups = [[records[name] for name in cluster.records] for cluster in result.clusters]
    references = [merged(group).record for group in groups]
    counts = counted(parsed, result.clusters)
    took = time.perf_counter() - began
    payload = {
        "records": len(records),
        "clusters": len(result.clusters),
        "unsure": len(result.unsure),
        "seconds": round(took, 3),
        "policy": result.settings.policy,
        "sources": [count.as_dict() for count in counts],
        "files": [_file(path, file) for path, file in zip(paths, parsed, strict=True)],
    }
    files = {
        "clusters.csv": _clusters(parsed, result),
        "pairs.csv": write_pairs(result.pairs),
        "references.ris": write_citations(references, "ris"),
        "references.csv": write_citations(references, "csv"),
        "report.html": merges_page(view_of(records, result, counts), language=language).encode(),
    }
    return Deduped(payload=payload, lines=tuple(_said(payload, counts)), files=files)


def _found(records: Iterable[Record], settings: DedupeSettings, engine: str) -> DedupeResult:
    if not engine:
        return deduplicate(records, settings=settings)
    if engine not in ENGINES:
        raise BadInput(f"{engine!r} is no engine", f"use {' or '.join(ENGINES)}, or none")
    return deduplicate_with(ENGINES[engine](), records, settings=settings)


def write_deduped(made: Deduped, out: Path, *, force: bool = False) -> None:
    """Write the files into a folder; all was made before the first is written.

    Raises
    ------
    Conflict
        When the folder holds one of them already, or is a file; unless ``force``.
    """
    if out.exists() and not out.is_dir():
        raise Conflict("this is a file, no folder", "name a folder", where=Place(file=str(out)))
    there = [name for name in made.files if (out / name).exists()]
    if there and not force:
        raise Conflict(
            f"the folder holds {', '.join(there)} already",
            "name another folder, or write over it: --force",
            where=Place(file=str(out)),
        )
    out.mkdir(parents=True, exist_ok=True)
    for name, data in made.files.items():
        write_outside(out / name, data)


def _read(paths: Sequence[Path], tell: Tell) -> list[ParsedFile]:
    parsed: list[ParsedFile] = []
    first: dict[str, Path] = {}
    for path in paths:
        tell(f"reading {path.name}")
        file = read_citations(read_outside(path), name=str(path))
        same = first.setdefault(file.sha256, path)
        if same is not path:
            raise BadInput(
                f"this is the same file as {same}, byte for byte",
                "give each file once",
                where=Place(file=str(path)),
            )
        parsed.append(file)
    return parsed


def _file(path: Path, file: ParsedFile) -> dict[str, Any]:
    return {
        "path": str(path),
        "format": file.format,
        "database": file.database,
        "encoding": file.encoding,
        "records": len(file.records),
        "repaired": [
            {"line": one.line, "code": one.code, "message": one.message} for one in file.repaired
        ],
        "refused": [
            {"line": one.line, "code": one.code, "message": one.message} for one in file.refused
        ],
    }


def _clusters(parsed: Sequence[ParsedFile], result: DedupeResult) -> bytes:
    of = {name: cluster.id for cluster in result.clusters for name in cluster.records}
    rows = (_row(record, file, of) for file in parsed for record in file.records)
    return table(("record_id", "cluster_id", "source_file", "source_id"), rows)


def _row(record: Record, file: ParsedFile, of: Mapping[str, str]) -> tuple[str, ...]:
    return record.id, of[record.id], file.name, record.source_id


def _said(payload: Mapping[str, Any], counts: Iterable[SourceCount]) -> Iterable[str]:
    removed = payload["records"] - payload["clusters"]
    yield (
        f"{number_of(payload['records'], 'record')}, {number_of(payload['clusters'], 'report')}: "
        f"{number_of(removed, 'duplicate record')}"
    )
    for count in counts:
        yield (
            f"  {count.name}: {number_of(count.records, 'record')} in "
            f"{number_of(count.reports, 'report')}, {count.alone} found nowhere else"
        )
    mended = sum(len(file["repaired"]) for file in payload["files"])
    refused = list(chain.from_iterable(file["refused"] for file in payload["files"]))
    if mended or refused:
        yield (
            f"  Reading: {number_of(mended, 'repair')}, {number_of(len(refused), 'line')} outside "
            "records; see them with --json"
        )
    if payload["unsure"]:
        yield f"For a person: {number_of(payload['unsure'], 'pair')}, first in report.html"
