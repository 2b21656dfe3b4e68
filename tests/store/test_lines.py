"""The fast reading of a line says what the slow one says."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.store.making import BODIES, PEOPLE

from tamis.domain.canonical import canonical, sha256_hex
from tamis.domain.errors import BadInput, ChainBroken, Place
from tamis.domain.events import GENESIS, Draft, Event, forge, parse_line, redact_line
from tamis.store.lines import join_line, known_line, read_line, reason_text, split_line, usual_line

WHERE = Place(file="a line")

texts = st.text(max_size=12)
seen = st.dictionaries(
    st.sampled_from(["p-x.00000001", "e-dedupe-1.9f3c12ab"]),
    st.tuples(st.integers(1, 10**6), st.just("0123456789ab")),
    max_size=2,
)


@st.composite
def events(draw: st.DrawFn) -> Event:
    kind = draw(st.sampled_from(sorted(BODIES)))
    draft = Draft(
        actor=draw(st.sampled_from(PEOPLE)),
        kind=kind,
        subject=draw(texts.filter(lambda t: t.isprintable() or True)),
        body=draw(BODIES[kind]),
        supersedes=tuple(draw(st.lists(st.just("p-rev-a.9f3c12ab/1"), max_size=2))),
    )
    try:
        return forge(
            draft,
            replica="9f3c12ab",
            seq=draw(st.integers(1, 10**9)),
            at="2026-11-22T10:00:00.000Z",
            prev=draw(st.sampled_from([GENESIS, "ab" * 32])),
            seen=draw(seen),
        )
    except BadInput:  # a lone surrogate
        return draw(events())


@given(events())
def test_fast_and_slow_agree(event: Event) -> None:
    slow = parse_line(event.line, where=WHERE)
    assert read_line(event.line, where=WHERE) == slow == event
    assert read_line(event.line, where=WHERE, strict=True) == slow
    assert known_line(event.line) == slow


@given(events(), texts.filter(str.strip))
def test_fast_and_slow_agree_on_what_was_redacted(event: Event, why: str) -> None:
    try:
        gone = redact_line(event, why=why)
    except BadInput:
        return
    assert read_line(gone.line, where=WHERE, strict=True) == gone
    assert known_line(gone.line) == gone


@given(events(), texts.filter(str.strip))
def test_a_line_is_split_and_joined(event: Event, why: str) -> None:
    header, body, reason = split_line(event)
    assert reason == ""
    assert join_line(header, body, reason) == event.line
    try:
        gone = redact_line(event, why=why)
    except BadInput:
        return
    assert split_line(gone) == (header, None, reason_text(gone))
    assert join_line(*split_line(gone)) == gone.line


@given(events(), st.data())
def test_a_changed_character_never_passes(event: Event, data: st.DataObject) -> None:
    """The fast reading refuses, and so does the slow one it asks then."""
    at = data.draw(st.integers(0, len(event.line) - 1))
    char = data.draw(st.characters(codec="utf-8").filter(lambda c: c != event.line[at]))
    changed = event.line[:at] + char + event.line[at + 1 :]
    assert usual_line(changed) is None
    with pytest.raises(ChainBroken):
        read_line(changed, where=WHERE)


def resealed(raw: dict[str, object], body_text: str) -> str:
    """A line as a careless program writes it: its hashes hold, over text that is not canonical."""
    header = {k: v for k, v in raw.items() if k not in ("hash", "body")}
    header["body_sha256"] = sha256_hex(body_text.encode())
    digest = sha256_hex(str(raw["prev"]).encode() + canonical(header))
    line = canonical({**header, "hash": digest, "body": 0}).decode()
    return line.replace('"body":0', f'"body":{body_text}')


@pytest.mark.parametrize(
    "body_text",
    ['{"a": 1}', '{"b":1,"a":2}', '{"a":1.5}', '{"a":NaN}', '{"a":12345678901234567890}'],
)
def test_a_body_that_is_not_canonical_does_not_pass_the_strict_reading(body_text: str) -> None:
    draft = Draft(actor="p-a", kind="note_added.v1", subject="", body={"topic": "", "fields": {}})
    event = forge(draft, replica="9f3c12ab", seq=1, at="2026-11-22T10:00:00.000Z", prev=GENESIS)
    line = resealed(json.loads(event.line), body_text)
    with pytest.raises(ChainBroken):
        parse_line(line, where=WHERE)
    with pytest.raises(ChainBroken):
        read_line(line, where=WHERE, strict=True)


@given(st.text(max_size=60))
def test_any_text_is_refused_and_never_crashes(text: str) -> None:
    with pytest.raises(ChainBroken):
        read_line(text, where=WHERE)
