"""Deeds about pairs: what stands, what was taken back, and by whom."""

from __future__ import annotations

from types import MappingProxyType

from hypothesis import given
from hypothesis import strategies as st

from tamis.app.duplicates.deeds import TAKEN_BACK, Deeds
from tamis.domain.events import Event


def event(seq: int, decision: str, *, by: str = "p-ann", back: str = "", at: int = 0) -> Event:
    body = {
        "a": "x:1",
        "b": "x:2",
        "decision": decision,
        "reason": TAKEN_BACK + back if back else "",
    }
    return Event(
        actor=by,
        replica="00000001",
        seq=seq,
        at=f"2026-01-01T00:00:{at or seq:02}.000Z",
        kind="pair_decided.v1",
        subject="x:1",
        body=MappingProxyType(body),
        body_sha256="",
        prev="",
        hash="",
    )


def deeds(*events: Event) -> Deeds:
    made = Deeds()
    made.take(events)
    return made


PAIR = ("x:1", "x:2")


def test_an_undo_uncovers_what_stood_before() -> None:
    first, second = event(1, "same"), event(2, "different")
    made = deeds(first, second, event(3, "same", back=second.id))
    standing = made.of(PAIR)
    assert standing is not None
    assert standing.event == first.id
    assert made.newest(PAIR) == "p-ann.00000001/3"
    last = made.last_of("p-ann")
    assert last is not None
    assert last.words[0].event == first.id
    made.take([event(4, "unsure", back=first.id)])
    assert made.of(PAIR) is None
    assert made.last_of("p-ann") is None
    assert list(made.standing()) == []


def test_words_of_one_moment_are_one_deed() -> None:
    made = deeds(event(1, "different", at=5), event(2, "same", at=5), event(3, "same", at=6))
    assert [len(deed.words) for deed in made.all()] == [1, 2]
    assert made.last_of("p-bob") is None


@given(st.lists(st.sampled_from(["same", "different", "unsure"]), min_size=1, max_size=8))
def test_undoing_everything_leaves_nothing(said: list[str]) -> None:
    made = deeds(*(event(n, word) for n, word in enumerate(said, start=1)))
    n = len(said)
    while (deed := made.last_of("p-ann")) is not None:
        n += 1
        assert made.of(PAIR) == deed.words[0]
        made.take([event(n, "unsure", back=deed.words[0].event)])
    assert made.of(PAIR) is None
    assert n == 2 * len(said)
