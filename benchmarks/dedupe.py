"""De-duplication on labelled sets of real records: what is found, what is wrong, what it costs.

``python benchmarks/dedupe.py [--sets DIR] [--peer DIR] [--medline DIR] [--json FILE]`` reads the
labelled sets (``records.csv`` and ``pairs.csv`` in a folder each; they are no part of the project)
and prints for each set false merges, misses, sensitivity, precision and CPU milliseconds a record:

- *raw*: the truth as given, policy ``versions-are-duplicates``;
- *adjudicated*: the truth corrected by ``validation/dedupe/adjudication.csv``, default policy.

Pairs are counted after transitive closure. The sets were looked at while the rules were written.

``--peer DIR`` names a virtual environment with bib-dedupe 0.11.0, which answers in the same run, a
set after ours, one process each. It is no dependency of the project. ``--medline DIR`` names a
folder of MEDLINE ``*.xml.gz`` files: records with 40 % noisy copies show how the cost grows from
35,000 to 70,000 records, the smaller lot drawn from the larger. MEDLINE holds some papers twice
under two numbers; a merge of these counts as false here.

One line a metric: ``metric ours peer target holds|short|-``; exit 1 when one falls short.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import Any

from lxml import etree

from tamis.dedupe import DedupeSettings, deduplicate
from tamis.domain.records import Record
from tamis.formats import read_citations

ROOT = Path(__file__).resolve().parent.parent
SETS = ("cytology_screening", "respiratory", "diabetes", "exp_mis_baseline", "digital_work")
ADJUDICATED = ROOT / "validation" / "dedupe" / "adjudication.csv"

#: Truth -> the policy that it was labelled under.
TRUTHS = {"raw": "versions-are-duplicates", "adjudicated": "versions-are-links"}

#: What is asked of a set whose sensitivity the peer does not give.
SENSITIVITY = {"respiratory": 0.96}
MILLISECONDS, SHARE = 1.5, 0.005
SIZES, SECONDS, GIGABYTES, GROWTH = (35_000, 70_000), 120.0, 1.2, 2.2
COPIES, SEED = 0.4, 20_260_101

#: What the peer runs in its own interpreter.
PEER = """
import json, sys, time, warnings
warnings.filterwarnings("ignore")
import pandas as pd
from bib_dedupe.bib_dedupe import block, cluster, match, prep
frame = pd.read_csv(sys.argv[1], dtype=str, keep_default_na=False)
names = {"record_id": "ID", "type": "ENTRYTYPE", "authors": "author"}
frame = frame.rename(columns=names)
start = time.process_time()
pairs = match(block(prep(frame, cpu=1, verbosity_level=0), cpu=1), cpu=1)
groups = cluster(pairs)
spent = time.process_time() - start
print()
print(json.dumps({"seconds": spent, "groups": [list(map(str, group)) for group in groups]}))
"""

Pairs = set[tuple[str, str]]
Row = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Score:
    """Pairs found against pairs true."""

    true: int
    hits: int
    wrong: int
    seconds: float

    @property
    def sensitivity(self) -> float:
        """Share of the true pairs that were found."""
        return self.hits / self.true

    @property
    def precision(self) -> float:
        """Share of the found pairs that are true."""
        return self.hits / (self.hits + self.wrong)

    def shown(self) -> str:
        """Return the figures as one text."""
        return (
            f"FP {self.wrong} FN {self.true - self.hits} sens {self.sensitivity:.4f} "
            f"prec {self.precision:.4f} {self.seconds:.2f} s"
        )


def rows_of(path: Path) -> Iterator[dict[str, str]]:
    """Read a table row by row."""
    with path.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def read_set(folder: Path) -> tuple[list[Record], Pairs]:
    """Return the records of a labelled set, read as any table is, and its given pairs."""
    table = folder / "records.csv"
    records = read_citations(table.read_bytes(), name=table.name).records
    named = [replace(record, id=record.source_id, source_id="", raw=()) for record in records]
    return named, {(row["id_a"], row["id_b"]) for row in rows_of(folder / "pairs.csv")}


def adjudicated(name: str, given: Pairs) -> tuple[Pairs, int]:
    """Return the truth as adjudicated, and how many pairs that changed."""
    rows = [row for row in rows_of(ADJUDICATED) if row["set"] == name]
    same = {(row["id_a"], row["id_b"]) for row in rows if row["verdict"] == "same"}
    different = {(row["id_a"], row["id_b"]) for row in rows if row["verdict"] == "different"}
    return (given | same) - different, len(rows)


def score(groups: Sequence[Sequence[str]], truth: Pairs, seconds: float) -> Score:
    """Count pairs after closure."""
    found = {two for group in groups for two in combinations(sorted(group), 2)}
    hits = len(found & truth)
    return Score(true=len(truth), hits=hits, wrong=len(found) - hits, seconds=seconds)


def ours(records: Sequence[Record], policy: str) -> tuple[list[tuple[str, ...]], float]:
    """Run our rules; the clusters and the CPU seconds."""
    start = time.process_time()
    found = deduplicate(records, settings=DedupeSettings(policy=policy))
    return [cluster.records for cluster in found.clusters], time.process_time() - start


def theirs(python: Path, table: Path) -> tuple[list[list[str]], float]:
    """Run the peer in a process of its own."""
    done = subprocess.run(
        [str(python), "-c", PEER, str(table)], stdout=subprocess.PIPE, text=True, check=True
    )
    said = json.loads(done.stdout.splitlines()[-1])
    return said["groups"], said["seconds"]


def row(metric: str, found: str, peer: str, target: str, holds: bool | None) -> Row:
    """Return a line of the result, and print it."""
    word = "-" if holds is None else "holds" if holds else "short"
    print(metric, found, peer or "-", target, word, sep="  ", flush=True)
    return {"metric": metric, "ours": found, "peer": peer, "target": target, "holds": holds}


def measure_set(folder: Path, python: Path | None) -> Iterator[Row]:
    """Score a set under both truths, beside the peer when there is one."""
    name = folder.name
    records, given = read_set(folder)
    settled, changed = adjudicated(name, given)
    peer = theirs(python, folder / "records.csv") if python else None
    for truth, pairs in (("raw", given), ("adjudicated", settled)):
        groups, seconds = ours(records, TRUTHS[truth])
        mine = score(groups, pairs, seconds)
        other = score(peer[0], pairs, peer[1]) if peer else None
        least = max(SENSITIVITY.get(name, 0.0), other.sensitivity if other else 0.0)
        good = mine.sensitivity >= least if least else None
        if truth == "adjudicated":
            good = mine.wrong == 0 and good is not False
        told = f"sens >= {least:.4f}" + (", FP 0" if truth == "adjudicated" else "")
        yield row(f"{name}/{truth}", mine.shown(), other.shown() if other else "", told, good)
    cost = 1e3 * mine.seconds / len(records)
    ratio = f"{other.seconds / mine.seconds:.0f} times ours" if other else ""
    yield row(f"{name}/cost", f"{cost:.2f} ms a record", ratio, "<= 1.5 ms", cost <= MILLISECONDS)
    yield row(f"{name}/changed", f"{changed} of {len(given)}", "", "", None)


def measure_changes(sets: Path) -> Iterator[Row]:
    """Count the pairs that are called otherwise than given, over all sets."""
    given = {name: read_set(sets / name)[1] for name in SETS}
    changed = sum(adjudicated(name, pairs)[1] for name, pairs in given.items())
    pairs = sum(map(len, given.values()))
    share = f"{changed} of {pairs} ({100 * changed / pairs:.2f} %)"
    yield row("all/changed", share, "", "<= 0.5 %", changed <= SHARE * pairs)


# ---------------------------------------------------------------- scale
def medline(folder: Path, most: int) -> list[Record]:
    """Read articles from MEDLINE files; of a PubMed id that returns the last one counts."""
    found: dict[str, Record] = {}
    for path in sorted(folder.rglob("*.xml.gz")):
        with gzip.open(path) as source:
            for _, article in etree.iterparse(source, tag="PubmedArticle", resolve_entities=False):
                record = _article(article)
                if record.title:
                    found[record.id] = record
                article.clear()
                if len(found) >= most:
                    return list(found.values())
    return list(found.values())


def _article(article: etree._Element) -> Record:
    def text(path: str) -> str:
        one = article.find(path)
        return "" if one is None else "".join(one.itertext()).strip()

    year = text(".//PubDate/Year")
    doi = article.find(".//PubmedData/ArticleIdList/ArticleId[@IdType='doi']")
    return Record(
        id=f"m:{text('.//PMID')}",
        raw=(),
        title=text(".//ArticleTitle"),
        authors=tuple(
            f"{person.findtext('LastName')}, {person.findtext('Initials', '')}"
            for person in article.iterfind(".//AuthorList/Author")
            if person.findtext("LastName")
        ),
        year=int(year) if year.isdigit() else None,
        journal=text(".//Journal/Title"),
        volume=text(".//JournalIssue/Volume"),
        issue=text(".//JournalIssue/Issue"),
        pages=text(".//MedlinePgn"),
        doi="" if doi is None else doi.text or "",
        abstract=text(".//Abstract"),
        source_id=text(".//MedlineJournalInfo/MedlineTA"),
    )


def noisy(record: Record, draw: random.Random) -> Record:
    """Return a copy as another database might give it."""

    def sometimes(chance: float) -> bool:
        return draw.random() < chance

    title = record.title.rstrip(".")
    title = title.upper() if sometimes(0.10) else title
    title = title[:100] if sometimes(0.03) else title
    title = f"{title} (vol 3, pg 1)" if sometimes(0.01) else title
    later = 1 if sometimes(0.03) else 0
    return replace(
        record,
        id=record.id.replace("m:", "n:"),
        title=title,
        doi="" if sometimes(0.30) else record.doi,
        year=None if record.year is None else record.year + later,
        volume="" if sometimes(0.05) else record.volume,
        pages="" if sometimes(0.05) else record.pages,
        journal=record.source_id if sometimes(0.50) else record.journal,
        authors=() if sometimes(0.02) else record.authors,
    )


def measure_scale(folder: Path) -> Iterator[Row]:
    """Tell how cost grows with the number of records."""
    everything = medline(folder, int(max(SIZES) / (1 + COPIES)))
    draw = random.Random(SEED)
    draw.shuffle(everything)
    times = []
    for size in SIZES:
        originals = everything[: int(size / (1 + COPIES))]
        copied = [noisy(one, draw) for one in originals if draw.random() < COPIES]
        groups, seconds = ours([*originals, *copied], TRUTHS["adjudicated"])
        truth = {(f"m:{one.id[2:]}", one.id) for one in copied}
        found = score(groups, truth, seconds)
        times.append(seconds)
        total = len(originals) + len(copied)
        yield row(f"medline/{total}", found.shown(), "", "< 120 s", seconds < SECONDS)
    growth = times[1] / times[0]
    yield row("medline/growth", f"{growth:.2f} times", "", "<= 2.2 times", growth <= GROWTH)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    yield row("medline/memory", f"{peak:.2f} GB", "", "< 1.2 GB", peak < GIGABYTES)


def main() -> int:
    """Run, print, and tell by the exit code whether every target holds."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sets", type=Path, default=ROOT.parent / "shared" / "bench" / "dedupe")
    parser.add_argument("--only", choices=SETS, action="append")
    parser.add_argument("--peer", type=Path)
    parser.add_argument("--medline", type=Path)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    python = asked.peer / "bin" / "python" if asked.peer else None
    rows: list[Row] = []
    for name in asked.only or SETS:
        rows += measure_set(asked.sets / name, python)
    if not asked.only:
        rows += measure_changes(asked.sets)
    if asked.medline:
        rows += measure_scale(asked.medline)
    if asked.json:
        asked.json.write_text(json.dumps({"unit": "CPU seconds", "rows": rows}, indent=1) + "\n")
    return 0 if all(one["holds"] is not False for one in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
