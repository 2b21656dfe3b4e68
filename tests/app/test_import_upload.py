"""The tray of sent files, without a browser."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.web.fresh_review import EMBASE, PUBMED, start

from tamis.app.import_reports import imports_view
from tamis.app.import_upload import MOST_WAITING, Answer, Sent, Tray
from tamis.app.live import LiveReview
from tamis.domain.canonical import sha256_hex
from tamis.domain.errors import BadInput, NotFound

SHA = sha256_hex(PUBMED)


@pytest.fixture
def live(tmp_path: Path) -> LiveReview:
    return LiveReview(start(tmp_path))


@pytest.mark.parametrize(
    ("name", "proposed"),
    [
        ("2026-01-02-pubmed.ris", "pubmed"),
        ("PubMed export (3).ris", "pubmed"),
        ("embase_2.ris", "embase"),
        ("pubmed-and-embase.ris", "embase"),
        ("export.ris", ""),
    ],
)
def test_a_source_is_proposed_from_the_name(live: LiveReview, name: str, proposed: str) -> None:
    tray = Tray(live)
    assert tray.put("p-ann", [Sent(name=name, data=PUBMED)]) == ()
    (waiting,) = tray.waiting("p-ann")
    assert waiting.proposed == proposed
    assert not waiting.known


def test_what_waits_outlives_the_server(live: LiveReview) -> None:
    Tray(live).put("p-ann", [Sent(name="pubmed.ris", data=PUBMED)])
    again = Tray(LiveReview(live.root))
    assert [w.name for w in again.waiting("p-ann")] == ["pubmed.ris"]
    taken = again.take("p-ann", {SHA: Answer(source="pubmed")})
    assert [name for name, _ in taken.imported] == ["pubmed.ris"]
    assert again.waiting("p-ann") == ()


def test_the_tray_is_a_cache_that_may_go(live: LiveReview) -> None:
    tray = Tray(live)
    tray.put("p-ann", [Sent(name="pubmed.ris", data=PUBMED)])
    shutil.rmtree(live.root / ".tamis" / "incoming")
    assert tray.waiting("p-ann") == ()
    with pytest.raises(NotFound):
        tray.take("p-ann", {SHA: Answer(source="pubmed")})


def test_one_bad_answer_does_not_hold_up_the_others(live: LiveReview) -> None:
    tray = Tray(live)
    tray.put("p-ann", [Sent(name="a.ris", data=PUBMED), Sent(name="b.ris", data=EMBASE)])
    answers = {SHA: Answer(source="nothing"), sha256_hex(EMBASE): Answer(source="embase")}
    taken = tray.take("p-ann", answers)
    assert [name for name, _ in taken.imported] == ["b.ris"]
    assert list(taken.left) == [SHA]
    (waiting,) = tray.waiting("p-ann", taken.left)
    assert "no source" in waiting.trouble
    view = imports_view(live)
    assert [(s.records, s.difference) for s in view.sources] == [(0, None), (2, None)]
    assert view.records == 2


def test_there_is_an_end_to_what_waits(live: LiveReview) -> None:
    tray = Tray(live)
    files = [Sent(name="x.ris", data=PUBMED + b"\r\n" * n) for n in range(MOST_WAITING)]
    tray.put("p-ann", files)
    with pytest.raises(BadInput, match="wait already"):
        tray.put("p-ann", [Sent(name="x.ris", data=EMBASE)])
    assert tray.put("p-ann", files[:1]) == ()
