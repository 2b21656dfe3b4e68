"""schemathesis sends whatever the description allows, and what it does not, to a real server."""

from __future__ import annotations

import http.client
import json
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

#: On one's own machine cookie and CSRF token go along with every request, also with those that are
#: meant to lack them; that wrong requests are refused is asked of a team's server.
NEVER_WITHOUT = "negative_data_rejection"

#: Two requests of each kind an operation every day, many more in a sweep.
SWEEP = os.environ.get("HYPOTHESIS_PROFILE") == "sweep"
EXAMPLES = 60 if SWEEP else 2


def _fuzz(address: str, headers: dict[str, str], folder: Path, *, left_out: str = LEFT_OUT) -> None:
    """Send requests to every operation; fail where an answer is not as the description says."""
    command = [
        str(Path(sys.executable).parent / "schemathesis"), "run", f"{address}/api/openapi.json",
        "--max-examples", str(EXAMPLES), "--seed", "1", "--exclude-checks", left_out,
        "--request-timeout", "60", "--no-color", "--generation-database", "none",
        *(part for name, value in headers.items() for part in ("--header", f"{name}: {value}")),
    ]  # fmt: skip
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False,
        env={**os.environ, "NO_PROXY": "127.0.0.1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert "Tested: 1" in done.stdout


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
    _fuzz(serve_folder(folder, team=True), {"Authorization": f"Bearer {token}"}, tmp_path)


@pytest.mark.slow
@pytest.mark.skipif(not SWEEP, reason="with HYPOTHESIS_PROFILE=sweep only")
def test_no_request_of_who_sits_at_this_machine_breaks_it(
    tmp_path: Path, serve_folder: Callable[..., str]
) -> None:
    folder = tmp_path / "reviews"
    shutil.copytree(PRACTICE, folder / "practice")
    address = serve_folder(folder)
    asked = http.client.HTTPConnection(address.removeprefix("http://"))
    asked.request("GET", "/api/v1/me")
    answer = asked.getresponse()
    csrf = json.loads(answer.read())["csrf"]
    cookie = str(answer.getheader("set-cookie")).partition(";")[0]
    asked.close()
    held = {"Cookie": cookie, "X-CSRF-Token": csrf}
    _fuzz(address, held, tmp_path, left_out=f"{LEFT_OUT},{NEVER_WITHOUT}")
