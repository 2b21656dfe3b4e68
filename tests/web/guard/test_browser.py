"""The guard before a real browser: our own pages work, those of another site achieve nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI, Form, Request
from fastapi.responses import HTMLResponse, Response
from playwright.sync_api import Browser

from tamis.web.guard import (
    GuardSettings,
    LocalSessions,
    Site,
    guarded,
    issue,
    report_policy,
    source_of,
    visit_of,
)

pytestmark = pytest.mark.needs("chromium")

SCRIPT = "document.body.dataset.ran = 'yes'; try { parent.x = document.cookie } catch (e) { }"


class Desk:
    """Counts what is done, and whether anything was asked for at all."""

    def __init__(self) -> None:
        self.votes: list[str] = []
        self.images = 0
        self.local: LocalSessions[str] = LocalSessions()

    def app(self) -> FastAPI:
        api = FastAPI()

        @api.get("/", response_class=HTMLResponse)
        def home(request: Request) -> str:
            token = issue(visit_of(request).secret)
            return (
                f'<meta name="csrf" content="{token}"><script src="/static/a.js"></script>'
                f'<form method="post" action="/vote"><input name="csrf" value="{token}">'
                '<input name="how" value="form"><button>vote</button></form>'
                "<script>document.title = 'inline script ran'</script>"
            )

        @api.get("/static/a.js")
        def script() -> Response:
            text = (
                "addEventListener('DOMContentLoaded', () => fetch('/vote', {method: 'POST',"
                " headers: {'X-CSRF-Token': document.querySelector('meta').content}, body: new"
                " URLSearchParams({how: 'script'})}))"
            )
            return Response(text, media_type="text/javascript")

        @api.post("/vote", response_class=HTMLResponse)
        def vote(how: str = Form()) -> str:
            self.votes.append(how)
            return "voted"

        @api.get("/picture")
        def picture() -> Response:
            self.images += 1
            return Response(b"GIF89a", media_type="image/gif")

        @api.get("/report", response_class=HTMLResponse)
        def report() -> str:
            return (
                f"<style>body {{ color: rgb(1, 2, 3) }}</style><body><script>{SCRIPT}</script>"
                "<script>document.body.dataset.other = 'yes'</script>"
            )

        return api


@contextmanager
def running() -> Iterator[Callable[[Callable[[int], Any]], int]]:
    started: list[tuple[uvicorn.Server, threading.Thread]] = []

    def start(make: Callable[[int], Any]) -> int:
        config = uvicorn.Config(FastAPI(), port=0, log_level="error", lifespan="off")
        socket = config.bind_socket()
        port = int(socket.getsockname()[1])
        config.app = make(port)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [socket]}, daemon=True)
        thread.start()
        started.append((server, thread))
        return port

    try:
        yield start
    finally:
        for server, thread in started:
            server.should_exit = True
            thread.join(10)


@pytest.fixture
def start() -> Iterator[Callable[[Callable[[int], Any]], int]]:
    """Give a starter of servers on free ports of this machine."""
    with running() as starter:
        yield starter


def served(desk: Desk, port: int) -> Any:
    policies = {"/report": report_policy(scripts=[source_of(SCRIPT)])}
    settings = GuardSettings(site=Site.local(port), policies=policies)
    return guarded(desk.app(), settings, find=desk.local.find)


def test_our_own_forms_and_scripts_pass(browser: Browser, start: Any) -> None:
    desk = Desk()
    port = start(lambda port: served(desk, port))
    page = browser.new_page()
    with page.expect_response("**/vote") as answered:
        page.goto(f"http://localhost:{port}/")
    assert answered.value.status == 200
    page.get_by_role("button").click()
    page.get_by_text("voted").wait_for()
    assert desk.votes == ["script", "form"]
    assert page.title() != "inline script ran"
    (cookie,) = page.context.cookies()
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Lax"
    page.close()


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_another_site_achieves_nothing(browser: Browser, start: Any, host: str) -> None:
    """A page on another port of this machine (same site) and under another name (cross site)."""
    desk = Desk()
    port = start(lambda port: served(desk, port))
    target = f"http://localhost:{port}"
    evil = FastAPI()

    @evil.get("/", response_class=HTMLResponse)
    def trap() -> str:
        return (
            f'<img src="{target}/picture"><iframe name="f" src="{target}/"></iframe>'
            f'<form method="post" action="{target}/vote"><input name="how" value="forged"></form>'
            f"<script>let done = fetch('{target}/vote', {{method: 'POST', mode: 'no-cors',"
            " credentials: 'include', body: new URLSearchParams({how: 'fetch'})})</script>"
        )

    other = start(lambda _: evil)
    page = browser.new_page()
    with page.expect_response("**/vote"):
        page.goto(f"{target}/")  # the victim works here, and has the cookie
    desk.votes.clear()
    page.goto(f"http://{host}:{other}/")
    page.wait_for_load_state("networkidle")
    page.evaluate("done.catch(() => 0)")
    with page.expect_navigation() as gone:
        page.evaluate("document.forms[0].submit()")
    assert gone.value
    assert gone.value.status == 403
    assert (desk.votes, desk.images) == ([], 0)
    page.goto(f"{target}/")
    assert page.get_by_role("button").is_visible(), "a link from elsewhere still opens a page"
    page.close()


def test_the_report_has_its_style_and_its_named_script_only(browser: Browser, start: Any) -> None:
    desk = Desk()
    port = start(lambda port: served(desk, port))
    page = browser.new_page()
    page.goto(f"http://localhost:{port}/report")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(1, 2, 3)"
    assert page.evaluate("({...document.body.dataset})") == {"ran": "yes"}
    assert page.evaluate("window.origin") == "null"
    with pytest.raises(Exception, match="sandboxed"):
        page.evaluate("document.cookie")
    page.close()
