"""A review whose log is in a database: every command works on it, and nothing hides behind it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import make_url
from tests.cli.conftest import VALUES, Tamis, record_ids
from tests.postgres_server import fresh_schema, postgres_url
from tests.store.making import TickingClock

from tamis.app.review import open_review
from tamis.store import SqlLog
from tamis.web import WebSettings, create_app

__all__ = ["postgres_url"]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.needs("postgres"))])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'log.sqlite'}"
    url = fresh_schema(request.getfixturevalue("postgres_url"))
    return url.render_as_string(hide_password=False)


@pytest.fixture
def lite(tmp_path: Path) -> str:
    """The address of an empty database of SQLite, where one is enough."""
    return f"sqlite:///{tmp_path / 'log.sqlite'}"


def _lines(root: Path) -> int:
    return sum(len(p.read_text().splitlines()) for p in (root / "log").glob("*.jsonl"))


def _events(root: Path, database: str = "") -> list[str]:
    with open_review(root, database=database) as review:
        return sorted(event.line for event in review.events())


def test_every_command_works_on_it_and_the_folder_is_no_longer_the_log(
    tamis: Tamis, small: Path, tmp_path: Path, database: str
) -> None:
    there = ("--database", database)
    before = _lines(small)
    assert tamis("status", small, *there).code == 0
    values = tmp_path / "values.csv"
    values.write_text(VALUES.replace(",9,", ",8,"), encoding="utf-8")
    assert tamis("record", "values", values, small, *there, "--json").json["recorded"] == 1
    export = tmp_path / "2026-02-01-pubmed.ris"
    export.write_text("TY  - JOUR\nTI  - A third\nAU  - Third, C\nPY  - 2021\nER  - \n")
    assert tamis("import", export, "--review", small, *there).code == 0
    done = tamis("sheet", "votes", small, "--to", tmp_path / "new.csv", *there, "--json")
    assert done.json["rows"] == 1
    assert tamis("record", "notes", _note(tmp_path), small, *there, "--json").json["recorded"] == 1
    assert tamis("build", small, *there).code == 0
    assert tamis("verify", small, *there).code == 0, tamis("verify", small, *there).out
    assert tamis("seal", small, *there).code == 0
    assert tamis("check", small, *there).code == 0
    assert _lines(small) == before
    for command in (
        ("status", small), ("build", small), ("verify", small), ("pack", small), ("seal", small),
        ("record", "values", values, small), ("merge", small, small),
        ("import", export, "--review", small), ("sheet", "votes", small, "--to", tmp_path / "x"),
    ):  # fmt: skip
        refused = tamis(*command)
        assert refused.code == 2, command
        assert "kept in the database" in refused.err


def _note(tmp_path: Path) -> Path:
    table = tmp_path / "notes.csv"
    table.write_text('topic,subject,fields,by\nmechanism,m:1,"{""edge"": ""e""}",p-tester\n')
    return table


def test_its_archive_is_the_same_as_a_folders_and_goes_into_another_database(
    tamis: Tamis, small: Path, tmp_path: Path, database: str, lite: str
) -> None:
    there = ("--database", database)
    plain = tamis("pack", small, "--to", tmp_path / "plain.zip", "--json").json
    packed = tamis("pack", small, "--to", tmp_path / "sql.zip", *there, "--json").json
    assert packed["sha256"] == plain["sha256"]
    tamis("record", "values", _changed(tmp_path), small, *there)
    tamis("pack", small, "--to", tmp_path / "later.zip", *there)
    assert tamis("unpack", tmp_path / "later.zip", tmp_path / "out").code == 0
    assert _events(tmp_path / "out") == _events(small, database)
    again = f"{lite}-2"
    moved = tamis("unpack", tmp_path / "later.zip", tmp_path / "moved", "--database", again)
    assert moved.code == 0
    assert _events(tmp_path / "moved", again) == _events(small, database)
    assert tamis("status", tmp_path / "moved").code == 2
    assert (
        tamis("pack", small, "--to", tmp_path / "part.zip", "--for", "p-tester", *there).code == 0
    )


def _changed(tmp_path: Path) -> Path:
    table = tmp_path / "values.csv"
    table.write_text(VALUES.replace(",9,", ",8,"), encoding="utf-8")
    return table


def test_the_browser_shows_at_once_what_a_command_recorded(
    tamis: Tamis, small: Path, tmp_path: Path, database: str
) -> None:
    settings = WebSettings(folder=small, database=database, person="p-tester")
    app = create_app(settings)
    with TestClient(app, base_url="http://127.0.0.1:8765") as client:
        before = client.get("/api/v1/reviews/review").json()["counts"]["records"]
        export = tmp_path / "2026-02-01-pubmed.ris"
        export.write_text("TY  - JOUR\nTI  - A third\nAU  - Third, C\nPY  - 2021\nER  - \n")
        done = tamis("import", export, "--review", small, "--database", database)
        assert done.code == 0, done.err
        assert client.get("/api/v1/reviews/review").json()["counts"]["records"] == before + 1
    app.shelf.close()


def test_the_environment_names_the_database_too(
    tamis: Tamis, small: Path, lite: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TAMIS_DATABASE", lite)
    assert tamis("status", small).code == 0
    monkeypatch.delenv("TAMIS_DATABASE")
    assert tamis("status", small).code == 2


def test_a_review_is_started_in_a_database(tamis: Tamis, tmp_path: Path, lite: str) -> None:
    root = tmp_path / "new"
    assert tamis("init", root, "--title", "A question", "--database", lite).code == 0
    assert _lines(root) == 0
    assert tamis("status", root).code == 2
    assert tamis("status", root, "--database", lite).code == 0
    assert "p-tester" in " ".join(_events(root, lite))


def test_what_a_folder_and_a_database_hold_is_united(
    tamis: Tamis, small: Path, tmp_path: Path, lite: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "elsewhere" / "review"
    shutil.copytree(small, copy)
    tamis("record", "values", _changed(tmp_path), small, "--database", lite)
    with monkeypatch.context() as patch:
        patch.setenv("TAMIS_REPLICA", "0e571ab2")
        assert tamis("record", "notes", _note(tmp_path), copy).code == 0
    both = set(_events(small, lite)) | set(_events(copy))
    merged = tamis("merge", copy, small, "--database", lite, "--json")
    assert merged.json["events"] == 1, merged.err
    assert set(_events(small, lite)) == both
    assert _events(copy, lite) == sorted(both)  # the same name in the same database
    assert tamis("merge", small, copy).code == 2  # and neither hides behind its folder


def test_a_database_that_holds_another_review_or_none_is_refused(
    tamis: Tamis, small: Path, tmp_path: Path, lite: str
) -> None:
    other = tmp_path / "others" / "review"
    assert tamis("init", other, "--by", "p-somebody", "--database", lite).code == 0
    refused = tamis("status", small, "--database", lite)
    assert refused.code == 2
    assert "another review" in refused.err
    assert tamis("status", small, "--database", f"{lite}-2").code == 0
    wrong = tamis("status", small, "--database", f"{lite}-3")
    assert wrong.code == 2
    assert "does not hold it" in wrong.err
    assert tamis("status", small, "--database", f"{lite}-2").code == 0


def test_a_fork_between_folder_and_database_is_refused(
    tamis: Tamis, small: Path, tmp_path: Path, lite: str
) -> None:
    copy = tmp_path / "elsewhere" / "review"
    shutil.copytree(small, copy)
    tamis("record", "values", _changed(tmp_path), small, "--database", lite)
    assert tamis("record", "notes", _note(tmp_path), copy).code == 0  # the same installation's mark
    refused = tamis("status", copy, "--database", lite)
    assert refused.code == 2
    assert "two different events" in refused.err


def test_what_is_redacted_there_is_gone_from_the_folders_old_lines_too(
    tamis: Tamis, small: Path, lite: str
) -> None:
    record = record_ids(small)[0]
    log = next((small / "log").glob("p-tester.*.jsonl"))
    assert record in log.read_text()
    with open_review(small, database=lite) as review:
        (vote, *_) = (e for e in review.events() if e.kind == "value_recorded.v1")
    assert "Table 2" in log.read_text().splitlines()[vote.seq - 1]
    assert tamis("redact", vote.id, small, "--why", "a name", "--database", lite).code == 0
    assert "Table 2" not in log.read_text().splitlines()[vote.seq - 1]
    assert tamis("status", small, "--database", lite).code == 0


def test_no_password_is_written_or_said(tamis: Tamis, small: Path, lite: str) -> None:
    tamis("status", small, "--database", lite)
    mark = small / "log" / "database.txt"
    assert lite in mark.read_text()
    mark.write_text(mark.read_text().replace(lite, "postgresql://me@host/reviews"))
    assert "postgresql://me@host/reviews" in tamis("status", small).err
    with SqlLog(f"{lite}?timeout=5", replica="0e571ab1", clock=TickingClock()) as log:
        assert log.address == lite
        log.engine.url = make_url("postgresql+psycopg://me:hush@host:1/reviews?password=hush")
        assert log.address == "postgresql+psycopg://me@host:1/reviews"
