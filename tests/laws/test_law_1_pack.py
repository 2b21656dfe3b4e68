"""Law 1: ``unpack(pack(review)) == review``; ``pack`` twice gives the same bytes."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.store.logs import NewLogs
from tests.store.making import Step, folder_log, lines, play, worlds

from tamis.domain.state import fold
from tamis.store import FolderLog, pack, unpack

_fresh = itertools.count()

FOLDERS = ["", "imports/", "search/", "decisions/", "notes/deep/", "documents/", "report/"]
NAMES = ["a.txt", "b-2.nbib", "Gespräch.md", "中文.csv", "with space.toml"]
LEFT_OUT = ("documents/", "wording/", "report/", ".tamis/", ".git/")

files = st.dictionaries(
    st.tuples(st.sampled_from(FOLDERS), st.sampled_from(NAMES)).map("".join),
    st.binary(max_size=200) | st.binary(max_size=20).map(lambda data: data * 500),
    max_size=6,
)


def tree(root: Path) -> dict[str, bytes]:
    """Every file of a review, full texts and derived files excepted by name."""
    found = {p.relative_to(root).as_posix(): p for p in root.rglob("*") if p.is_file()}
    return {name: p.read_bytes() for name, p in found.items() if not name.startswith(LEFT_OUT)}


def in_a_folder(log: object, folder: Path) -> FolderLog:
    """The folder form of a log, wherever it is kept: what a server writes to be packed."""
    if isinstance(log, FolderLog):
        return log
    written = folder_log(folder)
    written.absorb(log.read())  # type: ignore[attr-defined]
    return written


@given(steps=worlds(copies=2), given_files=files)
@settings(
    max_examples=20,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
def test_a_review_comes_back_from_its_archive(
    new_logs: NewLogs, tmp_path: Path, steps: list[Step], given_files: dict[str, bytes]
) -> None:
    here = tmp_path / f"{next(_fresh)}"
    logs = new_logs(2)
    play(steps, logs)
    log = in_a_folder(logs[0], here / "review")
    root = log.folder
    for name, data in given_files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    first = pack(root, here / "one.zip")
    again = pack(root, here / "two.zip")
    assert (here / "one.zip").read_bytes() == (here / "two.zip").read_bytes()
    assert first.sha256 == again.sha256
    done = unpack(here / "one.zip", here / "copy")
    assert tree(here / "copy") == tree(root)
    copy = folder_log(here / "copy")
    assert lines(copy.read()) == lines(logs[0].read())
    assert fold(copy.read()) == fold(logs[0].read())
    listed = {name for name in given_files if name.startswith(("documents/", "report/"))}
    assert {name for name, _ in done.left_out} == listed
    without = pack(here / "copy", here / "three.zip")
    assert without.files == first.files


def test_packing_at_another_time_and_place_gives_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.store.making import created, vote

    for name, zone in (("one", "UTC"), ("two", "Asia/Shanghai")):
        monkeypatch.setenv("TZ", zone)
        folder_log(tmp_path / name).append([created(), vote(1)])
        pack(tmp_path / name, tmp_path / f"{name}.zip")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
