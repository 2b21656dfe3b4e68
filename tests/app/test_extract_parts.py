"""What the desk works with: forms filled with own answers, conversions, candidates to accept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.app.desk_review import EVENTS, N, copy_practice, opened
from tests.extraction.building import At

from tamis.app.extract.candidates import accepted, candidates_on, vocabulary_of
from tamis.app.extract.convert import conversions_for, reading_of
from tamis.app.extract.deeds import offers
from tamis.app.extract.extraction import ExtractionDesk
from tamis.app.extract.forms import JUDGED, answer, fill_form, forms_of
from tamis.app.extract.rates import error_kind
from tamis.app.extract.screen import extraction_view
from tamis.app.extract.values import whole_words
from tamis.app.full_text.pages import Pages
from tamis.app.live import LiveReview
from tamis.domain.errors import BadInput
from tamis.domain.values import CitationAnchor, Value

A = "p-ann"
CITED = CitationAnchor(citation="doi:10.5555/x", location="Table 2", status="registry")

Opened = tuple[LiveReview, Pages, ExtractionDesk]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Opened]:
    with opened(copy_practice(tmp_path / "review")) as (live, pages):
        yield live, pages, ExtractionDesk(live, pages)


# ------------------------------------------------------------------ forms
def test_answers_of_a_form_are_values_and_come_back_in_it(desk: Opened) -> None:
    live, _, at = desk
    forms = forms_of(live.review)
    form = fill_form(forms["study"], at.own(A, "alder2019"), live.protocol)
    rows = {row.field.id: row for section in form.sections for row in section.rows}
    assert form.answered == 0
    assert not rows["study-stopped-why"].asked
    at.record(A, answer(rows["stopped-early"], "yes"), CITED)
    at.record(A, answer(rows["follow-up-months"], "12", unit="months"), CITED)
    at.record(A, answer(rows["study-design-as-judged"], "randomised"), JUDGED)
    at.looked_for(A, rows["interests"].reading, where="the whole paper")
    again = fill_form(forms["study"], at.own(A, "alder2019"), live.protocol)
    told = {row.field.id: row for section in again.sections for row in section.rows}
    assert again.answered == 4
    assert told["study-stopped-why"].asked
    kept = told["follow-up-months"].answer
    assert isinstance(kept, Value)
    assert (kept.printed, kept.unit) == ("12", "months")


def test_sections_are_repeated_for_arms_outcomes_and_results(desk: Opened) -> None:
    live, _, at = desk
    forms = forms_of(live.review)
    own = at.own(A, "alder2019")
    arms = fill_form(forms["arms"], own, live.protocol, arms=("velorimab", "placebo"))
    assert {section.place for section in arms.sections} == {"velorimab", "placebo"}
    outcomes = fill_form(forms["outcomes"], own, live.protocol)
    assert {section.place for section in outcomes.sections} == {
        o.id for o in live.protocol.outcomes
    }
    row = outcomes.sections[0].rows[0]
    at.record(A, answer(row, "as printed"), CITED)
    results = fill_form(forms["results"], own, live.protocol, arms=("velorimab", "placebo"))
    places = {section.place for section in results.sections}
    assert any(place.endswith("velorimab-vs-placebo") for place in places)
    one = next(s for s in results.sections if s.place == "response / m6 / velorimab")
    events = next(row for row in one.rows if row.field.id == "events")
    done = at.record(A, answer(events, "27"), CITED)
    assert done.datum.id == "v:alder2019/response/m6/velorimab/events"
    filled = fill_form(forms["results"], at.own(A, "alder2019"), live.protocol)
    assert filled.answered == 1


def test_every_field_of_every_form_can_be_recorded(desk: Opened) -> None:
    """Slugs of shipped forms are words that every review may use."""
    live, _, at = desk
    good = {"integer": "3", "number": "3", "date": "2019-03", "text": "words"}
    for form in forms_of(live.review).values():
        own = at.own(A, "alder2019")
        shown = fill_form(form, own, live.protocol, arms=("velorimab", "placebo"))
        seen = set()
        for section in shown.sections:
            for row in section.rows:
                if row.field.id in seen or (row.answer is not None):
                    continue
                seen.add(row.field.id)
                text = row.field.options[0].id if row.field.options else good[row.field.kind]
                unit = row.field.units[0] if row.field.units else ""
                at.record(A, answer(row, text, unit=unit), CITED, again=True)


def test_a_review_has_forms_of_its_own(desk: Opened) -> None:
    live, _, _ = desk
    text = (
        'id = "study"\nversion = "2"\nlabel = { en = "Ours" }\n[[section]]\nid = "a"\n'
        'label = { en = "A" }\nrepeat = "study"\n'
        'field = [{ id = "setting", label = { en = "Setting" }, kind = "text" }]\n'
    )
    live.review.write("forms/ours.toml", text.encode())
    assert forms_of(live.review)["study"].version == "2"
    live.review.write("forms/twice.toml", text.encode())
    with pytest.raises(BadInput, match="two forms"):
        forms_of(live.review)


# ------------------------------------------------------------------ conversions
def test_a_conversion_is_offered_and_recorded_with_its_formula(desk: Opened) -> None:
    _, _, at = desk
    base = replace(EVENTS, outcome="proteinuria", unit="g/24h", denominator="")
    for statistic, number in (("mean", "1.30"), ("se", "0.14"), ("n", "34")):
        at.record(A, replace(base, statistic=statistic, number=number), CITED)
    own = at.own(A, "alder2019")
    cell = own.values[0].cell
    (shown,) = conversions_for(own, cell)
    assert shown.conversion.id == "sd.from-se"
    (sd,) = shown.given
    done = at.record(A, reading_of(cell, sd, unit="g/24h"), sd.derivation)
    assert isinstance(done.datum, Value)
    assert (done.datum.printed, done.datum.status) == ("0.816", "derived")
    assert "0.14 × √34" in str(done.datum.source)
    assert conversions_for(at.own(A, "alder2019"), cell) == ()


def test_a_change_takes_its_spreads_from_baseline_and_visit(desk: Opened) -> None:
    _, _, at = desk
    base = replace(EVENTS, outcome="proteinuria", unit="g/24h", denominator="", statistic="sd")
    at.record(A, replace(base, visit="baseline", number="1.41"), CITED)
    at.record(A, replace(base, number="0.88"), CITED)
    change = replace(base, estimand="change", statistic="mean", number="−2.20")
    mean = at.record(A, change, CITED).datum
    assert conversions_for(at.own(A, "alder2019"), mean.cell) == ()
    (shown,) = conversions_for(at.own(A, "alder2019"), mean.cell, r="0.5")
    assert shown.given[0].printed == "1.234"
    assert "assumed" in shown.given[0].warnings[0]


def test_a_count_that_is_not_unique_is_refused_with_the_reason(desk: Opened) -> None:
    _, _, at = desk
    at.record(A, replace(N, number="300"), CITED)
    at.record(A, replace(EVENTS, statistic="percent", number="60", denominator=""), CITED)
    own = at.own(A, "alder2019")
    (shown,) = conversions_for(own, own.values[0].cell)
    assert shown.refused is not None
    assert "all round" in shown.refused.message


# ------------------------------------------------------------------ candidates
def test_a_candidate_is_accepted_with_its_span(desk: Opened) -> None:
    live, pages, at = desk
    document = at.study(A, "alder2019").documents[0].document
    words = vocabulary_of(live.protocol, ("velorimab", "placebo"))
    found = candidates_on(pages, document, 2, words=words)
    one = next(c for c in found if c.candidate.rule == "count.slash" and c.hints.arm == "velorimab")
    assert one.boxes
    assert one.hints.visit == "m6"
    readings, passage = accepted(document, one.candidate, replace(EVENTS, unit="participants"))
    done = at.record_together(A, readings, passage)
    assert [(d.datum.statistic, d.datum.printed) for d in done if isinstance(d.datum, Value)] == [
        ("events", "27"), ("n", "48"), ("percent", "56.3"),
    ]  # fmt: skip
    first = done[0].datum
    assert isinstance(first, Value)
    assert (first.unit, first.denominator) == ("participants", "48")


def test_a_field_that_asks_for_people_is_offered_counts_alone(desk: Opened) -> None:
    live, pages, at = desk
    shown, mine = at.study(A, "alder2019"), at.own(A, "alder2019")
    document = shown.documents[0].document
    kinds: dict[str, set[str]] = {}
    for form, key in (
        ("study", "all/participants-randomised/baseline/point/n"),
        ("study", "all/follow-up-months/baseline/point/n"),
    ):
        view = extraction_view(
            shown, mine, live.protocol, forms_of(live.review), form=form, key=key
        )
        assert view.place is not None
        found = [
            one
            for page in (1, 2)
            for one in offers(
                pages, live.protocol, view.place, document=document, page=page, own=mine
            )
        ]
        assert found, key
        kinds[key.split("/")[1]] = {one.shown.candidate.kind for one in found}
        assert all(len(one.parts) == 1 for one in found)
        if "participants" in key:
            assert all(one.parts[0][1].replace(",", "").isdigit() for one in found)
    assert kinds["participants-randomised"] <= {"count", "n"}
    assert kinds["follow-up-months"] == {"time"}


def test_a_spread_that_nobody_names_is_named_by_the_person(desk: Opened) -> None:
    from tamis.extraction import find_numbers_in
    from tamis.extraction.layer import PageText

    (one,) = find_numbers_in(PageText(number=1, text="2.1 ± 1.8"))
    base = replace(EVENTS, outcome="proteinuria", denominator="")
    with pytest.raises(BadInput, match="spread"):
        accepted("0" * 64, one, base)
    readings, _ = accepted("0" * 64, one, base, names={"spread": "sd"})
    assert [r.statistic for r in readings] == ["mean", "sd"]
    (mean,), _ = accepted("0" * 64, one, base, leave_out=("spread",))
    assert mean.number == "2.1"
    with pytest.raises(BadInput, match="left"):
        accepted("0" * 64, one, base, leave_out=("mean", "spread"))


# ------------------------------------------------------------------ small parts
@pytest.mark.parametrize(
    ("wrong", "right", "kind"),
    [
        ("27", "27", "denominator"),
        ("-2.1", "2.1", "sign"),
        ("270", "27", "power of ten"),
        ("2.7", "27", "power of ten"),
        ("29", "27", "transcription"),
        ("72", "27", "transcription"),
        ("16", "27", "wrong cell"),
        ("133", "27", "interpretation"),
    ],
)
def test_what_kind_of_error_a_reading_is(wrong: str, right: str, kind: str) -> None:
    (mine,) = At("t/response/m6/drug", denominator="48").row(mean=wrong)
    (true,) = At("t/response/m6/drug", denominator="47" if wrong == right else "48").row(mean=right)
    (other,) = At("t/response/m6/placebo").row(mean="16")
    assert error_kind(mine, true, [replace(other, event="x")]) == kind
    assert error_kind(None, true) == "omission"


@pytest.mark.parametrize(
    ("text", "start", "end", "wanted"),
    [
        ("a 49 (75) b", 3, 9, "49 (75)"),
        ("was 1.42 g", 5, 8, "1.42"),
        ("was 1.42. Then", 4, 7, "1.42"),
        ("in 27, and", 3, 5, "27"),
        ("of 1,204 people", 5, 8, "1,204"),
        ("   ", 0, 3, ""),
    ],
)
def test_selections_are_made_whole(text: str, start: int, end: int, wanted: str) -> None:
    low, high = whole_words(text, start, end)
    assert text[low:high] == wanted
