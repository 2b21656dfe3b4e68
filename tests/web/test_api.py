"""The documented JSON: what it answers, what it refuses, and whose token it takes."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from tests.web.conftest import PRACTICE, Workbench

from tamis.app.people.team import open_team
from tamis.web import WebSettings, create_app

BASE = "http://127.0.0.1:8765"
TITLES = "/api/v1/reviews/screening/screening/title-abstract"


def _get(bench: Workbench, path: str, status: int = 200) -> Any:
    answer = bench.client.get(path)
    assert answer.status_code == status, answer.text
    return answer.json()


def _send(bench: Workbench, path: str, body: dict[str, Any], status: int = 200) -> Any:
    headers = {"X-CSRF-Token": bench.token()}
    answer = bench.client.post(path, json=body, headers=headers)
    assert answer.status_code == status, answer.text
    return answer.json()


def test_a_program_screens(screening: Workbench) -> None:
    assert _get(screening, "/api/v1/reviews")["reviews"][0]["name"] == "screening"
    assert _get(screening, "/api/v1/reviews/screening")["counts"]["records"] == 41
    card = _get(screening, f"{TITLES}/next")
    done = _send(screening, f"{TITLES}/records/{card['cluster']}/vote", {"decision": "include"})
    assert done["vote"]["decision"] == "include"
    assert _get(screening, f"{TITLES}/next")["cluster"] != card["cluster"]
    assert _get(screening, f"{TITLES}/history")[0]["cluster"] == card["cluster"]
    assert _get(screening, f"{TITLES}/progress")["me"]["done"] == 1
    _send(screening, f"{TITLES}/records/{card['cluster']}/withdraw", {})
    assert _get(screening, f"{TITLES}/progress")["me"]["done"] == 0
    assert _get(screening, f"{TITLES}/records?q=quentolide")["found"] == 1
    assert _get(screening, f"{TITLES}/conflicts") == []
    assert _get(screening, "/api/v1/reviews/screening/activity")[0]["who"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/reviews/nothing", 404),
        ("/api/v1/reviews/screening/screening/third-stage/next", 422),
        (f"{TITLES}/records/nothing:1", 404),
        (f"{TITLES}/records?per_page=0", 422),
        ("/api/v1/reviews/screening/report/report.html", 409),
        ("/api/v1/reviews/screening/report/..%2Freview.toml", 404),
        ("/api/v1/nothing", 404),
    ],
)
def test_what_cannot_be_is_refused_in_json(screening: Workbench, path: str, status: int) -> None:
    told = _get(screening, path, status)
    assert told["ok"] is False
    assert told["error"]["problem"]


def test_a_body_that_is_none_writes_nothing(screening: Workbench) -> None:
    card = _get(screening, f"{TITLES}/next")
    before = screening.live.state.count
    for body in ({}, {"decision": "perhaps"}, {"desicion": "include"}, {"decision": 3}):
        _send(screening, f"{TITLES}/records/{card['cluster']}/vote", body, 422)
    assert screening.live.state.count == before


def test_without_a_token_of_the_page_nothing_is_changed(screening: Workbench) -> None:
    card = _get(screening, f"{TITLES}/next")
    answer = screening.client.post(
        f"{TITLES}/records/{card['cluster']}/vote", json={"decision": "include"}
    )
    assert answer.status_code == 403


def test_a_program_speaks_for_its_person_within_its_token(tmp_path: Path) -> None:
    shutil.copytree(PRACTICE, tmp_path / "practice")
    settings = WebSettings(folder=tmp_path, team=True)
    team = open_team(settings.accounts)
    person = team.people.set_up("Ann", "correct horse battery")
    opened = team.sign_in.log_in(person, "correct horse battery")
    visitor = team.sign_in.visitor(opened.token)
    assert visitor is not None
    token = team.sign_in.make_token(visitor, "reader", ["read"])
    client = TestClient(create_app(settings), base_url=BASE)
    assert client.get("/api/v1/reviews").status_code == 401
    bearer = {"authorization": f"Bearer {token}"}
    assert client.get("/api/v1/reviews", headers=bearer).json()["reviews"][0]["role"] == "owner"
    path = "/api/v1/reviews/practice/screening/title-abstract/next"
    assert client.get(path, headers=bearer).status_code == 403
    team.sign_in.revoke_token(visitor, "reader")
    assert client.get("/api/v1/reviews", headers=bearer).status_code == 401


def test_the_description_names_every_route_and_no_page(screening: Workbench) -> None:
    paths = _get(screening, "/api/openapi.json")["paths"]
    assert all(path.startswith("/api/v1/") for path in paths)
    assert len(paths) >= 14


def test_the_program_of_the_guide_runs(
    screening: Workbench, serve_folder: Callable[..., str]
) -> None:
    guide = Path(__file__).parents[2] / "docs" / "how-to" / "programs.md"
    (program,) = re.findall(r"```python\n(.*?)```", guide.read_text(encoding="utf-8"), re.DOTALL)
    address = serve_folder(screening.folder.parent)
    voting = program.replace("http://127.0.0.1:8765", address).replace("# ask(", "ask(")
    done = subprocess.run(
        [sys.executable, "-c", voting], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("screening ")
    assert "waits:" in done.stdout
    with screening.live.locked():
        assert [vote.decision for vote in screening.live.state.votes.values()] == ["maybe"]
