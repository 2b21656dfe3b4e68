"""Whole files: the old one or the new one, never a part."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from tamis.domain.errors import StorageFailed
from tamis.store import Fault, FaultyFiles, atomic_write
from tamis.store.files import failed


def test_a_file_is_written_whole_with_its_folders(tmp_path: Path) -> None:
    path = tmp_path / "report" / "figures" / "forest.svg"
    atomic_write(path, b"one")
    atomic_write(path, b"two")
    assert path.read_bytes() == b"two"
    assert [p.name for p in path.parent.iterdir()] == ["forest.svg"]


@pytest.mark.parametrize(
    "fault",
    [
        Fault(op="write", nth=1, kind="short"),
        Fault(op="write", nth=1, kind="full"),
        Fault(op="write", nth=1, kind="sync"),
        Fault(op="replace", nth=1, kind="read-only"),
    ],
    ids=lambda fault: f"{fault.op}-{fault.kind}",
)
def test_the_old_file_stays_when_the_disk_refuses(tmp_path: Path, fault: Fault) -> None:
    path = tmp_path / "review.toml"
    atomic_write(path, b"old")
    with pytest.raises(StorageFailed) as caught:
        atomic_write(path, b"new", files=FaultyFiles([fault]))
    assert str(caught.value.where) == str(path)
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["review.toml"]


def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "report").write_bytes(b"")
    with pytest.raises(StorageFailed):
        atomic_write(tmp_path / "report" / "index.html", b"x")


@pytest.mark.parametrize(
    ("number", "remedy"),
    [
        (errno.ENOSPC, "free some space"),
        (errno.EROFS, "copy the review"),
        (errno.EACCES, "permissions"),
        (errno.EIO, "copy the review to another"),
        (errno.EBUSY, "close other programs"),
    ],
)
def test_every_refusal_says_what_to_do(number: int, remedy: str) -> None:
    assert remedy in failed(OSError(number, "no"), Path("x"), doing="write").remedy
