"""The bundle of a review folder: what is gathered, what stays out, the same bytes twice."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
from tests.report.pages import sample_report
from tests.report.sample import sample

from tamis.app.building.bundle import BUNDLE_ZIP, make_bundle
from tamis.app.review import create_review
from tamis.report.bundle_crate import METADATA, shareable


def write(root: Path, name: str, data: bytes) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "review"
    for name, data in {
        "review.toml": b'[review]\nid = "sample"\n',
        "claims.toml": b"",
        "search/pubmed.txt": b"sieve\n",
        "search/.swp": b"litter",
        "search/old.txt~": b"litter",
        "decisions/aa.csv": b"a\n",
        "documents/paper.pdf": b"%PDF",
        "imports/pubmed.nbib": b"AB  - an abstract of others",
        "wording/rob2-en.toml": b"official wording",
        "report/old.html": b"an older page",
        "notes.txt": b"private",
    }.items():
        write(root, name, data)
    return root


def opened(root: Path, **documents: bytes) -> zipfile.ZipFile:
    review = create_review(root, ("log",))
    write(root, "log/p-rev-a.9f3c12ab.jsonl", b'{"whole":1}\n{"torn')
    made = make_bundle(review, sample_report(), sample(), documents)
    assert made == make_bundle(review, sample_report(), sample(), documents), "the same bytes"
    return zipfile.ZipFile(io.BytesIO(made))


def test_what_is_ours_is_inside_and_nothing_else(folder: Path) -> None:
    with opened(folder, **{"report.pdf": b"%PDF of ours"}) as archive:
        names = set(archive.namelist())
        data = {name: archive.read(name) for name in names}
    tables = {f"report/data/{name}" for name in sample_report().bundle}
    assert names - tables == {
        METADATA, "review.toml", "claims.toml", "search/pubmed.txt", "decisions/aa.csv",
        "log/p-rev-a.9f3c12ab.jsonl", "report/report.html", "report/report.pdf",
    }  # fmt: skip
    assert not any(b"an abstract of others" in held for held in data.values())
    described = {e["@id"] for e in json.loads(data[METADATA])["@graph"]}
    assert names - {METADATA} <= described


def test_a_torn_line_of_the_log_is_left_out(folder: Path) -> None:
    with opened(folder) as archive:
        assert archive.read("log/p-rev-a.9f3c12ab.jsonl") == b'{"whole":1}\n'


def test_a_bundle_never_holds_an_older_bundle(folder: Path) -> None:
    write(folder, BUNDLE_ZIP, b"PK an older one")
    with opened(folder, **{"bundle.zip": b"PK an older one"}) as archive:
        assert BUNDLE_ZIP not in archive.namelist()
    assert not shareable(BUNDLE_ZIP)
