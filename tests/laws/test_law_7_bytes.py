"""Law 7: the same log, inputs and pinned versions give the same report bytes."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.store.logs import NewLogs

from tamis.domain.events import Event


def built(folder: Path, *, seed: str, example: str) -> dict[str, bytes]:
    """Build an example in another process, with another order of hashes; return its report."""
    environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": "Asia/Shanghai", "LC_ALL": "C"}
    arguments = ["demo", str(folder), *(["--practice"] if example == "practice" else [])]
    subprocess.run(
        [sys.executable, "-m", "tamis", *arguments],
        env=environment,
        check=True,
        capture_output=True,
    )
    return _files(folder / "report")


@pytest.mark.slow
def test_building_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    one = built(tmp_path / "one", seed="1", example="worked")
    elsewhere = built(tmp_path / "another-place", seed="2", example="worked")
    assert "report.html" in one
    _same(one, elsewhere)


@pytest.mark.slow
def test_another_process_builds_the_same_bytes_as_this_one(tmp_path: Path, practice: Path) -> None:
    """In this process things have another order of hashes too, the one it began with."""
    here = _files(practice / "report")
    assert {"report.html", "report.docx", "report.pdf"} <= here.keys()
    _same(here, built(tmp_path / "another-place", seed="2", example="practice"))


def _files(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()
    }


def _same(one: dict[str, bytes], other: dict[str, bytes]) -> None:
    assert one.keys() == other.keys()
    for name, data in one.items():
        assert data == other[name], name


def report_of(root: Path) -> bytes:
    """Build the review in a folder and return its page."""
    from tamis.app.building.build import build_review
    from tamis.app.review import open_review

    return build_review(open_review(root), by="p-reader", only="html").html.read_bytes()


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the practice set once."""
    from tamis.app.demo import run_demo

    root = tmp_path_factory.mktemp("law-7") / "practice"
    run_demo(root, practice=True)
    return root


@pytest.mark.slow
@settings(
    max_examples=max(2, settings.default.max_examples // 30),  # each example builds a report
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(order=st.randoms(use_true_random=False))
def test_a_log_kept_elsewhere_gives_the_same_boxes_and_bytes(
    new_logs: NewLogs,
    practice: Path,
    order: random.Random,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Laws 4 and 7 on every log: the chains come back whole, in whatever order they went in."""
    from tamis.app.building.assemble import assemble
    from tamis.app.protocol.amend import read_protocol
    from tamis.app.review import open_review
    from tamis.domain.state import fold
    from tamis.report import build_flow

    review = open_review(practice)
    chains: dict[str, list[Event]] = {}
    for event in review.events():
        chains.setdefault(event.chain, []).append(event)
    (log,) = new_logs(1)
    names = sorted(chains)
    order.shuffle(names)
    for name in names:
        log.absorb(chains[name])
    kept = tuple(log.read())
    assert fold(kept) == review.state

    copy = tmp_path_factory.mktemp("copy") / "practice"
    shutil.copytree(practice, copy, ignore=shutil.ignore_patterns(".tamis", "report", "log"))
    (copy / "log").mkdir()
    for name in chains:
        lines = [event.line for event in kept if event.chain == name]
        (copy / "log" / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    again = open_review(copy)
    content = assemble(again, read_protocol(again), write=False).content
    flow = build_flow(content)
    assert flow.findings == ()
    assert flow.ends.keys() == content.records.keys()
    assert report_of(copy) == (practice / "report" / "report.html").read_bytes()
