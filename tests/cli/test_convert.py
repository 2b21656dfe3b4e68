"""``tamis convert``: files in, one file out, and everything that happened on the way said."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from tests.cli.conftest import Tamis

from tamis.formats import READERS, WRITERS, read_citations
from tamis.formats.writers.carried import CANONICAL
from tamis.formats.writing import TABLE

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "convert.md"

RIS = b"""Provider: a platform
TY  - JOUR
TI  - A sieve for stones
AU  - Mouse, Minnie
PY  - 2020
DO  - 10.1234/a
C1  - Rome
DB  - Scopus
ER  -

TY  - JOUR
TI  - A sieve for sand
AB  - One line.
C1  - Oslo
ER  -
"""
NBIB = b"PMID- 123\nOWN - NLM\nTI  - A third sieve\nAB  - Text.\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "scopus.ris").write_bytes(RIS)
    (tmp_path / "pubmed.nbib").write_bytes(NBIB)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_several_files_are_joined_in_order(tamis: Tamis, folder: Path) -> None:
    done = tamis("convert", "scopus.ris", "pubmed.nbib", "all.csv", "--json")
    assert done.code == 0, done.err
    made = read_citations((folder / "all.csv").read_bytes(), name="all.csv")
    titles = ["A sieve for stones", "A sieve for sand", "A third sieve"]
    assert [record.title for record in made.records] == titles
    assert done.json["to"] == {
        "path": "all.csv",
        "format": "csv",
        "records": 3,
        "bytes": (folder / "all.csv").stat().st_size,
    }
    assert [file["records"] for file in done.json["files"]] == [2, 1]
    assert {loss["field"] for loss in done.json["lost"]} == {"raw"}


def test_what_was_found_is_said_for_people(tamis: Tamis, folder: Path) -> None:
    done = tamis("convert", "scopus.ris", "out.csv", "--to", "asreview")
    assert done.code == 0, done.err
    assert "scopus.ris: 2 records (ris, utf-8)" in done.out
    assert "line 1: not a record: a line the platform adds" in done.out
    assert "records with abstract 50 %, DOI 50 %, year 50 %, authors 50 %" in done.out
    assert "not written, no field holds them: C1 (2)" in done.out
    assert "out.csv: 2 records (asreview)" in done.out
    assert "asreview cannot carry: database of" in done.out


def test_what_was_found_is_said_for_programs(tamis: Tamis, folder: Path) -> None:
    done = tamis("convert", "scopus.ris", "out.bib", "--json")
    (file,) = done.json["files"]
    assert [part["line"] for part in file["refused"]] == [1]
    report = file["report"]
    assert report["line_ends"] == "LF"
    assert report["filled"] == {"abstract": 1, "doi": 1, "year": 1, "authors": 1}
    assert report["unmapped"] == {"C1": 2}
    assert (report["bytes"], report["copies"], report["remarks"]) == (len(RIS), 0, [])
    (loss,) = done.json["lost"]
    assert loss == {"field": "raw", "records": 2, "what": "tags that no field holds: C1"}


def test_a_name_that_says_nothing_needs_a_format(tamis: Tamis, folder: Path) -> None:
    done = tamis("convert", "scopus.ris", "out.dat")
    assert done.code == 2
    assert "does not say which format" in done.err
    assert "asreview" in done.err
    assert not (folder / "out.dat").exists()
    assert tamis("convert", "scopus.ris", "out.dat", "--to", "asreview").code == 0
    header = (folder / "out.dat").read_text("utf-8").splitlines()[0]
    assert header == "title,abstract,authors,keywords,doi,year,url,tamis_id"
    assert tamis("convert", "scopus.ris", "x.ris", "--to", "word").code == 2


def test_a_file_is_written_over_only_when_that_is_said(tamis: Tamis, folder: Path) -> None:
    (folder / "out.csv").write_text("mine")
    done = tamis("convert", "scopus.ris", "out.csv")
    assert done.code == 2
    assert "--force" in done.err
    assert (folder / "out.csv").read_text() == "mine"
    assert tamis("convert", "scopus.ris", "out.csv", "--force").code == 0
    assert (folder / "out.csv").read_text().startswith("tamis_id,")


def test_an_input_is_never_written_over(tamis: Tamis, folder: Path) -> None:
    done = tamis("convert", "scopus.ris", "./scopus.ris", "--force")
    assert done.code == 2
    assert (folder / "scopus.ris").read_bytes() == RIS


@pytest.mark.parametrize("bad", [b"", b"only prose\n", b"%PDF-1.7\n"])
def test_one_file_that_cannot_be_read_leaves_nothing(
    tamis: Tamis, folder: Path, bad: bytes
) -> None:
    (folder / "bad.txt").write_bytes(bad)
    done = tamis("convert", "scopus.ris", "bad.txt", "out.csv")
    assert done.code == 2
    assert "bad.txt" in done.err
    assert len(done.err.strip().splitlines()) == 1
    assert not (folder / "out.csv").exists()


def test_a_file_or_folder_that_is_not_there_is_said(tamis: Tamis, folder: Path) -> None:
    assert "none.ris" in tamis("convert", "none.ris", "out.csv").err
    assert "folder" in tamis("convert", "scopus.ris", "none/out.csv").err
    assert "folder" in tamis("convert", "scopus.ris", ".", "--to", "ris").err


def test_packed_files_and_every_format_go_through(tamis: Tamis, folder: Path) -> None:
    (folder / "scopus.ris.gz").write_bytes(gzip.compress(RIS))
    for writer in TABLE:
        done = tamis("convert", "scopus.ris.gz", f"out-{writer.name}", "--to", writer.name)
        assert done.code == 0, done.err
        made = read_citations((folder / f"out-{writer.name}").read_bytes(), name="made")
        titles = [record.title for record in made.records]
        assert titles == ["A sieve for stones", "A sieve for sand"], writer.name


# ------------------------------------------------------------------ the page about it
def commands() -> list[list[str]]:
    found = re.findall(r"^tamis (convert .+)$", PAGE.read_text("utf-8"), re.M)
    return [line.split() for line in found]


def test_the_examples_of_the_page_run_one_after_another(tamis: Tamis, folder: Path) -> None:
    assert len(commands()) >= 5
    for words in commands():
        done = tamis(*words)
        assert done.code == 0, (words, done.err)
    assert {"together.xlsx", "together.ris", "for-asreview.csv"} <= {
        path.name for path in folder.iterdir()
    }


def test_the_page_names_every_format_and_what_is_lost() -> None:
    read, _, written = PAGE.read_text("utf-8").partition("## Formats that are written")
    assert set(re.findall(r"^\| `([\w-]+)` \|", read, re.M)) == set(READERS)
    rows = dict(re.findall(r"^\| `([\w-]+)` \|(.*)$", written, re.M))
    assert set(rows) == set(WRITERS)
    for writer in TABLE:
        lost = rows[writer.name].split("|")[2]
        missing = {field for field in CANONICAL if field not in writer.carries}
        told = set(re.findall(r"`(\w+)`", lost))
        everywhere = "of any field" in lost
        assert told == missing | (set() if everywhere else set(writer.partly)), writer.name
        assert all(what in lost for what, _ in writer.partly.values())
        assert all(suffix in rows[writer.name] for suffix in writer.suffixes)


# ------------------------------------------------------------------ the same report at an import
def test_an_import_says_the_same_of_a_file(tamis: Tamis, small: Path, tmp_path: Path) -> None:
    path = tmp_path / "2026-01-31-pubmed.ris"
    path.write_bytes(RIS.replace(b"AB  -", b"N1  -").replace(b"\n", b"\r\n"))
    said = tamis("import", path, "--review", small)
    assert said.code == 0, said.err
    assert "records with abstract 0 %, DOI 50 %" in said.out
    assert "note: no record has an abstract" in said.out
    told = tamis("import", path, "--review", small, "--json").json["files"][0]
    assert told["new"] is False
    converted = tamis("convert", path, tmp_path / "x.csv", "--json").json["files"][0]
    assert told["report"] == converted["report"]
    assert told["report"]["line_ends"] == "CRLF"
    assert told["repaired"] == converted["repaired"]
