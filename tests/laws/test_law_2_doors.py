"""Law 2 through the doors: one copy served from a database, one a folder, worked on apart."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from tests.cli.conftest import VALUES, Tamis, small, small_once, tamis
from tests.postgres_server import fresh_schema

from tamis.app.review import open_review
from tamis.domain.state import fold
from tamis.web import WebSettings, create_app

__all__ = ["small", "small_once", "tamis"]

TITLES = "/api/v1/reviews/review/screening/title-abstract"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.needs("postgres"))])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'log.sqlite'}"
    url = fresh_schema(request.getfixturevalue("postgres_url"))
    return url.render_as_string(hide_password=False)


def _browse(root: Path, database: str, work: Callable[[Any, dict[str, str]], None]) -> None:
    """Do something in the browser on a review that is served from a database."""
    app: Any = create_app(WebSettings(folder=root, database=database, person="p-tester"))
    with TestClient(app, base_url="http://127.0.0.1:8765") as client:
        found = re.search(r'name="csrf" value="([^"]+)"', client.get("/").text)
        assert found
        work(client, {"X-CSRF-Token": found[1]})
    app.shelf.close()


def _lines(root: Path, database: str = "") -> list[str]:
    with open_review(root, database=database) as review:
        assert review.state == fold(review.events())
        return sorted(event.line for event in review.events())


def _changed_vote(client: Any, headers: dict[str, str]) -> None:
    """The only reviewer looks at the second report again, and lets it in."""
    cluster = client.get(f"{TITLES}/records?q=entirely").json()["rows"][0]["cluster"]
    answer = client.post(
        f"{TITLES}/records/{cluster}/vote", json={"decision": "include"}, headers=headers
    )
    assert answer.status_code == 200, answer.text


def test_a_served_copy_and_a_folder_worked_on_apart_become_one_review(
    tamis: Tamis, small: Path, tmp_path: Path, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    train = tmp_path / "train" / "review"
    shutil.copytree(small, train)
    monkeypatch.setenv("TAMIS_REPLICA", "aaaaaaaa")
    _browse(small, database, _changed_vote)
    monkeypatch.setenv("TAMIS_REPLICA", "bbbbbbbb")
    table = tmp_path / "values.csv"
    table.write_text(VALUES.replace(",9,", ",8,"))
    assert tamis("record", "values", table, train, "--json").json["recorded"] == 1
    apart = _lines(small, database), _lines(train)
    assert set(apart[0]) - set(apart[1])
    assert set(apart[1]) - set(apart[0])

    office, home = tmp_path / "office" / "review", tmp_path / "home" / "review"
    shutil.copytree(train, home)
    served = tmp_path / "served.zip"
    assert tamis("pack", small, "--to", served, "--database", database).code == 0
    assert tamis("merge", served, home).code == 0  # the folder learns of the database
    assert tamis("merge", train, small, "--database", database).code == 0  # and the other way
    assert tamis("merge", train, small, "--database", database, "--json").json["events"] == 0
    assert tamis("unpack", served, office).code == 0  # and a third copy learns of both
    assert tamis("merge", train, office).code == 0

    union = sorted({*apart[0], *apart[1]})
    assert _lines(small, database) == _lines(home) == _lines(office) == union
    packs, reports = set(), set()
    for root, more in ((small, ("--database", database)), (home, ()), (office, ())):
        archive = tmp_path / "archive.zip"
        packs.add(tamis("pack", root, "--to", archive, *more, "--json").json["sha256"])
        built = tamis("build", root, "--only", "html", *more)
        assert built.code == 0, built.err
        reports.add((root / "report" / "report.html").read_bytes())
        assert tamis("verify", root, *more).code == 0
    assert len(packs) == len(reports) == 1
