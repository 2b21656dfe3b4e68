"""Proposals of studies in the browser: shown with their reason, accepted, declined."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType

import pytest
from tests.web.conftest import Look, Workbench
from tests.web.fresh_review import FIRST, THIRD, ris, start
from tests.web.test_duplicates import fill
from tests.web.test_studies import include

from tamis.app.forming import Forming, FormingShown
from tamis.dedupe.forming import FORMING
from tamis.domain.events import Draft
from tamis.web.words import words

OWNER = frozenset({"owner"})


def twins(bench: Workbench) -> list[str]:
    """Give the first two reports, both included, one registration; return their names."""
    both = include(bench)
    for name in both:
        say(bench, name, "NCT01234567")
    return sorted(both)


def say(bench: Workbench, cluster: str, words_: str) -> None:
    """Let the abstract of a report say more than its export did."""
    library = bench.live.library
    one = library.records[bench.live.clusters[cluster].primary]
    more = dataclasses.replace(one, abstract=f"{one.abstract} {words_}")
    bench.live._library = dataclasses.replace(
        library, records=MappingProxyType({**library.records, one.id: more})
    )


def shown(bench: Workbench) -> FormingShown:
    """Return the proposals that the owner sees."""
    return bench.live.part(Forming).shown("p-rev-a", roles=OWNER)


def test_a_proposal_is_shown_with_its_reason_and_accepted(screening: Workbench) -> None:
    a, b = twins(screening)
    (one,) = shown(screening).proposals
    assert (one.rule, one.deed, one.because[0].text) == ("same-registration", "link", "NCT01234567")
    page = screening.get("/studies").text
    for word in ("rule_same_registration", "accept_link", "decline"):
        assert words("en")[f"forming.{word}"] in page
    form = {"a": a, "b": b, "answer": "accept", "design": "randomised", "role": "included"}
    assert screening.post("/studies/proposal", form).status_code == 303
    links = list(screening.live.state.links.values())
    assert len(links) == 2
    assert len({x.study for x in links}) == 1
    assert shown(screening).proposals == ()
    assert screening.post("/studies/proposal", form).status_code == 422


def test_a_waiting_report_joins_a_study_that_stands(screening: Workbench) -> None:
    a, b = twins(screening)
    form = {"cluster": a, "label": "Alder 2019", "study": "alder2019", "design": "single-arm",
            "role": "wider"}  # fmt: skip
    assert screening.post("/studies/link", form).status_code == 303
    (one,) = shown(screening).proposals
    assert (one.deed, one.a.name, one.b.name) == ("join", b, "alder2019")
    answer = {"a": one.a.name, "b": one.b.name, "answer": "accept"}
    assert screening.post("/studies/proposal", answer).status_code == 303
    heads = {(x.study, x.design, x.role) for x in screening.live.state.links.values()}
    assert heads == {("alder2019", "single-arm", "wider")}


def test_a_declined_proposal_stays_away_even_when_a_report_is_linked(screening: Workbench) -> None:
    a, b = twins(screening)
    answer = {"a": a, "b": b, "answer": "decline"}
    assert screening.post("/studies/proposal", answer).status_code == 303
    assert screening.live.state.links == {}
    form = {"cluster": a, "label": "Alder 2019", "study": "alder2019", "design": "single-arm",
            "role": "included"}  # fmt: skip
    screening.post("/studies/link", form)
    assert shown(screening).proposals == ()
    assert shown(screening).answered == 1


def test_an_answer_is_taken_back_and_the_proposal_comes_again(screening: Workbench) -> None:
    a, b = twins(screening)
    screening.post("/studies/proposal", {"a": a, "b": b, "answer": "decline"})
    (taken,) = shown(screening).taken
    assert (taken.answer, taken.rule) == ("decline", "same-registration")
    assert {taken.a.name, taken.b.name} == {a, b}
    assert words("en")["forming.said_decline"] in screening.get("/studies").text
    assert screening.post("/studies/proposal/back", {"note": taken.note}).status_code == 303
    (one,) = shown(screening).proposals
    assert (one.a.name, one.b.name, shown(screening).taken) == (a, b, ())
    assert screening.post("/studies/proposal/back", {"note": taken.note}).status_code == 422
    screening.post("/studies/proposal", {"a": a, "b": b, "answer": "decline"})
    assert shown(screening).proposals == ()


def test_an_overlap_of_two_studies_is_noted_once(screening: Workbench) -> None:
    a, b = twins(screening)
    for name, number in ((a, "NCT01234568 NCT01234569"), (b, "NCT01234570 NCT01234571")):
        say(screening, name, f"{number} NCT01234572")
        form = {"cluster": name, "label": f"S {number[-1]}", "study": f"s{number[-1]}",
                "design": "randomised", "role": "included"}  # fmt: skip
        assert screening.post("/studies/link", form).status_code == 303
    (one_,) = shown(screening).proposals
    assert (one_.outcome, one_.deed) == ("overlap", "note")
    answer = {"a": one_.a.name, "b": one_.b.name, "answer": "accept"}
    assert screening.post("/studies/proposal", answer).status_code == 303
    (note,) = [n for n in screening.live.state.notes.values() if n.topic == "overlap"]
    assert dict(note.fields)["studies"] == "s1; s9"
    assert shown(screening).proposals == ()
    (taken,) = shown(screening).taken
    assert (taken.note, taken.answer, taken.rule) == (note.event, "overlap", one_.rule)
    assert screening.post("/studies/proposal/back", {"note": note.event}).status_code == 303
    assert [n for n in screening.live.state.notes.values() if n.topic == "overlap"] == []
    assert shown(screening).proposals == (one_,)


def test_bad_answers_write_nothing(screening: Workbench) -> None:
    a, b = twins(screening)
    before = len(screening.live.state.notes)
    for form in (
        {"a": a, "b": b, "answer": "perhaps"}, {"a": a, "b": a, "answer": "accept"},
        {"a": a, "b": b, "answer": "accept"}, {"a": a, "b": b, "answer": "accept", "design": "x"},
        {"answer": "decline"},
    ):  # fmt: skip
        assert screening.post("/studies/proposal", form).status_code == 422, form
    assert screening.live.state.links == {}
    assert len(screening.live.state.notes) == before


@pytest.mark.needs("chromium")
@pytest.mark.parametrize(("language", "dark", "width"), [("en", False, 1440), ("zh-CN", True, 390)])
def test_an_overlap_is_noted_and_taken_back_by_key(
    tmp_path: Path,
    bench_of: Callable[..., Workbench],
    serve_folder: Callable[[Path], str],
    look: Callable[..., Look],
    language: str,
    dark: bool,
    width: int,
) -> None:
    others = ("NCT01234568; NCT01234569; NCT01234570", "NCT01234571")
    papers = (FIRST, THIRD)
    fill(start(tmp_path), *(
        ris(f"{paper}|N1=Pooled: NCT01234572; {more}")
        for paper, more in zip(papers, others, strict=True)
    ))  # fmt: skip
    bench = bench_of(tmp_path, "fresh")
    for n, name in enumerate(sorted(bench.live.library.records)):
        body = {"study": f"s{n}", "label": f"S {n}", "design": "randomised", "role": "included",
                "report": f"s{n}-main", "kind": "article", "records": [name]}  # fmt: skip
        bench.live.record([Draft(actor="p-ann", kind="reports_linked.v1", subject="", body=body)])
    seen = look(serve_folder(tmp_path), language=language, dark=dark, width=width)
    page = seen.go("/r/fresh/studies")
    page.keyboard.press("a")
    page.wait_for_selector("#answered")
    page.click("#answered summary")
    seen.settle()
    assert seen.violations() == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.keyboard.press("u")
    page.wait_for_selector("#answered", state="detached")
    page.wait_for_selector("#proposals article")
    assert seen.complaints == []


def test_the_words_name_every_rule_and_reason() -> None:
    for language in ("en", "zh"):
        known = words(language)
        for rule in FORMING:
            assert known[f"forming.rule_{rule.name.replace('-', '_')}"]
        kinds = {kind for rule in FORMING for kind in rule.shows}
        for kind in (*kinds, "unknown_centre", "unknown_dates"):
            assert known[f"forming.because_{kind}"]
