"""``tamis dedupe``: files in, the same reports told, nothing lost, nothing half written."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest
from tests.cli.conftest import Tamis

from tamis.app.dedupe_files import FILES, dedupe_files, write_deduped
from tamis.app.dedupe_files.run import MADE
from tamis.app.dedupe_files.side_by_side import Book
from tamis.dedupe import deduplicate
from tamis.formats import read_citations
from tamis.report.merges import merges_page

A = """TY  - JOUR
AU  - Mouse, Minnie
TI  - Talc for malignant pleural effusions: a randomised trial
PY  - 2001
JO  - Journal of Sieves
VL  - 4
IS  - 2
SP  - 436
EP  - 439
DO  - 10.1000/xyz
AB  - To count.
DB  - Scopus
ER  -

TY  - JOUR
TI  - Another matter <script>alert(1)</script> altogether
AU  - Duck, D.
PY  - 1999
DB  - Scopus
ER  -
"""
B = """record_id,title,authors,year,journal,volume,number,pages,doi,abstract
id_7,TALC FOR MALIGNANT PLEURAL EFFUSIONS - A RANDOMISED TRIAL.,"Mouse, M.",2001,J Sieves,4,2,436-439,10.1000/XYZ,To count and count again.
id_9,A third thing,"Goose, G.",2010,J Sieves,9,1,1-2,,
"""  # noqa: E501


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    a, b = tmp_path / "a.ris", tmp_path / "records.csv"
    a.write_text(A)
    b.write_text(B)
    return a, b


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text())))


def test_what_is_written_and_said(tmp_path: Path, files: tuple[Path, Path], tamis: Tamis) -> None:
    out = tmp_path / "out"
    told = tamis("dedupe", *files, "--out", out, "--json").json
    assert (told["records"], told["clusters"], told["unsure"]) == (4, 3, 0)
    counts = {one["name"]: one for one in told["sources"]}
    assert (counts["Scopus"]["records"], counts["Scopus"]["alone"]) == (2, 1)
    assert counts["records.csv"]["removed"] + counts["Scopus"]["removed"] == 1
    assert [counts[name]["within"] for name in counts] == [0, 0]
    assert sum(one["across"] for one in counts.values()) == 1
    clusters = rows(out / "clusters.csv")
    assert [row["source_id"] for row in clusters] == ["", "", "id_7", "id_9"]
    assert len({row["cluster_id"] for row in clusters}) == 3
    (pair,) = rows(out / "pairs.csv")
    assert pair["decision"] == "same"
    merged = read_citations((out / "references.ris").read_bytes(), name="r.ris").records
    (talc,) = [record for record in merged if record.doi == "10.1000/xyz"]
    assert talc.title == "Talc for malignant pleural effusions: a randomised trial"
    assert talc.abstract == "To count and count again."
    assert talc.authors == ("Mouse, Minnie",)
    table = read_citations((out / "references.csv").read_bytes(), name="r.csv").records
    assert [r.title for r in table] == [r.title for r in merged]


def test_the_page_is_whole_and_runs_nothing(
    tmp_path: Path, files: tuple[Path, Path], tamis: Tamis
) -> None:
    for language, title in (("en", "De-duplication"), ("zh", "去重")):
        tamis("dedupe", *files, "--out", tmp_path / "out", "--force", "--language", language)
        page = (tmp_path / "out" / "report.html").read_text()
        assert f"<title>{title}</title>" in page
        assert "<script" not in page
        assert "http://" not in page
        assert "https://" not in page
        assert "TALC FOR" in page


def test_an_earlier_answer_is_written_over_only_when_asked(
    tmp_path: Path, files: tuple[Path, Path], tamis: Tamis
) -> None:
    out = tmp_path / "out"
    assert tamis("dedupe", *files, "--out", out).code == 0
    before = (out / "clusters.csv").read_bytes()
    done = tamis("dedupe", files[0], "--out", out)
    assert done.code == 2
    assert "--force" in done.err
    assert (out / "clusters.csv").read_bytes() == before
    assert tamis("dedupe", files[0], "--out", out, "--force").code == 0
    assert (out / "clusters.csv").read_bytes() != before


def test_related_reports_are_linked_and_not_merged(tmp_path: Path, tamis: Tamis) -> None:
    file = tmp_path / "pubmed.nbib"
    file.write_text(
        "PMID- 1\nTI  - Talc for malignant pleural effusions: a trial\nDP  - 2001\n"
        "EIN - J Sieves. 2002;5:1. PMID: 2\n\n"
        "PMID- 2\nTI  - Errata\nDP  - 2002\n\n"
    )
    told = tamis("dedupe", file, "--out", tmp_path / "out", "--json").json
    assert (told["clusters"], told["links"]) == (2, 1)
    (link,) = rows(tmp_path / "out" / "links.csv")
    assert (link["kind"], link["one"]) == ("erratum", link["b"])
    assert link["words"] == "EIN: J Sieves. 2002;5:1. PMID: 2"


def test_many_merges_stand_on_pages(tmp_path: Path, files: tuple[Path, Path]) -> None:
    parsed = [read_citations(path.read_bytes(), name=path.name) for path in files]
    twice = [replace(r, id=f"{r.id}{n}") for f in parsed for r in f.records for n in "12"]
    records = {record.id: record for record in twice}
    result = deduplicate(twice)
    book = Book(records, result, (), most=1)
    assert book.pages == ("report.html", "report-2.html", "report-3.html")
    views = [book.view(page) for page in range(3)]
    assert [view.before for view in views] == [0, 1, 2]
    shown = [group.records for view in views for group in view.merges]
    assert sorted(r.id for group in shown for r in group) == sorted(records)
    assert [len(group) for group in shown] == [4, 2, 2], "what differs most comes first"
    pages = [merges_page(view) for view in views]
    assert [page.count("<article>") for page in pages] == [1, 1, 1]
    assert ['id="counts"' in page for page in pages] == [True, False, False]
    assert 'href="report-3.html#merges"' in pages[0]
    assert '<del title="the first record has">' in pages[0]


def test_a_shorter_answer_leaves_no_page_of_a_longer_one(
    tmp_path: Path, files: tuple[Path, Path], tamis: Tamis
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    for name in ("report-2.html", "report-final.html", "notes.txt"):
        (out / name).write_text("mine")
    (out / "report-3.html").write_text(f"<head>{MADE}</head>")
    assert tamis("dedupe", *files, "--out", out, "--force").code == 0
    assert not (out / "report-3.html").exists()
    kept = {"report-2.html", "report-final.html", "notes.txt"}
    assert {p.name for p in out.iterdir()} == {*FILES, *kept}
    assert MADE in (out / "report.html").read_text()


def test_a_disk_that_fails_leaves_the_folder_as_it_was(
    tmp_path: Path, files: tuple[Path, Path]
) -> None:
    def fails() -> bytes:
        raise OSError("no space left on device")

    made = dedupe_files(files)
    broken = replace(made, files={**made.files, "references.csv": fails})
    with pytest.raises(OSError, match="no space"):
        write_deduped(broken, tmp_path / "out")
    assert not any((tmp_path / "out").iterdir())


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (("a.ris", "a.ris"), "same file"),
        (("a.ris", "nothing.ris"), "nothing.ris"),
        (("a.ris", "prose.txt"), "no citation file"),
    ],
)
def test_bad_input_is_one_error_and_nothing_is_written(
    tmp_path: Path, files: tuple[Path, Path], tamis: Tamis, given: tuple[str, ...], why: str
) -> None:
    (tmp_path / "prose.txt").write_text("Nothing to cite here.")
    done = tamis("dedupe", *(tmp_path / name for name in given), "--out", tmp_path / "out")
    assert done.code == 2
    assert why in done.err
    assert done.err.count("\n") == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("option", [("--policy", "any"), ("--language", "xx")])
def test_an_option_that_is_none_is_refused(
    tmp_path: Path, files: tuple[Path, Path], tamis: Tamis, option: tuple[str, str]
) -> None:
    done = tamis("dedupe", *files, "--out", tmp_path / "out", *option)
    assert done.code == 2
    assert not (tmp_path / "out").exists()


def test_the_order_of_files_changes_no_cluster(
    tmp_path: Path, files: tuple[Path, Path], tamis: Tamis
) -> None:
    found = []
    for order in (files, files[::-1]):
        tamis("dedupe", *order, "--out", tmp_path / "out", "--force")
        found.append(
            {(r["record_id"], r["cluster_id"]) for r in rows(tmp_path / "out/clusters.csv")}
        )
    assert found[0] == found[1]


@pytest.mark.needs("duckdb")
def test_another_engine_gives_the_same_files(
    tmp_path: Path, files: tuple[Path, Path], tamis: Tamis
) -> None:
    tamis("dedupe", *files, "--out", tmp_path / "one")
    tamis("dedupe", *files, "--out", tmp_path / "two", "--engine", "duckdb")
    for name in ("clusters.csv", "pairs.csv", "references.ris", "report.html"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    assert tamis("dedupe", *files, "--out", tmp_path / "x", "--engine", "abacus").code == 2
