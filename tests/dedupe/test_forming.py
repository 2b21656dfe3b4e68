"""Study formation: what is proposed from what records say, and what is left alone."""

from __future__ import annotations

import csv
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.dedupe.making import TRIAL, record, trial

from tamis.dedupe.forming import FORMING, ONE_STUDY, OVERLAP, Proposal, form
from tamis.domain.records import Record
from tamis.formats import read_citations


def proposed(a: Record, b: Record) -> Proposal | None:
    """Return what is proposed for two reports."""
    found = form({"a": [a], "b": [b]})
    assert len(found) <= 1
    return found[0] if found else None


def test_one_registration_is_one_study_wherever_it_stands() -> None:
    a = record("a:0", title="Talc slurry", abstract="Registered as NCT01234567.")
    b = Record(id="b:0", raw=(("SI", "ClinicalTrials.gov/NCT01234567"),), title="Pleural powder")
    found = proposed(a, b)
    assert found is not None
    assert (found.outcome, found.rule) == (ONE_STUDY, "same-registration")
    assert found.because[0].text == "NCT01234567"


def test_a_report_of_many_registrations_is_for_a_person() -> None:
    many = "NCT01234567 NCT01234568 NCT01234569 NCT01234570"
    found = proposed(record("a:0", title="Pooled", abstract=many),
                     record("b:0", title="Talc", abstract="NCT01234567"))  # fmt: skip
    assert found is not None
    assert (found.outcome, found.rule) == (OVERLAP, "registration-among-many")


def test_numbers_of_cited_trials_are_not_the_reports_own() -> None:
    a = Record(id="a:0", raw=(("CR", "Lee 2010 NCT01234567"),), title="Talc slurry")
    assert proposed(a, record("b:0", title="Iodine", abstract="NCT01234567")) is None


def test_a_review_is_no_report_of_the_trial_it_names() -> None:
    a = record("a:0", title="Talc: a systematic review", abstract="NCT01234567")
    assert proposed(a, record("b:0", title="Talc slurry", abstract="NCT01234567")) is None


def test_an_abstract_and_its_paper_are_one_study() -> None:
    found = proposed(trial("a:0"), trial("b:0", year=2009, journal="Congress", volume="S1"))
    assert found is not None
    assert found.rule == "same-title-and-authors"
    assert "Lee K" in found.because[1].text


@pytest.mark.parametrize(
    "changes",
    [
        {"title": f"{TRIAL['title']} 2"},
        {"abstract": "ISRCTN12345678"},
    ],
)  # fmt: skip
def test_one_title_with_a_difference_is_for_a_person(changes: dict[str, Any]) -> None:
    found = proposed(trial("a:0", abstract="NCT01234567"), trial("b:0", **changes))
    assert found is not None
    assert (found.outcome, found.rule) == (OVERLAP, "same-title-but")


def test_one_title_by_other_people_is_nothing() -> None:
    assert proposed(trial("a:0"), trial("b:0", authors=("Roe, A.", "Poe, B."))) is None
    assert proposed(trial("a:0"), trial("b:0", authors=("Lee, Z.", "Day, Q."))) is None


def test_one_title_without_authors_is_for_a_person() -> None:
    found = proposed(trial("a:0"), trial("b:0", authors=()))
    assert found is not None
    assert found.rule == "same-title-authors-unknown"


def cohort(name: str, title: str, abstract: str, place: str = "Oak Hospital, Elmton") -> Record:
    """Return a report of one team's series."""
    return Record(
        id=name, raw=(("AD", place),), title=title, abstract=abstract, year=2011,
        authors=("Lee, Kim", "Day, Jo", "Ash, Bo"),
    )  # fmt: skip


EARLY = "We treated 81 patients from March 2007 to November 2010."


@pytest.mark.parametrize(
    ("abstract", "place", "rule"),
    [
        ("Of 81 patients enrolled between May 2008 and June 2009 none died.", "", "same-cohort"),
        ("52 women were seen, January 2010 - March 2012.", "", "same-centre-and-dates"),
        ("In all 81 participants improved.", "", "same-centre-and-size"),
        ("患者40例，2009年1月至2011年3月。", "", "same-centre-and-dates"),
        ("We treated 40 patients from March 2012 to May 2013.", "", None),
        ("We treated 40 patients.", "Birch Hospital", None),
    ],
)
def test_cohorts_of_one_team(abstract: str, place: str, rule: str | None) -> None:
    one = cohort("a:0", "Outcomes of talc in effusion", EARLY)
    two = cohort("b:0", "Kidney stones and the weather in later life", abstract,
                 place or "Dept of Chests, Oak Hospital, Elmton")  # fmt: skip
    found = proposed(one, two)
    assert (found.rule if found else None) == rule


def test_what_is_unknown_is_said_and_stops_nothing() -> None:
    one = record("a:0", title="Talc slurry for pleural effusion in adults", year=2010,
                 authors=("Lee, K.", "Day, J."))  # fmt: skip
    two = record("b:0", title="Talc powder for pleural effusion in children", year=2012,
                 authors=("Ash, B.", "Day, J.", "Lee, K."))  # fmt: skip
    found = proposed(one, two)
    assert found is not None
    assert (found.outcome, found.rule) == (OVERLAP, "same-team")
    assert [b.kind for b in found.because][-2:] == ["unknown-centre", "unknown-dates"]


_RECORDS = st.lists(
    st.builds(
        trial, st.uuids().map(lambda u: f"{u.hex[:12]}:0"),
        title=st.sampled_from(["Talc slurry for pleural effusion in adults", "Talc", "", "滑石粉"]),
        authors=st.lists(st.sampled_from(["Lee, K", "Day J", "B. Ash", ""]), max_size=3).map(tuple),
        abstract=st.text(max_size=40) | st.sampled_from([EARLY, "NCT01234567"]),
    ), max_size=6,
)  # fmt: skip


@given(_RECORDS)
def test_the_order_of_reports_changes_nothing(records: list[Record]) -> None:
    there = form({r.id: [r] for r in records})
    assert there == form({r.id: [r] for r in reversed(records)})
    assert len({(p.a, p.b) for p in there}) == len(there)
    assert all(p.a < p.b for p in there)


def test_rules_have_distinct_names_and_reasons() -> None:
    assert len({rule.name for rule in FORMING}) == len(FORMING)
    assert all(rule.why and rule.shows for rule in FORMING)


def _worked() -> tuple[dict[str, list[Record]], dict[str, str]]:
    """Return the reports of the worked review with their records, and the study of each."""
    inputs = Path(str(files("tamis.examples") / "worked" / "inputs"))
    records = {
        one.id: one
        for path in sorted((inputs / "imports").iterdir())
        for one in read_citations(path.read_bytes(), name=path.name).records
    }
    reports, study = {}, {}
    for row in csv.DictReader((inputs / "links.csv").read_text(encoding="utf-8").splitlines()):
        held = [records[name] for name in row["record_ids"].split(";") if name in records]
        if held:
            reports[row["report"]], study[row["report"]] = held, row["study"]
    return reports, study


def test_the_worked_review_shows_its_linked_reports_and_overlapping_cohorts() -> None:
    """Its records hold no abstract and no address: people, titles and years are all there is."""
    reports, study = _worked()
    found = form(reports)
    linked = {(p.a, p.b) for p in found if p.outcome == ONE_STUDY}
    assert linked == {
        ("gu2014-acr2014-960", "gu2014-article"),
        ("wang2014-acr2012-1409", "wang2014-article"),
    }
    together = [
        (a, b) for a in reports for b in reports if a < b and study[a] == study[b]
    ]  # fmt: skip
    missed = {pair for pair in together if pair not in linked}
    # Neither a list without authors nor an entry whose paper names no number can be found.
    assert missed == {
        ("gu2014-acr-retrospective", "gu2014-acr2014-960"),
        ("gu2014-acr-retrospective", "gu2014-article"),
        ("farge2025-article", "farge2025-nct03562065"),
    }


def test_the_cohorts_that_the_worked_review_notes_are_flagged() -> None:
    reports, study = _worked()
    cohorts: dict[str, list[Record]] = {}
    for name, held in reports.items():
        cohorts.setdefault(study[name], []).extend(held)
    found = {(p.a, p.b) for p in form(cohorts) if p.outcome == OVERLAP}
    noted = ("gu2014", "liang2010", "sun2009", "wang2013", "wang2018")
    pairs = {(a, b) for a in noted for b in noted if a < b}
    assert pairs - found == {
        ("gu2014", "sun2009"), ("liang2010", "wang2013"), ("sun2009", "wang2013"),
    }  # fmt: skip
    assert ("wang2014", "wang2018") in found
    assert {name for pair in found for name in pair} <= {*noted, "wang2014"}
