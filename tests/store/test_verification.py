"""What hashes alone do not show: rewritten history, missing ends, unknown kinds."""

from __future__ import annotations

import dataclasses
import json
import shutil
from pathlib import Path

import pytest
from tests.store.logs import NewLogs
from tests.store.making import created, folder_log, note, vote

from tamis.domain.events import Draft
from tamis.store import check_heads, heads
from tamis.store.verification import RULES, check_events


def test_heads_are_the_newest_of_each_chain(new_logs: NewLogs) -> None:
    (log,) = new_logs(1)
    events = log.append([created(), vote(1), vote(2)])
    found = heads(log.read())
    assert found == log.heads()
    assert found == {
        "p-chair.9f3c12ab": (1, events[0].hash),
        "p-rev-a.9f3c12ab": (2, events[2].hash),
    }


def test_a_log_that_went_on_still_holds_what_was_sealed(new_logs: NewLogs) -> None:
    (log,) = new_logs(1)
    log.append([created(), vote(1)])
    sealed = json.loads(json.dumps(heads(log.read())))  # as it was deposited
    log.append([vote(2), vote(1, actor="p-rev-b")])
    assert check_heads(sealed, log.read()) == ()


def test_a_history_that_was_written_anew_shows_against_the_seal(tmp_path: Path) -> None:
    honest, forger = folder_log(tmp_path / "a"), folder_log(tmp_path / "b")
    honest.append([created(), vote(1), vote(2)])
    sealed = heads(honest.read())
    forger.append([created(), vote(1), vote(2, decision="exclude"), vote(3)])
    assert forger.verify() == ()  # in itself it is sound
    (finding,) = check_heads(sealed, forger.read())
    assert (finding.rule, finding.subject) == ("seal-broken", "p-rev-a.9f3c12ab/2")
    assert finding.expected == sealed["p-rev-a.9f3c12ab"][1]
    assert finding.got not in ("", finding.expected)


def test_events_that_are_missing_show_against_the_seal(new_logs: NewLogs) -> None:
    (log,) = new_logs(1)
    events = log.append([created(), vote(1), vote(2)])
    sealed = heads(events)
    (finding,) = check_heads(sealed, events[:-1])
    assert finding.got == "no such event"
    assert len(check_heads(sealed, [])) == 2


def test_a_seal_in_the_log_is_checked_with_the_log(tmp_path: Path) -> None:
    log = folder_log(tmp_path / "a")
    log.append([created(), vote(1), vote(2)])
    body = {"heads": {chain: list(head) for chain, head in heads(log.read()).items()}}
    log.append([Draft(actor="p-chair", kind="sealed.v1", subject="r", body=body)])
    assert log.verify() == ()
    shutil.copytree(log.folder, tmp_path / "b")
    path = tmp_path / "b" / "log" / "p-rev-a.9f3c12ab.jsonl"
    path.write_bytes(path.read_bytes().splitlines(keepends=True)[0])
    rules = [finding.rule for finding in folder_log(tmp_path / "b").verify()]
    assert rules == ["seen-missing", "seal-broken"]


def test_what_was_seen_is_another_event_now(tmp_path: Path) -> None:
    log, other = folder_log(tmp_path / "a"), folder_log(tmp_path / "b")
    log.append([vote(1)])
    log.append([vote(1, actor="p-rev-b")])
    other.append([vote(1, decision="exclude")])
    name = "p-rev-a.9f3c12ab.jsonl"
    shutil.copy(other.folder / "log" / name, log.folder / "log" / name)
    (finding,) = log.verify()
    assert (finding.rule, finding.because) == ("seen-differs", ("p-rev-b.9f3c12ab/1",))


def test_a_kind_of_a_newer_program_is_told(tmp_path: Path) -> None:
    (event,) = folder_log(tmp_path).append([note("x")])
    newer = dataclasses.replace(event, kind="note_added.v2")
    (finding,) = check_events([newer])
    assert finding.rule == "kind-unknown"
    assert "update Tamis" in finding.suggestion


@pytest.mark.parametrize("sentence", [sentence for sentence, _ in RULES])
def test_every_rule_is_a_sentence(sentence: str) -> None:
    assert sentence[0].islower()
    assert len(sentence.split()) > 4
