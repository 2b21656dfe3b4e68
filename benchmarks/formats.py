"""What the readers do with real exports: records found, fields that agree, speed, memory.

Run ``python benchmarks/formats.py [--peers DIR] [--medline DIR] [--fields] [--only PART]`` with the
folder of real exports at ``TAMIS_BENCH`` (or ``../shared/bench``). Parts: ``counts``, ``fields``,
``speed``, ``memory``. ``--peers`` names a virtual environment with rispy, nbib, bibtexparser and
pubmed_parser, ``--medline`` a folder of MEDLINE ``*.xml.gz`` files; neither is part of the project.

- counts: records read against the number in the manifest, which was made without any parser.
- fields: each field of the expected items against ours, after folding case, markup and blanks.
  Fields that an expected item does not give are not counted; every difference is listed with
  ``--fields``.
- speed: records a CPU second, the least of three runs in one process; peers from ``--peers``, the
  folder of a virtual environment that has them, in the same run.
- memory: growth of the process at its peak over its size before, for 30,000 records and for each
  MEDLINE file.
"""

from __future__ import annotations

import argparse
import collections
import csv
import html
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any
from unicodedata import combining, normalize

from tamis import read_citations
from tamis.domain.errors import BadInput
from tamis.domain.records import Record
from tamis.formats import fold_citations
from tamis.formats.bibtex.entries import lex_bibtex

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


# ---------------------------------------------------------------- speed and memory
#: Format → the databases whose files are joined, how often a record begins, and what a peer runs.
PEERS: Mapping[str, tuple[str, str]] = {
    "ris": ("rispy", "import rispy\nread = lambda t: len(rispy.loads(t))"),
    "nbib": ("nbib", "import nbib\nread = lambda t: len(nbib.read(t))"),
    "bibtex": (
        "bibtexparser (names and LaTeX read, as here)",
        "import bibtexparser as b\nfrom bibtexparser import middlewares as m\n"
        "def read(t):\n"
        "    more = [m.LatexDecodingMiddleware(), m.SeparateCoAuthors(), m.SplitNameParts()]\n"
        "    return len(b.parse_string(t, append_middleware=more).entries)",
    ),
    "bibtex raw": (
        "bibtexparser (values as they stand)",
        "import bibtexparser\nread = lambda t: len(bibtexparser.parse_string(t).entries)",
    ),
    "pubmed-xml": (
        "pubmed_parser",
        "import pubmed_parser\n"
        "read = lambda path: sum(1 for _ in pubmed_parser.parse_medline_xml(path))",
    ),
}
RUN = """
import sys, time
{code}
packed = sys.argv[1].endswith(".gz")
text = sys.argv[1] if packed else open(sys.argv[1], encoding="utf-8").read()
best, n = 1e9, 0
for _ in range({times}):
    began = time.process_time()
    n = read(text)
    best = min(best, time.process_time() - began)
print(n, best)
"""
TIMES = 2
WANTED = 3_000


def joined(fmt: str, wanted: int) -> bytes:
    """Return the real files of a format one behind another, as often as it takes."""
    fmt = fmt.removesuffix(" raw")
    known = [row for row in manifest() if row["format"] == fmt and int(row["records"]) > 0]
    if fmt == "ris":  # what other readers survive: no file with text outside its records
        known = [row for row in known if row["db"] in ("scopus", "embase")]
    if fmt == "nbib":  # of the others the peer takes a wrapped line for a field
        known = [row for row in known if "revtools" in row["file"]]
    parts = [(bench() / row["file"]).read_bytes().removeprefix(b"\xef\xbb\xbf") for row in known]
    block = b"\n\n".join(part.strip() for part in parts) + b"\n\n"
    held = max(1, len(read_citations(block, name=fmt).records))
    blocks = (block for _ in range(wanted // held + 1))
    if fmt == "bibtex":  # another key each time, as a file has
        blocks = (
            re.sub(rb"(@[A-Za-z]+\s*\{\s*[^,\s{}]+)", rb"\g<1>_%d" % at, block)
            for at, block in enumerate(blocks)
        )
    return b"".join(blocks)


def texts(fmt: str, xml: Path | None) -> Iterator[tuple[str, bytes]]:
    """Yield names and bytes of what is read in a format; MEDLINE files are packed as they are."""
    if fmt != "pubmed-xml":
        yield fmt, joined(fmt, WANTED)
        return
    for path in sorted(xml.rglob("*.xml.gz")) if xml else ():
        yield path.name.removesuffix(".xml.gz"), path.read_bytes()


def whole(data: bytes) -> int:
    """Read a file, and return how many records it holds."""
    return sum(fold_citations(BytesIO(data), lambda part: len(part.records), name="joined"))


def as_it_stands(data: bytes) -> int:
    """Cut BibTeX into entries, fields and values as they are written, with lines."""
    return len(lex_bibtex(data.decode()).records)


def ours_timed(data: bytes, read: Callable[[bytes], int]) -> tuple[int, float]:
    """Return records and the least CPU seconds of a few runs."""
    best, number = float("inf"), 0
    for _ in range(TIMES):
        began = time.process_time()
        number = read(data)
        best = min(best, time.process_time() - began)
    return number, best


def peer_timed(python: Path, code: str, data: bytes, folder: Path) -> tuple[int, float] | None:
    """Return what a peer makes of the same text in its own process; ``None`` if it fails."""
    file = folder / ("joined.xml.gz" if data.startswith(b"\x1f\x8b") else "joined.txt")
    file.write_bytes(data)
    run = RUN.format(code=code, times=TIMES)
    done = subprocess.run(
        [python, "-c", run, file], capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        print(f"    {done.stderr.strip().splitlines()[-1][:120]}")
        return None
    number, seconds = done.stdout.split()[-2:]
    return int(number), float(seconds)


def speed(peers: Path | None, xml: Path | None) -> None:
    """Print records a CPU second, and the ratio to a peer on the same text in the same run."""
    with tempfile.TemporaryDirectory() as folder:
        for fmt, (name, code) in PEERS.items():
            for label, data in texts(fmt, xml):
                number, seconds = ours_timed(data, as_it_stands if fmt == "bibtex raw" else whole)
                rate = number / seconds
                print(f"{label:13} {number:6} records {rate:8.0f} a CPU second", end="")
                peer = peer_timed(peers / "bin/python", code, data, Path(folder)) if peers else None
                if peer is not None:
                    theirs = peer[0] / peer[1]
                    print(f"; {name} {peer[0]} records, {theirs:.0f}: ratio {rate / theirs:.2f}")
                else:
                    print()


def memory(medline: Path | None) -> None:
    """Print how far the process grows while 30,000 records go by, and MEDLINE archives."""
    for fmt in ("ris", "nbib"):
        with tempfile.NamedTemporaryFile() as file:
            file.write(joined(fmt, 30_000))
            file.flush()
            print(f"{fmt:12} {_growth(file.name)}")
    for archive in sorted(medline.glob("*.xml.gz")) if medline else ():
        print(f"{archive.name.partition('.')[0]:12} {_growth(str(archive))}")


def _growth(name: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", GROWTH, name],
        capture_output=True, text=True, check=True, cwd=HERE.parent,
    )  # fmt: skip
    return done.stdout.strip()


GROWTH = """
import re, sys
from tamis import read_citations
from tamis.formats import fold_citations
from tamis.formats.bibtex.entries import lex_bibtex
read_citations(b"TY  - JOUR\\nTI  - A\\nER  - \\n", name="warm.ris")
peak = lambda: int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1])
before = peak()
with open(sys.argv[1], "rb") as file:
    number = sum(fold_citations(file, lambda part: len(part.records), name="big"))
size = __import__("os").path.getsize(sys.argv[1]) / 1e6
print(f"{number} records of {size:.0f} MB, streamed: +{(peak() - before) / 1024:.0f} MB")
"""


def main() -> None:
    """Run the parts that are asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--fields", action="store_true", help="list every field that differs")
    parser.add_argument("--only", choices=("counts", "fields", "speed", "memory"))
    parser.add_argument("--peers", type=Path, help="a virtual environment with the peers")
    parser.add_argument("--medline", type=Path, help="a folder of MEDLINE *.xml.gz files")
    parser.add_argument("--quick", action="store_true", help="counts and fields only")
    asked = parser.parse_args()
    parts: dict[str, Callable[[], None]] = {
        "counts": counts,
        "fields": lambda: fields(listed=asked.fields),
    }
    if not asked.quick:
        parts["speed"] = lambda: speed(asked.peers, asked.medline)
        parts["memory"] = lambda: memory(asked.medline)
    for name, run in parts.items():
        if asked.only in (None, name):
            print(f"== {name}")
            run()


if __name__ == "__main__":
    main()
