"""The bundle of a review folder: what is gathered, what stays out, the same bytes twice."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest
from tests.report.pages import sample_report
from tests.report.sample import sample

from tamis.app.building.bundle import BUNDLE_ZIP, make_bundle
from tamis.app.review import create_review
from tamis.domain.events import Draft
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
    """Bundle a review of one event, while another program is half way through writing a line."""
    review = create_review(root, ("log",))
    review.record(
        [
            Draft(
                actor="p-rev-a",
                kind="review_created.v1",
                subject="sample",
                body={"id": "sample", "title": "S"},
            )
        ]
    )
    (chain,) = (root / "log").iterdir()
    with chain.open("ab") as log:
        log.write(b'{"whole": "but not read"}\n{"torn')
    made = make_bundle(review, sample_report(), sample(), documents)
    assert made == make_bundle(review, sample_report(), sample(), documents), "the same bytes"
    return zipfile.ZipFile(io.BytesIO(made))


def chain_of(names: Iterable[str]) -> str:
    return next(name for name in names if name.startswith("log/"))


def test_what_is_ours_is_inside_and_nothing_else(folder: Path) -> None:
    with opened(folder, **{"report.pdf": b"%PDF of ours"}) as archive:
        names = set(archive.namelist())
        data = {name: archive.read(name) for name in names}
    tables = {f"report/data/{name}" for name in sample_report().bundle}
    assert names - tables == {
        METADATA, "review.toml", "claims.toml", "search/pubmed.txt", "decisions/aa.csv",
        chain_of(names), "report/report.html", "report/report.pdf",
    }  # fmt: skip
    assert not any(b"an abstract of others" in held for held in data.values())
    described = {e["@id"] for e in json.loads(data[METADATA])["@graph"]}
    assert names - {METADATA} <= described


def test_only_what_the_review_has_read_of_the_log_is_inside(folder: Path) -> None:
    with opened(folder) as archive:
        lines = archive.read(chain_of(archive.namelist())).splitlines()
    assert [json.loads(line)["kind"] for line in lines] == ["review_created.v1"]


def test_a_bundle_never_holds_an_older_bundle(folder: Path) -> None:
    write(folder, BUNDLE_ZIP, b"PK an older one")
    with opened(folder, **{"bundle.zip": b"PK an older one"}) as archive:
        assert BUNDLE_ZIP not in archive.namelist()
    assert not shareable(BUNDLE_ZIP)
