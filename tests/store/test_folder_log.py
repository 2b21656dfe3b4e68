"""The folder's own promises: what a kill leaves, what a disk refuses, who may write."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.store.making import REPLICAS, created, folder_log, lines, note, vote

from tamis.domain.canonical import sha256_hex
from tamis.domain.errors import ChainBroken, Conflict, StorageFailed
from tamis.domain.events import redact_line
from tamis.domain.results import Finding
from tamis.domain.state import fold
from tamis.store import Fault, FaultyFiles

CHAIN = "p-rev-a.9f3c12ab"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "review"


def chain_file(root: Path, chain: str = CHAIN) -> Path:
    return root / "log" / f"{chain}.jsonl"


def rules(findings: Iterable[Finding]) -> list[str]:
    return [finding.rule for finding in findings]


# ---------------------------------------------------------------- files as they are written
def test_one_file_a_chain_one_line_an_event(root: Path) -> None:
    log = folder_log(root)
    events = log.append([created(), vote(1), vote(2)])
    names = sorted(path.name for path in (root / "log").iterdir())
    assert names == ["p-chair.9f3c12ab.jsonl", "p-rev-a.9f3c12ab.jsonl"]
    assert chain_file(root).read_bytes() == b"".join(e.line.encode() + b"\n" for e in events[1:])


def test_events_of_one_actor_cost_one_write_and_one_fsync(root: Path) -> None:
    layer = FaultyFiles([])
    log = folder_log(root, files=layer)
    log.append([created()])
    layer.calls.clear()
    log.append([vote(n) for n in range(500)])
    assert layer.calls["append"] == 1


# ---------------------------------------------------------------- what a kill leaves
def test_a_torn_line_is_left_out_told_and_cut_off_by_the_next_writer(root: Path) -> None:
    log = folder_log(root)
    kept = log.append([vote(1), vote(2)])
    whole = chain_file(root).read_bytes()
    (more,) = log.append([vote(3)])
    for length in range(len(whole) + 1, len(whole) + len(more.line.encode()), 37):
        chain_file(root).write_bytes(whole + more.line.encode()[: length - len(whole)])
        assert lines(log.read()) == lines(kept)
        assert rules(log.repairs()) == ["torn-tail"]
        assert rules(log.verify()) == ["torn-tail"]
    log.append([vote(4)])
    assert [event.seq for event in log.read()] == [1, 2, 3]
    assert log.repairs() == ()
    assert log.verify() == ()
    assert rules(log.mended) == ["mended"]
    (aside,) = (root / ".tamis" / "torn").iterdir()
    assert more.line.encode().startswith(aside.read_bytes())


def test_a_whole_last_line_without_its_line_end_is_kept(root: Path) -> None:
    """An editor that trims line ends must not cost an acknowledged event."""
    log = folder_log(root)
    log.append([vote(1), vote(2)])
    chain_file(root).write_bytes(chain_file(root).read_bytes()[:-1])
    assert [event.seq for event in log.read()] == [1, 2]
    assert rules(log.repairs()) == ["open-tail"]
    log.append([vote(3)])
    assert [event.seq for event in log.read()] == [1, 2, 3]
    assert log.verify() == ()


def test_a_page_that_was_lost_at_the_end_is_a_torn_line(root: Path) -> None:
    log = folder_log(root)
    log.append([vote(1)])
    with chain_file(root).open("ab") as handle:
        handle.write(b"\0" * 4096 + b'"v":1}\n')
    assert [event.seq for event in log.read()] == [1]
    log.append([vote(2)])
    assert [event.seq for event in log.read()] == [1, 2]
    assert log.verify() == ()


def test_a_file_that_holds_only_a_torn_line_starts_anew(root: Path) -> None:
    log = folder_log(root)
    log.append([created()])
    chain_file(root).write_bytes(b'{"actor":"p-rev-a"')
    assert CHAIN not in log.heads()
    (event,) = log.append([vote(1)])
    assert event.seq == 1
    assert log.verify() == ()


def test_another_installations_torn_line_is_left_alone(root: Path) -> None:
    folder_log(root, REPLICAS[1]).append([vote(1)])
    other = chain_file(root, "p-rev-a.77aa01cd")
    other.write_bytes(other.read_bytes() + b'{"actor"')
    before = other.read_bytes()
    folder_log(root).append([vote(2)])
    assert other.read_bytes() == before


def test_several_lines_are_there_all_or_none(root: Path) -> None:
    """The note of an append that was not finished undoes it, whichever part was written."""
    log = folder_log(root)
    log.append([created(), vote(1), vote(1, actor="p-rev-b")])
    before = {path: path.read_bytes() for path in (root / "log").iterdir()}
    log.append([vote(2), vote(3), vote(2, actor="p-rev-b")])
    after = {path: path.read_bytes() for path in (root / "log").iterdir()}
    note_of_it = {
        path.name.removesuffix(".jsonl"): [
            len(before[path]),
            len(after[path]),
            sha256_hex(after[path][len(before[path]) :]),
        ]
        for path in after
        if after[path] != before[path]
    }
    a, b = sorted(path for path in after if after[path] != before[path])
    for cut in range(len(before[a]), len(after[a]), 101):
        a.write_bytes(after[a][:cut])
        b.write_bytes(before[b])
        (root / "log" / ".append.json").write_text(json.dumps(note_of_it))
        assert len(list(log.read())) == 3
        log.append([note("next")])
        assert len(list(log.read())) == 4
        assert log.verify() == ()
        for path, data in before.items():
            path.write_bytes(data)
    a.write_bytes(after[a])
    b.write_bytes(after[b])
    (root / "log" / ".append.json").write_text(json.dumps(note_of_it))
    assert len(list(log.read())) == 6
    log.append([note("next")])
    assert len(list(log.read())) == 7
    assert not (root / "log" / ".append.json").exists()


class Undead(FaultyFiles):
    """A disk that forgets that it removed a file: its name was not durably gone."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(faults)
        self.risen: dict[Path, bytes] = {}

    def remove(self, path: Path) -> None:
        self.risen[path] = path.read_bytes()
        super().remove(path)


def test_a_note_that_comes_back_after_a_power_cut_undoes_nothing(root: Path) -> None:
    folder_log(root).append([created(), vote(1)])
    disk = Undead([Fault(op="append", nth=2, kind="short")])
    log = folder_log(root, files=disk)
    with pytest.raises(StorageFailed):
        log.append([vote(2), vote(2, actor="p-rev-b")])
    log.append([vote(3)])
    kept = lines(log.read())
    (note_file,) = [path for path in disk.risen if path.name == ".append.json"]
    note_file.write_bytes(disk.risen[note_file])
    assert lines(log.read()) == kept
    log.append([vote(5)])
    assert kept < lines(log.read())
    assert log.verify() == ()


def test_a_note_that_was_damaged_is_told(root: Path) -> None:
    log = folder_log(root)
    log.append([vote(1)])
    (root / "log" / ".append.json").write_bytes(b'{"p-rev-a.9f3c12ab":[1')
    with pytest.raises(ChainBroken, match="note of an append") as caught:
        list(log.read())
    assert "remove this file" in caught.value.remedy


# ---------------------------------------------------------------- what does not hold
def test_a_torn_line_in_the_middle_is_broken_with_file_and_line(root: Path) -> None:
    log = folder_log(root)
    log.append([vote(n) for n in range(4)])
    text = chain_file(root).read_text().split("\n")
    text[1] = text[1][:-20]
    chain_file(root).write_text("\n".join(text))
    with pytest.raises(ChainBroken) as caught:
        list(log.read())
    assert str(caught.value.where) == "log/p-rev-a.9f3c12ab.jsonl:2"
    (finding,) = [f for f in log.verify() if f.rule == "chain-broken"]
    assert finding.subject == "log/p-rev-a.9f3c12ab.jsonl:2"


def test_a_missing_or_swapped_line_is_broken(root: Path) -> None:
    log = folder_log(root)
    log.append([vote(n) for n in range(4)])
    whole = chain_file(root).read_bytes().splitlines(keepends=True)
    chain_file(root).write_bytes(b"".join(whole[:1] + whole[2:]))
    with pytest.raises(ChainBroken, match=r"event 2 .* is missing"):
        list(log.read())
    chain_file(root).write_bytes(b"".join([whole[0], whole[2], whole[1], whole[3]]))
    with pytest.raises(ChainBroken):
        list(log.read())
    chain_file(root).write_bytes(b"".join(whole[1:]))
    with pytest.raises(ChainBroken, match=r"event 1 .* is missing"):
        list(log.read())


def test_an_event_of_another_chain_is_broken(root: Path) -> None:
    log = folder_log(root)
    log.append([vote(1), vote(1, actor="p-rev-b")])
    data = chain_file(root, "p-rev-b.9f3c12ab").read_bytes()
    chain_file(root).write_bytes(data)
    with pytest.raises(ChainBroken, match=r"of p-rev-b.* stands in"):
        list(log.read())
    with pytest.raises(ChainBroken, match=r"of p-rev-b.* stands in"):
        log.append([vote(2)])


def test_an_event_that_was_forged_again_breaks_the_link_behind_it(root: Path) -> None:
    log = folder_log(root)
    log.append([vote(1), vote(2)])
    other = folder_log(root.with_name("other"))
    other.append([vote(1, decision="exclude")])
    mine = chain_file(root).read_bytes().splitlines(keepends=True)
    forged = chain_file(root.with_name("other")).read_bytes()
    chain_file(root).write_bytes(forged + mine[1])
    with pytest.raises(ChainBroken, match="does not follow"):
        list(log.read())


def test_line_ends_that_another_program_changed(root: Path) -> None:
    log = folder_log(root)
    log.append([vote(1), vote(2)])
    chain_file(root).write_bytes(chain_file(root).read_bytes().replace(b"\n", b"\r\n"))
    with pytest.raises(ChainBroken, match="line ends") as caught:
        list(log.read())
    assert ".gitattributes" in caught.value.remedy


def test_a_conflicted_copy_of_a_chain_is_named(root: Path) -> None:
    log = folder_log(root)
    log.append([vote(1)])
    (root / "log" / "p-rev-a.9f3c12ab (conflicted copy).jsonl").write_bytes(b"x")
    assert rules(log.verify()) == ["stray-file"]


def test_lines_that_are_missing_at_the_end_show_in_what_others_had_seen(root: Path) -> None:
    log = folder_log(root)
    log.append([vote(1), vote(2)])
    log.append([vote(1, actor="p-rev-b")])
    whole = chain_file(root).read_bytes().splitlines(keepends=True)
    chain_file(root).write_bytes(whole[0])
    assert len(list(log.read())) == 2  # every line that is there is sound
    (finding,) = log.verify()
    assert (finding.rule, finding.subject) == ("seen-missing", "p-rev-a.9f3c12ab/2")


def test_a_body_that_goes_without_a_word_is_found(root: Path) -> None:
    log = folder_log(root)
    first, _ = log.append([note("a name"), note("fine")])
    gone = redact_line(first, why="nobody said so").line.encode()
    chain_file(root).write_bytes(chain_file(root).read_bytes().replace(first.line.encode(), gone))
    assert len(list(log.read())) == 2
    assert rules(log.verify()) == ["redacted-without-event"]


def test_a_reason_that_was_changed_is_found(root: Path) -> None:
    log = folder_log(root)
    log.append([note("a name")])
    log.redact("p-rev-a.9f3c12ab/1", why="a name", by="p-chair")
    path = chain_file(root)
    path.write_bytes(path.read_bytes().replace(b'"redacted":"a name"', b'"redacted":"a game"'))
    (finding,) = log.verify()
    assert (finding.rule, finding.expected, finding.got) == (
        "redaction-reason",
        "a name",
        "a game",
    )


def test_a_redaction_that_was_killed_is_found_and_finished(root: Path) -> None:
    layer = FaultyFiles([Fault(op="replace", nth=1, kind="read-only")])
    log = folder_log(root, files=layer)
    log.append([note("a name")])
    with pytest.raises(StorageFailed):
        log.redact("p-rev-a.9f3c12ab/1", why="a name", by="p-chair")
    assert rules(log.verify()) == ["redaction-unfinished"]
    log.redact("p-rev-a.9f3c12ab/1", why="whatever is said now", by="p-rev-b")
    assert log.verify() == ()
    assert [event.redacted for event in log.read() if event.body is None] == ["a name"]


# ---------------------------------------------------------------- who may write
def test_a_second_process_is_told_who_writes(root: Path) -> None:
    log = folder_log(root)
    log.append([created()])
    code = (
        "import sys; from pathlib import Path; from tests.store.making import *\n"
        f"log = folder_log(Path({str(root)!r}))\n"
        "with log.writing('build the report'):\n"
        "    print('held', flush=True); sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(Conflict) as caught:
            log.append([vote(1)])
        assert "build the report" in caught.value.problem
        assert str(other.pid) in caught.value.problem
        assert "wait" in caught.value.remedy
        assert len(list(log.read())) == 1  # reading is always allowed
        other.kill()
    log.append([vote(1)])  # the lock of a killed process is gone with it
    assert len(list(log.read())) == 2
    assert log.verify() == ()


def test_a_patient_writer_waits(root: Path, turned_away: threading.Event) -> None:
    hasty, patient = folder_log(root), folder_log(root, REPLICAS[1], patience=600.0)
    held = threading.Event()
    order: list[str] = []

    def hold() -> None:
        with hasty.writing():
            held.set()
            turned_away.wait(600)
            order.append("released")

    thread = threading.Thread(target=hold)
    thread.start()
    assert held.wait(600)
    patient.append([vote(1)])
    order.append("written")
    thread.join()
    assert turned_away.is_set(), "the patient one did not wait"
    assert order == ["released", "written"]
    assert len(list(patient.read())) == 1


def test_writing_may_be_nested(root: Path) -> None:
    log = folder_log(root)
    with log.writing("build"), log.writing("record"):
        log.append([created()])
    other = folder_log(root, REPLICAS[1])
    other.append([vote(1)])


def test_threads_of_one_process_take_turns(root: Path) -> None:
    log = folder_log(root)
    threads = [
        threading.Thread(target=lambda: [log.append([vote(n)]) for n in range(10)])
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [event.seq for event in log.read()] == list(range(1, 31))
    assert log.verify() == ()


# ---------------------------------------------------------------- what a disk refuses
FAULTS = [
    Fault(op="append", nth=1, kind="short"),
    Fault(op="append", nth=1, kind="full"),
    Fault(op="append", nth=1, kind="sync"),
    Fault(op="append", nth=2, kind="short"),
    Fault(op="append", nth=2, kind="sync"),
    Fault(op="append", nth=1, kind="read-only"),
    Fault(op="write", nth=1, kind="short"),
    Fault(op="write", nth=1, kind="sync"),
    Fault(op="replace", nth=1, kind="full"),
    Fault(op="sync_folder", nth=1, kind="sync"),
    Fault(op="sync_folder", nth=2, kind="sync"),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda f: f"{f.op}{f.nth}-{f.kind}")
def test_nothing_is_recorded_when_the_disk_refuses(root: Path, fault: Fault) -> None:
    folder_log(root).append([created(), vote(1)])
    before = {path.name: path.read_bytes() for path in (root / "log").iterdir()}
    log = folder_log(root, files=FaultyFiles([fault]))
    with pytest.raises(StorageFailed) as caught:
        log.append([vote(2), vote(3), vote(1, actor="p-rev-b")])
    assert caught.value.remedy
    after = {
        path.name: path.read_bytes()
        for path in (root / "log").iterdir()
        if path.suffix == ".jsonl" and path.stat().st_size
    }
    assert after == before
    assert log.verify() == ()
    log.append([vote(2)])  # and it goes on when the disk does
    assert len(list(log.read())) == 3
    assert log.verify() == ()


@pytest.mark.parametrize("kind", ["short", "full", "sync"])
def test_one_event_that_the_disk_refuses(root: Path, kind: str) -> None:
    folder_log(root).append([created(), vote(1)])
    before = chain_file(root).read_bytes()
    log = folder_log(root, files=FaultyFiles([Fault(op="append", nth=1, kind=kind)]))
    with pytest.raises(StorageFailed, match="none is recorded"):
        log.append([vote(2)])
    assert chain_file(root).read_bytes() == before


def test_what_cannot_be_cut_back_now_is_cut_by_the_next_writer(root: Path) -> None:
    folder_log(root).append([created(), vote(1)])
    faults = [
        Fault(op="append", nth=1, kind="short"),
        Fault(op="truncate", nth=1, kind="sync"),
        Fault(op="truncate", nth=2, kind="sync"),
    ]
    with pytest.raises(StorageFailed):
        folder_log(root, files=FaultyFiles(faults)).append([vote(2), vote(3)])
    log = folder_log(root)
    assert len(list(log.read())) == 2
    log.append([vote(4)])
    records = [vote.records for vote in fold(log.read()).votes.values()]
    assert records == [("9f3c12ab9f3c:1",), ("9f3c12ab9f3c:4",)]
    assert log.verify() == ()


@contextmanager
def plain_person() -> Iterator[None]:
    """Root writes everywhere: be nobody for a moment."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.skipif(os.name != "posix", reason="rights are another matter on Windows")
def test_a_folder_that_may_not_be_written() -> None:
    with tempfile.TemporaryDirectory() as there:
        root = Path(there)
        root.chmod(0o755)
        folder_log(root).append([created()])
        for folder in (root, root / "log", root / ".tamis"):
            folder.chmod(0o555)
        for path in (root / ".tamis").iterdir():
            path.chmod(0o444)
        with plain_person():
            with pytest.raises(StorageFailed, match="own"):
                folder_log(root).append([vote(1)])
            assert len(list(folder_log(root).read())) == 1
            assert folder_log(root).verify() == ()
        for folder in (root, root / "log", root / ".tamis"):
            folder.chmod(0o755)


def test_a_folder_in_which_nothing_can_be_made(root: Path) -> None:
    root.mkdir()
    (root / ".tamis").write_text("a file stands where the locks should")
    with pytest.raises(StorageFailed, match="cannot write in this review"):
        folder_log(root).append([created()])
    assert list(folder_log(root).read()) == []


def test_a_read_only_disk_is_told_as_such(root: Path) -> None:
    layer = FaultyFiles([Fault(op="sync_folder", nth=1, kind="read-only")])
    with pytest.raises(StorageFailed) as caught:
        folder_log(root, files=layer).append([created()])
    assert "copy the review" in caught.value.remedy


def test_a_new_folder_and_a_new_file_are_made_durable_by_name(root: Path) -> None:
    layer = FaultyFiles([])
    folder_log(root, files=layer).append([created()])
    assert layer.calls["sync_folder"] == 2  # the review's, for log/; then log/'s, for the chain
