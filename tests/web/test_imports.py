"""The page of imports: files sent, read, told from where, imported; and what is turned away."""

from __future__ import annotations

import gzip
import io
import os
import re
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import FilePayload
from tests.web.conftest import Look, Workbench
from tests.web.fresh_review import EMBASE, PUBMED, ris, start

from tamis.app.desk.desk import Desk
from tamis.app.duplicates import finding
from tamis.app.import_upload import DAYS_WAITING, NEW, TRAY
from tamis.app.init import init_review
from tamis.domain.canonical import sha256_hex
from tamis.formats import read_citations
from tamis.web import WebSettings, create_app
from tamis.web.words import words

EN = words("en")
CUT = PUBMED[: PUBMED.rindex(b"SP  -")]


@pytest.fixture
def fresh(tmp_path: Path, bench_of: Callable[..., Workbench]) -> Workbench:
    start(tmp_path)
    return bench_of(tmp_path, "fresh")


def send(bench: Workbench, *files: tuple[str, bytes]) -> Any:
    return bench.post("/imports", files=[("files", (name, data)) for name, data in files])


def kinds(bench: Workbench) -> list[str]:
    return [event.kind for event in bench.live.review.events()]


def test_nothing_imported_says_what_to_do(fresh: Workbench) -> None:
    page = fresh.get("/imports").text
    assert EN["imports.empty"] in page
    assert "Embase.com" in page


def test_a_file_is_read_told_and_imported(fresh: Workbench) -> None:
    assert send(fresh, ("2026-01-02-pubmed.ris", PUBMED)).status_code == 303
    page = fresh.get("/imports").text
    assert "2026-01-02-pubmed.ris" in page
    assert '<option value="pubmed" selected>' in page
    assert "batch_imported.v1" not in kinds(fresh)
    sha = sha256_hex(PUBMED)
    done = fresh.post("/imports/take", {f"source.{sha}": "pubmed"})
    assert done.status_code == 200
    assert "2 records imported from PubMed" in done.text
    assert EN["imports.waiting"] not in done.text
    (batch,) = fresh.live.state.batches.values()
    assert (batch.source, batch.records) == ("pubmed", 2)
    assert batch.file == "imports/2026-01-02-pubmed.ris"
    assert (fresh.folder / batch.file).read_bytes() == PUBMED
    assert kinds(fresh)[-2:] == ["source_searched.v1", "batch_imported.v1"]
    assert fresh.live.review.events()[-1].actor == "p-ann"
    assert "1 fewer than printed" in done.text


def test_several_files_at_once_and_a_packed_one(fresh: Workbench) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("../../a-pubmed.ris", PUBMED)
    squeezed = gzip.compress(EMBASE)
    send(fresh, ("both.zip", packed.getvalue()), ("x-embase.ris.gz", squeezed))
    page = fresh.get("/imports").text
    assert "a-pubmed.ris" in page
    assert "../" not in page
    assert "x-embase.ris" in page
    sha = sha256_hex(squeezed)
    fresh.post(
        "/imports/take", {f"source.{sha256_hex(PUBMED)}": "pubmed", f"source.{sha}": "embase"}
    )
    assert sorted(b.source for b in fresh.live.state.batches.values()) == ["embase", "pubmed"]
    assert (fresh.folder / fresh.live.state.batches[sha].file).read_bytes() == squeezed
    there = read_citations(squeezed, name="x-embase.ris.gz").records
    assert {r.id for r in there} <= set(fresh.live.library.records), "the ids of the command line"
    assert len(fresh.live.library.records) == 4


def test_one_alone_is_imported_and_one_discarded(fresh: Workbench) -> None:
    send(fresh, ("a.ris", PUBMED), ("b.ris", EMBASE))
    one, other = sha256_hex(PUBMED), sha256_hex(EMBASE)
    form = {f"source.{one}": "pubmed", f"source.{other}": "embase", "only": one}
    fresh.post("/imports/take", form)
    assert list(fresh.live.state.batches) == [one]
    assert fresh.post("/imports/drop", {"only": other}).status_code == 303
    assert "b.ris" not in fresh.get("/imports").text
    assert fresh.post("/imports/drop", {"only": other}).status_code == 404


def test_a_file_without_a_source_waits_with_the_error_beside_it(fresh: Workbench) -> None:
    send(fresh, ("export.ris", PUBMED))
    answer = fresh.post("/imports/take", {f"source.{sha256_hex(PUBMED)}": ""})
    assert answer.status_code == 422
    assert "choose its source" in answer.text
    assert not fresh.live.state.batches


def test_a_source_that_is_none_is_refused(fresh: Workbench) -> None:
    send(fresh, ("export.ris", PUBMED))
    answer = fresh.post("/imports/take", {f"source.{sha256_hex(PUBMED)}": "<script>x"})
    assert answer.status_code == 422
    assert "<script>x" not in answer.text
    assert not fresh.live.state.batches


def test_a_doubtful_file_is_refused_until_it_is_called_whole(fresh: Workbench) -> None:
    send(fresh, ("cut-pubmed.ris", CUT))
    page = fresh.get("/imports").text
    assert EN["imports.doubtful"] in page
    assert EN["imports.as_is"] in page
    sha = sha256_hex(CUT)
    answer = fresh.post("/imports/take", {f"source.{sha}": "pubmed"})
    assert answer.status_code == 422
    assert not fresh.live.state.batches
    fresh.post("/imports/take", {f"source.{sha}": "pubmed", f"as_is.{sha}": "1"})
    assert list(fresh.live.state.batches) == [sha]


def test_the_same_file_twice_adds_nothing_and_says_so(fresh: Workbench) -> None:
    sha = sha256_hex(PUBMED)
    for _ in range(2):
        send(fresh, ("pubmed.ris", PUBMED))
        done = fresh.post("/imports/take", {f"source.{sha}": "pubmed"})
    assert "this very file is already in the review" in done.text
    assert kinds(fresh).count("batch_imported.v1") == 1
    send(fresh, ("again.ris", PUBMED))
    assert "imports/2026-01-02-pubmed.ris" in fresh.get("/imports").text


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("paper.pdf", b"%PDF-1.7\n%\xe2\xe3", "imports.is_document"),
        ("notes.docx", b"PK\x03\x04 broken", ""),
        ("picture.png", b"\x89PNG\r\n\x1a\n\x00\x00", ""),
        ("empty.ris", b"", ""),
        ("<script>alert(1)</script>.ris", b"nothing of the kind", ""),
    ],
)
def test_what_is_no_citation_file_gets_one_clear_error(
    fresh: Workbench, name: str, data: bytes, told: str
) -> None:
    answer = send(fresh, (name, data))
    assert answer.status_code == 422
    assert answer.text.count('<div class="notice error"') == 1
    assert "<script>alert" not in answer.text
    assert not told or EN[told] in answer.text
    assert "/full-texts" in answer.text
    assert not list((fresh.folder / ".tamis").glob("incoming/*/*"))


def test_good_files_wait_though_others_are_turned_away(fresh: Workbench) -> None:
    answer = send(fresh, ("pubmed.ris", PUBMED), ("paper.pdf", b"%PDF-1.7"))
    assert answer.status_code == 422
    assert "pubmed.ris" in answer.text
    assert EN["imports.is_document"] in answer.text


def test_no_file_at_all_is_said(fresh: Workbench) -> None:
    answer = fresh.post("/imports")
    assert answer.status_code == 422
    assert EN["imports.nothing"] in answer.text


def test_more_than_the_limit_is_refused(fresh: Workbench) -> None:
    app = create_app(WebSettings(folder=fresh.folder.parent, person="p-ann", upload_limit=2000))
    small = replace(fresh, client=TestClient(app, base_url="http://127.0.0.1:8765"))
    assert send(small, ("pubmed.ris", PUBMED + b" " * 2000)).status_code == 413
    assert EN["imports.waiting"] not in small.get("/imports").text


def test_a_bomb_is_refused(fresh: Workbench) -> None:
    answer = send(fresh, ("bomb.gz", gzip.compress(b"\0" * 60_000_000)))
    assert answer.status_code == 422
    assert "unpack to far more" in answer.text


def test_others_do_not_see_what_waits_and_cannot_take_it(fresh: Workbench) -> None:
    send(fresh, ("mine.ris", PUBMED))
    fresh.become("p-bob")
    assert "mine.ris" not in fresh.get("/imports").text
    answer = fresh.post("/imports/take", {f"source.{sha256_hex(PUBMED)}": "pubmed"})
    assert answer.status_code == 404
    assert not fresh.live.state.batches


@pytest.mark.parametrize("name", ["../../../review.toml", "..%2f..%2fx", "/etc/passwd", "a" * 64])
def test_no_name_from_a_form_is_a_path(fresh: Workbench, name: str) -> None:
    assert fresh.post("/imports/take", {f"source.{name}": "pubmed"}).status_code == 404
    assert fresh.post("/imports/drop", {"only": name}).status_code == 404
    assert (fresh.folder / "review.toml").exists()


def test_a_hostile_title_is_text(fresh: Workbench) -> None:
    data = ris("TI=<script>alert(1)</script> & talc|PY=2020", "TI=Another|PY=2021")
    send(fresh, ("pubmed.ris", data))
    fresh.post("/imports/take", {f"source.{sha256_hex(data)}": "pubmed"})
    page = fresh.get("/duplicates/by-hand?q=talc").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_chinese(fresh: Workbench) -> None:
    page = fresh.get("/imports", headers={"accept-language": "zh-CN"}).text
    assert words("zh")["imports.sources"] in page


def test_a_file_tells_its_facts_and_is_warned_of_without_abstracts(fresh: Workbench) -> None:
    bare = re.sub(rb"AB  - .*\n", b"C1  - Rome\n", PUBMED.replace(b"\r\n", b"\n"))
    send(fresh, ("2026-01-02-pubmed.ris", bare))
    page = fresh.get("/imports").text
    assert EN["imports.no_abstracts"] in page
    assert "<code>C1</code>" in page
    assert sha256_hex(bare) in page
    fresh.post("/imports/take", {f"source.{sha256_hex(bare)}": "pubmed"})
    kept = fresh.get("/imports").text
    assert EN["imports.no_abstracts"] in kept
    assert "batch_imported.v1" in kinds(fresh)


@pytest.mark.needs("chromium")
def test_files_are_sent_with_a_bar_and_imported_by_key(
    fresh: Workbench,
    serve_folder: Callable[[Path], str],
    look: Callable[..., Look],
) -> None:
    seen = look(serve_folder(fresh.folder.parent))
    page = seen.go("/r/fresh/imports")
    assert seen.violations() == []
    file = FilePayload(name="p-pubmed.ris", mimeType="text/plain", buffer=PUBMED)
    page.set_input_files("#files", [file])
    page.wait_for_selector("#waiting-title")
    assert page.inner_text("#said") == ""  # "Sending …" has ended
    assert page.url.endswith("/imports")
    assert seen.violations() == []
    page.keyboard.press("i")
    page.wait_for_selector(".notice.good")
    assert seen.violations() == []
    assert seen.complaints == []
    assert len(fresh.live.library.records) == 2


#: Pages that rest on which records are one report.
LOOKED_AT = (
    "", "/imports", "/duplicates", "/duplicates/merged", "/duplicates/by-hand?q=a",
    "/duplicates/rules", "/screen/title-abstract", "/screen/title-abstract/list?q=a",
    "/conflicts/title-abstract", "/full-texts", "/studies", "/results", "/activity",
)  # fmt: skip


def test_looking_writes_nothing_and_a_decision_is_preceded_by_what_it_rests_on(
    screening: Workbench,
) -> None:
    before = screening.live.review.state.heads.copy()
    for path in LOOKED_AT:
        assert screening.get(path).status_code == 200, path
    assert screening.live.review.state.heads == before
    assert not (screening.folder / "decisions").exists() or not any(
        (screening.folder / "decisions").iterdir()
    )
    desk = screening.live.part(Desk)
    card = desk.next("p-rev-a", "title-abstract")
    assert card is not None
    vote = desk.vote("p-rev-a", "title-abstract", card.cluster, "include").vote.event
    events = {event.id: event for event in screening.live.review.events()}
    (run,) = (event for event in events.values() if event.kind == "engine_ran.v1")
    assert events[vote].seen[run.chain][0] == run.seq
    assert run.body is not None
    assert (screening.folder / "decisions" / f"{run.body['output']}.csv").is_file()


@pytest.mark.parametrize("few", [True, False])
def test_an_import_finds_its_duplicates_and_records_them(
    fresh: Workbench, monkeypatch: pytest.MonkeyPatch, few: bool
) -> None:
    """Few records at once; many in a process of its own, beside the server."""
    if not few:
        monkeypatch.setattr(finding, "AT_ONCE", 1)
    send(fresh, ("a-pubmed.ris", PUBMED), ("a-embase.ris", EMBASE))
    answers = {f"source.{sha256_hex(PUBMED)}": "pubmed", f"source.{sha256_hex(EMBASE)}": "embase"}
    assert fresh.post("/imports/take", answers).status_code == 200
    job = fresh.client.app.framework.state.jobs.get("duplicates fresh")  # type: ignore[attr-defined]
    assert (job is None) == few
    if job is not None:
        job.thread.join()
        assert job.failed is None
    fresh.live.refresh()
    (run,) = fresh.live.state.engine_runs.values()
    assert set(run.inputs) == set(fresh.live.state.batches)
    before = fresh.live.state.heads.copy()
    assert fresh.get("/duplicates").status_code == 200
    assert fresh.live.state.heads == before


def test_a_file_leaves_the_tray_after_its_days(fresh: Workbench) -> None:
    send(fresh, ("a.ris", PUBMED))
    (kept,) = (fresh.folder / TRAY / "p-ann").iterdir()
    nearly, past = (time.time() - (DAYS_WAITING + more) * 86400 for more in (-1, 1))
    os.utime(kept, (nearly, nearly))
    assert EN["imports.waiting"] in fresh.get("/imports").text
    os.utime(kept, (past, past))
    assert EN["imports.waiting"] not in fresh.get("/imports").text
    assert not kept.exists()


@pytest.fixture
def bare(tmp_path: Path, bench_of: Callable[..., Workbench]) -> Workbench:
    """A review that names no source yet."""
    init_review(tmp_path / "bare", title="Talc for itch", by="p-ann")
    return bench_of(tmp_path, "bare")


def test_a_source_is_named_where_its_file_comes_in(bare: Workbench) -> None:
    send(bare, ("2026-scopus.ris", PUBMED))
    sha = sha256_hex(PUBMED)
    page = bare.get("/imports").text
    assert f'name="source.{sha}" value="{NEW}"' in page
    assert 'value="Scopus" required' in page
    told = {f"source.{sha}": NEW, f"database.{sha}": "Scopus", f"searched_on.{sha}": ""}
    done = bare.post("/imports/take", told).text
    assert "2 records imported from Scopus" in done
    assert f"! {EN['imports.not_known']}" in done
    assert "/r/bare/protocol/edit/source/0" in done
    assert re.search(r'class="button primary" href="/r/bare/screen/title-abstract"', done)
    assert kinds(bare)[-3:] == ["protocol_amended.v1", "source_searched.v1", "batch_imported.v1"]


@pytest.mark.parametrize(
    ("database", "day"), [("", ""), ("", "2026-01-02"), ("Scopus", "2026-13-45")]
)
def test_a_source_that_is_not_named_leaves_the_file_waiting_with_what_was_typed(
    bare: Workbench, database: str, day: str
) -> None:
    send(bare, ("export.ris", PUBMED))
    sha = sha256_hex(PUBMED)
    told = {f"source.{sha}": NEW, f"database.{sha}": database, f"searched_on.{sha}": day}
    answer = bare.post("/imports/take", told)
    assert answer.status_code == 422
    typed = re.search(rf'name="database.{sha}"[^>]* value="([^"]*)"', answer.text)
    assert typed is not None
    assert typed[1] == database
    assert f'name="searched_on.{sha}" value="{day}"' in answer.text
    assert bare.live.protocol.sources == ()


def test_a_name_is_text(bare: Workbench) -> None:
    send(bare, ("export.ris", PUBMED))
    sha, name = sha256_hex(PUBMED), '<script>alert("1")</script> ]] = \\'
    done = bare.post("/imports/take", {f"source.{sha}": NEW, f"database.{sha}": name})
    assert done.status_code == 200
    assert "<script>alert" not in done.text
    assert [one.database for one in bare.live.protocol.sources] == [name]
