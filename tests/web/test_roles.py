"""Every route and API operation, walked by every role: who may what is ``RIGHTS``, read aloud.

A route without an entry fails here, so a new page has to say what right it needs. Who lacks the
right is refused with 403 and nothing is written; who has no part in the review gets the 404 of a
review that does not exist; a stranger is led to the log-in.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from tests.web.conftest import PRACTICE
from tests.web.test_team import BASE, Person, _invited

from tamis.app.people.permissions import ROLES, may
from tamis.web import WebSettings, create_app
from tamis.web.application import Workbench
from tamis.web.routing import ROUTES

#: Beside the table: nobody need be known; anybody who has come in; who owns the server.
ANYBODY, SIGNED_IN, KEEPER = "anybody", "signed in", "keeper"

_API = "/api/v1/reviews/{review}"
_STAGE = "/r/{review}/screen/{stage}"
_RESULT = "/r/{review}/appraisal/{tool}/{study}/{outcome}/{at}"
_AT_STAGE = f"{_API}/screening/{{stage}}"
_API_RESULT = f"{_API}/appraisal/{{tool}}/{{study}}/{{outcome}}/{{at}}"

#: Method and path of every route -> the right that it needs.
RIGHTS: dict[str, str] = {
    "GET /": SIGNED_IN,
    "POST /reviews": KEEPER,
    "POST /preferences": ANYBODY,
    "GET /log-in": ANYBODY,
    "POST /log-in": ANYBODY,
    "POST /log-out": SIGNED_IN,
    "GET /invitation/{token}": ANYBODY,
    "POST /invitation/{token}": ANYBODY,
    "GET /me": SIGNED_IN,
    "POST /me/password": SIGNED_IN,
    "POST /me/tokens": SIGNED_IN,
    "POST /me/tokens/revoke": SIGNED_IN,
    "GET /people.json": KEEPER,
    "GET /r/{review}/team": "read-report",
    "POST /r/{review}/team/invite": "manage-people",
    "POST /r/{review}/team/withdraw": "manage-people",
    "POST /r/{review}/team/{person}/role": "manage-people",
    "POST /r/{review}/team/{person}/reset": "manage-people",
    "POST /r/{review}/team/{person}/close": "manage-people",
    "POST /r/{review}/export.zip": "export",
    "GET /r/{review}": "read-report",
    "GET /r/{review}/next": "read-report",
    "GET /r/{review}/protocol": "read",
    "GET /r/{review}/protocol/edit/{section}": "edit-protocol",
    "GET /r/{review}/protocol/edit/{section}/{index}": "edit-protocol",
    "GET /r/{review}/protocol/new/{section}": "edit-protocol",
    "POST /r/{review}/protocol/edit/{section}": "edit-protocol",
    "POST /r/{review}/protocol/edit/{section}/{index}": "edit-protocol",
    "POST /r/{review}/protocol/new/{section}": "edit-protocol",
    "POST /r/{review}/protocol/remove/{section}/{index}": "edit-protocol",
    "POST /r/{review}/protocol/move/{index}": "edit-protocol",
    "GET /r/{review}/protocol/source": "edit-protocol",
    "POST /r/{review}/protocol/source": "edit-protocol",
    "POST /r/{review}/protocol/save": "edit-protocol",
    "GET /r/{review}/protocol/history": "read",
    "GET /r/{review}/protocol/registration": "read",
    "GET /r/{review}/protocol/registration.{form}": "read",
    "GET /r/{review}/imports": "read",
    "POST /r/{review}/imports": "import",
    "POST /r/{review}/imports/take": "import",
    "POST /r/{review}/imports/drop": "import",
    "GET /r/{review}/duplicates": "read",
    "GET /r/{review}/duplicates/merged": "read",
    "POST /r/{review}/duplicates/merged/{cluster}/split": "vote",
    "GET /r/{review}/duplicates/by-hand": "read",
    "GET /r/{review}/duplicates/compare": "read",
    "GET /r/{review}/duplicates/decided": "read",
    "GET /r/{review}/duplicates/related": "read",
    "GET /r/{review}/duplicates/rules": "read",
    "GET /r/{review}/duplicates/pair/{a}/{b}": "read",
    "POST /r/{review}/duplicates/pair/{a}/{b}": "vote",
    "POST /r/{review}/duplicates/undo": "vote",
    "GET /r/{review}/full-texts": "read",
    "POST /r/{review}/full-texts": "import",
    "POST /r/{review}/full-texts/drop": "import",
    "GET /r/{review}/full-texts/attach": "import",
    "POST /r/{review}/full-texts/attach": "import",
    "POST /r/{review}/full-texts/not-retrieved": "vote",
    "GET /r/{review}/documents/{document}": "read",
    "GET /r/{review}/documents/{document}/{page}.png": "read",
    f"GET {_STAGE}": "read",
    f"GET {_STAGE}/list": "read",
    f"POST {_STAGE}/filters": "vote",
    f"GET {_STAGE}/mentions": "read",
    f"GET {_STAGE}/history": "read",
    f"GET {_STAGE}/decisions.{{form}}": "read",
    f"GET {_STAGE}/previous": "read",
    f"POST {_STAGE}/undo": "vote",
    f"GET {_STAGE}/{{cluster}}": "read",
    f"POST {_STAGE}/{{cluster}}/back": "vote",
    f"POST {_STAGE}/{{cluster}}/vote": "vote",
    f"POST {_STAGE}/{{cluster}}/tags": "vote",
    f"POST {_STAGE}/{{cluster}}/tags/remove": "vote",
    "GET /r/{review}/words": "read",
    "POST /r/{review}/words/tags": "vote",
    "POST /r/{review}/words/terms": "vote",
    "GET /r/{review}/conflicts/{stage}": "read",
    "GET /r/{review}/conflicts/{stage}/{cluster}": "read",
    "POST /r/{review}/conflicts/{stage}/{cluster}/open": "open-blinding",
    "POST /r/{review}/conflicts/{stage}/{cluster}/settle": "settle",
    "GET /r/{review}/along": "read",
    "GET /r/{review}/along/copy.zip": "vote",
    "POST /r/{review}/along": "vote",
    "GET /r/{review}/agreement": "read",
    "GET /r/{review}/agreement/{stage}.csv": "read",
    "POST /r/{review}/agreement/{stage}/stage": "open-blinding",
    "POST /r/{review}/agreement/rounds": "edit-protocol",
    "POST /r/{review}/agreement/rounds/{round_id}/close": "edit-protocol",
    "GET /r/{review}/studies": "read",
    "POST /r/{review}/studies/link": "extract",
    "POST /r/{review}/studies/change": "extract",
    "POST /r/{review}/studies/move": "extract",
    "POST /r/{review}/studies/proposal": "extract",
    "POST /r/{review}/studies/proposal/back": "extract",
    "GET /r/{review}/extraction": "read",
    "GET /r/{review}/extraction/agreement": "read",
    "GET /r/{review}/extraction/{study}": "read",
    "GET /r/{review}/extraction/{study}/plot": "read",
    "GET /r/{review}/extraction/{study}/cell": "read",
    "POST /r/{review}/extraction/{study}/arms": "extract",
    "POST /r/{review}/extraction/{study}/record": "extract",
    "POST /r/{review}/extraction/{study}/accept": "extract",
    "POST /r/{review}/extraction/{study}/convert": "extract",
    "POST /r/{review}/extraction/{study}/seal": "extract",
    "POST /r/{review}/extraction/{study}/unseal": "extract",
    "GET /r/{review}/extraction/{study}/compare": "read",
    "POST /r/{review}/extraction/{study}/settle": "settle",
    "GET /r/{review}/appraisal": "read",
    "GET /r/{review}/appraisal/agreement": "read",
    "POST /r/{review}/appraisal/open": "open-blinding",
    f"GET {_RESULT}": "read",
    f"POST {_RESULT}": "appraise",
    f"POST {_RESULT}/accept": "appraise",
    f"POST {_RESULT}/open": "open-blinding",
    f"GET {_RESULT}/passages": "read",
    f"GET {_RESULT}/compare": "read",
    f"POST {_RESULT}/settle": "settle",
    "GET /r/{review}/certainty": "read",
    "GET /r/{review}/certainty/{body}": "read",
    "POST /r/{review}/certainty/{body}": "grade",
    "GET /r/{review}/claims": "read",
    "GET /r/{review}/claims/foreign": "read",
    "GET /r/{review}/claims/declared": "read",
    "POST /r/{review}/claims/check": "read",
    "POST /r/{review}/claims/save": "grade",
    "POST /r/{review}/claims/accept": "grade",
    "POST /r/{review}/claims/declared": "grade",
    "GET /r/{review}/results": "read-report",
    "GET /r/{review}/results/state": "read-report",
    "POST /r/{review}/results/build": "import",
    "GET /r/{review}/results/changes": "read-report",
    "POST /r/{review}/results/changes": "read-report",
    "GET /r/{review}/results/{name}": "read-report",
    "GET /r/{review}/activity": "read",
    "GET /api/v1/me": SIGNED_IN,
    "GET /api/v1/reviews": SIGNED_IN,
    "POST /api/v1/reviews": KEEPER,
    f"GET {_API}": "read",
    f"GET {_API}/protocol": "read",
    f"GET {_API}/protocol/history": "read",
    f"GET {_API}/protocol/registration": "read",
    f"GET {_API}/protocol/source": "edit-protocol",
    f"GET {_API}/protocol/parts/{{section}}": "edit-protocol",
    f"GET {_API}/protocol/parts/{{section}}/{{index}}": "edit-protocol",
    f"POST {_API}/protocol/parts/{{section}}": "edit-protocol",
    f"POST {_API}/protocol/parts/{{section}}/{{index}}": "edit-protocol",
    f"POST {_API}/protocol/parts/{{section}}/{{index}}/remove": "edit-protocol",
    f"POST {_API}/protocol/criteria/{{index}}/move": "edit-protocol",
    f"POST {_API}/protocol/propose": "edit-protocol",
    f"POST {_API}/protocol/save": "edit-protocol",
    f"GET {_API}/imports": "read",
    f"GET {_API}/imports/waiting": "read",
    f"POST {_API}/imports": "import",
    f"POST {_API}/imports/take": "import",
    f"POST {_API}/imports/drop": "import",
    f"GET {_API}/duplicates": "read",
    f"GET {_API}/duplicates/next": "read",
    f"GET {_API}/duplicates/pairs/{{a}}/{{b}}": "read",
    f"POST {_API}/duplicates/pairs/{{a}}/{{b}}": "vote",
    f"POST {_API}/duplicates/undo": "vote",
    f"GET {_API}/duplicates/merged": "read",
    f"POST {_API}/duplicates/merged/{{cluster}}/split": "vote",
    f"GET {_API}/duplicates/decided": "read",
    f"GET {_API}/duplicates/related": "read",
    f"GET {_API}/duplicates/search": "read",
    f"GET {_AT_STAGE}/next": "vote",
    f"GET {_AT_STAGE}/records": "read",
    f"GET {_AT_STAGE}/records/{{cluster}}": "read",
    f"POST {_AT_STAGE}/records/{{cluster}}/vote": "vote",
    f"POST {_AT_STAGE}/records/{{cluster}}/withdraw": "vote",
    f"POST {_AT_STAGE}/records/{{cluster}}/back": "vote",
    f"POST {_AT_STAGE}/records/{{cluster}}/tags": "vote",
    f"POST {_AT_STAGE}/records/{{cluster}}/tags/remove": "vote",
    f"POST {_AT_STAGE}/records/{{cluster}}/notes": "vote",
    f"POST {_AT_STAGE}/undo": "vote",
    f"GET {_AT_STAGE}/tags": "read",
    f"POST {_AT_STAGE}/tags": "vote",
    f"GET {_AT_STAGE}/highlights": "read",
    f"POST {_AT_STAGE}/highlights": "vote",
    f"GET {_AT_STAGE}/mentions": "read",
    f"GET {_AT_STAGE}/history": "read",
    f"GET {_AT_STAGE}/progress": "read",
    f"GET {_AT_STAGE}/decisions": "read",
    f"GET {_AT_STAGE}/agreement": "read",
    f"GET {_AT_STAGE}/rounds": "read",
    f"POST {_AT_STAGE}/rounds": "edit-protocol",
    f"POST {_AT_STAGE}/rounds/{{round_id}}/close": "edit-protocol",
    f"POST {_AT_STAGE}/close": "open-blinding",
    f"GET {_AT_STAGE}/conflicts": "read",
    f"GET {_AT_STAGE}/conflicts/{{cluster}}": "read",
    f"POST {_AT_STAGE}/conflicts/{{cluster}}": "settle",
    f"POST {_AT_STAGE}/conflicts/{{cluster}}/open": "open-blinding",
    f"GET {_API}/full-texts": "read",
    f"GET {_API}/full-texts/files": "read",
    f"POST {_API}/full-texts": "import",
    f"POST {_API}/full-texts/drop": "import",
    f"GET {_API}/full-texts/link": "import",
    f"POST {_API}/full-texts/attach": "import",
    f"POST {_API}/full-texts/not-retrieved": "vote",
    f"GET {_API}/documents/{{document}}/pages/{{page}}": "read",
    f"GET {_API}/studies": "read",
    f"POST {_API}/studies/link": "extract",
    f"POST {_API}/studies/change": "extract",
    f"POST {_API}/studies/move": "extract",
    f"GET {_API}/studies/proposals": "read",
    f"POST {_API}/studies/proposal": "extract",
    f"POST {_API}/studies/proposal/back": "extract",
    f"GET {_API}/extraction": "read",
    f"GET {_API}/extraction/agreement": "read",
    f"GET {_API}/extraction/{{study}}": "read",
    f"GET {_API}/extraction/{{study}}/form": "read",
    f"GET {_API}/extraction/{{study}}/candidates": "read",
    f"GET {_API}/extraction/{{study}}/conversions": "read",
    f"POST {_API}/extraction/{{study}}/arms": "extract",
    f"POST {_API}/extraction/{{study}}/record": "extract",
    f"POST {_API}/extraction/{{study}}/accept": "extract",
    f"POST {_API}/extraction/{{study}}/convert": "extract",
    f"POST {_API}/extraction/{{study}}/seal": "extract",
    f"POST {_API}/extraction/{{study}}/unseal": "extract",
    f"GET {_API}/extraction/{{study}}/compare": "read",
    f"POST {_API}/extraction/{{study}}/settle": "settle",
    f"GET {_API}/appraisal": "read",
    f"GET {_API}/appraisal/tools": "read",
    f"GET {_API}/appraisal/agreement": "read",
    f"POST {_API}/appraisal/open": "open-blinding",
    f"GET {_API_RESULT}": "read",
    f"POST {_API_RESULT}": "appraise",
    f"POST {_API_RESULT}/open": "open-blinding",
    f"GET {_API_RESULT}/passages": "read",
    f"GET {_API_RESULT}/compare": "read",
    f"POST {_API_RESULT}/settle": "settle",
    f"GET {_API}/certainty": "read",
    f"GET {_API}/certainty/{{body}}": "read",
    f"POST {_API}/certainty/{{body}}": "grade",
    f"POST {_API}/results/changes": "read-report",
    f"GET {_API}/claims": "read",
    f"POST {_API}/claims": "grade",
    f"POST {_API}/claims/check": "read",
    f"GET {_API}/claims/abstract": "read",
    f"POST {_API}/claims/abstract": "grade",
    f"POST {_API}/claims/accept": "grade",
    f"POST {_API}/claims/remove": "grade",
    f"GET {_API}/results": "read-report",
    f"POST {_API}/results/build": "import",
    f"GET {_API}/figures/{{name}}": "read-report",
    f"POST {_API}/export": "export",
    f"GET {_API}/activity": "read",
    f"GET {_API}/report/{{name}}": "read-report",
    f"GET {_AT_STAGE}/filters": "read",
    f"POST {_AT_STAGE}/filters": "vote",
    f"GET {_API}/along": "read",
    f"GET {_API}/along/copy": "vote",
    f"POST {_API}/along": "vote",
    f"GET {_API}/team": "read-report",
    f"GET {_API}/team/invitations": "manage-people",
    f"POST {_API}/team/invitations": "manage-people",
    f"POST {_API}/team/invitations/withdraw": "manage-people",
    f"POST {_API}/team/{{person}}/role": "manage-people",
    f"POST {_API}/team/{{person}}/reset": "manage-people",
    f"POST {_API}/team/{{person}}/close": "manage-people",
}


def _known() -> list[str]:
    """Return method and path of every route there is."""
    every = [route for router in ROUTES for route in router.routes]
    return [
        f"{method} {route.path}"
        for route in every
        if isinstance(route, APIRoute)
        for method in sorted(route.methods - {"HEAD"})
    ]


#: The routes that need a right in a review, those of the pages before those of programs.
OF_REVIEWS = [name for name, right in RIGHTS.items() if right not in (ANYBODY, SIGNED_IN, KEEPER)]


class _NoJobs:
    """Takes the work that would run beside the requests, and does none of it."""

    def start(self, *args: object, **more: object) -> None:
        """Begin nothing."""

    def get(self, name: str) -> None:
        """Know of nothing."""


@dataclass
class _Served:
    app: Workbench
    people: dict[str, Person]
    token: dict[str, str]

    def ask(self, route: str, role: str) -> Any:
        """Ask a route as one role, with the token of its forms and nothing filled in."""
        method, _, path = route.partition(" ")
        client = self.people[role].client
        address = self._filled(path)
        if method == "GET":
            return client.get(address, follow_redirects=False)
        token = self.token[role]
        if path.startswith("/api/"):
            headers = {"X-CSRF-Token": token}
            return client.post(address, json=_BODIES.get(route, {}), headers=headers)
        return client.post(address, data={"csrf": token}, follow_redirects=False)

    def _filled(self, path: str) -> str:
        cluster = next(iter(self.app.shelf.open("practice").clusters))
        values = {
            "review": "practice", "stage": "title-abstract", "cluster": cluster, "form": "csv",
            "name": "report.html", "round_id": "calibration-1", "person": "p-nobody",
            "index": "0", "page": "1", "section": "question", "token": "x" * 43,
        }  # fmt: skip
        return re.sub(r"\{(\w+)(?::\w+)?\}", lambda m: values.get(m[1], "x"), path)

    @property
    def count(self) -> int:
        """How many events the log has."""
        return self.app.shelf.open("practice").state.count


#: What a request of a program must hold before it is asked who sends it.
_BODIES = {f"POST {_AT_STAGE}/conflicts/{{cluster}}": {"decision": "include", "reason": "said"}}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[_Served]:
    folder = tmp_path_factory.mktemp("roles")
    for name in ("practice", "elsewhere"):
        shutil.copytree(PRACTICE, folder / name)
    app = create_app(WebSettings(folder=folder, team=True))
    app.framework.state.jobs = _NoJobs()
    assert app.team is not None
    first = app.team.people.open_setup()
    assert first is not None
    keeper = Person(app)
    keeper.come_in(f"{BASE}/invitation/{first.token}", "Kay Keeper")
    names = {"owner": "Oda Owner", "methodologist": "Mo Methods", "reviewer": "Bo Reviewer",
             "guest": "Gus Guest"}  # fmt: skip
    people = {role: _invited(app, keeper, role, name) for role, name in names.items()}
    people["keeper"] = keeper
    page = keeper.post("/r/elsewhere/team/invite", {"role": "owner"}, see="/r/elsewhere/team")
    link = re.search(r'value="(http[^"]+/invitation/[^"]+)"', page)
    assert link
    people["outsider"] = Person(app)
    people["outsider"].come_in(link[1], "Otto Outsider")
    people["stranger"] = Person(app)
    token = {role: _token(person.client) for role, person in people.items()}
    yield _Served(app, people, token)
    app.close()


def _token(client: TestClient) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', client.get("/").text)
    assert found
    return found[1]


def test_every_route_has_an_entry_and_every_entry_is_a_route() -> None:
    assert sorted(set(_known()) - set(RIGHTS)) == [], "say in RIGHTS what these need"
    assert sorted(set(RIGHTS) - set(_known())) == []


@pytest.mark.parametrize("role", [*ROLES])
def test_who_lacks_the_right_is_refused_and_nothing_is_written(served: _Served, role: str) -> None:
    before = served.count
    denied = [route for route in OF_REVIEWS if not may(role, RIGHTS[route])]
    assert denied or role == "owner"
    found = {route: served.ask(route, role).status_code for route in denied}
    assert {route: code for route, code in found.items() if code != 403} == {}
    assert served.count == before


def test_who_has_the_right_is_not_refused(served: _Served) -> None:
    """The lowest role that may is asked: the roles above it may all that it may."""
    refused = {}
    for route in OF_REVIEWS:
        role = next(role for role in reversed(ROLES) if may(role, RIGHTS[route]))
        answer = served.ask(route, role)
        if answer.status_code in (401, 403) or answer.status_code >= 500:
            refused[route] = answer.status_code
    assert refused == {}


def test_an_outsider_is_told_of_no_review_whatever_is_asked(served: _Served) -> None:
    found = {route: served.ask(route, "outsider") for route in OF_REVIEWS}
    assert {route: a.status_code for route, a in found.items() if a.status_code != 404} == {}
    assert not [route for route, answer in found.items() if "Velorimab" in answer.text]


def test_a_stranger_reaches_the_log_in_and_nothing_else(served: _Served) -> None:
    for route, right in RIGHTS.items():
        if right == ANYBODY:
            continue
        answer = served.ask(route, "stranger")
        led = answer.status_code == 303 and answer.headers["location"].startswith("/log-in")
        assert led or answer.status_code in (401, 403), (route, answer.status_code)


def test_what_the_keeper_of_the_server_may_is_refused_to_an_owner_of_one_review(
    served: _Served,
) -> None:
    kept = [route for route, right in RIGHTS.items() if right == KEEPER]
    assert {route: served.ask(route, "owner").status_code for route in kept} == dict.fromkeys(
        kept, 403
    )
    assert {served.ask(route, "keeper").status_code for route in kept} == {200, 422}


def test_a_guest_is_shown_the_report_and_no_other_step(served: _Served) -> None:
    client = served.people["guest"].client
    answer = client.get("/r/practice", follow_redirects=False)
    assert answer.headers["location"] == "/r/practice/results"
    page = client.get("/r/practice/results").text
    assert "/r/practice/screen" not in page
    assert "/results/build" not in page
    assert client.get("/r/practice/next").text == ""
