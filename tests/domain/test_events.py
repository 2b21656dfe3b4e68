"""Events: read back as forged, refused after the smallest change, whole when redacted."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.making import AT, BODIES, REPLICA, Chains, draft, written

from tamis.domain.canonical import canonical, sha256_hex
from tamis.domain.errors import BadInput, ChainBroken, Place
from tamis.domain.events import (
    GENESIS,
    HEADER,
    Draft,
    Event,
    chain_of,
    forge,
    parse_line,
    redact_line,
    seen_entry,
)

HERE = Place(file="log/p-ann.9f3c12ab.jsonl", line=1)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
SEEN = st.dictionaries(
    st.sampled_from(["p-bob.00000001", "e-dedupe-1.00000002"]),
    st.tuples(st.integers(1, 10**6), st.from_regex(r"[0-9a-f]{12}", fullmatch=True)),
)


def one(**changes: Any) -> Event:
    return forge(draft("note_added", **changes), replica=REPLICA, seq=1, at=AT, prev=GENESIS)


def signed(raw: dict[str, Any]) -> str:
    """Return a line whose hashes are right, whatever else is wrong with it."""
    header = {key: raw[key] for key in HEADER}
    digest = sha256_hex(str(raw["prev"]).encode() + canonical(header))
    return canonical({**raw, "hash": digest}).decode()


def read(line: str) -> Event:
    return parse_line(line, where=HERE)


# ------------------------------------------------------------------ round trip
@pytest.mark.parametrize("kind", sorted(BODIES))
def test_every_kind_reads_back_as_it_was_forged(kind: str) -> None:
    event = forge(draft(kind), replica=REPLICA, seq=1, at=AT, prev=GENESIS)
    assert read(event.line) == event


@given(
    subject=TEXT,
    topic=TEXT,
    fields=st.dictionaries(TEXT, TEXT, max_size=4),
    seq=st.integers(1, 2**53 - 1),
    seen=SEEN,
    supersedes=st.lists(st.sampled_from(["p-ann.9f3c12ab/1", "p-bob.00000001/12"]), unique=True),
)
def test_what_is_read_equals_what_was_forged(
    subject: str,
    topic: str,
    fields: dict[str, str],
    seq: int,
    seen: dict[str, tuple[int, str]],
    supersedes: list[str],
) -> None:
    item = draft("note_added", subject=subject, supersedes=supersedes, topic=topic, fields=fields)
    event = forge(item, replica=REPLICA, seq=seq, at=AT, prev="f" * 64, seen=seen)
    again = read(event.line)
    assert again == event
    assert "\n" not in event.line
    assert again.body == {"topic": topic, "fields": fields}
    assert again.seen == seen
    assert again.supersedes == tuple(supersedes)
    assert again.id == f"p-ann.9f3c12ab/{seq}"


def test_the_event_keeps_nothing_of_the_drafts_own_body() -> None:
    fields = {"edge": "e1"}
    event = one(fields=fields)
    fields["edge"] = "changed afterwards"
    assert event.body is not None
    assert event.body["fields"] == {"edge": "e1"}


def test_a_tuple_in_a_body_reads_back_as_it_was_forged() -> None:
    item = draft("screened", records=("9f3c12ab9f3c:0",))
    event = forge(item, replica=REPLICA, seq=1, at=AT, prev=GENESIS)
    assert read(event.line) == event


def test_an_event_is_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        one().seq = 2


def test_the_line_is_canonical_and_holds_the_contracts_keys() -> None:
    line = one().line
    raw = json.loads(line)
    assert canonical(raw).decode() == line
    assert sorted(raw) == sorted([*HEADER, "body", "hash"])
    assert raw["v"] == 1


# ------------------------------------------------------------------ tampering
LINE = one(fields={"edge": "e1", "was": 'Größe 12 \\ "quoted"'}).line


@pytest.mark.parametrize("place", range(len(LINE)))
def test_every_single_character_mutation_is_refused(place: int) -> None:
    here = LINE[place]
    swapped = {"0", "1", "a", "b", " ", '"', ",", "}", "{", ":", "é", "\x00", here.swapcase()}
    for other in swapped - {here}:
        with pytest.raises(ChainBroken):
            read(LINE[:place] + other + LINE[place + 1 :])
        with pytest.raises(ChainBroken):
            read(LINE[:place] + other + LINE[place:])
    with pytest.raises(ChainBroken):
        read(LINE[:place] + LINE[place + 1 :])


@given(st.text(max_size=60))
def test_any_text_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(ChainBroken) as refused:
        read(text)
    assert refused.value.where == HERE


@pytest.mark.parametrize("text", ["null", "[]", "1", '"a"', "{}", "NaN", "[" * 100_000, ""])
def test_json_that_is_no_event_is_refused(text: str) -> None:
    with pytest.raises(ChainBroken, match="no event"):
        read(text)


RESHAPED: list[tuple[str, Any]] = [
    ("seq", "1"), ("seq", None), ("actor", 1), ("replica", None), ("at", 1), ("kind", []),
    ("subject", {}), ("seen", []), ("seen", {"p-bob.00000001": 1}),
    ("seen", {"p-bob.00000001": [1]}), ("seen", {"p-bob.00000001": ["1", 2]}),
    ("supersedes", "p-ann.9f3c12ab/1"), ("supersedes", [1]), ("prev", 5), ("prev", None),
    ("body", []), ("body", "text"), ("body", 1),
]  # fmt: skip


@pytest.mark.parametrize(("key", "value"), RESHAPED)
def test_a_line_of_other_types_is_refused_although_its_hash_is_right(key: str, value: Any) -> None:
    raw = {**json.loads(LINE), key: value}
    if key == "body":
        raw["body_sha256"] = sha256_hex(canonical(value))
    with pytest.raises(ChainBroken, match="keys and types"):
        read(signed(raw))


def test_a_float_in_a_line_is_refused() -> None:
    assert '"e1"' in LINE
    with pytest.raises(ChainBroken, match="canonical"):
        read(LINE.replace('"e1"', "1.5"))


def test_a_key_that_no_hash_covers_is_refused() -> None:
    with pytest.raises(ChainBroken, match="keys and types"):
        read(signed({**json.loads(LINE), "aside": "an unhashed remark"}))


def test_a_missing_key_is_refused() -> None:
    for key in json.loads(LINE):
        raw = json.loads(LINE)
        del raw[key]
        with pytest.raises(ChainBroken):
            read(canonical(raw).decode())


def test_an_unknown_version_is_refused_by_number() -> None:
    with pytest.raises(ChainBroken, match="version 2"):
        read(signed({**json.loads(LINE), "v": 2}))


def test_the_same_event_written_otherwise_is_refused() -> None:
    spaced = json.dumps(json.loads(LINE), sort_keys=True, ensure_ascii=False)
    with pytest.raises(ChainBroken, match="written again"):
        read(spaced)
    with pytest.raises(ChainBroken, match="written again"):
        read(LINE + "\n")


def test_a_lone_surrogate_in_a_line_is_refused() -> None:
    with pytest.raises(ChainBroken):
        read(LINE.replace(GENESIS, "\\ud800"))


# ------------------------------------------------------------------ redaction
def test_redaction_keeps_header_hash_and_chain() -> None:
    first, second = written(draft("note_added"), draft("note_added", topic="author"))
    gone = redact_line(first, why="a patient's name")
    assert gone.body is None
    assert gone.redacted == "a patient's name"
    assert gone.hash == first.hash
    assert gone.body_sha256 == first.body_sha256
    assert (gone.id, gone.prev, gone.seen) == (first.id, first.prev, first.seen)
    assert "mechanism" not in gone.line
    assert read(gone.line) == gone
    assert second.prev == gone.hash


def test_redacting_twice_keeps_the_chain() -> None:
    gone = redact_line(redact_line(one(), why="first"), why="second")
    assert read(gone.line).redacted == "second"


def test_a_redaction_needs_a_reason() -> None:
    with pytest.raises(BadInput, match="no reason"):
        redact_line(one(), why=" ")


def test_every_mutation_of_a_redacted_line_outside_the_reason_is_refused() -> None:
    line = redact_line(one(), why="a name").line
    start = line.index('"redacted":"a name"')
    reason = range(start + len('"redacted":"'), start + len('"redacted":"a name'))
    for place in set(range(len(line))) - set(reason):
        other = "0" if line[place] != "0" else "1"
        with pytest.raises(ChainBroken):
            read(line[:place] + other + line[place + 1 :])


def test_a_body_may_not_vanish_without_a_reason() -> None:
    raw = {**json.loads(LINE), "body": None}
    with pytest.raises(ChainBroken, match="no reason"):
        read(canonical(raw).decode())
    with pytest.raises(ChainBroken, match="no reason"):
        read(canonical({**raw, "redacted": ""}).decode())


def test_a_body_may_not_come_back_beside_its_redaction() -> None:
    raw = {**json.loads(LINE), "redacted": "a name"}
    with pytest.raises(ChainBroken, match="redacted and has its body"):
        read(canonical(raw).decode())


# ------------------------------------------------------------------ what cannot be forged
@pytest.mark.parametrize(
    "at",
    ["", "2026-11-22", "2026-11-22T10:00:00Z", "2026-11-22T10:00:00.000+00:00", AT + "\n",
     "2026-13-22T10:00:00.000Z", "2026-02-30T10:00:00.000Z", "2026-11-22T24:30:00.000Z",
     "٢٠٢٦-11-22T10:00:00.000Z", "2026-11-22 10:00:00.000Z"],
)  # fmt: skip
def test_a_time_that_is_none_is_refused(at: str) -> None:
    with pytest.raises(BadInput, match="time"):
        forge(draft("note_added"), replica=REPLICA, seq=1, at=at, prev=GENESIS)


@pytest.mark.parametrize("replica", ["", "9f3c12a", "9F3C12AB", "9f3c12abc", "9f3c12a\n"])
def test_a_malformed_replica_is_refused(replica: str) -> None:
    with pytest.raises(BadInput, match="replica"):
        forge(draft("note_added"), replica=replica, seq=1, at=AT, prev=GENESIS)


def test_an_unknown_kind_a_missing_key_and_a_float_are_refused() -> None:
    for item in (
        Draft(actor="p-ann", kind="note_aded.v1", subject="", body={}),
        draft("note_added", topic=None),
        draft("note_added", aside="x"),
        draft("note_added", fields={"n": 0.5}),
        draft("note_added", actor="Ann Smith"),
    ):
        with pytest.raises(BadInput):
            forge(item, replica=REPLICA, seq=1, at=AT, prev=GENESIS)


# ------------------------------------------------------------------ chains
def test_each_event_stands_on_the_one_before() -> None:
    events = written(*(draft("note_added", topic=f"t{i}") for i in range(5)))
    assert events[0].prev == GENESIS
    for before, after in pairwise(events):
        assert after.prev == before.hash
        assert after.seq == before.seq + 1


def test_an_earlier_change_moves_every_later_hash() -> None:
    def heads(topic: str) -> list[str]:
        return [e.hash for e in written(*(draft("note_added", topic=t) for t in (topic, "b", "c")))]

    assert all(one != other for one, other in zip(heads("a"), heads("A"), strict=True))


def test_an_event_records_what_it_had_seen() -> None:
    chains = Chains()
    ann = chains.write(draft("note_added"))
    bob = chains.write(draft("note_added", actor="p-bob"))
    assert bob.seen == {ann.chain: seen_entry(ann)}
    assert seen_entry(ann) == (1, ann.hash[:12])


@given(st.integers(1, 10**9))
def test_an_event_id_splits_into_chain_and_number(seq: int) -> None:
    assert chain_of(f"p-rev-a.9f3c12ab/{seq}") == ("p-rev-a.9f3c12ab", seq)


@pytest.mark.parametrize(
    "name", ["", "/1", "p-a.9f3c12ab", "p-a.9f3c12ab/", "p-a.9f3c12ab/x", "p-a.9f3c12ab/²",
             "p-a.9f3c12ab/٣", "p-a.9f3c12ab/007", "p-a.9f3c12ab/0", "p-a.9f3c12ab/-1"]
)  # fmt: skip
def test_what_is_no_event_id_is_refused(name: str) -> None:
    with pytest.raises(BadInput, match="no event id"):
        chain_of(name)
