from __future__ import annotations

from collections import Counter
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.extraction.building import At, extraction, reversed_extraction
from tests.extraction.rule_cases import CASES, Case

from tamis.domain.values import Derivation, Extraction, LookedFor
from tamis.extraction import RULES, check_values, counts_that_fit
from tamis.extraction.rounding import rounded

FOUND = [case for case in CASES if case.severity]
PASSED = [case for case in CASES if not case.severity]


def _label(case: Case) -> str:
    return f"{case.rule}: {case.name}"


@pytest.mark.parametrize("case", FOUND, ids=_label)
def test_a_rule_finds_what_it_is_for(case: Case) -> None:
    found = [
        item
        for item in check_values(extraction(*case.rows), arms=case.arms)
        if item.rule == case.rule and item.severity == case.severity
    ]
    assert found, [item.rule for item in check_values(extraction(*case.rows), arms=case.arms)]
    known = {value.id for row in case.rows for value in row}
    for item in found:
        assert item.subject in item.because
        assert set(item.because) <= known
        assert item.got
        assert item.expected
        assert item.suggestion
        assert any(letter.isdigit() for letter in item.message) or "counted as" in item.message
        assert case.expected in item.expected
        assert "fraud" not in item.message


@pytest.mark.parametrize("case", PASSED, ids=_label)
def test_a_rule_lets_a_near_miss_pass(case: Case) -> None:
    found = check_values(extraction(*case.rows), arms=case.arms)
    assert not [item for item in found if item.rule == case.rule]


def test_every_rule_has_three_cases_of_each_kind() -> None:
    rules = {rule.id for rule in RULES}
    for kind in (FOUND, PASSED):
        many = Counter(case.rule for case in kind)
        assert set(many) == rules
        assert min(many.values()) >= 3


def test_every_finding_has_a_declared_severity() -> None:
    allowed = {(rule.id, severity) for rule in RULES for severity in rule.severities}
    for case in CASES:
        for item in check_values(extraction(*case.rows), arms=case.arms):
            assert (item.rule, item.severity) in allowed


#: Events, people, printed percent of 17 published sentences; source: case
#: ``percent_count_consistency`` of the reference values (abstracts of Gu 2014, Deng 2017,
#: Ranjbar 2022, Wang 2013, 2014 and 2018, Kamen 2022, Wen 2019). All are consistent.
TRIPLES = (
    (77, 81, "95"), (49, 81, "60.5"), (11, 49, "22.4"), (11, 81, "14"), (9, 12, "75"),
    (5, 6, "83"), (3, 9, "33.3"), (4, 9, "44.4"), (13, 40, "32.5"), (11, 40, "27.5"),
    (37, 40, "92.5"), (82, 87, "94"), (68, 81, "84"), (9, 37, "24"), (5, 6, "83.3"),
    (16, 69, "23"), (40, 69, "58"),
)  # fmt: skip


@pytest.mark.parametrize(("events", "n", "percent"), TRIPLES)
def test_published_percentages_fit_their_counts(events: int, n: int, percent: str) -> None:
    row = At("study/outcome/m12/all").row(events=str(events), n=str(n), percent=percent)
    assert check_values(extraction(row)) == ()


#: Printed percent of 81, and the counts that round to it; source: case ``gu_point_rounding`` of
#: the reference values (conference abstract of the Gu cohort, Results). Beside it, the counts that
#: fit when digits are cut off: 18 and 45 fit no count by rounding.
ROUNDING = (
    ("44", (36,), ()),
    ("23", (19,), ()),
    ("41", (33,), (34,)),
    ("18", (), (15,)),
    ("45", (), (37,)),
)


@pytest.mark.parametrize(("percent", "counts", "cut"), ROUNDING)
def test_counts_behind_a_published_percentage(
    percent: str, counts: tuple[int, ...], cut: tuple[int, ...]
) -> None:
    assert counts_that_fit(Decimal(percent), 81) == (counts, cut)
    row = At("gu2014/remission/m12/all", denominator="81").row(percent=percent)
    found = check_values(extraction(row))
    assert [item.rule for item in found] == ([] if counts else ["pct.grim"])
    if not counts:
        assert f"cut off, it would be {cut[0]}" in found[0].message


def test_cutting_explains_all_five_percentages_of_the_abstract() -> None:
    fits = [counts_that_fit(Decimal(percent), 81) for percent in ("18", "45", "44", "23", "41")]
    cut = [
        next(e for e in (*by_rounding, *by_cutting) if int(Fraction(100 * e, 81)) == int(percent))
        for (by_rounding, by_cutting), percent in zip(
            fits, ("18", "45", "44", "23", "41"), strict=True
        )
    ]
    assert cut == [15, 37, 36, 19, 34]


def test_an_error_names_values_printed_and_expected() -> None:
    row = At("gu2014/remission/m12/all").row(events="49", n="81", percent="65.0")
    (found,) = check_values(extraction(row))
    assert (found.rule, found.severity) == ("pct.count", "error")
    assert found.because == (
        "v:gu2014/remission/m12/all/percent",
        "v:gu2014/remission/m12/all/events",
        "v:gu2014/remission/m12/all/n",
    )
    assert found.got == "percent 65.0, events 49, n 81"
    assert found.expected == "percent 60.5, or no whole number of people of 81"
    assert "49 of 81 is 60.4938 %" in found.message


def test_looked_for_is_no_value_and_derived_values_are_checked() -> None:
    row = At("t/death/m12/drug").row(events="13", n="12")
    looked = LookedFor(id="v:t/flare/m12/drug/events", cell=row[0].cell, statistic="events",
                       where="Table 2")  # fmt: skip
    derived = At("t/sledai/m6/drug", source=Derivation(formula="SE x sqrt(n)"), status="derived")
    given = Extraction(values=(*row, *derived.row(sd="-1")), looked_for=(looked,))
    assert [item.rule for item in check_values(given)] == ["events.n", "range.field"]
    assert check_values(Extraction(looked_for=(looked,))) == ()


@pytest.mark.parametrize("case", FOUND[::5], ids=_label)
def test_order_of_values_does_not_matter(case: Case) -> None:
    whole = extraction(*case.rows)
    assert check_values(whole, arms=case.arms) == check_values(
        reversed_extraction(whole), arms=case.arms
    )


@settings(max_examples=300, deadline=None)
@given(st.integers(1, 400), st.data())
def test_an_honest_percentage_is_never_found_wrong(n: int, data: st.DataObject) -> None:
    events = data.draw(st.integers(0, n))
    digits = data.draw(st.integers(0, 3))
    up = data.draw(st.booleans())
    share = Fraction(100 * events, n) * 10**digits
    whole = int(share + Fraction(1, 2)) if up else round(share)
    percent = f"{Decimal(whole).scaleb(-digits):.{digits}f}"
    row = At("t/x/m6/drug").row(events=str(events), n=str(n), percent=percent)
    alone = At("t/x/m6/drug").row(n=str(n), percent=percent)
    assert check_values(extraction(row)) == ()
    assert check_values(extraction(alone)) == ()


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 105), min_size=2, max_size=30))
def test_an_honest_sample_is_never_found_impossible(sample: list[int]) -> None:
    n = len(sample)
    mean = sum(map(Fraction, sample)) / n
    square = sum((x - mean) ** 2 for x in sample) / (n - 1)
    sd = Decimal(float(square) ** 0.5).quantize(Decimal("0.01"))
    row = At("t/sledai/m6/drug").row(
        n=str(n), mean=f"{float(mean):.1f}", sd=str(sd), min=str(min(sample)), max=str(max(sample))
    )
    impossible = [item for item in check_values(extraction(row)) if item.severity == "error"]
    assert impossible == []


@settings(max_examples=200, deadline=None)
@given(st.decimals("-1000", "1000", places=2))
def test_a_rounding_set_holds_what_rounds_to_it(number: Decimal) -> None:
    near = rounded(number.quantize(Decimal("0.1")))
    assert near.holds(Fraction(number))
    assert not near.holds(near.high + near.unit / 100)
