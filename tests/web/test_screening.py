"""Screening in the browser: votes by key and by form, undo, list, conflicts; nothing leaks."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from tests.web.conftest import Look, Workbench, unmasked

from tamis.app.desk.desk import Desk
from tamis.domain.errors import RuleBroken
from tamis.domain.state import fold
from tamis.web.words import words

TITLES = "/screen/title-abstract"
EN, ZH = words("en"), words("zh")


def _first(bench: Workbench) -> str:
    """Return the id of the report that waits first."""

    card = bench.live.part(Desk).next("p-rev-a", "title-abstract")
    assert card is not None
    return card.cluster


def test_the_next_report_is_shown_with_its_buttons(screening: Workbench) -> None:
    page = screening.get(TITLES).text
    assert 'data-action="include" data-key="i"' in page
    assert EN["screening.reasons"] in page


def test_a_vote_is_an_event_and_the_next_report_follows(screening: Workbench) -> None:
    cluster = _first(screening)
    answer = screening.post(f"{TITLES}/{cluster}/vote", {"decision": "include", "note": "look"})
    assert answer.status_code == 303
    assert cluster not in answer.headers["location"]
    (vote,) = screening.live.state.votes.values()
    assert (vote.reviewer, vote.decision, vote.stage) == ("p-rev-a", "include", "title-abstract")
    assert any(note.topic == "note" for note in screening.live.state.notes.values())


def test_a_reason_alone_excludes(screening: Workbench) -> None:
    screening.post(f"{TITLES}/{_first(screening)}/vote", {"reason": "population"})
    (vote,) = screening.live.state.votes.values()
    assert (vote.decision, vote.reason) == ("exclude", "population")


def test_answers_to_the_criteria_decide(screening: Workbench) -> None:
    answers = {f"criterion.{c.id}": "met" for c in screening.live.protocol.criteria
               if c.stage != "full-text"}  # fmt: skip
    answers["criterion.population"] = "not met"
    screening.post(f"{TITLES}/{_first(screening)}/vote", answers)
    (vote,) = screening.live.state.votes.values()
    assert (vote.decision, vote.reason) == ("exclude", "population")


@pytest.mark.parametrize(
    "form", [{}, {"decision": "perhaps"}, {"decision": "exclude", "reason": "no-such-reason"}]
)
def test_a_vote_that_says_nothing_is_refused_and_nothing_written(
    screening: Workbench, form: dict[str, str]
) -> None:
    cluster = _first(screening)
    before = screening.live.state.count
    answer = screening.post(f"{TITLES}/{cluster}/vote", form)
    assert answer.status_code in (409, 422)
    assert EN["base.notice_error"] in answer.text
    assert screening.live.state.count == before


def test_undo_takes_back_the_last_vote(screening: Workbench) -> None:
    cluster = _first(screening)
    screening.post(f"{TITLES}/{cluster}/vote", {"decision": "include"})
    answer = screening.post(f"{TITLES}/undo")
    assert answer.headers["location"].endswith(cluster.replace(":", "%3A"))
    assert not screening.live.state.votes


def test_the_list_searches_filters_and_says_when_nothing_fits(screening: Workbench) -> None:
    page = screening.get(f"{TITLES}/list?q=quentolide").text
    assert "Quentolide for Ostrand" in page
    assert "Gene variants" not in page
    assert EN["screening.none_found"] in screening.get(f"{TITLES}/list?q=zzzz").text
    assert screening.get(f"{TITLES}/list?nonsense=1").status_code == 422
    assert screening.get(f"{TITLES}/list?page=99").status_code == 200


def test_an_unknown_stage_or_report_is_refused_with_words(screening: Workbench) -> None:
    assert screening.get("/screen/nothing").status_code == 422
    assert screening.get(f"{TITLES}/zzz:0").status_code == 404


def test_scripts_in_titles_and_notes_are_text(screening_of: Callable[[str], Workbench]) -> None:
    bench = screening_of("<script>alert(1)</script> & <b>bold</b>")
    page = bench.get(f"{TITLES}/list").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_what_the_other_said_is_in_no_answer_before_one_has_voted(screening: Workbench) -> None:
    cluster = _first(screening)
    pages = ("", f"/{cluster}", "/list", "/history", "/decisions.csv", "/decisions.ris")
    paths = (*(TITLES + page for page in pages), "/conflicts/title-abstract", "/agreement")

    def as_b(decision: str) -> list[str]:
        screening.become("p-rev-b")
        screening.post(f"{TITLES}/{cluster}/vote", {"decision": decision, "note": "secret word"})
        screening.become("p-rev-a")
        return [unmasked(screening.get(path).text) for path in paths]

    including, excluding = as_b("include"), as_b("maybe")
    assert including == excluding
    assert not any("secret word" in text for text in including)


def test_a_conflict_is_settled_without_names(screening: Workbench) -> None:
    cluster = _first(screening)
    for person, decision in (("p-rev-a", "include"), ("p-rev-b", "exclude")):
        screening.become(person)
        screening.post(f"{TITLES}/{cluster}/vote", {"decision": decision})
    queue = screening.get("/conflicts/title-abstract").text
    assert cluster.replace(":", "%3A") in queue
    page = screening.get(f"/conflicts/title-abstract/{cluster}").text
    assert "rev-a<" not in page.partition("record-title")[2]
    answer = screening.post(
        f"/conflicts/title-abstract/{cluster}/settle", {"decision": "include", "words": "agreed"}
    )
    assert answer.status_code == 303, answer.text
    (consensus,) = screening.live.state.settlements.values()
    assert (consensus.decision, consensus.reason) == ("include", "agreed")


def _in_conflict(bench: Workbench, stage: str = "title-abstract") -> str:
    """Return a report about which two people differ at a stage."""
    desk, cluster = bench.live.part(Desk), _first(bench)
    if stage == "full-text":
        for person in ("p-rev-a", "p-rev-b"):
            desk.vote(person, "title-abstract", cluster, "include")
    desk.vote("p-rev-a", stage, cluster, "include")
    desk.vote("p-rev-b", stage, cluster, "exclude", reason="design")
    return cluster


def test_a_conflict_is_settled_by_one_key_and_a_reason_is_one_of_the_list(
    screening: Workbench,
) -> None:
    cluster = _in_conflict(screening)
    page = screening.get(f"/conflicts/title-abstract/{cluster}").text
    assert 'data-action="include" data-key="i"' in page
    assert 'name="reason" value="population" data-action="reason-1" data-key="1"' in page
    assert "required" not in page.partition("<main")[2]
    answer = screening.post(
        f"/conflicts/title-abstract/{cluster}/settle", {"reason": "population", "words": "healthy"}
    )
    assert answer.status_code == 303
    (consensus,) = screening.live.state.settlements.values()
    assert (consensus.decision, consensus.reason) == ("exclude", "population")
    notes = [n for n in screening.live.state.notes.values() if n.topic == "note"]
    assert ["healthy" in str(note) for note in notes] == [True]


def test_an_exclusion_at_full_text_without_a_reason_comes_back_with_what_was_typed(
    screening: Workbench,
) -> None:
    cluster = _in_conflict(screening, "full-text")
    path = f"/conflicts/full-text/{cluster}"
    assert 'data-action="exclude"' not in screening.get(path).text
    answer = screening.post(f"{path}/settle", {"decision": "exclude", "words": "my own words"})
    assert answer.status_code == 422
    assert "an exclusion at full text needs a reason" in answer.text
    assert 'value="my own words"' in answer.text
    assert not screening.live.state.settlements


def test_looking_at_the_sides_asks_for_no_reason(screening: Workbench) -> None:
    cluster = _in_conflict(screening)
    path = f"/conflicts/title-abstract/{cluster}"
    assert EN["conflicts.hidden"] in screening.get(path).text
    assert screening.post(f"{path}/open").status_code == 303
    assert EN["conflicts.hidden"] not in screening.get(path).text
    assert [n.topic for n in screening.live.state.notes.values()] == ["blinding-opened"]


def test_a_coordinator_sends_a_report_back_with_a_reason(screening: Workbench) -> None:
    cluster = _first(screening)
    for person in ("p-rev-a", "p-rev-b"):
        screening.become(person)
        screening.post(f"{TITLES}/{cluster}/vote", {"decision": "exclude"})
    path = f"{TITLES}/{cluster}/back"
    assert screening.post(path, {"reason": "too hasty"}).status_code == 409  # a mere reviewer
    screening.become("p-methods")
    assert screening.post(path, {"reason": " "}).status_code == 422
    assert screening.post(path, {"reason": "the criterion changed"}).status_code == 303
    assert not screening.live.state.votes
    screening.become("p-rev-a")
    assert 'data-action="include"' in screening.get(f"{TITLES}/{cluster}").text


def test_empty_states_say_what_to_do(screening: Workbench) -> None:
    assert EN["screening.nothing_here_text_full_text"] in screening.get("/screen/full-text").text
    assert EN["conflicts.none"] in screening.get("/conflicts/full-text").text
    assert EN["screening.no_history"] in screening.get(f"{TITLES}/history").text


@pytest.mark.needs("chromium")
def test_a_refused_vote_is_said_above_the_record_which_stays(
    screening: Workbench, serve_folder: Callable[..., str], look: Callable[..., Look]
) -> None:
    seen = look(serve_folder(screening.folder.parent))
    page = seen.go(f"/r/{screening.name}{TITLES}")
    title = page.locator("#record-title").inner_text()
    page.keyboard.press("g")
    page.locator("button[data-action=by-criteria]").click()
    page.locator("#notices .notice.error").wait_for()
    assert page.locator("#record-title").inner_text() == title
    page.keyboard.press("i")
    page.wait_for_function("!document.querySelector('#notices .notice')")


@pytest.mark.needs("chromium")
@pytest.mark.parametrize(("language", "dark", "width"), [("en", True, 1440), ("zh-CN", False, 390)])
def test_a_person_screens_by_keys_alone(
    screening: Workbench,
    serve_folder: Callable[[Path], str],
    look: Callable[..., Look],
    language: str,
    dark: bool,
    width: int,
) -> None:
    told = ZH if language == "zh-CN" else EN
    address = serve_folder(screening.folder.parent)
    seen = look(address, language=language, dark=dark, width=width)
    page = seen.go(f"/r/{screening.name}{TITLES}")
    title = page.locator("#record-title")
    seen_titles = []
    for key in "iue1":
        seen_titles.append(title.inner_text())
        page.keyboard.press(key)
        page.wait_for_function(
            "before => document.getElementById('record-title').innerText !== before",
            arg=seen_titles[-1],
        )
    assert len(set(seen_titles)) == 4
    assert page.evaluate("document.activeElement.id") == "record-title"
    page.keyboard.press("z")
    page.wait_for_function(
        "title => document.getElementById('record-title').innerText === title", arg=seen_titles[-1]
    )
    page.wait_for_function(
        "said => document.getElementById('said').innerText.includes(said)",
        arg=told["screening.taken_back"],
    )
    page.keyboard.press("c")
    page.keyboard.type("i e u: a note, not votes")
    assert seen.violations() == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for path in (f"{TITLES}/list", f"{TITLES}/history", "/conflicts/title-abstract", "/agreement"):
        seen.go(f"/r/{screening.name}{path}")
        assert seen.violations() == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    assert seen.complaints == []
    screening.live.refresh()
    assert len(screening.live.state.votes) == 3


def test_the_agreement_is_downloaded_in_the_columns_of_other_programs(screening: Workbench) -> None:
    """The golden 2 by 2 of four reports: both yes, both no, and one of each."""
    desk = screening.live.part(Desk)
    for cluster, words_said in zip(screening.live.clusters, ("ii", "ee", "ie", "ei"), strict=False):
        for who, letter in zip(("p-rev-a", "p-rev-b"), words_said, strict=True):
            said, why = ("include", "") if letter == "i" else ("exclude", "population")
            desk.vote(who, "title-abstract", cluster, said, reason=why)
    assert screening.get("/agreement/title-abstract.csv").status_code == 409
    screening.become("p-ann")  # an owner
    answer = screening.get("/agreement/title-abstract.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    (row,) = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert row["A Yes, B Yes"] == row["A Yes, B No"] == row["A No, B Yes"] == "1"
    assert (row["Proportionate Agreement"], row["Cohen's Kappa"]) == ("0.5000", "0.0000")
    assert "title-abstract.csv" in screening.get("/agreement").text
    assert screening.get("/agreement/third.csv").status_code == 422


def test_a_filter_is_kept_shared_and_removed_on_the_list(screening: Workbench) -> None:
    assert EN["screening.filters_none"] in screening.get(f"{TITLES}/list").text
    told = {"name": "<script>x</script>", "query": "q=quentolide&evil=%22%3E", "scope": "team"}
    assert screening.post(f"{TITLES}/filters", told).status_code == 303
    screening.become("p-rev-b")
    page = screening.get(f"{TITLES}/list").text
    assert "?q=quentolide&#34;" not in page
    assert 'list?q=quentolide"' in page
    assert "<script>x" not in page
    assert "evil" not in page
    answer = screening.post(f"{TITLES}/filters", {"name": told["name"], "scope": "team"})
    assert answer.status_code == 404
    screening.become("p-rev-a")
    screening.post(f"{TITLES}/filters", {"name": told["name"], "scope": "team"})
    assert EN["screening.filters_none"] in screening.get(f"{TITLES}/list").text
    assert screening.post(f"{TITLES}/filters", {"name": "n", "query": "page=2"}).status_code == 422


def test_notes_that_name_one_are_listed_once_unsealed(screening: Workbench) -> None:
    assert EN["screening.mentions_none"] in screening.get(f"{TITLES}/mentions").text
    desk, cluster = screening.live.part(Desk), next(iter(screening.live.clusters))
    desk.vote("p-rev-b", "title-abstract", cluster, "include", note="@rev-a <b>see</b>")
    assert EN["screening.mentions_none"] in screening.get(f"{TITLES}/mentions").text
    desk.vote("p-rev-a", "title-abstract", cluster, "include")
    page = screening.get(f"{TITLES}/mentions").text
    assert "@rev-a &lt;b&gt;see&lt;/b&gt;" in page


@pytest.mark.needs("chromium")
@pytest.mark.parametrize(("language", "dark", "width"), [("en", True, 1440), ("zh-CN", False, 390)])
def test_kept_filters_and_mentions_are_clean_in_a_browser(
    screening: Workbench, serve_folder: Callable[..., str], look: Callable[..., Look],
    language: str, dark: bool, width: int,
) -> None:  # fmt: skip
    desk, cluster = screening.live.part(Desk), next(iter(screening.live.clusters))
    for who in ("p-rev-b", "p-rev-a"):
        desk.vote(who, "title-abstract", cluster, "include", note=f"@rev-a said {who}")
    seen = look(serve_folder(screening.folder.parent), language=language, dark=dark, width=width)
    page = seen.go("/r/screening/screen/title-abstract/list?q=quentolide")
    page.keyboard.press("f")
    page.keyboard.type("Quentolide")
    page.keyboard.press("Enter")
    page.wait_for_selector("a.button:has-text('Quentolide')")
    for path in ("list?q=quentolide", "mentions"):
        seen.go(f"/r/screening/screen/title-abstract/{path}")
        assert seen.violations() == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    assert seen.complaints == []


def test_tags_are_put_on_taken_off_and_seen_by_whom_they_are_for(screening: Workbench) -> None:
    first = _first(screening)
    screening.become("p-rev-a")
    for word, scope in (("pilot", "after-vote"), ("look <b>", "private"), ("dose", "team")):
        answer = screening.post(f"{TITLES}/{first}/tags", {"word": word, "scope": scope})
        assert answer.status_code == 303
    page = screening.get(f"{TITLES}/{first}").text
    assert "pilot" in page
    assert "look &lt;b&gt;" in page
    screening.become("p-rev-b")
    page = screening.get(f"{TITLES}/{first}").text
    assert '<span class="tag">dose' in page
    assert '<span class="tag">pilot' not in page
    assert "look" not in page
    screening.become("p-rev-a")
    screening.post(f"{TITLES}/{first}/tags/remove", {"word": "dose"})
    assert '<span class="tag">dose' not in screening.get(f"{TITLES}/{first}").text
    part = screening.post(
        f"{TITLES}/{first}/tags", {"word": "late"}, headers={"HX-Request-Type": "partial"}
    )
    assert part.text.lstrip().startswith('<div id="tags"')


def test_words_are_renamed_merged_and_deleted_and_terms_are_marked(screening: Workbench) -> None:
    first = _first(screening)
    for word in ("pilot", "pilots"):
        screening.post(f"{TITLES}/{first}/tags", {"word": word, "scope": "team"})
    told = {"action": "rename", "word": "pilots", "to": "pilot"}
    assert screening.post("/words/tags", told).status_code == 303
    page = screening.get("/words").text
    assert '<span class="tag">pilot</span>' in page
    assert "pilots" not in page
    screening.post("/words/tags", {"action": "delete", "word": "pilot"})
    assert EN["screening.words_none"] in screening.get("/words").text
    assert screening.post("/words/tags", {"action": "burn", "word": "x"}).status_code == 422
    title = screening.live.part(Desk).card("p-rev-a", "title-abstract", first).title
    term = next(word for word in title.split() if word.isalpha() and len(word) > 4)
    told = {"group": "population", "scope": "team", "terms": f"{term}\n\n"}
    assert screening.post("/words/terms", told).status_code == 303
    screening.become("p-rev-b")
    assert (
        f'<mark class="hl-population" title="population">{term}</mark>'
        in screening.get(f"{TITLES}/{first}").text
    )


def test_a_vote_on_a_report_that_changed_meanwhile_comes_back_with_what_was_typed(
    screening: Workbench,
) -> None:
    first = _first(screening)
    told = {"decision": "include", "note": "typed by hand", "seen": "0123456789ab:7"}
    answer = screening.post(f"{TITLES}/{first}/vote", told)
    assert answer.status_code == 409
    assert "typed by hand" in answer.text
    assert "this report has other records now than you were shown" in answer.text
    assert not screening.live.state.votes
    seen = " ".join(screening.live.clusters[first].records)
    assert screening.post(f"{TITLES}/{first}/vote", told | {"seen": seen, "ms": "4200"}).is_redirect
    (event,) = (e for e in screening.live.review.events() if e.kind == "screened.v1")
    assert event.body is not None
    assert event.body["ms_on_screen"] == 4200


def test_who_reads_a_report_keeps_their_place(screening: Workbench) -> None:
    desk = screening.live.part(Desk)
    first = _first(screening)
    for person in ("p-rev-a", "p-rev-b"):
        desk.card(person, "title-abstract", first)
    with pytest.raises(RuleBroken, match="reading"):
        desk.vote("p-late", "title-abstract", first, "exclude")
    for person in ("p-rev-a", "p-rev-b"):
        desk.vote(person, "title-abstract", first, "include")


def test_the_report_before_is_one_key_away(screening: Workbench) -> None:
    first = _first(screening)
    screening.post(f"{TITLES}/{first}/vote", {"decision": "include"})
    then = _first(screening)
    assert then != first
    answer = screening.get(f"{TITLES}/previous?at={then}", follow_redirects=False)
    assert answer.headers["location"].endswith(quote(first, safe=""))


@pytest.mark.needs("chromium")
def test_a_vote_that_does_not_arrive_is_said_and_nothing_typed_is_lost(
    screening: Workbench, serve_folder: Callable[[Path], str], look: Callable[..., Look]
) -> None:
    desk = screening.live.part(Desk)
    title = desk.card("p-rev-a", "title-abstract", _first(screening)).title
    desk.remarks.set_terms("p-rev-a", "population", [title.split()[0]], scope="team")
    address = serve_folder(screening.folder.parent)
    seen = look(address)
    page = seen.go(f"/r/{screening.name}{TITLES}")
    page.keyboard.press("t")
    page.keyboard.type("pilot")
    page.keyboard.press("Enter")
    page.locator("#tags .tag", has_text="pilot").wait_for()
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    page.keyboard.type("a thought")
    page.keyboard.press("Escape")
    page.keyboard.press("h")
    assert page.locator("#desk.no-marks").count() == 1
    page.context.set_offline(True)
    page.keyboard.press("y")
    page.get_by_role("alert").wait_for()
    assert EN["base.lost"] in page.get_by_role("alert").inner_text()
    assert page.locator("[name=note]").input_value() == "a thought"
    page.context.set_offline(False)
    before = page.locator("#record-title").inner_text()
    page.keyboard.press("Enter")
    page.wait_for_function(
        "before => document.getElementById('record-title').innerText !== before", arg=before
    )
    assert seen.violations() == []
    screening.live.refresh()
    (vote,) = screening.live.state.votes.values()
    assert vote.decision == "include"


def test_agreement_counts_what_was_said_before_the_votes_were_unsealed(
    screening: Workbench,
) -> None:
    """Neither changing one's vote nor taking it back makes a disagreement an agreement."""
    desk = screening.live.part(Desk)
    first, other = list(screening.live.clusters)[:2]
    for cluster in (first, other):
        desk.vote("p-rev-a", "title-abstract", cluster, "include")
        desk.vote("p-rev-b", "title-abstract", cluster, "exclude", reason="design")
    desk.vote("p-rev-a", "title-abstract", first, "exclude", reason="design")
    desk.withdraw("p-rev-a", "title-abstract", other)
    desk.vote("p-rev-a", "title-abstract", other, "exclude", reason="design")
    view = desk.agreement("p-methods", "title-abstract", roles=frozenset({"methodologist"}))
    (result,) = view.overall
    assert (result.n, result.percent, view.changed) == (2, 0.0, 2)
    assert {state.state for state in screening.live.part(Desk).screened_for("p-rev-a").screening.at(
        "title-abstract") if state.cluster in (first, other)} == {"out"}  # fmt: skip
    assert screening.live.state == fold(screening.live.review.events())


def test_who_corrects_a_slip_before_the_other_has_voted_did_not_disagree(
    screening: Workbench,
) -> None:
    desk = screening.live.part(Desk)
    first = next(iter(screening.live.clusters))
    desk.vote("p-rev-a", "title-abstract", first, "exclude", reason="design")
    desk.withdraw("p-rev-a", "title-abstract", first)
    desk.vote("p-rev-a", "title-abstract", first, "maybe")
    desk.vote("p-rev-a", "title-abstract", first, "include")
    desk.vote("p-rev-b", "title-abstract", first, "include")
    view = desk.agreement("p-methods", "title-abstract", roles=frozenset({"methodologist"}))
    assert (view.overall[0].percent, view.changed) == (1.0, 0)
