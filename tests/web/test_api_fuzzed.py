"""schemathesis sends whatever the description allows, and what it does not, to a real server."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.web.conftest import PRACTICE

from tamis.app.people.team import open_team
from tamis.web import WebSettings

#: What a person decides may be wrong in itself though it is well formed (a verdict without a
#: reason, say), and is then refused with 422: this one check knows no such thing.
LEFT_OUT = "positive_data_acceptance"


@pytest.mark.slow
def test_no_request_breaks_the_api_or_its_description(
    tmp_path: Path, serve_folder: Callable[..., str]
) -> None:
    folder = tmp_path / "reviews"
    shutil.copytree(PRACTICE, folder / "practice")
    team = open_team(WebSettings(folder=folder, team=True).accounts)
    person = team.people.set_up("Ann", "correct horse battery")
    visitor = team.sign_in.visitor(team.sign_in.log_in(person, "correct horse battery").token)
    assert visitor is not None
    token = team.sign_in.make_token(visitor, "all", ["read", "vote", "settle", "read-report"])
    address = serve_folder(folder, team=True)
    command = [
        str(Path(sys.executable).parent / "schemathesis"), "run", f"{address}/api/openapi.json",
        "--header", f"Authorization: Bearer {token}", "--max-examples", "2", "--seed", "1",
        "--exclude-checks", LEFT_OUT, "--no-color", "--generation-database", "none",
    ]  # fmt: skip
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, check=False,
        env={**os.environ, "NO_PROXY": "127.0.0.1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert "Tested: 1" in done.stdout
