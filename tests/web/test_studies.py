"""Studies in the browser: what is proposed, linked, changed, refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.web.conftest import Look, Workbench

from tamis.app.link_studies import Studies
from tamis.web.words import words

EN, ZH = words("en"), words("zh")
ASKED = {"label": "Alder 2019", "study": "alder2019", "design": "randomised", "role": "included"}


def include(bench: Workbench, n: int = 2) -> list[str]:
    """Have two people include the first reports at both stages."""
    clusters = list(bench.live.clusters)[:n]
    for stage in ("title-abstract", "full-text"):
        for person in ("p-rev-a", "p-rev-b"):
            bench.become(person)
            for cluster in clusters:
                done = bench.post(f"/screen/{stage}/{cluster}/vote", {"decision": "include"})
                assert done.status_code == 303, done.text
    bench.become("p-rev-a")
    return clusters


def test_included_reports_wait_with_a_proposed_study(screening: Workbench) -> None:
    first, _ = include(screening)
    page = screening.get("/studies").text
    assert f'value="{first}"' in page
    view = screening.live.part(Studies).shown("p-rev-a", roles=frozenset({"owner"}))
    assert all(one.study[-4:].isdigit() and one.label for one in view.waiting)
    assert view.waiting[0].study in page


def test_what_only_one_has_included_does_not_wait(screening: Workbench) -> None:
    cluster = next(iter(screening.live.clusters))
    screening.become("p-rev-b")
    screening.post(f"/screen/title-abstract/{cluster}/vote", {"decision": "include"})
    screening.become("p-rev-a")
    assert f'value="{cluster}"' not in screening.get("/studies").text


def test_several_reports_become_one_study(screening: Workbench) -> None:
    both = include(screening)
    form = {**ASKED, "cluster": both, f"kind.{both[1]}": "erratum"}
    assert screening.post("/studies/link", form).status_code == 303
    links = list(screening.live.state.links.values())
    assert [x.report for x in links] == ["alder2019-article", "alder2019-erratum"]
    assert {(x.study, x.label, x.design, x.role) for x in links} == {
        ("alder2019", "Alder 2019", "randomised", "included")
    }
    page = screening.get("/studies").text
    assert EN["studies.none_waiting"] in page
    assert screening.post("/studies/link", form).status_code == 422


@pytest.mark.parametrize(
    "more",
    [
        {"study": "../x"}, {"study": "A B"}, {"label": " "}, {"design": "cohort"},
        {"role": "<script>"}, {"cluster": []}, {"cluster": ["zzz:0"]}, {"label": "x" * 201},
    ],
)  # fmt: skip
def test_bad_input_is_told_and_nothing_is_written(
    screening: Workbench, more: dict[str, object]
) -> None:
    both = include(screening)
    before = screening.live.state.count
    answer = screening.post("/studies/link", {**ASKED, "cluster": both, **more})
    assert answer.status_code == 422
    assert EN["base.notice_error"] in answer.text
    assert screening.live.state.count == before


def test_a_study_of_the_same_id_keeps_its_head(screening: Workbench) -> None:
    one, other = include(screening)
    screening.post("/studies/link", {**ASKED, "cluster": [one]})
    refused = screening.post("/studies/link", {**ASKED, "cluster": [other], "design": "review"})
    assert refused.status_code == 422
    assert "there already" in refused.text
    assert screening.post("/studies/link", {**ASKED, "cluster": [other]}).status_code == 303


def test_a_changed_study_links_each_of_its_reports_again(practice: Workbench) -> None:
    before = practice.live.state.count
    form = {**ASKED, "label": "Alder <b>2019</b>", "role": "wider"}
    assert practice.post("/studies/change", form).status_code == 303
    assert practice.live.state.count == before + 2
    page = practice.get("/studies").text
    assert "<b>2019" not in page
    assert "Alder &lt;b&gt;2019" in page
    practice.post("/studies/change", form)
    assert practice.live.state.count == before + 2
    assert practice.post("/studies/change", {**form, "study": "nobody"}).status_code == 422


def test_a_report_moves_unless_it_is_the_last_of_a_study_with_values(practice: Workbench) -> None:
    moved = {"report": "alder2019-abstract", "study": "birch2020", "kind": "letter"}
    assert practice.post("/studies/move", moved).status_code == 303
    link = practice.live.state.links["alder2019-abstract"]
    assert (link.study, link.kind, link.label) == ("birch2020", "letter", "Birch 2020")
    before = practice.live.state.count
    last = practice.post("/studies/move", {"report": "alder2019-article", "study": "birch2020"})
    assert last.status_code == 422
    assert "no report left" in last.text
    assert practice.post("/studies/move", {"report": "zzz", "study": "x"}).status_code == 422
    assert practice.live.state.count == before


def test_a_wider_study_is_found_and_linked(screening: Workbench) -> None:
    page = screening.get("/studies?q=quentolide").text
    assert EN["studies.role_wider"] in page
    view = screening.live.part(Studies).shown(
        "p-rev-a", roles=frozenset({"owner"}), query="quentolide"
    )
    form = {**ASKED, "role": "wider", "cluster": [view.found[0].cluster]}
    assert screening.post("/studies/link", form).status_code == 303
    assert EN["studies.none_found"] in screening.get("/studies?q=zzzzzz").text


def test_empty_states_say_what_to_do(screening: Workbench) -> None:
    assert EN["studies.nothing"] in screening.get("/studies").text
    chinese = screening.get("/studies", headers={"accept-language": "zh-CN"}).text
    assert ZH["studies.nothing"] in chinese


@pytest.mark.needs("chromium")
@pytest.mark.parametrize(("language", "dark", "width"), [("en", True, 1440), ("zh-CN", False, 390)])
def test_reports_are_linked_in_a_browser(
    screening: Workbench,
    serve_folder: Callable[[Path], str],
    look: Callable[..., Look],
    language: str,
    dark: bool,
    width: int,
) -> None:
    include(screening)
    seen = look(serve_folder(screening.folder.parent), language=language, dark=dark, width=width)
    page = seen.go("/r/screening/studies")
    assert seen.violations() == []
    page.keyboard.press("1")
    page.keyboard.press(" ")
    page.keyboard.press("l")
    page.wait_for_selector("#linked")
    assert seen.violations() == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert seen.complaints == []
    screening.live.refresh()
    assert len(screening.live.state.links) == 1
