"""Every form of the workbench, sent empty and half filled: none is a dead end, nothing is lost.

The forms are found by walking the pages, of each kind of page one: the practice review finished,
one that is being screened with files and conflicts waiting, the accounts of a team's server. A form
is answered by another page, or it comes back with a notice and with what was typed in it. Only what
a browser itself refuses to send (a field that is ``required``) may end on the page of an error, and
that one leads back and shows what was typed.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from fastapi.testclient import TestClient
from lxml import html
from lxml.html import HtmlElement
from tests.web.conftest import INPUTS, PRACTICE, Workbench
from tests.web.fresh_review import ris
from tests.web.test_team import BASE, Person

from tamis.app.desk.desk import Desk
from tamis.domain.kinds import KINDS
from tamis.domain.question import Protocol
from tamis.web import WebSettings, create_app
from tamis.web.words import words

EN = words("en")

#: What is typed into a field of text: it has to stand in the page that comes back.
TYPED = "typed by hand 7"

#: Forms with nothing to fill in that end the walk or take long.
LEFT_OUT = re.compile(r"/log-out\Z|/results/build\Z")

_TEXT = ("", "text", "search")
_WRITTEN = (*_TEXT, "date", "number", "email", "password", "url")


# ------------------------------------------------------------------ what a browser sees
@dataclass(frozen=True)
class Sheet:
    """A form: the page it stands on, where it leads, its fields, those one types in, its buttons.

    ``needed`` are fields without which a browser does not send it.
    """

    page: str
    action: str
    fields: tuple[tuple[str, str], ...]
    typing: tuple[str, ...]
    needed: frozenset[str]
    files: bool
    buttons: tuple[tuple[str, str], ...]

    @property
    def kind(self) -> tuple[object, ...]:
        """What tells it from other forms, but for the names of things."""
        names = tuple(sorted({name.partition(".")[0] for name, _ in self.fields}))
        return _bare(self.action), names, tuple(sorted({name for name, _ in self.buttons}))


def sheets(page: str, text: str) -> Iterator[Sheet]:
    """Yield the forms of a page that change something."""
    whole = html.fromstring(text)
    for form in whole.iter("form"):
        if (form.get("method") or "").lower() != "post":
            continue
        own = [*_of(form, whole)]
        inputs = [one for one in own if one.tag != "button" and one.get("name")]
        buttons = [
            one
            for one in own
            if one.tag == "button"
            and one.get("type", "submit") == "submit"
            and one.get("disabled") is None
        ]
        typing = [one.get("name", "") for one in inputs if _is_written(one, _TEXT)]
        yield Sheet(
            page=page,
            action=urljoin(page, form.get("action") or page),
            fields=tuple(_sent(inputs)),
            typing=tuple(dict.fromkeys(typing)),
            needed=frozenset(
                one.get("name", "") for one in inputs if one.get("required") is not None
            ),
            files=any(one.get("type") == "file" for one in inputs),
            buttons=tuple((b.get("name") or "", b.get("value") or "") for b in buttons)[:3]
            or (("", ""),),
        )


def _of(form: HtmlElement, whole: HtmlElement) -> Iterator[HtmlElement]:
    """Yield the controls of a form: those in it, and those elsewhere that name it."""
    for one in whole.iter("input", "select", "textarea", "button"):
        named = one.get("form")
        if named == form.get("id") if named else form in one.iterancestors("form"):
            yield one


def _is_written(one: HtmlElement, kinds: Sequence[str]) -> bool:
    written = one.tag == "textarea" or (one.tag == "input" and one.get("type", "") in kinds)
    return written and one.get("hidden") is None


def _sent(inputs: Sequence[HtmlElement]) -> Iterator[tuple[str, str]]:
    """Yield what a browser sends of a form in which nothing is typed."""
    for one in inputs:
        name, kind = one.get("name") or "", one.get("type") or ""
        ticked = kind in ("checkbox", "radio") and one.get("checked") is not None
        if _is_written(one, _WRITTEN):
            yield name, ""
        elif one.tag == "select":
            chosen = [o.get("value") for o in one.iter("option") if o.get("selected") is not None]
            first = [o.get("value") for o in one.iter("option")]
            yield name, str((chosen or first or [""])[0] or "")
        elif kind == "hidden" or ticked:
            yield name, one.get("value") or ""


# ------------------------------------------------------------------ the walk
def walk(client: TestClient, first: str, named: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Yield the pages that links lead to, one of each kind of address."""
    waiting, kinds = [first], {_bare(first, named)}
    while waiting:
        path = waiting.pop(0)
        answer = client.get(path)
        absent = "/documents/" in path  # the papers of an example are not shipped in its folder
        assert answer.status_code == (404 if absent else 200), path
        if absent or "text/html" not in answer.headers.get("content-type", ""):
            continue
        yield path, answer.text
        for link in html.fromstring(answer.text).iter("a"):
            to = urlsplit(urljoin(path, link.get("href") or ""))
            kind = _bare(to.path, named)
            inside = not to.netloc and not re.search(r"\.\w{2,7}\Z|/static/", to.path)
            if inside and kind not in kinds:
                kinds.add(kind)
                waiting.append(to.path + (f"?{to.query}" if to.query else ""))


def _bare(path: str, named: frozenset[str] = frozenset()) -> str:
    """Return an address without the names of things in it."""
    return "/".join(
        "#" if part in named or re.search(r"[\d%:]", part) else part for part in path.split("/")
    )


def names_in(plan: Protocol) -> frozenset[str]:
    """Return the ids of a protocol that stand in addresses."""
    outcomes, bodies = (one.id for one in plan.outcomes), (one.id for one in plan.bodies)
    return frozenset((*outcomes, *bodies, *(one.id for one in plan.visits)))


# ------------------------------------------------------------------ what has to hold
def is_dead_end(page: str) -> bool:
    """Tell whether a page is that of an error."""
    return f"<h1>{EN['failures.title']}</h1>" in page


def send(client: TestClient, sheet: Sheet, told: dict[str, str]) -> tuple[int, str]:
    """Send a form as the browser that shows it; return the status and the page that one sees."""
    files = {"nothing": ("", b"")} if sheet.files else None
    came = {"referer": f"http://127.0.0.1:8765{sheet.page}"}
    answer = client.post(sheet.action, data=told, files=files, headers=came)
    return answer.status_code, answer.text


def trouble(sheet: Sheet, told: dict[str, str], status: int, page: str) -> str:
    """Return what is wrong with an answer; empty where nothing is.

    What is not there any more (404), because it was done before, leads back too.
    """
    kept = [name for name in sheet.typing if told.get(name) == TYPED]
    if status >= 500:
        return "broken"
    if is_dead_end(page):
        if status != 404 and all(told.get(name) for name in sheet.needed):
            return "dead end"
        if "data-back" not in page:
            return "no way back"
    if status >= 400 and page.count(TYPED) < len(kept):
        return "what was typed is lost"
    return ""


def troubles(client: TestClient, first: str, named: frozenset[str]) -> tuple[list[str], int]:
    """Send every form that a walk comes to; return what is wrong, and how many forms there were."""
    found, seen = [], set()
    for path, text in [*walk(client, first, named)]:
        for sheet in sheets(path, text):
            if sheet.kind in seen or LEFT_OUT.search(sheet.action):
                continue
            seen.add(sheet.kind)
            for typed in (False, True):
                for name, value in sheet.buttons:
                    told = dict(sheet.fields) | ({name: value} if name else {})
                    told |= dict.fromkeys(sheet.typing, TYPED) if typed else {}
                    wrong = trouble(sheet, told, *send(client, sheet, told))
                    if wrong:
                        found.append(f"{wrong}: {path} -> {sheet.action} {name}={value} {typed=}")
    return found, len(seen)


@pytest.mark.slow
def test_every_form_of_a_finished_review(practice: Workbench) -> None:
    practice.become("p-methods")
    named = names_in(practice.live.protocol)
    found, forms = troubles(practice.client, "/r/practice", named)
    assert found == []
    assert forms > 30


@pytest.mark.slow
def test_every_form_while_files_and_conflicts_wait(screening: Workbench) -> None:
    desk = screening.live.part(Desk)
    first, other = list(screening.live.clusters)[:2]
    for person, decision in (("p-rev-a", "include"), ("p-rev-b", "exclude")):
        desk.vote(person, "title-abstract", first, decision)
        desk.vote(person, "title-abstract", other, "include")
    screening.become("p-methods")
    screening.post("/imports", files=[("files", ("mine.ris", ris("TI=Another|PY=2020")))])
    paper = Path(INPUTS / "documents" / "alder2019.pdf").read_bytes()
    screening.post("/full-texts", files=[("files", ("a.pdf", paper))])
    named = names_in(screening.live.protocol)
    found, forms = troubles(screening.client, "/r/screening", named)
    assert found == []
    assert forms > 30


def test_every_form_of_the_accounts(tmp_path: Path) -> None:
    shutil.copytree(PRACTICE, tmp_path / "practice")
    app = create_app(WebSettings(folder=tmp_path, team=True))
    assert app.team is not None
    invited = app.team.people.open_setup()
    assert invited is not None
    owner = Person(app)
    owner.come_in(f"{BASE}/invitation/{invited.token}", "Ann Owner")
    for first in ("/me", "/r/practice/team", "/log-in"):
        page = owner.client.get(first).text
        for sheet in sheets(first, page):
            if LEFT_OUT.search(sheet.action):
                continue
            for typed in ("", TYPED):
                told = dict(sheet.fields) | dict.fromkeys(sheet.typing, typed)
                assert not trouble(sheet, told, *send(owner.client, sheet, told)), sheet


def test_a_review_without_criteria_says_what_an_exclusion_needs(screening: Workbench) -> None:
    """At full text an exclusion has a reason; where no list gives one, in one's own words."""
    text = (screening.folder / "review.toml").read_text(encoding="utf-8")
    bare = re.sub(r"(?ms)^\[\[criterion\]\].*?(?=^\[|\Z)", "", text)
    (screening.folder / "review.toml").write_text(bare, encoding="utf-8")
    screening.live.refresh()
    desk = screening.live.part(Desk)
    card = desk.next("p-rev-a", "title-abstract")
    assert card is not None
    page = screening.get(f"/screen/title-abstract/{card.cluster}").text
    assert 'data-action="exclude" data-key="e"' in page
    assert EN["screening.add_criterion"] in page
    for person in ("p-rev-a", "p-rev-b"):
        desk.vote(person, "title-abstract", card.cluster, "include")
    path = f"/screen/full-text/{card.cluster}"
    assert 'data-action="exclude" data-key="e"' in screening.get(path).text
    empty = screening.post(f"{path}/vote", {"decision": "exclude", "note": TYPED})
    assert empty.status_code == 422
    assert TYPED in empty.text
    assert EN["screening.own_reason"] in empty.text
    screening.post(f"{path}/vote", {"decision": "exclude", "own_reason": "no trial"})
    last = [v for v in screening.live.state.votes.values() if v.stage == "full-text"]
    assert [(v.decision, v.reason) for v in last] == [("exclude", "no trial")]


def test_every_kind_of_event_has_its_word() -> None:
    for name in KINDS.by_name:
        assert f"results.kind_{name.rpartition('.')[0]}" in EN, name
