"""Bytes by their hash: kept, checked, and never taken for other bytes."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from tamis.domain.canonical import sha256_hex
from tamis.domain.errors import BadInput, ChainBroken, NotFound, StorageFailed
from tamis.store import Fault, FaultyFiles, FileArtifacts, FolderDocuments, stamps


def test_artifacts_come_back(tmp_path: Path) -> None:
    artifacts = FileArtifacts(tmp_path)
    digest = artifacts.put(b"a,b\n")
    assert digest == sha256_hex(b"a,b\n")
    assert artifacts.get(digest) == b"a,b\n"
    assert (tmp_path / ".tamis" / "artifacts" / digest).is_file()
    assert artifacts.get("00" * 32) is None


def test_what_decisions_rest_on_is_kept_apart(tmp_path: Path) -> None:
    artifacts = FileArtifacts(tmp_path)
    digest = artifacts.keep(b"a,b\n")
    assert (tmp_path / "decisions" / f"{digest}.csv").read_bytes() == b"a,b\n"
    assert artifacts.get(digest) == b"a,b\n"


def test_a_damaged_cache_entry_counts_as_absent(tmp_path: Path) -> None:
    artifacts = FileArtifacts(tmp_path)
    digest = artifacts.put(b"a,b\n")
    (tmp_path / ".tamis" / "artifacts" / digest).write_bytes(b"a,c\n")
    assert artifacts.get(digest) is None
    assert artifacts.put(b"a,b\n") == digest
    assert artifacts.get(digest) == b"a,b\n"


def test_a_kept_table_that_was_changed_is_broken(tmp_path: Path) -> None:
    artifacts = FileArtifacts(tmp_path)
    digest = artifacts.keep(b"a,b\n")
    (tmp_path / "decisions" / f"{digest}.csv").write_bytes(b"a,c\n")
    with pytest.raises(ChainBroken, match="changed after decisions") as caught:
        artifacts.get(digest)
    assert str(caught.value.where) == f"decisions/{digest}.csv"


@pytest.mark.parametrize("name", ["", "../x", "AB" * 32, "ab" * 31])
def test_what_is_no_hash_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput):
        FileArtifacts(tmp_path).get(name)


def test_a_full_disk_leaves_nothing(tmp_path: Path) -> None:
    artifacts = FileArtifacts(tmp_path, files=FaultyFiles([Fault(op="write", nth=1, kind="short")]))
    with pytest.raises(StorageFailed):
        artifacts.put(b"a,b\n")
    assert artifacts.get(sha256_hex(b"a,b\n")) is None
    assert not any((tmp_path / ".tamis" / "artifacts").iterdir())


def test_documents_are_found_whatever_they_are_called(tmp_path: Path) -> None:
    documents = FolderDocuments(tmp_path)
    assert documents.open("00" * 32) is None
    path = documents.add(b"%PDF-1", name="deng2017.pdf")
    digest = sha256_hex(b"%PDF-1")
    assert documents.open(digest) == b"%PDF-1"
    path.rename(tmp_path / "documents" / "another name.pdf")
    assert documents.open(digest) == b"%PDF-1"
    assert documents.require(digest) == b"%PDF-1"
    assert documents.add(b"%PDF-1", name="again.pdf").name == "another name.pdf"


def test_a_changed_document_is_absent(tmp_path: Path) -> None:
    documents = FolderDocuments(tmp_path)
    path = documents.add(b"%PDF-1", name="a.pdf")
    assert documents.open(sha256_hex(b"%PDF-1")) is not None
    path.write_bytes(b"%PDF-1 saved again")
    assert documents.open(sha256_hex(b"%PDF-1")) is None
    with pytest.raises(NotFound, match="is not here"):
        documents.require(sha256_hex(b"%PDF-1"))


@pytest.mark.parametrize("name", ["../a.pdf", "b/a.pdf", ".hidden", ""])
def test_document_names_that_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput):
        FolderDocuments(tmp_path).add(b"x", name=name)


def test_two_documents_of_one_name(tmp_path: Path) -> None:
    documents = FolderDocuments(tmp_path)
    documents.add(b"x", name="a.pdf")
    with pytest.raises(BadInput, match="another document"):
        documents.add(b"y", name="a.pdf")


def _rewritten(path: Path, data: bytes, *, as_of: os.stat_result) -> None:
    """Write other bytes into the very file and give it the times it had."""
    path.write_bytes(data)
    os.utime(path, ns=(as_of.st_atime_ns, as_of.st_mtime_ns))


def test_a_rewrite_of_one_size_within_one_step_of_the_clock_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a file system's times do not move between two writes, the bytes are looked at."""
    documents = FolderDocuments(tmp_path)
    path = documents.add(b"one", name="a.pdf")
    before = path.stat()
    monkeypatch.setattr(stamps, "times_of", lambda stat: f"{stat.st_size} at one moment")
    assert documents.open(sha256_hex(b"one")) == b"one"
    _rewritten(path, b"two", as_of=before)
    assert documents.open(sha256_hex(b"two")) == b"two"
    assert documents.open(sha256_hex(b"one")) is None


def test_a_file_whose_times_lie_back_is_not_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = FolderDocuments(tmp_path)
    documents.add(b"one", name="a.pdf")
    documents.add(b"two", name="b.pdf")
    later = time.time_ns() + 2 * stamps.STEP
    monkeypatch.setattr(stamps.time, "time_ns", lambda: later)
    assert documents.open(sha256_hex(b"two")) == b"two"
    read: list[str] = []
    real = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: read.append(path.name) or real(path))
    assert documents.open(sha256_hex(b"two")) == b"two"
    assert read == ["b.pdf"]


def test_a_file_of_an_old_time_that_was_written_just_now_is_not_trusted(tmp_path: Path) -> None:
    """Copying with its times kept makes a young file look old; the time of the change tells."""
    path = tmp_path / "copied"
    path.write_bytes(b"one")
    os.utime(path, ns=(0, 0))
    assert not stamps.is_settled(path.stat())
    assert stamps.stamp_of(path.stat(), path.read_bytes).endswith(sha256_hex(b"one"))
