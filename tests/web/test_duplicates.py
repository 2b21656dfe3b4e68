"""The pages about duplicates: pairs in doubt decided by key, merged, split, taken back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from tests.web.conftest import Look, Workbench
from tests.web.fresh_review import EMBASE, FIRST, PUBMED, THIRD, ris, start

from tamis.app.duplicates.duplicates import Duplicates
from tamis.app.duplicates.related_desk import RelatedDesk
from tamis.app.imports import Incoming, import_incoming
from tamis.app.review import open_review
from tamis.dedupe import KINDS, REASONS, reads_of
from tamis.domain.events import Draft, Event
from tamis.web.words import words

EN = words("en")


def fill(root: Path, pubmed: bytes = PUBMED, embase: bytes = EMBASE) -> None:
    review = open_review(root)
    for source, data in (("pubmed", pubmed), ("embase", embase)):
        file = Incoming(path=Path(f"{source}.ris"), data=data)
        import_incoming(review, [file], source=source, by="p-ann")


@pytest.fixture
def doubt(tmp_path: Path, bench_of: Callable[..., Workbench]) -> Workbench:
    """Four records: one pair in doubt, one pair the engine merged."""
    fill(start(tmp_path))
    return bench_of(tmp_path, "fresh")


def waiting(bench: Workbench) -> tuple[str, str]:
    pair = bench.live.part(Duplicates).next("p-ann")
    assert pair is not None
    return pair.a.id, pair.b.id


def decided(bench: Workbench) -> list[Event]:
    return [e for e in bench.live.review.events() if e.kind == "pair_decided.v1"]


def address(pair: tuple[str, str]) -> str:
    return f"/duplicates/pair/{pair[0]}/{pair[1]}"


def test_nothing_imported_says_so(tmp_path: Path, bench_of: Callable[..., Workbench]) -> None:
    start(tmp_path)
    bench = bench_of(tmp_path, "fresh")
    assert EN["duplicates.nothing"] in bench.get("/duplicates").text
    for path in ("merged", "by-hand", "decided", "related", "rules"):
        page = bench.get(f"/duplicates/{path}")
        assert page.status_code == 200, path
    assert not decided(bench)


def test_a_pair_in_doubt_stands_side_by_side_with_its_rule(doubt: Workbench) -> None:
    page = doubt.get("/duplicates").text
    assert "Pair 1 of 1" in page
    assert "<code>other-pages</code>" in page
    assert "title, author, journal and year agree but not the page" in page
    assert '<mark class="differs">211</mark>' in page
    assert '<mark class="differs">41 persons</mark>' in page
    assert "PubMed" in page
    assert "Embase" in page


@pytest.mark.parametrize(("word", "reports"), [("same", 2), ("different", 3), ("unsure", 3)])
def test_a_decision_is_an_event(doubt: Workbench, word: str, reports: int) -> None:
    pair = waiting(doubt)
    answer = doubt.post(address(pair), {"decision": word, "seen": "none", "reason": "read both"})
    assert answer.status_code in {200, 303}
    (event,) = decided(doubt)
    assert event.actor == "p-ann"
    assert event.body == {"a": pair[0], "b": pair[1], "decision": word, "reason": "read both"}
    assert len(doubt.live.clusters) == reports
    left = doubt.get("/duplicates").text
    assert (EN["duplicates.all_done"] in left) == (word != "unsure")


def test_htmx_gets_the_desk_alone(doubt: Workbench) -> None:
    answer = doubt.post(
        address(waiting(doubt)), {"decision": "same"}, headers={"HX-Request-Type": "partial"}
    )
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<div id="desk"')
    assert f'data-said="{EN["duplicates.said_same"]}"' in answer.text


def test_undo_brings_the_pair_back_and_a_second_undo_finds_nothing(doubt: Workbench) -> None:
    pair = waiting(doubt)
    doubt.post(address(pair), {"decision": "same"})
    answer = doubt.post("/duplicates/undo")
    assert answer.headers["location"].endswith(address(pair).replace(":", "%3A"))
    assert waiting(doubt) == pair
    assert len(doubt.live.clusters) == 3
    assert [e.body["decision"] for e in decided(doubt) if e.body] == ["same", "unsure"]
    page = doubt.post("/duplicates/undo").text
    assert EN["duplicates.nothing_back"] in page
    assert len(decided(doubt)) == 2


def test_undo_goes_back_step_by_step(doubt: Workbench) -> None:
    pair = waiting(doubt)
    for word in ("same", "different"):
        doubt.post(address(pair), {"decision": word})
    for expected in ("same", "unsure"):
        doubt.post("/duplicates/undo")
        standing = doubt.live.state.pairs["|".join(pair)]
        assert standing.decision == expected


def test_nobody_takes_back_what_another_said(doubt: Workbench) -> None:
    pair = waiting(doubt)
    doubt.post(address(pair), {"decision": "same"})
    doubt.become("p-bob")
    doubt.post("/duplicates/undo")
    assert len(decided(doubt)) == 1
    doubt.post(address(pair), {"decision": "different"})
    doubt.become("p-ann")
    answer = doubt.post("/duplicates/undo")
    assert answer.status_code == 409
    assert len(decided(doubt)) == 2


def test_two_who_decide_at_once_hear_of_each_other(doubt: Workbench) -> None:
    pair = waiting(doubt)
    doubt.post(address(pair), {"decision": "same", "seen": "none"})
    answer = doubt.post(address(pair), {"decision": "different", "seen": "none", "reason": "mine"})
    assert answer.status_code == 422
    assert "somebody decided this pair in the meantime" in answer.text
    assert 'value="mine"' in answer.text
    assert len(decided(doubt)) == 1


@pytest.mark.parametrize(
    ("path", "form", "status"),
    [
        ("/duplicates/pair/x:1/x:2", {"decision": "same"}, 404),
        ("/duplicates/pair/..%2f..%2fetc/x:2", {"decision": "same"}, 404),
        ("/duplicates/merged/none:1/split", {"record": "x:1"}, 404),
    ],
)
def test_what_is_not_there_is_refused(
    doubt: Workbench, path: str, form: dict[str, str], status: int
) -> None:
    assert doubt.post(path, form).status_code == status
    assert not decided(doubt)


def test_a_word_that_is_no_decision_is_refused(doubt: Workbench) -> None:
    answer = doubt.post(address(waiting(doubt)), {"decision": "<script>"})
    assert answer.status_code == 422
    assert "<script>'" not in answer.text
    assert not decided(doubt)


def test_a_reason_cannot_pose_as_an_undo(doubt: Workbench) -> None:
    pair = waiting(doubt)
    doubt.post(address(pair), {"decision": "same", "reason": "taken back: p-x.00000001/1"})
    doubt.post("/duplicates/undo")
    assert waiting(doubt) == pair


def test_a_merged_report_is_split_and_the_split_taken_back(doubt: Workbench) -> None:
    page = doubt.get("/duplicates/merged").text
    assert "Placebo and nothing else" in page
    assert "<code>exact-copy</code>" in page
    (report,) = (c for c in doubt.live.clusters.values() if len(c.records) == 2)
    path = f"/duplicates/merged/{report.id}/split"
    for wrong in ([], list(report.records)):
        assert doubt.post(path, {"record": wrong}).status_code == 422
    assert not decided(doubt)
    assert doubt.post(path, {"record": [report.records[1]], "reason": "two"}).status_code == 303
    assert len(doubt.live.clusters) == 4
    assert EN["duplicates.no_merged"] in doubt.get("/duplicates/merged").text
    assert "two" in doubt.get("/duplicates/decided").text
    doubt.post("/duplicates/undo")
    assert len(doubt.live.clusters) == 3


def test_a_split_of_three_is_one_deed(tmp_path: Path, bench_of: Callable[..., Workbench]) -> None:
    fill(start(tmp_path), ris(THIRD, THIRD), ris(THIRD))
    bench = bench_of(tmp_path, "fresh")
    (report,) = bench.live.clusters.values()
    bench.post(f"/duplicates/merged/{report.id}/split", {"record": [report.records[0]]})
    assert [e.body["decision"] for e in decided(bench) if e.body].count("different") == 2
    assert sorted(len(c.records) for c in bench.live.clusters.values()) == [1, 2]
    bench.post("/duplicates/undo")
    assert len(bench.live.clusters) == 1
    assert EN["duplicates.was_undone"] in bench.get("/duplicates/decided").text


def test_any_two_records_are_merged_by_hand(doubt: Workbench) -> None:
    page = doubt.get("/duplicates/by-hand", params={"q": "talc relief"}).text
    assert page.count('type="checkbox"') == 2
    records = doubt.live.library.records
    talc = next(n for n, r in records.items() if r.title.startswith("Talc"))
    other = next(n for n, r in records.items() if r.title.startswith("Placebo"))
    gone = doubt.get(
        f"/duplicates/compare?record={talc}&record={other}", follow_redirects=False
    ).headers["location"]
    page = doubt.client.get(gone).text
    assert EN["duplicates.are_apart"] in page
    assert EN["duplicates.engine_silent"] in page
    doubt.post(address((min(talc, other), max(talc, other))), {"decision": "same"})
    assert doubt.live.cluster_of[talc] == doubt.live.cluster_of[other]
    merged = doubt.get("/duplicates/merged").text
    assert "merged by ann" in merged
    doubt.post("/duplicates/undo")
    assert doubt.live.cluster_of[talc] != doubt.live.cluster_of[other]


def test_one_or_three_records_cannot_be_compared(doubt: Workbench) -> None:
    names = list(doubt.live.library.records)
    for chosen in (names[:1], names[:3], []):
        answer = doubt.get("/duplicates/compare", params={"record": chosen})
        assert answer.status_code == 422


def test_a_merge_that_somebody_forbids_says_who(doubt: Workbench) -> None:
    (report,) = (c for c in doubt.live.clusters.values() if len(c.records) == 2)
    alone = next(c.id for c in doubt.live.clusters.values() if len(c.records) == 1)
    first, second = report.records
    doubt.become("p-bob")
    doubt.post(address((min(alone, first), max(alone, first))), {"decision": "different"})
    doubt.post(address((first, second)), {"decision": "same"})
    doubt.become("p-ann")
    answer = doubt.post(address((min(alone, second), max(alone, second))), {"decision": "same"})
    assert answer.status_code == 200
    assert EN["duplicates.still_apart"] in answer.text
    assert "bob on " in answer.text


def test_only_ones_own_verdicts_are_named(doubt: Workbench) -> None:
    pair = waiting(doubt)
    before = doubt.get("/duplicates").text
    doubt.become("p-bob")
    voted = doubt.post(f"/screen/title-abstract/{pair[0]}/vote", {"decision": "include"})
    assert voted.status_code == 303
    doubt.become("p-ann")
    after = doubt.get("/duplicates").text
    assert "bob" not in after
    assert EN["duplicates.no_vote"] in before
    assert EN["duplicates.no_vote"] in after
    doubt.become("p-bob")
    assert "You said include for A" in doubt.get("/duplicates").text


ERRATUM = FIRST.replace("TI=", "TI=Erratum: ").replace("PY=2020", "PY=2021")


@pytest.fixture
def corrected(tmp_path: Path, bench_of: Callable[..., Workbench]) -> Workbench:
    """A paper and its erratum in two databases; the paper is linked to an included study."""
    fill(start(tmp_path), ris(FIRST, THIRD), ris(ERRATUM))
    bench = bench_of(tmp_path, "fresh")
    name = next(n for n, r in bench.live.library.records.items() if r.title.startswith("Talc"))
    body = {"study": "talc", "label": "Talc", "design": "randomised", "role": "included",
            "report": "talc-main", "kind": "article", "records": [name]}  # fmt: skip
    bench.live.record([Draft(actor="p-ann", kind="reports_linked.v1", subject="talc", body=body)])
    return bench


def test_an_erratum_stands_beside_its_paper_and_says_which_is_which(corrected: Workbench) -> None:
    (found,) = corrected.live.part(RelatedDesk).related().items
    assert (found.kind, found.directed, found.bears, found.merged) == ("erratum", True, True, False)
    assert found.one.title.startswith("Erratum")
    page = corrected.get("/duplicates/related").text
    for key in ("kind_erratum", "one_erratum", "other_erratum", "related_bears"):
        assert EN[f"duplicates.{key}"] in page, key
    assert reads_of("erratum-once") in page
    assert f"/duplicates/pair/{quote(found.one.id)}/{quote(found.other.id)}" in page
    assert all(f"/screen/title-abstract/{quote(name)}" in page for name in found.reports)
    assert EN["duplicates.no_related_kind"] in corrected.get("/duplicates/related?kind=reply").text
    assert EN["duplicates.kind_erratum"] in corrected.get("/duplicates/related?kind=erratum").text


def test_who_joins_two_related_reports_ends_their_link(corrected: Workbench) -> None:
    (found,) = corrected.live.part(RelatedDesk).related().items
    pair = sorted((found.one.id, found.other.id))
    corrected.post(address((pair[0], pair[1])), {"decision": "same"})
    assert EN["duplicates.no_related"] in corrected.get("/duplicates/related").text
    corrected.post("/duplicates/undo")
    assert corrected.live.part(RelatedDesk).related().total == 1


def test_related_reports_as_json(corrected: Workbench) -> None:
    found = corrected.client.get("/api/v1/reviews/fresh/duplicates/related").json()
    assert (found["total"], found["items"][0]["kind"]) == (1, "erratum")
    assert found["items"][0]["known"][0]["rule"] == "erratum-once"
    none = corrected.client.get("/api/v1/reviews/fresh/duplicates/related?kind=reply").json()
    assert none["total"] == 0


def test_every_kind_of_link_is_said_in_both_languages() -> None:
    for kind in KINDS:
        for part in ("kind", "one", "other"):
            key = f"duplicates.{part}_{kind.replace('-', '_')}"
            assert EN[key]
            assert any("\u4e00" <= c <= "\u9fff" for c in words("zh")[key]), key


@pytest.mark.needs("chromium")
@pytest.mark.parametrize(("language", "dark", "width"), [("en", False, 1440), ("zh-CN", True, 390)])
def test_related_reports_are_reached_by_key(
    corrected: Workbench,
    serve_folder: Callable[[Path], str],
    look: Callable[..., Look],
    language: str,
    dark: bool,
    width: int,
) -> None:
    seen = look(serve_folder(corrected.folder.parent), language=language, dark=dark, width=width)
    page = seen.go("/r/fresh/duplicates/related")
    assert seen.violations() == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator(".card .button").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#pair-title")
    assert seen.complaints == []


def test_titles_are_text(tmp_path: Path, bench_of: Callable[..., Workbench]) -> None:
    hostile = THIRD.replace("TI=", "TI=<img src=x onerror=alert(1)> ")
    fill(start(tmp_path), ris(hostile), ris(hostile.replace("PY=2019", "PY=2020")))
    bench = bench_of(tmp_path, "fresh")
    for path in ("", "/merged", "/related", "/by-hand?q=placebo"):
        assert "<img src=x" not in bench.get(f"/duplicates{path}").text


def test_every_rule_is_said_in_both_languages() -> None:
    for rule in REASONS:
        assert reads_of(rule) not in ("", rule)
        assert any("\u4e00" <= c <= "\u9fff" for c in reads_of(rule, "zh")), rule


def test_chinese(doubt: Workbench) -> None:
    page = doubt.get("/duplicates", headers={"accept-language": "zh-CN"}).text
    assert words("zh")["duplicates.same"] in page


@pytest.mark.needs("chromium")
@pytest.mark.parametrize(("language", "dark", "width"), [("en", False, 1440), ("zh-CN", True, 390)])
def test_pairs_are_decided_by_key(
    doubt: Workbench,
    serve_folder: Callable[[Path], str],
    look: Callable[..., Look],
    language: str,
    dark: bool,
    width: int,
) -> None:
    seen = look(serve_folder(doubt.folder.parent), language=language, dark=dark, width=width)
    for path in ("/merged", "/by-hand?q=talc", "/decided", "/rules", ""):
        page = seen.go(f"/r/fresh/duplicates{path}")
        assert seen.violations() == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    page.keyboard.press("1")
    page.wait_for_selector("#desk .empty")
    assert len(doubt.live.clusters) == 2
    page.keyboard.press("u")
    page.wait_for_selector("#pair-title")
    assert seen.violations() == []
    page.keyboard.press("2")
    page.wait_for_selector("#desk .empty")
    doubt.live.refresh()
    assert [e.body["decision"] for e in decided(doubt) if e.body] == ["same", "unsure", "different"]
    assert seen.complaints == []
