"""The index: takes in only what is new, remembers what it read, can be made again."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.store.indexes import NewIndex
from tests.store.logs import NewLogs
from tests.store.making import created, folder_log, lines, note, vote

from tamis.domain.errors import ChainBroken
from tamis.domain.events import Draft, redact_line
from tamis.domain.state import fold
from tamis.store import FolderLog, Index, extending
from tamis.store.extending import ALWAYS
from tamis.store.projections import PROJECTIONS

CHAIN = "p-rev-a.9f3c12ab"


@pytest.fixture
def log(tmp_path: Path) -> FolderLog:
    log = folder_log(tmp_path / "review")
    log.append([created(), *(vote(n) for n in range(5)), vote(1, actor="p-rev-b")])
    return log


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    (tmp_path / "index").mkdir()
    with Index(tmp_path / "index") as index:
        yield index


def chain_file(log: FolderLog, chain: str = CHAIN) -> Path:
    return log.folder / "log" / f"{chain}.jsonl"


def test_only_what_is_new_is_taken_in(new_logs: NewLogs, new_index: NewIndex) -> None:
    (log,) = new_logs(1)
    index = new_index()
    assert index.ingest(log).events == 0
    log.append([created(), vote(1)])
    assert index.ingest(log).events == 2
    assert index.ingest(log).events == 0
    log.append([vote(2), vote(1, actor="p-rev-b")])
    assert index.ingest(log).events == 2
    assert lines(index.events()) == lines(log.read())
    assert index.heads() == log.heads()
    assert index.state() == fold(log.read())
    assert index.ingest(log, thorough=True).events == 0


def test_the_index_lives_in_the_folder_and_survives_the_process(log: FolderLog) -> None:
    with Index(log.folder) as index:
        index.ingest(log)
    assert (log.folder / ".tamis" / "index.sqlite").is_file()
    with Index(log.folder) as index:
        assert len(list(index.events())) == 7
        assert index.ingest(log).events == 0


def test_a_deleted_index_is_made_again(log: FolderLog) -> None:
    with Index(log.folder) as index:
        index.ingest(log)
        before = index.tables()
    (log.folder / ".tamis" / "index.sqlite").unlink()
    with Index(log.folder) as index:
        index.ingest(log)
        assert index.tables() == before


def test_a_damaged_index_is_put_aside(log: FolderLog) -> None:
    path = log.folder / ".tamis" / "index.sqlite"
    path.write_bytes(b"no database " * 400)
    with Index(log.folder) as index:
        assert index.ingest(log).events == 7
    assert path.with_suffix(".damaged").exists()


def test_a_folder_that_cannot_be_written_is_indexed_in_memory(tmp_path: Path) -> None:
    log = folder_log(tmp_path / "review")
    log.append([created()])
    elsewhere = tmp_path / "file"
    elsewhere.write_text("no folder can be made in a file")
    with Index(elsewhere) as index:
        index.ingest(log)
        assert index.state().exists
        assert index.rows("heads")


# ---------------------------------------------------------------- what it remembers
def test_a_line_that_is_gone_is_broken(log: FolderLog, index: Index) -> None:
    index.ingest(log)
    whole = chain_file(log).read_bytes().splitlines(keepends=True)
    chain_file(log).write_bytes(b"".join(whole[:-1]))
    with pytest.raises(ChainBroken, match=r"event 5 .*was read before and is gone") as caught:
        index.ingest(log)
    assert str(caught.value.where) == f"log/{CHAIN}.jsonl:5"


def test_a_torn_tail_where_an_event_was_is_broken(log: FolderLog, index: Index) -> None:
    index.ingest(log)
    chain_file(log).write_bytes(chain_file(log).read_bytes()[:-30])
    with pytest.raises(ChainBroken, match="is gone"):
        index.ingest(log)


def test_a_history_that_was_written_anew_is_broken(log: FolderLog, index: Index) -> None:
    index.ingest(log)
    other = folder_log(log.folder.with_name("other"))
    other.append([created(), *(vote(n, decision="exclude") for n in range(6))])
    chain_file(log).write_bytes(chain_file(other).read_bytes())
    assert len([e for e in log.read() if e.chain == CHAIN]) == 6  # each line of it is sound
    with pytest.raises(ChainBroken, match="is another one now") as caught:
        index.ingest(log)
    assert str(caught.value.where) == f"log/{CHAIN}.jsonl:1"


def test_a_chain_that_is_gone_is_broken(log: FolderLog, index: Index) -> None:
    index.ingest(log)
    chain_file(log).unlink()
    with pytest.raises(ChainBroken, match="5 acknowledged events is gone"):
        index.ingest(log)


def test_a_byte_changed_behind_the_files_back_needs_a_thorough_look(log: FolderLog) -> None:
    """Size and time alike: the cheap check cannot know; verification reads every byte."""
    path = chain_file(log)
    long_ago = 1_600_000_000_000_000_000
    os.utime(path, ns=(long_ago, long_ago))
    with Index(log.folder) as index:
        index.ingest(log)
        data = bytearray(path.read_bytes())
        data[40] ^= 1
        path.write_bytes(data)
        os.utime(path, ns=(long_ago, long_ago))
        with pytest.raises(ChainBroken):
            index.ingest(log, thorough=True)


def test_a_byte_changed_right_after_reading_is_seen(log: FolderLog) -> None:
    """File times move in steps: a change within one step must not pass for none."""
    with Index(log.folder) as index:
        for _ in range(20):
            index.ingest(log)
            data = chain_file(log).read_bytes()
            changed = bytearray(data)
            changed[40] ^= 1
            chain_file(log).write_bytes(changed)
            with pytest.raises(ChainBroken):
                index.ingest(log)
            chain_file(log).write_bytes(data)


def test_an_append_to_a_broken_prefix_is_seen(log: FolderLog, index: Index) -> None:
    index.ingest(log)
    whole = chain_file(log).read_bytes().splitlines(keepends=True)
    chain_file(log).write_bytes(b"".join([whole[0].replace(b"include", b"exclude"), *whole[1:]]))
    log.append([vote(9)])
    with pytest.raises(ChainBroken) as caught:
        index.ingest(log)
    assert str(caught.value.where) == f"log/{CHAIN}.jsonl:1"


def test_an_open_tail_that_is_closed_later(log: FolderLog, index: Index) -> None:
    chain_file(log).write_bytes(chain_file(log).read_bytes()[:-1])
    assert index.ingest(log).events == 7
    log.append([vote(9)])
    assert index.ingest(log).events == 1
    assert lines(index.events()) == lines(log.read())


# ---------------------------------------------------------------- redaction
def test_a_redaction_reaches_the_index(new_logs: NewLogs, new_index: NewIndex) -> None:
    (log,) = new_logs(1)
    index = new_index()
    log.append([created(), note("Dr Unmistakable"), note("fine")])
    index.ingest(log)
    assert len(index.rows("notes")) == 2
    log.redact("p-rev-a.9f3c12ab/1", why="names a person", by="p-chair")
    told = index.ingest(log)
    assert (told.events, told.redacted) == (1, 1)
    assert lines(index.events()) == lines(log.read())
    assert len(index.rows("notes")) == 1
    assert index.rows("redactions") == [{"event": "p-rev-a.9f3c12ab/1", "why": "names a person"}]


def test_a_redacted_body_leaves_no_trace_in_the_index(log: FolderLog) -> None:
    log.append([note("Dr Unmistakable")])
    with Index(log.folder) as index:
        index.ingest(log)
        index.project()
        log.redact("p-rev-a.9f3c12ab/6", why="names a person", by="p-chair")
        index.ingest(log)
        index.project()
    left = b"".join(p.read_bytes() for p in log.folder.rglob("*") if p.is_file())
    assert b"Unmistakable" not in left


def test_a_body_that_comes_back_is_broken(log: FolderLog, index: Index) -> None:
    before = chain_file(log).read_bytes()
    log.redact(f"{CHAIN}/2", why="a name", by="p-chair")
    index.ingest(log)
    chain_file(log).write_bytes(before)
    with pytest.raises(ChainBroken, match="had been redacted and is back"):
        index.ingest(log)


def test_a_body_that_goes_keeps_the_chain_and_is_left_to_verification(
    log: FolderLog, index: Index
) -> None:
    index.ingest(log)
    event = next(e for e in log.read() if e.id == f"{CHAIN}/2")
    gone = redact_line(event, why="nobody said so").line
    chain_file(log).write_text(chain_file(log).read_text().replace(event.line, gone))
    assert index.ingest(log).redacted == 1
    assert [finding.rule for finding in log.verify()] == ["redacted-without-event"]


# ---------------------------------------------------------------- projections
def test_every_projection_can_be_dropped_and_made_again(
    log: FolderLog, new_index: NewIndex
) -> None:
    index = new_index()
    index.ingest(log)
    before = index.tables()
    assert len(before["votes"]) == 6
    index.rebuild()
    assert index.tables() == before


def test_a_superseded_vote_leaves_its_table(new_index: NewIndex, log: FolderLog) -> None:
    index = new_index()
    index.ingest(log)
    assert len(index.rows("votes")) == 6
    log.append([vote(0, decision="exclude", supersedes=(f"{CHAIN}/1",))])
    index.ingest(log)
    votes = {row["event"]: row["decision"] for row in index.rows("votes")}
    assert f"{CHAIN}/1" not in votes
    assert votes[f"{CHAIN}/6"] == "exclude"
    assert index.rows("superseded") == [{"event": f"{CHAIN}/1"}]


def test_the_tables_hold_what_the_state_holds(log: FolderLog, new_index: NewIndex) -> None:
    index = new_index()
    index.ingest(log)
    state = index.state()
    assert {row["event"] for row in index.rows("votes")} == set(state.votes)
    assert {row["chain"]: (row["seq"], row["hash"]) for row in index.rows("heads")} == state.heads
    (row,) = index.rows("review")
    assert (row["id"], row["title"]) == (state.id, state.title)


@pytest.mark.parametrize(
    ("draft", "extends"),
    [
        (vote(7), True),
        (vote(0, decision="exclude", supersedes=(f"{CHAIN}/1",)), True),
        (vote(7, at="2020-01-01T00:00:00.000Z"), False),  # it belongs before what is known
        (created(), False),  # of two, the first counts
    ],
)
def test_tables_are_extended_where_that_is_enough(
    log: FolderLog,
    index: Index,
    monkeypatch: pytest.MonkeyPatch,
    draft: Draft,
    extends: bool,
) -> None:
    index.ingest(log)
    index.project()
    said: list[bool] = []
    real = extending._extend
    monkeypatch.setattr(extending, "_extend", lambda *given: said.append(real(*given)) or said[-1])
    log.append([draft])
    index.ingest(log)
    index.project()
    assert said == [extends]
    rows = index.tables()
    index.rebuild()
    assert index.tables() == rows


def test_the_names_that_extending_relies_on() -> None:
    assert {projection.table.name for projection in PROJECTIONS} > ALWAYS
