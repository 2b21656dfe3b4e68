"""The blunt limit per address."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.web.guard.wire import echo, send

from tamis.web.guard import Pace, RateLimit, address_of


class Hand:
    at = 100.0

    def __call__(self) -> float:
        return self.at


def limited(now: Hand, *, burst: int = 3, most: int = 10) -> RateLimit:
    pace = Pace(burst=burst, per_minute=6)
    return RateLimit(echo, paths=["/log-in", "/join"], pace=pace, now=now, most=most)


def test_an_address_sends_some_at_once_and_then_waits() -> None:
    now = Hand()
    app = limited(now)
    assert [send(app, "POST", "/log-in").status for _ in range(5)] == [200] * 3 + [429] * 2
    assert send(app, "POST", "/join/x").one("retry-after") == "10"
    now.at += 10
    assert [send(app, "POST", "/log-in").status for _ in range(2)] == [200, 429]
    now.at += 3600
    assert [send(app, "POST", "/log-in").status for _ in range(4)] == [200] * 3 + [429]


def test_other_addresses_paths_and_reading_are_free() -> None:
    app = limited(Hand(), burst=1)
    assert [send(app, "POST", "/log-in").status for _ in range(2)] == [200, 429]
    assert send(app, "POST", "/log-in", client=("198.51.100.1", 1)).status == 200
    assert send(app, "POST", "/vote").status == 200
    assert send(app, "GET", "/log-in").status == 200


def test_one_network_of_ipv6_is_one_address() -> None:
    app = limited(Hand(), burst=1)
    assert send(app, "POST", "/log-in", client=("2001:db8::1", 1)).status == 200
    assert send(app, "POST", "/log-in", client=("2001:db8::2", 1)).status == 429
    assert send(app, "POST", "/log-in", client=("2001:db8:0:1::2", 1)).status == 200


def test_a_header_that_says_where_one_comes_from_is_not_believed() -> None:
    app = limited(Hand(), burst=1)
    for n in range(3):
        told = [("x-forwarded-for", f"203.0.113.{n}"), ("forwarded", f"for=203.0.113.{n}")]
        assert send(app, "POST", "/log-in", headers=told).status == (200 if n == 0 else 429)


def test_memory_is_bounded() -> None:
    app = limited(Hand(), most=5)
    for n in range(100):
        send(app, "POST", "/log-in", client=(f"198.51.100.{n}", 1))
    assert len(app._left) == 5


@pytest.mark.parametrize("client", [None, ("", 0), ("unix:", 0), ("testclient", 1), ("1.2.3", 1)])
def test_an_address_that_is_none_is_unknown(client: tuple[str, int] | None) -> None:
    assert address_of({"client": client}) == "unknown"


@given(st.ip_addresses())
def test_every_address_has_one_name(address: object) -> None:
    named = address_of({"client": (str(address), 1)})
    assert named != "unknown"
    assert address_of({"client": (named.removesuffix("/64"), 1)}) == named
