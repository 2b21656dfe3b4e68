"""The documents in a review's folder: written, checked again, and dropped when out of date."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.report.pages import sample_report
from tests.report.sample import sample

from tamis.app.building.typeset import check_documents, drop_documents, named, set_documents
from tamis.app.ports import NoFonts
from tamis.domain.results import Finding


@pytest.fixture(scope="module")
def folder_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("documents") / "report"
    made = set_documents(sample_report(), sample(), fonts=NoFonts())
    for name, data in named(made).items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    return root


@pytest.fixture
def folder(folder_once: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(folder_once, tmp_path / "report"))


def check(folder: Path) -> list[Finding]:
    found = check_documents(folder, sample_report(), sample(), fonts=NoFonts())
    return [f for f in found if f.rule != "no-chinese-font"]


def test_what_was_written_is_right(folder: Path) -> None:
    assert check(folder) == []


def test_a_folder_with_the_page_only_has_a_note(tmp_path: Path) -> None:
    assert [(f.rule, f.severity) for f in check(tmp_path)] == [("documents-not-built", "note")]


@pytest.mark.parametrize("name", ["report.docx", "report.pdf"])
def test_a_document_that_is_gone_is_an_error(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert [(f.rule, f.severity, f.subject) for f in check(folder)] == [
        ("document-absent", "error", f"report/{name}")
    ]


def test_an_altered_figure_is_an_error_and_another_font_is_not(folder: Path) -> None:
    drawing = next(iter(sorted((folder / "figures").glob("*.svg"))))
    drawing.write_bytes(drawing.read_bytes().replace(b"</text>", b"7</text>", 1))
    assert [(f.rule, f.severity) for f in check(folder)] == [("figure-stale", "error")]
    drawing.with_suffix(".png").unlink()
    assert {f.rule for f in check(folder)} == {"figure-stale"}


def test_a_picture_with_other_bytes_is_a_warning(folder: Path) -> None:
    picture = next(iter(sorted((folder / "figures").glob("*.png"))))
    picture.write_bytes(picture.read_bytes() + b"\0")
    assert [(f.rule, f.severity) for f in check(folder)] == [("document-differs", "warning")]


def test_a_document_of_another_report_is_an_error(folder: Path) -> None:
    other = next(iter(sorted((folder / "figures").glob("*.pdf"))))
    shutil.copy(other, folder / "report.pdf")
    assert {f.rule for f in check(folder)} >= {"number-missing"}


def test_documents_of_an_earlier_build_are_dropped(folder: Path) -> None:
    (folder / "report.html").write_bytes(b"")
    drop_documents(folder)
    assert sorted(p.name for p in folder.iterdir()) == ["report.html"]
    drop_documents(folder)
