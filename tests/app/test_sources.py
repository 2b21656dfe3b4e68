"""Sources named at their first import: what a file tells, what is written, what stays unknown."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.web.fresh_review import EMBASE, PUBMED, ris, start

from tamis.app.import_upload import NEW, Answer, Sent, Tray
from tamis.app.init import init_review
from tamis.app.live import LiveReview
from tamis.app.planning.sources import LONGEST, name_source
from tamis.app.review import open_review
from tamis.domain.canonical import sha256_hex
from tamis.domain.errors import BadInput
from tamis.formats import read_citations

ME = "p-ann"


@pytest.fixture
def live(tmp_path: Path) -> LiveReview:
    init_review(tmp_path / "new", title="Talc for itch", by=ME)
    return LiveReview(tmp_path / "new")


def test_a_source_is_a_change_of_the_protocol_with_what_is_known_and_no_more(
    live: LiveReview,
) -> None:
    assert name_source(live, ME, " Web of  Science ", file="a.ris") == "web-of-science"
    (source,) = live.protocol.sources
    assert (source.database, source.platform, source.searched_on) == ("Web of Science", "", "")
    assert (source.kind, source.hits) == ("database", None)
    assert live.state.amendments[-1].reason.endswith("when a.ris was imported")
    assert live.state.amendments[-1].event.startswith(ME)


def test_a_folder_that_windows_cannot_have_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="device on Windows"):
        init_review(tmp_path / "con", by=ME)
    assert not (tmp_path / "con").exists()


def test_a_review_is_opened_by_a_path_or_a_text(live: LiveReview, tmp_path: Path) -> None:
    with open_review(str(tmp_path / "new")) as opened:
        assert opened.state.title == live.state.title


def test_what_was_told_is_written_and_a_register_is_one(live: LiveReview) -> None:
    name_source(live, ME, "ClinicalTrials.gov", searched_on="2026-01-02", platform="Ovid")
    (source,) = live.protocol.sources
    assert (source.kind, source.searched_on, source.platform) == ("register", "2026-01-02", "Ovid")


def test_the_same_name_is_the_same_source(live: LiveReview) -> None:
    assert name_source(live, ME, "PubMed") == name_source(live, ME, "pubmed") == "pubmed"
    assert len(live.protocol.sources) == 1


def test_a_name_without_latin_letters_gets_an_id_all_the_same(live: LiveReview) -> None:
    assert [name_source(live, ME, name) for name in ("万方", "维普")] == ["source", "source-2"]
    assert [source.database for source in live.protocol.sources] == ["万方", "维普"]


@pytest.mark.parametrize(
    ("name", "day"),
    [("", ""), (" ", ""), ("x" * (LONGEST + 1), ""), ("a\u202eb", ""), ("PubMed", "last week")],
)
def test_what_is_no_name_or_no_date_is_refused_and_nothing_written(
    live: LiveReview, name: str, day: str
) -> None:
    before = (live.root / "review.toml").read_bytes()
    with pytest.raises(BadInput):
        name_source(live, ME, name, searched_on=day)
    assert (live.root / "review.toml").read_bytes() == before
    assert live.protocol.sources == ()


def take(live: LiveReview, data: bytes, answer: Answer, name: str = "export.ris") -> str:
    """Send a file and import it; return what was said against it."""
    tray = live.part(Tray)
    tray.put(ME, [Sent(name=name, data=data)])
    left = tray.take(ME, {sha256_hex(data): answer}).left
    return next((error.problem for error in left.values()), "")


def test_files_of_one_database_share_the_source_that_the_first_named(live: LiveReview) -> None:
    for data in (PUBMED, EMBASE):
        assert take(live, data, Answer(source=NEW, database="PubMed")) == ""
    assert [batch.source for batch in live.state.batches.values()] == ["pubmed", "pubmed"]
    assert len(live.protocol.sources) == 1


def test_a_file_that_cannot_be_imported_names_no_source(live: LiveReview) -> None:
    cut = PUBMED[: PUBMED.rindex(b"SP  -")]
    assert take(live, cut, Answer(source=NEW, database="PubMed"))
    assert live.protocol.sources == ()
    assert take(live, cut, Answer(source=NEW, database="PubMed", as_is=True)) == ""
    assert len(live.protocol.sources) == 1


def test_a_file_that_is_here_already_names_no_second_source(live: LiveReview) -> None:
    take(live, PUBMED, Answer(source=NEW, database="PubMed"))
    assert take(live, PUBMED, Answer(source=NEW, database="Scopus")) == ""
    assert [source.id for source in live.protocol.sources] == ["pubmed"]


@pytest.mark.parametrize(
    ("name", "record", "proposed", "database", "platform"),
    [
        ("export.ris", "TI=A|DB=Scopus", NEW, "Scopus", ""),
        ("2026-web-of-science.ris", "TI=A", NEW, "Web of Science", ""),
        ("export.ris", "TI=A|L2=http://ovidsp.ovid.com/x", "", "", "Ovid"),
        ("pubmed-and-scopus.ris", "TI=A", "", "", ""),
        ("my-references.ris", "TI=A", "", "", ""),
    ],
)
def test_what_a_file_tells_of_its_database_is_proposed(
    live: LiveReview, name: str, record: str, proposed: str, database: str, platform: str
) -> None:
    tray = live.part(Tray)
    tray.put(ME, [Sent(name=name, data=ris(record))])
    (file,) = tray.waiting(ME)
    assert (file.proposed, file.database, file.platform) == (proposed, database, platform)


def test_a_source_that_exists_is_proposed_before_a_new_one(tmp_path: Path) -> None:
    tray = LiveReview(start(tmp_path)).part(Tray)
    data = ris("TI=A|UR=https://pubmed.ncbi.nlm.nih.gov/1")
    assert read_citations(data, name="a.ris").database == "PubMed"
    tray.put(ME, [Sent(name="a.ris", data=data)])
    assert [file.proposed for file in tray.waiting(ME)] == ["pubmed"]
