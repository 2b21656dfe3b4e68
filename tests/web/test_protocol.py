"""The protocol in the browser: forms, text, amendments, registration form; comments survive."""

from __future__ import annotations

import dataclasses
import html
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.web.conftest import Look, Workbench
from tests.web.fresh_review import PROTOCOL, PUBMED, start

from tamis.app.imports import Incoming, import_incoming
from tamis.app.planning.fields import FIELDS, INNER_FIELDS
from tamis.app.planning.tables import MANY
from tamis.app.protocol.protocol import SECTIONS
from tamis.synthesis.planned import KINDS
from tamis.web.words import words

EN = words("en")


@pytest.fixture
def fresh(tmp_path: Path, bench_of: Callable[..., Workbench]) -> Workbench:
    start(tmp_path)
    return bench_of(tmp_path, "fresh")


def text(bench: Workbench) -> str:
    return (bench.folder / "review.toml").read_text(encoding="utf-8")


def shown(bench: Workbench, path: str) -> dict[str, Any]:
    """Return what the form of a page would send unchanged."""
    page = bench.get(path).text
    page = page[page.index('<form class="protocol-form"') :]
    found: dict[str, Any] = {}
    for name, value in re.findall(
        r'<input (?:type="hidden" )?name="([^"]+)" value="([^"]*)"', page
    ):
        found[name] = html.unescape(value)
    for name, value in re.findall(r'<textarea name="([^"]+)"[^>]*>\n(.*?)</textarea>', page, re.S):
        found[name] = html.unescape(value)
    for name, inner in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'value="([^"]*)" selected', inner)
        found[name] = html.unescape(chosen[1]) if chosen else ""
    for name, value in re.findall(r'type="checkbox" name="([^"]+)" value="([^"]*)" checked', page):
        found.setdefault(name, []).append(html.unescape(value))
    found.pop("csrf", None)
    return found


def hidden(page: str) -> dict[str, str]:
    """Return what the page of a difference would send."""
    found = dict(re.findall(r'<textarea name="([^"]+)" hidden[^>]*>\n(.*?)</textarea>', page, re.S))
    base = re.search(r'name="base" value="([^"]+)"', page)
    assert base, page
    return {"base": base[1], **{k: html.unescape(v) for k, v in found.items()}}


def change(bench: Workbench, path: str, reason: str = "", **fields: Any) -> Any:
    """Change fields of a form, look at the difference and save it."""
    seen = bench.post(path, {**shown(bench, path), **fields})
    assert seen.status_code == 200, seen.text
    assert EN["protocol.review"] in seen.text
    return bench.post("/protocol/save", {**hidden(seen.text), "reason": reason})


def amendments(bench: Workbench) -> list[Any]:
    return [e for e in bench.live.review.events() if e.kind == "protocol_amended.v1"]


def test_every_part_is_shown_and_an_empty_one_says_so(fresh: Workbench) -> None:
    page = fresh.get("/protocol").text
    for section in FIELDS:
        assert EN[f"protocol.s_{section}"] in html.unescape(page), section
    assert EN["protocol.none_yet"] in page
    assert "not people" in page


#: Keys without a field of their own: numbered by the editor, a text area, rows, never changed.
KEPT = {("criterion", "version"), ("criterion", "order"), ("source", "strategy_file"),
        ("outcome", "thresholds"), ("body", "baselines"), ("multiverse", "data"),
        ("review", "id")}  # fmt: skip


@pytest.mark.parametrize("section", list(SECTIONS))
def test_every_key_has_its_field_and_every_field_its_name(section: str) -> None:
    fields = {field.key for field in FIELDS[section]}
    keys = {field.name for field in dataclasses.fields(SECTIONS[section][0])}
    assert {(section, key) for key in keys - fields} <= KEPT
    assert fields <= keys
    inner = INNER_FIELDS[section][1] if section in INNER_FIELDS else ()
    for key in {*fields, *(field.key for field in inner)}:
        assert f"protocol.f_{key}" in EN, key


def test_every_measure_and_method_of_a_plan_can_be_chosen() -> None:
    offered = {field.key: set(field.words) for field in FIELDS["synthesis"]}
    assert offered["measure"] == {name for kind in KINDS.values() for name in kind.measures}
    assert offered["method"] == {name for kind in KINDS.values() for name in kind.methods}


@pytest.mark.parametrize("section", [name for name in FIELDS if name != "multiverse"])
def test_a_form_that_nobody_touched_changes_nothing(practice: Workbench, section: str) -> None:
    before = text(practice)
    plan = practice.live.protocol
    count = max(len(plan.syntheses), len(plan.bodies)) if section == "synthesis" else 1
    for index in range(count if section in MANY else 1):
        path = f"/protocol/edit/{section}" + (f"/{index}" if section in MANY else "")
        answer = practice.post(path, shown(practice, path))
        assert answer.status_code == 422, answer.text
        assert "nothing was changed" in answer.text
    assert text(practice) == before


def test_a_multiverse_and_its_choices_of_data_are_a_form(practice: Workbench) -> None:
    data = {"data.0.id": "trial", "data.0.choices": "study set = the trial\nestimand = ever",
            "data.0.reason": "the only comparison"}  # fmt: skip
    plan = practice.live.protocol.syntheses
    base = next(one for one in plan if one.kind == "controlled")
    changed = change(practice, "/protocol/new/multiverse", reason="asked by a reader", id="more",
                     synthesis=base.id, measures=base.measure, estimators="REML, DL",
                     **data)  # fmt: skip
    assert changed.status_code == 303, changed.text
    (made,) = practice.live.protocol.multiverses
    assert made.data[0].choices == (("estimand", "ever"), ("study set", "the trial"))
    assert made.estimators == ("REML", "DL")
    before = text(practice)
    answer = practice.post(
        "/protocol/edit/multiverse/0", shown(practice, "/protocol/edit/multiverse/0")
    )
    assert "nothing was changed" in answer.text
    assert text(practice) == before


def test_an_edit_changes_its_line_alone(fresh: Workbench) -> None:
    assert change(fresh, "/protocol/edit/question", population="adults").status_code == 303
    assert text(fresh) == PROTOCOL.replace('population = "people"', 'population = "adults"')
    assert amendments(fresh)[-1].actor == "p-ann"
    assert fresh.live.protocol.question.population == "adults"


def test_comments_and_order_stay_in_a_long_file(practice: Workbench) -> None:
    before = text(practice).split("\n")
    change(practice, "/protocol/edit/outcome/1", reason="clearer", definition="another", harm="yes",
           **{"threshold.3.size": "response", "threshold.3.value": "50",
              "threshold.3.unit": "%", "threshold.3.source": "a paper"})  # fmt: skip
    after = text(practice).split("\n")
    gone = [line for line in before if line not in after]
    assert gone == ['definition = "mean protein in a 24-hour collection at the visit"']
    assert [line for line in before if line.startswith("#")] == [
        line for line in after if line.startswith("#")
    ]
    outcome = practice.live.protocol.outcomes[1]
    assert (outcome.definition, outcome.harm, len(outcome.thresholds)) == ("another", True, 4)


def test_the_difference_is_shown_and_nothing_is_written_before(fresh: Workbench) -> None:
    path = "/protocol/edit/visit"
    assert fresh.get(path + "/0").status_code == 404
    seen = fresh.post(
        "/protocol/new/visit",
        {**shown(fresh, "/protocol/new/visit"), "id": "m6", "label": "month 6", "months": "6"},
    )
    assert "<ins>" in seen.text
    assert "[[visit]]" in seen.text
    assert text(fresh) == PROTOCOL
    assert fresh.post("/protocol/save", hidden(seen.text)).status_code == 303
    assert fresh.live.protocol.visits[0].label == "month 6"


@pytest.mark.parametrize(
    ("path", "fields", "field"),
    [
        ("/protocol/new/visit", {"id": "m6", "label": "x", "months": "six"}, "months"),
        ("/protocol/new/visit", {"id": "M 6", "label": "x", "months": "6"}, "id"),
        ("/protocol/edit/source/0", {"hits": "many"}, "hits"),
        ("/protocol/edit/source/0", {"searched_on": "last week"}, "searched_on"),
        ("/protocol/edit/screening", {"reviewers_per_record": "9"}, "reviewers_per_record"),
        ("/protocol/edit/criterion/0", {"kind": "perhaps"}, "kind"),
        ("/protocol/new/synthesis", {"id": "s", "outcome": "nothing", "designs": "randomised",
         "kind": "controlled", "measure": "RR", "method": "REML"}, "outcome"),
    ],
)  # fmt: skip
def test_an_error_stands_at_its_field_and_nothing_is_written(
    fresh: Workbench, path: str, fields: dict[str, str], field: str
) -> None:
    answer = fresh.post(path, {**shown(fresh, path), **fields})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    wrong = re.search(r'<[a-z]+ name="([^"]+)"[^>]*aria-invalid', answer.text)
    assert wrong, answer.text
    assert wrong[1] == field
    for typed in fields.values():
        assert html.escape(typed) in answer.text
    assert text(fresh) == PROTOCOL
    assert len(amendments(fresh)) == 1


def test_the_version_of_a_criterion_grows_with_its_text(fresh: Workbench) -> None:
    change(fresh, "/protocol/edit/criterion/0", text="animals only")
    first = fresh.live.protocol.criteria[0]
    assert (first.text, first.version, first.order) == ("animals only", 2, 1)
    change(fresh, "/protocol/new/criterion", id="new-one", text="more", kind="include",
           stage="both")  # fmt: skip
    last = fresh.live.protocol.criteria[-1]
    assert (last.id, last.version, last.order) == ("new-one", 1, 3)


def test_criteria_change_places(fresh: Workbench) -> None:
    base = shown(fresh, "/protocol/edit/criterion/0")["base"]
    seen = fresh.post("/protocol/move/1", {"way": "up", "base": base})
    fresh.post("/protocol/save", hidden(seen.text))
    assert [(c.id, c.order) for c in fresh.live.protocol.criteria] == [
        ("population", 2), ("design", 1),
    ]  # fmt: skip
    page = fresh.get("/protocol").text
    assert page.index("no trial") < page.index("not people")
    assert fresh.post("/protocol/move/9", {"way": "up", "base": "x"}).status_code == 422


def test_an_entry_is_removed_unless_others_need_it(practice: Workbench, fresh: Workbench) -> None:
    base = shown(fresh, "/protocol/edit/criterion/1")["base"]
    seen = fresh.post("/protocol/remove/criterion/1", {"base": base})
    assert "<del>" in seen.text
    fresh.post("/protocol/save", hidden(seen.text))
    assert [c.id for c in fresh.live.protocol.criteria] == ["population"]
    base = shown(practice, "/protocol/edit/outcome/0")["base"]
    answer = practice.post("/protocol/remove/outcome/0", {"base": base})
    assert answer.status_code == 422
    assert "is not known" in answer.text


def test_a_strategy_is_kept_to_the_letter(fresh: Workbench) -> None:
    typed = "1. exp Talc/\r\n2. (itch* adj3 skin).tw.  \r\n\r\n3. 1 and 2"
    seen = fresh.post(
        "/protocol/edit/source/0", {**shown(fresh, "/protocol/edit/source/0"), "strategy": typed}
    )
    assert "exp Talc/" in seen.text
    assert not (fresh.folder / "search" / "pubmed.txt").exists()
    assert fresh.post("/protocol/save", hidden(seen.text)).status_code == 303
    kept = (fresh.folder / "search" / "pubmed.txt").read_bytes().decode()
    assert kept == typed.replace("\r\n", "\n")
    assert fresh.live.protocol.sources[0].strategy_file == "search/pubmed.txt"
    assert shown(fresh, "/protocol/edit/source/0")["strategy"] == kept


@pytest.mark.parametrize("name", ["../../etc/passwd", "search/../../x", "/etc/passwd", "log/x"])
def test_a_search_file_stands_in_search(fresh: Workbench, name: str) -> None:
    wanted = PROTOCOL.replace("hits = 3", f'hits = 3\nstrategy_file = "{name}"')
    base = shown(fresh, "/protocol/edit/question")["base"]
    answer = fresh.post("/protocol/source", {"text": wanted, "base": base})
    assert answer.status_code == 422
    assert "does not stand in search/" in answer.text
    form = {"text": PROTOCOL + "\n", "base": base, f"strategy:{name}": "x"}
    assert fresh.post("/protocol/save", form).status_code == 422
    assert text(fresh) == PROTOCOL


def test_after_an_import_a_reason_is_asked_and_kept(fresh: Workbench) -> None:
    file = Incoming(path=Path("x.ris"), data=PUBMED)
    import_incoming(fresh.live.review, [file], source="pubmed", by="p-ann")
    seen = fresh.post(
        "/protocol/edit/question", {**shown(fresh, "/protocol/edit/question"), "designs": "all"}
    )
    assert 'name="reason"' in seen.text
    refused = fresh.post("/protocol/save", {**hidden(seen.text), "reason": "  "})
    assert refused.status_code == 422
    assert "say why it is made" in refused.text
    assert text(fresh) == PROTOCOL
    fresh.post("/protocol/save", {**hidden(seen.text), "reason": "too <few> trials"})
    assert amendments(fresh)[-1].body["reason"] == "too <few> trials"
    page = fresh.get("/protocol/history").text
    assert "too &lt;few&gt; trials" in page
    assert "<del>" in page
    assert EN["protocol.first_version"] in page


def test_the_text_is_edited_with_the_line_of_its_error(fresh: Workbench) -> None:
    base = shown(fresh, "/protocol/edit/question")["base"]
    page = fresh.get("/protocol/source").text
    assert "# Kept by hand" in page
    wrong = PROTOCOL.replace("[question]", "[questoin]")
    answer = fresh.post("/protocol/source", {"text": wrong.replace("\n", "\r\n"), "base": base})
    assert answer.status_code == 422
    assert "Line 7:" in answer.text
    assert 'data-line="7"' in answer.text
    assert "[questoin]" in answer.text
    broken = fresh.post("/protocol/source", {"text": "[review\n", "base": base})
    assert broken.status_code == 422
    seen = fresh.post("/protocol/source", {"text": PROTOCOL + "# more\n", "base": base})
    fresh.post("/protocol/save", hidden(seen.text))
    assert text(fresh) == PROTOCOL + "# more\n"
    assert amendments(fresh)[-1].body["text"] == PROTOCOL + "# more\n"


def test_who_comes_second_is_told(fresh: Workbench) -> None:
    mine = shown(fresh, "/protocol/edit/question")
    change(fresh, "/protocol/edit/question", population="adults")
    answer = fresh.post("/protocol/edit/question", {**mine, "population": "children"})
    assert answer.status_code == 422
    assert "somebody changed the protocol" in answer.text
    assert "children" in answer.text
    late = fresh.post("/protocol/save", {"text": PROTOCOL, "base": mine["base"]})
    assert late.status_code == 409
    assert "adults" in text(fresh)


@pytest.mark.parametrize(
    "path", ["/protocol/edit/nothing", "/protocol/edit/visit/7", "/protocol/edit/question/1"]
)
def test_what_is_not_there_is_not_found(fresh: Workbench, path: str) -> None:
    assert fresh.get(path).status_code == 404
    assert fresh.post(path, {"base": "x"}).status_code in {404, 409, 422}
    assert text(fresh) == PROTOCOL


def test_hostile_words_are_text(fresh: Workbench) -> None:
    hostile = '</textarea><script>alert("1")</script>'
    change(fresh, "/protocol/edit/question", rationale=hostile)
    for path in ("", "/edit/question", "/source", "/history", "/registration"):
        assert "<script>alert" not in fresh.get(f"/protocol{path}").text, path
    assert fresh.live.protocol.question.rationale == hostile


def test_line_ends_and_mark_of_a_file_stay(fresh: Workbench) -> None:
    file = fresh.folder / "review.toml"
    file.write_bytes(b"\xef\xbb\xbf" + PROTOCOL.replace("\n", "\r\n").encode())
    change(fresh, "/protocol/edit/question", population="adults")
    wanted = PROTOCOL.replace('"people"', '"adults"').replace("\n", "\r\n")
    assert file.read_bytes() == b"\xef\xbb\xbf" + wanted.encode()


def test_the_registration_form_names_what_is_missing(fresh: Workbench) -> None:
    page = fresh.get("/protocol/registration").text
    assert "Country" in page
    told = json.loads(fresh.get("/protocol/registration.json").text)
    parts = {part["key"]: part["text"] for part in told["parts"]}
    assert parts["title"] == "A fresh question"
    assert "PubMed (NCBI); searched on 2026-01-02; records found: 3" in parts["searches"]
    assert parts["main-outcomes"] is None
    assert {"country", "main-outcomes", "team"} <= set(told["missing"])
    for ending in ("md", "txt"):
        answer = fresh.get(f"/protocol/registration.{ending}")
        assert "attachment" in answer.headers["content-disposition"]
        assert "A fresh question" in answer.text
        assert "Not in the protocol yet." in answer.text
    assert fresh.get("/protocol/registration.exe").status_code == 404


def test_chinese(fresh: Workbench) -> None:
    chinese = {"accept-language": "zh-CN"}
    page = fresh.get("/protocol", headers=chinese).text
    assert words("zh")["protocol.s_question"] in page
    told = fresh.get("/protocol/registration.md", headers=chinese).text
    assert "检索来源" in told


@pytest.mark.needs("chromium")
@pytest.mark.parametrize(("language", "dark", "width"), [("en", False, 1440), ("zh-CN", True, 390)])
def test_pages_are_clean_and_a_change_is_made_in_a_browser(
    practice: Workbench,
    serve_folder: Callable[[Path], str],
    look: Callable[..., Look],
    language: str,
    dark: bool,
    width: int,
) -> None:
    seen = look(serve_folder(practice.folder.parent), language=language, dark=dark, width=width)
    for path in ("/history", "/registration", "/source", "/edit/outcome/0", "/edit/source/0",
                 "/edit/synthesis/0", "/edit/screening", ""):  # fmt: skip
        page = seen.go(f"/r/practice/protocol{path}")
        assert seen.violations() == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    page = seen.go("/r/practice/protocol/edit/question")
    page.fill("textarea[name=rationale]", "New words")
    page.locator("form.protocol-form button.primary").click()
    page.wait_for_selector(".diff")
    assert seen.violations() == []
    page.fill("textarea[name=reason]", "clearer")
    page.locator("main form button.primary").click()
    page.wait_for_url("**/protocol")
    assert practice.live.protocol.question.rationale == "New words"
    assert seen.complaints == []
