"""A team's server: first owner, invitations, roles, log-in, log-out; strangers reach nothing."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from tests.web.conftest import PRACTICE, Look, unmasked
from tests.web.fresh_review import ris

from tamis.app.import_upload import NEW
from tamis.app.people.team import open_team
from tamis.domain.canonical import sha256_hex
from tamis.web import WebSettings, create_app
from tamis.web.application import Workbench
from tamis.web.words import words

EN = words("en")
BASE = "http://127.0.0.1:8765"
PASSWORD = "correct horse battery"


class Person:
    """One person's browser on a team's server."""

    def __init__(self, app: Workbench) -> None:
        self.client = TestClient(app, base_url=BASE, headers={"accept": "text/html"})

    def post(self, path: str, data: dict[str, str] | None = None, *, see: str = "/log-in") -> str:
        """Send a form that stands on the page ``see``; return the page that follows."""
        found = re.search(r'name="csrf" value="([^"]+)"', self.client.get(see).text)
        assert found
        answer = self.client.post(path, data={"csrf": found[1], **(data or {})})
        return str(answer.text)

    def come_in(self, link: str, name: str) -> str:
        """Accept an invitation."""
        path = link.removeprefix(BASE)
        return self.post(path, {"name": name, "password": PASSWORD}, see=path)


@pytest.fixture
def app(tmp_path: Path) -> Workbench:
    shutil.copytree(PRACTICE, tmp_path / "practice")
    return create_app(WebSettings(folder=tmp_path, team=True))


@pytest.fixture
def owner(app: Workbench) -> Person:
    assert app.team is not None
    first = app.team.people.open_setup()
    assert first is not None
    person = Person(app)
    person.come_in(f"{BASE}/invitation/{first.token}", "Ann Owner")
    return person


def _invited(app: Workbench, owner: Person, role: str, name: str) -> Person:
    page = owner.post("/r/practice/team/invite", {"role": role}, see="/r/practice/team")
    link = re.search(r'value="(http[^"]+/invitation/[^"]+)"', page)
    assert link
    person = Person(app)
    person.come_in(link[1], name)
    return person


def test_a_stranger_is_led_to_the_log_in_and_learns_nothing(app: Workbench) -> None:
    client = TestClient(app, base_url=BASE, headers={"accept": "text/html"})
    for path in ("/", "/r/practice", "/r/practice/screen/title-abstract", "/me", "/people.json"):
        answer = client.get(path, follow_redirects=False)
        assert answer.status_code == 303, path
        assert answer.headers["location"].startswith("/log-in"), path
    assert client.get("/api/openapi.json", headers={"accept": "*/*"}).status_code == 401


def test_the_first_owner_sees_every_review(owner: Person) -> None:
    assert "Velorimab" in owner.client.get("/").text


def test_an_invited_reviewer_comes_in_and_the_log_knows(app: Workbench, owner: Person) -> None:
    reviewer = _invited(app, owner, "reviewer", "Bo Reviewer")
    page = reviewer.client.get("/r/practice").text
    assert "Velorimab" in page
    assert app.shelf.open("practice").state.members["p-bo-reviewer"] == ("reviewer",)


def test_who_has_no_part_in_a_review_does_not_learn_that_it_exists(
    app: Workbench, owner: Person, tmp_path: Path
) -> None:
    shutil.copytree(PRACTICE, tmp_path / "secret-review")
    reviewer = _invited(app, owner, "reviewer", "Bo Reviewer")
    here, nowhere = (reviewer.client.get(f"/r/{name}") for name in ("secret-review", "nothing"))
    assert here.status_code == nowhere.status_code == 404
    assert "secret-review" not in reviewer.client.get("/").text


def test_a_guest_may_not_vote_and_a_reviewer_may_not_invite(app: Workbench, owner: Person) -> None:
    guest = _invited(app, owner, "guest", "Gus Guest")
    before = app.shelf.open("practice").state.count
    cluster = next(iter(app.shelf.open("practice").clusters))
    before = app.shelf.open("practice").state.count
    path = f"/r/practice/screen/title-abstract/{cluster}/vote"
    assert EN["failures.forbidden"] in guest.post(path, {"decision": "include"}, see="/me")
    reviewer = _invited(app, owner, "reviewer", "Bo Reviewer")
    page = reviewer.post("/r/practice/team/invite", {"role": "owner"}, see="/me")
    assert EN["base.notice_error"] in page
    assert len(app.shelf.open("practice").state.votes) == len(
        [v for v in app.shelf.open("practice").state.votes.values() if v.reviewer != "p-gus-guest"]
    )
    assert app.shelf.open("practice").state.count == before + 1  # Bo's coming in, and no more


def test_a_wrong_password_says_nothing_of_what_was_wrong(app: Workbench, owner: Person) -> None:
    del owner
    pages = []
    for name in ("ann-owner", "nobody-at-all"):
        person = Person(app)
        form = {"name": name, "password": "wrong password here"}
        page = unmasked(person.post("/log-in", form))
        pages.append(page.replace(f'value="{name}"', ""))
    assert pages[0] == pages[1]
    assert EN["base.notice_error"] in pages[0]


def test_log_out_ends_the_session(app: Workbench, owner: Person) -> None:
    owner.post("/log-out", see="/me")
    assert EN["entry.log_in"] in owner.client.get("/").text


@pytest.mark.parametrize("token", ["", "AAAA", "x" * 86])
def test_a_form_without_its_token_is_refused(owner: Person, token: str) -> None:
    answer = owner.client.post("/r/practice/team/invite", data={"csrf": token, "role": "guest"})
    assert answer.status_code == 403


def test_a_form_from_another_site_is_refused(owner: Person) -> None:
    answer = owner.client.post("/log-out", data={}, headers={"origin": "https://elsewhere.example"})
    assert answer.status_code == 403


def test_a_foreign_name_of_this_server_is_refused(app: Workbench) -> None:
    client = TestClient(app, base_url="http://rebound.example")
    assert client.get("/log-in").status_code == 400


@pytest.mark.needs("chromium")
def test_the_pages_of_people_are_clean_in_a_browser(
    tmp_path: Path, serve_folder: Callable[..., str], look: Callable[..., Look]
) -> None:
    shutil.copytree(PRACTICE, tmp_path / "practice")
    settings = WebSettings(folder=tmp_path, team=True)
    first = open_team(settings.accounts).people.open_setup()
    assert first is not None
    seen = look(serve_folder(tmp_path, team=True), language="zh-CN", width=390)
    page = seen.go(f"/invitation/{first.token}")
    assert seen.violations() == []
    page.fill("input[name=name]", "Li Wei")
    page.fill("input[name=log_in]", "li-wei")
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{seen.address}/")
    for path in ("/", "/r/practice/team", "/me"):
        seen.go(path)
        assert seen.violations() == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
    assert seen.complaints == []


def test_a_reviewer_imports_into_the_sources_there_are_and_names_none(
    app: Workbench, owner: Person
) -> None:
    reviewer = _invited(app, owner, "reviewer", "Bob Reviewer")
    imports = "/r/practice/imports"
    data = ris("TI=Another|PY=2020")
    found = re.search(r'name="csrf" value="([^"]+)"', reviewer.client.get(imports).text)
    assert found
    token = {"csrf": found[1]}
    reviewer.client.post(imports, data=token, files=[("files", ("a.ris", data))])
    page = reviewer.client.get(imports).text
    assert "a.ris" in page
    assert f'value="{NEW}"' not in page
    assert 'list="databases"' not in page
    told = {f"source.{sha256_hex(data)}": NEW, f"database.{sha256_hex(data)}": "Scopus II"}
    answer = reviewer.client.post(f"{imports}/take", data={**token, **told})
    assert answer.status_code == 403
    live = app.shelf.open("practice")
    assert "Scopus II" not in {source.database for source in live.protocol.sources}
