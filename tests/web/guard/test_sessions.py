"""Cookies and sessions: flags, fixation, tossed cookies, the gate; nothing lets a stranger in."""

from __future__ import annotations

import re
import secrets
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.web.guard.wire import echo, jar, send

from tamis.domain.errors import StorageFailed
from tamis.web.guard import Cookie, Gate, LocalSessions, Sessions, Site, Visit, visit_of

LOCAL = Cookie.of(Site.local(8765))
PUBLIC = Cookie.of(Site.at("https://review.example.org"))
SECRET = "s" * 43


class Door:
    """An application that logs in and out, and remembers the visit it saw."""

    def __init__(self) -> None:
        self.known: dict[str, str] = {}
        self.asked: list[str] = []
        self.visit = Visit()

    def find(self, secret: str) -> str | None:
        self.asked.append(secret)
        return self.known.get(secret)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.visit = visit_of(scope)
        if scope["path"] == "/log-in":
            fresh = secrets.token_urlsafe(32)
            self.known[fresh] = "p-rev-a"
            self.visit.take(fresh, seconds=600)
        elif scope["path"] == "/log-out":
            self.known.pop(self.visit.secret, None)
            self.visit.drop()
        await echo(scope, receive, send)


def served(door: Door, cookie: Cookie = LOCAL, **more: Any) -> Any:
    return Sessions(door, cookie=cookie, find=door.find, **more)


# ------------------------------------------------------------ the cookie
def test_the_cookie_of_an_encrypted_server_has_every_lock() -> None:
    line = send(served(Door(), PUBLIC)).one("set-cookie")
    assert re.fullmatch(
        r"__Host-tamis=[A-Za-z0-9_-]{43}; Path=/; HttpOnly; SameSite=Lax; Secure", line
    )


def test_the_cookie_of_this_machine_is_named_by_its_port() -> None:
    """Cookies know no ports: two servers on one machine must not take each other's."""
    line = send(served(Door())).one("set-cookie")
    assert re.fullmatch(r"tamis-8765=[A-Za-z0-9_-]{43}; Path=/; HttpOnly; SameSite=Lax", line)
    assert Cookie.of(Site.local(80)).name == "tamis"
    assert Cookie.of(Site.local(8766)).name != LOCAL.name


def test_a_session_lasts_in_the_browser_as_long_as_on_the_server() -> None:
    assert "; Max-Age=600" in send(served(Door()), path="/log-in").one("set-cookie")


def test_a_known_cookie_is_not_set_again() -> None:
    door = Door()
    headers = [("cookie", f"{LOCAL.name}={SECRET}")]
    assert send(served(door), headers=headers).all("set-cookie") == []
    assert door.visit.secret == SECRET


# ------------------------------------------------------------ fixation
def test_a_planted_secret_opens_nothing_after_log_in() -> None:
    """The attacker plants a cookie, the victim logs in: that cookie stays a stranger's."""
    door = Door()
    app = served(door)
    planted = [("cookie", f"{LOCAL.name}={SECRET}")]
    opened = jar(send(app, "POST", "/log-in", headers=planted))
    assert SECRET not in opened
    send(app, headers=planted)
    assert door.visit.visitor is None
    send(app, headers=[("cookie", opened)])
    assert door.visit.visitor == "p-rev-a"


def test_after_logging_out_the_cookie_opens_nothing() -> None:
    door = Door()
    app = served(door)
    opened = jar(send(app, "POST", "/log-in"))
    closed = send(app, "POST", "/log-out", headers=[("cookie", opened)])
    assert jar(closed) != opened
    for cookie in (opened, jar(closed)):
        send(app, headers=[("cookie", cookie)])
        assert door.visit.visitor is None


def test_two_cookies_of_one_name_are_none() -> None:
    """Somebody who can plant a cookie beside the right one cannot choose which one counts."""
    door = Door()
    door.known[SECRET] = "p-rev-a"
    app = served(door)
    tossed = "t" * 43
    for line in (f"{LOCAL.name}={SECRET}; {LOCAL.name}={tossed}",
                 f"{LOCAL.name}={tossed}; {LOCAL.name}={SECRET}"):  # fmt: skip
        reply = send(app, headers=[("cookie", line)])
        assert door.visit.visitor is None
        assert len(reply.all("set-cookie")) == 1
    send(app, headers=[("cookie", f"{LOCAL.name}={SECRET}"), ("cookie", f"{LOCAL.name}={tossed}")])
    assert door.visit.visitor is None
    send(app, headers=[("cookie", f"a=b; {LOCAL.name}={SECRET}; {LOCAL.name}={SECRET}")])
    assert door.visit.visitor == "p-rev-a", "twice the same is the same"


@given(st.text(st.characters(codec="latin-1"), max_size=80))
def test_only_what_looks_like_a_secret_is_looked_up(text: str) -> None:
    door = Door()
    send(served(door), headers=[("cookie", f"{LOCAL.name}={text}")])
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", asked) for asked in door.asked)
    assert door.visit.visitor is None
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", door.visit.secret)


def test_the_secret_is_shown_in_no_log() -> None:
    assert SECRET not in repr(Visit(secret=SECRET))


# ------------------------------------------------------------ programs, quiet paths, faults
def test_a_program_is_known_by_its_token_and_gets_no_cookie() -> None:
    door = Door()
    door.known[SECRET] = "p-cookie"
    app = served(door, find_bearer={"tamis_x": "p-program"}.get)
    both = [("authorization", "Bearer tamis_x"), ("cookie", f"{LOCAL.name}={SECRET}")]
    assert send(app, headers=both).all("set-cookie") == []
    assert (door.visit.visitor, door.visit.via, door.visit.secret) == ("p-program", "bearer", "")
    wrong = [("authorization", "Bearer tamis_y"), ("cookie", f"{LOCAL.name}={SECRET}")]
    send(app, headers=wrong)
    assert door.visit.visitor is None, "a wrong token is not mended by a cookie"


def test_without_programs_their_header_means_nothing() -> None:
    door = Door()
    door.known[SECRET] = "p-cookie"
    send(
        served(door), headers=[("authorization", "Bearer x"), ("cookie", f"{LOCAL.name}={SECRET}")]
    )
    assert (door.visit.visitor, door.visit.via) == ("p-cookie", "cookie")


def test_quiet_paths_look_nobody_up() -> None:
    door = Door()
    app = served(door, quiet=["/static"])
    headers = [("cookie", f"{LOCAL.name}={SECRET}")]
    assert send(app, path="/static/a.css", headers=headers).all("set-cookie") == []
    assert door.asked == []
    send(app, path="/statics", headers=headers)
    assert door.asked == [SECRET]


def test_accounts_that_cannot_be_read_let_nobody_in() -> None:
    def broken(_: str) -> str:
        raise StorageFailed("the database is away", "wait")

    app = Sessions(echo, cookie=LOCAL, find=broken)
    reply = send(app, headers=[("cookie", f"{LOCAL.name}={SECRET}")])
    assert reply.status == 503
    assert "database" not in reply.text


# ------------------------------------------------------------ the gate
def gated(door: Door) -> Any:
    gate = Gate(door, open_paths=["/join", "/static"], log_in="/log-in")
    return Sessions(gate, cookie=LOCAL, find=door.find, find_bearer=door.find)


PAGE = [("accept", "text/html,application/xhtml+xml")]


def test_a_stranger_who_opens_a_page_is_led_to_the_log_in() -> None:
    reply = send(gated(Door()), path="/reviews/r?a=1&b=%0d%0aSet-Cookie:x", headers=PAGE)
    assert reply.status == 303
    assert reply.one("location") == "/log-in?next=/reviews/r%3Fa%3D1%26b%3D%250d%250aSet-Cookie%3Ax"


@pytest.mark.parametrize("path", ["/", "/reviews/r", "/api/records", "/joined", "/statics/x",
                                  "/log-in2", "/JOIN/x", "//join/x", "/x/../join"])  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "DELETE", "OPTIONS", "FOO"])
def test_a_stranger_reaches_nothing(path: str, method: str) -> None:
    door = Door()
    reply = send(gated(door), method, path, headers=[("cookie", f"{LOCAL.name}={SECRET}")])
    assert reply.status == 401
    assert reply.one("www-authenticate") == "Bearer"
    assert door.visit == Visit(), "the application never saw the request"


def test_a_part_of_a_page_is_refused_and_not_replaced_by_the_log_in() -> None:
    assert send(gated(Door()), headers=[*PAGE, ("hx-request", "true")]).status == 401


@pytest.mark.parametrize("path", ["/log-in", "/join/abc", "/join", "/static/a.css"])
def test_the_open_paths_are_open(path: str) -> None:
    assert send(gated(Door()), path=path).status == 200


def test_a_person_and_a_program_pass_the_gate() -> None:
    door = Door()
    door.known[SECRET] = "p-rev-a"
    assert send(gated(door), headers=[("cookie", f"{LOCAL.name}={SECRET}")]).status == 200
    assert send(gated(door), headers=[("authorization", f"Bearer {SECRET}")]).status == 200
    assert send(gated(door), kind="websocket").status == 403
    assert send(gated(door), kind="websocket", headers=[("authorization", f"Bearer {SECRET}")]
                ).status == 101  # fmt: skip


# ------------------------------------------------------------ without accounts
def test_on_this_machine_a_person_is_chosen_from_the_menu() -> None:
    local: LocalSessions[str] = LocalSessions(most=3)
    visit = Visit(secret=SECRET)
    local.choose(visit, "p-rev-a")
    assert visit.secret != SECRET, "a planted secret is not taken over"
    assert local.find(visit.secret) == "p-rev-a"
    assert local.find(SECRET) is None
    first = visit.secret
    local.choose(visit, "p-rev-b")
    assert (local.find(first), local.find(visit.secret)) == (None, "p-rev-b")
    others = [Visit() for _ in range(3)]
    for other in others:
        local.choose(other, "p-x")
    assert local.find(visit.secret) is None, "the oldest is forgotten"
    assert all(local.find(other.secret) == "p-x" for other in others)
