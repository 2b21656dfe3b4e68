"""A review taken along: nothing of others in the file, and the two copies become one again."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.web.conftest import Workbench, _begun

from tamis.app.desk.desk import Desk
from tamis.app.desk.views import Moment
from tamis.app.live import LiveReview
from tamis.app.ports import SystemClock
from tamis.app.review import check_log, open_review
from tamis.app.sharing.along import bring_back, look_along, merge_archive, take_along
from tamis.domain.errors import BadInput, RuleBroken, TamisError
from tamis.domain.events import Draft
from tamis.domain.state import fold
from tamis.store import FolderLog, pack, unpack
from tamis.store.packing import FORMAT

TITLES = "title-abstract"
ME, OTHER = "p-rev-a", "p-rev-b"


@pytest.fixture
def server(tmp_path: Path) -> Workbench:
    (tmp_path / "server").mkdir()
    return _begun(tmp_path / "server")


def vote(live: LiveReview, who: str, cluster: str, word: str, at: str) -> None:
    why = "population" if word == "exclude" else ""
    live.part(Desk).vote(
        who, TITLES, cluster, word, reason=why, note=f"{who} says {word}", moment=Moment(at=at)
    )


def away(server: Workbench, folder: Path, who: str = ME) -> LiveReview:
    """Return the copy that somebody took along, opened on another machine."""
    archive = folder / "along.zip"
    archive.write_bytes(take_along(server.live.review, who))
    unpack(archive, folder / "laptop")
    return LiveReview(folder / "laptop")


def packed(live: LiveReview, who: str = ME) -> bytes:
    return take_along(live.review, who)


def test_the_copy_holds_nothing_that_others_said(server: Workbench) -> None:
    here = list(server.live.clusters)
    vote(server.live, OTHER, here[0], "exclude", "2026-03-01T10:00:00.000Z")
    vote(server.live, OTHER, here[1], "include", "2026-03-01T10:00:01.000Z")
    vote(server.live, ME, here[1], "include", "2026-03-01T10:00:02.000Z")
    decisions = server.folder / "decisions"
    decisions.mkdir(exist_ok=True)
    (decisions / "votes.csv").write_text("p-rev-b,exclude", encoding="utf-8")
    hashes = [e.hash for e in server.live.review.events() if e.actor == OTHER]
    with zipfile.ZipFile(io.BytesIO(packed(server.live))) as archive:
        texts = {name: archive.read(name).decode("utf-8", "replace") for name in archive.namelist()}
    logs = "".join(text for name, text in texts.items() if name.startswith("log/"))
    assert '"actor":"p-rev-b"' not in logs
    assert "p-rev-b says" not in logs
    assert not [h for h in hashes if h in logs]
    assert not [name for name in texts if name.startswith(("decisions", "documents", "report"))]
    assert "p-rev-a says include" in logs


def test_who_never_worked_takes_the_records_and_no_verdict(server: Workbench) -> None:
    vote(server.live, OTHER, next(iter(server.live.clusters)), "include", "")
    found = look_along(server.live, "p-new")
    assert (found.own, found.lacking) == (0, {})


def test_the_copy_is_a_whole_review_that_can_be_screened(server: Workbench, tmp_path: Path) -> None:
    laptop = away(server, tmp_path)
    assert list(laptop.clusters) == list(server.live.clusters)
    assert check_log(laptop.root) == ()
    card = laptop.part(Desk).next(ME, TITLES)
    assert card is not None
    vote(laptop, ME, card.cluster, "include", "")
    assert laptop.part(Desk).progress(ME, TITLES).me.done == 1


def test_work_apart_is_united_in_either_order(server: Workbench, tmp_path: Path) -> None:
    """Law 2: the fold of the union is the same, whoever brings what first."""
    here = list(server.live.clusters)
    laptops = []
    for who in (ME, OTHER):
        (tmp_path / who).mkdir()
        laptop = away(server, tmp_path / who, who)
        for n, cluster in enumerate(here[:6]):
            word = "include" if who == ME or n % 2 else "exclude"
            vote(laptop, who, cluster, word, f"2026-03-02T10:00:0{n}.000Z")
        laptops.append((who, packed(laptop, who)))
    vote(server.live, "p-late", here[7], "include", "2026-03-02T09:00:00.000Z")
    copies: list[LiveReview] = []
    for order in (laptops, laptops[::-1]):
        folder = tmp_path / f"order-{len(copies)}"
        (tmp_path / "whole.zip").write_bytes(b"")
        unpack(_whole(server, folder), folder / "review")
        live = LiveReview(folder / "review")
        for who, data in order:
            brought = bring_back(live, who, data, everything=False)
            assert brought.verdicts == 6
        copies.append(live)
    one, other = (fold(live.review.events()) for live in copies)
    assert one == other == copies[0].state == copies[1].state
    states = [live.part(Desk).screened().screening.states for live in copies]
    assert states[0] == states[1]
    assert sum(state.state == "conflict" for state in states[0]) == 3


def _whole(server: Workbench, folder: Path) -> Path:
    from tamis.app.sharing.pack import pack_review

    folder.mkdir()
    return pack_review(server.folder, folder / "whole.zip").archive


def test_of_two_votes_of_one_person_the_later_counts_and_both_stay(
    server: Workbench, tmp_path: Path
) -> None:
    cluster = next(iter(server.live.clusters))
    laptop = away(server, tmp_path)
    vote(server.live, ME, cluster, "include", "")
    vote(laptop, ME, cluster, "exclude", "")
    bring_back(server.live, ME, packed(laptop), everything=False)
    desk = server.live.part(Desk)
    mine = desk.card(ME, TITLES, cluster).mine
    assert mine is not None
    assert mine.decision == "exclude"
    assert len(desk.history(ME)) == 2
    assert desk.card(ME, TITLES, cluster).state == "waiting"


def test_bringing_the_same_back_twice_changes_nothing(server: Workbench, tmp_path: Path) -> None:
    laptop = away(server, tmp_path)
    vote(laptop, ME, next(iter(laptop.clusters)), "include", "")
    assert bring_back(server.live, ME, packed(laptop), everything=False).verdicts == 1
    before = server.live.state.count
    assert bring_back(server.live, ME, packed(laptop), everything=False).events == 0
    assert server.live.state.count == before


def test_nobody_brings_work_in_the_name_of_another(server: Workbench, tmp_path: Path) -> None:
    laptop = away(server, tmp_path)
    vote(laptop, OTHER, next(iter(laptop.clusters)), "include", "")
    with pytest.raises(RuleBroken) as caught:
        bring_back(server.live, ME, packed(laptop, OTHER), everything=False)
    assert caught.value.rule == "own-work"
    assert not server.live.state.votes


def test_a_reviewer_brings_no_right_they_do_not_have(server: Workbench, tmp_path: Path) -> None:
    laptop = away(server, tmp_path)
    fields = {"state": "closed"}
    body = {"topic": "stage", "fields": fields}
    laptop.record([Draft(actor=ME, kind="note_added.v1", subject=TITLES, body=body)])
    with pytest.raises(RuleBroken, match="more than verdicts"):
        bring_back(server.live, ME, packed(laptop), everything=False)
    assert bring_back(server.live, ME, packed(laptop), everything=True).events == 1


def test_a_copy_with_bodies_taken_out_takes_none_out_here(
    server: Workbench, tmp_path: Path
) -> None:
    cluster = next(iter(server.live.clusters))
    vote(server.live, ME, cluster, "include", "")
    laptop = away(server, tmp_path)
    event = next(iter(laptop.state.votes))
    laptop.review.redact(event, why="a trick", by=ME)
    with pytest.raises(RuleBroken):
        bring_back(server.live, ME, packed(laptop), everything=False)
    assert event in server.live.state.votes


def test_what_is_no_copy_of_this_review_is_refused(server: Workbench, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = _begun(tmp_path / "other")
    for data in (b"", b"PK nonsense", packed(other.live)):
        with pytest.raises(BadInput):
            bring_back(server.live, ME, data, everything=False)


def test_what_an_importer_did_after_voting_is_told_as_lacking(server: Workbench) -> None:
    vote(server.live, ME, next(iter(server.live.clusters)), "include", "")
    path = server.folder / "review.toml"
    path.write_text(path.read_text(encoding="utf-8") + "\n# more\n", encoding="utf-8", newline="\n")
    server.live.adopt(by=ME, reason="a comment")
    assert look_along(server.live, OTHER).lacking == {"amendments": 1}


def test_the_command_line_merges_the_archive_of_a_copy(server: Workbench, tmp_path: Path) -> None:
    laptop = away(server, tmp_path)
    vote(laptop, ME, next(iter(laptop.clusters)), "include", "")
    archive = tmp_path / "back.zip"
    archive.write_bytes(packed(laptop))
    merge_archive(archive, server.folder)
    assert len(open_review(server.folder).state.votes) == 1


# ------------------------------------------------------------------ in its carrier's hands
def forged(laptop: LiveReview, drafts: list[Draft]) -> bytes:
    """Write events past every rule of the program, as a carrier can with an editor."""
    log = FolderLog(laptop.root, replica="0badc0de", clock=SystemClock())
    log.append(drafts)
    target = laptop.root.with_name("forged.zip")
    return pack(laptop.root, target).archive.read_bytes()


def ballot(cluster: str, **other: object) -> dict[str, object]:
    return {"stage": TITLES, "records": [cluster], "decision": "include", "reason": "",
            "criteria": {}, **other}  # fmt: skip


def a_vote(cluster: str, at: str = "", **other: object) -> Draft:
    body = ballot(cluster, **other)
    return Draft(actor=ME, kind="screened.v1", subject=TITLES, body=body, at=at)


def a_note(fields: object, supersedes: tuple[str, ...] = ()) -> Draft:
    body = {"topic": "note", "fields": fields}
    return Draft(actor=ME, kind="note_added.v1", subject="x", body=body, supersedes=supersedes)


FORGED: dict[str, tuple[Callable[[str], Draft], str]] = {
    "a record of no import": (lambda c: a_vote("aaaaaaaaaaaa:0"), "record"),
    "a record that is not there": (lambda c: a_vote(f"{c.partition(':')[0]}:999999"), "record"),
    "full text before titles": (lambda c: a_vote(c, stage="full-text"), "title and abstract"),
    "a reason that is none": (
        lambda c: a_vote(c, decision="exclude", reason="<b>x"), "reason|criterion"),
    "a time to come": (lambda c: a_vote(c, at="2999-01-01T00:00:00.000Z"), "not come"),
    "a body that no program reads": (lambda c: a_note(["a"]), "."),
}  # fmt: skip


@pytest.mark.parametrize("name", FORGED)
def test_what_no_program_would_have_written_is_refused_whole(
    server: Workbench, tmp_path: Path, name: str
) -> None:
    laptop = away(server, tmp_path)
    good, bad = list(laptop.clusters)[:2]
    make, said = FORGED[name]
    data = forged(laptop, [a_vote(good), make(bad)])
    before = server.live.state.count
    for everything in (False, True) if name.startswith("a body") else (False,):
        with pytest.raises(TamisError, match=said):
            bring_back(server.live, ME, data, everything=everything)
    assert LiveReview(server.folder).state.count == before
    assert check_log(server.folder) == ()


def test_nobody_takes_the_votes_of_others_away(server: Workbench, tmp_path: Path) -> None:
    here = list(server.live.clusters)
    vote(server.live, OTHER, here[0], "include", "")
    (name,) = server.live.state.votes
    laptop = away(server, tmp_path)
    data = forged(laptop, [a_note({"text": "mine"}, supersedes=(name,))])
    with pytest.raises(RuleBroken) as caught:
        bring_back(server.live, ME, data, everything=False)
    assert caught.value.rule == "corrects-own"
    assert name in server.live.state.votes


def test_a_report_that_others_were_drawn_for_is_not_brought(
    server: Workbench, tmp_path: Path
) -> None:
    path = server.folder / "review.toml"
    drawn = 'allocation = "pairs"\npairs = [["p-rev-b", "p-rev-c"]]\n'
    text = re.sub(r"^allocation = .*\n", drawn, path.read_text("utf-8"), flags=re.MULTILINE)
    path.write_text(text, "utf-8", newline="\n")
    laptop = away(server, tmp_path)
    data = forged(laptop, [a_vote(next(iter(laptop.clusters)))])
    with pytest.raises(RuleBroken) as caught:
        bring_back(server.live, ME, data, everything=False)
    assert caught.value.rule == "allocated-to-others"


def test_the_command_line_merges_nothing_that_cannot_be_read(
    server: Workbench, tmp_path: Path
) -> None:
    laptop = away(server, tmp_path)
    archive = tmp_path / "back.zip"
    archive.write_bytes(forged(laptop, [a_note(["a"])]))
    with pytest.raises(BadInput, match="cannot be read"):
        merge_archive(archive, server.folder)
    assert check_log(server.folder) == ()
    assert open_review(server.folder).state.votes == {}


def test_an_archive_that_swells_is_refused_before_anything_is_written(
    server: Workbench, tmp_path: Path
) -> None:
    bomb = tmp_path / "bomb.zip"
    zeros = bytes(2**20)
    listed = [{"path": f"log/{n}", "size": len(zeros), "sha256": "0" * 64} for n in range(40)]
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        told = {"format": FORMAT, "files": listed, "left_out": []}
        archive.writestr("tamis-pack.json", json.dumps(told))
        for entry in listed:
            archive.writestr(str(entry["path"]), zeros)
    with pytest.raises(BadInput, match="more than a review"):
        bring_back(server.live, ME, bomb.read_bytes(), everything=False)
