"""Every route, walked by one reviewer: nothing in any answer depends on what the other's vote says.

Two worlds differ in what the second reviewer's sealed verdicts, reasons and notes say. Each route
of the application is asked in both, pages and JSON alike; what is not asked is named here with why.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from fastapi.routing import APIRoute
from tests.web.conftest import Workbench, _begun, _bench, unmasked

from tamis.app.desk.desk import Desk
from tamis.app.sharing.merge import merge_copy
from tamis.web.routing import ROUTES

#: Routes without a review, and files that are the same for everybody.
ELSEWHERE = {"/log-in", "/invitation/{token}", "/me", "/people.json", "/r/{review}/team"}

SECRETS = (("include", "", "hidden word one"), ("exclude", "population", "hidden word two"))


def _world(folder: Path, decision: str, reason: str, note: str) -> Workbench:
    """Let the second reviewer vote on five reports, and the first on one of them."""
    folder.mkdir()
    bench = _begun(folder)
    desk = bench.live.part(Desk)
    for n in range(5):
        card = desk.next("p-rev-b", "title-abstract")
        assert card is not None
        desk.vote("p-rev-b", "title-abstract", card.cluster, decision, reason=reason, note=note,
                  at=f"2026-03-01T10:00:0{n}.000Z")  # fmt: skip
    return bench


def _filled(path: str, bench: Workbench) -> str:
    cluster = next(iter(bench.live.state.votes.values())).records[0]
    found = bench.live.cluster_of[cluster].id
    values = {
        "review": bench.name, "stage": "title-abstract", "cluster": found, "form": "csv",
        "name": "report.html", "round_id": "calibration-1", "person": "p-rev-b",
    }  # fmt: skip
    return re.sub(r"\{(\w+)(?::\w+)?\}", lambda m: values.get(m[1], "x"), path)


def _routes() -> list[str]:
    """Return the path of every page and every JSON route that is read."""
    every = [route for router in ROUTES for route in router.routes]
    paths = {r.path for r in every if isinstance(r, APIRoute) and "GET" in r.methods}
    return sorted(paths - ELSEWHERE)


def _plain(text: str, bench: Workbench) -> str:
    """Take out what differs between any two runs: tokens, replicas, moments of this very minute."""
    text = unmasked(text)
    text = re.sub(r"\.[0-9a-f]{8}/\d+", ".REPLICA", text)
    text = re.sub(r"20\d\d-\d\d-\d\d[T ]\d\d:\d\d(:\d\d\.\d{3}Z)?", "MOMENT", text)
    return text.replace(str(bench.folder), "FOLDER")


def test_no_route_tells_what_a_sealed_verdict_says(tmp_path: Path) -> None:
    worlds = [
        _world(tmp_path / name, *secret)
        for name, secret in zip(("first", "second"), SECRETS, strict=True)
    ]
    paths = _routes()
    assert len(paths) >= 25
    for path in paths:
        answers = []
        for bench in worlds:
            answer = bench.client.get(_filled(path, bench), follow_redirects=False)
            assert answer.status_code < 500, (path, answer.text)
            headers = sorted((k, v) for k, v in answer.headers.items() if k != "set-cookie")
            headers = [(k, v) for k, v in headers if k not in ("content-length", "date")]
            answers.append((answer.status_code, headers, _plain(answer.text, bench)))
            assert "hidden word" not in answer.text, path
        assert answers[0] == answers[1], path


def test_the_walk_would_notice_a_leak(tmp_path: Path) -> None:
    """Once both have voted the worlds do differ, so the comparison can fail."""
    pages = []
    for name, secret in zip(("first", "second"), SECRETS, strict=True):
        bench = _world(tmp_path / name, *secret)
        desk = bench.live.part(Desk)
        for vote in list(bench.live.state.votes.values()):
            cluster = bench.live.cluster_of[vote.records[0]].id
            desk.vote("p-rev-a", "title-abstract", cluster, "include")
        pages.append(_plain(bench.get("/screen/title-abstract/list").text, bench))
    assert pages[0] != pages[1]


def test_a_copy_of_the_folder_is_another_review(tmp_path: Path) -> None:
    """Work apart in two copies, unite them: the union is one review (law 2, from the browser)."""
    first = _begun(tmp_path)
    cluster = next(iter(first.live.clusters))
    shutil.copytree(tmp_path / "screening", tmp_path / "copy" / "screening")
    replica = tmp_path / "copy" / "screening" / ".tamis"
    shutil.rmtree(replica, ignore_errors=True)
    second = _bench(tmp_path / "copy", "screening", person="p-rev-b")
    first.post(f"/screen/title-abstract/{cluster}/vote", {"decision": "include"})
    second.post(f"/screen/title-abstract/{cluster}/vote", {"decision": "exclude"})
    merge_copy(tmp_path / "copy" / "screening", tmp_path / "screening")
    page = first.get("/conflicts/title-abstract").text
    assert cluster.replace(":", "%3A") in page
