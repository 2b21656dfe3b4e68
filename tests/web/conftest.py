"""A workbench to test: a copy of a review, a client that carries its token, a real browser."""

from __future__ import annotations

import re
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tamis import examples
from tamis.app.imports import import_files
from tamis.app.init import init_review
from tamis.app.live import LiveReview
from tamis.app.review import open_review
from tamis.web import WebSettings, create_app

PRACTICE = Path(examples.__file__).parent / "practice" / "review"


def unmasked(page: str) -> str:
    """Return a page without the tokens of its forms, which are another text each time."""
    return re.sub(r"[A-Za-z0-9_-]{86}==", "TOKEN", page)


@dataclass
class Workbench:
    """A client of a served folder, as one person, that sends the token with every form."""

    folder: Path
    client: TestClient
    name: str

    def get(self, path: str = "", **more: Any) -> Any:
        """Get a page of the review: ``path`` is what follows its address."""
        return self.client.get(f"/r/{self.name}{path}", **more)

    def post(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> Any:
        """Send a form of the review with its token; the answer is not followed."""
        form = {"csrf": self.token(), **(data or {})}
        return self.client.post(f"/r/{self.name}{path}", data=form, follow_redirects=False, **more)

    def token(self) -> str:
        """Return the token that the pages carry."""
        found = re.search(r'name="csrf" value="([^"]+)"', self.client.get("/").text)
        assert found, "no form on the first page"
        return found[1]

    def become(self, person: str) -> None:
        """Work under another name."""
        self.client.cookies.set("tamis-person", person)

    @property
    def live(self) -> LiveReview:
        """The open review behind it."""
        app: Any = self.client.app
        found: LiveReview = app.shelf.open(self.name)
        return found


#: How long anything may take on the slowest machine (milliseconds).
PATIENCE = 120_000

#: Nothing is on its way, nor about to be asked for (a state that is asked for again and again
#: is never quiet, and is no part of the page).
QUIET = """() => ![...document.querySelectorAll(".htmx-request, [hx-trigger=load]")]
    .some((one) => !(one.getAttribute("hx-trigger") || "").startsWith("every"))"""

ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip


@dataclass
class Look:
    """One person's browser on a served folder, that hears every complaint of the console."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def go(self, path: str) -> Page:
        """Open a page and wait until it is quiet."""
        self.page.goto(self.address + path)
        return self.settle()

    def settle(self) -> Page:
        """Wait until the page is loaded and all that it asks for by itself has come."""
        self.page.wait_for_load_state("load")
        self.page.wait_for_function(QUIET)
        return self.page

    def violations(self) -> list[str]:
        """Return what axe-core finds on the page as it is."""
        found = Axe().run(self.page).response["violations"]
        return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found]


@pytest.fixture
def practice(tmp_path: Path) -> Workbench:
    """The practice review as it ships, finished."""
    shutil.copytree(PRACTICE, tmp_path / "practice")
    return _bench(tmp_path, "practice")


INPUTS = PRACTICE.parent / "inputs"


def _begun(folder: Path, *, title: str = "") -> Workbench:
    """Begin the practice review anew: its protocol and its records, and nobody's verdict."""
    init_review(folder / "screening", by="p-rev-a", title="practice")
    shutil.copy(INPUTS / "review.toml", folder / "screening" / "review.toml")
    shutil.copytree(INPUTS / "search", folder / "screening" / "search", dirs_exist_ok=True)
    exports = sorted((INPUTS / "imports").iterdir())
    if title:
        entry = f"TY  - JOUR\nTI  - {title}\nAU  - Ash, A.\nPY  - 2020\nER  - \n"
        exports = [folder / "2026-01-02-embase.ris"]
        exports[0].write_text(entry, encoding="utf-8")
    import_files(open_review(folder / "screening"), exports, by="p-rev-a")
    return _bench(folder, "screening", person="p-rev-a")


@pytest.fixture
def screening(tmp_path: Path) -> Workbench:
    """The practice review before anybody voted; the visitor is its first reviewer."""
    return _begun(tmp_path)


@pytest.fixture
def screening_of(tmp_path: Path) -> Callable[[str], Workbench]:
    """Return a maker of a review with one record of a given title."""
    return lambda title: _begun(tmp_path, title=title)


@pytest.fixture
def serve_folder() -> Iterator[Callable[..., str]]:
    """Serve a folder on a free port of the loopback: ``serve_folder(folder, team=False)``."""
    with _serving() as start:
        yield start


def _bench(folder: Path, name: str, person: str = "p-ann") -> Workbench:
    app = create_app(WebSettings(folder=folder, person=person))
    client = TestClient(app, base_url="http://127.0.0.1:8765")
    return Workbench(folder=folder / name, client=client, name=name)


@pytest.fixture
def bench_of() -> Callable[..., Workbench]:
    """Return a workbench on any folder: ``bench_of(folder, name, person="p-ann")``."""
    return _bench


@contextmanager
def _serving() -> Iterator[Callable[..., str]]:
    running: list[tuple[uvicorn.Server, threading.Thread]] = []

    def start(folder: Path, *, team: bool = False) -> str:
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        app = create_app(WebSettings(folder=folder, person="p-rev-a", port=port, team=team))
        server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        running.append((server, thread))
        return f"http://127.0.0.1:{port}"

    try:
        yield start
    finally:
        for server, thread in running:
            server.should_exit = True
            thread.join(10)


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """Chromium, driven by Playwright (mark the test ``needs("chromium")``)."""
    with sync_playwright() as driver:
        made = driver.chromium.launch(
            executable_path=chromium, args=list(ARGUMENTS), timeout=PATIENCE
        )
        yield made
        made.close()


@pytest.fixture
def look(browser: Browser) -> Iterator[Callable[..., Look]]:
    """Return a maker of visits: ``look(address, language="zh-CN", dark=True, width=390)``."""
    opened: list[BrowserContext] = []

    def visit(address: str, *, language: str = "en", dark: bool = False, width: int = 1440) -> Look:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            locale=language,
            color_scheme="dark" if dark else "light",
        )
        context.set_default_timeout(PATIENCE)
        opened.append(context)
        return Look(page=context.new_page(), address=address)

    yield visit
    for context in opened:
        context.close()
