"""Every route, walked by one reviewer: nothing in any answer depends on what the other's vote says.

Two worlds differ in what the second reviewer's sealed verdicts, reasons and notes say. Each route
of the application is asked in both, pages and JSON alike; what is not asked is named here with why.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from fastapi.routing import APIRoute
from tests.web.conftest import INPUTS, PRACTICE, Workbench, _begun, _bench, unmasked

from tamis.app.desk.desk import Desk
from tamis.app.desk.views import Moment
from tamis.app.grading.ground import Grounds
from tamis.app.imports import import_files
from tamis.app.init import init_review
from tamis.app.overview import keeps_secrets
from tamis.app.review import open_review
from tamis.app.sharing.merge import merge_copy
from tamis.app.sharing.publish import shelved
from tamis.domain.events import Draft
from tamis.web.routing import ROUTES

#: Routes without a review, files that are the same for everybody, and the copy that one takes
#: along: what it holds is read line by line in ``tests/app/test_along.py``.
ELSEWHERE = {"/log-in", "/invitation/{token}", "/me", "/people.json", "/r/{review}/team",
             "/r/{review}/along/copy.zip", "/api/v1/reviews/{review}/along/copy"}  # fmt: skip

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
                  moment=Moment(at=f"2026-03-01T10:00:0{n}.000Z"))  # fmt: skip
    return bench


def _filled(path: str, bench: Workbench, **known: str) -> str:
    votes = iter(bench.live.state.votes.values())
    record = next((vote.records[0] for vote in votes), next(iter(bench.live.cluster_of)))
    found = bench.live.cluster_of[record].id
    values = {
        "review": bench.name, "stage": "title-abstract", "cluster": found, "form": "csv",
        "name": "report.html", "round_id": "calibration-1", "person": "p-rev-b", **known,
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
    text = re.sub(r"20\d\d-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{3}Z)?)?", "MOMENT", text)
    return text.replace(str(bench.folder), "FOLDER")


@pytest.mark.slow
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


def _walk(worlds: list[Workbench], **known: str) -> dict[str, str]:
    """Ask every route in both worlds; return the routes whose answers differ, with where."""
    differing = {}
    for path in _routes():
        answers = []
        for bench in worlds:
            answer = bench.client.get(_filled(path, bench, **known), follow_redirects=False)
            assert answer.status_code < 500, (path, answer.text)
            answers.append(f"{answer.status_code} {_plain(answer.text, bench)}")
        if answers[0] != answers[1]:
            at = next(n for n, (a, b) in enumerate(zip(*answers, strict=False)) if a != b)
            differing[path] = f"{answers[0][at - 80 : at + 80]} <> {answers[1][at - 80 : at + 80]}"
    return differing


@pytest.mark.slow
def test_no_route_tells_that_another_has_voted_at_all(tmp_path: Path) -> None:
    """A count or a moment would tell of a sealed verdict as a word would."""
    worlds = [_begun(_made(tmp_path / name)) for name in ("silent", "at-work")]
    for world in worlds:  # the first thing that anybody writes brings the engine's run along
        world.live.part(Desk).listing("p-methods", "title-abstract")
        world.live.part(Desk).remarks.add_word("p-methods", "pilot")
    desk = worlds[1].live.part(Desk)
    voted = [row.cluster for row in desk.listing("p-rev-b", "title-abstract").rows[:4]]
    for cluster in voted:
        desk.vote("p-rev-b", "title-abstract", cluster, "include", note="hidden word")
    assert _walk(worlds, cluster=voted[0]) == {}


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _by_stage(folder: Path, decision: str, reason: str) -> Workbench:
    """Both vote on three reports under blinding by stage, the second one differently each time."""
    folder.mkdir()
    init_review(folder / "screening", by="p-rev-a", title="practice")
    plan = (INPUTS / "review.toml").read_text(encoding="utf-8")
    changed = plan.replace('blinding = "per-record"', 'blinding = "per-stage"')
    assert changed != plan
    (folder / "screening" / "review.toml").write_text(changed, encoding="utf-8", newline="\n")
    shutil.copytree(INPUTS / "search", folder / "screening" / "search", dirs_exist_ok=True)
    files = sorted((INPUTS / "imports").iterdir())
    import_files(open_review(folder / "screening"), files, by="p-rev-a")
    bench = _bench(folder, "screening", person="p-rev-a")
    desk = bench.live.part(Desk)
    for n in range(3):
        card = desk.next("p-rev-a", "title-abstract")
        assert card is not None
        for who, said, why in (("p-rev-b", decision, reason), ("p-rev-a", "include", "")):
            desk.vote(who, "title-abstract", card.cluster, said, reason=why,
                      moment=Moment(at=f"2026-03-01T10:00:0{n}.000Z"))  # fmt: skip
    return bench


@pytest.mark.slow
def test_blinding_by_stage_holds_on_every_route(tmp_path: Path) -> None:
    """Both have voted, and nothing, no count of conflicts either, tells what the other said."""
    worlds = [
        _by_stage(tmp_path / "first", "include", ""),
        _by_stage(tmp_path / "second", "exclude", "population"),
    ]
    assert _walk(worlds) == {}


#: A study, and a result of it, that both people of the worlds below are at work on.
STUDY, TOOL, OUTCOME, AT = "birch2020", "rob2:assignment", "response", "m6"


def _at_work(folder: Path, number: str, answer: str, word: str) -> Workbench:
    """Two people extract a study and appraise a result; the second one says what is told."""
    shutil.copytree(PRACTICE, folder / "practice")
    bench = _bench(folder, "practice", person="p-ann")
    events = bench.live.review.events()
    value = next(
        e.body for e in events
        if e.kind == "value_recorded.v1" and e.subject == STUDY and e.body
        and e.body["statistic"] == "events"
    )  # fmt: skip
    row = next(
        e.body for e in events
        if e.kind == "appraised.v1" and e.body and e.body["result"] == f"{STUDY}/{OUTCOME}/{AT}"
        and e.body.get("answer")
    )  # fmt: skip
    for who, told, said, why in (("p-ann", "3", "yes", "mine"), ("p-bob", number, answer, word)):
        read = {**value, "number": told}
        judged = {**row, "answer": said, "support": why}
        for kind, body, about in (
            ("value_recorded.v1", read, STUDY), ("appraised.v1", judged, str(row["result"]))
        ):  # fmt: skip
            draft = Draft(actor=who, kind=kind, subject=about, body=body,
                          at="2026-03-01T10:00:00.000Z")  # fmt: skip
            bench.live.record([draft])
    return bench


@pytest.mark.slow
def test_no_route_tells_what_another_reads_or_answers_while_one_is_at_work(tmp_path: Path) -> None:
    """Certainty, claims, the overview, the reader: all of them rest on what the viewer may know."""
    worlds = [
        _at_work(tmp_path / "first", "5", "no", "hidden word one"),
        _at_work(tmp_path / "second", "9", "yes", "hidden word two"),
    ]
    known = {"study": STUDY, "tool": TOOL, "outcome": OUTCOME, "at": AT}
    known["body"] = next(b.id for b in worlds[0].live.protocol.bodies if b.outcome == OUTCOME)
    assert _walk(worlds, **known) == {}


def test_the_report_is_withheld_from_who_is_at_work_beside_another(tmp_path: Path) -> None:
    bench = _at_work(tmp_path / "one", "5", "no", "hidden word one")
    assert shelved(bench.live, "p-ann").withheld
    assert not shelved(bench.live, "p-rev-c").withheld


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


def test_the_walk_at_work_would_notice_a_leak(tmp_path: Path) -> None:
    """What the other one reads and answers does show to themselves, on the same routes."""
    worlds = [
        _at_work(tmp_path / "first", "5", "no", "hidden word one"),
        _at_work(tmp_path / "second", "9", "yes", "hidden word two"),
    ]
    for bench in worlds:
        bench.become("p-bob")
    pages = [
        _plain(bench.get(f"/appraisal/{TOOL}/{STUDY}/{OUTCOME}/{AT}").text, bench)
        for bench in worlds
    ]
    assert pages[0] != pages[1]


def test_where_two_are_to_read_a_study_what_one_has_read_is_told_to_nobody(tmp_path: Path) -> None:
    """No report, no certainty, no claims: the second reader begins as blind as the first."""
    folder = tmp_path / "two"
    shutil.copytree(PRACTICE, folder / "practice")
    toml = folder / "practice" / "review.toml"
    text = toml.read_text(encoding="utf-8")
    toml.write_text(f"{text}\n[reading]\nreaders_per_study = 2\n", encoding="utf-8")
    bench = _bench(folder, "practice")
    bench.live.adopt(by="p-rev-a", reason="two readers")
    state = bench.live.state
    alone = {v.cell.study for v in state.values.values() if v.extractor == "p-rev-a"}
    for person in ("p-late", "p-rev-b"):
        assert keeps_secrets(bench.live, person)
        bench.become(person)
        assert bench.get("/results/report.html").status_code == 409
        assert bench.get("/results/bundle.zip").status_code == 409
        ground = bench.live.part(Grounds).of(person)
        assert not {v.cell.study for v in ground.extraction.values} & alone
    toml.write_text(text, encoding="utf-8")
    bench.live.adopt(by="p-rev-a", reason="one reader is enough")
    assert not keeps_secrets(bench.live, "p-late")
