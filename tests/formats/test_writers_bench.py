"""Real exports, written in every format and read back: what is carried comes back the same."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tamis.domain.errors import BadInput
from tamis.domain.records import Record
from tamis.formats import read_citations, write_citations
from tamis.formats.writers.carried import CANONICAL, is_filled
from tamis.formats.writing import TABLE, Writer

FOLDER = Path(os.environ.get("TAMIS_BENCH", Path(__file__).parents[2] / "../shared/bench"))
#: Larger files say nothing more; every third of the others is enough for each run.
LARGEST, EVERY = 100_000, 3

#: What a reader adds that the file before did not say; a field that was empty, never another value.
ADDED = {
    "doi": "told by an address that is now read as one",
    "type": "the kind is unknown, and this format must name one",
    "source_id": "PubMed's own id is what it calls a record",
}

pytestmark = pytest.mark.needs("bench")


def samples() -> list[Path]:
    found = sorted(
        path
        for path in (FOLDER / "formats").rglob("*")
        if path.is_file()
        and path.stat().st_size <= LARGEST
        and not path.name.endswith((".md", ".expected.json"))
        and path.name != "MANIFEST.csv"
    )
    return found[::EVERY]


def records() -> list[tuple[str, tuple[Record, ...]]]:
    read = []
    for path in samples():
        try:
            read.append((path.name, read_citations(path.read_bytes(), name=path.name).records))
        except BadInput:
            continue
    return [(name, held) for name, held in read if held]


def differences(name: str, old: Record, new: Record, writer: Writer) -> list[tuple[object, ...]]:
    return [
        (name, field, getattr(old, field), getattr(new, field))
        for field in CANONICAL
        if field in writer.carries
        and not (field in writer.partly and writer.partly[field][1](old))
        and getattr(old, field) != getattr(new, field)
        and not (field in ADDED and not is_filled(old, field))
    ]


@pytest.mark.parametrize("writer", TABLE, ids=lambda writer: writer.name)
def test_real_records_come_back_the_same(writer: Writer) -> None:
    files = records()
    assert len(files) > 40
    found = []
    for name, before in files:
        after = read_citations(write_citations(before, writer.name), name=name).records
        assert len(after) == len(before), name
        for old, new in zip(before, after, strict=True):
            found += differences(name, old, new, writer)
    assert found == []
