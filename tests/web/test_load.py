"""Twenty people vote at once on PostgreSQL; then the server is killed while they do.

Nobody gets the same report twice, no report gets a third vote, and every vote that was
acknowledged is in the log, which verifies.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest
from tests.postgres_server import fresh_schema, postgres_url
from tests.web.conftest import INPUTS

from tamis.app.imports import import_files
from tamis.app.init import init_review
from tamis.app.people.team import open_team
from tamis.app.ports import SystemClock
from tamis.app.review import open_review
from tamis.store import SqlLog
from tamis.web import WebSettings

__all__ = ["postgres_url"]

pytestmark = [pytest.mark.needs("postgres"), pytest.mark.slow]

PEOPLE = 20
RECORDS = 60
PASSWORD = "correct horse battery"
TITLES = "/api/v1/reviews/load/screening/title-abstract"


@dataclass
class Told:
    """What the server told the people: acknowledged votes, and reports that were offered."""

    votes: list[tuple[str, str]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


@pytest.fixture
def pg_url(postgres_url: str) -> str:
    """An empty schema of the run's own PostgreSQL."""
    return fresh_schema(postgres_url).render_as_string(hide_password=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A review with synthetic records, as if two databases were searched."""
    root = tmp_path / "load"
    init_review(root, by="p-owner", title="load")
    shutil.copy(INPUTS / "review.toml", root / "review.toml")
    shutil.copytree(INPUTS / "search", root / "search", dirs_exist_ok=True)
    words = ("amber", "basil", "cedar", "delta", "ember", "fern", "grove", "hazel", "iris", "jade")
    entries = [
        f"TY  - JOUR\nTI  - {words[n % 10]} {words[n // 10 % 10]} study number {n} of {n * 7919}\n"
        f"AU  - Author{n}, A.\nPY  - {1990 + n % 30}\nER  - \n"
        for n in range(RECORDS)
    ]
    export = tmp_path / "2026-01-02-embase.ris"
    export.write_text("\n".join(entries), encoding="utf-8")
    import_files(open_review(root), [export], by="p-owner")
    return tmp_path


def _tokens(folder: Path, database: str) -> list[str]:
    """Make accounts for the people; each gets a token."""
    settings = WebSettings(folder=folder, team=True, database=database)
    found = []
    with open_team(settings.accounts) as team:
        owner = team.people.set_up("Owner", PASSWORD)
        chief = team.sign_in.visitor(team.sign_in.log_in(owner, PASSWORD).token)
        assert chief is not None
        for n in range(PEOPLE):
            link = team.people.invite(chief, "load", "reviewer")
            person, _ = team.people.accept(link.token, name=f"Person {n}", password=PASSWORD)
            visitor = team.sign_in.visitor(team.sign_in.log_in(person, PASSWORD).token)
            assert visitor is not None
            found.append(team.sign_in.make_token(visitor, "load", ["read", "vote"]))
    return found


@contextmanager
def _served(folder: Path, database: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    command = [
        sys.executable, "-m", "tamis", "serve", str(folder), "--team", "--database", database,
        "--port", "0", "--no-browser",
    ]  # fmt: skip
    server = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONWARNINGS": ""}
    )
    try:
        assert server.stdout is not None
        line = server.stdout.readline()
        assert "http://" in line, line
        yield "http://" + line.partition("http://")[2].split()[0].partition("invitation")[0], server
    finally:
        server.kill()
        server.wait()
        if server.stdout is not None:
            server.stdout.close()


def _screen(address: str, token: str, told: Told, stop: threading.Event) -> None:
    """Vote until nothing waits, or the server is gone."""
    headers = {"authorization": f"Bearer {token}"}
    with httpx2.Client(base_url=address, headers=headers, timeout=120) as client:
        while not stop.is_set():
            try:
                card = client.get(f"{TITLES}/next").json()
                if card is None:
                    return
                path = f"{TITLES}/records/{card['cluster']}/vote"
                answer = client.post(path, json={"decision": "include"})
            except (httpx2.TransportError, ValueError):
                return
            if answer.status_code == 200:
                with told.lock:
                    told.votes.append((token, card["cluster"]))


def _logged(database: str) -> Counter[tuple[str, str]]:
    """Return how often each person voted on each record, from the verified log."""
    with SqlLog(database, replica="00000000", clock=SystemClock(), name="load") as log:
        assert log.verify() == ()
        return Counter(
            (event.actor, event.body["records"][0])
            for event in log.read()
            if event.kind == "screened.v1" and event.body
        )


def test_twenty_people_vote_at_once_and_nothing_is_lost(folder: Path, pg_url: str) -> None:
    told = Told()
    tokens = _tokens(folder, pg_url)
    with _served(folder, pg_url) as (address, _), ThreadPoolExecutor(PEOPLE) as people:
        list(people.map(lambda token: _screen(address, token, told, threading.Event()), tokens))
    logged = _logged(pg_url)
    assert len(set(told.votes)) == len(told.votes), "somebody was offered a report twice"
    assert sum(logged.values()) == len(told.votes)
    assert set(logged.values()) == {1}
    assert set(Counter(record for _, record in logged).values()) == {2}
    assert len({record for _, record in logged}) == RECORDS


def test_no_acknowledged_vote_is_lost_when_the_server_is_killed(folder: Path, pg_url: str) -> None:
    told, stop = Told(), threading.Event()
    tokens = _tokens(folder, pg_url)
    with _served(folder, pg_url) as (address, server), ThreadPoolExecutor(PEOPLE) as people:
        running = [people.submit(_screen, address, token, told, stop) for token in tokens]
        while len(told.votes) < PEOPLE and not all(one.done() for one in running):
            stop.wait(0.01)
        server.kill()
        for one in running:
            one.result()
    acknowledged = Counter(cluster for _, cluster in told.votes)
    written = Counter(record for _, record in _logged(pg_url))
    assert acknowledged
    assert all(written[cluster] >= count for cluster, count in acknowledged.items())
