"""A value read in an attached paper: the program finds the place of its quote."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.conftest import Ran, Tamis

from tamis.app.review import open_review
from tamis.domain.values import PassageAnchor

PAPERS = Path(__file__).parents[2] / "src" / "tamis" / "examples" / "practice" / "inputs"
HEAD = (
    "study,arm_or_contrast,outcome,definition,estimand,visit,statistic,number,unit,anchor_kind,"
    "document,page,start,end,quote,status,extractor\n"
)
QUOTE = "randomised, double-blind, placebo-controlled trial with parallel groups"

Record = Callable[..., Ran]


@pytest.fixture
def record(tamis: Tamis, small: Path) -> Record:
    """Return a function that records one passage in the small review."""

    def run(quote: str = QUOTE, *, document: str = "", place: str = ",,") -> Ran:
        table = small.parent / "passages.csv"
        table.write_text(
            f"{HEAD}writer2020,all,design-as-stated,not-stated,point,baseline,text,a trial,,"
            f'passage,{document},{place},"{quote}",passage read,p-tester\n',
            encoding="utf-8",
        )
        return tamis("record", "values", table, small, "--json")

    return run


@pytest.fixture
def attach(tamis: Tamis, small: Path) -> Callable[..., None]:
    """Return a function that attaches papers to the one study."""

    def run(*names: str) -> None:
        table = small.parent / "tables" / "documents.csv"
        rows = "".join(f"writer2020-paper,{name},article\n" for name in names)
        table.write_text(f"report,file,role\n{rows}", encoding="utf-8")
        for name in names:
            shutil.copy(PAPERS / "documents" / name, table.parent / name)
        done = tamis("record", "documents", table, small)
        assert done.code == 0, done.err

    return run


def anchor_of(root: Path) -> PassageAnchor:
    (value,) = [
        v for v in open_review(root).state.values.values() if v.cell.outcome == "design-as-stated"
    ]
    assert isinstance(value.source, PassageAnchor)
    return value.source


def test_a_quote_alone_is_found_with_its_page_and_place(
    small: Path, record: Record, attach: Callable[..., None]
) -> None:
    attach("alder2019.pdf")
    done = record()
    assert done.code == 0, done.err
    anchor = anchor_of(small)
    (link,) = open_review(small).state.documents.values()
    assert anchor.document == link.sha256
    assert anchor.page == 1
    assert anchor.end - anchor.start == len(anchor.quote)
    assert anchor.quote.replace("\N{SOFT HYPHEN}", "-").split() == QUOTE.split()
    assert anchor.prefix
    assert record().json["recorded"] == 0, "the same row again changes nothing"
    place = f"{anchor.page},{anchor.start},{anchor.end}"
    assert record(anchor.quote, document=link.sha256, place=place).json["recorded"] == 0


def test_a_page_narrows_the_search(record: Record, attach: Callable[..., None]) -> None:
    attach("alder2019.pdf")
    refused = record(place="2,,")
    assert refused.code == 2
    assert "does not stand in the document" in refused.err
    assert "on page 2" in refused.err
    assert record(place="1,,").code == 0


def test_a_quote_that_stands_twice_is_refused_with_its_places(
    small: Path, record: Record, attach: Callable[..., None]
) -> None:
    attach("alder2019.pdf")
    before = open_review(small).state.count
    refused = record("velorimab")
    assert refused.code == 2
    assert "places of the document" in refused.err
    assert "quote more words" in refused.err
    assert "passages.csv:2" in refused.err
    assert open_review(small).state.count == before


def test_a_quote_that_stands_nowhere_is_refused(
    record: Record, attach: Callable[..., None]
) -> None:
    attach("alder2019.pdf")
    refused = record("nobody wrote this")
    assert refused.code == 2
    assert "'nobody wrote this' does not stand in the document" in refused.err


def test_of_several_documents_the_one_that_has_the_quote_is_taken(
    small: Path, record: Record, attach: Callable[..., None]
) -> None:
    attach("birch2020.pdf", "alder2019.pdf")
    assert record().code == 0
    documents = {d.sha256: d.file for d in open_review(small).state.documents.values()}
    assert documents[anchor_of(small).document] == "documents/alder2019.pdf"
    refused = record(document="birch2020.pdf")
    assert refused.code == 2
    assert "does not stand in the document" in refused.err


def test_without_a_document_there_is_nothing_to_look_in(record: Record) -> None:
    refused = record()
    assert refused.code == 2
    assert "no document is attached to writer2020" in refused.err
    assert "tamis record documents" in refused.err


def test_a_document_that_is_away_is_named(
    small: Path, record: Record, attach: Callable[..., None]
) -> None:
    attach("alder2019.pdf")
    (small / "documents" / "alder2019.pdf").unlink()
    refused = record()
    assert refused.code == 2
    assert "not in the folder" in refused.err
    assert "documents/alder2019.pdf" in refused.err


def test_a_start_without_an_end_is_refused(record: Record, attach: Callable[..., None]) -> None:
    attach("alder2019.pdf")
    refused = record(place="1,5,")
    assert refused.code == 2
    assert "leave both empty" in refused.err
