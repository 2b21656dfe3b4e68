"""Whatever a page lets people do, the JSON lets their programs do, within the same limits."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from tests.web.conftest import PRACTICE, Workbench

from tamis.app.people.team import open_team
from tamis.web import WebSettings, create_app
from tamis.web.routing import ROUTES

BASE = "http://127.0.0.1:8765"

#: Doors of pages that programs have no counterpart of, and why.
PAGES_ONLY: Mapping[str, str] = {
    "/log-in": "a program has a token",
    "/log-out": "a program has a token",
    "/invitation/{token}": "an account is made by a person, with a password",
    "/me/password": "a program never changes its person's password",
    "/me/tokens": "a token makes no other tokens",
    "/me/tokens/revoke": "a token locks nobody out",
    "/preferences": "language and colours of pages",
}

_R, _A = "/r/{review}", "/api/v1/reviews/{review}"
_AT = f"{_A}/screening/{{stage}}"
_RESULT = "{tool}/{study}/{outcome}/{at}"

#: Door of a page -> the door of programs that does the same, where it is called otherwise.
CALLED: Mapping[str, str] = {
    "/reviews": "/api/v1/reviews",
    f"{_R}/agreement/rounds": f"{_AT}/rounds",
    f"{_R}/agreement/rounds/{{round_id}}/close": f"{_AT}/rounds/{{round_id}}/close",
    f"{_R}/agreement/{{stage}}/stage": f"{_AT}/close",
    f"{_R}/appraisal/{_RESULT}/accept": f"{_A}/appraisal/{_RESULT}",  # its `accept`
    f"{_R}/claims/declared": f"{_A}/claims",
    f"{_R}/claims/save": f"{_A}/claims/abstract",
    f"{_R}/conflicts/{{stage}}/{{cluster}}/open": f"{_AT}/conflicts/{{cluster}}/open",
    f"{_R}/conflicts/{{stage}}/{{cluster}}/settle": f"{_AT}/conflicts/{{cluster}}",
    f"{_R}/duplicates/pair/{{a}}/{{b}}": f"{_A}/duplicates/pairs/{{a}}/{{b}}",
    f"{_R}/export.zip": f"{_A}/export",
    f"{_R}/protocol/edit/{{section}}": f"{_A}/protocol/parts/{{section}}",
    f"{_R}/protocol/edit/{{section}}/{{index}}": f"{_A}/protocol/parts/{{section}}/{{index}}",
    f"{_R}/protocol/move/{{index}}": f"{_A}/protocol/criteria/{{index}}/move",
    f"{_R}/protocol/new/{{section}}": f"{_A}/protocol/parts/{{section}}",
    f"{_R}/protocol/remove/{{section}}/{{index}}":
        f"{_A}/protocol/parts/{{section}}/{{index}}/remove",
    f"{_R}/protocol/source": f"{_A}/protocol/propose",
    f"{_R}/team/invite": f"{_A}/team/invitations",
    f"{_R}/team/withdraw": f"{_A}/team/invitations/withdraw",
    f"{_R}/words/tags": f"{_AT}/tags",
    f"{_R}/words/terms": f"{_AT}/highlights",
}  # fmt: skip


def _doors() -> tuple[list[str], set[str]]:
    """Return the paths that change something: those of pages, those of programs."""
    paths = [
        route.path
        for router in ROUTES
        for route in router.routes
        if isinstance(route, APIRoute) and "POST" in route.methods
    ]
    api = {path for path in paths if path.startswith("/api/")}
    return [path for path in paths if path not in api], api


def _door_of(page: str) -> str:
    """Return the door of programs for a door of a page: most are called the same."""
    if page in CALLED:
        return CALLED[page]
    screening = f"{_R}/screen/{{stage}}/"
    if page.startswith(f"{screening}{{cluster}}/"):
        return page.replace(f"{screening}{{cluster}}/", f"{_AT}/records/{{cluster}}/")
    return page.replace(screening, f"{_AT}/").replace(f"{_R}/", f"{_A}/")


def test_every_use_case_of_the_pages_has_a_door_for_programs() -> None:
    pages, api = _doors()
    assert len(pages) > 50
    lacking = [p for p in pages if p not in PAGES_ONLY and _door_of(p) not in api]
    assert lacking == []
    assert not {*PAGES_ONLY, *CALLED} - {*pages}, "a door that is no more"
    assert not [page for page in CALLED if page in PAGES_ONLY]


# ------------------------------------------------------------ what a token opens
PASSWORD = "correct horse battery"


@pytest.fixture
def program(tmp_path: Path) -> Any:
    """A client that is asked ``program(method, path, scopes)`` as the owner's program."""
    shutil.copytree(PRACTICE, tmp_path / "practice")
    settings = WebSettings(folder=tmp_path, team=True)
    app = create_app(settings)
    team = open_team(settings.accounts)
    person = team.people.set_up("Ann", PASSWORD)
    visitor = team.sign_in.visitor(team.sign_in.log_in(person, PASSWORD).token)
    assert visitor is not None
    client = TestClient(app, base_url=BASE)

    def ask(method: str, path: str, *scopes: str, **more: Any) -> Any:
        name = "-".join((str(len(team.sign_in.tokens(visitor))), "token"))
        token = team.sign_in.make_token(visitor, name, list(scopes))
        headers = {"authorization": f"Bearer {token}", "accept": "text/html,application/json"}
        return client.request(method, path, headers=headers, follow_redirects=False, **more)

    yield ask
    app.close()
    team.close()


@pytest.mark.parametrize("path", ["/", "/me", "/r/practice", "/r/practice/team",
                                  "/r/practice/screen/title-abstract/list"])  # fmt: skip
def test_a_token_opens_no_page(program: Any, path: str) -> None:
    answer = program("GET", path, "read", "manage-people")
    assert answer.status_code == 403
    assert "token" in answer.text
    assert "Your account" not in answer.text


def test_a_token_changes_nothing_through_a_page(program: Any) -> None:
    answer = program("POST", "/me/tokens/revoke", "read", "export", data={"name": "0-token"})
    assert answer.status_code == 403
    assert program("GET", "/api/v1/reviews", "read").status_code == 200


def test_a_program_manages_people_with_the_right_to(program: Any) -> None:
    team = "/api/v1/reviews/practice/team"
    assert program("GET", f"{team}/invitations", "read").status_code == 403
    made = program("POST", f"{team}/invitations", "manage-people", json={"role": "guest"})
    assert "/invitation/" in made.json()["link"]
    (one,) = program("GET", f"{team}/invitations", "manage-people").json()
    assert one["role"] == "guest"
    assert one["id"] not in made.json()["link"]
    left = program("POST", f"{team}/invitations/withdraw", "manage-people", json={"id": one["id"]})
    assert left.json() == []
    last = program("POST", f"{team}/p-ann/role", "manage-people", json={"role": "guest"})
    assert last.status_code in (403, 409)
    assert [m["person"] for m in program("GET", team, "read-report").json()] == ["p-ann"]


# ------------------------------------------------------------ what may be sent
def _bomb() -> bytes:
    """An archive of a few kilobytes that would swell to 64 MB."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("tamis-pack.json", "{}")
        for n in range(4):
            archive.writestr(f"{n}.ris", bytes(2**24))
    return buffer.getvalue()


#: Upload of a page, that of programs, name of the field.
UPLOADS = (
    ("/r/screening/imports", "/api/v1/reviews/screening/imports", "files"),
    ("/r/screening/full-texts", "/api/v1/reviews/screening/full-texts", "files"),
    ("/r/screening/along", "/api/v1/reviews/screening/along", "file"),
)


def test_every_door_that_takes_files_is_tried_below() -> None:
    found = {
        route.path
        for router in ROUTES
        for route in router.routes
        if isinstance(route, APIRoute) and "POST" in route.methods
        if any("UploadFile" in str(p.field_info.annotation) for p in route.dependant.body_params)
    }
    tried = {path.replace("/screening", "/{review}") for *paths, _ in UPLOADS for path in paths}
    assert found == {*tried, "/reviews"}  # a program starts a review, then sends its files


@pytest.mark.parametrize(("page", "api", "field"), UPLOADS)
def test_programs_send_no_more_than_pages(
    screening: Workbench, page: str, api: str, field: str
) -> None:
    token, before = screening.token(), screening.live.state.count
    app: Any = screening.client.app
    limit = app.framework.state.settings.upload_limit
    for path in (page, api):
        headers = {
            "X-CSRF-Token": token,
            "content-type": "multipart/form-data; boundary=x",
            "content-length": str(limit + 1),
        }
        told = screening.client.post(path, content=b"x", headers=headers)
        assert told.status_code == 413, path
    for path in (page, api):
        sent = {field: ("a.zip", _bomb(), "application/zip")}
        answer = screening.client.post(path, files=sent, headers={"X-CSRF-Token": token})
        assert answer.status_code in (200, 422), (path, answer.text)
        if path == api:
            told = answer.json()
            assert answer.status_code == 422 or told["turned_away"]
    assert screening.live.state.count == before


def test_a_program_takes_its_part_along_and_brings_it_back(screening: Workbench) -> None:
    along, head = "/api/v1/reviews/screening/along", {"X-CSRF-Token": screening.token()}
    assert screening.client.get(along).json()["events"] > 1
    copy = screening.client.get(f"{along}/copy").content
    back = screening.client.post(along, files={"file": ("c.zip", copy)}, headers=head)
    assert back.json() == {"events": 0, "verdicts": 0}


def test_a_program_keeps_a_search(screening: Workbench) -> None:
    at = "/api/v1/reviews/screening/screening/title-abstract/filters"
    head = {"X-CSRF-Token": screening.token()}
    kept = screening.client.post(at, json={"name": "trials", "query": "q=trial"}, headers=head)
    assert [one["name"] for one in kept.json()] == ["trials"]
    gone = screening.client.post(at, json={"name": "trials", "query": ""}, headers=head)
    assert gone.json() == screening.client.get(at).json() == []


@pytest.mark.parametrize("name", ["con", "aux", "nul", "com1", "lpt9", "CON", "con.", "a.", "a b"])
def test_a_review_has_a_name_that_every_system_can_hold(screening: Workbench, name: str) -> None:
    head = {"X-CSRF-Token": screening.token()}
    told = screening.client.post(
        "/api/v1/reviews", json={"title": "A question", "name": name}, headers=head
    )
    assert told.status_code == 422
    assert not (screening.folder.parent / name).exists()


def test_a_title_that_is_a_device_gives_another_name(screening: Workbench) -> None:
    head = {"X-CSRF-Token": screening.token()}
    made = screening.client.post("/api/v1/reviews", json={"title": "Aux."}, headers=head)
    assert made.json()["name"] == "aux-review"
