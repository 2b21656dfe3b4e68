"""Read files, find the same reports in them, and make everything that is written of it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from io import BytesIO
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tamis.app.building.counted import number_of
from tamis.app.dedupe_files.side_by_side import Book
from tamis.app.dedupe_files.sources import SourceCount, counted
from tamis.app.pairing import PairEngine, deduplicate_with
from tamis.app.review import read_outside, write_outside
from tamis.app.stated_relations import statements_of
from tamis.dedupe import (
    DedupeResult,
    DedupeSettings,
    Statement,
    deduplicate,
    related,
    write_links,
    write_pairs,
)
from tamis.dedupe.merging import merged
from tamis.domain.errors import BadInput, Conflict, Place
from tamis.domain.records import ParsedFile, Record
from tamis.engines import DuckDbPairs, SparkPairs
from tamis.formats import fold_citations, one_file, write_citations
from tamis.report.csv_table import table
from tamis.report.merges import LANGUAGES, merges_page

__all__ = ["FILES", "Deduped", "dedupe_files", "write_deduped"]

#: What is written, and what it holds.
FILES: Mapping[str, str] = {
    "clusters.csv": "each record, and the report it belongs to",
    "pairs.csv": "each pair that a rule decided: same, different or unsure",
    "links.csv": "related reports that are not the same: an erratum and its paper, and so on",
    "references.ris": "one record a report, each field from the source that says it best",
    "references.csv": "the same as a table",
    "report.html": "every merge with its records side by side, pairs for a person, counts;"
    " further pages beside it where there are thousands",
}

#: Engines that find which records are worth comparing.
ENGINES: Mapping[str, Callable[[], PairEngine]] = {"duckdb": DuckDbPairs, "spark": SparkPairs}

#: Steps that are told while it runs, beside one for each file that is read.
STEPS = 7
#: How the pages of merges after the first are called.
MADE = '<meta name="generator" content="tamis dedupe">'
PAGE = re.compile(r"report-\d{1,4}\.html")

Tell = Callable[[str], None]
Maker = Callable[[], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deduped:
    """The answer as one JSON object and as lines for people, and the files by name.

    A file is made when it is asked for, so that no two are held at once.
    """

    payload: dict[str, Any]
    lines: tuple[str, ...]
    files: Mapping[str, Maker]


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
    parsed, stated = _read(paths, tell)
    records = {record.id: record for file in parsed for record in file.records}
    if language not in LANGUAGES:
        raise BadInput(f"{language!r} is no language of this page", "use en or zh")
    tell("looking for duplicates")
    result = _found(records.values(), settings or DedupeSettings(), engine)
    links = related(result.pairs, records=records.values(), stated=stated)
    counts = counted(parsed, result.clusters)
    took = time.perf_counter() - began
    payload = {
        "records": len(records),
        "clusters": len(result.clusters),
        "unsure": len(result.unsure),
        "links": len(links),
        "seconds": round(took, 3),
        "policy": result.settings.policy,
        "sources": [count.as_dict() for count in counts],
        "files": [_file(path, file) for path, file in zip(paths, parsed, strict=True)],
    }

    def references(written: str) -> bytes:
        groups = ([records[name] for name in cluster.records] for cluster in result.clusters)
        return write_citations([merged(group).record for group in groups], written)

    files: dict[str, Maker] = {
        "clusters.csv": lambda: _clusters(parsed, result),
        "pairs.csv": lambda: write_pairs(result.pairs),
        "links.csv": lambda: write_links(links),
        "references.ris": lambda: references("ris"),
        "references.csv": lambda: references("csv"),
    }
    book = Book(records, result, counts)

    def page(number: int) -> bytes:
        return merges_page(book.view(number), language=language).encode()

    files |= {name: partial(page, number) for number, name in enumerate(book.pages)}
    return Deduped(payload=payload, lines=tuple(_said(payload, counts)), files=files)


def _found(records: Iterable[Record], settings: DedupeSettings, engine: str) -> DedupeResult:
    if not engine:
        return deduplicate(records, settings=settings)
    if engine not in ENGINES:
        raise BadInput(f"{engine!r} is no engine", f"use {' or '.join(ENGINES)}, or none")
    return deduplicate_with(ENGINES[engine](), records, settings=settings)


def write_deduped(
    made: Deduped, out: Path, *, force: bool = False, tell: Tell = lambda _: None
) -> None:
    """Write the files into a folder: each is made in turn, and all are there or none.

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
    with TemporaryDirectory(prefix=".tamis-", dir=out) as held:
        for name, make in made.files.items():
            if not PAGE.fullmatch(name):
                tell(f"writing {name}")
            write_outside(Path(held) / name, make())
        for name in made.files:
            (Path(held) / name).replace(out / name)
    for name in _pages_of_before(out, made):
        (out / name).unlink()


def _pages_of_before(out: Path, made: Deduped) -> list[str]:
    """Return the pages of an earlier, longer answer that this one does not have."""
    pages = (path for path in out.glob("report-*.html") if path.name not in made.files)
    return [path.name for path in pages if PAGE.fullmatch(path.name) and _is_ours(path)]


def _is_ours(path: Path) -> bool:
    """Tell whether a page was written by this command."""
    with path.open("rb") as page:
        return MADE.encode() in page.read(2_000)


def _read(paths: Sequence[Path], tell: Tell) -> tuple[list[ParsedFile], list[Statement]]:
    """Read the files in parts; of a record is kept what is compared and written, not its tags."""
    parsed: list[ParsedFile] = []
    stated: list[Statement] = []
    first: dict[str, Path] = {}

    for path in paths:
        tell(f"reading {path.name}")
        data = BytesIO(read_outside(path))
        parts = fold_citations(data, _bare, name=str(path))
        file = one_file([part for part, _ in parts])
        same = first.setdefault(file.sha256, path)
        if same is not path:
            raise BadInput(
                f"this is the same file as {same}, byte for byte",
                "give each file once",
                where=Place(file=str(path)),
            )
        parsed.append(file)
        stated += chain.from_iterable(said for _, said in parts)
    return parsed, stated


def _bare(part: ParsedFile) -> tuple[ParsedFile, list[Statement]]:
    """Return a part without the tags of its records, and what they state about other records."""
    bare = tuple(replace(record, raw=()) for record in part.records)
    return replace(part, records=bare), list(statements_of(part.records))


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
