"""The trust rules: each with cases that must fire and near misses that must not."""

from __future__ import annotations

import random
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.extraction.trust_facts import ask, fact, note, rules, sought, study

from tamis.domain.records import Record
from tamis.domain.values import Extraction
from tamis.extraction import TRUST_RULES, check_sources
from tamis.extraction.trust_overlap import Window, day_range


def n(name: str, outcome: str, number: str, arm: str = "all") -> object:
    return fact(name, outcome, number, statistic="n", arm=arm)


# ------------------------------------------------------------------ registration
def test_registered_and_published_size() -> None:
    (found,) = ask(n("one", "registered-n", "20"), n("one", "participants", "9"))
    assert (found.rule, found.severity) == ("registry.size", "warning")
    assert found.message.startswith("registered for 20 people and published with 9: 11 fewer")
    assert len(found.because) == 2


@pytest.mark.parametrize(
    "facts",
    [
        [n("one", "registered-n", "18"), n("one", "participants", "12", "new"),
         n("one", "participants", "6", "old")],
        [n("one", "registered-n", "20")],
        [n("one", "participants", "20")],
        [n("one", "registered-n", "9"), n("two", "participants", "20")],
    ],
)  # fmt: skip
def test_equal_or_unknown_sizes_say_nothing(facts: list) -> None:
    assert rules(*facts) == []


def test_a_second_source_of_one_cell_does_not_add_up() -> None:
    facts = [n("one", "registered-n", "11"), n("one", "participants", "11"),
             fact("one", "participants", "21", statistic="n", n=2)]  # fmt: skip
    assert rules(*facts) == []


def test_arms_duration_and_dates_against_the_registration() -> None:
    facts = [
        n("one", "registered-arms", "2"), n("one", "participants", "9"),
        n("one", "registered-follow-up-months", "18"), n("one", "follow-up-months", "12"),
        fact("one", "registered-on", "2012-05"), fact("one", "recruitment-start", "2011"),
        fact("one", "registered-status", "Terminated"),
    ]  # fmt: skip
    found = {f.rule: f.message for f in ask(*facts)}
    assert set(found) == {"registry.arms", "registry.duration", "registry.late", "registry.status"}
    assert "with a control group, published without one" in found["registry.arms"]
    assert "18 months of follow-up and published with 12" in found["registry.duration"]
    assert "registered 122 days or more after" in found["registry.late"]


def test_a_registration_in_the_year_of_the_start_may_be_early() -> None:
    facts = [fact("one", "registered-on", "2011-05"), fact("one", "recruitment-start", "2011")]
    assert rules(*facts) == []
    same = [n("one", "registered-arms", "2"), n("one", "participants", "5", "new"),
            n("one", "participants", "5", "old")]  # fmt: skip
    assert rules(*same) == []


def test_the_primary_outcome_is_compared_by_its_words() -> None:
    planned = fact("one", "registered-primary-outcome", "Proteinuria, month 6")
    same = fact("one", "primary-outcome", "proteinuria month 6.")
    other = fact("one", "primary-outcome", "SLEDAI at month 3")
    assert rules(planned, same) == []
    (found,) = ask(planned, other)
    assert found.rule == "registry.outcome"
    assert "“Proteinuria, month 6”" in found.message


def test_no_registration_is_said_of_included_studies_only() -> None:
    assert rules(sought("one", "registration")) == [("registry.none", "one")]
    assert rules(sought("one", "registration"), studies=[study("one", role="wider")]) == []
    assert rules(sought("one", "registration"), fact("one", "registration", "NCT00000001")) == []
    linked = note("registration", "nct00000001", number="NCT00000001", study="one")
    assert rules(sought("one", "registration"), notes=[linked]) == []


# ------------------------------------------------------------------ conduct
def test_early_stopping_says_the_planned_size_or_that_it_is_unknown() -> None:
    stop = fact("one", "stopped-early", "abandoned for futility")
    people = n("one", "participants", "18")
    (found,) = ask(stop, people)
    assert found.message.startswith("stopped early with 18 people; the planned size is not known")
    found, _ = ask(stop, people, n("one", "registered-n", "60"))
    assert "of 60 planned" in found.message or "registered for 60" in found.message
    assert {f.rule for f in ask(stop, people, n("one", "planned-n", "60"))} == {"stopped.early"}


@pytest.mark.parametrize(
    ("text", "fires"),
    [
        ("Cellmaker Biotech and Sieves Sdn Bhd", True), ("Sieves GmbH & Co. KG", True),
        ("筛选细胞有限公司", True), ("Pharmaceutical companies", True), ("Sieves, Inc.", True),
        ("National Fund for Sieves", False), ("Ministry of incorporated towns", False),
        ("the co-operative of patients", False), ("included in a grant", False),
    ],
)  # fmt: skip
def test_a_company_is_told_by_the_form_of_its_name(text: str, fires: bool) -> None:
    assert (("funding.company", "one") in rules(fact("one", "funding", text))) is fires


def test_the_funder_makes_the_product() -> None:
    paid = fact("one", "funding", "Sievemaker Ltd and the City of Sieves")
    made = fact("one", "manufacturer", "cells by Sievemaker")
    other = fact("one", "manufacturer", "cells of another Ltd company")
    assert ("funding.maker", "one") in rules(paid, made)
    assert ("funding.maker", "one") not in rules(paid, other)
    assert rules(sought("one", "funding")) == [("funding.unknown", "one")]
    assert rules(fact("one", "interests", "VA holds shares of Sieves Ltd")) == [
        ("interests.company", "one")
    ]


def test_two_accounts_of_a_design() -> None:
    first = fact("one", "design-as-stated", "open-label, single arm")
    second = fact("one", "design-as-stated", "a retrospective analysis of the same people", n=2)
    third = fact("one", "design-as-stated", "single arm, one centre", n=2)
    (found,) = ask(first, second)
    assert (found.rule, found.because) == ("design.conflict", (first.id, second.id))
    assert rules(first, third) == [], "two wordings are not two stories"
    told = note("conflict", "one-design", about="one design", a="trial", b="analysis")
    assert rules(first, second, notes=[told]) == [("design.conflict", "one")], "said once"
    assert rules(first, notes=[told]) == [("account.conflict", "one")]


def test_notes_name_the_study_by_the_longest_id() -> None:
    told = note("conflict", "one-b-dose", about="one-b dose", a="1e6", b="2e6")
    found = rules(studies=[study("one"), study("one-b")], notes=[told])
    assert found == [("account.conflict", "one-b")]
    assert rules(studies=[study("one")], notes=[note("conflict", "onesie", a="1", b="2")]) == []


def test_studies_known_and_not_in() -> None:
    seen = note("known-study", "two", basis="called randomised elsewhere", status="unverified")
    assert rules(studies=[study("one")], notes=[seen]) == [("eligible.known", "two")]
    assert rules(studies=[study("two", role="wider")], notes=[seen]) == [("eligible.known", "two")]
    assert rules(studies=[study("two")], notes=[seen]) == [], "it is in"
    silent = note("registration", "nct1", name="A trial", results="none posted")
    told = note("registration", "nct2", name="A trial", results="posted in 2020")
    ours = note("registration", "nct3", name="A trial", study="one")
    found = rules(studies=[study("one")], notes=[silent, told, ours])
    assert found == [("eligible.registered", "nct1")]


# ------------------------------------------------------------------ overlap
def place(name: str, centre: str, start: str = "", end: str = "") -> list:
    facts = [fact(name, "centre", centre)]
    facts += [fact(name, "recruitment-start", start)] if start else []
    return facts + ([fact(name, "recruitment-end", end)] if end else [])


@pytest.mark.parametrize(
    ("one", "two", "rule"),
    [
        (("Sieve Hospital, Nanking", "2007", "2010"), ("Nanking", "2008-03", "2008-11"),
         "overlap.cohort"),
        (("Nanking", "2007"), ("Nanking", "2007", "2009"), "overlap.cohort"),
        (("Nanking", "2007", "2010"), ("Nanking",), "overlap.centre"),
        (("Nanking", "2007"), ("Nanking", "2009"), "overlap.centre"),
        (("Nanking", "2007", "2010"), ("Nanking", "2011", "2012"), ""),
        (("Nanking", "2007", "2010"), ("Peking", "2007", "2010"), ""),
        (("Nanking", "2007", "2010-12"), ("Nanking", "2011-01-01"), ""),
    ],
)  # fmt: skip
def test_cohorts_of_one_centre(one: tuple, two: tuple, rule: str) -> None:
    found = rules(*place("one", *one), *place("two", *two))
    assert found == ([(rule, "one"), (rule, "two")] if rule else [])


def test_authors_in_common_are_said() -> None:
    papers = [
        Record(id=f"9f3c12ab9f3c:{k}", raw=(), title=t, authors=("Amsel V", "Dohle J", t))
        for k, t in enumerate(("One", "Two"))
    ]
    studies = [study("one", papers[0]), study("two", papers[1])]
    facts = [*place("one", "Nanking", "2007"), *place("two", "Nanking", "2007")]
    assert (
        "with authors in common with two,"
        in ask(*facts, studies=studies, records=papers)[0].message
    )
    assert "authors" not in ask(*facts)[0].message


def test_one_number_of_a_register_for_two_studies() -> None:
    facts = [fact("one", "registration", "NCT01741857"),
             fact("two", "registration", "see nct01741857 (later)"),
             fact("three", "registration", "NCT01741858")]  # fmt: skip
    assert rules(*facts) == [("overlap.registration", "one"), ("overlap.registration", "two")]


def means(name: str, mean: str, sd: str, visit: str) -> list:
    return [fact(name, "protein", mean, statistic="mean", visit=visit, unit="g"),
            fact(name, "protein", sd, statistic="sd", visit=visit, unit="g")]  # fmt: skip


def test_the_same_means_in_two_studies() -> None:
    one = [*means("one", "2.7", "1.2", "m0"), *means("one", "1.5", "1.0", "m12")]
    two = [*means("two", "2.70", "1.2", "m0"), *means("two", "1.5", "1.0", "m12")]
    assert rules(*one, *two) == [("overlap.numbers", "one"), ("overlap.numbers", "two")]
    assert rules(*one, *two[:2]) == [], "one pair may be chance"
    assert rules(*one, *means("two", "2.7", "1.3", "m0"), *means("two", "1.5", "1.1", "m12")) == []


def test_noted_overlap_is_said_of_each_study_with_its_status() -> None:
    told = note("overlap", "probable-overlap", studies="one; two; gone", basis="one group",
                status="unverified")  # fmt: skip
    found = ask(studies=[study("one"), study("two")], notes=[told])
    assert [f.subject for f in found] == ["one", "two"]
    assert "probable overlap of patients with two: “one group” (unverified)" in found[0].message
    assert found[0].because == (told.event,)


# ------------------------------------------------------------------ laws
DATES = st.dates(date(1990, 1, 1), date(2030, 12, 31))


@given(DATES, DATES, DATES, DATES)
def test_windows_that_share_a_day_overlap_and_others_do_not(
    a: date, b: date, c: date, d: date
) -> None:
    one, two = Window(first=min(a, b), last=max(a, b)), Window(first=min(c, d), last=max(c, d))
    shared = max(min(a, b), min(c, d)) <= min(max(a, b), max(c, d))
    assert one.against(two) == two.against(one) == ("overlap" if shared else "apart")
    open_end = Window(first=two.first, last=None)
    assert one.against(open_end) != ("apart" if shared else "overlap"), "less known, not otherwise"


@given(st.text(max_size=12))
def test_a_date_is_read_or_left(text: str) -> None:
    span = day_range(text)
    assert span is None or span[0] <= span[1]


TEXTS = st.sampled_from(["2007", "2007-03", "Nanking", "NCT01741857", "a trial", "retrospective",
                         "Sieves Ltd", "12", "terminated"])  # fmt: skip
SLUGS = st.sampled_from(
    ["centre", "recruitment-start", "recruitment-end", "registration", "funding", "manufacturer",
     "design-as-stated", "stopped-early", "registered-on", "registered-status", "interests",
     "correction"]
)  # fmt: skip
FACTS = st.lists(
    st.builds(fact, st.sampled_from(["one", "two", "three"]), SLUGS, TEXTS), max_size=12
)


@given(FACTS, st.integers(0, 99))
def test_order_never_matters_and_every_finding_has_its_anchor(facts: list, seed: int) -> None:
    unique = list({f.id: f for f in facts}.values())
    studies = [study(name) for name in ("one", "two", "three")]
    first = ask(*unique, studies=studies)
    random.Random(seed).shuffle(unique)
    random.Random(seed).shuffle(studies)
    assert ask(*unique, studies=studies) == first
    ids = {f.id for f in unique}
    allowed = {
        (rule.id.split(".")[0], word) for rule in TRUST_RULES for word in rule.severity.split()
    }
    for finding in first:
        assert finding.because
        assert set(finding.because) <= ids
        assert (finding.rule.split(".")[0], finding.severity) in allowed


def test_nothing_known_says_nothing() -> None:
    assert check_sources({}, [study("one")], Extraction()) == ()


def test_the_table_can_be_read_aloud() -> None:
    assert len({rule.id for rule in TRUST_RULES}) == len(TRUST_RULES)
    for rule in TRUST_RULES:
        assert rule.source
        assert set(rule.severity.split()) <= {"error", "warning", "note"}
        verdicts = ("fraud", "fabricat", "misconduct", "untrustworthy", "fake")
        assert not [w for w in verdicts if w in rule.sentence.casefold()]
