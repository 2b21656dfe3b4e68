"""Makes records for the tests beside it."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from tamis.dedupe import DedupeResult
from tamis.domain.records import PairDecision, Record

#: One plain trial report; tests change what they are about.
TRIAL: dict[str, Any] = {
    "title": "Talc slurry against iodine for malignant pleural effusion: a randomised trial",
    "authors": ("Lee, Kim S.", "Day, Jo", "van der Berg, Ada"),
    "year": 2011,
    "journal": "Annals of Invented Medicine",
    "volume": "12",
    "issue": "3",
    "pages": "221-228",
    "type": "journal article",
}


def record(name: str, **fields: Any) -> Record:
    """Return a record with exactly these fields."""
    return Record(id=name, raw=(), **fields)


def trial(name: str, **changes: Any) -> Record:
    """Return the plain trial report with some fields changed."""
    return record(name, **{**TRIAL, **changes})


def pair(a: str, b: str, decision: str, rule: str = "p-rev-a") -> PairDecision:
    """Return a decision about two records named in any order."""
    low, high = sorted((a, b))
    return PairDecision(a=low, b=high, decision=decision, rule=rule)


def joined(result: DedupeResult) -> set[tuple[str, str]]:
    """Return every two records that stand in one cluster."""
    return {two for cluster in result.clusters for two in combinations(cluster.records, 2)}


# ---------------------------------------------------------------- drawn records
_TITLES = (
    "",
    "Editorial",
    TRIAL["title"],
    "Talc slurry against iodine for malignant pleural effusion",
    "Talc slurry versus iodine for malignant pleural effusion: a randomised trial",
    "Erratum: Talc slurry against iodine for malignant pleural effusion: a randomised trial",
    "Advances in pleurodesis with talc. Part 1: methods",
    "Advances in pleurodesis with talc. Part 2: methods",
)


def drawn_records(*, most: int = 9) -> st.SearchStrategy[list[Record]]:
    """Draw a few records from pools so small that duplicates and contradictions abound."""
    fields = st.fixed_dictionaries(
        {
            "title": st.sampled_from(_TITLES),
            "authors": st.sampled_from([(), ("Lee, K.", "Day, J."), ("K. S. Lee",), ("Day, J.",)]),
            "year": st.sampled_from([None, 2011, 2012, 2016]),
            "journal": st.sampled_from(["", "Annals of Invented Medicine", "Ann Inv Med", "Lung"]),
            "volume": st.sampled_from(["", "12", "13"]),
            "issue": st.sampled_from(["", "3"]),
            "pages": st.sampled_from(["", "221-228", "221-8", "9-12"]),
            "doi": st.sampled_from(["", "10.1000/one", "10.1000/two"]),
            "pmid": st.sampled_from(["", "", "", "111", "222"]),
            "type": st.sampled_from(["", "journal article", "conference abstract"]),
        }
    )
    return st.lists(fields, max_size=most).map(
        lambda rows: [record(f"x:{place:02d}", **row) for place, row in enumerate(rows)]
    )


# ---------------------------------------------------------------- labelled sets
LABELLED = (
    "cytology_screening",
    "respiratory",
    "diabetes",
    "exp_mis_baseline",
    "digital_work",
)


def labelled(bench: Path, name: str) -> tuple[list[Record], set[tuple[str, str]]]:
    """Return the records and the true pairs of one labelled set."""
    folder = bench / "dedupe" / name
    rows = _rows(folder / "records.csv")
    truth = {(row["id_a"], row["id_b"]) for row in _rows(folder / "pairs.csv")}
    return [_labelled_record(row) for row in rows], truth


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def _labelled_record(row: dict[str, str]) -> Record:
    return record(
        row["record_id"],
        title=row["title"],
        type=row["type"],
        authors=tuple(name for name in row["authors"].split(" and ") if name),
        year=int(row["year"]) if row["year"].isdigit() else None,
        journal=row["journal"] or row["booktitle"],
        volume=row["volume"],
        issue=row["number"],
        pages=row["pages"],
        doi=row["doi"],
        abstract=row["abstract"],
        issn=row["issn_isbn"],
        language=row["language"],
    )
