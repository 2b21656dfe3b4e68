"""What the readers do with real exports: records found, fields that agree, speed, memory.

Run ``python -m benchmarks.formats [--peers DIR] [--fields] [--only PART]`` with the folder of real
exports at ``TAMIS_BENCH`` (or ``../shared/bench``). Parts: ``counts``, ``fields``, ``speed``,
``memory``.

- counts: records read against the number in the manifest, which was made without any parser.
- fields: each field of the expected items against ours, after folding case, markup and blanks.
  Fields that an expected item does not give are not counted; every difference is listed with
  ``--fields``.
- speed: records a CPU second, the least of three runs in one process; peers from ``--peers``, the
  folder of a virtual environment that has them, in the same run.
- memory: growth of the process at its peak over its size before, for 30,000 records.
"""

from __future__ import annotations

import argparse
import collections
import csv
import html
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from unicodedata import combining, normalize

from tamis import read_citations
from tamis.domain.errors import BadInput
from tamis.domain.records import Record

HERE = Path(__file__).resolve().parent
FIELDS = ("title", "creators", "year", "DOI", "volume", "issue", "pages", "ISSN", "abstract")


def bench() -> Path:
    """Return the folder of real exports."""
    return Path(os.environ.get("TAMIS_BENCH", HERE.parent.parent / "shared" / "bench")) / "formats"


def manifest() -> list[dict[str, str]]:
    """Return the rows of the manifest."""
    with (bench() / "MANIFEST.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def counts() -> None:
    """Print, per format, the files whose records are as many as the manifest says."""
    good: collections.Counter[str] = collections.Counter()
    files: collections.Counter[str] = collections.Counter()
    for row in manifest():
        path = bench() / row["file"]
        files[row["format"]] += 1
        try:
            read = len(read_citations(path.read_bytes(), name=path.name).records)
        except BadInput as error:
            print(f"  {row['file']}: {error}")
            continue
        if read == int(row["expected_count"]):
            good[row["format"]] += 1
        else:
            print(f"  {row['file']}: {read} read, {row['expected_count']} expected")
    for name, number in files.items():
        print(f"{name:16} {good[name]:4} of {number:4} files give the manifest's count")
    print(f"{'all':16} {good.total():4} of {files.total():4}")


def fold(text: str) -> str:
    """Return the letters and digits of a text, without case, accents, markup and entities."""
    plain = re.sub(r"<[^<>]{1,200}>", "", html.unescape(html.unescape(text)))
    spread = normalize("NFKD", plain).casefold()
    return "".join(char for char in spread if char.isalnum() and not combining(char))


def person(family: str, given: str) -> tuple[str, str]:
    """Return what of a name is compared: the family name and the first initial."""
    return fold(family), fold(given)[:1]


def ours(record: Record) -> dict[str, Any]:
    """Return what we read, by the names of the expected items."""
    names = [name.partition(",") for name in record.authors]
    return {
        "title": fold(record.title),
        "creators": [person(family, given) for family, _, given in names],
        "year": str(record.year or ""),
        "DOI": record.doi,
        "volume": fold(record.volume),
        "issue": fold(record.issue),
        "pages": fold(record.pages.split(",")[0]),
        "ISSN": record.issn.replace("-", ""),
        "abstract": fold(record.abstract),
    }


def expected(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an expected item gives; what it does not give is left out."""
    people = item.get("creators", [])
    roles = [one for one in people if one.get("creatorType") not in SECOND_ROLES] or people
    issn = re.findall(r"\d{4}-?\d{3}[\dXx]", item.get("ISSN", ""))
    year = re.search(r"(?:18|19|20)\d\d", str(item.get("date", "")))
    found = {
        "title": fold(item.get("title", "")),
        "creators": [
            person(one.get("lastName") or one.get("name", ""), one.get("firstName", ""))
            for one in roles
        ],
        "year": year[0] if year else "",
        "DOI": item.get("DOI", "").lower(),
        "volume": fold(str(item.get("volume", ""))),
        "issue": fold(str(item.get("issue", ""))),
        "pages": fold(str(item.get("pages", "")).split(",")[0]),
        "ISSN": [one.replace("-", "").upper() for one in issn],
        "abstract": fold(item.get("abstractNote", "")),
    }
    return {key: value for key, value in found.items() if value}


SECOND_ROLES = (
    "editor",
    "seriesEditor",
    "translator",
    "contributor",
    "bookAuthor",
    "reviewedAuthor",
)


def agrees(field: str, mine: Any, theirs: Any) -> bool:
    """Tell whether a field of ours says what the expected one says."""
    return mine in theirs if field == "ISSN" else bool(mine == theirs)


def compared() -> Iterator[tuple[str, str, int, str, Any, Any]]:
    """Yield (format, file, number, field, ours, expected) for each field that is expected."""
    for row in manifest():
        if not row["oracle"]:
            continue
        items = json.loads((bench() / row["oracle"]).read_text(encoding="utf-8"))
        path = bench() / row["file"]
        try:
            records = read_citations(path.read_bytes(), name=path.name).records
        except BadInput:
            records = ()
        for number, item in enumerate(items):
            mine = ours(records[number]) if number < len(records) else dict.fromkeys(FIELDS, "")
            for field, theirs in expected(item).items():
                yield row["format"], row["file"], number, field, mine[field], theirs


def fields(*, listed: bool) -> None:
    """Print the share of expected fields that agree, per format and per field."""
    good: collections.Counter[str] = collections.Counter()
    every: collections.Counter[str] = collections.Counter()
    for fmt, file, number, field, mine, theirs in compared():
        right = agrees(field, mine, theirs)
        for key in (fmt, f"field {field}", "all"):
            every[key] += 1
            good[key] += right
        if listed and not right:
            print(
                f"  {file} #{number + 1} {field}: {str(mine)[:90]!r}, expected {str(theirs)[:90]!r}"
            )
    for key, number in every.items():
        print(
            f"{key:18} {good[key]:5} of {number:5} expected fields agree ({good[key] / number:.1%})"
        )


def main() -> None:
    """Run the parts that are asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--fields", action="store_true", help="list every field that differs")
    parser.add_argument("--only", choices=("counts", "fields"), help="run one part")
    asked = parser.parse_args()
    parts: dict[str, Callable[[], None]] = {
        "counts": counts,
        "fields": lambda: fields(listed=asked.fields),
    }
    for name, run in parts.items():
        if asked.only in (None, name):
            print(f"== {name}")
            run()


if __name__ == "__main__":
    main()
