"""Claims in the browser: checked while one writes, taken over, accepted, written by form."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.web.conftest import Look, Workbench

from tamis.domain.canonical import sha256_hex
from tamis.web.words import words

EN, ZH = words("en"), words("zh")
PART = {"HX-Request-Type": "partial"}
BOLD = "Velorimab reduces proteinuria."
ALLOWED = (
    "The evidence is very uncertain about the effect of velorimab on proteinuria in 24 hours"
    " (very low certainty, ⊕◯◯◯)."
)
CLAIM = {"id": "c1", "lang": "en", "text": "Velorimab cures.", "kind": "lay", "ref": "title"}


def test_a_sentence_is_marked_with_rule_and_suggestion(practice: Workbench) -> None:
    before = practice.live.state.count
    answer = practice.post("/claims/check", {"text": BOLD, "mode": "abstract"}, headers=PART)
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert EN["claims.rule_verb_too_strong"] in answer.text
    assert ALLOWED in answer.text
    assert practice.live.state.count == before


def test_a_chinese_text_has_chinese_suggestions(practice: Workbench) -> None:
    page = practice.post(
        "/claims/check", {"text": "维洛单抗降低尿蛋白。"}, headers={"accept-language": "zh-CN"}
    ).text
    assert ZH["claims.rule_verb_too_strong"] in page
    assert "证据非常不确定" in page


def test_a_suggestion_is_taken_over_at_its_place(practice: Workbench) -> None:
    text = f"First line.\r\n{BOLD} Last words."
    page = practice.post("/claims/check", {"text": text, "mode": "foreign"}).text
    start = text.replace("\r\n", "\n").index(BOLD)
    choice = f"{start}:{start + len(BOLD)}:0"
    assert f'value="{choice}"' in page
    taken = practice.post("/claims/check", {"text": text, "mode": "foreign", "take": choice}).text
    area = taken.partition("<textarea")[2].partition(">")[2].partition("</textarea>")[0]
    assert area == f"First line.\n{ALLOWED} Last words."
    stale = practice.post("/claims/check", {"text": "Other.", "take": choice})
    assert stale.status_code == 422


def test_the_abstract_is_saved_once_and_found_again(practice: Workbench) -> None:
    assert practice.post("/claims/save", {"text": BOLD, "lang": "en"}).status_code == 303
    before = practice.live.state.count
    practice.post("/claims/save", {"text": BOLD, "lang": "en"})
    assert practice.live.state.count == before
    (note,) = [n for n in practice.live.state.notes.values() if n.topic == "abstract-draft"]
    assert dict(note.fields) == {"lang": "en", "text": BOLD}
    practice.become("p-bob")
    assert BOLD in practice.get("/claims").text
    practice.post("/claims/save", {"text": "Nothing.", "lang": "en"})
    notes = [n for n in practice.live.state.notes.values() if n.topic == "abstract-draft"]
    assert [n.by for n in notes] == ["p-bob"]


def test_a_text_of_others_is_checked_and_not_kept(practice: Workbench) -> None:
    before = practice.live.state.count
    practice.post("/claims/check", {"text": BOLD, "mode": "foreign"})
    assert BOLD not in practice.get("/claims/foreign").text
    assert practice.live.state.count == before


def test_a_flagged_claim_is_accepted_with_a_reason(practice: Workbench) -> None:
    page = practice.post("/claims/check", {"text": BOLD, "mode": "abstract"}).text
    found = re.search(r'name="accept" value="(s-[0-9a-f]+)"', page)
    assert found
    form = {"text": BOLD, "mode": "abstract", "accept": found[1]}
    before = practice.live.state.count
    assert practice.post("/claims/accept", form).status_code == 422
    assert practice.live.state.count == before
    done = practice.post(
        "/claims/accept", {**form, f"reason.{found[1]}": "<script>x()</script> quoted"}
    )
    assert EN["claims.is_accepted"] in done.text
    assert "<script>x()" not in done.text
    last = practice.live.review.events()
    assert any(
        e.kind == "claim_accepted.v1" and e.body["claim"] == found[1] for e in last if e.body
    )
    assert practice.post("/claims/accept", {"accept": "../../x", "reason.../../x": "y"}
                         ).status_code == 422  # fmt: skip


def test_a_claim_is_written_changed_and_taken_out(practice: Workbench) -> None:
    path = practice.folder / "claims.toml"
    form = {**CLAIM, "numbers": "12 | per 1,000 | syn:response-rct\n3", "strength": "4"}
    assert practice.post("/claims/declared", form).status_code == 303
    text = path.read_text(encoding="utf-8")
    assert 'text = "Velorimab cures."' in text
    newest = [a for a in practice.live.state.amendments if a.file == "claims.toml"][-1]
    assert newest.sha256 == sha256_hex(text.encode())
    path.write_text(f"# kept by hand\n{text}", encoding="utf-8")
    page = practice.get("/claims/declared").text
    assert "Velorimab cures." in page
    assert "12 | per 1,000 | syn:response-rct" in page
    changed = {**CLAIM, "old": "c1", "text": "Velorimab may help.", "outcome": "response"}
    assert practice.post("/claims/declared", changed).status_code == 303
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# kept by hand")
    assert "numbers" not in text
    assert 'outcome = "response"' in text
    assert (
        practice.post("/claims/declared", {**CLAIM, "old": "c1", "remove": "1"}).status_code == 303
    )
    assert "c1" not in path.read_text(encoding="utf-8")
    assert EN["claims.none_declared"] in practice.get("/claims/declared").text


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({**CLAIM, "id": "../x"}, 422),
        ({**CLAIM, "text": " "}, 422),
        ({**CLAIM, "lang": "fr"}, 422),
        ({**CLAIM, "kind": "<script>"}, 422),
        ({**CLAIM, "outcome": "no-such"}, 422),
        ({**CLAIM, "strength": "strong"}, 422),
        ({**CLAIM, "old": "unknown"}, 422),
        ({"remove": "1", "old": "unknown"}, 422),
    ],
)
def test_a_claim_that_cannot_stand_is_refused_and_nothing_written(
    practice: Workbench, form: dict[str, str], code: int
) -> None:
    before = practice.live.state.count
    answer = practice.post("/claims/declared", form)
    assert answer.status_code == code
    assert EN["base.notice_error"] in answer.text
    assert "<script>&" not in answer.text
    assert practice.live.state.count == before
    assert not (practice.folder / "claims.toml").exists()


def test_hostile_text_stays_text(practice: Workbench) -> None:
    hostile = "</textarea><script>x()</script> Velorimab reduces death."
    page = practice.post("/claims/check", {"text": hostile}).text
    assert "<script>x()" not in page
    assert practice.post("/claims/check", {"text": "x" * 100_001}).status_code == 422
    assert practice.post("/claims/check", {"text": "x", "lang": "xx"}).status_code == 422


def test_empty_states_say_what_to_do(screening: Workbench) -> None:
    assert EN["claims.nothing_abstract"] in screening.get("/claims").text
    assert EN["claims.nothing_foreign"] in screening.get("/claims/foreign").text
    assert EN["claims.none_declared"] in screening.get("/claims/declared").text


@pytest.mark.needs("chromium")
@pytest.mark.parametrize(("language", "dark", "width"), [("en", True, 1440), ("zh-CN", False, 390)])
def test_the_check_runs_as_one_writes_and_a_key_takes_over(
    practice: Workbench,
    serve_folder: Callable[[Path], str],
    look: Callable[..., Look],
    language: str,
    dark: bool,
    width: int,
) -> None:
    practice.post("/claims/declared", CLAIM)
    seen = look(serve_folder(practice.folder.parent), language=language, dark=dark, width=width)
    page = seen.go("/r/practice/claims")
    page.keyboard.press("e")
    page.keyboard.type(BOLD)
    page.wait_for_selector(".sentence.bad")
    assert seen.violations() == []
    page.keyboard.press("Escape")
    page.keyboard.press("t")
    page.wait_for_function(
        "text => document.querySelector('#writer textarea').value === text", arg=ALLOWED
    )
    page.keyboard.press("s")
    page.wait_for_function("document.getElementById('said').textContent !== ''")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for path in ("/foreign", "/declared"):
        seen.go(f"/r/practice/claims{path}")
        assert seen.violations() == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    assert seen.complaints == []
    practice.live.refresh()
    assert any(dict(n.fields).get("text") == ALLOWED for n in practice.live.state.notes.values())
