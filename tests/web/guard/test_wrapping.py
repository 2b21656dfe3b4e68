"""The whole guard around an application with accounts: a day of a reviewer, and of an attacker."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from fastapi import FastAPI, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from tests.app.servers import GOOD, Server
from tests.web.guard.wire import Reply, jar, send

from tamis.app.people.attempts import Waiting
from tamis.domain.errors import RuleBroken
from tamis.store import Accounts
from tamis.store.dialects import memory_engine
from tamis.web.guard import (
    GuardSettings,
    LocalSessions,
    Pace,
    Refusal,
    Site,
    address_of,
    guarded,
    issue,
    local_path,
    report_policy,
    visit_of,
)

PUBLIC = "https://review.example.org"
OURS = [("host", "review.example.org"), ("sec-fetch-site", "same-origin"), ("origin", PUBLIC)]
FORM = ("content-type", "application/x-www-form-urlencoded")


def routes(server: Server) -> FastAPI:
    api = FastAPI()

    @api.get("/log-in", response_class=HTMLResponse)
    def form(request: Request) -> str:
        return issue(visit_of(request).secret)

    @api.post("/log-in")
    def log_in(request: Request, name: str = Form(), password: str = Form(), after: str = Form("/")
               ) -> Any:  # fmt: skip
        try:
            opened = server.sign_in.log_in(name, password, address=address_of(request))
        except Waiting as error:
            return HTMLResponse("wait", 429, {"Retry-After": str(error.seconds)})
        except RuleBroken as error:
            return HTMLResponse(error.problem, 401)
        visit_of(request).take(opened.token, seconds=opened.seconds)
        return RedirectResponse(local_path(after), 303)

    @api.post("/log-out")
    def log_out(request: Request) -> Any:
        visit = visit_of(request)
        server.sign_in.log_out(visit.secret)
        visit.drop()
        return RedirectResponse("/log-in", 303)

    @api.get("/", response_class=HTMLResponse)
    def home(request: Request) -> str:
        visit = visit_of(request)
        return f"{visit.visitor.person} {issue(visit.secret)}"

    @api.post("/vote")
    def vote(request: Request) -> str:
        visit_of(request).visitor.require("r", "vote")
        return "voted"

    @api.get("/broken")
    def broken() -> None:
        raise RuntimeError("a secret detail of the program")

    @api.get("/report")
    def report() -> str:
        return "report"

    return api


@pytest.fixture
def server() -> Iterator[Server]:
    with Accounts(memory_engine()) as accounts:
        made = Server(accounts)
        made.owner()
        yield made


def team(server: Server, **more: Any) -> Any:
    settings = GuardSettings(
        site=Site.at(PUBLIC), log_in="/log-in", open_paths=("/join",),
        policies={"/report": report_policy()}, **more,
    )  # fmt: skip
    return guarded(
        routes(server), settings, find=server.sign_in.visitor, find_bearer=server.sign_in.bearer
    )


def log_in(app: Any, password: str = GOOD, **fields: str) -> Reply:
    first = send(app, path="/log-in", headers=OURS)
    body = urlencode({"name": "owner", "password": password, "csrf": first.text, **fields})
    headers = [*OURS, FORM, ("cookie", jar(first))]
    return send(app, "POST", "/log-in", headers=headers, body=body.encode())


def test_a_person_logs_in_works_and_logs_out(server: Server) -> None:
    app = team(server)
    opened = log_in(app, after="/reviews/r")
    assert (opened.status, opened.one("location")) == (303, "/reviews/r")
    line = opened.one("set-cookie")
    assert line.startswith("__Host-tamis=")
    assert {"Path=/", "HttpOnly", "SameSite=Lax", "Secure", "Max-Age=604800"} == set(
        line.split("; ")[1:]
    )
    cookie = ("cookie", jar(opened))
    who, token = send(app, headers=[*OURS, cookie]).text.split()
    assert who == "p-owner"
    acted = send(app, "POST", "/vote", headers=[*OURS, cookie, ("x-csrf-token", token)])
    assert acted.text == '"voted"'
    body = urlencode({"csrf": token}).encode()
    closed = send(app, "POST", "/log-out", headers=[*OURS, FORM, cookie], body=body)
    assert closed.status == 303
    assert send(app, headers=[*OURS, cookie]).status == 401


def test_the_token_of_the_log_in_page_is_worth_nothing_afterwards(server: Server) -> None:
    app = team(server)
    before = send(app, path="/log-in", headers=OURS).text
    cookie = ("cookie", jar(log_in(app)))
    acted = send(app, "POST", "/vote", headers=[*OURS, cookie, ("x-csrf-token", before)])
    assert acted.status == 403


@pytest.mark.parametrize(
    "attack",
    [
        [("host", "review.example.org"), ("sec-fetch-site", "cross-site")],
        [("host", "review.example.org"), ("origin", "https://evil.example")],
        [("host", "evil.example")],
        [("host", "review.example.org"), ("origin", "null")],
    ],
)
def test_a_forged_log_in_or_vote_is_refused_even_with_cookie_and_token(
    server: Server, attack: list[tuple[str, str]]
) -> None:
    app = team(server)
    cookie = ("cookie", jar(log_in(app)))
    token = send(app, headers=[*OURS, cookie]).text.split()[1]
    for path in ("/vote", "/log-in", "/log-out"):
        reply = send(app, "POST", path, headers=[*attack, cookie, ("x-csrf-token", token)])
        assert reply.status in (400, 403)
    assert send(app, headers=[*OURS, cookie]).status == 200


def test_a_log_in_without_the_token_of_its_page_is_refused(server: Server) -> None:
    """Else a stranger could log somebody in as themselves, and read what they then enter."""
    body = urlencode({"name": "owner", "password": GOOD}).encode()
    reply = send(team(server), "POST", "/log-in", headers=[*OURS, FORM], body=body)
    assert reply.status == 403


def test_log_in_says_the_same_of_a_wrong_name_and_a_wrong_password(server: Server) -> None:
    app = team(server)
    wrong, nobody = log_in(app, "not the password"), log_in(app, name="nobody")
    assert (wrong.status, wrong.text) == (nobody.status, nobody.text) == (
        401, "the name or the password is not right",
    )  # fmt: skip
    shape = [[name for name, _ in reply.headers] for reply in (wrong, nobody)]
    assert shape[0] == shape[1]
    assert [len(value) for _, value in wrong.headers] == [len(value) for _, value in nobody.headers]


def test_guessing_is_slowed_by_both_limits(server: Server) -> None:
    app = team(server, pace=Pace(burst=7, per_minute=1))
    statuses = [log_in(app, "a guess of it").status for _ in range(9)]
    assert statuses == [401] * 5 + [429] * 4
    assert log_in(app).status == 429


def test_a_program_works_with_its_token_until_it_is_revoked(server: Server) -> None:
    owner = server.enter("owner")
    token = server.sign_in.make_token(owner, "script", ["vote"])
    app = team(server)
    headers = [("host", "review.example.org"), ("authorization", f"Bearer {token}")]
    assert send(app, "POST", "/vote", headers=headers).text == '"voted"'
    server.sign_in.revoke_token(owner, "script")
    assert send(app, "POST", "/vote", headers=headers).status == 401


def test_even_a_program_error_carries_the_headers_and_tells_nothing(server: Server) -> None:
    app = team(server)
    cookie = ("cookie", jar(log_in(app)))
    told: list[Reply] = []

    async def kept(scope: Any, receive: Any, send_: Any) -> None:
        reply = Reply()
        told.append(reply)

        async def take(message: Any) -> None:
            if message["type"] == "http.response.start":
                reply.status = message["status"]
                reply.headers = [(k.decode().lower(), v.decode()) for k, v in message["headers"]]
            else:
                reply.body += message.get("body", b"")

        await app(scope, receive, take)

    with pytest.raises(RuntimeError):
        send(kept, path="/broken", headers=[*OURS, cookie])
    assert told[0].status == 500
    assert "secret detail" not in told[0].text
    assert told[0].one("content-security-policy").startswith("default-src 'none'")
    assert told[0].one("cache-control") == "no-store"


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [("/", [("host", "evil.example")], 400), ("/", OURS, 401),
     ("/", [*OURS, ("content-length", "99999999")], 413), ("/log-in", OURS, 200)],
)  # fmt: skip
def test_every_refusal_carries_the_headers(
    server: Server, path: str, headers: list[tuple[str, str]], status: int
) -> None:
    reply = send(team(server), path=path, headers=headers)
    assert reply.status == status
    for name in ("content-security-policy", "x-content-type-options", "strict-transport-security",
                 "cache-control", "cross-origin-opener-policy"):  # fmt: skip
        assert reply.one(name)
    assert "server" not in dict(reply.headers)


def test_the_report_is_loosened_and_nothing_else(server: Server) -> None:
    app = team(server)
    cookie = ("cookie", jar(log_in(app)))
    report = send(app, path="/report", headers=[*OURS, cookie])
    assert "sandbox" in report.one("content-security-policy")
    assert "sandbox" not in send(app, headers=[*OURS, cookie]).one("content-security-policy")


def test_refusals_can_be_said_in_other_words() -> None:
    def said(scope: Any, refusal: Refusal) -> Any:
        return HTMLResponse(f"<p>{refusal.code}", refusal.status, refusal.headers)

    app = guarded(FastAPI(), GuardSettings(site=Site.local(8765)), find=str, answer=said)
    assert send(app, headers=[("host", "evil.example")]).text == "<p>host"
    assert send(app, "POST").text == "<p>csrf"
    assert send(app, "POST", headers=[("origin", "https://e.example")]).text == "<p>cross-site"
    assert send(app, headers=[("content-length", "9999999")]).text == "<p>too-large"


def test_on_this_machine_everybody_enters_and_forgery_is_refused_all_the_same() -> None:
    local: LocalSessions[str] = LocalSessions()
    api = FastAPI()

    @api.get("/", response_class=HTMLResponse)
    def home(request: Request) -> str:
        return f"{visit_of(request).visitor} {issue(visit_of(request).secret)}"

    @api.post("/person")
    def choose(request: Request, person: str = Form()) -> str:
        local.choose(visit_of(request), person)
        return person

    app = guarded(api, GuardSettings(site=Site.local(8765)), find=local.find)
    first = send(app)
    nobody, token = first.text.split()
    assert nobody == "None"
    body = urlencode({"person": "p-rev-a", "csrf": token}).encode()
    assert send(app, "POST", "/person", headers=[FORM], body=body).status == 403
    headers = [FORM, ("cookie", jar(first))]
    chosen = send(app, "POST", "/person", headers=headers, body=body)
    assert send(app, headers=[("cookie", jar(chosen))]).text.split()[0] == "p-rev-a"
    assert send(app, headers=[("cookie", jar(first))]).text.split()[0] == "None"


def test_starting_and_stopping_pass_through() -> None:
    import asyncio

    from starlette.types import Message

    api = FastAPI()
    app = guarded(api, GuardSettings(site=Site.local(8765), log_in="/log-in"), find=str)
    said: list[str] = []
    asked = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])

    async def receive() -> Message:
        return next(asked)

    async def take(message: Message) -> None:
        said.append(message["type"])

    asyncio.run(app({"type": "lifespan", "state": {}}, receive, take))
    assert said == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


def test_the_framework_itself_can_wear_the_guard() -> None:
    """``build_middleware_stack`` is the outermost place: program errors are inside it too."""

    class Guarded(FastAPI):
        def build_middleware_stack(self) -> Any:
            inner = super().build_middleware_stack()
            return guarded(inner, GuardSettings(site=Site.local(8765)), find=str)

    api = Guarded()

    @api.get("/")
    def home() -> str:
        return "home"

    assert send(api).text == '"home"'
    assert send(api).one("x-content-type-options") == "nosniff"
    assert send(api, headers=[("host", "evil.example")]).status == 400
    assert send(api, "POST").status == 403
