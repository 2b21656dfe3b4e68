"""The locks of a folder: who writes, who makes the report, and when one may look."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from tamis.domain.errors import Conflict, StorageFailed
from tamis.store import locks
from tamis.store.locks import commit_lock, derived_lock, reading_lock, writer_lock


def test_the_holder_is_named_while_it_holds_and_forgotten_afterwards(tmp_path: Path) -> None:
    path = tmp_path / ".tamis" / "writer.lock"
    with writer_lock(tmp_path, doing="build", since="2026") as killed:
        assert killed is False
        assert json.loads(path.read_text())["doing"] == "build"
        with (
            pytest.raises(Conflict, match=r"build, process \d+ on .* since 2026"),
            writer_lock(tmp_path, doing="record", since="2027"),
        ):
            raise AssertionError
    assert path.read_text() == ""


def test_text_that_a_killed_process_left_does_not_block_and_is_told(tmp_path: Path) -> None:
    (tmp_path / ".tamis").mkdir()
    (tmp_path / ".tamis" / "writer.lock").write_text('{"pid": 1, "doing": "build"}')
    with writer_lock(tmp_path, doing="record", since="2027") as killed:
        assert killed is True


def test_a_lock_file_that_was_removed_is_made_again(tmp_path: Path) -> None:
    with writer_lock(tmp_path, doing="build", since="2026"):
        (tmp_path / ".tamis" / "writer.lock").unlink()
        with writer_lock(tmp_path, doing="record", since="2027"):
            assert (tmp_path / ".tamis" / "writer.lock").exists()


def test_a_holder_that_does_not_say_who_it_is(tmp_path: Path) -> None:
    with writer_lock(tmp_path, doing="build", since="2026"):
        (tmp_path / ".tamis" / "writer.lock").write_text("?")
        with (
            pytest.raises(Conflict, match="did not say"),
            writer_lock(tmp_path, doing="record", since="2027"),
        ):
            raise AssertionError


def test_who_makes_the_report_stops_others_from_that_and_from_nothing_else(tmp_path: Path) -> None:
    with derived_lock(tmp_path, doing="build", since="2026"):
        with writer_lock(tmp_path, doing="record", since="2027"), commit_lock(tmp_path):
            pass
        with (
            pytest.raises(Conflict, match=r"building this review \(build, process \d+ on .* 2026"),
            derived_lock(tmp_path, doing="build", since="2027"),
        ):
            raise AssertionError


def test_readers_share_and_a_commit_waits_for_them(
    tmp_path: Path, turned_away: threading.Event
) -> None:
    order: list[str] = []
    with commit_lock(tmp_path):
        pass

    def commit() -> None:
        with commit_lock(tmp_path):
            order.append("commit")

    with reading_lock(tmp_path), reading_lock(tmp_path):
        thread = threading.Thread(target=commit)
        thread.start()
        assert turned_away.wait(600), "the commit did not wait"
        order.append("read")
    thread.join()
    assert order == ["read", "commit"]


def test_a_reader_that_waits_too_long_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks, "COMMIT_PATIENCE", 0.05)
    with commit_lock(tmp_path), pytest.raises(Conflict), reading_lock(tmp_path):
        raise AssertionError


def test_reading_needs_no_lock_where_nobody_ever_wrote(tmp_path: Path) -> None:
    with reading_lock(tmp_path):
        assert not (tmp_path / ".tamis").exists()


def test_a_folder_without_room_for_locks(tmp_path: Path) -> None:
    (tmp_path / ".tamis").write_text("a file")
    with pytest.raises(StorageFailed), writer_lock(tmp_path, doing="build", since="2026"):
        raise AssertionError
