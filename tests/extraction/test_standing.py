"""Which reading counts, and how two people's readings compare."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.extraction.building import CITED, At, quoted

from tamis.domain.decisions import ValueSettlement
from tamis.domain.values import Extraction, LookedFor, Value
from tamis.extraction import Compared, compare_readings, standing, unaligned
from tamis.extraction.comparing import COMPARED, OPEN

CELL = At("t/response/m6/drug", unit="people", denominator="48", source=quoted("27 of 48"))


def read(who: str, at: At = CELL, **printed: str) -> tuple[Value, ...]:
    return tuple(
        replace(value, extractor=who, event=f"{who}.00000001/{value.statistic}")
        for value in at.row(**printed)
    )


def sought(who: str, value: Value) -> LookedFor:
    return LookedFor(id=value.id, cell=value.cell, statistic=value.statistic, where="tables",
                     extractor=who, event=f"{who}.00000001/sought")  # fmt: skip


def settle(chosen: Value | LookedFor, *others: Value | LookedFor) -> ValueSettlement:
    return ValueSettlement(
        event="p-c.00000001/1", settles=tuple(v.event for v in (chosen, *others)),
        chosen=chosen.event, reason="as printed", by="p-c",
    )  # fmt: skip


def told(found: Extraction) -> list[tuple[str, str]]:
    return [(value.id.partition("/drug/")[2], value.printed) for value in found.values]


def test_one_person_stands_as_recorded() -> None:
    mine = read("p-a", events="27", n="48")
    assert standing(mine) == Extraction(values=tuple(sorted(mine, key=lambda v: v.id)))


def test_equal_readings_are_one_and_what_one_left_out_is_added() -> None:
    both = standing((*read("p-a", events="27", n="48"), *read("p-b", events="27", percent="56.3")))
    assert told(both) == [("events", "27"), ("n", "48"), ("percent", "56.3")]


def test_unsettled_differences_stand_side_by_side_under_two_numbers() -> None:
    both = standing((*read("p-a", events="27", n="48"), *read("p-b", events="26", n="48")))
    assert told(both) == [("events", "27"), ("events#2", "26"), ("n", "48"), ("n#2", "48")]
    assert {value.cell.n for value in both.values} == {1, 2}


def test_a_settlement_sets_the_other_aside_as_long_as_both_stand() -> None:
    a, b = read("p-a", events="27", n="48"), read("p-b", events="26", n="48")
    settled = standing((*a, *b), (), [settle(b[0], a[0])])
    assert told(settled) == [("events", "26"), ("n", "48")]
    changed = (replace(a[0], event="p-a.00000001/9", printed="25"), *a[1:])
    reopened = standing((*changed, *b), (), [settle(b[0], a[0])])
    assert len(reopened.values) == 4
    later = replace(settle(a[0], b[0]), event="p-c.00000001/2")
    assert told(standing((*a, *b), (), [settle(b[0], a[0]), later]))[0] == ("events", "27")


def test_not_reported_may_be_what_counts() -> None:
    (mine,) = read("p-a", events="27")
    gone = sought("p-b", mine)
    found = standing((mine,), (gone,), [settle(gone, mine)])
    assert (found.values, found.looked_for) == ((), (gone,))


@given(st.permutations(range(4)), st.booleans())
def test_the_order_of_what_stands_plays_no_part(order: list[int], settled: bool) -> None:
    data = [*read("p-a", events="27", n="48"), *read("p-b", events="26", n="47")]
    settlements = [settle(data[0], data[2])] if settled else []
    assert standing([data[i] for i in order], (), settlements) == standing(data, (), settlements)


# ------------------------------------------------------------------ comparing
def one(a: tuple[Value, ...], b: tuple[Value, ...]) -> Compared:
    (row,) = compare_readings(a, b)
    assert row.state in COMPARED
    return row


@pytest.mark.parametrize(
    ("b", "printed", "state"),
    [
        (CELL, "27", "same"),
        (CELL, "27.0", "same"),
        (replace(CELL, source=CITED), "27", "other-anchor"),
        (replace(CELL, definition="strict"), "27", "other-meaning"),
        (replace(CELL, denominator="50"), "27", "other-meaning"),
        (replace(CELL, unit="%"), "27", "other-meaning"),
        (CELL, "28", "differ"),
        (replace(CELL, definition="strict"), "28", "differ"),
    ],
)
def test_states_of_a_pair(b: At, printed: str, state: str) -> None:
    assert one(read("p-a", mean="27"), read("p-b", b, mean=printed)).state == state


def test_rounding_and_units_explain_a_difference() -> None:
    creatinine = At("t/creatinine/m6/drug", unit="mg/dL")
    other = replace(creatinine, unit="µmol/L")
    assert one(read("p-a", creatinine, mean="0.9"), read("p-b", other, mean="80")).state == (
        "same-rounded"
    )
    assert one(read("p-a", mean="2.14"), read("p-b", mean="2.1")).state == "same-rounded"
    assert one(read("p-a", mean="2.14"), read("p-b", mean="2.15")).state == "differ"
    assert one(read("p-a", creatinine, mean="0.9"), read("p-b", other, mean="95")).state == "differ"


def test_bounds_words_and_what_was_sought() -> None:
    assert one(read("p-a", p="<0.001"), read("p-b", p="< 0.001")).state == "same"
    assert one(read("p-a", p="<0.001"), read("p-b", p="<0.01")).state == "differ"
    assert one(read("p-a", text="Six  centres."), read("p-b", text="six centres")).state == "same"
    (mine,) = read("p-a", events="27")
    assert one((mine,), ()).state == "only-a"
    assert one((), (mine,)).state == "only-b"
    (row,) = compare_readings([mine], [sought("p-b", mine)])
    assert (row.state, row.open) == ("differ", True)
    (both,) = compare_readings([sought("p-a", mine)], [sought("p-b", mine)])
    assert (both.state, both.open) == ("both-sought", False)


def test_several_readings_of_a_place_are_matched_by_their_source() -> None:
    first, second = replace(CELL, n=1), replace(CELL, n=2, source=CITED)
    a = (*read("p-a", first, events="27"), *read("p-a", second, events="26"))
    b = (*read("p-b", replace(first, source=CITED), events="26"),)
    b += (*read("p-b", replace(second, source=CELL.source), events="27"),)
    assert {row.state for row in compare_readings(a, b)} == {"same"}


def test_names_that_only_one_uses_are_aligned_first() -> None:
    weeks = replace(CELL, path="t/response/w24/drug")
    (found,) = unaligned(read("p-a", events="27"), read("p-b", weeks, events="27"))
    assert (found.what, found.only_a, found.only_b) == ("visit", ("m6",), ("w24",))
    assert unaligned(read("p-a", events="27"), read("p-b", events="26")) == ()


def test_only_real_differences_are_open() -> None:
    assert set(COMPARED) > OPEN
    assert not one(read("p-a", mean="2.14"), read("p-b", mean="2.1")).open
