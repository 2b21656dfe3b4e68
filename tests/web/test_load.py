"""Twenty people vote at once on PostgreSQL, the server is killed while they do, and they go on.

Nobody is offered a report that has no place left for them, no report gets a third vote, every vote
that was acknowledged is in the log, the log verifies, and the queue goes on after the restart.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST
from tests.postgres_server import fresh_schema, postgres_url
from tests.web.conftest import INPUTS

from tamis.app.imports import import_files
from tamis.app.init import init_review
from tamis.app.people.passwords import Passwords
from tamis.app.people.people import People
from tamis.app.people.sign_in import SignIn
from tamis.app.ports import SystemClock
from tamis.app.review import open_review
from tamis.store import Accounts, SqlLog
from tamis.web import WebSettings

__all__ = ["postgres_url"]

pytestmark = [pytest.mark.needs("postgres"), pytest.mark.slow]

PEOPLE = 20
RECORDS = 40
#: Votes that a report takes.
PLACES = 2
#: Acknowledged votes after which the server is killed.
KILLED_AFTER = 30
PASSWORD = "correct horse battery"
TITLES = "/api/v1/reviews/load/screening/title-abstract"

Vote = tuple[str, str]


@dataclass
class Told:
    """What the server told the people: reports that were offered, votes that were acknowledged.

    ``asked`` are the votes that were sent, whether or not an answer came.
    """

    offers: list[Vote] = field(default_factory=list)
    asked: list[Vote] = field(default_factory=list)
    votes: list[Vote] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    finished: int = 0
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


def _tokens(folder: Path, database: str) -> dict[str, str]:
    """Make accounts for the people, with cheap passwords; return the token of each."""
    settings = WebSettings(folder=folder, team=True, database=database)
    cheap = Passwords(PasswordHasher.from_parameters(CHEAPEST))
    found = {}
    with Accounts(settings.accounts) as accounts:
        people = People(accounts, passwords=cheap)
        sign_in = SignIn(accounts, passwords=cheap)
        owner = people.set_up("Owner", PASSWORD)
        chief = sign_in.visitor(sign_in.log_in(owner, PASSWORD).token)
        assert chief is not None
        for n in range(PEOPLE):
            link = people.invite(chief, "load", "reviewer")
            person, _ = people.accept(link.token, name=f"Person {n}", password=PASSWORD)
            visitor = sign_in.visitor(sign_in.log_in(person, PASSWORD).token)
            assert visitor is not None
            found[visitor.person] = sign_in.make_token(visitor, "load", ["read", "vote"])
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


def _screen(address: str, person: str, token: str, told: Told) -> None:
    """Vote until nothing waits, or the server is gone."""
    headers = {"authorization": f"Bearer {token}"}
    with httpx2.Client(base_url=address, headers=headers, timeout=120) as client:
        while True:
            try:
                card = client.get(f"{TITLES}/next").json()
                if card is None:
                    break
                mine = person, card["cluster"]
                with told.lock:
                    told.offers.append(mine)
                    told.asked.append(mine)
                answer = client.post(
                    f"{TITLES}/records/{card['cluster']}/vote", json={"decision": "include"}
                )
            except (httpx2.TransportError, ValueError):
                return
            with told.lock:
                if answer.status_code == 200:
                    told.votes.append(mine)
                else:
                    told.refused.append(answer.text)
                    return
    with told.lock:
        told.finished += 1


def _logged(database: str) -> Counter[Vote]:
    """Return how often each person voted on each record, from the verified log."""
    with SqlLog(database, replica="00000000", clock=SystemClock(), name="load") as log:
        assert log.verify() == ()
        return Counter(
            (event.actor, event.body["records"][0])
            for event in log.read()
            if event.kind == "screened.v1" and event.body
        )


def _all_screen(
    address: str, tokens: Mapping[str, str], told: Told, *, until: Callable[[], None]
) -> None:
    """Let everybody screen at once, and do something meanwhile."""
    with ThreadPoolExecutor(PEOPLE) as pool:
        running = [pool.submit(_screen, address, *one, told) for one in tokens.items()]
        until()
        for one in running:
            one.result()


def test_twenty_people_vote_the_server_is_killed_and_they_go_on(folder: Path, pg_url: str) -> None:
    tokens = _tokens(folder, pg_url)
    before, after = Told(), Told()
    with _served(folder, pg_url) as (address, server):

        def kill() -> None:
            while len(before.votes) < KILLED_AFTER and server.poll() is None:
                time.sleep(0.005)
            server.kill()

        _all_screen(address, tokens, before, until=kill)
    assert before.refused == []
    assert KILLED_AFTER <= len(before.votes) < RECORDS * PLACES, "it was killed in the middle"
    assert max(Counter(report for _, report in before.offers).values()) <= PLACES
    written = _logged(pg_url)
    assert set(before.votes) <= set(written), "an acknowledged vote is lost"
    assert set(written) <= set(before.asked), "a vote that nobody cast"
    assert len(written) - len(before.votes) <= PEOPLE, "each person had one vote on its way"

    with _served(folder, pg_url) as (address, _):
        _all_screen(address, tokens, after, until=lambda: None)
    assert after.refused == []
    assert after.finished == PEOPLE, "everybody came to the end of their queue"
    assert not set(after.offers) & set(written), "somebody was offered what they had voted on"
    left = Counter(dict.fromkeys(_reports(before, after), PLACES))
    left.subtract(report for _, report in written)
    given = Counter(report for _, report in after.offers)
    assert given == +left, "each report was given to as many people as had a place on it"
    assert Counter(after.votes) == Counter(after.offers)
    whole = _logged(pg_url)
    assert set(whole) == set(written) | set(after.votes)
    assert set(whole.values()) == {1}
    assert Counter(report for _, report in whole) == Counter(
        dict.fromkeys(_reports(before, after), PLACES)
    )


def _reports(*told: Told) -> set[str]:
    """Return every report that was offered: all of the review's, once people are done."""
    found = {report for one in told for _, report in one.offers}
    assert len(found) == RECORDS
    return found
