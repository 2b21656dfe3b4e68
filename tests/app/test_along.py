"""A review taken along: nothing of others in the file, and the two copies become one again."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from tests.web.conftest import Workbench, _begun

from tamis.app.desk.desk import Desk
from tamis.app.live import LiveReview
from tamis.app.review import check_log, open_review
from tamis.app.sharing.along import bring_back, look_along, merge_archive, take_along
from tamis.domain.errors import BadInput, RuleBroken
from tamis.domain.events import Draft
from tamis.domain.state import fold
from tamis.store import unpack

TITLES = "title-abstract"
ME, OTHER = "p-rev-a", "p-rev-b"


@pytest.fixture
def server(tmp_path: Path) -> Workbench:
    (tmp_path / "server").mkdir()
    return _begun(tmp_path / "server")


def vote(live: LiveReview, who: str, cluster: str, word: str, at: str) -> None:
    why = "population" if word == "exclude" else ""
    live.part(Desk).vote(who, TITLES, cluster, word, reason=why, note=f"{who} says {word}", at=at)


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
    vote(server.live, "p-rev-c", here[7], "include", "2026-03-02T09:00:00.000Z")
    copies = []
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
    vote(server.live, ME, cluster, "include", "2030-03-03T10:00:00.000Z")
    vote(laptop, ME, cluster, "exclude", "2030-03-03T11:00:00.000Z")
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
