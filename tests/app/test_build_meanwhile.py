"""A build holds nobody up: votes are acknowledged at every step of it, and it is of one moment."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from tamis import examples
from tamis.app import clusters
from tamis.app import live as live_module
from tamis.app.apart import run_apart
from tamis.app.building import engines
from tamis.app.building.build import BUILD_STEPS, build_review, is_built
from tamis.app.desk.desk import Desk
from tamis.app.imports import import_files
from tamis.app.init import init_review
from tamis.app.live import LiveReview
from tamis.app.review import Review, open_review
from tamis.dedupe import DedupeResult, DedupeSettings
from tamis.domain.errors import BadInput, Conflict
from tamis.domain.question import Protocol
from tamis.domain.records import Record

INPUTS = Path(examples.__file__).parent / "practice" / "inputs"
STAGE = "title-abstract"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The practice review with its records and nobody's verdict."""
    found = tmp_path / "review"
    init_review(found, by="p-rev-a", title="practice")
    shutil.copy(INPUTS / "review.toml", found / "review.toml")
    shutil.copytree(INPUTS / "search", found / "search", dirs_exist_ok=True)
    with open_review(found) as review:
        import_files(review, sorted((INPUTS / "imports").iterdir()), by="p-rev-a")
    return found


@pytest.fixture
def voter(root: Path, monkeypatch: pytest.MonkeyPatch) -> LiveReview:
    """Somebody's open review, whose writes are refused at once where they would have to wait."""
    monkeypatch.setattr(live_module, "PATIENCE", 0.0)
    return LiveReview(root)


def _vote(live: LiveReview) -> str:
    desk = live.part(Desk)
    card = desk.next("p-rev-a", STAGE)
    assert card is not None
    return desk.vote("p-rev-a", STAGE, card.cluster, "include").vote.event


def test_a_vote_is_acknowledged_at_every_step_of_a_build(root: Path, voter: LiveReview) -> None:
    during: list[str] = []
    with open_review(root) as review:
        before = dict(review.state.heads)
        build_review(review, by="p-rev-a", only="html", tell=lambda _: during.append(_vote(voter)))
        assert len(during) == BUILD_STEPS - 1  # setting the documents is left out
        review.refresh()
        assert set(during) <= set(review.state.votes), "an acknowledged vote is not in the log"
        assert not is_built(review)
    basis = json.loads((root / "report" / "basis.json").read_bytes())
    known = basis.get("p-rev-a." + voter.review._log.replica, [0])[0]
    inside = [name for name in during if int(name.rpartition("/")[2]) <= known]
    assert len(inside) == 1, "the report is of the moment after its engines ran"
    with zipfile.ZipFile(root / "report" / "bundle.zip") as archive:
        for name in (n for n in archive.namelist() if n.endswith(".jsonl")):
            chain = Path(name).stem
            assert len(archive.read(name).splitlines()) == basis[chain][0]
    assert all(basis[chain][0] >= seq for chain, (seq, _) in before.items())


def test_a_report_built_while_people_voted_is_that_of_the_log_without_their_votes(
    root: Path, voter: LiveReview, tmp_path: Path
) -> None:
    with open_review(root) as review:
        build_review(review, by="p-rev-a", only="html")
    copy = tmp_path / "copy"
    shutil.copytree(root, copy)
    steps = iter([True])
    with open_review(root) as review:
        build_review(
            review, by="p-rev-a", only="html",
            tell=lambda step: _vote(voter) if step != "engines" and next(steps, False) else None,
        )  # fmt: skip
    with open_review(copy) as review:
        build_review(review, by="p-rev-a", only="html")
    page = root / "report" / "report.html"
    assert page.read_bytes() == (copy / "report" / "report.html").read_bytes()


def test_a_vote_is_acknowledged_while_an_engine_runs(
    root: Path, voter: LiveReview, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The voter's own server records the engine's pairs before the vote; they are there once."""
    voter.part(Desk).prepare()
    during: list[str] = []
    real = clusters.deduplicate

    def slow(records: Sequence[Record], *, settings: DedupeSettings) -> DedupeResult:
        during.append(_vote(voter))
        return real(records, settings=settings)

    monkeypatch.setattr(clusters, "deduplicate", slow)
    with open_review(root) as review:
        clusters.pairs_of(review, voter.protocol, voter.library)
        assert len(during) == 1
        assert set(during) <= set(review.state.votes)
        assert [run.stage for run in review.state.engine_runs.values()] == ["dedupe"]


def test_a_build_waits_for_nobody_who_only_keeps_what_it_rests_on_moving(
    root: Path, voter: LiveReview, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where something changes during every try, the last try holds the others up."""
    tries: list[str] = []
    real = engines._run

    def run(review: Review, protocol: Protocol) -> None:
        tries.append("")
        if len(tries) <= engines._TRIES:
            return  # as if what was recorded did not fit the log any more
        with pytest.raises(Conflict):
            _vote(voter)
        real(review, protocol)

    monkeypatch.setattr(engines, "_run", run)
    with open_review(root) as review:
        build_review(review, by="p-rev-a", only="html")
        assert is_built(review)
    assert len(tries) == engines._TRIES + 1


def test_one_build_at_a_time(root: Path) -> None:
    with (
        open_review(root) as review,
        review.building(),
        pytest.raises(Conflict, match="is building this review"),
        open_review(root) as other,
    ):
        build_review(other, by="p-rev-b", only="html")


def test_a_still_review_does_not_move_and_records_nothing(root: Path, voter: LiveReview) -> None:
    with open_review(root) as review, review.still():
        heads = dict(review.state.heads)
        text = review.read_text("review.toml")
        voted = _vote(voter)
        (root / "review.toml").write_text(text + "\n# changed\n", encoding="utf-8")
        review.refresh()
        assert review.state.heads == heads
        assert voted not in {event.id for event in review.events()}
        assert sum(seq for seq, _ in heads.values()) == len(review.events())


@pytest.mark.slow
def test_a_build_in_its_own_process_tells_its_steps_and_its_errors(root: Path) -> None:
    told: list[str] = []
    said = run_apart("build", root, by="p-rev-a", tell=told.append)
    assert len(told) == BUILD_STEPS
    assert any("Records:" in line for line in said)
    with open_review(root) as review:
        assert is_built(review)
    (root / "review.toml").write_text("[review]\nid = 3\n", encoding="utf-8")
    with pytest.raises(BadInput):
        run_apart("build", root, by="p-rev-a", tell=told.append)
