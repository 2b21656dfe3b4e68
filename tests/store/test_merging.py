"""Merging two folders: the union of their logs, and the files behind them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.store.making import REPLICAS, TickingClock, created, folder_log, lines, note, vote

from tamis.domain.errors import BadInput, Conflict, NotFound, StorageFailed
from tamis.store import Fault, FaultyFiles, merge


@pytest.fixture
def copies(tmp_path: Path) -> tuple[Path, Path]:
    here, there = tmp_path / "here", tmp_path / "there"
    folder_log(here).append([created(), vote(1), note("a name")])
    (here / "imports").mkdir()
    (here / "imports" / "a.nbib").write_bytes(b"a")
    shutil.copytree(here, there)
    folder_log(there, REPLICAS[1]).append([vote(1, actor="p-rev-b")])
    (there / "imports" / "b.nbib").write_bytes(b"b")
    (there / "decisions").mkdir()
    (there / "decisions" / "x.csv").write_bytes(b"x")
    return here, there


def bring(source: Path, into: Path, **more: FaultyFiles) -> object:
    return merge(source, into, clock=TickingClock(), **more)


def test_merging_both_ways_gives_the_same(copies: tuple[Path, Path]) -> None:
    here, there = copies
    folder_log(here).append([vote(2)])
    folder_log(there, REPLICAS[1]).redact("p-rev-a.9f3c12ab/2", why="a name", by="p-rev-b")
    done = merge(there, here, clock=TickingClock())
    assert done.events == ("p-rev-b.77aa01cd/1", "p-rev-b.77aa01cd/2")
    assert done.files == ("imports/b.nbib", "decisions/x.csv")
    bring(here, there)
    ours, theirs = folder_log(here), folder_log(there)
    assert lines(ours.read()) == lines(theirs.read())
    assert ours.verify() == theirs.verify() == ()
    assert merge(there, here, clock=TickingClock()).events == ()
    gone = next(event for event in ours.read() if event.id == "p-rev-a.9f3c12ab/2")
    assert (gone.body, gone.redacted) == (None, "a name")


def test_a_fork_is_refused_before_anything_is_written(copies: tuple[Path, Path]) -> None:
    here, there = copies
    folder_log(here).append([vote(2)])
    folder_log(there).append([vote(3)])  # a copied installation
    with pytest.raises(Conflict, match="two different events") as caught:
        bring(there, here)
    assert "p-rev-a.9f3c12ab/3" in caught.value.problem
    assert not (here / "imports" / "b.nbib").exists()


def test_two_files_of_one_name_are_refused(copies: tuple[Path, Path]) -> None:
    here, there = copies
    (there / "imports" / "a.nbib").write_bytes(b"edited")
    with pytest.raises(Conflict) as caught:
        bring(there, here)
    assert str(caught.value.where) == "imports/a.nbib"
    assert len(list(folder_log(here).read())) == 3


def test_two_reviews_are_not_merged(tmp_path: Path) -> None:
    folder_log(tmp_path / "a").append([created()])
    folder_log(tmp_path / "b", REPLICAS[1]).append([created(actor="p-other")])
    with pytest.raises(BadInput, match="two different reviews"):
        bring(tmp_path / "b", tmp_path / "a")
    with pytest.raises(NotFound):
        bring(tmp_path / "none", tmp_path / "a")


def test_a_disk_that_refuses_leaves_the_log_as_it_was(copies: tuple[Path, Path]) -> None:
    here, there = copies
    folder_log(there, REPLICAS[1]).append([vote(7, actor="p-rev-b")])
    before = lines(folder_log(here).read())
    with pytest.raises(StorageFailed):
        bring(there, here, files=FaultyFiles([Fault(op="append", nth=1, kind="short")]))
    assert lines(folder_log(here).read()) == before
    assert folder_log(here).verify() == ()
    bring(there, here)
    assert len(list(folder_log(here).read())) == 5
